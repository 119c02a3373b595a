"""What a milestone says when it is pointed at. Plotly reads tags in it, so text from the tables is escaped."""

from __future__ import annotations

import html
import textwrap

import pandas as pd

from tapeline.milestones import Tables, first_figures
from tapeline.rows import each
from tapeline.words import iso, quantity

WIDTH = 56


def texts(tables: Tables, rows: pd.DataFrame) -> dict[str, str]:
    """Say date, company, title, first figure and first source of each milestone, by its id."""
    figures = {row.Index: f"{row.label}: {quantity(row)}" for row in each(first_figures(tables))}
    publishers = tables.sources.groupby("milestone_id")["publisher"].agg(list).to_dict()
    names = tables.names
    return {
        row.milestone_id: "<br>".join(filter(None, [
            f"{iso(row.date, row.date_precision)} · {html.escape(names[row.company_id])}",
            f"<b>{wrapped(row.title)}</b>",
            html.escape(figures.get(row.milestone_id, "")),
            html.escape(_source(publishers.get(row.milestone_id, []))),
        ]))
        for row in each(rows)
    }  # fmt: skip


def wrapped(words: str) -> str:
    """Break text into short lines, escaped."""
    return "<br>".join(html.escape(line) for line in textwrap.wrap(words, WIDTH))


def level(name: str, currency: str = "") -> str:
    """Return the template of what a line says at a session: its level and, from the custom data, the move of that day and the close."""
    close = f"<br>close %{{customdata[1]:,.2f}} {html.escape(currency)}" if currency else ""
    return f"<b>{html.escape(name)}</b> %{{x|%Y-%m-%d}}<br>index %{{y:,.1f}}, %{{customdata[0]:+.1%}} on the day{close}<extra></extra>"


def _source(publishers: list[str]) -> str:
    more = f" and {len(publishers) - 1} more" if len(publishers) > 1 else " (single)"
    return f"Source: {publishers[0]}{more}" if publishers else ""
