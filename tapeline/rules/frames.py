"""The tables as the rules see them: text, indexed by the line in the file (package.read_text)."""

from __future__ import annotations

from typing import TypeAlias

import pandas as pd

from tapeline.package import Codebook

Tables: TypeAlias = dict[str, pd.DataFrame]


def read_guard(book: Codebook, name: str) -> pd.DataFrame:
    """Read a table that the data are compared with, from the package's `guards` folder; empty where it is not there."""
    path = book.base / "guards" / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else pd.DataFrame()


def line(row: object) -> int:
    """Return a row's line in its file."""
    return int(str(row))
