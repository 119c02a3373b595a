"""Add a milestone: rows for three tables, looked at beside what is there, checked whole, written or not at all."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tapeline import checks, package
from tapeline.errors import Fault
from tapeline.milestones import Tables
from tapeline.package import Codebook, read_text

ALIKE = 0.72
NEAR = pd.Timedelta(days=7)


@dataclass(frozen=True)
class Proposal:
    """A milestone to add: its cells by column, its sources (url, publisher, tier, day) and figures (metric, value, source number)."""

    cells: Mapping[str, str]
    sources: Sequence[tuple[str, str, str, str]]
    figures: Sequence[tuple[str, str, int]]

    def rows(self) -> dict[str, list[dict[str, str]]]:
        """Return the rows for each table."""
        name, today = self.cells["milestone_id"], dt.date.today().isoformat()
        sources = [
            {"source_id": f"{name}.{number}", "milestone_id": name, "url": url, "publisher": publisher, "tier": tier, "published_on": day,
             "accessed_on": today}
            for number, (url, publisher, tier, day) in enumerate(self.sources, 1)
        ]  # fmt: skip
        figures = [
            {"milestone_id": name, "metric_id": metric, "value": value, "approximate": "false", "source_id": f"{name}.{number}"}
            for metric, value, number in self.figures
        ]
        return {"milestones": [{"checked_on": today, **self.cells}], "sources": sources, "figures": figures}


def slug(company_id: str, words: str) -> str:
    """Make a milestone id of a company and some words."""
    tail = re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-").removeprefix(f"{company_id}-")
    return f"{company_id}-{tail}"[:60].rstrip("-")


def free_id(tables: Tables, cells: Mapping[str, str]) -> str:
    """Make an id that no milestone has: of the product, else of the title, else with the date."""
    taken = set(tables.milestones["milestone_id"])
    words = [cells.get("product", ""), cells["title"], f"{cells['date']} {cells['title']}"]
    made = [slug(cells["company_id"], part) for part in words if part]
    return next((name for name in made if name not in taken), made[-1])


def near(tables: Tables, cells: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows that may tell the same event: one company within a week, or much the same title."""
    rows = tables.milestones
    day = pd.to_datetime(pd.Series(cells["date"], index=rows.index), errors="coerce")
    apart = (rows["date"] - day).abs()
    alike = rows["title"].map(lambda title: difflib.SequenceMatcher(None, title.casefold(), cells["title"].casefold()).ratio())
    return rows[((rows["company_id"] == cells["company_id"]) & (apart <= NEAR)) | (alike >= ALIKE)]


def write(book: Codebook, proposal: Proposal, keep: bool = True) -> tuple[list[Fault], str]:
    """Write a proposal into the package, if the whole is sound with it, and `keep` says so.

    Returns the faults and the difference as a unified diff; where there is a fault, nothing was written.
    """
    new = _texts(book, proposal.rows())
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(shutil.copytree(book.base, Path(folder) / "data"))
        for table, text in new.items():
            (trial / book.path(table).name).write_bytes(text.encode("utf-8"))
        found = checks.faults(package.read_codebook(trial))
    old = {table: book.path(table).read_text(encoding="utf-8") for table in new}
    if keep and not found:
        for table, text in new.items():
            package.write_atomically(book.path(table), text.encode("utf-8"))
    return found, "".join(_difference(book.path(table).name, old[table], text) for table, text in new.items())


def _texts(book: Codebook, rows: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, str]:
    """Return each table's text with its rows added: milestones by date and id, the others as their milestones stand."""
    frames = {}
    for table, added in rows.items():
        more = pd.DataFrame(list(added), columns=list(book.fields(table)), dtype=object).fillna("")
        frames[table] = pd.concat([read_text(book, table), more], ignore_index=True)
    milestones = frames["milestones"] = frames["milestones"].sort_values(["date", "milestone_id"], kind="stable")
    place = {name: at for at, name in enumerate(milestones["milestone_id"])}
    for table in ("sources", "figures"):
        frames[table] = frames[table].sort_values("milestone_id", key=lambda names: names.map(place), kind="stable")
    return {table: frame.to_csv(index=False, lineterminator="\n") for table, frame in frames.items()}


def _difference(name: str, old: str, new: str) -> str:
    return "".join(difflib.unified_diff(old.splitlines(True), new.splitlines(True), f"data/{name}", f"data/{name}", n=0))
