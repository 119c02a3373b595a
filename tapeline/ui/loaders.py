"""Read the data once for all sessions; what is returned is shared, so nobody may change it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from tapeline import milestones, moves, package
from tapeline.errors import DataError
from tapeline.market import snapshot
from tapeline.market.history import History
from tapeline.milestones import Tables


@dataclass(frozen=True)
class View:
    """Everything a page draws from. `market_problem` says why there is no market, '' where there is one."""

    tables: Tables
    histories: dict[str, History]
    moves: pd.DataFrame
    market_problem: str = ""

    @property
    def market_end(self) -> pd.Timestamp | None:
        """Return the last session of any share; None without a market."""
        return max((history.as_of for history in self.histories.values()), default=None)


def view() -> View:
    """Return the data as they lie on disk now, read again only where a file has changed.

    Raises DataError where a curated table cannot be read; a market that cannot be read leaves the milestones standing.
    """
    folder = package.folder()
    marks = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(folder.glob("*.*")))
    return _view(str(folder), marks)


@st.cache_resource(max_entries=2, show_spinner=False)
def _view(folder: str, marks: tuple[tuple[str, int, int], ...]) -> View:
    base = Path(folder)
    tables, histories, problem = milestones.load(base), {}, ""
    try:
        histories = snapshot.load(base)
    except DataError as error:
        problem = str(error)
    listed = set(tables.instruments["ticker"])
    histories = {ticker: history for ticker, history in histories.items() if ticker in listed}
    return View(tables, histories, moves.around(tables, histories), problem)
