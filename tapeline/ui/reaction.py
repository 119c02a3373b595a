"""One milestone: what its related shares did beyond what their market explains, and whether chance does as well."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from tapeline import moves
from tapeline.charts import placebo as placebo_chart
from tapeline.charts import reaction as path_chart
from tapeline.charts.market import owner
from tapeline.charts.scene import Room
from tapeline.event_study.inference import q_values
from tapeline.event_study.study import Group, group
from tapeline.once import once
from tapeline.selection import Selection
from tapeline.studies import frames
from tapeline.studies.known import Known, together
from tapeline.ui import card, exhibit, screen
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import MINUS, count, day, listing, per_cent

SOURCE = "Source: Tapeline; daily total-return index. A description of what happened, not proof of a cause and not investment advice."
NOTE = f"Abnormal returns added up from the first day shown; band: what the prediction error of one event leaves, 95 %; shaded: the window. {SOURCE}"


def choose(view: View, rows: pd.DataFrame) -> str | None:
    """Let the reader choose a milestone of those in view whose day is known; the choice stands in the address as `milestone=`."""
    dated = _dated(rows)
    if dated.empty:
        exhibit.nothing("No day to measure", "None of the milestones in view is dated to the day.")
        return None
    titles = _titles(dated)
    asked = st.session_state.get("milestone")
    top = moves.largest(view.moves, dated)
    current = asked if asked in titles else top["milestone_id"] if top is not None else next(iter(titles))
    st.session_state["about"] = current
    st.selectbox("Milestone", list(titles), key="about", format_func=titles.__getitem__, on_change=_chose)
    return current


def show(view: View, selection: Selection, known: Known, milestone_id: str) -> None:
    """Draw everything on one milestone."""
    about = view.tables.milestones.set_index("milestone_id").loc[milestone_id].squeeze()
    members, measured = related(known, milestone_id)
    if not len(measured):
        _nothing(known, members)
        return
    tickers = list(known.rows.iloc[measured]["ticker"])
    ticker = _share(tickers)
    member = measured[tickers.index(ticker)]
    one = of_share(view, known, milestone_id, member)
    heading = st.container()
    _sentences(heading, one, about)
    st.button("What happened: figures and sources", key="open-about", on_click=card.open_, args=([milestone_id],), icon=":material/article:")
    left, right = exhibit.pair()
    with left:
        _paths(view, selection, known, measured, member)
    with right:
        _chance(view, selection, one, ticker)
    together_all(known, measured)
    _numbers(view, selection, known, members, milestone_id)
    _diagnostics(known, members)


@once()
def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the milestones whose day is known, the newest first."""
    return rows[rows["date_precision"] == "day"].iloc[::-1]


@once()
def _titles(dated: pd.DataFrame) -> dict[str, str]:
    days = dated["date"].dt.strftime("%Y-%m-%d")
    return {name: f"{date} · {title}" for name, date, title in zip(dated["milestone_id"], days, dated["title"], strict=True)}


@once()
def related(known: Known, milestone_id: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the events of a milestone's related shares, and those of them that could be measured."""
    members = np.flatnonzero((known.rows["milestone_id"] == milestone_id).to_numpy())
    return members, members[np.isfinite(known.study.car[members])] if len(members) else members


@once()
def of_share(view: View, known: Known, milestone_id: str, member: np.intp) -> Group:
    """Return the test of one related share of a milestone."""
    return group(known.study, np.array([member]), str(known.rows.iloc[member]["ticker"]), _beside(view, known, milestone_id, member))


def _chose() -> None:
    st.session_state["milestone"] = st.session_state["about"]


def _share(tickers: list[str]) -> str:
    """Let the reader choose one of several related shares."""
    if len(tickers) == 1:
        return tickers[0]
    if st.session_state.get("study-share") not in tickers:
        st.session_state["study-share"] = tickers[0]
    return str(st.segmented_control("Share", tickers, key="study-share", required=True))


def _beside(view: View, known: Known, milestone_id: str, member: np.intp) -> list[str]:
    """Say which other milestones of the same company have their day 0 within the window."""
    row = known.rows.iloc[member]
    same = known.rows[(known.rows["company_id"] == row["company_id"]) & (known.rows["ticker"] == row["ticker"])]
    sessions = known.study.fit.panel.calendars[known.study.fit.panel.calendar_of[known.study.events.columns[member]]]
    at = int(known.study.events.rows[member])
    low, high = (pd.Timestamp(sessions[min(max(at + edge, 0), len(sessions) - 1)]) for edge in known.study.parameters.window)
    near = same[same["day_zero"].between(low, high) & (same["milestone_id"] != milestone_id)].sort_values("importance", ascending=False)
    name = view.tables.names[row["company_id"]]
    return [f"other milestones of {name} within the window: {listing([f'“{title}”' for title in near['title']], 2)}"] if len(near) else []


def _sentences(place: Any, one: Group, about: Any) -> None:
    verdict = one.verdict
    place.header(plain(verdict.effect), anchor=False)
    words = f"{verdict.certainty[0].upper()}{verdict.certainty[1:]}." if verdict.certainty else ""
    place.markdown(plain(words))
    if verdict.caveats:
        place.markdown(plain(f"Mind: {'; '.join(verdict.caveats)}."))
    place.caption(plain(f"“{about['title']}”, {day(about['date'])}."))


def _nothing(known: Known, members: np.ndarray) -> None:
    """Say why no share could be measured."""
    if not len(members):
        exhibit.nothing(
            "Nothing to measure", "No related share has a session on which it could have reacted: the market data end before, or no share is related."
        )
        return
    reasons = [f"{known.rows.iloc[member]['ticker']}: {known.study.status[member]}" for member in members]
    exhibit.nothing("Nothing could be measured", f"{'; '.join(reasons)}.")


@once()
def arranged(view: View, known: Known, measured: np.ndarray, member: np.intp, room: Room) -> path_chart.Paths:
    """Arrange the path of one measured share, with at most five others beside it."""

    def line(at: int, band: bool) -> path_chart.Line:
        ticker, path = known.rows.iloc[at]["ticker"], known.study.path(int(at))
        assert path is not None
        edges = (path.low, path.high) if band else (None, None)
        return path_chart.Line(ticker, owner(view.tables, ticker), path.day, path.value, *edges)

    others = [line(int(at), False) for at in measured if at != member][:5]
    return path_chart.arrange(line(int(member), True), others, known.study.parameters.window, room)


def by_day(known: Known, measured: np.ndarray, member: np.intp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the paths of a milestone's measured shares for the eye, a row a day, that of `member` first and with its band, and as a file."""
    taken = frames.paths(known.study, [int(member), *(int(at) for at in measured if at != member)])
    own = taken.iloc[: int((taken["event"] == taken["event"].iloc[0]).sum())]
    table = {"Day": [path_chart.nth(number) for number in own["day"]], "Date": own["date"].dt.strftime("%Y-%m-%d").fillna("")}
    ticker = str(own["ticker"].iloc[0])
    table |= {ticker: own["car"].map(per_cent), "95 %, from": own["low"].map(per_cent), "to": own["high"].map(per_cent)}
    for other, path in taken.iloc[len(own) :].groupby("ticker", sort=False):
        table[str(other)] = path["car"].map(per_cent).to_numpy()[: len(own)]
    return pd.DataFrame(table), taken


def _paths(view: View, selection: Selection, known: Known, measured: np.ndarray, member: np.intp) -> None:
    drawn = arranged(view, known, measured, member, exhibit.room(half=True))
    exhibit.picture("reaction-path", path_chart.title(drawn), path_chart.draw(drawn, screen.colours()), alt=path_chart.finding(drawn), note=NOTE)
    table, taken = by_day(known, measured, member)
    about = known.rows.iloc[int(member)]["milestone_id"]
    exhibit.numbers(view, selection, table, taken, name=f"reaction-paths-{about}", what="day", taken_as="row")


def _chance(view: View, selection: Selection, one: Group, ticker: str) -> None:
    chance = one.placebo
    if not np.isfinite(chance.p):
        exhibit.nothing("No placebo", f"{chance.reason}.")
        return
    arranged = placebo_chart.arrange(chance.effects, chance.effect, chance.at_least, exhibit.room(half=True))
    note = (
        f"{ticker} on every other session that the same study can be made of; ranked by the standardised effect, drawn by its size. "
        f"Placebo p = {chance.p:.4f}; percentile {chance.percentile:.1f}."
    )
    title = placebo_chart.title(arranged)
    exhibit.picture("reaction-placebo", title, placebo_chart.draw(arranged, screen.colours()), alt=note, note=note)
    bins = pd.DataFrame({"low": arranged.edges[:-1], "high": arranged.edges[1:], "sessions": arranged.sessions})
    table = pd.DataFrame({"From": bins["low"].map(per_cent), "To": bins["high"].map(per_cent), "Other sessions": bins["sessions"]})
    exhibit.numbers(view, selection, table, bins.assign(ticker=ticker, effect=arranged.effect), name="reaction-placebo", what="bar", taken_as="bar")


def together_all(known: Known, measured: np.ndarray) -> None:
    """Say what all measured shares did together, where there are several."""
    if len(measured) > 1:
        st.markdown(plain(f"All together: {_every(known, measured).verdict}"))


@once()
def _every(known: Known, measured: np.ndarray) -> Group:
    return together(known, measured, "Its related shares")


def _numbers(view: View, selection: Selection, known: Known, members: np.ndarray, milestone_id: str) -> None:
    taken = _taken(view, known, members, milestone_id)
    table = _readable(taken, view.tables.book.labels("exposures", "relation"))
    st.subheader("Every related share", anchor=False)
    exhibit.listed("reaction", table, f"Abnormal returns of {count(len(table), 'related share')}")
    exhibit.file(view, selection, taken, f"reaction-{milestone_id}", "share")
    st.caption("q: Benjamini and Hochberg's, over the shares of this table. This file and that of the days carry every parameter.")


@once()
def _daily(known: Known, members: np.ndarray) -> pd.DataFrame:
    return frames.paths(known.study, members.tolist())


@once()
def _taken(view: View, known: Known, members: np.ndarray, milestone_id: str) -> pd.DataFrame:
    """Return the results of each related share of a milestone, with q over them, for the file."""
    taken = frames.events(known.study, _markets(view, known)).iloc[members]
    own = view.moves[view.moves["milestone_id"] == milestone_id].drop_duplicates("ticker").set_index("ticker")["day"]
    return taken.assign(
        q=q_values(taken["p"].to_numpy(dtype=float)), milestone_id=milestone_id, relation=known.rows.iloc[members]["relation"].to_numpy(),
        return_day_zero=taken["ticker"].map(own),
    )  # fmt: skip


@once()
def _readable(taken: pd.DataFrame, relations: dict[str, str]) -> pd.DataFrame:
    """Say the results of each share in words and short numbers."""
    dates = [f"{date:%Y-%m-%d}" if pd.notna(date) else "" for date in taken["day_zero"]]
    percents = {"Return on day 0": "return_day_zero", "Abnormal on day 0": "ar", "Abnormal over the window": "car"}
    return pd.DataFrame({
        "Share": taken["ticker"], "Relation": taken["relation"].map(relations), "Day 0": dates,
        **{name: taken[column].map(per_cent) for name, column in percents.items()},
        "Standard error": taken["car_se"].map(_unsigned), **{name: taken[name].map(small) for name in ("t", "p", "q")}, "Status": taken["status"],
    })  # fmt: skip


@once()
def _estimates(known: Known, members: np.ndarray) -> pd.DataFrame:
    found = frames.events(known.study).iloc[members]
    return pd.DataFrame({
        "Share": found["ticker"], "Sessions": found["n"], "Alpha a day": found["alpha"].map(lambda value: per_cent(value, 3)),
        "Beta": found["beta"].round(3), "R²": found["r2"].round(3), "Sigma a day": found["sigma"].map(lambda value: _unsigned(value, 2)),
        "Status": found["status"],
    })  # fmt: skip


def _diagnostics(known: Known, members: np.ndarray) -> None:
    with st.expander("Diagnostics: how the expected returns were estimated"):
        table = _estimates(known, members)
        st.dataframe(table, hide_index=True, height="content", alt="Alpha, beta, R squared, sigma and the number of sessions of each share")
        st.caption("Skipped shares say why. The mean correlation of residuals stands with the comparison of many milestones.")


def _unsigned(value: float, digits: int = 1) -> str:
    return per_cent(value, digits).lstrip("+")


def small(value: float) -> str:
    """Say a statistic or a probability in few figures."""
    if pd.isna(value):
        return "–"
    return "below 0.0001" if 0 <= value < 0.0001 else f"{value:.4f}" if abs(value) < 0.1 else f"{value:.2f}".replace("-", MINUS)


@once()
def _markets(view: View, known: Known) -> list[str]:
    benchmark = view.tables.instruments.set_index("ticker")["benchmark"]
    return [str(benchmark.get(ticker, "")) for ticker in known.rows["ticker"]]
