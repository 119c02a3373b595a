"""Frames to files: what a reader sees, as a file that says the same.

CSV is RFC 4180 in UTF-8: a header, commas, CRLF ends, quotes where needed, ISO dates, snake_case names, empty for missing.
The spreadsheet variant adds a byte-order mark and an apostrophe before text that a spreadsheet would run as a formula.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd

from tapeline.milestones import Tables, first_figures
from tapeline.selection import Selection

COLUMNS = (
    "milestone_id", "date", "date_precision", "company_id", "company", "product", "kind", "openness", "licence", "title", "summary",
    "metric_id", "value", "unit", "source_url_1", "source_url_2", "checked_on",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


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


def market(series: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return rebased levels side by side: `date`, then one column a ticker, empty where there was no session."""
    if not series:
        return pd.DataFrame({"date": []})
    wide = pd.concat({ticker: levels.round(3) for ticker, levels in series.items()}, axis=1, sort=True)
    wide.index = pd.DatetimeIndex(wide.index).strftime("%Y-%m-%d").rename("date")
    return wide.reset_index()


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


def csv(frame: pd.DataFrame) -> bytes:
    """Write a frame as plain CSV."""
    return frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8")


def spreadsheet_csv(frame: pd.DataFrame) -> bytes:
    """Write a frame as CSV for spreadsheets: text that looks like a formula is kept from running."""
    safe = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) and not _is_number(cell) else cell)
    return b"\xef\xbb\xbf" + csv(safe)


def as_json(frame: pd.DataFrame) -> bytes:
    """Write a frame as a JSON list of objects; empty cells are null, `value` is a number."""
    rows = [{key: None if cell == "" else float(cell) if key == "value" else cell for key, cell in row.items()} for row in frame.to_dict("records")]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def file_name(what: str, tables: Tables, selection: Selection, ending: str = "csv") -> str:
    """Name a file after what is in it: the filter and the version of the data."""
    slug = selection.slug()
    return f"tapeline-{what}_{f'{slug}_' if slug else ''}{tables.book.version}.{ending}"


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
