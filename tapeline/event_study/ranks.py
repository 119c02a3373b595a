"""Corrado's rank test: where the event's days stand among all days of the same share."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from tapeline.event_study.model import Fit
from tapeline.event_study.panel import Array
from tapeline.event_study.residuals import Residuals

BLOCK = 20_000


def rank_scores(fit: Fit, residuals: Residuals, weights: Array) -> Array | None:
    """Return each day's mean rank over events, as rank/(1 + number) - 1/2, for estimation days then event days (E + P).

    Equal returns share their mean rank. `weights` count the events on each pair (C). None where the residuals were too many to keep.
    """
    cells = np.flatnonzero(weights * fit.usable)
    if residuals.values is None or not len(cells):
        return None
    length = residuals.values.shape[1] + len(fit.ar)
    total, number = np.zeros(length), np.zeros(length)
    for start in range(0, len(cells), BLOCK):
        at = cells[start : start + BLOCK]
        days = np.concatenate([residuals.values[at], fit.ar[:, at].T], axis=1)
        known = np.isfinite(days)
        if known.all():
            total += weights[at] @ (_ranks(days) / (1 + length) - 0.5)
            number += weights[at].sum()
        else:
            score = _ranks(np.where(known, days, np.inf)) / (1 + known.sum(axis=1, keepdims=True)) - 0.5
            total += weights[at] @ np.where(known, score, 0.0)
            number += weights[at] @ known
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(total / number)


def _ranks(values: Array) -> Array:
    """Return the rank of each value in its row (C x days), equal ones at their mean: rows without equal values, the most, need no look at ties."""
    order = np.argsort(values, axis=1)
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, np.arange(1.0, values.shape[1] + 1)[None], axis=1)
    sorted_ = np.take_along_axis(values, order, axis=1)
    tied = (sorted_[:, 1:] == sorted_[:, :-1]).any(axis=1)
    if tied.any():
        ranks[tied] = rankdata(values[tied], axis=1)
    return ranks


def rank_tests(fit: Fit, scores: Array | None) -> tuple[Array, float]:
    """Return the rank statistic of each day (P) and of the window, from the scores of all days (E + P)."""
    days = fit.parameters.days
    if scores is None:
        return np.full(len(days), np.nan), float("nan")
    spread = np.sqrt(np.nanmean(scores**2))
    if not spread > 0:
        return np.full(len(days), np.nan), float("nan")
    event = scores[-len(days) :]
    window = float(event[fit.parameters.inside].sum() / (np.sqrt(fit.parameters.length) * spread))
    return event / spread, window
