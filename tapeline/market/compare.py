"""Shares compared: levels from a base, against a benchmark, below their peak; returns by range, volatility, baskets.

Pure arithmetic on levels (float series on naive, increasing sessions, no gaps filled). Returns are simple and fractions.
Nothing is annualised but volatility.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from tapeline.once import once

YEAR = 252
"""Sessions that a year of volatility has."""
LEAST_SESSIONS = 20
"""Fewer daily returns give no volatility."""
LATE = pd.Timedelta(days=7)
"""A series that ends so long before the others has no return up to their end."""
RANGES: dict[str, pd.DateOffset | None] = {
    "1M": pd.DateOffset(months=1), "3M": pd.DateOffset(months=3), "6M": pd.DateOffset(months=6), "YTD": None, "1Y": pd.DateOffset(years=1),
    "3Y": pd.DateOffset(years=3),
}  # fmt: skip
"""The usual ranges, counted back from the last session; YTD from the last day of the year before."""


class Fall(NamedTuple):
    """The largest fall: how deep (a fraction, 0 where nothing fell), from which session's level to which."""

    depth: float
    peak: pd.Timestamp
    trough: pd.Timestamp


class Spell(NamedTuple):
    """From which day to which a share belongs to a basket; NaT where that is open."""

    since: pd.Timestamp
    until: pd.Timestamp


def since(name: str, last: pd.Timestamp) -> pd.Timestamp:
    """Return the day from which a range of RANGES counts, back from `last`."""
    offset = RANGES[name]
    return pd.Timestamp(last.year - 1, 12, 31) if offset is None else pd.Timestamp(last - offset)


def between(level: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    """Return the levels from the last session up to `start`, or the first later one, to `end`; empty where none lies in the range."""
    upto = level.loc[:end]
    before = upto.loc[:start]
    kept = upto.loc[before.index[-1] :] if len(before) else upto
    return kept if len(kept) and kept.index[-1] >= start else kept.iloc[:0]


def rebased(level: pd.Series, at: pd.Timestamp | None = None) -> pd.Series:
    """Return levels with 100 at the session `at`, which must be in them; at the first session where none is given."""
    return level / (level.iloc[0] if at is None else level.loc[at]) * 100 if len(level) else level


def session_before(sessions: pd.DatetimeIndex, day_zero: pd.Timestamp) -> pd.Timestamp | None:
    """Return the last session before a day 0; None where there is none."""
    at = int(sessions.searchsorted(day_zero))
    return pd.Timestamp(sessions[at - 1]) if 0 < at <= len(sessions) else None


def relative(level: pd.Series, benchmark: pd.Series) -> pd.Series:
    """Return the ratio of two series on the sessions they share, 100 at the first of these: above 100 the share did better."""
    both = level.index.intersection(benchmark.index)
    return rebased(level.loc[both] / benchmark.loc[both])


def drawdown(level: pd.Series) -> pd.Series:
    """Return how far below its highest level so far a series stands: 0 at a peak, -0.2 a fifth below it."""
    below: pd.Series = level / level.cummax() - 1
    return below


def largest_fall(level: pd.Series) -> Fall:
    """Return the largest fall from a peak to a later trough; `level` is not empty."""
    below = drawdown(level)
    at = int(below.argmin())
    return Fall(float(below.iloc[at]), pd.Timestamp(level.index[int(level.iloc[: at + 1].argmax())]), pd.Timestamp(level.index[at]))


def volatility(level: pd.Series) -> float:
    """Return the annualised volatility: the sample standard deviation of daily returns times the square root of 252; NaN for few of them."""
    returns = level.pct_change(fill_method=None).dropna()
    return float(returns.std(ddof=1)) * math.sqrt(YEAR) if len(returns) >= LEAST_SESSIONS else math.nan


def change(level: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Return the return from the last session up to `start` to the last up to `end`; NaN where it begins later or ends a week before."""
    upto = level.loc[:end]
    base = upto.loc[:start]
    if not len(base) or upto.index[-1] < end - LATE:
        return math.nan
    return float(upto.iloc[-1] / base.iloc[-1] - 1)


@once()
def table(levels: Mapping[str, pd.Series], start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Return a row for each series: its return over each of RANGES up to `end` and since its first session (`max`).

    In the range shown, `start` to `end`: its return, volatility and largest fall. `first` and `last` are its sessions.
    """
    rows = []
    for name, level in levels.items():
        upto, shown = level.loc[:end], between(level, start, end)
        if not len(upto):
            continue
        fall = largest_fall(shown) if len(shown) else Fall(math.nan, pd.NaT, pd.NaT)  # type: ignore[arg-type]
        rows.append({
            "ticker": name, "first": upto.index[0], "last": upto.index[-1], **{label: change(level, since(label, end), end) for label in RANGES},
            "max": float(upto.iloc[-1] / upto.iloc[0] - 1), "shown": float(shown.iloc[-1] / shown.iloc[0] - 1) if len(shown) else math.nan,
            "volatility": volatility(shown), "fall": fall.depth, "fall_from": fall.peak, "fall_to": fall.trough,
        })  # fmt: skip
    columns = ["ticker", "first", "last", *RANGES, "max", "shown", "volatility", "fall", "fall_from", "fall_to"]
    return pd.DataFrame(rows, columns=columns)


def basket(levels: Mapping[str, pd.Series], spells: Mapping[str, Spell]) -> pd.Series:
    """Return the level of an equal-weight basket, rebalanced at each close, without costs, 100 at its first session.

    Its return of a day is the mean of its members' returns. A member counts from the session after its first one, or after the
    day it joined, to its last session, or to the day it left; where its exchange was closed on a day of the basket its return is
    0 that day, and the next one covers both. Empty where no member has a return.
    """
    sessions = pd.DatetimeIndex(sorted(set().union(*(level.index for level in levels.values()))))
    returns = {}
    for ticker, level in levels.items():
        filled = level.reindex(sessions).ffill().loc[: level.index[-1]]
        own = filled.pct_change(fill_method=None)
        spell = spells.get(ticker, Spell(pd.NaT, pd.NaT))  # type: ignore[arg-type]
        member = ~((own.index <= spell.since) | (own.index > spell.until))
        returns[ticker] = own.where(member)
    mean = pd.DataFrame(returns, index=sessions).mean(axis=1).dropna()
    if not len(mean):
        return pd.Series(dtype=float)
    before = session_before(sessions, pd.Timestamp(mean.index[0]))
    grown = (1 + mean.reindex(sessions[sessions >= mean.index[0]]).fillna(0)).cumprod() * 100
    found: pd.Series = pd.concat([pd.Series([100.0], index=pd.DatetimeIndex([before])), grown])
    return found
