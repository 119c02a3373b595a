"""What a milestone says when it is pointed at. Plotly reads tags in it, so text from the tables is escaped."""

from __future__ import annotations

import html
import textwrap
from functools import lru_cache
from typing import Any

from tapeline import columns
from tapeline.milestones import Tables, first_figures
from tapeline.once import once
from tapeline.rows import each
from tapeline.words import iso, quantity

WIDTH = 56


class Texts:
    """What each milestone says, by its id; worked out when it is asked for, and kept."""

    def __init__(self, tables: Tables) -> None:
        """Look into the tables, which nobody changes afterwards."""
        self._columns: list[Any] = [tables.milestones[name] for name in ("date", "date_precision", "company_id", "title")]
        self._names, self._said = tables.names, dict[str, str]()
        self._place, self._figures, self._sources = columns.of(tables.milestones).place, _figures(tables), _sources(tables)

    def __getitem__(self, milestone_id: str) -> str:
        """Say date, company, title, first figure and first source of a milestone."""
        if milestone_id not in self._said:
            self._said[milestone_id] = self._text(milestone_id)
        return self._said[milestone_id]

    def _text(self, name: str) -> str:
        at = self._place[name]
        date, precision, company, title = (column.iat[at] for column in self._columns)
        said = [f"{iso(date, precision)} · {html.escape(self._names[company])}", f"<b>{wrapped(title)}</b>"]
        return "<br>".join([*said, *filter(None, (self._figures.get(name), self._sources.get(name)))])


@once(2)
def texts(tables: Tables) -> Texts:
    """Return what the milestones say when they are pointed at."""
    return Texts(tables)


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
