"""The path of each company: open-weight releases above its line, closed ones below, its turns on it, and its longest pause of open weights."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas
from tapeline.charts.hover import Texts
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette
from tapeline.once import once
from tapeline.openness import CLOSED, OPEN
from tapeline.rows import each
from tapeline.words import count, day, span

LANE, LANE_NARROW = 56, 70
RAIL = 13
MOST, MOST_NARROW = 12, 8
DIAMETER = {1: 7, 2: 9, 3: 12}
NEAR = 10.0
COUNTED = 16
LONG_PAUSE = 365
LEFT = 104
TURN = {OPEN: "triangle-up-open", CLOSED: "triangle-down"}
KEY = {"Release, open weights": "circle-open", "Release, closed": "circle", "Turn toward open weights": TURN[OPEN],
       "Turn away from them": TURN[CLOSED]}  # fmt: skip


class Mark(NamedTuple):
    """One release or turn, or several releases that would hide each other; `y` is in pixels from the middle of the lane, down."""

    date: pd.Timestamp
    y: float
    ids: tuple[str, ...]
    symbol: str
    diameter: float
    hover: str


class Pause(NamedTuple):
    """The longest time between two open releases of a company with closed ones between."""

    start: pd.Timestamp
    end: pd.Timestamp
    days: int
    closed_between: int


class Lane(NamedTuple):
    """One company's marks, and its pause where it is long."""

    company_id: str
    name: str
    y: float
    marks: tuple[Mark, ...]
    pause: Pause | None


class Paths(NamedTuple):
    """What the figure shows; `others` are companies that are not drawn."""

    lanes: tuple[Lane, ...]
    others: int
    start: pd.Timestamp
    end: pd.Timestamp
    height: float
    room: Room


@once()
def arrange(table: pd.DataFrame, found: pd.DataFrame, turned: pd.DataFrame, words: Texts, room: Room) -> Paths:
    """Give each company of `openness.paths` a lane, those with most weight first; `table` is not empty, `words` are hover texts by id."""
    shown, dates = table.head(MOST_NARROW if room.narrow else MOST), pd.concat([found["date"], turned["date"]])
    reach = max(dates.max() - dates.min(), pd.Timedelta(days=60))
    start, end, high = dates.min() - reach * 0.02, dates.max() + reach * 0.02, LANE_NARROW if room.narrow else LANE
    pixels = room.width / max((end - start).days, 1)
    lanes = []
    for at, row in enumerate(each(shown)):
        mine, own_turns = (frame[frame["company_id"] == row.company_id] for frame in (found, turned))
        marks = [mark for sort in (OPEN, CLOSED) for mark in _rail(mine[mine["openness"] == sort], sort, words, start, pixels)]
        marks += [Mark(turn.date, 0, (turn.milestone_id,), TURN[turn.openness], 11, words[turn.milestone_id]) for turn in each(own_turns)]
        pause = Pause(row.pause_from, row.pause_to, row.pause, row.closed_between) if row.pause >= LONG_PAUSE else None
        middle = high * at + (high - RAIL - 12 if room.narrow else high / 2)
        lanes.append(Lane(row.company_id, row.company, middle, tuple(marks), pause))
    return Paths(tuple(lanes), len(table) - len(shown), start, end, high * len(shown), room)


@once()
def draw(paths: Paths, colours: Palette) -> go.Figure:
    """Make the figure; a mark's custom data are its milestones' ids."""
    figure = go.Figure([*canvas.key(KEY, colours), _pauses(paths, colours), *_traces(paths, colours)])
    bottom = canvas.BOTTOM + (74 if paths.room.narrow else 30)
    canvas.paper(figure, colours, paths.height, 10, bottom=bottom, left=10 if paths.room.narrow else LEFT)
    names = {} if paths.room.narrow else {"tickvals": [lane.y for lane in paths.lanes], "ticktext": [html.escape(lane.name) for lane in paths.lanes]}
    figure.update_layout(
        showlegend=True, annotations=_words(paths, colours), shapes=_rules(paths, colours),
        xaxis=canvas.time_axis(paths.start, paths.end, paths.room.ticks, colours),
        yaxis={"range": [paths.height, 0], "fixedrange": True, "showgrid": False, "zeroline": False, "tickfont": {"color": colours.ink, "size": 12},
               "showticklabels": not paths.room.narrow, **names},
    )  # fmt: skip
    return figure


def title(table: pd.DataFrame) -> str:
    """State the finding: of the companies that turned in words, else of all, the longest pause of open weights; else who has both sorts."""
    turned = table[(table["turns_open"] > 0) & (table["turns_closed"] > 0)]
    ranked = (turned if (turned["pause"] >= LONG_PAUSE).any() else table).sort_values("pause", ascending=False, kind="stable")
    top = ranked.iloc[0]
    if top["pause"] > 0:
        return (
            f"{top['company']} opened weights in {top['pause_to']:%B %Y}, after {span(top['pause'])} "
            f"and {count(int(top['closed_between']), 'closed release')} without"
        )
    both = int(((table[OPEN] > 0) & (table[CLOSED] > 0)).sum())
    if len(table) > 1:
        return f"{both} of {count(len(table), 'company', 'companies')} have released both open and closed models"
    return f"{top['company']}: {count(int(top[OPEN]), 'open-weight release')}, {int(top[CLOSED])} closed"


def finding(paths: Paths) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    parts = [f"{lane.name}: no open weights from {day(lane.pause.start)} to {day(lane.pause.end)}" for lane in paths.lanes if lane.pause]
    marks = sum(len(mark.ids) for lane in paths.lanes for mark in lane.marks)
    words = f"{count(len(paths.lanes), 'company', 'companies')} in lanes with {count(marks, 'release or turn', 'releases and turns')}."
    return f"{words} {'; '.join(parts)}." if parts else words


def _rail(rows: pd.DataFrame, sort: str, words: Texts, start: pd.Timestamp, pixels: float) -> list[Mark]:
    """Place releases of one sort on their rail; those that would hide each other become one counted mark."""
    groups: list[list[Any]] = []
    edge = 0.0
    for row in each(rows.sort_values("date", kind="stable")):
        at = (row.date - start).days * pixels
        if groups and at - edge < NEAR:
            groups[-1].append(row)
            edge = max(edge, (groups[-1][0].date - start).days * pixels + COUNTED - NEAR + 1)
        else:
            groups.append([row])
            edge = at
    y, symbol = (-RAIL, "circle-open") if sort == OPEN else (RAIL, "circle")
    return [_single(group[0], y, symbol, words) if len(group) == 1 else _counted(group, y, symbol) for group in groups]


def _single(row: Any, y: float, symbol: str, words: Texts) -> Mark:
    return Mark(row.date, y, (row.milestone_id,), symbol, DIAMETER[row.importance], words[row.milestone_id])


def _counted(rows: Sequence[Any], y: float, symbol: str) -> Mark:
    titles = "<br>".join(f"· {html.escape(row.title)}" for row in rows[:6]) + ("<br>· …" if len(rows) > 6 else "")
    return Mark(rows[0].date, y, tuple(row.milestone_id for row in rows), symbol, COUNTED - 1, f"<b>{len(rows)} releases</b><br>{titles}")


def _traces(paths: Paths, colours: Palette) -> list[go.Scatter]:
    """Draw the marks, one trace a symbol; a counted one carries its number."""
    drawn = []
    for symbol in KEY.values():
        pairs = [(lane, mark) for lane in paths.lanes for mark in lane.marks if mark.symbol == symbol]
        own = [colours.ink if "triangle" in symbol else _colour(lane, mark, colours) for lane, mark in pairs]
        hollow = symbol.endswith("-open")
        drawn.append(go.Scatter(
            x=[mark.date for _, mark in pairs], y=[lane.y + mark.y for lane, mark in pairs], mode="markers+text", showlegend=False, name=symbol,
            text=[str(len(mark.ids)) if len(mark.ids) > 1 else "" for _, mark in pairs],
            textfont={"size": 9, "color": colours.ink if hollow else colours.paper},
            customdata=[[" ".join(mark.ids)] for _, mark in pairs], hovertext=[mark.hover for _, mark in pairs],
            hovertemplate="%{hovertext}<extra></extra>", unselected={"marker": {"opacity": 1}},
            marker={"symbol": symbol.removesuffix("-open"), "opacity": 1, "size": [mark.diameter for _, mark in pairs],
                    "color": [colours.paper for _ in pairs] if hollow else own, "line": {"width": 1.6 if hollow else 0, "color": own}},
        ))  # fmt: skip
    return drawn


def _colour(lane: Lane, mark: Mark, colours: Palette) -> str:
    """Return a lane's colour for a mark; one that carries a number is dark enough for it."""
    own = colours.company(lane.company_id)
    return colours.words(own) if len(mark.ids) > 1 else own


def _pauses(paths: Paths, colours: Palette) -> go.Scatter:
    """Draw the pauses as one trace of thick quiet lines on the open rail."""
    there = [lane for lane in paths.lanes if lane.pause]
    return go.Scatter(
        x=[at for lane in there if lane.pause for at in (lane.pause.start, lane.pause.end, None)],
        y=[y for lane in there for y in (lane.y - RAIL, lane.y - RAIL, None)], mode="lines", hoverinfo="skip", showlegend=False, name="Pauses",
        line={"width": 9, "color": colours.faded(colours.accent, 0.16)},
    )  # fmt: skip


def _words(paths: Paths, colours: Palette) -> list[dict[str, object]]:
    """Write how long a pause was, where there is room for it; on a narrow screen the company's name above its lane."""
    notes: list[dict[str, object]] = []
    pixels = paths.room.width / max((paths.end - paths.start).days, 1)
    for lane in paths.lanes:
        if lane.pause and lane.pause.days * pixels > 74:
            words = f"{span(lane.pause.days)} without" if lane.pause.days * pixels > 120 else span(lane.pause.days)
            notes.append({"x": lane.pause.start + (lane.pause.end - lane.pause.start) / 2, "y": lane.y - RAIL, "text": words, "showarrow": False,
                          "font": {"size": 11, "color": colours.ink}})  # fmt: skip
        if paths.room.narrow:
            notes.append({"xref": "paper", "x": 0, "y": lane.y - RAIL - 16, "xanchor": "left", "text": f"<b>{html.escape(lane.name)}</b>",
                          "showarrow": False, "font": {"size": 12, "color": colours.ink}})  # fmt: skip
    return notes


def _rules(paths: Paths, colours: Palette) -> list[dict[str, object]]:
    """Draw each company's line."""
    return [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": lane.y, "y1": lane.y, "layer": "below", "line": {"color": colours.rule, "width": 1}}
        for lane in paths.lanes
    ]
