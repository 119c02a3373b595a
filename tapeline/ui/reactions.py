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
from tapeline.charts.scene import Room
from tapeline.event_study.parameters import Parameters
from tapeline.event_study.study import Group, difference
from tapeline.once import once
from tapeline.selection import Selection
from tapeline.studies import frames
from tapeline.studies.known import Known, grouped
from tapeline.ui import exhibit, screen, studies
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
MOST_LISTED = 200


def warm(view: View, rows: pd.DataFrame) -> None:
    """Make the study that the page begins with, and its first comparison."""
    if view.histories:
        compared(view, studies.of_all(view, Parameters(path=studies.PATH)), rows, next(iter(COMPARED.values())), False)


def choose() -> tuple[str, bool]:
    """Draw what to compare, and whether only own and owner's shares count; return both."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare-controls"):
        what = st.selectbox("Compare", list(COMPARED), key="compare", persist_state="session", width=330)
        own = st.toggle("Own and owner's shares only", key="compare-own", persist_state="session",
                        help="Leaves out investors, suppliers, partners, customers and competitors.")  # fmt: skip
    return COMPARED[what], own


def show(view: View, selection: Selection, known: Known, rows: pd.DataFrame, what: tuple[str, bool]) -> None:
    """Draw everything on the groups of the milestones in view."""
    labels, groups = compared(view, known, rows, *what)
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


@once(32)
def compared(view: View, known: Known, rows: pd.DataFrame, what: str, own: bool) -> tuple[pd.Series, tuple[Group, ...]]:
    """Return the group of each event, missing for those in none, and the groups that are large enough to be tested."""
    labels = _labels(view, known, rows, what, own)
    return labels, grouped(known, labels, FEWEST)


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


def _spread(view: View, selection: Selection, known: Known, groups: tuple[Group, ...]) -> None:
    arranged = spread_chart.arrange(_clouds(known, groups), exhibit.room())
    thinned = f" Of a group with more, {spread_chart.MOST_DOTS}: the furthest, and of the rest so many evenly." if _crowded(arranged) else ""
    note = (
        "A dot is one milestone and one related share; diamond and bar: the mean and its 95 % interval, from a bootstrap over dates where there are "
        f"enough. Dots beyond the edge stand at it.{thinned} {SOURCE}"
    )
    exhibit.picture(
        "reactions-groups", spread_chart.title(arranged), spread_chart.draw(arranged, screen.colours()), alt=spread_chart.finding(arranged), note=note
    )
    for one in groups[:6]:
        st.markdown(f"- {plain(' '.join(filter(None, [str(one.verdict), _without(known, one)])))}")
    taken = frames.groups(groups, known.study)
    exhibit.numbers(view, selection, _readable(taken), taken, name="reactions-groups", what="group", taken_as="group")


def _crowded(arranged: spread_chart.Spread) -> bool:
    return any(len(cloud.cars) > spread_chart.MOST_DOTS for cloud in arranged.clouds)


@once()
def _readable(taken: pd.DataFrame) -> pd.DataFrame:
    """Return the groups for the eye."""
    return pd.DataFrame({
        "Group": taken["group"], "Events": taken["n"], "Dates": taken["dates"], "Mean": taken["caar"].map(lambda value: per_cent(value, 2)),
        "Interval": [f"{per_cent(low, 2)} to {per_cent(high, 2)}" for low, high in zip(taken["low"], taken["high"], strict=True)],
        **{name: taken[column].round(2) for name, column in (("KP t", "kp_t"), ("BMP t", "bmp_t"), ("Rank z", "rank_z"), ("Sign z", "gsign_z"))},
        "Placebo p": taken["placebo_p"].map(small), "Test": taken["test"], "p": taken["p"].map(small), "q": taken["q"].map(small),
        "Residual correlation": taken["mean_residual_correlation"].round(3),
    })  # fmt: skip


@once()
def _without(known: Known, one: Group) -> str:
    """Say between what the mean lies when any one date is left out, and which date weighs most."""
    if one.n_dates < 3:
        return ""
    found = known.study.leave_one_out(one.members, window=one.window)
    heaviest = found.part[int(np.argmax(np.abs(found.caar - float(one.window.mean))))]
    date = known.study.fit.panel.dates[heaviest]
    return f"Without any one date the mean lies between {per_cent(found.caar.min(), 2)} and {per_cent(found.caar.max(), 2)}; {date} weighs most."


@once()
def _clouds(known: Known, groups: tuple[Group, ...]) -> list[spread_chart.Cloud]:
    words, ids = _said(known), known.rows["milestone_id"].tolist()
    found = []
    for one in groups:
        members = one.members[np.isfinite(known.study.car[one.members])]
        said, names = (tuple(of[member] for member in members.tolist()) for of in (words, ids))
        mean = (float(one.window.mean), one.path.window_low, one.path.window_high)
        found.append(spread_chart.Cloud(one.label, known.study.car[members], said, names, *mean))
    return found


@once(12)
def _said(known: Known) -> list[str]:
    """Return what each event says when it is pointed at."""
    rows = known.rows
    titles = {title: html.escape(title) for title in set(rows["title"])}
    dates = rows["date"].dt.strftime("%Y-%m-%d")
    return [
        f"<b>{titles[title]}</b><br>{date} · {ticker} {per_cent(car, 2)}"
        for title, date, ticker, car in zip(rows["title"], dates, rows["ticker"], known.study.car.tolist(), strict=True)
    ]


def _difference(known: Known, groups: tuple[Group, ...]) -> None:
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
    arranged = _average(known, one, exhibit.room())
    thin = count(len(arranged.others), "single event")
    note = f"Thick: the mean of {count(int(one.window.n), 'event')}; band: {one.path.method}; thin: {thin}. {SOURCE}"
    exhibit.picture(
        "reactions-path",
        f"{path_chart.title(arranged)}, on average",
        path_chart.draw(arranged, screen.colours()),
        alt=path_chart.finding(arranged),
        note=note,
    )
    taken = _daily(known, one)
    exhibit.numbers(view, selection, _days(taken), taken, name="reactions-path", what="day", taken_as="day")


@once()
def _average(known: Known, one: Group, room: Room) -> path_chart.Paths:
    """Arrange the mean path of a group with its band, and single paths, the first ones, beneath it."""
    fit, path = known.study.fit, one.path
    cells = fit.of_event[one.members[np.isfinite(known.study.car[one.members])][: path_chart.MOST_THIN]]
    thin = [path_chart.Line("", "", path.day, np.cumsum(fit.ar[:, cell])) for cell in cells]
    return path_chart.arrange(path_chart.Line(one.label, "", path.day, path.value, path.low, path.high), thin, fit.parameters.window, room)


@once()
def _daily(known: Known, one: Group) -> pd.DataFrame:
    return frames.days(one, known.study).assign(group=one.label)


@once()
def _days(taken: pd.DataFrame) -> pd.DataFrame:
    shown = {"Mean of the day": "aar", "Added up": "caar", "95 %, from": "low", "to": "high"}
    return pd.DataFrame({"Day": [path_chart.nth(number) for number in taken["day"]], "Events": taken["n"],
                         **{name: taken[column].map(lambda value: per_cent(value, 2)) for name, column in shown.items()}})  # fmt: skip


def _heat(view: View, selection: Selection, known: Known, one: Group) -> None:
    arranged = _cells(known, one, exhibit.room())
    if arranged is None:
        return
    left_out = count(arranged.left_out, "less important milestone")
    note = f"Abnormal return over the window of each share at each milestone; {left_out} left out. Click a cell for its card."
    exhibit.picture(
        "reactions-heat",
        heat_chart.title(arranged, one.label),
        heat_chart.draw(arranged, screen.colours()),
        alt=heat_chart.finding(arranged),
        note=note,
    )
    table, taken = _in_cells(known, one, exhibit.room())
    exhibit.numbers(view, selection, table, taken, name="reactions-heat", what="milestone", ids=list(arranged.cells.index),
                    columns={"Milestone": st.column_config.TextColumn(width=330)})  # fmt: skip


def _measured(known: Known, one: Group) -> pd.DataFrame:
    events = known.rows.iloc[one.members].assign(car=known.study.car[one.members])
    return events[events["car"].notna()]


def _titled(events: pd.DataFrame) -> dict[str, str]:
    return {name: f"{date:%Y-%m-%d} {title}" for name, date, title in zip(events["milestone_id"], events["date"], events["title"], strict=True)}


@once()
def _cells(known: Known, one: Group, room: Room) -> heat_chart.Heat | None:
    """Arrange the events of a group by milestone and share; None where fewer than two were measured."""
    events = _measured(known, one)
    return heat_chart.arrange(events, _titled(events), room) if len(events) > 1 else None


@once()
def _in_cells(known: Known, one: Group, room: Room) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the heat map shows as a table to read, and all events of the group for the file."""
    arranged, events = _cells(known, one, room), _measured(known, one)
    assert arranged is not None
    table, words = arranged.cells.map(per_cent).reset_index(drop=True), _titled(events)
    table.insert(0, "Milestone", [words[name] for name in arranged.cells.index])
    taken = events[["milestone_id", "date", "title", "ticker", "relation", "day_zero", "car"]].assign(group=one.label)
    return table, export.figures(taken, {str(name): str(name) for name in taken})


def _league(view: View, selection: Selection, known: Known, labels: pd.Series) -> None:
    """Draw the events of the groups, the largest |t| first."""
    taken = _ranked(known, labels)
    st.header("The largest reactions", anchor="reactions-league")
    table = _largest(taken)
    exhibit.listed("league", table, f"{count(len(table), 'measured pair')} of milestone and share, largest first", ids=taken["milestone_id"].tolist())
    exhibit.file(view, selection, taken, "reactions-league", "event")
    more = f"The {MOST_LISTED} largest of {count(len(taken), 'pair')}; the file has all. " if len(taken) > MOST_LISTED else ""
    st.caption(
        f"{more}q: Benjamini and Hochberg's, over all measured pairs of the package. A table searched for its largest moves always finds some."
    )


@once()
def _ranked(known: Known, labels: pd.Series) -> pd.DataFrame:
    """Return the measured events that are in a group, the largest |t| first, each with its milestone and title."""
    about = known.rows.assign(event=list(known.study.events.labels))[["event", "milestone_id", "title"]][labels.notna()].drop_duplicates("event")
    return frames.league(known.study).merge(about, on="event")


@once()
def _largest(taken: pd.DataFrame) -> pd.DataFrame:
    """Return the first of the ranked events for the eye."""
    first = taken.head(MOST_LISTED)
    return pd.DataFrame({
        "Milestone": first["title"], "Share": first["ticker"], "Day 0": first["day_zero"].dt.strftime("%Y-%m-%d"),
        "Over the window": first["car"].map(per_cent), **{name: first[name].map(small) for name in ("t", "p", "q")},
    })  # fmt: skip
