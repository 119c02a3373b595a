"""How often chance does as well: the same statistic on other sessions of the same shares.

Events of one cluster (by default, of one date) move together to another session, so what they share by date stays shared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tapeline.event_study.model import Fit, Running
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
    scar, car = _everywhere(fit, cells)
    for margin in (fit.parameters.length + fit.parameters.shown[0] - fit.parameters.estimation[1] - 1, fit.parameters.length):
        moved = [_sums(fit, cells[clusters == one], scar, car, _free(fit, cells, margin)) for one in np.unique(clusters)]
        if min(len(rows) for rows, _ in moved) >= FEWEST:
            return _compare(fit, cells, moved)
    fewest = min(len(rows) for rows, _ in moved)
    return _none(f"only {fewest} other sessions of these shares, at least {FEWEST} needed")


def _everywhere(fit: Fit, cells: Index) -> tuple[Array, Array]:
    """Return SCAR and CAR on every session of the shares with an event (T x K, NaN elsewhere)."""
    height, width = fit.panel.returns.shape
    scar, car = np.full((height, width), np.nan), np.full((height, width), np.nan)
    columns = np.unique(fit.columns[cells])
    rows, over = (part.ravel() for part in np.meshgrid(np.arange(height), columns, indexing="ij"))
    found, spread = Running(fit.panel, fit.parameters).scar(rows, over)
    car[rows, over] = found
    scar[rows, over] = found / spread
    return scar, car


def _free(fit: Fit, cells: Index, margin: int) -> Mask:
    """Tell on which sessions of each share no event lies nearer than `margin` sessions (T x K)."""
    height, width = fit.panel.returns.shape
    near = np.zeros((height + 1, width))
    np.add.at(near, (np.clip(fit.rows[cells] - margin, 0, height), fit.columns[cells]), 1.0)
    np.add.at(near, (np.clip(fit.rows[cells] + margin + 1, 0, height), fit.columns[cells]), -1.0)
    free: Mask = np.cumsum(near, axis=0)[:height] == 0
    return free


def _sums(fit: Fit, cells: Index, scar: Array, car: Array, free: Mask) -> tuple[Index, Array]:
    """Return the rows to which one cluster can move, and its sums of SCAR and CAR there (2 x rows)."""
    anchor = cells[np.argmin(fit.places[cells])]
    calendar = fit.panel.calendar_of[fit.columns[anchor]]
    rows = np.arange(len(fit.panel.calendars[calendar]))
    total, allowed = np.zeros((2, len(rows))), np.ones(len(rows), dtype=bool)
    for cell in cells:
        at = _moved(fit, int(anchor), int(cell), rows)
        inside = (at >= 0) & (at < len(scar))
        at, column = np.where(inside, at, 0), fit.columns[cell]
        allowed &= inside & free[at, column] & np.isfinite(scar[at, column])
        total += [scar[at, column], car[at, column]]
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
