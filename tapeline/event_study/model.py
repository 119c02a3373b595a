"""Expected and abnormal returns of many events at once, by prefix sums.

The sums over any estimation window are differences of running sums, so all sessions of all shares are fitted for the
price of one pass. Series are centred first, which keeps those differences exact to about 1e-15.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tapeline.event_study.panel import Array, Index, Mask, Panel
from tapeline.event_study.parameters import Parameters

FITTED, NO_SESSION, TOO_FEW, FLAT_MARKET, NO_SPREAD = range(5)
NOTHING = 1e-12
"""A sum of squares below this part of the whole column's is rounding: the series did not move."""
BLOCK = 4096
"""Pairs worked on at once: their numbers stay in the processor's cache."""


KEPT = ("n", "alpha", "beta", "sigma", "r2", "market_mean", "market_spread")


@dataclass(frozen=True)
class Fit:
    """What a model says about C distinct pairs of share and session; `of_event` maps N events to them (-1: none).

    `ar` and `sar` are P days x C, NaN where a return is missing; `car` and `car_sd` are over the window and NaN where
    one of its days is missing. Returns and alpha are fractions a session.
    """

    panel: Panel
    parameters: Parameters
    rows: Index
    columns: Index
    of_event: Index
    reason: Index
    n: Array
    alpha: Array
    beta: Array
    sigma: Array
    r2: Array
    market_mean: Array
    market_spread: Array
    ar: Array
    sar: Array
    car: Array
    car_sd: Array

    @property
    def freedom(self) -> Array:
        """Return the degrees of freedom of each pair's sigma (C)."""
        return self.n - self.parameters.coefficients

    @property
    def scar(self) -> Array:
        """Return each pair's CAR in units of its standard deviation (C)."""
        return self.car / self.car_sd

    @property
    def usable(self) -> Mask:
        """Tell which pairs count in statistics over the window (C)."""
        found: Mask = (self.reason == FITTED) & np.isfinite(self.car)
        return found

    @cached_property
    def places(self) -> Index:
        """Return the place of each pair's day 0 among the panel's dates (C)."""
        found: Index = self.panel.places[self.panel.calendar_of[self.columns], self.rows]
        return found

    def counts(self, events: Index | None = None) -> Array:
        """Return how many of some events (default: all) fall on each pair (C)."""
        chosen = self.of_event if events is None else self.of_event[events]
        return np.bincount(chosen[chosen >= 0], minlength=len(self.rows)).astype(float)


@dataclass(frozen=True)
class Estimates:
    """Coefficients of some pairs, all of one shape: valid sessions, mean return, alpha, beta, sigma, R2, the market's moments, why not."""

    n: Array
    mean: Array
    alpha: Array
    beta: Array
    sigma: Array
    r2: Array
    market_mean: Array
    market_spread: Array
    reason: Index


def measure(panel: Panel, rows: Index, columns: Index, parameters: Parameters) -> Fit:
    """Fit the model for N events, given as row of day 0 (-1: none) and column, and measure what they did beyond it."""
    at, on, of_event = _distinct(panel, rows, columns)
    running = Running(panel, parameters)
    cells = {name: np.empty(len(at)) for name in (*KEPT, "car", "car_sd")}
    reason, ar, sar = np.empty(len(at), dtype=np.int64), *(np.empty((len(parameters.days), len(at))) for _ in range(2))
    for place, some_rows, some_columns in _pieces(at, on, len(panel.tickers)):
        found = running.estimates(some_rows, some_columns)
        shape = found.reason.shape
        parts = [values[:, place].reshape(len(parameters.days), *shape, copy=False) for values in (ar, sar)]
        car, car_sd = _abnormal(panel, found, (some_rows, some_columns), parameters, (parts[0], parts[1]))
        reason[place], cells["car"][place], cells["car_sd"][place] = found.reason.ravel(), car.ravel(), car_sd.ravel()
        for name in KEPT:
            cells[name][place].reshape(shape, copy=False)[...] = getattr(found, name)
    return Fit(panel, parameters, at, on, of_event, reason, ar=ar, sar=sar, **cells)


def path_sd(fit: Fit, cell: int) -> Array:
    """Return the standard deviation of one pair's CAR path, added up from the first of the days (P)."""
    days = fit.parameters.days
    steps = np.arange(1.0, len(days) + 1)
    rows = fit.rows[cell] + days
    there = (rows >= 0) & (rows < len(fit.panel.market))
    market = np.where(there, fit.panel.market[np.clip(rows, 0, len(fit.panel.market) - 1), fit.columns[cell]], np.nan)
    deviation = np.cumsum(market - fit.market_mean[cell])
    spread: Array = fit.sigma[cell] * np.sqrt(_factor(steps, deviation, fit.n[cell], fit.market_spread[cell], fit.parameters.coefficients))
    return spread


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
        n, y, x, yy, xx, xy = self._window(rows, columns, *self.parameters.estimation)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean, market = y / n, x / n
            syy, sxx, sxy = yy - y * mean, xx - x * market, xy - y * market
            mean += _pick(self.share_centre[None], 0, columns)
            market += _pick(self.market_centre[None], 0, columns)
            flat = sxx <= NOTHING * _pick(self.xx[-1:], 0, columns) if self.parameters.model == "market" else np.zeros_like(sxx, dtype=bool)
            beta, alpha, squares = self._coefficients(n, (mean, market), (sxx, syy, sxy))
            r2 = 1 - squares / syy if self.parameters.model == "market" else np.full_like(squares, np.nan)
            sigma = np.sqrt(squares / (n - self.parameters.coefficients))
        still = ~(squares > NOTHING * _pick(self.yy[-1:], 0, columns))
        short = n < self.parameters.least
        reason = np.where(short, TOO_FEW, np.where(flat, FLAT_MARKET, np.where(still, NO_SPREAD, FITTED)))
        if reason.any():
            sigma[still] = np.nan
            for values in (mean, alpha, beta, sigma, r2):
                values[(reason == TOO_FEW) | (reason == FLAT_MARKET)] = np.nan
        return Estimates(n, mean, alpha, beta, sigma, r2, market, sxx, reason)

    def scar(self, rows: Index, columns: Index) -> tuple[Array, Array]:
        """Return CAR over the window and its standard deviation for pairs in any shape, without the days between; NaN where one is missing."""
        found = self.estimates(rows, columns)
        first, last = self.parameters.window
        n, y, x, *_ = self._window(rows, columns, first, last)
        length = self.parameters.length
        share = y + length * _pick(self.share_centre[None], 0, columns)
        market = x + length * _pick(self.market_centre[None], 0, columns)
        car = share - length * found.alpha - found.beta * market
        car[(n < length) | (rows + first < 0) | (rows + last >= self.height)] = np.nan
        deviation = market - length * found.market_mean
        with np.errstate(divide="ignore", invalid="ignore"):
            return car, found.sigma * np.sqrt(_factor(float(length), deviation, found.n, found.market_spread, self.parameters.coefficients))

    def _window(self, rows: Index, columns: Index | None, first: int, last: int) -> list[Array]:
        """Return n, sum of shares, of markets, and of their squares and products over days first to last."""
        low, high = np.clip(rows + first, 0, self.height), np.clip(rows + last + 1, 0, self.height)
        return [_pick(sums, high, columns) - _pick(sums, low, columns) for sums in (self.n, self.y, self.x, self.yy, self.xx, self.xy)]

    def _coefficients(self, n: Array, means: tuple[Array, Array], squares: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        """Return beta, alpha and the sum of squares that sigma rests on."""
        (mean, market), (sxx, syy, sxy) = means, squares
        if self.parameters.model == "market":
            beta = sxy / sxx
            return beta, mean - beta * market, syy - beta * sxy
        if self.parameters.model == "mean_adjusted":
            return np.zeros_like(mean), mean.copy(), syy
        return np.ones_like(mean), np.zeros_like(mean), syy - 2 * sxy + sxx + n * (mean - market) ** 2


def _pick(table: Array, rows: Index | int, columns: Index | None) -> Array:
    """Return cells of a table at rows and columns, or whole rows where `columns` is None; a table of one column serves every column."""
    found: Array
    if columns is None:
        found = table.take(rows, axis=0, mode="clip")
    elif table.shape[1] == 1:
        found = table[:, 0].take(np.broadcast_to(rows, columns.shape), mode="clip")
    else:
        found = table.ravel().take(rows * table.shape[1] + columns, mode="clip")
    return found


def _pieces(rows: Index, columns: Index, width: int) -> Iterator[tuple[slice, Index, Index | None]]:
    """Cut pairs into pieces that fit the cache: whole rows where every share has an event on every session, else pair by pair."""
    sessions = rows[::width] if width else rows
    if len(rows) == len(sessions) * width and (rows == np.repeat(sessions, width)).all():
        step = max(BLOCK // max(width, 1), 1)
        for start in range(0, len(sessions), step):
            stop = min(start + step, len(sessions))
            yield slice(start * width, stop * width), sessions[start:stop], None
        return
    for start in range(0, len(rows), BLOCK):
        place = slice(start, min(start + BLOCK, len(rows)))
        yield place, rows[place], columns[place]


def _factor(length: Array | float, deviation: Array, n: Array, spread: Array, coefficients: int) -> Array:
    """Return the variance of a sum of `length` abnormal returns over sigma squared; `deviation` is the market's distance from its mean, added up."""
    factor = length + np.zeros_like(deviation)
    if coefficients:
        factor = factor + length * length / n
    if coefficients == 2:
        factor += deviation * deviation / spread
    return factor


def _distinct(panel: Panel, rows: Index, columns: Index) -> tuple[Index, Index, Index]:
    """Return rows and columns of the distinct pairs, by row then column, and the pair of each event."""
    height, width = panel.returns.shape
    there = (rows >= 0) & (rows < height)
    flat = rows * width + columns if there.all() else rows[there] * width + columns[there]
    seen = np.zeros(height * width, dtype=bool)
    seen[flat] = True
    pairs = np.flatnonzero(seen)
    number = np.full(height * width, -1, dtype=np.int64)
    number[pairs] = np.arange(len(pairs))
    of_event = np.full(len(rows), -1, dtype=np.int64)
    of_event[there] = number[flat]
    return pairs // max(width, 1), pairs % max(width, 1), of_event


def _abnormal(
    panel: Panel, found: Estimates, pairs: tuple[Index, Index | None], parameters: Parameters, into: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Write abnormal returns and standardised ones (P x pairs); return CAR and its standard deviation (pairs)."""
    days, inside, k = parameters.days, parameters.inside, parameters.coefficients
    (rows, columns), (ar, sar) = pairs, into
    at = days.reshape(-1, *[1] * rows.ndim) + rows
    share = _pick(panel.returns, at, columns)
    market = panel.market[:, :1] if found.market_mean.shape[-1] == 1 and columns is None else panel.market
    deviation = _pick(market, at, columns)
    outside = (at < 0) | (at >= len(panel.returns))
    if outside.any():
        share[outside] = np.nan
    deviation -= found.market_mean
    with np.errstate(divide="ignore", invalid="ignore"):
        if parameters.model == "market_adjusted":
            np.subtract(share, deviation + found.market_mean, out=ar)
        else:
            np.subtract(share, found.mean, out=ar)
        if parameters.model == "market":
            ar -= np.multiply(found.beta, deviation, out=share)
        np.multiply(1 / found.sigma, 1 / np.sqrt(_factor(1.0, deviation, found.n, found.market_spread, k)), out=share)
        np.multiply(ar, share, out=sar)
        total = _factor(float(parameters.length), deviation[inside].sum(axis=0), found.n, found.market_spread, k)
        return ar[inside].sum(axis=0), found.sigma * np.sqrt(total)


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
