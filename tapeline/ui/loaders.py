"""Read the data once for all sessions; what is returned is shared, so nobody may change it."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd
import streamlit as st

from tapeline import milestones, moves, once, package
from tapeline.errors import DataError
from tapeline.market import snapshot, store
from tapeline.market.feed import Feed, State
from tapeline.market.history import History
from tapeline.milestones import Tables

NUMBERS = itertools.count()
NOW = "_view"


@dataclass(frozen=True, eq=False)
class View:
    """Everything a page draws from. `market_problem` says why there is no market, '' where there is one; `key` names these very data.

    Views of one key are equal, whatever is being asked for meanwhile (`market`).
    """

    tables: Tables
    histories: dict[str, History]
    moves: pd.DataFrame
    market: State
    market_problem: str = ""
    key: tuple[object, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def market_end(self) -> pd.Timestamp | None:
        """Return the last session of any share; None without a market."""
        return max((history.as_of for history in self.histories.values()), default=None)

    @cached_property
    def stale(self) -> frozenset[str]:
        """Return the tickers that lack more than three finished sessions."""
        return frozenset(share.ticker for share in self.market.shares.values() if share.hard_stale)


@dataclass(frozen=True)
class Source:
    """What lies on disk, and the feed that adds to it."""

    tables: Tables
    problem: str
    feed: Feed
    number: int


def view() -> View:
    """Return the data as they lie on disk now, with the freshest market that stands ready.

    Files are read again only where one has changed. Raises DataError where a curated table cannot be read; a market that
    cannot be read leaves the milestones standing.
    """
    folder, marks = _on_disk()
    source = _source(folder, marks)
    state = source.feed.now()
    return replace(_view(folder, marks, state.version, source.number, source, state), market=state)


def begin() -> View:
    """Return the `view`, and keep it for what asks for it `now` while the page is drawn."""
    st.session_state[NOW] = found = view()
    return found


def now() -> View:
    """Return the view that this run of the page began with, without another look at the disk."""
    found: View | None = st.session_state.get(NOW)
    return found or begin()


def feed() -> Feed:
    """Return the one feed of this process."""
    return _source(*_on_disk()).feed


def online() -> bool:
    """Tell whether newer prices may be asked for: not where TAPELINE_OFFLINE is set."""
    return os.environ.get("TAPELINE_OFFLINE", "") in ("", "0")


def _on_disk() -> tuple[str, str]:
    """Return the data folder, and what changes where a file in it does: one word, since Streamlit looks at each part of a key for long."""
    folder = package.folder()
    with os.scandir(folder) as entries:
        marks = sorted((entry.name, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in entries if "." in entry.name)
    return str(folder), repr(marks)


@st.cache_resource(max_entries=2, show_spinner=False)
def _source(folder: str, marks: str) -> Source:
    base = Path(folder)
    tables, bundled, problem = milestones.load(base), {}, ""
    try:
        bundled = snapshot.load(base)
    except DataError as error:
        problem = str(error)
    calendars = dict(zip(tables.instruments["ticker"], tables.instruments["calendar"], strict=True))
    bundled = {ticker: history for ticker, history in bundled.items() if ticker in calendars}
    found = Feed(bundled, calendars, store.url(_in_secrets()), online=online(), prepare=lambda state: _ready(folder, marks, state))
    found.first()
    return Source(tables, problem, found, next(NUMBERS))


def _ready(folder: str, marks: str, state: State) -> None:
    """Work out what the next page needs of newer series, behind the page that is shown."""
    source = _source(folder, marks)
    _view(folder, marks, state.version, source.number, source, state)


@st.cache_resource(max_entries=2, show_spinner=False)
def _view(folder: str, marks: str, version: int, number: int, _source: Source, _state: State) -> View:
    once.forget()
    histories, tables = dict(_state.histories), _source.tables
    around = moves.around(tables, histories)
    return View(tables, histories, around, _state, "" if histories else _source.problem, (folder, marks, version, number))


def _in_secrets() -> str | None:
    """Return the address of the database that Streamlit's secrets name, where there are any."""
    if not st.secrets.load_if_toml_exists():
        return None
    named = st.secrets.get("connections", {}).get("tapeline", {}).get("url")
    return str(named) if named else None
