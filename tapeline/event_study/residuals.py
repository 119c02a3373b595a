"""Residuals of the estimation windows: how many are positive, and what they add up to on each session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tapeline.event_study.model import Fit
from tapeline.event_study.panel import Array, Index

KEPT = 4_000_000
"""Most residuals that are kept, about 32 MB; beyond it only their sums by session are."""
CHUNK = 64


@dataclass(frozen=True)
class Residuals:
    """What the estimation windows (E days) of C pairs leave unexplained.

    `positive` is the share of positive residuals (C). `values` are the residuals (C x E, NaN where missing), or None where
    there are too many to keep. `session_of` numbers the session and calendar of each pair (C).
    """

    positive: Array
    values: Array | None
    session_of: Index


def scan(fit: Fit) -> Residuals:
    """Walk through the estimation windows once."""
    length = fit.parameters.estimation[1] - fit.parameters.estimation[0] + 1
    values = np.full((len(fit.rows), length), np.nan) if len(fit.rows) * length <= KEPT else None
    positive = np.zeros(len(fit.rows))
    for cells, skipped, share, expected in _by_session(fit):
        positive[cells] = _count(share > expected)
        if values is not None:
            values[cells, skipped : skipped + len(share)] = (share - expected).T
    positive /= np.maximum(fit.n, 1)
    calendars = len(fit.panel.calendars)
    session_of = np.cumsum(np.diff(fit.rows, prepend=-1) > 0) - 1
    if calendars > 1:
        session_of = np.unique(session_of * calendars + fit.panel.calendar_of[fit.columns], return_inverse=True)[1]
    return Residuals(positive, values, session_of)


def sums_by_session(fit: Fit, residuals: Residuals, weights: Array, firsts: Index) -> Array:
    """Return the residuals of each session added up over its pairs, each in units of the root of its sum of squares (S x E).

    `weights` count the events on each pair (C), `firsts` is one pair of each session (S). Residuals are products of whole
    rows with coefficients, so many sessions come at once.
    """
    first, last = fit.parameters.estimation
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.where(weights > 0, weights / (fit.sigma * np.sqrt(fit.freedom)), 0.0)
    sums = np.zeros((len(firsts), last - first + 1))
    order = np.argsort(residuals.session_of, kind="stable")
    starts = np.searchsorted(residuals.session_of[order], np.arange(len(firsts) + 1))
    for start in range(0, len(firsts), CHUNK):
        stop = min(start + CHUNK, len(firsts))
        cells = order[starts[start] : starts[stop]]
        rows = fit.rows[firsts[start:stop]]
        low, high = max(int(rows.min()) + first, 0), int(rows.max()) + last + 1
        product = weighted(fit, (low, high), cells, residuals.session_of[cells] - start, scale[cells])
        index = rows[:, None] + np.arange(first, last + 1) - low
        found = product[np.clip(index, 0, len(product) - 1), np.arange(stop - start)[:, None]]
        sums[start:stop] = np.where(index >= 0, found, 0.0)
    return sums


def weighted(fit: Fit, rows: tuple[int, int], cells: Index | slice, session: Index, scale: Array) -> Array:
    """Return the residuals of some rows under the coefficients of some pairs, weighted and added up by session (rows x sessions)."""
    share, market = fit.panel.returns[slice(*rows)], fit.panel.market[slice(*rows)]
    alpha, beta = np.nan_to_num(scale * fit.alpha[cells]), np.nan_to_num(scale * fit.beta[cells])
    size, width = int(session.max()) + 1, len(fit.panel.tickers)
    flat = session * width + fit.columns[cells]
    weight = [np.bincount(flat, values, minlength=size * width).reshape(size, width).T for values in (scale,)]
    if fit.panel.one_market and fit.panel.complete:
        return np.asarray(share @ weight[0] - np.bincount(session, alpha) - market[:, :1] * np.bincount(session, beta))
    weight += [np.bincount(flat, values, minlength=size * width).reshape(size, width).T for values in (alpha, beta)]
    known = np.isfinite(share)
    if fit.parameters.model != "mean_adjusted":
        known &= np.isfinite(market)
    return np.asarray(np.where(known, share, 0.0) @ weight[0] - known @ weight[1] - np.where(known, np.nan_to_num(market), 0.0) @ weight[2])


def _by_session(fit: Fit) -> Iterator[tuple[slice, int, Array, Array]]:
    """Yield for each row its pairs, how many days of the window lie before the data, and the others' returns and expected ones (E' x pairs)."""
    first, last = fit.parameters.estimation
    rows = fit.rows.tolist()
    if not rows:
        return
    starts = np.flatnonzero(np.diff(fit.rows, prepend=-1))
    line = np.ones((len(fit.panel.market), 2))
    line[:, :1], coefficients = fit.panel.market[:, :1], np.stack([fit.beta, fit.alpha])
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(fit.rows)], strict=True):
        row, cells = rows[start], slice(start, stop)
        low, high = max(row + first, 0), max(row + last + 1, 0)
        share = fit.panel.returns[low:high]
        whole = stop - start == share.shape[1]
        share = share if whole else share[:, fit.columns[cells]]
        if fit.parameters.model == "mean_adjusted":
            expected = np.broadcast_to(fit.alpha[cells], share.shape)
        elif fit.panel.one_market:
            expected = line[low:high] @ coefficients[:, cells]
        else:
            market = fit.panel.market[low:high] if whole else fit.panel.market[low:high, fit.columns[cells]]
            expected = market * fit.beta[cells] + fit.alpha[cells]
        yield cells, low - row - first, share, expected


def _count(true: np.ndarray) -> Array:
    """Count the true cells of each column, 255 rows at a time: a byte holds that many."""
    cells = true.view(np.uint8)
    if len(cells) <= 255:
        few: Array = np.add.reduce(cells, axis=0, dtype=np.uint8)
        return few
    parts = [np.add.reduce(cells[start : start + 255], axis=0, dtype=np.uint8) for start in range(0, len(cells), 255)]
    return np.asarray(np.sum(parts, axis=0, dtype=float))
