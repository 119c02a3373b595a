"""The command line: python -m tapeline check | add | export | refresh | status | snapshot | study."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tapeline.cli import data, market, study
from tapeline.errors import TapelineError

__all__ = ["main"]


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tapeline", description="Tapeline: AI milestones beside the market.")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="the data package (default: TAPELINE_DATA, else the shipped one)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for part in (data, market, study):
        part.describe(commands)
    return parser
