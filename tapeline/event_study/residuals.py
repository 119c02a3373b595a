"""Residuals of the estimation windows: how many are positive, and what they add up to on each session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tapeline.event_study.model import Fit
from tapeline.event_study.panel import Array, Index

KEPT = 4_000_000
"""Most residuals that are kept, about 32 MB; beyond it only their sums by session are."""
CHUNK = 64
FEW, BLOCK = 8, 1024
"""Pairs a session below which pairs are taken one by one, and how many at once."""


@dataclass(frozen=True)
class Residuals:
    """What the estimation windows (E days) of C pairs leave unexplained.

    `positive` is the share of positive residuals (C). `values` are the residuals (C x E, NaN where missing), or None where
    there are too many to keep.
    """

    positive: Array
    values: Array | None


def scan(fit: Fit) -> Residuals:
    """Walk through the estimation windows once."""
    length = fit.parameters.estimation[1] - fit.parameters.estimation[0] + 1
    values = np.full((len(fit.rows), length), np.nan) if len(fit.rows) * length <= KEPT else None
    positive = np.zeros(len(fit.rows))
    sessions = np.count_nonzero(np.diff(fit.rows, prepend=-1))
    if values is not None and len(fit.rows) < FEW * sessions:
        _one_by_one(fit, values, positive)
    else:
        for cells, skipped, share, expected in _by_session(fit):
            positive[cells] = _count(share > expected)
            if values is not None:
                values[cells, skipped : skipped + len(share)] = (share - expected).T
    positive /= np.maximum(fit.n, 1)
    return Residuals(positive, values)


def _one_by_one(fit: Fit, values: Array, positive: Array) -> None:
    """Write the residuals of every pair and how many are positive: quicker than by session where a session has few pairs."""
    for start in range(0, len(fit.rows), BLOCK):
        at = slice(start, min(start + BLOCK, len(fit.rows)))
        expected = np.zeros(values[at].shape)
        if fit.parameters.model != "mean_adjusted":
            np.multiply(_windows(fit, fit.panel.market, at), fit.beta[at][:, None], out=expected)
        expected += fit.alpha[at][:, None]
        share = _windows(fit, fit.panel.returns, at)
        positive[at] = (share > expected).sum(axis=1)
        np.subtract(share, expected, out=values[at])


def _windows(fit: Fit, table: Array, at: slice) -> Array:
    """Return the estimation windows of a slice of pairs (pairs x E), NaN before the data."""
    first, last = fit.parameters.estimation
    length, starts = last - first + 1, fit.rows[at] + first
    found = np.full((len(starts), length), np.nan)
    whole = (starts >= 0) & (starts + length <= len(table))
    if whole.any():
        found[whole] = sliding_window_view(table, length, axis=0)[starts[whole], fit.columns[at][whole]]
    for cell in np.flatnonzero(~whole):
        low, high = max(int(starts[cell]), 0), min(max(int(starts[cell]) + length, 0), len(table))
        found[cell, low - starts[cell] : max(high, low) - starts[cell]] = table[low : max(high, low), fit.columns[at][cell]]
    return found


def scales(fit: Fit, weights: Array) -> Array:
    """Return what a pair's residuals are multiplied with to have the sum of squares 1 and count as often as `weights` say (C)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(weights > 0, weights / (fit.sigma * np.sqrt(fit.freedom)), 0.0)


def sums_by_session(fit: Fit, session_of: Index, weights: Array, firsts: Index) -> Array:
    """Return the residuals of each session added up over its pairs, each in units of the root of its sum of squares (S x E).

    `session_of` numbers the session and calendar of each pair, `weights` count the events on it (C), `firsts` is one pair
    of each session (S). Residuals are products of whole rows with coefficients, so many sessions come at once.
    """
    first, last = fit.parameters.estimation
    scale = scales(fit, weights)
    sums = np.zeros((len(firsts), last - first + 1))
    order = np.argsort(session_of, kind="stable")
    starts = np.searchsorted(session_of[order], np.arange(len(firsts) + 1))
    for start in range(0, len(firsts), CHUNK):
        stop = min(start + CHUNK, len(firsts))
        cells = order[starts[start] : starts[stop]]
        rows = fit.rows[firsts[start:stop]]
        low, high = max(int(rows.min()) + first, 0), int(rows.max()) + last + 1
        product = weighted(fit, (low, high), cells, (session_of[cells] - start, stop - start), scale[cells])
        index = rows[:, None] + np.arange(first, last + 1) - low
        found = product[np.arange(stop - start)[:, None], np.clip(index, 0, product.shape[1] - 1)]
        sums[start:stop] = np.where(index >= 0, found, 0.0)
    return sums


def weighted(fit: Fit, rows: tuple[int, int], cells: Index | slice, sessions: tuple[Index, int], scale: Array) -> Array:
    """Return the residuals of some rows under the coefficients of some pairs, weighted and added up by session (sessions x rows).

    `sessions` number the session of each pair, and say how many there are.
    """
    session, size = sessions
    share, market = fit.panel.returns[slice(*rows)], fit.panel.market[slice(*rows)]
    alpha, beta = (np.where(scale > 0, scale * values[cells], 0.0) for values in (fit.alpha, fit.beta))
    width = len(fit.panel.tickers)
    flat = session * width + fit.columns[cells]
    weight = np.bincount(flat, scale, minlength=size * width).reshape(size, width)
    if fit.panel.one_market and fit.panel.complete:
        line = np.ones((len(share), 2))
        line[:, 1] = market[:, 0]
        by_session = [np.bincount(session, values, minlength=size) for values in (alpha, beta)]
        return np.asarray(share @ weight.T - line @ np.stack(by_session)).T
    of_alpha, of_beta = (np.bincount(flat, values, minlength=size * width).reshape(size, width) for values in (alpha, beta))
    known = np.isfinite(share)
    if fit.parameters.model != "mean_adjusted":
        known &= np.isfinite(market)
    share, market = np.where(known, share, 0.0), np.where(known, np.nan_to_num(market), 0.0)
    return np.asarray(weight @ share.T - of_alpha @ known.T - of_beta @ market.T)


def _by_session(fit: Fit) -> Iterator[tuple[slice, int, Array, Array]]:
    """Yield for each row its pairs, how many days of the window lie before the data, and the others' returns and expected ones (E' x pairs)."""
    first, last = fit.parameters.estimation
    panel, width, pairs = fit.panel, len(fit.panel.tickers), len(fit.rows)
    if not pairs:
        return
    starts = np.flatnonzero(np.diff(fit.rows, prepend=-1))
    line, coefficients, spare = np.ones((len(panel.market), 2)), np.stack([fit.beta, fit.alpha]), np.empty((last - first + 1, width))
    line[:, :1] = panel.market[:, :1]
    flat = fit.parameters.model == "mean_adjusted"
    for start, stop, row in zip(starts.tolist(), [*starts[1:].tolist(), pairs], fit.rows[starts].tolist(), strict=True):
        cells, whole = slice(start, stop), stop - start == width
        low, high = max(row + first, 0), max(row + last + 1, 0)
        share = panel.returns[low:high] if whole else panel.returns[low:high, fit.columns[cells]]
        if flat:
            expected = np.broadcast_to(fit.alpha[cells], share.shape)
        elif panel.one_market:
            expected = np.matmul(line[low:high], coefficients[:, cells], out=spare[: len(share), : stop - start])
        else:
            market = panel.market[low:high] if whole else panel.market[low:high, fit.columns[cells]]
            expected = market * fit.beta[cells] + fit.alpha[cells]
        yield cells, low - row - first, share, expected


def _count(true: np.ndarray) -> Array:
    """Count the true cells of each column, 250 rows at a time: a byte holds that many. Rows are first added ten on ten, in long runs."""
    cells = true.view(np.uint8)
    if len(cells) > 250:
        return np.asarray(sum(_count(true[start : start + 250]).astype(float) for start in range(0, len(true), 250)))
    if len(cells) % 10 == 0:
        cells = np.add.reduce(cells.reshape(10, -1), axis=0, dtype=np.uint8).reshape(-1, cells.shape[1])
    few: Array = np.add.reduce(cells, axis=0, dtype=np.uint8)
    return few
