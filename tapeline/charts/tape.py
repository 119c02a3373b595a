"""The tape: the timeline above, the related market below, one time axis between them.

`arrange` works out what is shown, `draw` makes the figure of it.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import hover, timeline
from tapeline.charts import market as market_half
from tapeline.charts.market import Market
from tapeline.charts.scene import Room, Scene
from tapeline.charts.theme import Palette
from tapeline.charts.timeline import Lane
from tapeline.charts.trace import figure
from tapeline.market.history import History
from tapeline.milestones import Tables
from tapeline.once import once
from tapeline.rows import reach
from tapeline.selection import Selection
from tapeline.words import THIN, count, cut, day, grown, isolated, listing

AXIS_HEIGHT = 34
MARKET_HEIGHT = 280
LEFT, TOP, BOTTOM = 104, 34, 26
RIGHT = 96
LETTERS = 16
"""What of a lane's name the left margin holds."""
FONT = "Source Sans, sans-serif"
STEPS = (
    ("W-MON", 7, "%d %b"), ("2W-MON", 14, "%d %b"), ("MS", 31, "%b %Y"), ("QS", 92, "%b %Y"), ("2QS", 184, "%b %Y"),
    ("YS", 366, "%Y"), ("2YS", 731, "%Y"), ("4YS", 1461, "%Y"),
)  # fmt: skip
"""Round steps between dates on the axis: how pandas calls them, how many days they have at most, what is written."""


@dataclass(frozen=True, eq=False)
class Tape:
    """What the figure shows: its range, the lanes (none on a narrow screen), the market, and where its data end."""

    start: pd.Timestamp
    end: pd.Timestamp
    lanes: tuple[Lane, ...]
    market: Market
    market_end: pd.Timestamp | None
    room: Room


@once()
def arrange(
    tables: Tables, histories: Mapping[str, History], moves: pd.DataFrame, rows: pd.DataFrame,
    *, selection: Selection, tickers: Sequence[str], benchmark: str | None, room: Room,
    stale: Collection[str] = (),
) -> Tape:  # fmt: skip
    """Work out what to show of the milestones `rows` and the shares `tickers` in some room; `rows` is not empty."""
    market_end = max((histories[ticker].as_of for ticker in tickers if ticker in histories), default=None)
    scene = Scene(tables, rows, hover.texts(tables), *time_range(rows, selection, market_end), room, stale)
    lanes = timeline.lanes(scene) if room.lanes else []
    market = market_half.arrange(scene, histories, moves, tickers, benchmark)
    return Tape(scene.start, scene.end, tuple(lanes), market, market_end, room)


def time_range(rows: pd.DataFrame, selection: Selection, market_end: pd.Timestamp | None) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the range shown: the filter's, else from a little before the first milestone to the last thing known."""
    first, newest = reach(rows)
    last = max(filter(None, [newest, market_end]))
    end = pd.Timestamp(selection.end) if selection.end else last
    pad = max((end - first) * 0.02, pd.Timedelta(days=21))
    start = pd.Timestamp(selection.start) if selection.start else first - pad
    return start, max(end, start + pd.Timedelta(days=14))


@once()
def draw(tape: Tape, colours: Palette) -> go.Figure:
    """Make the figure: both halves on one x axis, so that they agree to the pixel."""
    right, font = tape.end + (tape.end - tape.start) * 0.015, {"color": colours.ink, "size": 12, "family": FONT}
    labels, leaders = market_half.end_labels(tape.market, right, MARKET_HEIGHT, colours)
    traces = [
        market_half.event_lines(tape.market, colours), leaders, *market_half.traces(tape.market, colours),
        *timeline.traces(tape.lanes, colours),
    ]  # fmt: skip
    return figure(
        traces, **_behaviour(tape), annotations=[*labels, *_past_the_data(tape, colours)], shapes=_shapes(tape, colours),
        height=_total(tape) + TOP + BOTTOM, margin=_margin(tape), paper_bgcolor=colours.paper, plot_bgcolor=colours.paper,
        font=font, separators=f".{THIN}",
        hoverlabel={"bgcolor": colours.side, "bordercolor": colours.rule, "align": "left", "font": {**font, "size": 13}},
        xaxis=_time_axis(tape, right, colours), yaxis=_lane_axis(tape, colours), yaxis2=_market_axis(tape, colours),
    )  # fmt: skip


def ticks(start: pd.Timestamp, end: pd.Timestamp, most: int) -> list[tuple[pd.Timestamp, str]]:
    """Return at most `most` dates within the range to write on the axis, at the finest round step, with their words."""
    for freq, days, words in STEPS:
        if (end - start).days // days <= most + 1:  # else there are too many for certain
            found = pd.date_range(start, end, freq=freq)
            if len(found) <= most:
                return [(at, at.strftime(words).lstrip("0")) for at in found]
    found = pd.date_range(start, end, freq=STEPS[-1][0])
    return [(at, at.strftime("%Y")) for at in found[:: -(-len(found) // most)]]


def finding(tape: Tape, rows: pd.DataFrame) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    lines = [f"{line.ticker if line.company_id else line.name} {grown(float(line.levels.iloc[-1]) / 100 - 1)}" for line in tape.market.lines]
    return (
        f"{count(len(rows), 'milestone')} of {count(len(set(rows['company_id'].tolist())), 'company', 'companies')}, "
        f"{' to '.join(map(day, reach(rows)))}. Related market from {day(tape.start)}: {listing(lines, 8)}."
    )


def _total(tape: Tape) -> float:
    """Return the height of both halves and the axis between them, in pixels."""
    return timeline.height(tape.lanes) + (AXIS_HEIGHT if tape.lanes else 0) + MARKET_HEIGHT


def _margin(tape: Tape) -> dict[str, int]:
    return {"l": 44 if tape.room.narrow else LEFT, "r": RIGHT, "t": TOP if tape.lanes else 8, "b": 8 if tape.lanes else BOTTOM}


def _behaviour(tape: Tape) -> dict[str, object]:
    """A click chooses a mark; dragging does nothing here, so that it scrolls the page on a phone."""
    return {
        "hovermode": "closest", "hoverdistance": 12, "clickmode": "event+select", "dragmode": False, "showlegend": bool(tape.lanes),
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
    }  # fmt: skip


def _time_axis(tape: Tape, right: pd.Timestamp, colours: Palette) -> dict[str, object]:
    """The one time axis: between the halves, or below where there are no lanes; a hover line crosses both."""
    dates, left = ticks(tape.start, tape.end, tape.room.ticks), tape.start - (tape.end - tape.start) * 0.008
    return {
        "type": "date", "range": [left, right], "anchor": "free", "side": "bottom", "fixedrange": True, "showgrid": False, "showline": True,
        "position": (MARKET_HEIGHT + AXIS_HEIGHT) / _total(tape) if tape.lanes else 0,
        "tickvals": [at for at, _ in dates], "ticktext": [text for _, text in dates], "ticks": "outside", "ticklen": 4,
        "tickcolor": colours.muted, "linecolor": colours.muted, "tickfont": {"color": colours.muted},
        "showspikes": True, "spikemode": "across", "spikesnap": "cursor", "spikethickness": 1, "spikedash": "solid",
        "spikecolor": colours.muted,
    }  # fmt: skip


def _lane_axis(tape: Tape, colours: Palette) -> dict[str, object]:
    return {
        "domain": [(MARKET_HEIGHT + AXIS_HEIGHT) / _total(tape), 1] if tape.lanes else [0.999, 1], "fixedrange": True,
        "range": [timeline.height(tape.lanes) or 1, 0], "showgrid": False, "zeroline": False,
        "tickvals": [lane.y for lane in tape.lanes], "ticktext": [html.escape(isolated(cut(lane.name, LETTERS))) for lane in tape.lanes],
        "tickfont": {"size": 12, "color": colours.ink},
    }  # fmt: skip


def _market_axis(tape: Tape, colours: Palette) -> dict[str, object]:
    low, high = map(market_half.scale(tape.market), market_half.axis_range(tape.market))
    return {
        "domain": [0, MARKET_HEIGHT / _total(tape)], "range": [low, high], "type": "log" if tape.market.log else "linear", "anchor": "x",
        "showgrid": True, "gridcolor": colours.rule, "gridwidth": 0.5, "zeroline": False, "fixedrange": True, "nticks": 6,
        "tickfont": {"color": colours.muted}, "tickformat": ",.0f", "dtick": "D2" if tape.market.log else None,
        "minor": {"showgrid": False, "ticks": ""},
    }  # fmt: skip


def _shapes(tape: Tape, colours: Palette) -> list[dict[str, object]]:
    """Rules between lanes, the line at 100, and a shade over what lies past the market data."""
    drawn: list[dict[str, object]] = [{
        "type": "line", "xref": "x", "yref": "y2", "x0": tape.start, "x1": tape.end, "y0": 100, "y1": 100,
        "line": {"color": colours.muted, "width": 0.8}, "layer": "below",
    }] if tape.market.lines else []  # fmt: skip
    edge = 0.0
    for lane in tape.lanes[:-1]:
        edge += lane.height
        drawn.append({"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": edge, "y1": edge,
                      "line": {"color": colours.rule, "width": 0.5}, "layer": "below"})  # fmt: skip
    if tape.market_end is not None and tape.market_end < tape.end:
        drawn.append({"type": "rect", "xref": "x", "yref": "y2 domain", "x0": tape.market_end, "x1": tape.end, "y0": 0, "y1": 1,
                      "fillcolor": colours.faded(colours.muted, 0.12), "line": {"width": 0}, "layer": "below"})  # fmt: skip
    return drawn


def _past_the_data(tape: Tape, colours: Palette) -> list[dict[str, object]]:
    """Say in the shade what it means, where it is wide enough for words; the note under the chart says it always."""
    if tape.market_end is None or (tape.end - tape.market_end) / (tape.end - tape.start) < 0.16:
        return []
    return [{"x": tape.end, "y": 0, "xref": "x", "yref": "y2 domain", "xanchor": "right", "yanchor": "bottom", "showarrow": False,
             "text": f"no market data after {tape.market_end:%Y-%m-%d}", "font": {"size": 11, "color": colours.muted}}]  # fmt: skip
