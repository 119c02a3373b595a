"""The test statistics of a group of events, one day at a time and over the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tapeline.event_study.correlation import mean_correlation
from tapeline.event_study.model import Fit
from tapeline.event_study.panel import Array, Mask
from tapeline.event_study.ranks import rank_scores, rank_tests
from tapeline.event_study.residuals import Residuals

BLOCK = 1024


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


def infer(fit: Fit, residuals: Residuals, weights: Array, with_ranks: bool = True) -> tuple[Statistics, Statistics]:
    """Test the group that has `weights` events on each pair (C): each day, and the window."""
    r_window, r_days = mean_correlation(fit, residuals, weights)
    z_days, z_window = rank_tests(fit, rank_scores(fit, residuals, weights) if with_ranks else None)
    days = _statistics(fit, residuals, weights, (fit.ar, fit.sar), (r_days, z_days))
    weights = weights * fit.usable
    window = _statistics(fit, residuals, weights, (fit.car[None], fit.scar[None]), (np.array([r_window]), np.array([z_window])))
    return days, Statistics(*(getattr(window, name)[0] for name in Statistics.__dataclass_fields__))


def _statistics(fit: Fit, residuals: Residuals, weights: Array, values: tuple[Array, Array], given: tuple[Array, Array]) -> Statistics:
    """Work the statistics out for rows of abnormal and of standardised returns (rows x C), given correlation and rank statistic of each."""
    correlation, rank_z = given
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(fit.freedom > 2, fit.freedom / (fit.freedom - 2), np.nan)
        n, mean, sd, scaled, scaled_sd, positive, expected, unit = _sums(values, weights, residuals.positive, variance)
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


def _sums(values: tuple[Array, Array], weights: Array, share: Array, variance: Array) -> Array:
    """Sum rows over their known pairs, a block at a time, so that each is read once.

    Returns for each row: events; mean and standard deviation (N - 1) of plain and of standardised values; how many are
    positive, how many were expected to be; the sum of `variance`. Squares are taken about the mean of the first block, then moved.
    """
    found = np.zeros((8, len(values[0])))
    centres = [np.zeros((len(values[0]), 1))] * 2
    for start in range(0, len(weights), BLOCK):
        at = slice(start, start + BLOCK)
        weight, parts = weights[at], [values[0][:, at], values[1][:, at]]
        known = np.isfinite(parts[1])
        mask = None if known.all() else known
        n, expected, unit = (_dot(one, weight, mask) for one in (np.ones(len(weight)), share[at], variance[at]))
        if not start:
            centres = [np.where(n > 0, _dot(part, weight, mask) / n, 0.0)[:, None] for part in parts]
        for number, (part, centre) in enumerate(zip(parts, centres, strict=True)):
            distance = part - centre
            found[1 + 2 * number] += _dot(distance, weight, mask)
            distance *= distance
            found[2 + 2 * number] += _dot(distance, weight, mask)
        positive = np.greater(parts[0], 0, out=distance, casting="unsafe")
        found[[0, 5, 6, 7]] += [np.broadcast_to(one, len(parts[0])) for one in (n, _dot(positive, weight, mask), expected, unit)]
    return _finished(found, centres)


def _finished(found: Array, centres: list[Array]) -> Array:
    """Turn sums about provisional centres into means and standard deviations; a spread that is mere rounding is none."""
    for number, centre in enumerate(centres):
        distance = found[1 + 2 * number] / found[0]
        mean = centre[:, 0] + distance
        sd = np.sqrt((found[2 + 2 * number] - found[0] * distance**2) / (found[0] - 1))
        found[1 + 2 * number], found[2 + 2 * number] = mean, np.where(sd > 1e-13 * np.abs(mean), sd, np.nan)
    return found


def _dot(values: Array, weight: Array, known: Mask | None) -> Array:
    """Return each row's weighted sum over its known cells."""
    total: Array = (values if known is None else np.where(known, values, 0.0)) @ weight
    return total


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
