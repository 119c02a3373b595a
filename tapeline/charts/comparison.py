"""Shares compared: lines from a base, against a benchmark, below their peak, or in their currency; milestones in lanes beneath them."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas, labels, timeline
from tapeline.charts.canvas import Scale
from tapeline.charts.scene import Room, Scene
from tapeline.charts.tape import LETTERS as LETTERS_OF_A_LANE
from tapeline.charts.tape import ticks
from tapeline.charts.theme import IN_COLOUR, IN_INK, Palette, dash
from tapeline.charts.timeline import Lane
from tapeline.once import once
from tapeline.words import MINUS, THIN, count, cut, day, grouped, grown, isolated, listing, per_cent, short

Mode = Literal["start", "milestone", "relative", "drawdown", "price"]
HEIGHT, AXIS = 360, 34
LANES, LANES_NARROW = 4, 1
LOG_FROM = 6.0
LETTERS, LETTERS_NARROW = 28, 17
SOON, SOON_SAID = 5, "Five"
PAD = 0.008
PLAIN = ("solid", "dash", "dot", "dashdot", "longdash")
LATE = pd.Timedelta(days=10)
"""A series that begins so long after the first is not ranked with it."""
TABLET = 400
"""On a plot narrower than so many pixels labels are short and the legend takes more lines."""
LEFT = 52


class Line(NamedTuple):
    """One share, benchmark or basket: its values as the mode has them; `company_id` lends it colour and dash ('' where it is nobody's).

    `quiet` is the benchmark beside the shares: drawn thin, and not ranked with them.
    """

    ticker: str
    name: str
    company_id: str
    values: pd.Series
    stale: bool = False
    basket: bool = False
    quiet: bool = False


class Base(NamedTuple):
    """The milestone that lines are rebased at; `date` is the earliest of the sessions before it."""

    title: str
    date: pd.Timestamp


class Comparison(NamedTuple):
    """What the figure shows; `lanes` hold the milestones, `unit` is the currency of prices or the name of the benchmark."""

    lines: tuple[Line, ...]
    mode: Mode
    unit: str
    base: Base | None
    lanes: tuple[Lane, ...]
    start: pd.Timestamp
    end: pd.Timestamp
    scale: Scale
    room: Room


@once()
def arrange(lines: Sequence[Line], mode: Mode, scene: Scene, *, log: bool, unit: str = "", base: Base | None = None) -> Comparison:
    """Scale the lines and place the scene's milestones beneath them; `lines` is not empty and each has values."""
    low, high = min(float(line.values.min()) for line in lines), max(float(line.values.max()) for line in lines)
    room = scene.room._replace(lanes=LANES_NARROW if scene.room.narrow else LANES)
    lanes = timeline.lanes(scene._replace(room=room)) if len(scene.rows) else []
    scale = canvas.logarithmic(low, high, HEIGHT) if log and low > 0 else _linear(low, high)
    return Comparison(tuple(lines), mode, unit, base, tuple(lanes), scene.start, scene.end, scale, scene.room)


def wants_log(lines: Sequence[Line], mode: Mode) -> bool:
    """Tell whether values lie so far apart that a logarithmic axis is the clearer one; never for a drawdown."""
    if mode == "drawdown":
        return False
    return max(float(line.values.max()) for line in lines) / min(float(line.values.min()) for line in lines) > LOG_FROM


@once()
def draw(comparison: Comparison, colours: Palette) -> go.Figure:
    """Make the figure; a milestone's custom data are its id, a line's name its ticker."""
    letters = LETTERS if comparison.room.width >= TABLET else LETTERS_NARROW
    ends = [labels.End(_end(line, comparison, letters), line.values.index[-1], float(line.values.iloc[-1]), _colour(line, colours))
            for line in comparison.lines]  # fmt: skip
    notes, leaders = labels.at_ends(ends, _edges(comparison)[1], colours, span=comparison.scale[:2], height=HEIGHT, log=comparison.scale.log)
    marks = timeline.traces(comparison.lanes, colours) if comparison.lanes else []
    for trace in marks:
        trace["yaxis"] = "y2"
    figure = go.Figure(
        [
            leaders,
            *(_line(line, stroke, comparison, colours) for line, stroke in zip(comparison.lines, _strokes(comparison), strict=True)),
            _ends(comparison, colours),
            *marks,
        ]
    )
    lanes = timeline.height(comparison.lanes)
    total = HEIGHT + AXIS + lanes
    canvas.paper(figure, colours, total, labels.margin([end.text for end in ends]), bottom=_bottom(comparison),
                 left=LEFT if comparison.room.narrow or len(comparison.lanes) < 2 else 104)  # fmt: skip
    axis = canvas.value_axis(comparison.scale, colours)
    axis |= {"domain": [1 - HEIGHT / total, 1], "ticktext": _numbers(comparison)}
    figure.update_layout(
        annotations=[*notes, *_base_words(comparison, colours)], shapes=_shapes(comparison, colours), showlegend=bool(marks),
        xaxis=_time_axis(comparison, 1 - (HEIGHT + 1) / total, colours), yaxis=axis, yaxis2=_lane_axis(comparison, lanes / total, colours),
    )  # fmt: skip
    figure.update_layout(legend={"y": -8 / total})
    return figure


def title(comparison: Comparison) -> str:
    """State the finding of the view: who did best and worst, who fell furthest, or the last close."""
    shares = [line for line in comparison.lines if not line.quiet] or list(comparison.lines)
    ranked = sorted(shares, key=lambda line: -float(line.values.iloc[-1]))
    if comparison.mode == "price":
        return f"{listing([f'{line.ticker} {_number(float(line.values.iloc[-1]))}' for line in ranked], 4)} {comparison.unit} at the last close"
    if comparison.mode == "drawdown":
        deepest = min(shares, key=lambda line: float(line.values.min()))
        at, least = pd.Timestamp(deepest.values.index[int(deepest.values.argmin())]), float(deepest.values.min())
        now = per_cent(float(deepest.values.iloc[-1]), 0)
        return f"{deepest.ticker} fell furthest: {per_cent(least, 0)} from its peak, on {day(at)}; {now} at the end"
    if comparison.base:
        return _after(shares, comparison.base, comparison.end)
    against = f" against {comparison.unit}" if comparison.mode == "relative" else ""
    first = min(pd.Timestamp(line.values.index[0]) for line in shares)
    whole = [line for line in ranked if line.values.index[0] <= first + LATE]
    words = f"Since {day(max(first, comparison.start))}: {whole[0].ticker} {change(whole[0])}"
    words = f"{words}, {whole[-1].ticker} {change(whole[-1])}{against}" if len(whole) > 1 else f"{words}{against}"
    beside = [f"{line.name} {change(line)}" for line in comparison.lines if line not in shares]
    return f"{words}; {beside[0]}" if beside and comparison.mode == "start" else words


def finding(comparison: Comparison) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    what = {"start": "Index, 100 at the left edge", "milestone": "Index, 100 at the close before the milestone",
            "relative": f"Ratio to {comparison.unit}, 100 at the left edge", "drawdown": "Distance from the highest level so far",
            "price": f"Closes in {comparison.unit}"}[comparison.mode]  # fmt: skip
    lines = [f"{line.name if line.quiet else line.ticker} {_said(float(line.values.iloc[-1]), comparison)}" for line in comparison.lines]
    marks = sum(len(mark.ids) for lane in comparison.lanes for mark in lane.marks)
    reach = f"{day(comparison.start)} to {day(comparison.end)}"
    return f"{what}, {reach}; at the end {listing(lines, 12)}. {count(marks, 'milestone')} beneath."


def change(line: Line) -> str:
    """Say a line's change from its base: a per cent, from a doubling on a factor."""
    return grown(float(line.values.iloc[-1]) / 100 - 1)


def _after(shares: Sequence[Line], base: Base, end: pd.Timestamp) -> str:
    """Say how the share that moved furthest in the first sessions from the base stood then, and at the end."""
    early = {line.ticker: float(line.values.loc[line.values.index > base.date].iloc[:SOON].iloc[-1]) / 100 - 1 for line in shares
             if (line.values.index > base.date).any()}  # fmt: skip
    if not early:
        return f"No session after “{base.title}” in this range"
    ticker = max(early, key=lambda name: abs(early[name]))
    line = next(line for line in shares if line.ticker == ticker)
    return f"{SOON_SAID} sessions from the close before “{base.title}”: {ticker} {per_cent(early[ticker])}; by {day(end)} {change(line)}"


def _linear(low: float, high: float) -> Scale:
    """Span two values on a linear axis with round steps and some room."""
    spread = max(high - low, abs(high) * 0.02, 1e-6)
    low, high = low - spread * 0.05, high + spread * 0.05
    power = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = next(step * power for step in (1, 2, 5, 10) if step * power >= (high - low) / 6)
    return Scale(low, high, False, tuple(step * at for at in range(math.ceil(low / step), math.floor(high / step) + 1)))


def _number(value: float) -> str:
    return grouped(value, 0 if abs(value) >= 1000 else 2)


def _numbers(comparison: Comparison) -> list[str]:
    """Write the numbers of the axis, as finely as their steps want it, so that no two look alike."""
    scale, percent = comparison.scale, comparison.mode == "drawdown"
    if scale.log or len(scale.values) < 2:
        return [_said(value, comparison) for value in scale.values]
    step = (scale.values[1] - scale.values[0]) * (100 if percent else 1)
    return [_said(value, comparison, max(math.ceil(-math.log10(step) - 0.01), 0)) for value in scale.values]


def _said(value: float, comparison: Comparison, digits: int | None = None) -> str:
    """Say a value of the axis or of a line's end as its mode has it, with some decimals, by default as many as its size wants."""
    if comparison.mode == "drawdown":
        text = grouped(abs(value) * 100, digits or 0)
        return f"{MINUS if text.strip('0.') else ''}{text}{THIN}%"
    return short(value) if digits is None and abs(value) < 10 else grouped(value, digits or 0)


def _end(line: Line, comparison: Comparison, letters: int) -> str:
    name = line.name if line.quiet or line.basket else line.ticker
    value = float(line.values.iloc[-1])
    words = {"price": _number(value), "drawdown": per_cent(value, 0)}.get(comparison.mode) or change(line)
    words = f"{words} ⚠" if line.stale else words
    room = letters - len(words) - 1
    return f"{name if len(name) <= room else name[: room - 1] + '…'} {words}"


def _colour(line: Line, colours: Palette) -> str:
    return colours.accent if line.basket else colours.company(line.company_id) if line.company_id else colours.muted


def _strokes(comparison: Comparison) -> list[str]:
    """Return each line's dash: its company's; those of companies without a colour of their own are told apart by theirs."""
    plain = [line.ticker for line in comparison.lines if not (line.quiet or line.basket or line.company_id in (*IN_COLOUR, IN_INK))]
    return [PLAIN[plain.index(line.ticker) % len(PLAIN)] if line.ticker in plain else "solid" if line.quiet or line.basket else dash(line.company_id)
            for line in comparison.lines]  # fmt: skip


def _line(line: Line, stroke: str, comparison: Comparison, colours: Palette) -> go.Scatter:
    """Draw a share in its company's colour and dash, a benchmark thin, a basket thick in the accent."""
    moves = line.values.pct_change(fill_method=None) if comparison.mode != "drawdown" else line.values.diff()
    value = {"drawdown": "%{y:.1%} from its peak", "price": f"close %{{y:,.2f}} {html.escape(comparison.unit)}", "relative": "ratio %{y:,.1f}"}
    move = "" if comparison.mode == "drawdown" else ", %{customdata[0]:+.1%} on the day"
    return go.Scatter(
        x=pd.DatetimeIndex(line.values.index).strftime("%Y-%m-%d"), y=line.values.round(4).to_numpy("float32"), mode="lines", name=line.ticker,
        customdata=np.asarray(moves, "float32")[:, None], showlegend=False,
        hovertemplate=f"<b>{html.escape(line.name)}</b> %{{x|%Y-%m-%d}}<br>{value.get(comparison.mode, 'index %{y:,.1f}')}{move}<extra></extra>",
        line={"color": _colour(line, colours), "width": 2.4 if line.basket else 1 if line.quiet else 1.6, "dash": stroke},
    )  # fmt: skip


def _ends(comparison: Comparison, colours: Palette) -> go.Scatter:
    """Mark where each line's data end."""
    return go.Scatter(
        x=[line.values.index[-1] for line in comparison.lines], y=[float(line.values.iloc[-1]) for line in comparison.lines], mode="markers",
        hoverinfo="skip", showlegend=False, name="Ends", marker={"size": 5, "color": [_colour(line, colours) for line in comparison.lines]},
    )  # fmt: skip


def _bottom(comparison: Comparison) -> int:
    return 8 if not comparison.lanes else 40 if comparison.room.width >= TABLET else 100


def _edges(comparison: Comparison) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the ends of the time axis, a little beyond the days shown, so that marks at them are whole."""
    pad = (comparison.end - comparison.start) * PAD
    return comparison.start - pad, comparison.end + pad


def _time_axis(comparison: Comparison, position: float, colours: Palette) -> dict[str, Any]:
    """The one time axis, between the lines and the milestones."""
    dates = ticks(comparison.start, comparison.end, comparison.room.ticks)
    axis = canvas.time_axis(*_edges(comparison), comparison.room.ticks, colours)
    return axis | {"anchor": "free", "position": max(position, 0), "side": "bottom", "tickvals": [at for at, _ in dates], "showspikes": True,
                   "spikemode": "across", "spikesnap": "cursor", "spikethickness": 1, "spikedash": "solid", "spikecolor": colours.muted}  # fmt: skip


def _lane_axis(comparison: Comparison, share: float, colours: Palette) -> dict[str, Any]:
    several = len(comparison.lanes) > 1 and not comparison.room.narrow
    return {
        "domain": [0, share or 0.001], "range": [timeline.height(comparison.lanes) or 1, 0], "fixedrange": True, "showgrid": False, "zeroline": False,
        "showticklabels": several, "tickvals": [lane.y for lane in comparison.lanes],
        "ticktext": [html.escape(isolated(cut(lane.name, LETTERS_OF_A_LANE))) for lane in comparison.lanes],
        "tickfont": {"size": 12, "color": colours.ink},
    }  # fmt: skip


def _shapes(comparison: Comparison, colours: Palette) -> list[dict[str, Any]]:
    """The line of no change, and the day that lines are rebased at."""
    level = {"drawdown": 0.0, "price": None}.get(comparison.mode, 100.0)
    drawn: list[dict[str, Any]] = []
    if level is not None:
        drawn.append({"type": "line", "xref": "x", "yref": "y", "x0": comparison.start, "x1": comparison.end, "y0": level, "y1": level,
                      "line": {"color": colours.muted, "width": 0.8}, "layer": "below"})  # fmt: skip
    if comparison.base:
        drawn.append({"type": "line", "xref": "x", "yref": "y domain", "x0": comparison.base.date, "x1": comparison.base.date, "y0": 0, "y1": 1,
                      "line": {"color": colours.accent, "width": 1.2}})  # fmt: skip
    return drawn


def _base_words(comparison: Comparison, colours: Palette) -> list[dict[str, Any]]:
    """Name the day of the base at its line."""
    if not comparison.base:
        return []
    late = (comparison.base.date - comparison.start) / (comparison.end - comparison.start) > 0.5
    return [{"x": comparison.base.date, "y": 1, "xref": "x", "yref": "y domain", "yanchor": "top", "xanchor": "right" if late else "left",
             "xshift": -4 if late else 4, "text": f"100 at the close of {comparison.base.date:%Y-%m-%d}", "showarrow": False,
             "font": {"size": 11, "color": colours.accent}}]  # fmt: skip
