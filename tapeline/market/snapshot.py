"""The bundled index: a daily total-return level for each ticker, derived from a table of closes.

Daily total-return index derived from end-of-day closes compiled from public sources; base 100 at the first session;
not a quote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from tapeline import checks, package
from tapeline.errors import DataError, PriceTableError
from tapeline.market.history import History

BASE = 100.0
DECIMALS = 3
COLUMNS = ("date", "ticker", "adj_close")
SOURCE = "bundled index"


def derive(closes: pd.DataFrame) -> pd.DataFrame:
    """Turn a long table of closes into the index: one row a date, one column a ticker, base 100 at its first session.

    `closes` has `date`, `ticker` and `adj_close` (adjusted for splits and dividends), one row a ticker and session.
    Raises PriceTableError, naming the row, where a price is no positive number, a date no date, or a row comes twice.
    """
    _check(closes)
    wide = closes.pivot(index="date", columns="ticker", values="adj_close").sort_index()
    first = wide.bfill().iloc[0]
    index: pd.DataFrame = (wide / first * BASE).round(DECIMALS).sort_index(axis=1)
    return index


def read_closes(path: Path) -> pd.DataFrame:
    """Read a CSV of daily closes (`date, ticker, adj_close`, further columns ignored) for `derive`."""
    try:
        closes = pd.read_csv(path, usecols=list(COLUMNS), dtype={"date": str, "ticker": str})
    except FileNotFoundError:
        raise PriceTableError(f"{path}: no such file. Name a CSV with the columns {', '.join(COLUMNS)}.") from None
    except (ValueError, UnicodeDecodeError) as error:
        raise PriceTableError(f"{path}: {error}. Expected a CSV with the columns {', '.join(COLUMNS)}.") from None
    closes["adj_close"] = pd.to_numeric(closes["adj_close"], errors="coerce")
    return closes


def to_csv(index: pd.DataFrame) -> bytes:
    """Write the index as the package holds it: ISO dates, no trailing zeros, empty where there was no session."""
    return index.to_csv(lineterminator="\n", float_format=_shortest).encode()


def load(base: Path | None = None) -> dict[str, History]:
    """Read the bundled index: a History by ticker.

    Raises DataError where the file is not what the codebook says.
    """
    book = package.read_codebook(base)
    if not book.is_stamped(package.INDEX):
        faults = checks.faults(book, [package.INDEX])
        if faults:
            raise DataError(faults)
    wide = pd.read_csv(book.path(package.INDEX), index_col="date", parse_dates=["date"])
    return {str(ticker): History(str(ticker), wide[ticker].dropna(), "index", SOURCE) for ticker in wide.columns}


def calendars(histories: Mapping[str, History], by_ticker: Mapping[str, str]) -> dict[str, pd.DatetimeIndex]:
    """Return the sessions of each exchange: every date on which any of its tickers has a level."""
    found: dict[str, list[pd.Index]] = {}
    for ticker, history in histories.items():
        found.setdefault(by_ticker[ticker], []).append(history.level.index)
    return {calendar: _union(indexes) for calendar, indexes in found.items()}


def _union(indexes: Iterable[pd.Index]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(np.unique(np.concatenate([index.to_numpy() for index in indexes])))


def _shortest(value: object) -> str:
    return np.format_float_positional(float(str(value)), trim="-")


def _check(closes: pd.DataFrame) -> None:
    missing = [name for name in COLUMNS if name not in closes]
    if missing:
        raise PriceTableError(f"Found no column {', '.join(missing)}; expected {', '.join(COLUMNS)}.")
    if closes.empty:
        raise PriceTableError("Found no rows; expected one for each ticker and session.")
    dates = pd.to_datetime(closes["date"], format="%Y-%m-%d", errors="coerce")
    price = closes["adj_close"]
    for bad, what in (
        (dates.isna(), "the date is no date as 2025-01-27"),
        (closes["ticker"].isna(), "the ticker is empty"),
        (~(np.isfinite(price) & (price > 0)), "adj_close is no positive number"),
        (closes.duplicated(["date", "ticker"]), "this ticker and date come a second time"),
    ):
        if bad.any():
            at = int(bad.to_numpy().argmax())
            cells = ", ".join(str(closes.iloc[at][name]) for name in COLUMNS)
            raise PriceTableError(f"Row {at + 2} ({cells}): {what}. Mend the row or leave it out.")
