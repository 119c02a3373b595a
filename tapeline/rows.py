"""Rows of a frame: walk through them, take some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from tapeline.once import once


@once(512)
def where(frame: pd.DataFrame, column: str, *values: Any) -> pd.DataFrame:
    """Return the rows whose column has one of some values, the same frame each time."""
    return frame[frame[column].isin(values)]


def of(frame: pd.DataFrame, column: str, value: Any) -> pd.DataFrame:
    """Return the rows whose column has a value, in their order, by an index that is made once a frame."""
    at: list[int] = _places(frame, column).get(value, [])
    return frame.iloc[at]


@once(16)
def _places(frame: pd.DataFrame, column: str) -> dict[Any, Any]:
    return dict(frame.groupby(column, sort=False).indices)


@once()
def joined(*frames: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of some frames below each other, the same frame each time."""
    return pd.concat(frames)


def reach(rows: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last date of some rows; there is at least one."""
    dates = rows["date"].to_numpy()
    return pd.Timestamp(dates.min()), pd.Timestamp(dates.max())


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield each row as a named tuple; its columns are attributes, its index is `Index`."""
    return iter(frame.itertuples())
