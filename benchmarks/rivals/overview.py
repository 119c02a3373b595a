"""What every rival shows of a filter: the figure of `tapeline.charts`, the words, the numbers and the table beside it.

The data are read once a process; nothing here knows Dash or Streamlit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import pandas as pd

from tapeline import export, milestones, moves, package, selection
from tapeline.charts import scene, tape, theme
from tapeline.market import snapshot
from tapeline.market.history import History
from tapeline.milestones import Tables, figures_of, first_figures
from tapeline.rows import each
from tapeline.selection import Selection
from tapeline.words import count, day, iso, listing, per_cent, quantity, short

RANGES = {"6M": 6, "1Y": 12, "3Y": 36, "Max": 0}
COLUMNS = ("Date", "Company", "What happened", "Kind", "Figure", "Sources", "First source")
ROOM = scene.DESKTOP


@dataclass(frozen=True)
class Data:
    """The tables, the series, the moves around milestones, and the columns of the table that never change."""

    tables: Tables
    names: Mapping[str, str]
    histories: Mapping[str, History]
    moves: pd.DataFrame
    readable: pd.DataFrame

    @property
    def last(self) -> pd.Timestamp:
        """Return the last day known."""
        return max(*(history.as_of for history in self.histories.values()), pd.Timestamp(self.tables.milestones["date"].max()))


class Number(NamedTuple):
    """A number above the chart and its small history."""

    label: str
    value: str
    history: Sequence[float]


class Shown(NamedTuple):
    """What a page shows of one choice."""

    rows: pd.DataFrame
    title: str
    finding: str
    numbers: Sequence[Number]
    figure: Any
    note: str
    table: pd.DataFrame


@cache
def data() -> Data:
    """Read the data package once."""
    base = package.folder()
    tables = milestones.load(base)
    listed = set(tables.instruments["ticker"])
    histories = {ticker: history for ticker, history in snapshot.load(base).items() if ticker in listed}
    return Data(tables, tables.names, histories, moves.around(tables, histories), _readable(tables))


def chosen(query: Mapping[str, Sequence[str]]) -> Selection:
    """Read the filter from the parameters of a link."""
    tables = data().tables
    return selection.from_query(query, tables.book, list(tables.companies["company_id"]))[0]


def since(name: str | None) -> dt.date | None:
    """Return the first day of a range counted back from the last day known; None for all."""
    months = RANGES.get(name or "Max", 0)
    return (data().last - pd.DateOffset(months=months)).date() if months else None


def automatic(rows: pd.DataFrame) -> list[str]:
    """Return the shares that are drawn where none is chosen."""
    return milestones.most_related(data().tables, rows, ROOM.lines)


@lru_cache(maxsize=64)
def show(wanted: Selection, shares: tuple[str, ...] = ()) -> Shown | None:
    """Work out everything that a page shows of a filter; None where nothing matches."""
    held = data()
    rows = milestones.select(held.tables, wanted)
    if rows.empty:
        return None
    tickers = list(shares) or automatic(rows)
    markets = held.tables.instruments.set_index("ticker")["benchmark"].reindex(tickers).replace("", pd.NA).dropna()
    drawn = tape.arrange(
        held.tables, held.histories, held.moves, rows, selection=wanted, tickers=tickers,
        benchmark=markets.mode().iloc[0] if len(markets) else None, room=ROOM,
    )  # fmt: skip
    top = moves.largest(held.moves, rows)
    names = [held.names[name] for name in wanted.companies]
    title = f"{listing(names)}: what happened, and what the market did" if names else "What happened in AI, and what the market did"
    table = held.readable.reindex(rows["milestone_id"].iloc[::-1]).reset_index(names="id")
    figure = tape.draw(drawn, theme.palette("light")).checked
    return Shown(rows, title, _finding(rows, top), _numbers(held, rows, top), figure, tape.finding(drawn, rows), table)


def csv(wanted: Selection) -> bytes:
    """Return the milestones of a filter as a file."""
    tables = data().tables
    return export.csv(export.milestones(tables, milestones.select(tables, wanted)))


class Card(NamedTuple):
    """What the card of a milestone says."""

    title: str
    about: str
    summary: str
    figures: Sequence[str]
    sources: Sequence[tuple[str, str]]
    shares: pd.DataFrame


def card(milestone_id: str) -> Card:
    """Work out the card of a milestone."""
    held = data()
    rows = held.tables.milestones
    row = next(each(rows[rows["milestone_id"] == milestone_id]))
    figures = [f"{quantity(figure)} {figure.label}. {figure.definition}" for figure in each(figures_of(held.tables, milestone_id))]
    sources = held.tables.sources[held.tables.sources["milestone_id"] == milestone_id]
    of_row = held.moves[held.moves["milestone_id"] == milestone_id]
    shares = pd.DataFrame({
        "Share": of_row["ticker"], "Day 0": of_row["day_zero"].dt.strftime("%Y-%m-%d").fillna("no data"),
        "On day 0": of_row["day"].map(lambda move: per_cent(move) if pd.notna(move) else "–"),
        "[−1, +1]": of_row["window"].map(lambda move: per_cent(move) if pd.notna(move) else "–"),
        "Why": of_row["relation"],
    })  # fmt: skip
    about = f"{day(row.date, row.date_precision)} · {held.names[row.company_id]} · {row.kind}"
    return Card(row.title, about, row.summary, figures, list(zip(sources["publisher"], sources["url"], strict=True)), shares)


def _finding(rows: pd.DataFrame, top: Any | None) -> str:
    if top is None:
        return "No related share has market data on these days."
    return f"{count(len(rows), 'milestone')}. The largest move was {top['ticker']}: {per_cent(top['day'])} on {day(top['day_zero'])}."


def _numbers(held: Data, rows: pd.DataFrame, top: Any | None) -> list[Number]:
    """Return the row of numbers, each with its history by quarter."""
    quarter = rows["date"].dt.to_period("Q")
    quarters = pd.period_range(quarter.min(), quarter.max(), freq="Q")
    releases = rows["kind"] == "model_release"
    opened = releases & (rows["openness"] == "open_weights")
    figures = held.tables.figures
    money = figures[figures["metric_id"] == "equity_announced"].merge(rows[["milestone_id", "date"]], on="milestone_id")

    def by(quarters_of: pd.Series, values: pd.Series) -> list[float]:
        return [float(value) for value in values.groupby(quarters_of).sum().reindex(quarters, fill_value=0)]

    return [
        Number("Milestones in view", f"{len(rows):,}", by(quarter, pd.Series(1.0, rows.index))),
        Number("Open-weight releases", f"{opened.sum()} of {releases.sum()}", by(quarter, opened.astype(float))),
        Number("Equity announced", f"{short(money['value'].sum())} USD" if len(money) else "–", by(money["date"].dt.to_period("Q"), money["value"])),
        Number("Largest day-0 move", per_cent(top["day"]) if top is not None else "–", _around(held, top)),
    ]


def _around(held: Data, top: Any | None) -> list[float]:
    if top is None:
        return []
    level = held.histories[top["ticker"]].level
    at = int(level.index.searchsorted(top["day_zero"]))
    return [float(value) for value in level.iloc[max(at - 20, 0) : at + 21]]


def _readable(tables: Tables) -> pd.DataFrame:
    """Return all milestones as people read them, by id."""
    rows, sources = tables.milestones, tables.sources.groupby("milestone_id")["url"]
    first = {row.Index: quantity(row) for row in each(first_figures(tables))}
    ids = rows["milestone_id"]
    columns = (
        [iso(date, precision) for date, precision in zip(rows["date"], rows["date_precision"], strict=True)],
        rows["company_id"].map(tables.names), rows["title"], rows["kind"].map(tables.book.labels("milestones", "kind")),
        ids.map(first).fillna(""), ids.map(sources.size()), ids.map(sources.first()),
    )  # fmt: skip
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))).set_axis(pd.Index(ids), axis=0)
