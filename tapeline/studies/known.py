"""Studies of the milestones: each related share against the index of its own market."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tapeline.event_study.panel import Dates, Index, Panel
from tapeline.event_study.parameters import Parameters
from tapeline.event_study.study import Events, Group, Study, group, run
from tapeline.market.history import History
from tapeline.market.snapshot import calendars
from tapeline.milestones import Tables
from tapeline.once import once
from tapeline.rows import each
from tapeline.studies.series import Series, beside, paired

ABOUT = ("date", "company_id", "kind", "openness", "importance", "title")
Dated = tuple[Dates, Index, list[str]]


class Laid(NamedTuple):
    """Milestones and shares side by side, before a model and a window are chosen: `series` are the panel's columns."""

    rows: pd.DataFrame
    series: tuple[Series, ...]
    panel: Panel
    events: Events


@dataclass(frozen=True)
class Known:
    """A study of milestones; `rows` has one line an event: milestone_id, ticker, relation, day_zero, and what the milestone is."""

    study: Study
    rows: pd.DataFrame


def series_of(tables: Tables, histories: Mapping[str, History], log: bool = False) -> dict[str, Series]:
    """Return each share that has a benchmark, paired with it on the sessions of its exchange."""
    shares = tables.instruments
    calendar = dict(zip(shares["ticker"], shares["calendar"], strict=True))
    sessions = calendars(histories, calendar)
    found = {}
    for share in each(shares):
        if share.benchmark in histories and share.ticker in histories:
            days = sessions[share.calendar]
            levels = [histories[ticker].level.reindex(days) for ticker in (share.ticker, share.benchmark)]
            found[str(share.ticker)] = paired(str(share.ticker), levels[0], levels[1], log=log)
    return found


def of_milestones(
    tables: Tables, series: Mapping[str, Series], pairs: pd.DataFrame, parameters: Parameters | None = None, confounders: pd.DataFrame | None = None
) -> Known:
    """Study milestones and shares: `pairs` are rows of `moves.around` (milestone_id, ticker, relation, day_zero).

    `confounders` (date, ticker or '', label) name what else happened: one whose date lies in an event's window flags it.
    """
    chosen = parameters or Parameters()
    laid = _laid(tables, series, pairs)
    events = replace(laid.events, flags=_flags(laid, chosen.window, confounders) if confounders is not None else ())
    return Known(run(laid.panel, events, chosen), laid.rows)


@once(4)
def _laid(tables: Tables, series: Mapping[str, Series], pairs: pd.DataFrame) -> Laid:
    """Lay milestones and shares out for a study of whatever model and window."""
    rows = pairs.merge(tables.milestones[["milestone_id", *ABOUT]], on="milestone_id", how="left").reset_index(drop=True)
    rows["country"] = rows["company_id"].map(tables.companies.set_index("company_id")["country"])
    tickers = rows["ticker"].tolist()
    wanted = {ticker: series[ticker] for ticker in dict.fromkeys(tickers) if ticker in series}
    place = {ticker: number for number, ticker in enumerate(wanted)}
    columns = np.array([place.get(ticker, -1) for ticker in tickers], dtype=np.int64)
    at = np.full(len(rows), -1, dtype=np.int64)
    days = rows["day_zero"].to_numpy(dtype="datetime64[D]")
    for number, one in enumerate(wanted.values()):
        own = columns == number
        at[own] = _rows(one, days[own])
    problems = tuple("" if row >= 0 else _problem(ticker, ticker in wanted) for row, ticker in zip(at.tolist(), tickers, strict=True))
    labels = tuple(rows["milestone_id"] + " " + rows["ticker"])
    return Laid(rows, tuple(wanted.values()), beside(wanted.values()), Events(labels, columns, at, problems, clusters=_together(rows)))


def grouped(known: Known, labels: pd.Series, least: int = 0) -> tuple[Group, ...]:
    """Test the events of each label together, in order of label; a share and session that several milestones have counts once a group.

    `labels` has one value an event (any column of `known.rows`, or one made from it); an event without one is in no group.
    Labels with fewer than `least` measured events are left out.
    """
    number, names = pd.factorize(labels, sort=True)
    groups = [_once_each(known, np.flatnonzero(number == at)) for at in range(len(names))]
    measured = np.isfinite(known.study.car)
    return tuple(group(known.study, members, str(name)) for name, members in zip(names, groups, strict=True) if measured[members].sum() >= least)


def together(known: Known, members: Index, label: str = "") -> Group:
    """Test some events of a study of milestones together; a share and session that several have counts once."""
    return group(known.study, _once_each(known, members), label)


def _once_each(known: Known, members: Index) -> Index:
    """Leave out events whose share and session an earlier one has."""
    keys = _keys(known)[members]
    first = np.zeros(len(members), dtype=bool)
    first[np.unique(keys, return_index=True)[1]] = True
    return members[first | (keys < 0)]


@once(16)
def _keys(known: Known) -> Index:
    """Number the share and session of each event; -1 where the day is not known."""
    days = known.rows["day_zero"]
    return np.where(days.notna(), known.rows.groupby(["ticker", "day_zero"], sort=False, dropna=False).ngroup(), -1)


def _rows(series: Series, days: Dates) -> Index:
    """Return the row of each of some days, -1 where the share has no such session."""
    found = np.searchsorted(series.sessions, days)
    there = found < len(series.sessions)
    there[there] = series.sessions[found[there]] == days[there]
    return np.where(there, found, -1)


def _problem(ticker: str, known: bool) -> str:
    """Say why an event has no row."""
    if not known:
        return f"{ticker} has no data or no benchmark to be measured against"
    return "no day 0: the day of the milestone is not known, or lies outside the data"


@once(16)
def _flags(laid: Laid, window: tuple[int, int], confounders: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    """Return for each event what else happened between the first and the last day of its window."""
    found: list[tuple[str, ...]] = [()] * len(laid.rows)
    for number, one in enumerate(laid.series):
        own = np.flatnonzero((laid.events.columns == number) & (laid.events.rows >= 0))
        dates, order, labels = _dated(confounders, one.ticker)
        first, last = (one.sessions[np.clip(laid.events.rows[own] + day, 0, len(one.sessions) - 1)] for day in window)
        low, high = np.searchsorted(dates, first), np.searchsorted(dates, last, side="right")
        for event, start, stop in zip(own.tolist(), low.tolist(), high.tolist(), strict=True):
            if start < stop:
                found[event] = tuple(labels[place] for place in sorted(order[start:stop].tolist()))
    return tuple(found)


@once(128)
def _dated(confounders: pd.DataFrame, ticker: str) -> Dated:
    """Return the dates of what concerns a share in order, the row of each, and the labels in the order of rows."""
    known = confounders[confounders["ticker"].isin(["", ticker])].dropna(subset="date")
    dates = known["date"].to_numpy(dtype="datetime64[ns]")
    order = np.argsort(dates, kind="stable")
    return dates[order], order, list(known["label"])


def _together(rows: pd.DataFrame) -> Index:
    """Number what belongs together: events of one milestone, and events of one date, and what these join."""
    if rows.empty:
        return np.empty(0, dtype=np.int64)
    milestone = pd.factorize(rows["milestone_id"])[0]
    date = pd.factorize(rows["day_zero"], use_na_sentinel=False)[0] + milestone.max() + 1
    size = int(date.max()) + 1
    number = connected_components(coo_array((np.ones(len(rows)), (milestone, date)), shape=(size, size)), directed=False)[1]
    return np.asarray(number[milestone], dtype=np.int64)
