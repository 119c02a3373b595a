"""The coefficients of any estimation window as differences of running sums, so that one pass over the returns serves every event.

Series are centred first, which keeps those differences exact to about 1e-15.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tapeline.event_study.panel import Array, Index, Mask, Panel
from tapeline.event_study.parameters import Parameters

FITTED, NO_SESSION, TOO_FEW, FLAT_MARKET, NO_SPREAD = range(5)
NOTHING = 1e-12
"""A sum of squares below this part of the whole column's is rounding: the series did not move."""


@dataclass(frozen=True)
class Estimates:
    """Coefficients of some pairs: valid sessions, alpha, beta, sigma, R2, the market's moments, why not.

    All of one shape, except that number and market moments are one column where all shares have one market and no gap.
    """

    n: Array
    alpha: Array
    beta: Array
    sigma: Array
    r2: Array
    market_mean: Array
    market_spread: Array
    reason: Index


class Running:
    """Running sums of a panel (T + 1 x K, or x 1 where all shares have one market and no gap), from which any window's fit is a difference."""

    def __init__(self, panel: Panel, parameters: Parameters):
        self.parameters = parameters
        both = np.isfinite(panel.returns)
        if parameters.model != "mean_adjusted":
            both &= np.isfinite(panel.market)
        paired = both & np.isfinite(panel.market)
        shared = slice(0, 1) if panel.one_market and both.all() and paired.all() else slice(None)
        self.height = len(both)
        self.share_centre, share = _centred(panel.returns, both)
        self.market_centre, market = _centred(panel.market[:, shared], paired[:, shared])
        self.n, self.y, self.x = _running(both[:, shared].astype(float)), _running(share), _running(market)
        self.yy, self.xx, self.xy = _running(share * share), _running(market * market), _running(share * market)

    def estimates(self, rows: Index, columns: Index | None) -> Estimates:
        """Fit the estimation window before some pairs; of whole rows where `columns` is None."""
        n, y, x, syy, sxx, sxy = self._window(rows, columns, *self.parameters.estimation)
        fitted = self.parameters.model == "market"
        with np.errstate(divide="ignore", invalid="ignore"):
            mean, market = y / n, x / n
            syy -= y * mean
            sxx -= x * market
            sxy -= y * market
            mean += pick(self.share_centre[None], 0, columns)
            market += pick(self.market_centre[None], 0, columns)
            beta, alpha, squares = self._coefficients(n, (mean, market), (sxx, syy, sxy))
            r2 = 1 - squares / syy if fitted else np.full_like(squares, np.nan)
            sigma = np.sqrt(squares / (n - self.parameters.coefficients))
        flat = (sxx <= NOTHING * pick(self.xx[-1:], 0, columns)) & fitted
        still = ~(squares > NOTHING * pick(self.yy[-1:], 0, columns))
        reason = self._reason(n, flat, still)
        if reason.any():
            sigma[still] = np.nan
            for values in (alpha, beta, sigma, r2):
                values[(reason == TOO_FEW) | (reason == FLAT_MARKET)] = np.nan
        return Estimates(n, alpha, beta, sigma, r2, market, sxx, reason)

    def scar(self, rows: Index, columns: Index) -> tuple[Array, Array]:
        """Return CAR over the window and its standard deviation for pairs in any shape, without the days between; NaN where one is missing."""
        found = self.estimates(rows, columns)
        first, last = self.parameters.window
        n, y, x, *_ = self._window(rows, columns, first, last)
        length = self.parameters.length
        share = y + length * pick(self.share_centre[None], 0, columns)
        market = x + length * pick(self.market_centre[None], 0, columns)
        car = share - length * found.alpha - found.beta * market
        car[(n < length) | (rows + first < 0) | (rows + last >= self.height)] = np.nan
        deviation = market - length * found.market_mean
        with np.errstate(divide="ignore", invalid="ignore"):
            return car, found.sigma * np.sqrt(factor(float(length), deviation, found.n, found.market_spread, self.parameters.coefficients))

    def _window(self, rows: Index, columns: Index | None, first: int, last: int) -> list[Array]:
        """Return n, sum of shares, of markets, and of their squares and products over days first to last."""
        low, high = np.clip(rows + first, 0, self.height), np.clip(rows + last + 1, 0, self.height)
        return [pick(sums, high, columns) - pick(sums, low, columns) for sums in (self.n, self.y, self.x, self.yy, self.xx, self.xy)]

    def _coefficients(self, n: Array, means: tuple[Array, Array], squares: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        """Return beta, alpha and the sum of squares that sigma rests on."""
        (mean, market), (sxx, syy, sxy) = means, squares
        if self.parameters.model == "market":
            beta = sxy / sxx
            return beta, mean - beta * market, syy - beta * sxy
        if self.parameters.model == "mean_adjusted":
            return np.zeros_like(mean), mean, syy
        return np.ones_like(mean), np.zeros_like(mean), syy - 2 * sxy + sxx + n * (mean - market) ** 2

    def _reason(self, n: Array, flat: Mask, still: Mask) -> Index:
        """Say of each pair why it has no fit, or that it has one."""
        short = n < self.parameters.least
        if not (short.any() or flat.any() or still.any()):
            return np.full(still.shape, FITTED)
        return np.where(short, TOO_FEW, np.where(flat, FLAT_MARKET, np.where(still, NO_SPREAD, FITTED)))


def pick(table: Array, rows: Index | int, columns: Index | None) -> Array:
    """Return cells of a table at rows and columns, or whole rows where `columns` is None; a table of one column serves every column."""
    found: Array
    if columns is None:
        found = table.take(rows, axis=0, mode="clip")
    elif table.shape[1] == 1:
        found = table[:, 0].take(np.broadcast_to(rows, np.broadcast_shapes(np.shape(rows), columns.shape)), mode="clip")
    else:
        found = table.ravel().take(rows * table.shape[1] + columns, mode="clip")
    return found


def factor(length: Array | float, deviation: Array, n: Array, spread: Array, coefficients: int) -> Array:
    """Return the variance of a sum of `length` abnormal returns over sigma squared; `deviation` is the market's distance from its mean, added up."""
    found = length + np.zeros_like(deviation)
    if coefficients:
        found = found + length * length / n
    if coefficients == 2:
        found += deviation * deviation / spread
    return found


def _centred(values: Array, known: Mask) -> tuple[Array, Array]:
    """Return each column's mean over its known cells (K), and the distances from it with 0 where unknown (T x K)."""
    if known.all():
        centre: Array = values.sum(axis=0) / max(len(values), 1)
        return centre, values - centre
    filled = np.where(known, values, 0.0)
    centre = filled.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return centre, np.where(known, filled - centre, 0.0)


def _running(values: Array) -> Array:
    sums = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=sums[1:])
    return sums
