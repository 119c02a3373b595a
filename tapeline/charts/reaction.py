"""What shares did around day 0 beyond what their market explains: cumulated abnormal returns, with the band that chance leaves."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from tapeline.charts import canvas, labels
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette, dash
from tapeline.once import once
from tapeline.words import MINUS, per_cent

HEIGHT = 320
MOST_THIN = 120


class Line(NamedTuple):
    """One path by event day (P, fractions): its label ('' for one of many), whose colour it has, and its band where it has one."""

    label: str
    company_id: str
    day: np.ndarray
    value: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


class Paths(NamedTuple):
    """What the figure shows: the path it is about, the others beside it, the window that is tested, and the room there is."""

    about: Line
    others: tuple[Line, ...]
    window: tuple[int, int]
    room: Room

    @property
    def span(self) -> tuple[float, float]:
        """Return the least and the greatest value that must be seen."""
        shown = [self.about.value, *[edge for edge in (self.about.low, self.about.high) if edge is not None]]
        shown += [line.value for line in self.others if line.label]
        every = np.concatenate(shown)
        low, high = float(np.nanmin(every)), float(np.nanmax(every))
        pad = max((high - low) * 0.06, 0.002)
        return min(low, 0) - pad, max(high, 0) + pad


@once()
def arrange(about: Line, others: Sequence[Line], window: tuple[int, int], room: Room) -> Paths:
    """Keep what can be drawn: the path it is about, those with a name, and so many of the rest that the eye can follow."""
    named, thin = [line for line in others if line.label], [line for line in others if not line.label]
    return Paths(about, (*thin[:MOST_THIN], *named), window, room)


@once()
def draw(paths: Paths, colours: Palette) -> go.Figure:
    """Make the figure: thin paths, the band, the path, day 0 and the window shaded."""
    low, high = paths.span
    days = paths.about.day
    right = float(days[-1]) + len(days) * 0.012
    ends = [labels.End(_end(line), line.day[-1], line.value[-1] * 100, _colour(line, colours)) for line in (*paths.others, paths.about) if line.label]
    notes, leaders = labels.at_ends(ends, right, colours, span=(low * 100, high * 100), height=HEIGHT, log=False)
    thin, named = ([line for line in paths.others if bool(line.label) is there] for there in (False, True))
    beside = [*_thin(thin, colours), *(_beside(line, colours) for line in named)]
    figure = go.Figure([leaders, *beside, *_band(paths.about, colours), _path(paths.about, colours)])
    canvas.paper(figure, colours, HEIGHT, labels.margin([end.text for end in ends]))
    first, last = paths.window
    axis = {"fixedrange": True, "showgrid": False, "zeroline": False, "tickfont": {"color": colours.muted}, "ticks": "outside", "ticklen": 4,
            "tickcolor": colours.muted, "linecolor": colours.muted, "showline": True}  # fmt: skip
    marks = _ticks(days, paths.room)
    figure.update_layout(
        annotations=notes, showlegend=False,
        shapes=[
            {"type": "rect", "x0": first - 0.5, "x1": last + 0.5, "y0": 0, "y1": 1, "yref": "y domain", "layer": "below", "line": {"width": 0},
             "fillcolor": colours.faded(colours.muted, 0.14)},
            {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "y domain", "layer": "below",
             "line": {"color": colours.ink, "width": 1, "dash": "dot"}},
        ],
        xaxis={**axis, "range": [float(days[0]) - 0.6, right], "tickvals": marks, "ticktext": [nth(mark) for mark in marks],
               "title": {"text": "sessions from day 0", "font": {"color": colours.muted, "size": 12}, "standoff": 4}},
        yaxis={**axis, "range": [low * 100, high * 100], "showgrid": True, "gridcolor": colours.rule, "gridwidth": 0.5, "ticksuffix": " %",
               "zeroline": True, "zerolinecolor": colours.muted, "zerolinewidth": 0.8, "nticks": 7},
    )  # fmt: skip
    figure.update_layout(margin={"b": canvas.BOTTOM + 22}, height=HEIGHT + canvas.TOP + canvas.BOTTOM + 22)
    return figure


def title(paths: Paths) -> str:
    """State the finding: how far the path got beyond the market over the days shown."""
    about = paths.about
    return f"{about.label}: {per_cent(float(about.value[-1]))} beyond the market from day {nth(about.day[0])} to day {nth(about.day[-1])}"


def finding(paths: Paths) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    first, last = paths.window
    at = int(np.searchsorted(paths.about.day, last))
    before = float(paths.about.value[int(np.searchsorted(paths.about.day, first)) - 1]) if first > paths.about.day[0] else 0.0
    change = float(paths.about.value[min(at, len(paths.about.value) - 1)]) - before
    others = f" Beside it {len(paths.others)} more paths." if paths.others else ""
    return f"Cumulated abnormal return of {paths.about.label or 'the events'}: {per_cent(change)} from day {nth(first)} to day {nth(last)}.{others}"


def _path(line: Line, colours: Palette) -> go.Scatter:
    name = f"<b>{html.escape(line.label)}</b>"
    said = [f"{name} day {nth(day)}<br>{per_cent(float(value))} since the first day shown" for day, value in zip(line.day, line.value, strict=True)]
    return go.Scatter(
        x=line.day, y=line.value * 100, mode="lines+markers", name=line.label, hovertext=said,
        hovertemplate="%{hovertext}<extra></extra>", line={"color": _colour(line, colours), "width": 2.2}, marker={"size": 5},
    )  # fmt: skip


def _thin(lines: Sequence[Line], colours: Palette) -> list[go.Scatter]:
    """Draw the paths without a name faintly, as one trace with gaps."""
    if not lines:
        return []
    faint = {"color": colours.faded(colours.muted, 0.22), "width": 0.8}
    x, y = (np.concatenate([[*values, np.nan] for values in every]) for every in ([line.day for line in lines], [line.value * 100 for line in lines]))
    return [go.Scatter(x=x, y=y.round(3), mode="lines", name="Events", showlegend=False, hoverinfo="skip", line=faint)]


def _beside(line: Line, colours: Palette) -> go.Scatter:
    """Draw a path with a name beside the one it is about, in its colour."""
    words = [f"{html.escape(line.label)} day {nth(day)}: {per_cent(float(value))}" for day, value in zip(line.day, line.value, strict=True)]
    stroke = {"color": _colour(line, colours), "width": 1.2, "dash": dash(line.company_id)}
    return go.Scatter(x=line.day, y=line.value * 100, mode="lines", name=line.label, showlegend=False, hoverinfo="text", hovertext=words, line=stroke)


def _band(line: Line, colours: Palette) -> list[go.Scatter]:
    if line.low is None or line.high is None:
        return []
    there = np.isfinite(line.low) & np.isfinite(line.high)
    x = np.concatenate([line.day[there], line.day[there][::-1]])
    y = np.concatenate([line.high[there], line.low[there][::-1]]) * 100
    return [
        go.Scatter(
            x=x,
            y=y,
            fill="toself",
            mode="lines",
            name="Band",
            hoverinfo="skip",
            line={"width": 0},
            fillcolor=colours.faded(_colour(line, colours), 0.16),
        )
    ]


def _colour(line: Line, colours: Palette) -> str:
    return colours.company(line.company_id) if line.company_id else colours.ink


def _end(line: Line) -> str:
    return f"{line.label} {per_cent(float(line.value[-1]))}"


def _ticks(days: np.ndarray, room: Room) -> list[int]:
    first, last = int(days[0]), int(days[-1])
    step = next(step for step in (1, 2, 5, 10, 20) if (last - first) / step <= max(room.ticks, 5) or step == 20)
    return [day for day in range(first, last + 1) if day % step == 0]


def nth(day: float) -> str:
    """Name a session by its distance from day 0: −2, 0, +5."""
    number = int(day)
    return "0" if number == 0 else f"{MINUS if number < 0 else '+'}{abs(number)}"
