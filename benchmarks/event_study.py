"""How fast the event studies are: ratios within one run, so that another machine says the same."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import resource
import statistics
import time
from collections.abc import Callable

import numpy as np

from tapeline.event_study import model, panel, residuals
from tapeline.event_study.inference import Statistics, infer
from tapeline.event_study.panel import Array, Index, Panel
from tapeline.event_study.parameters import Parameters

SESSIONS, SHARES, DATES, ROUNDS = 6000, 100, 10_000, 7
CHOICES = Parameters(estimation=(-260, -11), window=(-10, 10))
Numbers = tuple[Array, Array, Array]


def made_up() -> tuple[Array, Array, Panel]:
    """Return a market, shares and their panel."""
    draw = np.random.default_rng(0)
    market = draw.normal(0, 0.01, SESSIONS)
    shares = market[:, None] * draw.uniform(0.5, 1.5, SHARES) + draw.normal(0, 0.02, (SESSIONS, SHARES))
    days = np.arange(SESSIONS).astype("datetime64[D]")
    return market, shares, panel.of([f"S{k}" for k in range(SHARES)], [days] * SHARES, list(shares.T), [market] * SHARES)


def bare(market: Array, shares: Array, dates: Index) -> Numbers:
    """Return AR, CAR and standardised CAR of every share on every distinct date, by prefix sums alone."""
    n, first, last, length = 250, -260, -10, 21
    x, y, at = market - market.mean(), shares - shares.mean(axis=0), np.unique(dates)
    sx, sxx, sy, syy, sxy = (_window(values, at + first, at + last) for values in (x, x * x, y, y * y, y * x[:, None]))
    sxx = sxx - sx * sx / n
    sxy = sxy - sx[:, None] * sy / n
    beta = sxy / sxx[:, None]
    alpha = sy / n - beta * sx[:, None] / n
    sigma = np.sqrt((syy - sy * sy / n - beta * sxy) / (n - 2))
    days = at[:, None] + np.arange(-10, 11)
    ar = y[days] - alpha[:, None, :] - beta[:, None, :] * x[days][:, :, None]
    car, distance = ar.sum(axis=1), (x[days] - sx[:, None] / n).sum(axis=1)
    return ar, car, car / (sigma * np.sqrt(length + length**2 / n + distance**2 / sxx)[:, None])


def _window(values: Array, low: Index, high: Index) -> Array:
    sums = np.zeros((len(values) + 1, *values.shape[1:]))
    np.cumsum(values, axis=0, out=sums[1:])
    found: Array = sums[high] - sums[low]
    return found


def whole(given: Panel, rows: Index, columns: Index, ranks: bool = False) -> tuple[model.Fit, Statistics, Statistics]:
    """Return everything the engine says of some events as one group."""
    fit = model.measure(given, rows, columns, CHOICES)
    return (fit, *infer(fit, residuals.scan(fit), fit.counts(), with_ranks=ranks))


def median(*works: Callable[[], object]) -> list[float]:
    """Return the median seconds of the processor for some works that take turns."""
    times: list[list[float]] = [[] for _ in works]
    for turn in range(ROUNDS + 1):
        for taken, work in zip(times, works, strict=True):
            start = time.process_time()
            work()
            if turn:
                taken.append(time.process_time() - start)
    return [statistics.median(taken) for taken in times]


def peer(market: Array, shares: Array, dates: Index) -> Callable[[], object] | None:
    """Return the same events through the package `eventstudy`, one by one, or None where it cannot be imported."""
    try:
        from eventstudy import Single
    except ImportError as error:
        print(f"eventstudy                         not compared: {error}")
        return None
    days = np.arange(SESSIONS).astype("datetime64[D]")
    Single._save_parameter("returns", {"date": days, "market": market, **{f"S{k}": shares[:, k] for k in range(SHARES)}})
    windows = {"event_window": (-10, 10), "estimation_size": 250, "buffer_size": 0}

    def one_by_one() -> None:
        for number, date in enumerate(dates):
            Single.market_model(f"S{number % SHARES}", "market", event_date=days[date], **windows)

    return one_by_one


def main() -> None:
    """Measure and print."""
    market, shares, given = made_up()
    dates = np.random.default_rng(1).integers(270, SESSIONS - 20, DATES)
    rows, columns = np.repeat(dates, SHARES), np.tile(np.arange(SHARES), DATES)
    plain, engine = median(lambda: bare(market, shares, dates), lambda: whole(given, rows, columns))
    print(f"{DATES:,} dates x {SHARES} shares, 250-day estimation, 21-day window ({len(np.unique(dates)):,} distinct dates)")
    print(f"  bare AR and CAR by prefix sums   {plain:.3f} s")
    print(f"  with Patell, BMP, KP and sign    {engine:.3f} s   {engine / plain:.2f} times   {len(rows) / engine / 1e6:.1f} M events/s")
    some = dates[:1000]
    (ranked,) = median(lambda: whole(given, some, np.arange(1000) % SHARES, ranks=True))
    print(f"1,000 events with ranks            {ranked:.3f} s   {1000 / ranked:,.0f} events/s")
    one_by_one = peer(market, shares, some)
    if one_by_one:
        (taken,) = median(one_by_one)
        print(f"  the same by eventstudy           {taken:.3f} s   {1000 / taken:,.0f} events/s")
        large = len(rows) / engine * taken / 1000
        print(f"  engine to eventstudy             {taken / ranked:.0f} times with ranks, {large:,.0f} times in the large run")
    print(f"peak memory                        {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
