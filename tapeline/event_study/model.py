"""Expected and abnormal returns of many events at once: every distinct pair of share and session is fitted and measured once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tapeline.event_study.estimates import FITTED, Estimates, Running, factor, pick
from tapeline.event_study.panel import Array, Index, Mask, Panel
from tapeline.event_study.parameters import Parameters

BLOCK = 16_384
"""Pairs worked on at once: few enough to stay in the processor's cache, many enough that calls cost little."""
KEPT = ("n", "alpha", "beta", "sigma", "r2", "market_mean", "market_spread")


@dataclass(frozen=True)
class Fit:
    """What a model says about C distinct pairs of share and session; `of_event` maps N events to them (-1: none).

    `ar` is P days x C, NaN where a return is missing; `car` and `car_sd` are over the window and NaN where one of its days
    is missing. Returns and alpha are fractions a session. `whole`: the pairs are every share on each of some sessions.
    """

    panel: Panel
    parameters: Parameters
    rows: Index
    columns: Index
    of_event: Index
    whole: bool
    reason: Index
    n: Array
    alpha: Array
    beta: Array
    sigma: Array
    r2: Array
    market_mean: Array
    market_spread: Array
    ar: Array
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

    @cached_property
    def sar(self) -> Array:
        """Return each abnormal return in units of its standard deviation (P x C)."""
        return self.standardised(slice(None))

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

    @cached_property
    def everywhere(self) -> tuple[Array, Array]:
        """Return the SCAR and the CAR of every share on every session (K x T, NaN where there is none)."""
        height, width = self.panel.returns.shape
        rows, columns = (part.ravel() for part in np.meshgrid(np.arange(height), np.arange(width), indexing="ij"))
        car, spread = Running(self.panel, self.parameters).scar(rows, columns)
        with np.errstate(divide="ignore", invalid="ignore"):
            return tuple(values.reshape(height, width).T.copy() for values in (car / spread, car))  # type: ignore[return-value]

    def counts(self, events: Index | None = None) -> Array:
        """Return how many of some events (default: all) fall on each pair (C)."""
        chosen = self.of_event if events is None else self.of_event[events]
        return np.bincount(chosen[chosen >= 0], minlength=len(self.rows)).astype(float)

    def pieces(self, size: int) -> Iterator[slice]:
        """Cut the pairs into slices of about `size`, between sessions where the pairs are whole ones."""
        return _slices(len(self.rows), size, len(self.panel.tickers) if self.whole else 1)

    def standardised(self, at: slice) -> Array:
        """Return the standardised abnormal returns of a slice of pairs (P x pairs), one of `pieces` or all.

        Where all shares have one market and no gap, the prediction error is worked out once a session, not once a pair.
        """
        step = len(self.panel.tickers) if self.whole and self.panel.one_market and self.panel.complete else 1
        firsts = slice(at.start, at.stop, step)
        days = self.parameters.days[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            deviation = pick(self.panel.market, self.rows[firsts] + days, self.columns[firsts]) - self.market_mean[firsts]
            error = factor(1.0, deviation, self.n[firsts], self.market_spread[firsts], self.parameters.coefficients)
            found: Array = self.ar[:, at] * (1 / self.sigma[at])
        by_session = found.reshape(len(days), -1, step, copy=False)
        by_session *= (1 / np.sqrt(error))[:, :, None]
        return found


def measure(panel: Panel, rows: Index, columns: Index, parameters: Parameters) -> Fit:
    """Fit the model for N events, given as row of day 0 (-1: none) and column, and measure what they did beyond it."""
    at, on, of_event = _distinct(panel, rows, columns)
    width, running = len(panel.tickers), Running(panel, parameters)
    whole = len(at) > 0 and len(at) % width == 0 and bool((at.reshape(-1, width) == at[::width, None]).all())
    cells = dict(zip((*KEPT, "car", "car_sd"), np.empty((len(KEPT) + 2, len(at))), strict=True))
    reason, ar = np.empty(len(at), dtype=np.int64), np.empty((len(parameters.days), len(at)))
    for place in _slices(len(at), BLOCK, width if whole else 1):
        pairs = (at[place][::width], None) if whole else (at[place], on[place])
        found = running.estimates(*pairs)
        part = ar[:, place].reshape(len(ar), *found.reason.shape, copy=False)
        car, car_sd = _abnormal(panel, found, pairs, parameters, part)
        reason[place], cells["car"][place], cells["car_sd"][place] = found.reason.ravel(), car.ravel(), car_sd.ravel()
        for name in KEPT:
            cells[name][place].reshape(found.reason.shape, copy=False)[...] = getattr(found, name)
    return Fit(panel, parameters, at, on, of_event, whole, reason, ar=ar, **cells)


def path_sd(fit: Fit, cell: int) -> Array:
    """Return the standard deviation of one pair's CAR path, added up from the first of the days (P)."""
    days = fit.parameters.days
    steps = np.arange(1.0, len(days) + 1)
    rows = fit.rows[cell] + days
    there = (rows >= 0) & (rows < len(fit.panel.market))
    market = np.where(there, fit.panel.market[np.clip(rows, 0, len(fit.panel.market) - 1), fit.columns[cell]], np.nan)
    deviation = np.cumsum(market - fit.market_mean[cell])
    spread: Array = fit.sigma[cell] * np.sqrt(factor(steps, deviation, fit.n[cell], fit.market_spread[cell], fit.parameters.coefficients))
    return spread


def _slices(number: int, size: int, step: int) -> Iterator[slice]:
    """Cut 0 to `number` into slices of about `size`, each of whole steps."""
    size = max(size // step, 1) * step
    return (slice(start, min(start + size, number)) for start in range(0, number, size))


def _distinct(panel: Panel, rows: Index, columns: Index) -> tuple[Index, Index, Index]:
    """Return rows and columns of the distinct pairs, by row then column, and the pair of each event."""
    height, width = panel.returns.shape
    there = (rows >= 0) & (rows < height)
    flat = rows * width + columns if there.all() else rows[there] * width + columns[there]
    seen = np.zeros((height, width), dtype=bool)
    seen.ravel()[flat] = True
    at, on = np.nonzero(seen)
    number = np.empty(height * width, dtype=np.int64)
    number[seen.ravel()] = np.arange(len(at))
    if len(flat) == len(rows):
        return at, on, number[flat]
    of_event = np.full(len(rows), -1, dtype=np.int64)
    of_event[there] = number[flat]
    return at, on, of_event


def _abnormal(panel: Panel, found: Estimates, pairs: tuple[Index, Index | None], parameters: Parameters, ar: Array) -> tuple[Array, Array]:
    """Write abnormal returns (P x pairs); return CAR and its standard deviation (pairs)."""
    (rows, columns), inside, length = pairs, parameters.inside, parameters.length
    at = parameters.days[:, None] + rows
    share = pick(panel.returns, at, columns)
    market = pick(panel.market[:, :1] if panel.one_market and columns is None else panel.market, at, columns)
    outside = (at < 0) | (at >= len(panel.returns))
    if outside.any():
        share[outside] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        _expected(found, market, parameters.model, ar)
        np.subtract(share, ar, out=ar)
        deviation = market[inside].sum(axis=0) - length * found.market_mean
        total = factor(float(length), deviation, found.n, found.market_spread, parameters.coefficients)
        return ar[inside].sum(axis=0), found.sigma * np.sqrt(total)


def _expected(found: Estimates, market: Array, model: str, into: Array) -> None:
    """Write what the model expects of some pairs, given the market's returns (P x pairs, or P x sessions x 1 where it is one for all shares)."""
    if model == "mean_adjusted":
        into[...] = found.alpha
    elif into.ndim == 3 and market.shape[-1] == 1:
        # a matrix product a session takes a third of the time of multiplying and adding cell by cell
        line = np.ones((market.shape[1], len(market), 2))
        line[..., 1] = market[..., 0].T
        np.matmul(line, np.stack([found.alpha, found.beta], axis=1), out=into.transpose(1, 0, 2))
    else:
        np.multiply(found.beta, market, out=into)
        into += found.alpha
