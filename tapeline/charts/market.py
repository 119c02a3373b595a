"""The related market: lines rebased to 100 at the left edge, named at their ends, milestones marked on them."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tapeline.charts import hover
from tapeline.charts.labels import apart
from tapeline.charts.scene import Scene
from tapeline.charts.theme import Palette, dash
from tapeline.charts.trace import Trace, scatter
from tapeline.market.history import History
from tapeline.milestones import Tables
from tapeline.once import once
from tapeline.words import grown, per_cent

LOG_FROM = 6.0
MARKER = {1: 5, 2: 7, 3: 9}
MOST_EVENT_LINES = 40


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

    `markers` has a row for each milestone and line that it is marked on (milestone_id, date, level, said, company_id, importance, hover);
    `lines_at` are the dates of event lines; `least` is the least importance that is marked.
    """

    lines: tuple[Line, ...]
    markers: pd.DataFrame
    lines_at: tuple[pd.Timestamp, ...]
    least: int
    log: bool
    low: float
    high: float


def owner(tables: Tables, ticker: str) -> str:
    """Return the company whose own share a ticker is; '' where it is nobody's."""
    listed = tables.exposures[(tables.exposures["ticker"] == ticker) & (tables.exposures["relation"] == "listed")]
    return str(listed["company_id"].iloc[0]) if len(listed) else ""


def arrange(scene: Scene, histories: Mapping[str, History], moves: pd.DataFrame, tickers: Sequence[str], benchmark: str | None) -> Market:
    """Rebase the chosen shares at the scene's start and find where its milestones are marked on them.

    Where more would be marked than there is room for, only the more important ones are.
    """
    rows, room = scene.rows, scene.room
    lines = _lines(scene, histories, tickers, benchmark)
    low = min((float(line.levels.min()) for line in lines), default=100.0)
    high = max((float(line.levels.max()) for line in lines), default=100.0)
    markers = _markers(scene, lines, moves)
    least = next((least for least in (1, 2, 3) if (markers["importance"] >= least).sum() <= room.marks), 3)
    most = min(MOST_EVENT_LINES, room.marks // 4)
    by_date = rows.sort_values(["importance", "date"], ascending=False).drop_duplicates("date").head(most)
    shown = by_date[by_date["importance"] >= (3 if len(rows) > most else 1)]
    marked = markers[markers["importance"] >= least]
    marked = marked.assign(hover=_hover(scene, marked))
    return Market(tuple(lines), marked, tuple(shown["date"]), least, high / low > LOG_FROM, low, high)


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
        x=marks["date"], y=marks["level"], yaxis="y2", mode="markers", showlegend=False, name="Milestones on shares",
        customdata=[[name] for name in marks["milestone_id"]], hovertext=marks["hover"],
        hovertemplate="%{hovertext}<extra></extra>", unselected={"marker": {"opacity": 1}},
        marker={"opacity": 1, "size": [MARKER[value] for value in marks["importance"]], "line": {"width": 1, "color": colours.paper},
                "color": [colours.company(name) for name in marks["company_id"]]},
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
    moves = line.levels.pct_change(fill_method=None).to_numpy("float32")
    price = line.price if line.price is not None else pd.Series(np.nan, line.levels.index)
    stroke = {"color": _colour(line, colours), "width": 1.6 if line.company_id else 1, "dash": dash(line.company_id)}
    return scatter(
        x=pd.DatetimeIndex(line.levels.index).strftime("%Y-%m-%d"), y=line.levels.round(2).to_numpy("float32"), yaxis="y2",
        customdata=np.column_stack([moves, price.to_numpy("float32")]) if line.currency else moves[:, None],
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
    names = scene.tables.instruments.set_index("ticker")["name"]
    wanted = dict.fromkeys([*tickers, *([benchmark] if benchmark else [])])
    found = []
    for ticker in filter(histories.__contains__, wanted):
        history = histories[ticker]
        levels = history.rebased(scene.start).level.loc[: scene.end]
        if len(levels):
            whose = "" if ticker == benchmark else owner(scene.tables, ticker)
            price = history.price.reindex(levels.index) if history.price is not None else None
            currency = history.currency if price is not None and price.notna().any() else ""
            found.append(Line(ticker, names.get(ticker, ticker), whose, levels, price, currency, ticker in scene.stale))
    return found


def _markers(scene: Scene, lines: Sequence[Line], moves: pd.DataFrame) -> pd.DataFrame:
    """Find each milestone's level on every line of a share related to its company; `said` is what the share did that day."""
    columns = ["milestone_id", "date", "level", "said", "company_id", "importance"]
    about = [scene.rows[name].tolist() for name in ("milestone_id", "company_id", "importance")]
    owners, told = {name: own for name, *own in zip(*about, strict=True)}, _told(moves)
    found: list[tuple[Any, ...]] = []
    for line in lines:
        near = [row for row in told.get(line.ticker, ()) if row[0] in owners]
        days = pd.DatetimeIndex([date for _, date, _ in near])
        places = line.levels.index.get_indexer(days)
        levels = np.where(places >= 0, line.levels.to_numpy()[places].round(2), np.nan)
        found += [(name, date, level, said, *owners[name]) for (name, date, said), level, at in zip(near, levels, places, strict=True) if at >= 0]
    return pd.DataFrame(found, columns=columns).sort_values("importance", kind="stable")


def _hover(scene: Scene, markers: pd.DataFrame) -> list[str]:
    """Say what a marker is, and what the share did that day."""
    return [scene.words[name] + said for name, said in zip(markers["milestone_id"], markers["said"], strict=True)]


@once(2)
def _told(moves: pd.DataFrame) -> dict[str, list[tuple[str, pd.Timestamp, str]]]:
    """Return of each share the milestones with a day 0: the id, that day, and the words on what the share did on it."""
    known = moves[moves["day_zero"].notna()]
    days = known["day_zero"].dt.strftime("%Y-%m-%d")
    told: dict[str, list[tuple[str, pd.Timestamp, str]]] = {}
    for name, ticker, date, move, day in zip(known["milestone_id"], known["ticker"], known["day_zero"], known["day"], days, strict=True):
        told.setdefault(ticker, []).append((name, date, f"<br>{ticker} {per_cent(move)} on {day}"))
    return told
