"""What charts of dated amounts share: paper, axes with numbers as people say them, how a click behaves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts.tape import FONT, ticks
from tapeline.charts.theme import Palette
from tapeline.words import THIN, grouped, short

LEFT, TOP, BOTTOM = 52, 8, 30
SEPARATORS = f".{THIN}"
"""How Plotly writes decimals and thousands where it writes numbers itself."""
DECADE_STEPS = ((1.4, (1, 1.5, 2, 3, 4, 5, 7)), (3.2, (1, 2, 5)), (math.inf, (1,)))


class Scale(NamedTuple):
    """A y axis: what it spans (logarithms where `log`), and where its numbers stand (not logarithms)."""

    low: float
    high: float
    log: bool
    values: tuple[float, ...]

    def place(self, value: float) -> float:
        """Return where on the axis a value stands."""
        return math.log10(value) if self.log else value

    def pixel(self, value: float, height: float) -> float:
        """Return how many pixels above the lower edge a value stands."""
        return (self.place(value) - self.low) / (self.high - self.low) * height


def logarithmic(low: float, high: float, height: float, pad: float = 14, top: float | None = None) -> Scale:
    """Span two positive values on a logarithmic axis, with some pixels of room below and above."""
    first, last = math.log10(low), math.log10(high)
    if last - first < 0.3:
        first, last = first - 0.15, last + 0.15
    a_pixel = (last - first) / max(height - pad - (top or pad), 1)
    first, last = first - pad * a_pixel, last + (top or pad) * a_pixel
    return Scale(first, last, True, _decades(first, last))


def linear(high: float, height: float, pad: float = 14) -> Scale:
    """Span zero to a value on a linear axis, with some pixels of room above."""
    top = (high or 1) * height / (height - pad)
    step = _round_step(top / 5)
    return Scale(0, top, False, tuple(step * at for at in range(int(top / step) + 1)))


def paper(figure: go.Figure, colours: Palette, height: float, right: int, *, bottom: int = BOTTOM, left: int = LEFT) -> None:
    """Give a figure its paper, fonts, size and margins; a click chooses a mark, dragging does nothing, so that it scrolls a phone."""
    font = {"color": colours.ink, "size": 12, "family": FONT}
    figure.update_layout(
        height=height + TOP + bottom, margin={"l": left, "r": right, "t": TOP, "b": bottom}, paper_bgcolor=colours.paper,
        plot_bgcolor=colours.paper, font=font, separators=SEPARATORS, hovermode="closest", hoverdistance=12, clickmode="event+select", dragmode=False,
        hoverlabel={"bgcolor": colours.side, "bordercolor": colours.rule, "align": "left", "font": {**font, "size": 13}},
        legend={"orientation": "h", "x": 0, "y": -34 / height, "yanchor": "top", "xanchor": "left", "itemclick": False, "itemdoubleclick": False,
                "itemsizing": "constant"},
    )  # fmt: skip


def key(symbols: Mapping[str, str], colours: Palette) -> list[go.Scatter]:
    """Return what a legend needs to say which symbol means what: one quiet trace each, by its words."""
    fill = {symbol: colours.muted if symbol.endswith("-open") else colours.faded(colours.muted, 0.45) for symbol in symbols.values()}
    return [
        go.Scatter(x=[None], y=[None], name=words, mode="markers", hoverinfo="skip",
                   marker={"symbol": symbol, "size": 9, "color": fill[symbol], "line": {"width": 1.5, "color": colours.muted}})
        for words, symbol in symbols.items()
    ]  # fmt: skip


def time_axis(start: pd.Timestamp, end: pd.Timestamp, most: int, colours: Palette, *, last: pd.Timestamp | None = None) -> dict[str, Any]:
    """Return an x axis of dates, with at most so many of them written, none after the `last` of the data."""
    dates = ticks(start, last or end, most)
    return {**_axis(colours), "type": "date", "range": [start, end], "tickvals": [at for at, _ in dates], "ticktext": [text for _, text in dates]}


def count_axis(end: float, most: int, colours: Palette) -> dict[str, Any]:
    """Return an x axis that counts from zero."""
    step = max(_round_step(end / most), 1.0)
    values = [step * at for at in range(int(end / step) + 1)]
    return {**_axis(colours), "type": "linear", "range": [0, end], "tickvals": values, "ticktext": [grouped(value) for value in values]}


def value_axis(scale: Scale, colours: Palette, *, index: bool = False) -> dict[str, Any]:
    """Return a y axis whose numbers read 1 M, 40 bn; plain numbers for an index."""
    return {
        "type": "log" if scale.log else "linear", "range": [scale.low, scale.high], "fixedrange": True, "zeroline": False, "showgrid": True,
        "gridcolor": colours.rule, "gridwidth": 0.5, "tickfont": {"color": colours.muted}, "tickvals": list(scale.values),
        "ticktext": [grouped(value) if index and value >= 10 else short(value) for value in scale.values], "minor": {"showgrid": False, "ticks": ""},
    }  # fmt: skip


def ranges(spans: Iterable[tuple[Any, float, float]], colours: Palette) -> go.Scatter:
    """Draw what sources give as a range as one: an upright bar from `low` to `high` at x, none where they are NaN."""
    there = [(x, low, high) for x, low, high in spans if not math.isnan(low)]
    return go.Scatter(
        x=[at for x, _, _ in there for at in (x, x, None)], y=[level for _, low, high in there for level in (low, high, None)],
        mode="lines+markers", name="Ranges", hoverinfo="skip", showlegend=False, line={"color": colours.ink, "width": 1.5},
        marker={"symbol": "line-ew", "size": 8, "line": {"width": 1.5, "color": colours.ink}},
    )  # fmt: skip


def _axis(colours: Palette) -> dict[str, Any]:
    return {"fixedrange": True, "showgrid": False, "showline": True, "zeroline": False, "ticks": "outside", "ticklen": 4,
            "tickcolor": colours.muted, "linecolor": colours.muted, "tickfont": {"color": colours.muted}, "tickangle": 0}  # fmt: skip


def _decades(first: float, last: float) -> tuple[float, ...]:
    steps = next(steps for reach, steps in DECADE_STEPS if last - first < reach)
    values = [step * 10.0**power for power in range(math.floor(first), math.ceil(last) + 1) for step in steps]
    return tuple(value for value in values if first <= math.log10(value) <= last)


def _round_step(about: float) -> float:
    """Return the least of 1, 2, 5 times a power of ten that is not below some step."""
    power = 10.0 ** math.floor(math.log10(about)) if about > 0 else 1.0
    return next(step * power for step in (1, 2, 5, 10) if step * power >= about * 0.999)
