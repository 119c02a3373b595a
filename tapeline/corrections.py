"""How a reader tells what is wrong or missing: a letter filled in with the row, and where it goes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from tapeline.milestones import Tables, figures_of
from tapeline.package import SHIPPED
from tapeline.rows import each, of
from tapeline.words import iso, quantity

CITATION = SHIPPED.parent / "CITATION.cff"
ASKED = ("date", "company_id", "title", "summary", "kind", "product", "openness", "licence")
"""What a reader who suggests a milestone is asked for: columns of the table."""
NO_HOME = (
    "The project names no public repository yet (`repository-code` in CITATION.cff), so there is no link to open. Copy this text, fill in the gaps, "
    "and send it to whoever gave you this copy of Tapeline."
)
"""What is said above a letter that has nowhere to go; code stands between backticks."""
PAGE = "Pages that show it, the actor's own first (https://…):"


class Letter(NamedTuple):
    """What a reader sends: a subject and a text with gaps to fill."""

    title: str
    body: str


def correction(tables: Tables, milestone_id: str) -> Letter:
    """Write the letter that corrects a row, with the row as it stands."""
    row = next(each(of(tables.milestones, "milestone_id", milestone_id)))
    sources = of(tables.sources, "milestone_id", milestone_id)["url"]
    stands = [f"Row: {milestone_id}", f"Data version: {tables.book.version}", f"Date: {iso(row.date, row.date_precision)}", f"Title: {row.title}"]
    stands += [f"Figure: {quantity(figure)}, {figure.label}" for figure in each(figures_of(tables, milestone_id))]
    stands += [f"Source: {url}" for url in sources]
    return Letter(f"Correct {milestone_id}", "\n".join([*stands, "", "What is wrong:", "", "What is right:", "", PAGE, ""]))


def suggestion(tables: Tables) -> Letter:
    """Write the letter that suggests a milestone, asking for what a row needs in the codebook's words."""
    gaps = []
    for column, field in tables.book.fields("milestones").items():
        if column in ASKED:
            one_of = "; one of " + ", ".join(field["constraints"]["enum"]) if "enum" in field.get("constraints", {}) else ""
            gaps.append(f"{field['title'].removesuffix(' id')} ({field['description'].rstrip('.')}{one_of}):")
    return Letter("Suggest a milestone", "\n".join([f"Data version: {tables.book.version}", "", *gaps, "Figures, each with its unit:", PAGE, ""]))


def repository(path: Path = CITATION) -> str | None:
    """Return the address of the project's repository, which stands in CITATION.cff as `repository-code`; None where it does not."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(r"""^repository-code:\s*["']?(https://[^\s"']+)""", text, re.MULTILINE)
    return found[1].rstrip("/").removesuffix(".git") if found else None


def address(letter: Letter, home: str) -> str:
    """Write the link that opens a letter as a new issue of a repository."""
    return f"{home}/issues/new?{urlencode(letter._asdict())}"
