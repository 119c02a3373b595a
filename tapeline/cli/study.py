"""The command `study`: what did these shares do around these events, beyond what their market explains?"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from tapeline import package
from tapeline.errors import StudyInputError
from tapeline.event_study.parameters import MODELS, Parameters
from tapeline.studies import brought, report
from tapeline.studies.brought import Brought
from tapeline.words import count, per_cent


def describe(commands: Any) -> None:
    """Name the command and its options."""
    parser = commands.add_parser("study", help="what did shares do around events, beyond what their market explains?")
    parser.add_argument("--prices", type=Path, required=True, metavar="FILE", help="wide CSV: date, then one column a series; blank is missing")
    parser.add_argument("--events", type=Path, required=True, metavar="FILE", help="CSV: ticker, date, optionally event and session")
    parser.add_argument("--market", required=True, metavar="COLUMN", help="the column of prices that is the market")
    parser.add_argument("--returns", action="store_true", help="the cells are returns (fractions), not prices; they are taken as they are")
    parser.add_argument("--log", action="store_true", help="logarithmic returns (with --returns: the cells are logarithmic already)")
    parser.add_argument("--model", choices=list(MODELS), default="market", help="default: market")
    parser.add_argument("--estimation", type=_days, default=(-250, -11), metavar="A:B", help="default: -250:-11")
    parser.add_argument("--window", type=_days, default=(-1, 1), metavar="A:B", help="default: -1:1")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON; - for standard output")
    parser._negative_number_matcher = re.compile(r"-\d+(:[+-]?\d+)?$")  # so that -250:-11 is a value, not an option
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run a study of files; print each event, the verdict, and on standard error what was mended or left out."""
    try:
        parameters = Parameters(model=options.model, estimation=options.estimation, window=options.window, log=options.log)
    except ValueError as error:
        raise StudyInputError(str(error)) from None
    done = brought.of_files(options.prices, options.events, options.market, parameters, options.returns)
    for note in done.notes:
        print(note, file=sys.stderr)
    text = report.as_json(done) if options.json else ""
    if str(options.json) == "-":
        print(text, end="")
        return 0
    if options.json:
        package.write_atomically(options.json, text.encode("utf-8"))
    print("\n".join(_lines(done)))
    return 0


def _lines(done: Brought) -> list[str]:
    """Return one line an event, then the verdict."""
    study, lines = done.study, []
    for number, row in enumerate(done.rows.to_dict("records")):
        if study.car_t[number] == study.car_t[number]:
            numbers = f"CAR {per_cent(study.car[number], 2)}  t {study.car_t[number]:.2f}  p {study.car_p[number]:.4f}"
            lines.append(f"{row['event']}: {numbers}" + ("" if study.status[number] == "ok" else f"  ({study.status[number]})"))
        else:
            lines.append(f"{row['event']}: {study.status[number]}")
    return [*lines, f"{count(int(study.group.window.n), 'event')} measured. {study.group.verdict}"]


def _days(text: str) -> tuple[int, int]:
    """Read A:B as first and last day."""
    found = re.fullmatch(r"\s*([+-]?\d+)\s*:\s*([+-]?\d+)\s*", text)
    if not found:
        raise argparse.ArgumentTypeError(f"found {text!r}; expected first and last day as -1:1")
    return int(found[1]), int(found[2])
