"""Studies of the milestones: each related share against the index of its own market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tapeline.event_study.panel import Dates, Index
from tapeline.event_study.parameters import Parameters
from tapeline.event_study.study import Events, Group, Study, group, run
from tapeline.market.history import History
from tapeline.market.snapshot import calendars
from tapeline.milestones import Tables
from tapeline.rows import each
from tapeline.studies.series import Series, beside, paired

ABOUT = ("date", "company_id", "kind", "openness", "importance", "title")
Dated = tuple[Dates, Index, list[str]]


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
    rows = pairs.merge(tables.milestones[["milestone_id", *ABOUT]], on="milestone_id", how="left").reset_index(drop=True)
    rows["country"] = rows["company_id"].map(tables.companies.set_index("company_id")["country"])
    wanted = {ticker: series[ticker] for ticker in dict.fromkeys(rows["ticker"]) if ticker in series}
    place = {ticker: number for number, ticker in enumerate(wanted)}
    columns = np.array([place.get(ticker, -1) for ticker in rows["ticker"]], dtype=np.int64)
    at = np.array([_row(wanted.get(row.ticker), row.day_zero) for row in each(rows)], dtype=np.int64)
    problems = tuple("" if row >= 0 else _problem(event, event.ticker in wanted) for row, event in zip(at, each(rows), strict=True))
    panel = beside(wanted.values())
    flags = _flags([wanted.get(ticker) for ticker in rows["ticker"]], at, chosen, confounders)
    labels = tuple(rows["milestone_id"] + " " + rows["ticker"])
    events = Events(labels, columns, at, problems, flags, _together(rows))
    return Known(run(panel, events, chosen), rows)


def grouped(known: Known, labels: pd.Series) -> tuple[Group, ...]:
    """Test the events of each label together, in order of label; a share and session that several milestones have counts once a group.

    `labels` has one value an event (any column of `known.rows`, or one made from it); an event without one is in no group.
    """
    return tuple(together(known, np.flatnonzero(labels == label), str(label)) for label in sorted(labels.dropna().unique()))


def together(known: Known, members: Index, label: str = "") -> Group:
    """Test some events of a study of milestones together; a share and session that several have counts once."""
    keys = known.rows.iloc[members][["ticker", "day_zero"]]
    return group(known.study, members[~keys.duplicated().to_numpy() | keys["day_zero"].isna().to_numpy()], label)


def _row(series: Series | None, day: pd.Timestamp) -> int:
    """Return the row of a session, -1 where the share has none."""
    if series is None or pd.isna(day):
        return -1
    row = int(np.searchsorted(series.sessions, np.datetime64(day, "D")))
    return row if row < len(series.sessions) and series.sessions[row] == np.datetime64(day, "D") else -1


def _problem(event: object, known: bool) -> str:
    """Say why an event has no row."""
    if not known:
        return f"{getattr(event, 'ticker', '')} has no data or no benchmark to be measured against"
    return "no day 0: the day of the milestone is not known, or lies outside the data"


def _flags(series: Sequence[Series | None], rows: Index, parameters: Parameters, confounders: pd.DataFrame | None) -> tuple[tuple[str, ...], ...]:
    """Return for each event (its series and its row) what else happened between the first and the last day of its window."""
    if confounders is None:
        return ((),) * len(rows)
    known: dict[str, Dated] = {}
    found = []
    for one, row in zip(series, rows.tolist(), strict=True):
        if one is None or row < 0:
            found.append(())
            continue
        if one.ticker not in known:
            known[one.ticker] = _dated(confounders[confounders["ticker"].isin(["", one.ticker])])
        dates, order, labels = known[one.ticker]
        ends = one.sessions[np.clip([row + day for day in parameters.window], 0, len(one.sessions) - 1)]
        low, high = np.searchsorted(dates, ends[0]), np.searchsorted(dates, ends[1], side="right")
        found.append(tuple(labels[place] for place in sorted(order[low:high])))
    return tuple(found)


def _dated(confounders: pd.DataFrame) -> Dated:
    """Return the dates of some confounders in order, the row of each, and the labels in the order of rows."""
    known = confounders.dropna(subset="date")
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
