"""Check the data package: bytes first, then the codebook by frictionless, then the rules that a codebook cannot say.

Every fault names table, row and column, what was found, what was expected and what to do.
"""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from tapeline import rules
from tapeline.errors import Fault
from tapeline.package import CODEBOOK, EVERYTHING, Codebook, read_text

CELL = re.compile(r'(?:"(?:[^"]|"")*"|[^",]*)(?:,|$)')
TYPES = {
    "date": "a date as 2025-01-20",
    "number": "a number without units or separators",
    "integer": "a whole number",
    "boolean": "true or false",
    "string": "text",
}


def faults(book: Codebook, tables: Sequence[str] = EVERYTHING) -> list[Fault]:
    """Check some tables of the package (all by default) and return what is wrong, in reading order.

    `tables` must hold every table that its own foreign keys point to. A file that cannot be read as text stops the rest,
    since everything that points to it would look wrong too.
    """
    broken = [fault for table in tables for fault in _bytes(book, table)]
    return broken or [*_codebook(book, tables), *rules.faults(book, tables)]


def untidy(book: Codebook) -> list[Fault]:
    """Return what a sound package still wants before it is shipped: rows in order of date, then id, and stamps."""
    rows = read_text(book, "milestones")
    keys = rows["date"] + " " + rows["milestone_id"]
    late = keys[keys < keys.shift(fill_value="")]
    found = [
        Fault("milestones", int(row), "date", repr(str(key)), "rows in order of date, then id", "Move the row up.")
        for row, key in zip(late.index, late, strict=True)
    ]
    todo = "Run python -m tapeline check --stamp once the edit is what you want."
    unstamped = [table for table in EVERYTHING if not book.is_stamped(table)]
    expected = f"the sha256 in {CODEBOOK}"
    return found + [Fault(table, None, None, "a file that changed since it was stamped", expected, todo) for table in unstamped]


def _bytes(book: Codebook, table: str) -> Iterator[Fault]:
    """Find what keeps a file from being read as UTF-8 CSV with one line a row."""
    path = book.path(table)
    stop = partial(Fault, table, stops=True)
    if not path.is_file():
        yield stop(None, None, "no such file", f"{path.name} in {path.parent.name}/", "Restore it from the repository.")
        return
    raw = path.read_bytes()
    if not raw.strip():
        yield stop(None, None, "an empty file", "a header and rows", "Restore it from the repository.")
        return
    if raw.startswith(BOM_UTF8):
        yield stop(1, None, "a byte-order mark", "plain UTF-8", "Save the file as UTF-8 without BOM.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start + (len(BOM_UTF8) if raw.startswith(BOM_UTF8) else 0)
        todo = "Save the file as UTF-8 (it looks like Latin-1 or Windows-1252)."
        yield stop(raw.count(b"\n", 0, at) + 1, _column_at(raw, at), f"the byte 0x{raw[at]:02x}, which is no UTF-8", "UTF-8 text", todo)
        return
    yield from _quotes(table, text)


def _quotes(table: str, text: str) -> Iterator[Fault]:
    """Find a quotation mark that swallows what follows: no cell of ours runs over a line's end."""
    expected = "every quotation mark closed on its line, and doubled inside a cell"
    todo = "Close the quotation mark, or double it where it belongs to the text."
    reader, line, found = csv.reader(io.StringIO(text, newline=""), strict=True), 0, ""
    try:
        for _ in reader:
            if reader.line_num > line + 1:
                found = "a cell that runs over several lines"
                break
            line = reader.line_num
    except csv.Error as error:
        found = f"a broken quotation mark ({error})"
    if found:
        lines = text.splitlines()
        yield Fault(table, line + 1, _unquoted(lines[0], lines[line]), found, expected, todo, stops=True)


def _unquoted(header: str, line: str) -> str | None:
    """Name the first column of a line that is no well-formed cell."""
    names, at = header.split(","), 0
    for name in names:
        cell = CELL.match(line, at)
        if cell is None:
            return name
        at = cell.end()
    return None


def _column_at(raw: bytes, position: int) -> str | None:
    """Name the column in which a byte stands, from the header and the text before the byte on its line."""
    header = next(csv.reader([raw.split(b"\n", 1)[0].decode("latin-1").rstrip("\r")]))
    before = raw[raw.rfind(b"\n", 0, position) + 1 : position].decode("latin-1")
    number = len(next(csv.reader([before]), [""])) - 1
    return header[number] if 0 <= number < len(header) else None


def _codebook(book: Codebook, tables: Sequence[str]) -> Iterator[Fault]:
    from frictionless import Package  # costs a quarter of a second, and only an edited package needs it

    plain = {**book.descriptor, "resources": [_unhashed(book.tables[table]) for table in tables]}
    report = Package.from_descriptor(plain, basepath=str(book.base)).validate()
    for error in report.errors:
        yield Fault(CODEBOOK, None, None, error.note or error.title, "a valid data package", "Mend the codebook.", stops=True)
    for task in report.tasks:
        for error in task.errors:
            if error.type != "primary-key" or len(book.tables[task.name]["schema"]["primaryKey"]) > 1:
                yield _fault(book, task.name, error)  # a key of one column is unique too, which is said better


def _unhashed(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key not in ("hash", "bytes")}


def _fault(book: Codebook, table: str, error: Any) -> Fault:
    """Say a frictionless error in our own words."""
    row, column = getattr(error, "row_number", None), getattr(error, "field_name", None) or None
    cell = getattr(error, "cell", None)
    field = book.fields(table).get(column or "", {})
    match error.type:
        case "type-error":
            return Fault(table, row, column, repr(cell), TYPES.get(field["type"], field["type"]), "Correct the cell.")
        case "constraint-error":
            return Fault(table, row, column, repr(cell), _constraint(field), "Correct the cell.")
        case "unique-error":
            return Fault(table, row, column, f"{cell!r} a second time", "each value once", "Rename or remove one row.")
        case "primary-key":
            key = book.tables[table]["schema"]["primaryKey"]
            return Fault(table, row, key[0], f"a second row with {error.note.split('is')[0].strip() or 'this key'}",
                         f"each {' + '.join(key)} once", "Remove or rename one row.")  # fmt: skip
        case "foreign-key":
            name, known = error.field_names[0], f"an id that {error.reference_name or table}.csv has"
            todo = f"Correct the id, or add it to {error.reference_name or table}.csv first."
            return Fault(table, row, name, repr(error.cells[_position(book, table, name)]), known, todo)
    labels = ", ".join(book.fields(table))
    label = getattr(error, "label", None)
    if row is None:
        found = f"{error.title.lower()} ({error.note})" if error.note else error.title.lower()
        return Fault(table, 1, label or None, found, f"the columns {labels}", "Restore the header of the codebook.", stops=True)
    todo = "Check commas and quotation marks of the row."
    return Fault(table, row, column, error.title.lower(), f"one cell for each of {labels}", todo)


def _position(book: Codebook, table: str, name: str) -> int:
    return list(book.fields(table)).index(name)


def _constraint(field: dict[str, Any]) -> str:
    rules_of = field["constraints"]
    words: Iterable[str] = (
        f"one of {', '.join(map(str, rules_of['enum']))}" if "enum" in rules_of else "",
        f"text of the form {rules_of['pattern']}" if "pattern" in rules_of else "",
        f"at least {rules_of['minLength']} characters" if "minLength" in rules_of else "",
        f"at most {rules_of['maxLength']} characters" if "maxLength" in rules_of else "",
        f"at least {rules_of['minimum']}" if "minimum" in rules_of else "",
        "a value" if rules_of.get("required") else "",
    )
    return "; ".join(word for word in words if word)
