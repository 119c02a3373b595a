"""Walk a frame row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield each row as a named tuple; its columns are attributes, its index is `Index`."""
    return iter(frame.itertuples())
