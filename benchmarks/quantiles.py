"""Medians, percentiles and ratios of measured numbers."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """Return the median; NaN of nothing."""
    return statistics.median(values) if values else math.nan


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed, between two by line; NaN of nothing."""
    if not values:
        return math.nan
    ordered, at = sorted(values), share * (len(values) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def ratio(ours: float, theirs: float) -> float:
    """Return how many times theirs ours is; NaN where that has no meaning."""
    return ours / theirs if theirs else math.nan
