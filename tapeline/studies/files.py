"""Read prices and events from files of other people: what cannot be read is said by row and column, the rest is kept."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tapeline.errors import StudyInputError
from tapeline.words import count

SESSIONS = ("before_open", "during_session", "after_close", "closed", "unknown")
LARGEST_UPLOAD = 5_000_000
SPREADSHEETS = {b"PK\x03\x04": "a spreadsheet (or another zip file)", b"\xd0\xcf\x11\xe0": "an old Excel file", b"\xff\xfe": "text in UTF-16"}


@dataclass(frozen=True)
class Prices:
    """A wide table: one row a date, one column a series, NaN where blank; `notes` say what was mended or left out, `negative` how many signs."""

    name: str
    table: pd.DataFrame
    returns: bool
    negative: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class EventRows:
    """Events as read: row (of the file), event, ticker, date (NaT where unreadable), session, problem ('' where sound)."""

    name: str
    table: pd.DataFrame
    notes: tuple[str, ...] = ()


def read_prices(source: Path | bytes, name: str = "", returns: bool = False) -> Prices:
    """Read a wide CSV of prices (or of returns as fractions): `date` and one column a series.

    Raises StudyInputError where it is no such table. Cells that are no numbers are missing, negative prices (a bid-ask
    midpoint in one convention) their absolute value, rows with a bad or repeated date left out; notes say so.
    """
    name = name or (source.name if isinstance(source, Path) else "prices")
    table, date = _table(_bytes(source, name), name)
    notes: list[str] = []
    dates = _dates(table[date], name, date, notes)
    cells = {column: _numbers(table[column], name, str(column), notes) for column in table.columns if column != date}
    values = pd.DataFrame(cells, index=table.index)[dates.notna()]
    values.index = pd.Index(dates[dates.notna()], name="date")
    negative = 0
    if not returns:
        below, zero = (values < 0).to_numpy(), (values == 0).to_numpy()
        negative, rows = int(below.sum()), table.index[dates.notna()]
        read = ((below, "negative price", "as the absolute value (a bid-ask midpoint in one convention)"), (zero, "price of nothing", "as missing"))
        notes += [f"{name}, {_first(values.set_axis(rows), wrong)} {_such(wrong, what)} read {how}." for wrong, what, how in read if wrong.any()]
        values = values.abs().mask(values == 0)
    if values.empty:
        raise StudyInputError(f"{name}: found no row with a date and a number; expected one for each session.")
    return Prices(name, values.sort_index(), returns, negative, tuple(notes))


def _first(values: pd.DataFrame, wrong: np.ndarray) -> str:
    """Say where the first of some cells stands, and what it holds."""
    row, column = (int(at) for at in np.argwhere(wrong)[0])
    return f"row {values.index[row]}, column {list(map(str, values.columns))[column]}: found {float(values.to_numpy()[row, column]):g}."


def _such(wrong: np.ndarray, what: str) -> str:
    return count(int(wrong.sum()), what, what.replace("price", "prices"))


def read_events(source: Path | bytes, name: str = "", largest: int | None = None) -> EventRows:
    """Read a CSV of events: `ticker,date` and optionally `event` (or `label`) and `session`.

    Raises StudyInputError where it is no such table or has more bytes than `largest`; a bad row is kept with its problem.
    """
    name = name or (source.name if isinstance(source, Path) else "events")
    data = _bytes(source, name)
    if largest is not None and len(data) > largest:
        raise StudyInputError(f"{name}: found {len(data) / 1e6:.1f} MB; expected at most {largest / 1e6:.0f} MB. Leave out what is not an event.")
    table, _ = _table(data, name, ("ticker", "date"))
    table = table.rename(columns={column: str(column).strip().lower() for column in table.columns}).fillna("")
    cells = {column: table[column].str.strip() if column in table else pd.Series("", index=table.index) for column in ("ticker", "date", "session")}
    label = next((table[column].str.strip() for column in ("event", "label") if column in table), pd.Series("", index=table.index))
    date = pd.to_datetime(cells["date"], format="%Y-%m-%d", errors="coerce")
    session = cells["session"].where(cells["session"] != "", "unknown")
    problem: dict[object, str] = {}
    for wrong, column, found, expected in (
        (~session.isin(SESSIONS), "session", session, f"one of {', '.join(SESSIONS)}"),
        (date.isna(), "date", cells["date"], "a date as 2025-01-27"),
        (cells["ticker"] == "", "ticker", cells["ticker"], "the column of a series"),
    ):
        for row, cell in found[wrong].items():
            problem[row] = f"{name}, row {row}, column {column}: found {cell!r}; expected {expected}"
    label = label.where(label != "", cells["ticker"] + " " + cells["date"])
    notes = [problem[row] for row in sorted(problem, key=str)] + _repeated(name, cells["ticker"], date)
    frame = pd.DataFrame(
        {
            "row": table.index,
            "event": label,
            "ticker": cells["ticker"],
            "date": date,
            "session": session,
            "problem": [problem.get(row, "") for row in table.index],
        }
    )
    return EventRows(name, frame.reset_index(drop=True), tuple(notes))


def _repeated(name: str, ticker: pd.Series, date: pd.Series) -> list[str]:
    """Say which event is there a second time: it counts twice."""
    both = pd.DataFrame({"ticker": ticker, "date": date})
    twice = both[both.duplicated() & date.notna() & (ticker != "")]
    if twice.empty:
        return []
    row = twice.index[0]
    first = both.index[(ticker == ticker[row]) & (date == date[row])][0]
    return [f"{name}, row {row}: {ticker[row]} on {date[row]:%Y-%m-%d} stands in row {first} already. {count(len(twice), 'such row')}; each counts."]


def _bytes(source: Path | bytes, name: str) -> bytes:
    """Read a file whole, and refuse what is plainly no CSV."""
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except FileNotFoundError:
        raise StudyInputError(f"{name}: no such file. Name a CSV.") from None
    for start, what in SPREADSHEETS.items():
        if data.startswith(start):
            raise StudyInputError(f"{name}: found {what}; expected a CSV in UTF-8. Save it as CSV and try again.")
    if not data.strip():
        raise StudyInputError(f"{name}: found an empty file; expected a CSV with a header.")
    return data


def _table(data: bytes, name: str, needed: tuple[str, ...] = ("date",)) -> tuple[pd.DataFrame, str]:
    """Parse a CSV, indexed by its row in the file (the header is row 1); return it and the name of its first needed column."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise StudyInputError(f"{name}, row {line}: found bytes that are not UTF-8; expected a CSV in UTF-8. Save it anew.") from None
    header = [cell.strip() for cell in next(csv.reader(io.StringIO(text)), [])]
    lower = [cell.lower() for cell in header]
    twice = sorted({cell for cell in header if header.count(cell) > 1})
    if twice:
        raise StudyInputError(f"{name}, row 1: found the column {', '.join(map(repr, twice))} more than once; expected each name once.")
    missing = [column for column in needed if column not in lower]
    if missing:
        hint = " The columns seem to be separated by semicolons; use commas." if len(header) == 1 and ";" in header[0] else ""
        shown = ", ".join(header[:8]) + (", …" if len(header) > 8 else "")
        raise StudyInputError(f"{name}, row 1: found no column {', '.join(missing)} among {shown}; expected {', '.join(needed)}.{hint}")
    kind: type | None = str if len(needed) > 1 else None
    try:
        table = pd.read_csv(
            io.StringIO(text), header=0, names=header, dtype={header[lower.index("date")]: str} if kind is None else kind,
            index_col=False, skip_blank_lines=False, low_memory=False, skipinitialspace=True,
        )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise StudyInputError(_unread(name, str(error), len(header))) from None
    table.index = pd.RangeIndex(2, len(table) + 2)
    return table.dropna(how="all"), header[lower.index("date")]


def _unread(name: str, error: str, columns: int) -> str:
    """Say which row has more cells than the header, or what else the parser says."""
    found = re.search(r"in line (\d+), saw (\d+)", error)
    if found:
        return f"{name}, row {found[1]}: found {found[2]} cells; expected {columns}, as in the header. Quote text that holds commas."
    return f"{name}: {' '.join(error.split())}. Expected as many cells in every row as in the header."


def _dates(cells: pd.Series, name: str, column: str, notes: list[str]) -> pd.Series:
    """Read dates; a bad or repeated one becomes NaT, with a note."""
    dates = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
    bad = dates.isna()
    if bad.any():
        row = cells.index[bad][0]
        notes.append(
            f"{name}, row {row}, column {column}: found {cells[row]!r}; expected a date as 2025-01-27. {count(int(bad.sum()), 'such row')} left out."
        )
    known = dates.dropna()
    if not known.is_monotonic_increasing:
        row = known.index[np.flatnonzero(np.diff(known.to_numpy()) < np.timedelta64(0))[0] + 1]
        notes.append(f"{name}, row {row}, column {column}: {known[row]:%Y-%m-%d} comes after a later date. The rows were sorted by date.")
    twice = dates.duplicated() & dates.notna()
    if twice.any():
        row = dates.index[twice][0]
        notes.append(
            f"{name}, row {row}, column {column}: {dates[row]:%Y-%m-%d} comes a second time. The first row of a date counts; "
            f"{count(int(twice.sum()), 'row')} left out."
        )
    return dates.mask(twice)


def _numbers(cells: pd.Series, name: str, column: str, notes: list[str]) -> pd.Series:
    """Read numbers; anything else is missing, with a note."""
    numbers = pd.to_numeric(cells, errors="coerce").astype(float)
    infinite = np.isinf(numbers)
    bad = (numbers.isna() & cells.notna()) | infinite
    if bad.any():
        row = cells.index[bad][0]
        such = count(int(bad.sum()), "such cell")
        notes.append(f"{name}, row {row}, column {column}: found {str(cells[row])!r}; expected a number. Read as missing ({such}).")
    return numbers.mask(infinite)
