"""How often chance does as well: the same statistic on other sessions of the same shares.

Events of one cluster (by default, of one date) move together to another session, so what they share by date stays shared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tapeline.event_study.model import Fit
from tapeline.event_study.panel import Array, Dates, Index, Mask

FEWEST = 100
"""Fewest other sessions from which a p is given."""


@dataclass(frozen=True)
class Placebo:
    """The mean SCAR of a group beside the same on B other sessions, or draws of them.

    `effects` are the CAAR of each (fractions, B), `dates` the session where all events are one cluster, else empty.
    `at_least` counts those as large in absolute value; p = (1 + at_least)/(1 + B). `percentile` is where the statistic
    stands among them, from 0 to 100. p is NaN where `reason` says why.
    """

    statistic: float
    effect: float
    statistics: Array
    effects: Array
    dates: Dates
    at_least: int
    p: float
    percentile: float
    reason: str


def placebo(fit: Fit, cells: Index, clusters: Index) -> Placebo:
    """Move the clusters of some events, given by their pairs (N), to other sessions: all of them for one cluster, else at random."""
    there = fit.usable[cells]
    cells, clusters = cells[there], clusters[there]
    if not len(cells):
        return _none("no event could be measured")
    scar, car = fit.everywhere
    for margin in (fit.parameters.length + fit.parameters.window[0] - fit.parameters.estimation[1] - 1, fit.parameters.length):
        open_to = np.isfinite(scar) & _free(fit, cells, margin)
        known: dict[bytes, tuple[Index, Array]] = {}
        moved = []
        for members in _members(cells, clusters):
            shape = _shape(fit, members)
            if shape not in known:
                known[shape] = _sums(fit, members, (scar, car), open_to)
            moved.append(known[shape])
        if min(len(rows) for rows, _ in moved) >= FEWEST:
            return _compare(fit, cells, moved)
    fewest = min(len(rows) for rows, _ in moved)
    return _none(f"only {fewest} other sessions of these shares, at least {FEWEST} needed")


def _members(cells: Index, clusters: Index) -> list[Index]:
    """Return the pairs of each cluster."""
    order = np.argsort(clusters, kind="stable")
    return np.split(cells[order], np.flatnonzero(np.diff(clusters[order])) + 1)


def _shape(fit: Fit, cells: Index) -> bytes:
    """Return what makes two clusters go to the same sessions: their shares, and how far each lies from the first event."""
    anchor = cells[np.argmin(fit.places[cells])]
    calendar = fit.panel.calendar_of[fit.columns[cells]]
    days = (fit.panel.dates[fit.places[cells]] - fit.panel.dates[fit.places[anchor]]).astype(np.int64)
    away = np.where(calendar == fit.panel.calendar_of[fit.columns[anchor]], fit.rows[cells] - fit.rows[anchor], days)
    return np.stack([fit.columns[cells], away, np.full(len(cells), fit.columns[anchor])]).tobytes()


def _free(fit: Fit, cells: Index, margin: int) -> Mask:
    """Tell on which sessions of each share no event lies nearer than `margin` sessions (K x T)."""
    height, width = fit.panel.returns.shape
    near = np.zeros((width, height + 1))
    np.add.at(near, (fit.columns[cells], np.clip(fit.rows[cells] - margin, 0, height)), 1.0)
    np.add.at(near, (fit.columns[cells], np.clip(fit.rows[cells] + margin + 1, 0, height)), -1.0)
    free: Mask = np.cumsum(near, axis=1)[:, :height] == 0
    return free


def _sums(fit: Fit, cells: Index, values: tuple[Array, Array], open_to: Mask) -> tuple[Index, Array]:
    """Return the rows to which one cluster can move, and its sums of SCAR and CAR there (2 x rows)."""
    anchor = cells[np.argmin(fit.places[cells])]
    rows = np.arange(len(fit.panel.calendars[fit.panel.calendar_of[fit.columns[anchor]]]))
    total, allowed = np.zeros((2, len(rows))), np.ones(len(rows), dtype=bool)
    session = fit.rows[cells] * len(fit.panel.calendars) + fit.panel.calendar_of[fit.columns[cells]]
    for one in np.unique(session):
        members = cells[session == one]
        at = _moved(fit, int(anchor), int(members[0]), rows)
        inside = (at >= 0) & (at < open_to.shape[1])
        at, columns = np.where(inside, at, 0), fit.columns[members]
        allowed &= inside & open_to[columns][:, at].all(axis=0)
        total += [value[columns].sum(axis=0)[at] for value in values]
    return rows[allowed], total[:, allowed]


def _moved(fit: Fit, anchor: int, cell: int, rows: Index) -> Index:
    """Return where an event goes when the first of its cluster goes to `rows`: as many sessions later, on another exchange as many days."""
    panel, ours, theirs = fit.panel, fit.columns[anchor], fit.columns[cell]
    if panel.calendar_of[ours] == panel.calendar_of[theirs]:
        later: Index = rows + (fit.rows[cell] - fit.rows[anchor])
        return later
    sessions = panel.calendars[panel.calendar_of[ours]]
    lag = panel.dates[fit.places[cell]] - panel.dates[fit.places[anchor]]
    days = panel.calendars[panel.calendar_of[theirs]]
    found = np.searchsorted(days, sessions[rows] + lag)
    return np.where(found < len(days), found, -1)


def _compare(fit: Fit, cells: Index, moved: list[tuple[Index, Array]]) -> Placebo:
    """Set the events beside what their clusters did on other sessions."""
    number = len(cells)
    if len(moved) == 1:
        rows, sums = moved[0]
        anchor = cells[np.argmin(fit.places[cells])]
        dates = fit.panel.calendars[fit.panel.calendar_of[fit.columns[anchor]]][rows]
    else:
        draw = np.random.default_rng(fit.parameters.seed)
        sums = np.sum([one[:, draw.integers(0, len(rows), fit.parameters.draws)] for rows, one in moved], axis=0)
        dates = np.empty(0, dtype="datetime64[D]")
    statistics, effects = sums / number
    statistic = float(fit.scar[cells].mean())
    at_least = int((np.abs(statistics) >= abs(statistic)).sum())
    percentile = float(100 * (statistics < statistic).mean())
    p = (1 + at_least) / (1 + len(statistics))
    return Placebo(statistic, float(fit.car[cells].mean()), statistics, effects, dates, at_least, p, percentile, "")


def _none(reason: str) -> Placebo:
    nan, nothing = float("nan"), np.empty(0)
    return Placebo(nan, nan, nothing, nothing, np.empty(0, dtype="datetime64[D]"), 0, nan, nan, reason)
