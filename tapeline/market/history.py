"""History: one ticker's series of levels, and what it did around a session.

Levels are total-return index levels; returns are simple and fractions (-0.17 is a fall of 17 %). Prices, where there are any,
are closes adjusted for splits only, in the currency of the exchange.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class History:
    """One ticker's level by session: a float series on a naive, increasing DatetimeIndex, no gaps filled.

    `price` holds the closes that were fetched, in `currency`; None for a series of the bundled index, which has none.
    """

    ticker: str
    level: pd.Series
    unit: str
    source: str
    price: pd.Series | None = None
    currency: str = ""

    @property
    def as_of(self) -> pd.Timestamp:
        """Return the last session that has a level."""
        return pd.Timestamp(self.level.index[-1])

    def rebased(self, start: pd.Timestamp) -> History:
        """Return levels with 100 at the last session up to `start`, or at the first one where it starts later.

        The result begins at that base session, so the first level is always 100. It is empty where nothing lies at or
        after `start`.
        """
        base = max(int(self.level.index.searchsorted(start, side="right")) - 1, 0)
        kept = self.level.iloc[base:]
        if not len(kept) or kept.index[-1] < start:
            return replace(self, level=kept.iloc[:0])
        levels = kept.to_numpy()
        return replace(self, level=pd.Series(levels / levels[0] * 100, kept.index, name=kept.name))

    def moves(self, sessions: pd.Series, first: int = 0, last: int = 0) -> np.ndarray:
        """Return the compounded return over sessions [first, last] around each of `sessions`, which is 0.

        A float array of the same length; NaN where a session, or an end of its window, is not in the series.
        """
        level = self.level.to_numpy()
        zero = self.level.index.get_indexer(pd.DatetimeIndex(sessions))
        before, after = zero + first - 1, zero + last
        known = (zero >= 0) & (before >= 0) & (after < len(level))
        found = np.full(len(zero), np.nan)
        found[known] = level[after[known]] / level[before[known]] - 1
        return found
