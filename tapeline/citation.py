"""How to cite the data, as text and as BibTeX: the whole set, or one row of it."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

import pandas as pd

from tapeline.milestones import Tables
from tapeline.package import Codebook
from tapeline.rows import each, of
from tapeline.words import day, listing

TEX = re.compile(r"([&%$#_{}])")


class Citation(NamedTuple):
    """A citation for people and for a bibliography."""

    text: str
    bibtex: str


def of_set(book: Codebook) -> Citation:
    """Cite the whole set, with its version and date."""
    title, authors, made = book.descriptor["title"], _authors(book), _made(book)
    text = f"{authors} ({made.year}). {title}. Version {book.version}, {day(made)}. Data set, {licence(book)}."
    return Citation(text, _bibtex(f"{book.descriptor['name']}_{book.version}", {
        "author": f"{{{_tex(authors)}}}", "title": f"{{{_tex(title)}}}", "year": str(made.year), "month": f"{made:%b}".lower(),
        "version": book.version, "note": _tex(f"Data set, {licence(book)}"),
    }))  # fmt: skip


def of_row(tables: Tables, milestone_id: str) -> Citation:
    """Cite one row: what it says, whom it rests on, and the set that it stands in."""
    row = next(each(of(tables.milestones, "milestone_id", milestone_id)))
    sources = of(tables.sources, "milestone_id", milestone_id)
    book, whole = tables.book, of_set(tables.book)
    resting = f"after {listing(list(sources['publisher'].drop_duplicates()), 9)} ({sources['url'].iloc[0]})"
    text = f"“{row.title}” ({day(row.date, row.date_precision)}), row {milestone_id}, {resting}. In: {whole.text}"
    return Citation(text, _bibtex(f"{book.descriptor['name']}_{milestone_id}_{book.version}", {
        "author": f"{{{_tex(_authors(book))}}}", "title": f"{{{_tex(row.title)}}}", "year": str(_made(book).year),
        "howpublished": f"Row {milestone_id} of {_tex(book.descriptor['title'])}, {_tex(licence(book))}", "version": book.version,
        "note": f"Event of {day(row.date, row.date_precision)}", "url": sources["url"].iloc[0],
    }))  # fmt: skip


def licence(book: Codebook) -> str:
    """Name the licence of the data."""
    return " and ".join(licence["name"] for licence in book.descriptor.get("licenses", [])) or "licence not stated"


def _authors(book: Codebook) -> str:
    return listing([person["title"] for person in book.descriptor.get("contributors", [])], 9) or str(book.descriptor["title"])


def _made(book: Codebook) -> pd.Timestamp:
    return pd.Timestamp(dt.datetime.fromisoformat(book.descriptor["created"]).date())


def _bibtex(key: str, fields: dict[str, str]) -> str:
    lines = [f"  {name:12} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{re.sub(r'[^A-Za-z0-9]+', '_', key)},", *lines, "}"])


def _tex(words: str) -> str:
    return TEX.sub(r"\\\1", words.replace("\\", "/")).replace("~", r"\textasciitilde{}").replace("^", r"\textasciicircum{}")
