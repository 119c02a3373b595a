"""The related market: lines rebased to 100 at the left edge, named at their ends, milestones marked on them."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tapeline import columns
from tapeline.charts import hover
from tapeline.charts.labels import apart
from tapeline.charts.scene import Room, Scene
from tapeline.charts.theme import Palette, dash
from tapeline.charts.trace import Trace, scatter
from tapeline.columns import Columns
from tapeline.market.history import History
from tapeline.milestones import Tables
from tapeline.once import once
from tapeline.words import grown, per_cent

LOG_FROM = 6.0
MARKER = {1: 5, 2: 7, 3: 9}
MOST_EVENT_LINES = 40
CROWDED = 3
"""From so many times the markers that there is room for, those that lie under another are left out."""
Places = np.ndarray[Any, np.dtype[Any]]


class Line(NamedTuple):
    """One share's rebased levels in the range; `company_id` lends it colour and dash ('' for a benchmark).

    `price` holds the closes of the same sessions in `currency`, where they were fetched (NaN where one was not).
    """

    ticker: str
    name: str
    company_id: str
    levels: pd.Series
    price: pd.Series | None = None
    currency: str = ""
    stale: bool = False


class Market(NamedTuple):
    """What the market half shows.

    `markers` has a row for each milestone and line that it is marked on (milestone_id, date, level, company_id, importance, hover);
    `lines_at` are the dates of event lines; `least` is the least importance that is marked, and `left` how many of those lie under another.
    """

    lines: tuple[Line, ...]
    markers: pd.DataFrame
    lines_at: tuple[pd.Timestamp, ...]
    least: int
    log: bool
    low: float
    high: float
    left: int = 0


class Found(NamedTuple):
    """Milestones on shares: the place of each among all, its day 0, the share's move on it, the line and the session on that line."""

    milestone: Places
    day: Places
    move: Places
    line: Places
    session: Places

    def take(self, rows: Places) -> Found:
        """Return some of them."""
        return Found(*(part[rows] for part in self))


def owner(tables: Tables, ticker: str) -> str:
    """Return the company whose own share a ticker is; '' where it is nobody's."""
    return tables.owners.get(ticker, "")


def arrange(scene: Scene, histories: Mapping[str, History], moves: pd.DataFrame, tickers: Sequence[str], benchmark: str | None) -> Market:
    """Rebase the chosen shares at the scene's start and find where its milestones are marked on them.

    Where more would be marked than there is room for, only the more important ones are, and of very many those that can be told apart.
    """
    lines = _lines(scene, histories, tickers, benchmark)
    low = min((float(line.levels.to_numpy().min()) for line in lines), default=100.0)
    high = max((float(line.levels.to_numpy().max()) for line in lines), default=100.0)
    held, at = columns.of(scene.tables.milestones), columns.places(scene.tables.milestones, scene.rows)
    found, room = _found(scene.tables.milestones, at, lines, moves), scene.room
    importance = held.importance[found.milestone]
    least = next((least for least in (1, 2, 3) if (importance >= least).sum() <= room.marks), 3)
    marked = found.take(np.flatnonzero(importance >= least))
    shown = marked.take(_apart(marked, held, scene)) if len(marked.milestone) > CROWDED * room.marks else marked
    left = len(marked.milestone) - len(shown.milestone)
    return Market(tuple(lines), _markers(scene, held, shown, lines), _event_lines(held, at, room), least, high / low > LOG_FROM, low, high, left)


def _event_lines(held: Columns, at: Places, room: Room) -> tuple[pd.Timestamp, ...]:
    """Return the days that get a line: of many, those of the most important milestones, the newest first; of very many, every so many."""
    most = min(MOST_EVENT_LINES, room.marks // 4)
    days, which = np.unique(held.date[at], return_inverse=True)
    importance = np.zeros(len(days), dtype=int)
    np.maximum.at(importance, which, held.importance[at])
    first = np.lexsort((days, importance))[::-1]
    same = int((importance == importance.max()).sum())
    first = first[np.linspace(0, same - 1, most).round().astype(int)] if same > CROWDED * MOST_EVENT_LINES else first[:most]
    return tuple(pd.DatetimeIndex(days[first[importance[first] >= (3 if len(at) > most else 1)]]))


def axis_range(market: Market) -> tuple[float, float]:
    """Return the least and greatest level drawn, with room for markers."""
    spread = market.high / market.low if market.log else market.high - market.low
    pad = spread**0.04 if market.log else max(spread, 1.0) * 0.05
    return (market.low / pad, market.high * pad) if market.log else (market.low - pad, market.high + pad)


def event_lines(market: Market, colours: Palette) -> Trace:
    """Draw all event lines as one trace with gaps."""
    low, high = axis_range(market)
    x = [when for date in market.lines_at for when in (date, date, None)]
    y = [level for _ in market.lines_at for level in (low, high, None)]
    return scatter(x=x, y=y, yaxis="y2", mode="lines", name="Milestones", showlegend=False, hoverinfo="skip",
                      line={"color": colours.rule, "width": 1})  # fmt: skip


def traces(market: Market, colours: Palette) -> list[Trace]:
    """Draw lines, the mark at each line's end, and the milestones' markers (their custom data are the ids)."""
    drawn = [_line(line, colours) for line in market.lines]
    drawn.append(scatter(
        x=[line.levels.index[-1] for line in market.lines], y=[line.levels.iloc[-1] for line in market.lines], yaxis="y2",
        mode="markers", hoverinfo="skip", showlegend=False, name="Ends",
        marker={"size": 5, "color": [_colour(line, colours) for line in market.lines]},
    ))  # fmt: skip
    marks = market.markers
    drawn.append(scatter(
        x=marks["date"].to_numpy(), y=marks["level"].to_numpy(), yaxis="y2", mode="markers", showlegend=False, name="Milestones on shares",
        customdata=[[name] for name in marks["milestone_id"].tolist()], hovertext=marks["hover"].tolist(),
        hovertemplate="%{hovertext}<extra></extra>", unselected={"marker": {"opacity": 1}},
        marker={"opacity": 1, "size": [MARKER[value] for value in marks["importance"].tolist()], "line": {"width": 1, "color": colours.paper},
                "color": [colours.company(name) for name in marks["company_id"].tolist()]},
    ))  # fmt: skip
    return drawn


def end_labels(market: Market, at: pd.Timestamp, height: float, colours: Palette) -> tuple[list[dict[str, Any]], Trace]:
    """Name each line in the right margin with its change; pushed apart, with a leader to the line's end.

    Returns the annotations and the one trace of leaders, which end `at` the right edge. `height` is that of the panel in
    pixels.
    """
    low, high = map(scale(market), axis_range(market))
    wanted = [(scale(market)(float(line.levels.iloc[-1])) - low) / (high - low) * height for line in market.lines]
    placed = apart(wanted, height)
    notes: list[dict[str, Any]] = []
    x: list[Any] = []
    y: list[Any] = []
    for line, pixel in zip(market.lines, placed, strict=True):
        level = low + pixel / height * (high - low)
        notes.append({
            "x": 1, "y": level, "xref": "paper", "yref": "y2", "xanchor": "left", "xshift": 3, "showarrow": False, "align": "left",
            "text": f"{html.escape(line.ticker if line.company_id else line.name)} {_change(line)}",
            "font": {"size": 12, "color": colours.words(_colour(line, colours))},
        })  # fmt: skip
        x += [line.levels.index[-1], at, None]
        y += [line.levels.iloc[-1], 10**level if market.log else level, None]
    leaders = scatter(x=x, y=y, yaxis="y2", mode="lines", hoverinfo="skip", showlegend=False, name="Leaders",
                         line={"color": colours.muted, "width": 0.6})  # fmt: skip
    return notes, leaders


def _change(line: Line) -> str:
    words = grown(float(line.levels.iloc[-1]) / 100 - 1)
    return f"{words} ⚠" if line.stale else words


def _line(line: Line, colours: Palette) -> Trace:
    """Draw a share in its company's colour and dash, a benchmark thin and quiet; custom data are the daily moves and closes."""
    levels = line.levels.to_numpy()
    moves = np.divide(levels, np.concatenate([[np.nan], levels[:-1]])) - 1
    told = [moves, line.price.to_numpy()] if line.price is not None and line.currency else [moves]
    stroke = {"color": _colour(line, colours), "width": 1.6 if line.company_id else 1, "dash": dash(line.company_id)}
    return scatter(
        x=line.levels.index.to_numpy("datetime64[D]"), y=levels.round(2).astype("float32"), yaxis="y2",
        customdata=np.column_stack(told).astype("float32"),
        hovertemplate=hover.level(line.name, line.currency),
        mode="lines", name=line.ticker, showlegend=False, line=stroke,
    )  # fmt: skip


def _colour(line: Line, colours: Palette) -> str:
    return colours.company(line.company_id) if line.company_id else colours.muted


def scale(market: Market) -> Callable[[float], float]:
    """Return how a level becomes a place on the axis: its logarithm, or itself."""
    return math.log10 if market.log else float


def _lines(scene: Scene, histories: Mapping[str, History], tickers: Sequence[str], benchmark: str | None) -> list[Line]:
    """Rebase each share that has levels in the range; the benchmark comes last."""
    names, found = scene.tables.shares, []
    for ticker in filter(histories.__contains__, dict.fromkeys([*tickers, *([benchmark] if benchmark else [])])):
        history = histories[ticker]
        levels = history.rebased(scene.start).level
        levels = levels.iloc[: int(levels.index.searchsorted(scene.end, side="right"))]
        if len(levels):
            whose = "" if ticker == benchmark else owner(scene.tables, ticker)
            price = history.price.reindex(levels.index) if history.price is not None else None
            currency = history.currency if price is not None and price.notna().any() else ""
            found.append(Line(ticker, names.get(ticker, ticker), whose, levels, price, currency, ticker in scene.stale))
    return found


def _found(milestones: pd.DataFrame, at: Places, lines: Sequence[Line], moves: pd.DataFrame) -> Found:
    """Find each milestone's session on every line of a share related to its company, the more important ones last."""
    held = columns.of(milestones)
    inside, told, parts = np.zeros(len(held.ids), dtype=bool), _told(moves, milestones), []
    inside[at] = True
    for number, line in enumerate(lines):
        if line.ticker in told:
            near = told[line.ticker].take(np.flatnonzero(inside[told[line.ticker].milestone]))
            sessions = line.levels.index.to_numpy()
            session = np.minimum(np.searchsorted(sessions, near.day), len(sessions) - 1)
            near = near._replace(line=np.full(len(session), number), session=session)
            parts.append(near.take(np.flatnonzero(sessions[session] == near.day)))
    if not parts:
        return Found(*(np.zeros(0, dtype) for dtype in ("i8", "M8[ns]", "f8", "i8", "i8")))
    found = Found(*map(np.concatenate, zip(*parts, strict=True)))
    return found.take(np.argsort(held.importance[found.milestone], kind="stable"))


def _apart(found: Found, held: Columns, scene: Scene) -> Places:
    """Choose what can be told apart: on each line, of the milestones within a marker's width, the first of the most important."""
    stretches = max(int(scene.room.width / MARKER[3]), 1)
    begin, reach = np.datetime64(scene.start), np.timedelta64(scene.end - scene.start)
    stretch = np.clip(((found.day - begin) / reach * stretches).astype(int), 0, stretches - 1)
    order = np.lexsort((found.day, -held.importance[found.milestone]))
    return np.sort(order[np.unique((found.line * stretches + stretch)[order], return_index=True)[1]])


def _markers(scene: Scene, held: Columns, found: Found, lines: Sequence[Line]) -> pd.DataFrame:
    """Say of each marker which milestone it is, where it lies, and what the share did that day."""
    ids, days = [held.ids[at] for at in found.milestone.tolist()], np.datetime_as_string(found.day, "D").tolist()
    tickers, level = [line.ticker for line in lines], np.zeros(len(ids))
    for number, line in enumerate(lines):
        level[found.line == number] = line.levels.to_numpy()[found.session[found.line == number]]
    said = zip(ids, found.line.tolist(), found.move.tolist(), days, strict=True)
    return pd.DataFrame({
        "milestone_id": ids, "date": found.day, "importance": held.importance[found.milestone], "level": level.round(2),
        "company_id": [held.company.values[code] for code in held.company.codes[found.milestone].tolist()],
        "hover": [f"{scene.words[name]}<br>{tickers[line]} {per_cent(move)} on {day}" for name, line, move, day in said],
    })  # fmt: skip


@once(2)
def _told(moves: pd.DataFrame, milestones: pd.DataFrame) -> dict[str, Found]:
    """Return of each share the milestones with a day 0, and what the share did on it."""
    known = moves[moves["day_zero"].notna() & moves["milestone_id"].isin(milestones["milestone_id"])]
    at = columns.places(milestones, known)
    every = Found(at, known["day_zero"].to_numpy(), known["day"].to_numpy(), at, at)
    codes, tickers = pd.factorize(known["ticker"])
    order, ends = np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes, minlength=len(tickers)))
    return {str(ticker): every.take(rows) for ticker, rows in zip(tickers, np.split(order, ends[:-1]), strict=False)}
