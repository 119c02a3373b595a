"""The test statistics of a group of events, one day at a time and over the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from tapeline.event_study.correlation import mean_correlation
from tapeline.event_study.model import Fit
from tapeline.event_study.panel import Array, Index
from tapeline.event_study.ranks import rank_scores, rank_tests
from tapeline.event_study.residuals import Residuals

CELLS = 160_000
"""Values summed at once: few enough to stay in the processor's cache, many enough that calls cost little."""
Values = tuple[Array, Array]
Read = Callable[[Any], Values]


@dataclass(frozen=True)
class Statistics:
    """The statistics of a group: an array each, one value a day (P); or one value each over the window (shape ()).

    `mean` is AAR or CAAR, a fraction; `correlation` the mean residual correlation; a statistic that does not exist is NaN.
    With one event there is no group: only n and mean are given.
    """

    n: Array
    mean: Array
    sd: Array
    t_cross: Array
    patell_z: Array
    bmp_t: Array
    kp_t: Array
    rank_z: Array
    gsign_z: Array
    correlation: Array
    inflation: Array
    """How much the standard error grows by the correlation: sqrt((1 + (n - 1) r)/(1 - r))."""


@dataclass(frozen=True)
class Weighted:
    """What the sums need of each pair: how many events it counts as, the share of its residuals that is positive, its SAR's variance (C each)."""

    weight: Array
    share: Array
    variance: Array

    def of(self, at: Any) -> Weighted:
        """Return the same of some pairs."""
        return Weighted(self.weight[at], self.share[at], self.variance[at])


def infer(fit: Fit, residuals: Residuals, weights: Array, with_ranks: bool = True) -> tuple[Statistics, Statistics]:
    """Test the group that has `weights` events on each pair (C): each day, and the window."""
    r_window, r_days = mean_correlation(fit, residuals, weights)
    z_days, z_window = rank_tests(fit, rank_scores(fit, residuals, weights) if with_ranks else None)
    car, scar = fit.car[None], fit.scar[None]
    chosen = np.flatnonzero(weights)
    few = chosen if 2 * len(chosen) < len(weights) else None
    sar = fit.standardised if few is None else lambda at: fit.sar[:, at]
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(fit.freedom > 2, fit.freedom / (fit.freedom - 2), np.nan)
    events = Weighted(weights, residuals.positive, variance)
    days = _statistics(_sums(fit, events, len(fit.ar), lambda at: (fit.ar[:, at], sar(at)), few), r_days, z_days)
    events = Weighted(weights * fit.usable, residuals.positive, variance)
    window = _statistics(_sums(fit, events, 1, lambda at: (car[:, at], scar[:, at]), few), np.array([r_window]), np.array([z_window]))
    return days, Statistics(*(getattr(window, name)[0] for name in Statistics.__dataclass_fields__))


def _statistics(sums: Array, correlation: Array, rank_z: Array) -> Statistics:
    """Work the statistics out from the sums of each row, its correlation and its rank statistic."""
    n, positive, expected, unit, mean, sd, scaled, scaled_sd = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        bmp = np.sqrt(n) * scaled / scaled_sd
        r = np.maximum(correlation, -1 / np.maximum(n - 1, 1) + 1e-9)
        inflation = np.sqrt((1 + (n - 1) * r) / (1 - r))
        p = expected / n
        sign = (positive - n * p) / np.sqrt(n * p * (1 - p))
        found = Statistics(
            n, mean, sd, np.sqrt(n) * mean / sd, n * scaled / np.sqrt(unit), bmp, bmp / inflation, rank_z, sign, correlation, inflation
        )
    return _without_group(found)


def _without_group(found: Statistics) -> Statistics:
    """Empty what has no meaning for a single event."""
    alone = found.n < 2
    kept = {"n", "mean"}
    cells = {name: getattr(found, name) for name in Statistics.__dataclass_fields__}
    return Statistics(**{name: value if name in kept else np.where(alone | ~np.isfinite(value), np.nan, value) for name, value in cells.items()})


def _sums(fit: Fit, events: Weighted, height: int, read: Read, few: Index | None = None) -> Array:
    """Sum rows over their known pairs, a piece at a time, so that each is read once (8 x rows); over `few` pairs where a group has no others.

    Returns for each row: events; how many are positive, how many were expected to be; the sum of `variance`; mean and standard
    deviation (N - 1) of plain and of standardised values. Squares are taken about 0, which is exact where values spread
    wider than their mean is large; where a row does not, all are taken again about the mean.
    """
    pieces: list[Any] = list(fit.pieces(CELLS // max(height, 1))) if few is None else [few]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _finished(sum((_piece(read(at), events.of(at)) for at in pieces), np.zeros((8, height))))
        if (found[[5, 7]] < np.abs(found[[4, 6]]) / 10).any():
            centres = np.nan_to_num(found[[4, 6], :, None])
            about = sum((_piece(read(at), events.of(at), centres) for at in pieces), np.zeros((8, height)))
            found = _finished(about, centres)
    found[[5, 7]] = np.where(found[[5, 7]] > 1e-13 * np.abs(found[[4, 6]]), found[[5, 7]], np.nan)
    return found


def _piece(values: Values, events: Weighted, centres: Array | tuple[float, float] = (0.0, 0.0)) -> Array:
    """Sum the plain and the standardised values of some pairs (rows x pairs each) about `centres` (8 x rows)."""
    total = _added(values, events, centres)
    if np.isfinite(total).all():
        return total
    # a sum that is not finite has a missing term: only then are the known ones looked for
    known = np.isfinite(values[1])
    plain, scaled, *others = (np.where(known, one, 0.0) for one in (*values, events.weight, events.share, events.variance))
    return _added((plain, scaled), Weighted(*others), centres)


def _added(values: Values, events: Weighted, centres: Array | tuple[float, float]) -> Array:
    """Do the same without a look for missing values."""
    weight, spare = events.weight, np.empty(values[0].shape)
    total = np.empty((8, len(spare)))
    total[0] = weight.sum(axis=-1)
    total[1] = np.vecdot(np.greater(values[0], 0, out=spare, casting="unsafe"), weight)
    total[2], total[3] = np.vecdot(events.share, weight), np.vecdot(events.variance, weight)
    for row, value, centre in zip((4, 6), values, centres, strict=True):
        distance = value - centre if np.any(centre) else value
        total[row] = np.vecdot(distance, weight)
        total[row + 1] = np.vecdot(np.multiply(distance, weight, out=spare), distance)
    return total


def _finished(total: Array, centres: Array | tuple[float, float] = (0.0, 0.0)) -> Array:
    """Turn sums about centres into means and standard deviations."""
    found, n = total.copy(), total[0]
    for row, centre in zip((4, 6), centres, strict=True):
        distance = total[row] / n
        found[row] = distance + np.ravel(centre)
        found[row + 1] = np.sqrt(np.maximum(total[row + 1] - n * distance**2, 0.0) / (n - 1))
    return found


def two_sided(statistic: Array, freedom: Array | float) -> Array:
    """Return the two-sided p of a t statistic; infinite degrees of freedom make it normal."""
    found: Array = 2 * stats.t.sf(np.abs(statistic), freedom)
    return found


def quantile(probability: float, freedom: Array | float) -> Array:
    """Return a quantile of Student's t."""
    found: Array = stats.t.ppf(probability, freedom)
    return found


def q_values(p: Sequence[float] | Array) -> Array:
    """Return Benjamini and Hochberg's q of each p: the least rate of false discoveries at which it would count. NaN stays NaN."""
    values = np.asarray(p, dtype=float)
    found = np.full(values.shape, np.nan)
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known])]
    scaled = values[order] * len(order) / np.arange(1, len(order) + 1)
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return found
