"""The command line: python -m tapeline check | export | snapshot."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tapeline import checks, export, milestones, package
from tapeline.errors import TapelineError
from tapeline.market import snapshot
from tapeline.selection import PARAMETERS, from_query
from tapeline.words import count


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 something is wrong (said on standard error), 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except TapelineError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as error:
        print(f"{error.filename or 'file'}: {error.strerror}. Nothing was changed.", file=sys.stderr)
    return 1


def check(options: argparse.Namespace) -> int:
    """Validate the data package; print its counts, or each fault and what to do."""
    book = package.read_codebook(options.data)
    found = checks.faults(book)
    if not found and options.stamp:
        book.stamp()
    found = found or checks.unstamped(book)
    for fault in found:
        print(fault, file=sys.stderr)
    if found:
        print(f"{count(len(found), 'fault')} in {book.base}", file=sys.stderr)
        return 1
    _counts(book)
    return 0


def write(options: argparse.Namespace) -> int:
    """Write selected milestones to a file or to standard output, as the page's download has them."""
    tables = milestones.load(options.data)
    for fault in tables.faults:
        print(f"left out: {fault}", file=sys.stderr)
    query = {key: getattr(options, key.replace("from", "since").replace("to", "until")) for key in PARAMETERS}
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


def derive(options: argparse.Namespace) -> int:
    """Derive the bundled market index from a table of daily closes, and write it into the package."""
    index = snapshot.derive(snapshot.read_closes(options.source))
    book = package.read_codebook(options.data)
    package.write_atomically(book.path(package.INDEX), snapshot.to_csv(index))
    print(f"{count(index.shape[1], 'ticker')}, {count(len(index), 'session')}, {index.index[0]} to {index.index[-1]}.")
    print("Next: python -m tapeline check --stamp")
    return 0


def _counts(book: package.Codebook) -> None:
    tables = milestones.load(book.base)
    rows = tables.milestones
    sourced = tables.sources.groupby("milestone_id")["publisher"].nunique()
    print(f"Data version {book.version}: sound.")
    print(f"{count(len(rows), 'milestone')} from {rows['date'].min():%Y-%m-%d} to {rows['date'].max():%Y-%m-%d}, "
          f"{count(rows['company_id'].nunique(), 'company', 'companies')}, {count(len(tables.figures), 'figure')}, "
          f"{count(len(tables.sources), 'source')}; {(sourced >= 2).mean():.0%} with two publishers.")  # fmt: skip
    print("by year: " + ", ".join(f"{year} {number}" for year, number in rows["date"].dt.year.value_counts().sort_index().items()))
    print("by kind: " + ", ".join(f"{kind} {number}" for kind, number in rows["kind"].value_counts().items()))
    print(f"{count(len(tables.instruments), 'instrument')}, {count(len(tables.exposures), 'exposure')}.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tapeline", description="Tapeline: AI milestones beside the market.")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="the data package (default: TAPELINE_DATA, else the shipped one)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("check", help="validate the data package")
    one.add_argument("--stamp", action="store_true", help="where it is sound, record each file's sha256 in datapackage.json")
    one.set_defaults(run=check)
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
    three = commands.add_parser("snapshot", help="derive the bundled market index from a table of closes")
    three.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE", help="CSV with date, ticker, adj_close")
    three.set_defaults(run=derive)
    return parser
