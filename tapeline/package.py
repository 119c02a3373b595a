"""The data package on disk: where it lies, its codebook, and the stamps that say a file was checked.

A stamp is the sha256 of a file's bytes, kept in `datapackage.json`. A file whose hash is its stamp was valid when it
was stamped, so start-up need not check it again.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from tapeline.errors import DataError, Fault

SHIPPED = Path(__file__).resolve().parent.parent / "data"
CODEBOOK = "datapackage.json"
CURATED = ("companies", "instruments", "exposures", "metrics", "milestones", "figures", "sources", "leads", "earnings", "rate_decisions")
INDEX = "market_index"
EVERYTHING = (*CURATED, INDEX)


def folder() -> Path:
    """Return the data folder: TAPELINE_DATA where it is set, else the one that is shipped."""
    return Path(os.environ.get("TAPELINE_DATA") or SHIPPED)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a whole file or nothing: a reader never sees half of it."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)


@dataclass(frozen=True)
class Codebook:
    """`datapackage.json`: what every table and column means, and each file's stamp."""

    base: Path
    descriptor: dict[str, Any]

    @property
    def version(self) -> str:
        """Return the version of the data."""
        return str(self.descriptor["version"])

    @cached_property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Return each table's description by name."""
        return {resource["name"]: resource for resource in self.descriptor["resources"]}

    def fields(self, table: str) -> dict[str, dict[str, Any]]:
        """Return a table's columns by name, in order."""
        return {field["name"]: field for field in self.tables[table]["schema"]["fields"]}

    def labels(self, table: str, column: str) -> dict[str, str]:
        """Return what to call each value of a column on screen."""
        field = self.fields(table)[column]
        names: list[str] = field["constraints"]["enum"]
        return {name: field.get("labels", {}).get(name, name) for name in names}

    def path(self, table: str) -> Path:
        """Return where a table's file lies."""
        return self.base / str(self.tables[table]["path"])

    def is_stamped(self, table: str) -> bool:
        """Tell whether the file on disk is, byte for byte, the one that was stamped."""
        path = self.path(table)
        return path.is_file() and self.tables[table].get("hash") == _hash(path)

    def stamp(self) -> None:
        """Record every file's hash and size. Call it only after a check that found nothing."""
        for resource in self.descriptor["resources"]:
            path = self.base / resource["path"]
            resource["hash"], resource["bytes"] = _hash(path), path.stat().st_size
        text = json.dumps(self.descriptor, indent=2, ensure_ascii=False) + "\n"
        write_atomically(self.base / CODEBOOK, text.encode())


def read_codebook(base: Path | None = None) -> Codebook:
    """Read the codebook of a data folder.

    Raises DataError where it is missing, no JSON, or does not describe every table.
    """
    base = base or folder()
    path = base / CODEBOOK
    todo = "Restore it from the repository."
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        missing = set(EVERYTHING)
        missing -= {resource["name"] for resource in descriptor["resources"] if resource["path"] and resource["schema"]["fields"]}
        if not missing and descriptor["version"]:
            return Codebook(base, descriptor)
        found = f"no description of {', '.join(sorted(missing))}" if missing else "no version"
    except FileNotFoundError:
        found = "no such file"
    except (ValueError, UnicodeDecodeError) as error:
        found = f"no valid JSON ({error})"
    except (KeyError, TypeError) as error:
        found = f"not the shape of a data package ({error})"
    raise DataError([Fault(CODEBOOK, None, None, found, "the codebook of every table, as JSON", todo, stops=True)])


def read_text(book: Codebook, table: str) -> pd.DataFrame:
    """Read a table as text, empty cells as '', indexed by its line in the file (the header is line 1); blank lines count, but are no rows."""
    frame = pd.read_csv(book.path(table), dtype=str, keep_default_na=False, encoding="utf-8", index_col=False, skip_blank_lines=False)
    frame = frame.fillna("").set_axis(pd.RangeIndex(2, len(frame) + 2))
    return frame[(frame != "").any(axis=1)]


def _hash(path: Path) -> str:
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
