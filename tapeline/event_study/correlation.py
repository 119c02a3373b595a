"""How the residuals of different events move together, aligned by calendar date."""

from __future__ import annotations

import numpy as np

from tapeline.event_study.model import Fit
from tapeline.event_study.panel import Array, Index
from tapeline.event_study.residuals import Residuals, scales, sums_by_session, weighted

PAIRS = 4_000_000
"""Most pairs of events whose correlation is formed one by one."""
CHUNK = 32
STEP = 64
"""Sessions whose sums of residuals come from one matrix product."""
NEAR = 3
"""Dates beyond the window in which a pair is still looked for: exchanges with other holidays meet on a day, not on day 0."""


def mean_correlation(fit: Fit, residuals: Residuals, weights: Array) -> tuple[float, Array]:
    """Return the mean correlation of the residuals of two events over the window, and for each day (P).

    A pair counts with the part of the window (or whether the day) that it shares by date. `weights` count the events on
    each pair of share and session (C).
    """
    whole = np.where(fit.usable, weights, 0.0)
    if residuals.values is None:
        return _from_sums(fit, whole)
    daily = np.where(np.isfinite(fit.sar), weights, 0.0)
    cells = np.flatnonzero(whole + daily.sum(axis=0) > 0)
    dates = _places(fit, cells, fit.parameters.days)
    crowd = np.bincount(dates[:, fit.parameters.inside].ravel()).astype(float)
    if (crowd**2).sum() > PAIRS:
        return _from_sums(fit, whole)
    order = np.argsort(dates[:, fit.parameters.inside.start], kind="stable")
    return _from_pairs(fit, residuals.values, whole, daily, (cells[order], dates[order]))


def _from_pairs(fit: Fit, values: Array, whole: Array, daily: Array, ordered: tuple[Index, Index]) -> tuple[float, Array]:
    """Form the correlation of every two events that share a date of the event window, over the dates both estimations have."""
    cells, dates = ordered
    inside = dates[:, fit.parameters.inside]
    total, by_day = 0.0, np.zeros(dates.shape[1])
    for ours, theirs in _near(inside):
        rho = _correlations(fit, values, cells[theirs], ours.stop - ours.start) * _twice(ours, theirs)
        mine, other = cells[ours], cells[theirs]
        total += float(whole[mine] @ (rho * _common(inside[ours], inside[theirs])) @ whole[other])
        for day in range(dates.shape[1]):
            same = dates[ours, day, None] == dates[theirs, day]
            by_day[day] += daily[day, mine] @ (rho * same) @ daily[day, other]
    by_days = [_mean_of_pairs(one, weight) for one, weight in zip(by_day, daily, strict=True)]
    return _mean_of_pairs(total / fit.parameters.length, whole), np.array(by_days)


def _from_sums(fit: Fit, whole: Array) -> tuple[float, Array]:
    """Do the same from the residuals added up by session, each in units of the root of its whole window's sum of squares.

    The same number where two estimation windows hold the same dates; the days take the correlation of day 0.
    """
    if len(fit.panel.calendars) == 1:
        return _from_rows(fit, whole)
    cells, session_of = np.unique(fit.rows * len(fit.panel.calendars) + fit.panel.calendar_of[fit.columns], return_index=True, return_inverse=True)[
        1:
    ]
    sums = sums_by_session(fit, session_of, whole, cells)
    dates = _places(fit, cells, fit.parameters.days)
    order = np.argsort(dates[:, fit.parameters.inside.start], kind="stable")
    sums, dates, cells = sums[order], dates[order], cells[order]
    places = _places(fit, cells, np.arange(fit.parameters.estimation[0], fit.parameters.estimation[1] + 1))
    inside = dates[:, fit.parameters.inside]
    total, same = 0.0, 0.0
    for ours, theirs in _near(inside):
        dense = _by_date(sums[theirs], places[theirs])
        product = (dense[: ours.stop - ours.start] @ dense.T) * _twice(ours, theirs)
        total += float((product * _common(inside[ours], inside[theirs])).sum())
        same += float((product * (inside[ours, 0, None] == inside[theirs, 0])).sum())
    return _mean_of_pairs(total / fit.parameters.length, whole), np.full(dates.shape[1], _mean_of_pairs(same, whole))


def _from_rows(fit: Fit, whole: Array) -> tuple[float, Array]:
    """Do the same where all shares have one calendar: rows are dates, so sums of residuals need no laying out.

    Two sessions share as many dates of their windows as there are dates whose window of sessions holds both. The sum over
    pairs is therefore that of the squares of moving sums over L sessions, and no product of every two sessions is needed.
    """
    length, total, same = fit.parameters.length, 0.0, 0.0
    first, scale = fit.parameters.estimation[0], scales(fit, whole)
    reach = fit.parameters.estimation[1] - first + STEP
    inside = np.tri(STEP, reach, reach - STEP) - np.tri(STEP, reach, -1)
    # a line for each of the L - 1 sessions before and the STEP now, a column for each date of their estimation windows
    sums = np.zeros((length - 1 + STEP, length - 1 + reach))
    now, height = sums[length - 1 :, length - 1 :], len(fit.panel.returns)
    for start in range(int(fit.rows[0]), int(fit.rows[-1]) + length, STEP) if len(fit.rows) else ():
        sums[: length - 1, :-STEP] = sums[STEP:, STEP:]
        sums[: length - 1, -STEP:] = sums[length - 1 :] = 0.0
        cells = slice(*np.searchsorted(fit.rows, (start, start + STEP)).tolist())
        low, high = (min(max(row, 0), height) for row in (start + first, start + first + reach))
        if cells.start < cells.stop and low < high:
            at = slice(low - start - first, high - start - first)
            now[:, at] = weighted(fit, (low, high), cells, (fit.rows[cells] - start, STEP), scale[cells]) * inside[:, at]
        moving = _moving(sums, length)
        total += float(np.vecdot(moving, moving).sum())
        same += float(np.vecdot(now, now).sum())
    return _mean_of_pairs(total / length, whole), np.full(len(fit.parameters.days), _mean_of_pairs(same, whole))


def _moving(values: Array, length: int) -> Array:
    """Return the sums of every `length` lines that follow each other: of 1, 2, 4, ... lines, put together as `length` is written in binary."""
    number, found, taken, span = len(values) - length + 1, np.zeros((len(values) - length + 1, values.shape[1])), 0, 1
    while span <= length:
        if length & span:
            found += values[taken : taken + number]
            taken += span
        values, span = values[span:] + values[:-span], 2 * span
    return found


def _near(dates: Index) -> list[tuple[slice, slice]]:
    """Cut events in order of date (C x P) into pieces, each with the slice of those from it on that may share a date with it."""
    last = np.maximum.accumulate(dates[:, -1])
    pieces = []
    for start in range(0, len(dates), CHUNK):
        stop = min(start + CHUNK, len(dates))
        reach = int(np.searchsorted(dates[:, 0], last[stop - 1] + NEAR, side="right"))
        pieces.append((slice(start, stop), slice(start, max(stop, reach))))
    return pieces


def _twice(ours: slice, theirs: slice) -> Array:
    """Count each later event twice, for both orders of the pair, an event with itself once, earlier ones not at all."""
    times: Array = np.sign(np.arange(theirs.stop - theirs.start) - np.arange(ours.stop - ours.start)[:, None]) + 1.0
    return times


def _mean_of_pairs(total: float, weights: Array) -> float:
    """Return the mean over pairs of different events from a sum that holds each event with itself once."""
    number = weights.sum()
    return float((total - number) / (number * (number - 1))) if number > 1 else float("nan")


def _common(ours: Index, theirs: Index) -> Array:
    """Return how many dates each of our windows shares with each of theirs."""
    dense = _by_date(np.ones(theirs.shape), theirs)
    return dense[: len(ours)] @ dense.T


def _correlations(fit: Fit, values: Array, theirs: Index, ours: int) -> Array:
    """Return the correlation of each of the first `ours` events with each of `theirs`, over dates with a residual of both."""
    places = _places(fit, theirs, np.arange(fit.parameters.estimation[0], fit.parameters.estimation[1] + 1))
    there = np.isfinite(values[theirs])
    e, known = _by_date(np.where(there, values[theirs], 0.0), places), _by_date(there.astype(float), places)
    number, sums = known[:ours] @ known.T, e[:ours] @ known.T
    others = known[:ours] @ e.T
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = ((e[:ours] ** 2) @ known.T - sums**2 / number) * (known[:ours] @ (e**2).T - others**2 / number)
        rho: Array = (e[:ours] @ e.T - sums * others / number) / np.sqrt(spread)
    return np.where((number > 2) & np.isfinite(rho), rho, 0.0)


def _places(fit: Fit, cells: Index, days: Index) -> Index:
    """Return the place among all dates of some days around some pairs (C x days), held within the panel."""
    rows = np.clip(fit.rows[cells][:, None] + days, 0, len(fit.panel.returns) - 1)
    calendars = fit.panel.calendar_of[fit.columns[cells]]
    places: Index = fit.panel.places.ravel().take(calendars[:, None] * len(fit.panel.returns) + rows)
    return places


def _by_date(values: Array, places: Index) -> Array:
    """Lay rows of values out by date: each value at its place, 0 elsewhere, values that meet at one place added up."""
    low, width = int(places.min()), int(places.max() - places.min()) + 1
    flat = np.arange(len(places))[:, None] * width + places - low
    dense = np.bincount(flat.ravel(), weights=values.ravel(), minlength=len(places) * width)
    return np.asarray(dense, dtype=float).reshape(len(places), width)
