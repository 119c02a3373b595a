"""What every column of a table means, as a table: drawn from the codebook, for people to read."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tapeline.package import Codebook

TYPES = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false", "date": "date"}
COLUMNS = ("Column", "Name", "Meaning", "Type", "Allowed", "Unit", "Required")


def of(book: Codebook, table: str) -> pd.DataFrame:
    """Return one row for each column of a table: its name, meaning, type, what may stand in it, unit, whether it must be filled."""
    points = _references(book, table)
    rows = [
        (name, field["title"], field["description"], TYPES.get(field["type"], field["type"]), _allowed(field, points.get(name, "")),
         field.get("unit", ""), "yes" if field.get("constraints", {}).get("required") else "")
        for name, field in book.fields(table).items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def key(book: Codebook, table: str) -> list[str]:
    """Return the columns that name a row."""
    found: list[str] | str = book.tables[table]["schema"].get("primaryKey", [])
    return [found] if isinstance(found, str) else list(found)


def _references(book: Codebook, table: str) -> dict[str, str]:
    """Say for each column that points to another table where it points."""
    found = {}
    for foreign in book.tables[table]["schema"].get("foreignKeys", []):
        target, columns = foreign["reference"]["resource"] or table, foreign["fields"]
        for column, there in zip(_listed(columns), _listed(foreign["reference"]["fields"]), strict=True):
            found[column] = f"a {there} of {target}"
    return found


def _listed(names: list[str] | str) -> list[str]:
    return [names] if isinstance(names, str) else names


def _allowed(field: dict[str, Any], points: str) -> str:
    """Say what may stand in a column: its values with their labels, where it points, its form and bounds."""
    rules, labels = field.get("constraints", {}), field.get("labels", {})
    values = [f"{value} ({labels[value]})" if labels.get(value, value) != value else str(value) for value in rules.get("enum", [])]
    parts = [", ".join(values), points]
    parts.append(f"from {rules['minimum']}" if "minimum" in rules else "")
    parts.append(f"up to {rules['maximum']}" if "maximum" in rules else "")
    parts.append(f"up to {rules['maxLength']} characters" if "maxLength" in rules else "")
    parts.append("each value once" if rules.get("unique") else "")
    return "; ".join(part for part in parts if part)
