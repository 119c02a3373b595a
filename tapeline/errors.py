"""Everything that Tapeline raises on purpose.

TapelineError
├── DataError       the data package is not what its codebook says (holds the faults)
├── PriceTableError a table of closes cannot become an index
├── StudyInputError prices, events or choices of an event study cannot be read
├── StoryError      the story rests on a row or figure that the tables lack
└── StoreError      the database of fetched prices cannot be used

A message says what was found, where, what was expected and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class TapelineError(Exception):
    """Any failure that Tapeline can explain."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in the data package, told so that a person can mend it.

    `row` is the line that a spreadsheet shows: 1 is the header. It is None where the fault is the whole table's.
    `stops` tells that no row of the table can be trusted.
    """

    table: str
    row: int | None
    column: str | None
    found: str
    expected: str
    todo: str
    stops: bool = False

    def __str__(self) -> str:
        place = [f"{self.table}.csv" if not self.table.endswith(".json") else self.table]
        place += [f"row {self.row}"] if self.row is not None else []
        place += [f"column {self.column}"] if self.column else []
        return f"{', '.join(place)}: found {self.found}; expected {self.expected}. {self.todo}"


class DataError(TapelineError):
    """The data package breaks its codebook; `faults` lists where."""

    def __init__(self, faults: Sequence[Fault]):
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class PriceTableError(TapelineError):
    """A table of daily closes is not of the shape that `snapshot` reads."""


class StudyInputError(TapelineError):
    """A file or a choice that an event study cannot start from; what is wrong with single rows is noted beside the result instead."""


class StoryError(TapelineError):
    """The story names a row or a figure that the tables do not have."""


class StoreError(TapelineError):
    """The database of fetched prices cannot be opened, read or written."""
