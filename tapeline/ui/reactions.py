"""Many milestones: groups of them compared, each share against its own market, what spoils it said."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from tapeline import export
from tapeline.charts import heat as heat_chart
from tapeline.charts import reaction as path_chart
from tapeline.charts import spread as spread_chart
from tapeline.event_study.study import Group, difference
from tapeline.selection import Selection
from tapeline.studies import frames
from tapeline.studies.known import Known, grouped
from tapeline.ui import card, exhibit, screen
from tapeline.ui.loaders import View
from tapeline.ui.reaction import SOURCE, small
from tapeline.ui.text import plain
from tapeline.words import count, per_cent

TURN = "deepseek-r1"
COMPARED = {
    "Open-weight releases against closed ones": "openness", "American releases against Chinese ones": "country",
    "Before and after DeepSeek's R1": "turn", "By kind": "kind", "By company": "company", "By country": "every_country", "All as one group": "one",
}  # fmt: skip
FEWEST = 5


def choose() -> tuple[str, bool]:
    """Draw what to compare, and whether only own and owner's shares count; return both."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare-controls"):
        what = st.selectbox("Compare", list(COMPARED), key="compare", persist_state="session", width=330)
        own = st.toggle("Own and owner's shares only", key="compare-own", persist_state="session",
                        help="Leaves out investors, suppliers, partners, customers and competitors.")  # fmt: skip
    return COMPARED[what], own


def show(view: View, selection: Selection, known: Known, rows: pd.DataFrame, what: tuple[str, bool]) -> None:
    """Draw everything on the groups of the milestones in view."""
    labels = _labels(view, known, rows, *what)
    groups = [one for one in grouped(known, labels) if one.window.n >= FEWEST]
    if not groups:
        exhibit.nothing(
            "Too few to compare", f"No group of the milestones in view has {FEWEST} events that can be measured. Take something out of the filter."
        )
        return
    _spread(view, selection, known, groups)
    _difference(known, groups)
    chosen = groups[0]
    if len(groups) > 1:
        names = [one.label for one in groups]
        if st.session_state.get("compare-group") not in names:
            st.session_state["compare-group"] = names[0]
        chosen = groups[names.index(st.selectbox("Group", names, key="compare-group", width=330))]
    _path(view, selection, known, chosen)
    _heat(view, selection, known, chosen)
    _league(view, selection, known, labels)


def _labels(view: View, known: Known, rows: pd.DataFrame, what: str, own: bool) -> pd.Series:
    """Name the group of each event in view, missing for those in none."""
    events, book = known.rows, view.tables.book
    labels: pd.Series
    match what:
        case "openness":
            labels = events["openness"].map(book.labels("milestones", "openness")).where(events["kind"] == "model_release")
        case "country":
            labels = events["country"].map({"US": "American releases", "CN": "Chinese releases"}).where(events["kind"] == "model_release")
        case "turn":
            when: Any = view.tables.milestones.set_index("milestone_id")["date"].get(TURN)
            labels = (
                (events["date"] < when).map({True: "Before R1", False: "From R1 on"})
                if when is not None
                else events["kind"].where(events["kind"] == "")
            )
        case "kind":
            labels = events["kind"].map(book.labels("milestones", "kind"))
        case "company":
            labels = events["company_id"].map(view.tables.names)
        case "every_country":
            labels = events["country"]
        case _:
            labels = pd.Series("All milestones in view", events.index)
    inside = events["milestone_id"].isin(rows["milestone_id"])
    return labels.where(inside & (events["relation"].isin(["listed", "parent"]) if own else True))


def _spread(view: View, selection: Selection, known: Known, groups: list[Group]) -> None:
    arranged = spread_chart.arrange([_cloud(view, known, one) for one in groups], exhibit.room())
    note = (
        "A dot is one milestone and one related share; diamond and bar: the mean and its 95 % interval, from a bootstrap over dates where there are "
        f"enough. Dots beyond the edge stand at it. {SOURCE}"
    )
    exhibit.picture(
        "reactions-groups", spread_chart.title(arranged), spread_chart.draw(arranged, screen.colours()), alt=spread_chart.finding(arranged), note=note
    )
    for one in groups[:6]:
        st.markdown(f"- {plain(' '.join(filter(None, [str(one.verdict), _without(known, one)])))}")
    taken = frames.groups(groups, known.study)
    table = pd.DataFrame({
        "Group": taken["group"], "Events": taken["n"], "Dates": taken["dates"], "Mean": taken["caar"].map(lambda value: per_cent(value, 2)),
        "Interval": [f"{per_cent(low, 2)} to {per_cent(high, 2)}" for low, high in zip(taken["low"], taken["high"], strict=True)],
        **{name: taken[column].round(2) for name, column in (("KP t", "kp_t"), ("BMP t", "bmp_t"), ("Rank z", "rank_z"), ("Sign z", "gsign_z"))},
        "Placebo p": taken["placebo_p"].map(small), "Test": taken["test"], "p": taken["p"].map(small), "q": taken["q"].map(small),
        "Residual correlation": taken["mean_residual_correlation"].round(3),
    })  # fmt: skip
    exhibit.numbers(view, selection, table, taken, name="reactions-groups", what="group", taken_as="group")


def _without(known: Known, one: Group) -> str:
    """Say between what the mean lies when any one date is left out, and which date weighs most."""
    if one.n_dates < 3:
        return ""
    found = known.study.leave_one_out(one.members)
    heaviest = found.part[int(np.argmax(np.abs(found.caar - float(one.window.mean))))]
    date = known.study.fit.panel.dates[heaviest]
    return f"Without any one date the mean lies between {per_cent(found.caar.min(), 2)} and {per_cent(found.caar.max(), 2)}; {date} weighs most."


def _cloud(view: View, known: Known, one: Group) -> spread_chart.Cloud:
    members = [int(member) for member in one.members if np.isfinite(known.study.car[member])]
    rows = known.rows.iloc[members]
    cars = known.study.car[members]
    words = [
        f"<b>{html.escape(row['title'])}</b><br>{row['date']:%Y-%m-%d} · {row['ticker']} {per_cent(car, 2)}"
        for row, car in zip(rows.to_dict("records"), cars, strict=True)
    ]
    return spread_chart.Cloud(
        one.label, cars, tuple(words), tuple(rows["milestone_id"]), float(one.window.mean), one.path.window_low, one.path.window_high
    )


def _difference(known: Known, groups: list[Group]) -> None:
    """Compare two groups with each other, where there are two."""
    if len(groups) != 2:
        return
    found = difference(known.study, *groups)
    sure = "distinguishable from noise" if found.p < 0.05 else "not distinguishable from noise"
    st.markdown(plain(
        f"{groups[0].label} against {groups[1].label}: a difference of {per_cent(found.effect, 2)}, {sure} (Welch's t of the means by date, "
        f"t = {found.t:.2f}, p = {found.p:.2f})."
    ))  # fmt: skip


def _path(view: View, selection: Selection, known: Known, one: Group) -> None:
    path, members = one.path, [int(member) for member in one.members if np.isfinite(known.study.car[member])]
    thin = [found for member in members[: path_chart.MOST_THIN] if (found := known.study.path(member)) is not None]
    about = path_chart.Line(one.label, "", path.day, path.value, path.low, path.high)
    arranged = path_chart.arrange(
        about, [path_chart.Line("", "", line.day, line.value) for line in thin], known.study.parameters.window, exhibit.room()
    )
    note = f"Thick: the mean of {count(len(members), 'event')}; band: {path.method}; thin: single events, {len(thin)} of them. {SOURCE}"
    exhibit.picture(
        "reactions-path",
        f"{path_chart.title(arranged)}, on average",
        path_chart.draw(arranged, screen.colours()),
        alt=path_chart.finding(arranged),
        note=note,
    )
    taken = frames.days(one, known.study).assign(group=one.label)
    shown = {"Mean of the day": "aar", "Added up": "caar", "95 %, from": "low", "to": "high"}
    table = pd.DataFrame({"Day": [path_chart.nth(number) for number in taken["day"]], "Events": taken["n"],
                          **{name: taken[column].map(lambda value: per_cent(value, 2)) for name, column in shown.items()}})  # fmt: skip
    exhibit.numbers(view, selection, table, taken, name="reactions-path", what="day", taken_as="day")


def _heat(view: View, selection: Selection, known: Known, one: Group) -> None:
    members = [int(member) for member in one.members]
    events = known.rows.iloc[members].assign(car=known.study.car[members])
    if events["car"].notna().sum() < 2:
        return
    words = {row["milestone_id"]: f"{row['date']:%Y-%m-%d} {row['title']}" for row in events.to_dict("records")}
    arranged = heat_chart.arrange(events, words, exhibit.room())
    left_out = count(arranged.left_out, "less important milestone")
    note = f"Abnormal return over the window of each share at each milestone; {left_out} left out. Click a cell for its card."
    exhibit.picture(
        "reactions-heat",
        heat_chart.title(arranged, one.label),
        heat_chart.draw(arranged, screen.colours()),
        alt=heat_chart.finding(arranged),
        note=note,
    )
    cells = arranged.cells
    table = cells.map(per_cent).reset_index(drop=True)
    table.insert(0, "Milestone", [words[name] for name in cells.index])
    taken = events.loc[events["car"].notna(), ["milestone_id", "date", "title", "ticker", "relation", "day_zero", "car"]].assign(group=one.label)
    exhibit.numbers(view, selection, table, export.figures(taken, {str(name): str(name) for name in taken}), name="reactions-heat", what="milestone",
                    ids=list(cells.index), columns={"Milestone": st.column_config.TextColumn(width=330)})  # fmt: skip


def _league(view: View, selection: Selection, known: Known, labels: pd.Series) -> None:
    """Draw every event of the groups, the largest |t| first."""
    taken = frames.league(known.study)
    inside = set(frames.events(known.study)["event"][labels.notna().to_numpy()])
    taken = taken[taken["event"].isin(inside)].reset_index(drop=True)
    about = known.rows.assign(event=list(known.study.events.labels)).drop_duplicates("event").set_index("event")
    taken = taken.assign(milestone_id=taken["event"].map(about["milestone_id"]), title=taken["event"].map(about["title"]))
    table = pd.DataFrame({
        "Milestone": taken["title"], "Share": taken["ticker"], "Day 0": taken["day_zero"].dt.strftime("%Y-%m-%d"),
        "Over the window": taken["car"].map(per_cent), **{name: taken[name].map(small) for name in ("t", "p", "q")},
    })  # fmt: skip
    st.header("The largest reactions", anchor="reactions-league")
    key = f"league-{card.generation()}"
    exhibit.listed(key, table, f"{count(len(table), 'measured pair')} of milestone and share, largest first", ids=list(taken["milestone_id"]))
    exhibit.file(view, selection, taken, "reactions-league", "event")
    st.caption("q: Benjamini and Hochberg's, over all measured pairs of the package. A table searched for its largest moves always finds some.")
