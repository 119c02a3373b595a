"""What a milestone says when it is pointed at. Plotly reads tags in it, so text from the tables is escaped."""

from __future__ import annotations

import html
import textwrap
from functools import lru_cache

import pandas as pd

from tapeline.milestones import Tables, first_figures
from tapeline.once import once
from tapeline.rows import each
from tapeline.words import iso, quantity

WIDTH = 56


@once()
def texts(tables: Tables, rows: pd.DataFrame) -> dict[str, str]:
    """Say date, company, title, first figure and first source of each milestone, by its id."""
    figures, sources, names = _figures(tables), _sources(tables), tables.names
    return {
        row.milestone_id: "<br>".join(filter(None, [
            f"{iso(row.date, row.date_precision)} · {html.escape(names[row.company_id])}",
            f"<b>{wrapped(row.title)}</b>",
            figures.get(row.milestone_id, ""),
            sources.get(row.milestone_id, ""),
        ]))
        for row in each(rows[["milestone_id", "date", "date_precision", "company_id", "title"]])
    }  # fmt: skip


@lru_cache(4096)
def wrapped(words: str) -> str:
    """Break text into short lines, escaped."""
    return "<br>".join(html.escape(line) for line in textwrap.wrap(words, WIDTH))


def level(name: str, currency: str = "") -> str:
    """Return the template of what a line says at a session: its level and, from the custom data, the move of that day and the close."""
    close = f"<br>close %{{customdata[1]:,.2f}} {html.escape(currency)}" if currency else ""
    return f"<b>{html.escape(name)}</b> %{{x|%Y-%m-%d}}<br>index %{{y:,.1f}}, %{{customdata[0]:+.1%}} on the day{close}<extra></extra>"


@once(2)
def _figures(tables: Tables) -> dict[str, str]:
    """Say the first figure of each milestone that has one, escaped."""
    return {row.Index: html.escape(f"{row.label}: {quantity(row)}") for row in each(first_figures(tables))}


@once(2)
def _sources(tables: Tables) -> dict[str, str]:
    """Say the first source of each milestone and how many more there are, escaped."""
    publishers = tables.sources.groupby("milestone_id")["publisher"].agg(list)
    return {str(name): html.escape(_source(found)) for name, found in publishers.items()}


def _source(publishers: list[str]) -> str:
    return f"Source: {publishers[0]} {f'and {len(publishers) - 1} more' if len(publishers) > 1 else '(single)'}"
