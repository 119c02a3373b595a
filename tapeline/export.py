"""Frames to files: what a reader sees, as a file that says the same.

CSV is RFC 4180 in UTF-8: a header, commas, CRLF ends, quotes where needed, ISO dates, snake_case names, empty for missing.
The spreadsheet variant adds a byte-order mark and an apostrophe before text that a spreadsheet would run as a formula.
JSON and Parquet have the codebook's types, and null for missing.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from tapeline import package
from tapeline.market import snapshot
from tapeline.milestones import Tables, first_figures
from tapeline.once import once
from tapeline.package import INDEX, Codebook
from tapeline.selection import Selection

COLUMNS = (
    "milestone_id", "date", "date_precision", "company_id", "company", "product", "kind", "openness", "licence", "title", "summary",
    "metric_id", "value", "unit", "source_url_1", "source_url_2", "checked_on",
)  # fmt: skip
TYPES = {"date": "date", "value": "number", "checked_on": "date"}
"""The types of the columns that are no text, as the codebook names them."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@once()
def milestones(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return selected milestones as text, one row each: identity, words, first figure, first two sources."""
    figure = first_figures(tables).reindex(rows["milestone_id"])
    urls = tables.sources.assign(place=tables.sources.groupby("milestone_id").cumcount())
    url = urls.pivot(index="milestone_id", columns="place", values="url").reindex(rows["milestone_id"])
    frame = rows.assign(
        date=rows["date"].dt.strftime("%Y-%m-%d"),
        company=rows["company_id"].map(tables.names),
        checked_on=rows["checked_on"].dt.strftime("%Y-%m-%d"),
        metric_id=figure["metric_id"].to_numpy(),
        value=[_number(value) for value in figure["value"]],
        unit=figure["unit"].to_numpy(),
        source_url_1=url[0].to_numpy() if 0 in url else "",
        source_url_2=url[1].to_numpy() if 1 in url else "",
    )
    return frame[list(COLUMNS)].fillna("").astype(str)


@once()
def market(series: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return rebased levels side by side: `date`, then one column a ticker, empty where there was no session."""
    if not series:
        return pd.DataFrame({"date": []})
    wide = pd.concat({ticker: levels.round(3) for ticker, levels in series.items()}, axis=1, sort=True)
    wide.index = pd.DatetimeIndex(wide.index).strftime("%Y-%m-%d").rename("date")
    return wide.reset_index()


@once()
def figures(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame as text under the file's own names (`columns`: the frame's to the file's): ISO dates, plain numbers, true and false."""
    cells = {}
    for name, title in columns.items():
        values = frame[name]
        if pd.api.types.is_datetime64_any_dtype(values):
            cells[title] = values.dt.strftime("%Y-%m-%d").fillna("")
        elif pd.api.types.is_bool_dtype(values):
            cells[title] = values.map({True: "true", False: "false"})
        else:
            cells[title] = values.map(_number) if pd.api.types.is_numeric_dtype(values) else values.fillna("").astype(str)
    return pd.DataFrame(cells)


@once()
def table(tables: Tables, name: str, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a table of the package as text, without rows that were left out; with `rows`, only what belongs to these milestones.

    Raises DataError where the market index is asked for and cannot be read.
    """
    if name == INDEX:
        snapshot.load(tables.book.base)
        return package.read_text(tables.book, INDEX)
    frame: pd.DataFrame = getattr(tables, name)
    if rows is not None:
        frame = frame[frame["milestone_id"].isin(rows["milestone_id"])]
    return pd.DataFrame({column: _text(frame[column], field["type"]) for column, field in tables.book.fields(name).items()})


def types(book: Codebook, name: str) -> dict[str, str]:
    """Return the type of each column of a table that is no text."""
    return {column: field["type"] for column, field in book.fields(name).items() if field["type"] != "string"}


def csv(frame: pd.DataFrame) -> bytes:
    """Write a frame as plain CSV."""
    return frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8")


def spreadsheet_csv(frame: pd.DataFrame) -> bytes:
    """Write a frame as CSV for spreadsheets: text that looks like a formula is kept from running."""
    safe = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) and not _is_number(cell) else cell)
    return b"\xef\xbb\xbf" + csv(safe)


def as_json(frame: pd.DataFrame, kinds: Mapping[str, str] = TYPES) -> bytes:
    """Write a frame of text as a JSON list of objects: numbers as numbers, dates as text, empty cells null."""
    rows = [{key: _value(cell, kinds.get(str(key), "")) for key, cell in row.items()} for row in frame.to_dict("records")]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def parquet(frame: pd.DataFrame, kinds: Mapping[str, str] = TYPES) -> bytes:
    """Write a frame of text as Parquet: numbers as numbers, dates as dates, empty cells null."""
    typed = {column: _column(frame[column], kinds.get(str(column), "string")) for column in frame}
    return bytes(pd.DataFrame(typed).to_parquet(None, engine="pyarrow", index=False))


def file_name(what: str, tables: Tables, selection: Selection, ending: str = "csv") -> str:
    """Name a file after what is in it: the filter and the version of the data."""
    slug = selection.slug()
    return f"tapeline-{what}_{f'{slug}_' if slug else ''}{tables.book.version}.{ending}"


def _text(column: pd.Series, kind: str) -> pd.Series:
    match kind:
        case "date":
            column = column.dt.strftime("%Y-%m-%d").fillna("")
        case "number" | "integer":
            column = column.map(_number)
        case "boolean":
            column = column.map({True: "true", False: "false"})
    return column


def _value(cell: str, kind: str) -> Any:
    if cell == "":
        return None
    match kind:
        case "number":
            return float(cell)
        case "integer":
            return int(cell)
        case "boolean":
            return cell == "true"
    return cell


def _column(cells: pd.Series, kind: str) -> pd.Series:
    values = [_value(cell, kind) for cell in cells]
    if kind == "date":
        values = [dt.date.fromisoformat(value) if value else None for value in values]
    dtype = {"number": "Float64", "integer": "Int64", "boolean": "boolean", "string": "string"}.get(kind, "object")
    return pd.Series(values, index=cells.index, dtype=dtype)


def _number(value: float) -> str:
    if pd.isna(value):
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
