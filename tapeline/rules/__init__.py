"""The rules of the data that a codebook cannot say: how rows hang together (`shape`), and whether they make sense (`sense`)."""

from __future__ import annotations

from collections.abc import Sequence

from tapeline.errors import Fault
from tapeline.package import EVERYTHING, Codebook, read_text
from tapeline.rules import sense, shape
from tapeline.rules.frames import read_guard


def faults(book: Codebook, names: Sequence[str] = EVERYTHING) -> list[Fault]:
    """Apply every rule that the named tables suffice for; their files must be readable as CSV."""
    tables = {name: read_text(book, name) for name in names} | {name: read_guard(book, name) for name in sense.GUARDS}
    found: list[Fault] = []
    for rule in (*shape.RULES, *sense.RULES):
        try:
            found += rule(tables)
        except KeyError:
            continue  # a table was not asked for, or a column is missing, which the codebook's check has said
    return found
