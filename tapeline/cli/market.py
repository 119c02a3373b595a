"""Commands on the market: refresh, status, snapshot."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tapeline import milestones, package
from tapeline.errors import PriceTableError
from tapeline.market import feed, refresh, sessions, snapshot, store
from tapeline.market.refresh import Outcome
from tapeline.market.store import Store
from tapeline.words import count

SOME_ARE_NOT = 3


def describe(commands: Any) -> None:
    """Name the commands and their options."""
    one = commands.add_parser("refresh", help="fetch daily bars from Yahoo Finance into the store")
    one.add_argument("ticker", nargs="*", metavar="TICKER", help="Yahoo's symbols, in the tables or not (default: all of instruments.csv)")
    one.add_argument("--since", type=_day, metavar="DATE", help="ask for everything from this day on (default: what is missing)")
    one.add_argument("--json", action="store_true", help="print a list of objects instead of lines")
    one.set_defaults(run=fetch)
    two = commands.add_parser("status", help="what the store holds, and when the next session is due")
    two.add_argument("--json", action="store_true", help="print an object instead of lines")
    two.set_defaults(run=status)
    three = commands.add_parser("snapshot", help="extend the bundled index from the store, or derive it from a table of closes")
    three.add_argument("--from", dest="source", type=Path, metavar="FILE", help="CSV with date, ticker, adj_close: derive it anew from this")
    three.set_defaults(run=derive)


def fetch(options: argparse.Namespace) -> int:
    """Ask Yahoo Finance for tickers; print one status line each, and return 3 where some are not ok."""
    known = _calendars(options.data)
    wanted = list(dict.fromkeys(ticker.upper() for ticker in options.ticker)) or list(known)
    opened = _opened()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Yahoo Finance", total=len(wanted))

        def told(outcome: Outcome) -> None:
            progress.advance(task)
            if not options.json:
                print(_line(outcome))

        found = _run(opened, wanted, known, options.since, told)
    if found is None:
        print("Another process is refreshing this store. Wait for it (two minutes at most), then try again.", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps([_plain(outcome) for outcome in found], indent=1))
    well = sum(outcome.status == "ok" for outcome in found)
    print(f"{well} of {count(len(found), 'ticker')} ok.", file=sys.stderr)
    return 0 if well == len(found) else SOME_ARE_NOT


def status(options: argparse.Namespace) -> int:
    """Print what the store holds, from when, what was last asked, and the next session that is due."""
    known, opened, now = _calendars(options.data), _opened(), datetime.now(UTC)
    reach, attempts = opened.reach(), opened.attempts(now)
    calendars = sorted(set(known.values()))
    following = {name: sessions.next_final(name, now) for name in calendars}
    rows = []
    for ticker in [*known, *(ticker for ticker in reach if ticker not in known)]:
        first, last, bars = reach.get(ticker, (None, None, 0))
        held = refresh.standing(attempts.get(ticker, []))
        rows.append({
            "ticker": ticker, "bars": bars, "first": _text(first), "last": _text(last),
            "expected": _text(sessions.last_final(known[ticker], now)) if ticker in known else None,
            "status": held.last.status if held.last else None, "asked_at": _moment(held.last.asked_at if held.last else None),
            "next_try": _moment(held.next_try), "detail": held.last.detail if held.last else "",
        })  # fmt: skip
    if options.json:
        due = {name: _moment(moment.to_pydatetime()) for name, moment in following.items()}
        print(json.dumps({"store": _shown(), "tickers": rows, "next_sessions": due}, indent=1))
        return 0
    print(f"Store: {_shown()}")
    for row in rows:
        span = f"{row['first']} to {row['last']}, {count(int(str(row['bars'])), 'bar')}" if row["bars"] else "nothing stored"
        asked = f"{row['status']} at {row['asked_at']}" if row["status"] else "never asked"
        print(f"{row['ticker']:<10} {span}; expected {row['expected'] or 'unknown'}; {asked}{': ' if row['detail'] else ''}{row['detail']}")
    for name, moment in following.items():
        print(f"{name}: next bar due {moment:%Y-%m-%d %H:%M} UTC")
    return 0


def derive(options: argparse.Namespace) -> int:
    """Write the bundled index: derived from a table of closes, else extended from the store; say what changed."""
    book = package.read_codebook(options.data)
    path = book.path(package.INDEX)
    before = pd.read_csv(path, index_col="date") if path.is_file() else pd.DataFrame()
    if options.source:
        index = snapshot.derive(snapshot.read_closes(options.source))
    elif path.is_file():
        stored = _opened().everything()
        by_ticker = {str(ticker): frame for ticker, frame in stored.groupby("ticker", sort=False) if ticker in _calendars(options.data)}
        fetched = [history for frame in by_ticker.values() if (history := feed.fresher(None, frame)) is not None]
        index = feed.extended(before, fetched, snapshot.DECIMALS)
    else:
        raise PriceTableError(f"{path}: no such file, so there is nothing to extend. Derive it with --from FILE.")
    package.write_atomically(path, snapshot.to_csv(index))
    print(f"{count(index.shape[1], 'ticker')}, {count(len(index), 'session')}, {index.index[0]} to {index.index[-1]}.")
    for line in _differences(before, index):
        print(line)
    print("Next: python -m tapeline check --stamp")
    return 0


def _run(
    opened: Store, wanted: Sequence[str], known: Mapping[str, str], since: pd.Timestamp | None, told: Callable[[Outcome], None],
) -> list[Outcome] | None:  # fmt: skip
    return refresh.run(opened, wanted, known, who=refresh.holder(), clock=lambda: datetime.now(UTC), since=since, told=told)


def _differences(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Say for each ticker how many sessions were added and how far its level went; '' for those that stayed."""
    lines = []
    for ticker in after.columns:
        old = before[ticker].dropna() if ticker in before else pd.Series(dtype=float)
        new = after[ticker].dropna()
        added = len(new) - len(old)
        if added and len(old):
            lines.append(f"{ticker:<10} {added:+d} to {new.index[-1]}: {old.iloc[-1]:g} -> {new.iloc[-1]:g}")
        elif added:
            lines.append(f"{ticker:<10} new, {count(added, 'session')} from {new.index[0]} to {new.index[-1]}")
    return lines or ["No ticker changed its length."]


def _calendars(data: Path | None) -> dict[str, str]:
    shares = milestones.load(data).instruments
    return dict(zip(shares["ticker"], shares["calendar"], strict=True))


def _opened() -> Store:
    opened, note = store.open_(store.url())
    if note:
        print(note, file=sys.stderr)
    return opened


def _shown() -> str:
    return store.shown(store.url())


def _line(outcome: Outcome) -> str:
    span = f"{count(outcome.bars, 'bar')}, {outcome.first:%Y-%m-%d} to {outcome.last:%Y-%m-%d}" if outcome.first is not None else "nothing stored"
    return f"{outcome.ticker:<10} {outcome.status:<14} {span}, {outcome.seconds:.1f} s{'; ' if outcome.detail else ''}{outcome.detail}"


def _plain(outcome: Outcome) -> dict[str, Any]:
    return {**asdict(outcome), "first": _text(outcome.first), "last": _text(outcome.last)}


def _day(text: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(datetime.strptime(text, "%Y-%m-%d"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a date as 2025-01-27") from None


def _text(day: pd.Timestamp | None) -> str | None:
    return None if day is None else f"{day:%Y-%m-%d}"


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
