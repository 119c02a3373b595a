"""The returns that a study reads: one column a share, each beside its own market, in rows of the share's own sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Dates = npt.NDArray[np.datetime64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Panel:
    """Returns as fractions, T rows x K shares; NaN is missing.

    Row s of column k is session s of calendar `calendar_of[k]`; columns of a shorter calendar end in NaN.
    """

    tickers: tuple[str, ...]
    returns: Array
    market: Array
    calendars: tuple[Dates, ...]
    calendar_of: Index

    @cached_property
    def dates(self) -> Dates:
        """Return every date on which some exchange was open, increasing (U)."""
        return np.unique(np.concatenate([*self.calendars, np.empty(0, dtype="datetime64[D]")]))

    @cached_property
    def places(self) -> Index:
        """Return where each session of each calendar stands among `dates` (calendars x T); past its end, the last place."""
        found = np.full((len(self.calendars), len(self.returns)), len(self.dates) - 1, dtype=np.int64)
        for number, sessions in enumerate(self.calendars):
            found[number, : len(sessions)] = np.searchsorted(self.dates, sessions)
        return found

    @cached_property
    def one_market(self) -> bool:
        """Tell whether every share has the same market, with a return on every session."""
        return bool(self.market.shape[1] and (self.market == self.market[:, :1]).all())

    @cached_property
    def complete(self) -> bool:
        """Tell whether no share lacks a return."""
        return bool(np.isfinite(self.returns).all())

    def date(self, row: int, column: int) -> np.datetime64:
        """Return the date of a session of a share."""
        found: np.datetime64 = self.calendars[self.calendar_of[column]][row]
        return found


def of(tickers: Sequence[str], sessions: Sequence[Dates], returns: Sequence[Array], markets: Sequence[Array]) -> Panel:
    """Put series side by side: for each share its sessions (increasing), its returns and its market's, of equal length."""
    known: dict[bytes, int] = {}
    calendars: list[Dates] = []
    calendar_of = np.zeros(len(tickers), dtype=np.int64)
    for column, days in enumerate(sessions):
        dates = np.asarray(days, dtype="datetime64[D]")
        calendar_of[column] = known.setdefault(dates.tobytes(), len(calendars))
        if calendar_of[column] == len(calendars):
            calendars.append(dates)
    height = max((len(days) for days in sessions), default=0)
    return Panel(tuple(tickers), _beside(returns, height), _beside(markets, height), tuple(calendars), calendar_of)


def simple_returns(levels: Any, log: bool = False) -> Array:
    """Return the change of a level from one row to the next as a fraction (T, the first is NaN), or as a difference of logarithms."""
    level = np.asarray(levels, dtype=float)
    found = np.full(len(level), np.nan)
    ratio = level[1:] / level[:-1]
    found[1:] = np.log(ratio) if log else ratio - 1
    return found


def _beside(series: Sequence[Array], height: int) -> Array:
    table = np.full((height, len(series)), np.nan)
    for column, values in enumerate(series):
        table[: len(values), column] = values
    table[~np.isfinite(table)] = np.nan
    return table
