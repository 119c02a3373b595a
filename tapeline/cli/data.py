"""Commands on the data package: check, add, export."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tapeline import add, checks, export, milestones, package, tally
from tapeline.rows import each
from tapeline.selection import PARAMETERS, from_query
from tapeline.words import count

DEFAULTS = {"date_precision": "day", "session": "unknown", "openness": "not_applicable", "importance": "1"}


def describe(commands: Any) -> None:
    """Name the commands and their options."""
    one = commands.add_parser("check", help="validate the data package")
    one.add_argument("--stamp", action="store_true", help="where it is sound, record each file's sha256 in datapackage.json")
    one.set_defaults(run=check)
    _describe_add(commands.add_parser("add", help="add a milestone; asks for what is not given"))
    two = commands.add_parser("export", help="write selected milestones as CSV or JSON")
    two.add_argument("--company", action="append", metavar="ID", help="may be repeated")
    two.add_argument("--kind", action="append", metavar="KIND", help="may be repeated")
    two.add_argument("--openness", action="append", metavar="WORD", help="open_weights, closed or not_applicable; may be repeated")
    two.add_argument("--from", dest="since", action="append", metavar="DATE", help="first day, as 2025-01-20")
    two.add_argument("--to", dest="until", action="append", metavar="DATE", help="last day")
    two.add_argument("--text", dest="q", action="append", metavar="WORDS", help="all of these words, in title, summary, product or company")
    two.add_argument("--format", choices=["csv", "json"], default="csv")
    two.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    two.set_defaults(run=write)


def check(options: argparse.Namespace) -> int:
    """Validate the data package; print its counts, or each fault and what to do."""
    book = package.read_codebook(options.data)
    found = checks.faults(book)
    if not found and options.stamp:
        _stamp(book)
    found = found or checks.untidy(book)
    for fault in found:
        print(fault, file=sys.stderr)
    if found:
        print(f"{count(len(found), 'fault')} in {book.base}", file=sys.stderr)
        return 1
    print("\n".join([f"Data version {book.version}: sound.", *tally.summary(milestones.load(book.base))]))
    return 0


def write(options: argparse.Namespace) -> int:
    """Write selected milestones to a file or to standard output, as the page's download has them."""
    tables = milestones.load(options.data)
    for fault in tables.faults:
        print(f"left out: {fault}", file=sys.stderr)
    query = {key: getattr(options, {"from": "since", "to": "until"}.get(key, key)) for key in PARAMETERS}
    selection, ignored = from_query({key: values or [] for key, values in query.items()}, tables.book, list(tables.companies["company_id"]))
    if ignored:
        companies = ", ".join(tables.companies["company_id"])
        print(f"Nothing here has {', '.join(ignored)}. Companies: {companies}.", file=sys.stderr)
        return 2
    frame = export.milestones(tables, milestones.select(tables, selection))
    data = export.as_json(frame) if options.format == "json" else export.csv(frame)
    if options.output:
        package.write_atomically(options.output, data)
        print(f"{count(len(frame), 'milestone')} in {options.output}", file=sys.stderr)
    else:
        sys.stdout.buffer.write(data)
    return 0


def propose(options: argparse.Namespace) -> int:
    """Add a milestone: show what is near it, check the whole, write it and print the difference, or write nothing."""
    book = package.read_codebook(options.data)
    tables = milestones.load(options.data)
    cells = {column: getattr(options, column) for column in book.fields("milestones") if getattr(options, column, None) is not None}
    sources, figures = options.source or [], options.figure or []
    if sys.stdin.isatty():
        cells, sources = _ask(book, cells), sources or _ask_sources()
    missing = [name for name in ("company_id", "date", "kind", "title", "summary") if not cells.get(name)] + ([] if sources else ["source"])
    if missing:
        print(f"Missing: {', '.join('--' + name.replace('_id', '') for name in missing)}. See python -m tapeline add --help.", file=sys.stderr)
        return 2
    cells = {"milestone_id": add.free_id(tables, cells), **DEFAULTS, **cells}
    close = add.near(tables, cells)
    for row in each(close):
        print(f"near: {row.date:%Y-%m-%d} {row.milestone_id}: {row.title}", file=sys.stderr)
    if len(close) and not options.anyway and not (sys.stdin.isatty() and input("Is it another event? [y/N] ").lower() == "y"):
        print("Nothing was written. If it is another event, say --anyway.", file=sys.stderr)
        return 1
    proposal = add.Proposal(cells, [_four(part) for part in sources], [_three(part) for part in figures])
    found, difference = add.write(book, proposal, keep=not options.dry_run)
    for fault in found:
        print(fault, file=sys.stderr)
    print(difference, end="")
    if not found and not options.dry_run:
        _stamp(book)
    print("Nothing was written." if found or options.dry_run else f"Added {cells['milestone_id']}.", file=sys.stderr)
    return 1 if found else 0


def _ask(book: package.Codebook, cells: dict[str, str]) -> dict[str, str]:
    """Ask for the cells that are not given; an empty answer leaves them empty."""
    asked = dict(cells)
    for column, meaning in book.fields("milestones").items():
        if column not in asked and column not in ("milestone_id", "checked_on"):
            choices = meaning.get("constraints", {}).get("enum")
            default = f" [{DEFAULTS[column]}]" if column in DEFAULTS else ""
            hint = f" ({', '.join(map(str, choices))})" if choices else ""
            if answer := input(f"{meaning['title']}: {meaning['description']}{hint}{default} ").strip():
                asked[column] = answer
    return asked


def _ask_sources() -> list[list[str]]:
    """Ask for pages until an empty line."""
    found = []
    while url := input("Source: address of a page that states it (empty when done) ").strip():
        found.append([url, input("  Publisher: ").strip(), input("  Tier (primary, secondary): ").strip(), input("  Published on: ").strip()])
    return found


def _four(part: Sequence[str]) -> tuple[str, str, str, str]:
    url, publisher, tier, day = (*part, "", "", "", "")[:4]
    return url, publisher, tier or "secondary", day


def _three(part: Sequence[str]) -> tuple[str, str, int]:
    metric, value, source = (*part, "", "")[:3]
    return metric, value, int(source) if source.isdigit() else 1


def _stamp(book: package.Codebook) -> None:
    """Stamp the files, and bring the table in the package's README up to date."""
    book.stamp()
    readme = book.base / "README.md"
    if readme.is_file():
        text = readme.read_text(encoding="utf-8")
        package.write_atomically(readme, tally.into(text, milestones.load(book.base)).encode("utf-8"))


def _describe_add(parser: argparse.ArgumentParser) -> None:
    """Name the cells of a milestone as options."""
    for column in ("company", "date", "kind", "title", "summary", "product", "openness", "licence", "importance", "session", "note"):
        parser.add_argument(f"--{column}", dest="company_id" if column == "company" else column, metavar=column.upper())
    parser.add_argument("--id", dest="milestone_id", metavar="SLUG", help="default: made of company and product")
    parser.add_argument("--precision", dest="date_precision", metavar="PRECISION", help="day (default), month or quarter")
    parser.add_argument("--with", dest="with_companies", metavar="IDS", help="other companies, separated by a semicolon")
    parser.add_argument("--source", action="append", nargs="+", metavar="PART", help="URL PUBLISHER TIER [DAY]; may be repeated, primary first")
    parser.add_argument("--figure", action="append", nargs="+", metavar="PART", help="METRIC VALUE [NUMBER OF ITS SOURCE]; may be repeated")
    parser.add_argument("--anyway", action="store_true", help="it is another event than those near it")
    parser.add_argument("--dry-run", action="store_true", help="show the difference and write nothing")
    parser.set_defaults(run=propose)
