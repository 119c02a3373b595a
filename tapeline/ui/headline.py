"""What the view says: the headline, the finding under it, how far it reaches, and a row of figures."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from tapeline import columns, titles
from tapeline.milestones import Tables
from tapeline.moves import largest
from tapeline.once import once
from tapeline.rows import reach
from tapeline.selection import Selection
from tapeline.ui import screen
from tapeline.ui.loaders import View
from tapeline.ui.text import link, plain
from tapeline.words import count, day, grouped, listing, per_cent, short

DEFAULT = "What happened in AI, and what the market did"


def show(view: View, selection: Selection, rows: pd.DataFrame) -> None:
    """Draw headline, finding and reach of the milestones in view."""
    st.title(plain(title(view, selection)), anchor=False)
    if len(rows):
        st.markdown(plain(finding(view, rows)))
    st.caption(freshness(view, rows))


def data(view: View, selection: Selection, rows: pd.DataFrame) -> None:
    """Draw what the page of the data holds: how much is in view, of which version, under which licence."""
    tables, book = view.tables, view.tables.book
    inside = _inside(tables, rows)
    said = f"{count(len(rows), 'milestone')}, {count(inside[0], 'figure')}, {count(inside[1], 'source')}"
    named = titles.chosen(tables, selection)
    st.title(plain(f"{named}: {said}" if named else said), anchor=False)
    licences = " and ".join(link(licence["name"], licence["path"]) for licence in book.descriptor["licenses"])
    made = pd.Timestamp(book.descriptor["created"])
    dates = " · {:%Y-%m-%d} to {:%Y-%m-%d}".format(*reach(rows)) if len(rows) else ""
    st.markdown(f":small[Data version {book.version}, {day(made)}{dates} · licence: {licences}]")


@once()
def _inside(tables: Tables, rows: pd.DataFrame) -> list[int]:
    """Count the figures and the sources of some milestones."""
    return [int(part["milestone_id"].isin(rows["milestone_id"]).sum()) for part in (tables.figures, tables.sources)]


def title(view: View, selection: Selection) -> str:
    """Name the view: the companies chosen, else what this page is."""
    names = [view.tables.names[name] for name in selection.companies]
    return f"{listing(names)}: what happened, and what the market did" if names else DEFAULT


def finding(view: View, rows: pd.DataFrame) -> str:
    """State the largest day-0 move of a related share in view, or that there is none."""
    top = largest(view.moves, rows)
    if top is None:
        return "No related share has market data on these days."
    held = columns.of(view.tables.milestones)
    about = held.place[top["milestone_id"]]
    return (
        f"At milestones of importance {held.importance[about]}, the related share that moved furthest from its market on day 0 was "
        f"{top['ticker']}: {per_cent(top['day'])} on {day(top['day_zero'])}, its market {per_cent(top['market_day'])} (“{held.titles[about]}”)."
    )


def freshness(view: View, rows: pd.DataFrame) -> str:
    """Say how far the milestones in view reach."""
    dates = " from {:%Y-%m-%d} to {:%Y-%m-%d}".format(*reach(rows)) if len(rows) else ""
    return f"{count(len(rows), 'milestone')}{dates} · data version {view.tables.book.version}"


class Counted(NamedTuple):
    """Numbers of some milestones: releases, those with open weights, rounds and their sum in USD; and by quarter all, the open ones, the sums."""

    releases: int
    opened: int
    rounds: int
    money: float
    quarters: list[float]
    opened_by: list[float]
    money_by: list[float]


@once()
def counted(tables: Tables, rows: pd.DataFrame) -> Counted:
    """Count and add up what the row of figures shows; `rows` is not empty."""
    held, at = columns.of(tables.milestones), columns.places(tables.milestones, rows)
    release = held.kind.where(["model_release"])
    opened = at[(release & held.openness.where(["open_weights"]))[at]]
    places, values = _equity(tables)
    raised = np.isin(places, at)
    first, last = held.quarter[at].min(), held.quarter[at].max()

    def by(members: np.ndarray, weight: np.ndarray | None = None) -> list[float]:
        return list(map(float, np.bincount(held.quarter[members] - first, weight, int(last - first) + 1)))

    return Counted(int(release[at].sum()), len(opened), int(raised.sum()), float(values[raised].sum()), by(at), by(opened),
                   by(places[raised], values[raised] / 1e9))  # fmt: skip


def figures(view: View, rows: pd.DataFrame) -> None:
    """Draw the row of figures, each with its history."""
    top, found = largest(view.moves, rows), counted(view.tables, rows)
    bars: dict[str, Any] = {"border": True, "height": 140, "chart_type": "bar", "delta_color": "off"}
    with st.grid(4 if screen.width() in ("laptop", "desktop") else 2, min_column_width=140, key="figures"):
        st.metric("Milestones in view", grouped(len(rows)), chart_data=found.quarters, help="Bars: milestones a quarter.", **bars)
        st.metric("Open-weight releases", f"{grouped(found.opened)} of {grouped(found.releases)}", chart_data=found.opened_by, **bars,
                  help="Releases whose weights could be downloaded that day, of all model releases in view. Bars: open-weight releases a "
                  "quarter.")  # fmt: skip
        st.metric("Equity announced", f"{short(found.money)} USD" if found.rounds else "–", chart_data=found.money_by, **bars,
                  help=f"{count(found.rounds, 'round or investment', 'rounds and investments')} with the metric “Equity announced”, added up. "
                  "Debt, contracts, plans and valuations are other metrics and not in it. Bars: bn USD a quarter.")  # fmt: skip
        _largest(view, top)


def _largest(view: View, top: Any | None) -> None:
    """Draw the share that moved furthest, with its index around that day."""
    if top is None:
        st.metric("Largest day-0 move", "–", border=True, height=140, help="No related share has market data on these days.")
        return
    level = view.histories[top["ticker"]].level
    at = int(level.index.searchsorted(top["day_zero"]))
    meaning = (
        f"The day-0 return of the related share that moved furthest from its market ({per_cent(top['market_day'])}) at the most "
        "important milestones in view. Line: its index, 20 sessions before and after. A move on the day is not proof of a cause."
    )
    around = level.iloc[max(at - 20, 0) : at + 21].tolist()
    st.metric(f"{top['ticker']}, {top['day_zero']:%d %b %Y}", per_cent(top["day"]), border=True, height=140, delta_color="off",
              chart_data=around, help=meaning)  # fmt: skip


@once(2)
def _equity(tables: Tables) -> tuple[np.ndarray, np.ndarray]:
    """Return of each figure of announced equity the place of its milestone among all, and its value."""
    figures = tables.figures[tables.figures["metric_id"] == "equity_announced"]
    return columns.places(tables.milestones, figures), figures["value"].to_numpy(float)
