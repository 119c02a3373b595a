"""How far a path could have gone by chance, and what each event alone does to the mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tapeline.event_study.inference import Statistics, quantile
from tapeline.event_study.model import Fit, path_sd
from tapeline.event_study.panel import Array, Index

FEWEST = 10
"""Fewest dates from which a bootstrap is drawn."""


@dataclass(frozen=True)
class Path:
    """A path of cumulated abnormal returns with its band, from the first of the days (P each), and the interval of the window's effect.

    Fractions; `method` says where the band comes from.
    """

    day: Index
    value: Array
    low: Array
    high: Array
    window_low: float
    window_high: float
    method: str


@dataclass(frozen=True)
class LeaveOneOut:
    """CAAR and KP t of a group without each of its parts; `part` is the date (place among the panel's dates) or the event that is left out."""

    part: Index
    n: Array
    caar: Array
    kp_t: Array


def of_event(fit: Fit, cell: int) -> Path:
    """Return one event's CAR path with the band that its prediction error leaves, by t(n - k)."""
    days = fit.parameters.days
    reach = float(quantile(0.5 + fit.parameters.confidence / 2, fit.freedom[cell]))
    value, spread = np.cumsum(fit.ar[:, cell]), reach * path_sd(fit, cell)
    width = reach * fit.car_sd[cell]
    car = fit.car[cell]
    return Path(days, value, value - spread, value + spread, float(car - width), float(car + width), "prediction error of one event, t(n - k)")


def of_group(fit: Fit, cells: Index, window: Statistics) -> Path:
    """Return the CAAR path of some events (N pairs): bootstrap over dates, or t(N - 1) widened for correlation where dates are few."""
    cells = cells[fit.usable[cells]]
    days = fit.parameters.days
    if len(cells) == 0:
        nothing = np.full(len(days), np.nan)
        return Path(days, nothing, nothing, nothing, float("nan"), float("nan"), "no event could be measured")
    if len(cells) == 1:
        return of_event(fit, int(cells[0]))
    ar, car = fit.ar[:, cells], fit.car[cells]
    dates = np.unique(fit.places[cells], return_inverse=True)[1]
    if dates.max() + 1 >= FEWEST:
        return _bootstrap(fit, ar, car, dates)
    known = np.isfinite(ar)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.cumsum(np.nansum(ar, axis=1) / known.sum(axis=1))
        spread = np.nanstd(np.cumsum(ar, axis=0), axis=1, ddof=1) if known.all() else np.full(len(days), np.nan)
    reach = float(quantile(0.5 + fit.parameters.confidence / 2, len(cells) - 1)) * float(window.inflation) / np.sqrt(len(cells))
    half, mean = reach * float(window.sd), float(window.mean)
    method = f"t(N - 1), widened for correlation: fewer than {FEWEST} dates"
    return Path(days, value, value - reach * spread, value + reach * spread, mean - half, mean + half, method)


def _bootstrap(fit: Fit, ar: Array, car: Array, dates: Index) -> Path:
    """Draw dates with replacement, each with all its events, and take percentiles of the mean."""
    number, draws = int(dates.max()) + 1, fit.parameters.draws
    drawn = np.random.default_rng(fit.parameters.seed).integers(0, number, (draws, number)) + np.arange(draws)[:, None] * number
    times = np.bincount(drawn.ravel(), minlength=draws * number).reshape(draws, number).astype(float)
    known = np.isfinite(ar)
    sums, counts = (np.stack([np.bincount(dates, row, minlength=number) for row in rows]) for rows in (np.where(known, ar, 0.0), known.astype(float)))
    total, size = np.bincount(dates, car, minlength=number), np.bincount(dates, minlength=number).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        paths = np.cumsum((times @ sums.T) / (times @ counts.T), axis=1)
        value = np.cumsum(sums.sum(axis=1) / counts.sum(axis=1))
        means = (times @ total) / (times @ size)
    tail = (1 - fit.parameters.confidence) / 2
    low, high = np.quantile(paths, [tail, 1 - tail], axis=0)
    first, last = np.quantile(means, [tail, 1 - tail])
    return Path(fit.parameters.days, value, low, high, float(first), float(last), f"bootstrap over {number} dates, {draws} draws")


def leave_one_out(fit: Fit, cells: Index, window: Statistics, by_date: bool = True) -> LeaveOneOut:
    """Return CAAR and KP t without each date (or each event) in turn, at the same mean correlation."""
    cells = cells[fit.usable[cells]]
    parts, part_of = np.unique(fit.places[cells], return_inverse=True) if by_date else (cells, np.arange(len(cells)))
    n, total, scaled, squares = (
        values.sum() - np.bincount(part_of, values, minlength=len(parts))
        for values in (np.ones(len(cells)), fit.car[cells], fit.scar[cells], fit.scar[cells] ** 2)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = scaled / n
        sd = np.sqrt((squares - n * mean**2) / (n - 1))
        r = np.maximum(float(window.correlation), -1 / np.maximum(n - 1, 1) + 1e-9)
        kp = np.sqrt(n) * mean / sd * np.sqrt((1 - r) / (1 + (n - 1) * r))
        return LeaveOneOut(parts, n, total / n, np.where(n > 1, kp, np.nan))
