"""What a view is called, in the browser's tab and in the preview of a link."""

from __future__ import annotations

import pandas as pd

from tapeline import milestones
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tapeline.words import count, day, iso, listing

NAME = "Tapeline"
FULL = "Tapeline: AI milestones beside the market"


def of(tables: Tables, selection: Selection, page: str = "", event: str | None = None) -> str:
    """Name a view: its milestone where one is open, else its filter, then the page; `page` is '' for the first one."""
    view = _title(tables, event) if event else chosen(tables, selection)
    parts = [part for part in (view, page, NAME) if part]
    return " · ".join(parts) if len(parts) > 1 else FULL


def chosen(tables: Tables, selection: Selection) -> str:
    """Say a filter in a few words: DeepSeek and Meta, funding, since 2025-01-01; '' where it lets everything through."""
    labels = tables.book.labels
    parts = [listing([tables.names[name] for name in selection.companies])]
    for column, values in (("kind", selection.kinds), ("openness", selection.openness)):
        parts.append(listing([labels("milestones", column)[value].lower() for value in values]))
    start, end = selection.start, selection.end
    parts.append(f"{start} to {end}" if start and end else f"since {start}" if start else f"until {end}" if end else "")
    parts.append(f"“{selection.text}”" if selection.text else "")
    words = ", ".join(part for part in parts if part)
    return words[:1].upper() + words[1:]


def description(tables: Tables, selection: Selection, event: str | None = None) -> str:
    """Say in a sentence or two what a link opens: the milestone's summary, or how many milestones from when to when."""
    if event:
        row = _row(tables, event)
        return f"{day(row['date'], row['date_precision'])}: {row['summary']}"
    rows = milestones.select(tables, selection)
    if rows.empty:
        return "No milestone matches this filter."
    first, last = rows.iloc[0], rows.iloc[-1]
    reach = f"{count(len(rows), 'AI milestone')} from {iso(first['date'])} to {iso(last['date'])}, each with its sources, beside the market."
    return f"{reach} The latest: {last['title']}."


def _title(tables: Tables, event: str) -> str:
    return str(_row(tables, event)["title"])


def _row(tables: Tables, event: str) -> pd.Series:
    return tables.milestones[tables.milestones["milestone_id"] == event].iloc[0]
