"""Lay series side by side for a study, and find the session that is day 0."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tapeline.event_study import panel
from tapeline.event_study.panel import Array, Dates, Panel

JUMP = 0.6
"""A change of the logarithm beyond this is more often a split than news."""


@dataclass(frozen=True)
class Series:
    """A share beside its market: sessions (increasing), returns of both (fractions, NaN where missing, equal length)."""

    ticker: str
    sessions: Dates
    returns: Array
    market: Array

    @property
    def known(self) -> Dates:
        """Return the sessions on which the share has a return."""
        return self.sessions[np.isfinite(self.returns)]


def paired(ticker: str, share: pd.Series, market: pd.Series, returns: bool = False, log: bool = False) -> Series:
    """Pair a share with its market, both levels (or returns) by date: a session is a date on which either has a value.

    A blank is missing and so, among levels, is the change to the next session: nothing is filled. Returns are taken as they are.
    """
    both = pd.DataFrame({"share": share, "market": market}).dropna(how="all")
    first, second = (both[name].to_numpy(dtype=float) for name in both)
    if not returns:
        first, second = panel.simple_returns(first, log), panel.simple_returns(second, log)
    return Series(ticker, both.index.to_numpy().astype("datetime64[D]"), first, second)


def beside(series: Iterable[Series]) -> Panel:
    """Return the panel of some series, one column each."""
    every = list(series)
    return panel.of([one.ticker for one in every], [one.sessions for one in every], [one.returns for one in every], [one.market for one in every])


def day_zero(series: Series, date: pd.Timestamp, session: str = "unknown") -> tuple[int, str]:
    """Return the row of the first session that could react to news of a date, or -1 and why there is none.

    News after the close, and news of a day without a session, belongs to the next one. It never moves back.
    """
    known, day = series.known, np.datetime64(date, "D")
    if not len(known):
        return -1, f"{series.ticker} has no returns"
    if day < series.sessions[0] or day < known[0] - np.timedelta64(1, "D"):
        return -1, f"{date:%Y-%m-%d} lies before the data of {series.ticker}, which begin {known[0]}"
    first = day + np.timedelta64(1, "D") if session == "after_close" else day
    row = int(np.searchsorted(series.sessions, first))
    if row == len(series.sessions) or series.sessions[row] > known[-1]:
        return -1, f"{date:%Y-%m-%d} lies after the data of {series.ticker}, which end {known[-1]}"
    return row, ""


def jumps(series: Series, log: bool = False) -> Dates:
    """Return the sessions on which a share moved as far as a split would move it."""
    change = series.returns if log else np.log1p(np.maximum(series.returns, -1 + 1e-12))
    found: Dates = series.sessions[np.abs(np.nan_to_num(change)) > JUMP]
    return found


def near(name: str, known: Sequence[str]) -> str:
    """Say which known names come close to an unknown one."""
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5) or list(known)[:6]
    return f"known are {', '.join(close)}" + (" and others" if len(known) > len(close) else "")
