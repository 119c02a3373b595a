"""Rounds over time: a mark for each, its area the amount, its shape the kind of money, the big ones named."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas, hover, labels
from tapeline.charts.canvas import Scale
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette
from tapeline.once import once
from tapeline.rows import each
from tapeline.words import count, day, iso, listing, quantity, share, short

HEIGHT = 440
LARGEST, LARGEST_TIGHT, LARGEST_NARROW, LEAST = 52, 40, 28, 5
NAMED, NAMED_TIGHT = 10, 6
TIGHT = 400
"""Below this width, in pixels, few marks are named, and only close beside them: lines to their names would cross other marks."""
RIGHT = 12
SPARED = 136
SHAPES = {
    "equity_announced": ("circle", math.pi / 4),
    "equity_closed": ("square", 1.0),
    "equity_reported": ("diamond-open", 2 * 0.65**2),
    "debt_raised": ("triangle-down", 0.433),
    "ipo_proceeds": ("star", 0.55),
}
"""The mark of each kind of money, and the part of its square that it fills, so that equal amounts have equal areas."""
WORDS = {
    "equity_announced": "circle",
    "equity_closed": "square",
    "equity_reported": "hollow diamond",
    "debt_raised": "triangle",
    "ipo_proceeds": "star",
}
SAID = {"equity_announced": "announced", "equity_closed": "closed", "equity_reported": "reported", "debt_raised": "debt", "ipo_proceeds": "listing"}


class Mark(NamedTuple):
    """One amount of one milestone; `size` is the extent of its symbol in pixels."""

    milestone_id: str
    date: pd.Timestamp
    value: float
    low: float
    high: float
    metric_id: str
    company_id: str
    name: str
    size: float
    hover: str


class Rounds(NamedTuple):
    """What the figure shows; `names` says, by the place of a mark, where its words stand (see `labels.beside`)."""

    marks: tuple[Mark, ...]
    names: Mapping[int, tuple[float, float, float]]
    metrics: Mapping[str, str]
    start: pd.Timestamp
    end: pd.Timestamp
    scale: Scale
    room: Room


@once()
def arrange(found: pd.DataFrame, room: Room) -> Rounds:
    """Size the marks by amount and find room for the names of the big ones; `found` is what `funding.rounds` gives, not empty."""
    span = max(found["date"].max() - found["date"].min(), pd.Timedelta(days=60))
    start, end = found["date"].min() - span * 0.04, found["date"].max() + span * (0.08 if room.narrow else 0.13)
    largest, most = float(found["value"].max()), LARGEST_NARROW if room.narrow else LARGEST_TIGHT if room.width < TIGHT else LARGEST
    marks = [_mark(row, max(most * math.sqrt(row.value / largest), LEAST)) for row in each(found.sort_values("value", ascending=False))]
    width = room.width + SPARED
    scale = canvas.logarithmic(float(found["value"].min()), largest, HEIGHT, top=most * 0.75)
    spots = [labels.Spot((mark.date - start) / (end - start) * width, scale.pixel(mark.value, HEIGHT), mark.size / 2, _words(mark)) for mark in marks]
    names = labels.beside(spots, _wanted(marks, room), width, HEIGHT, level=room.width < TIGHT)
    metrics = {str(name): str(label) for name, label in found.drop_duplicates("metric_id").set_index("metric_id")["metric"].items()}
    return Rounds(tuple(marks), names, metrics, start, end, scale, room)


@once()
def draw(rounds: Rounds, colours: Palette) -> go.Figure:
    """Make the figure; a mark's custom data are its milestone's id."""
    there = [name for name in SHAPES if name in rounds.metrics]
    key = canvas.key({rounds.metrics[name]: SHAPES[name][0] for name in there}, colours)
    ranges = canvas.ranges(((mark.date, mark.low, mark.high) for mark in rounds.marks), colours)
    figure = go.Figure([*key, ranges, *(_trace(rounds, name, colours) for name in there)])
    canvas.paper(figure, colours, HEIGHT, RIGHT, bottom=canvas.BOTTOM + (74 if rounds.room.narrow else 30))
    notes = [
        labels.note(
            labels.End(_words(mark), mark.date, math.log10(mark.value), colours.company(mark.company_id)), rounds.names[at], mark.size / 2, colours
        )
        for at, mark in enumerate(rounds.marks)
        if at in rounds.names
    ]
    figure.update_layout(
        annotations=notes, xaxis=canvas.time_axis(rounds.start, rounds.end, rounds.room.ticks, colours, last=max(mark.date for mark in rounds.marks)),
        yaxis=canvas.value_axis(rounds.scale, colours), showlegend=True,
    )  # fmt: skip
    return figure


def title(found: pd.DataFrame) -> str:
    """State the finding: how much of the equity announced the largest rounds hold, or the one round there is."""
    largest = found.iloc[int(found["value"].argmax())]
    announced = found[found["metric_id"] == "equity_announced"]["value"].sort_values(ascending=False)
    if len(announced) >= 20:
        return f"Five of {len(announced)} rounds hold {share(announced.head(5).sum() / announced.sum())} of all equity announced"
    what = f"{largest['who']}: {quantity(largest)}, {SAID[largest['metric_id']]}"
    return f"{what}, is the largest of {len(found)} amounts" if len(found) > 1 else what


def finding(found: pd.DataFrame) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    biggest = found.sort_values("value", ascending=False).head(3)
    names = [f"{row.who} {quantity(row)} ({SAID[row.metric_id]}, {day(row.date, row.date_precision)})" for row in each(biggest)]
    kinds = [f"{str(label).lower()} {number}" for label, number in found["metric"].value_counts().items()]
    return (
        f"{count(len(found), 'amount')} of money by date, on a logarithmic axis from {short(found['value'].min())} to "
        f"{short(found['value'].max())} USD: {listing(kinds, 5)}. The largest: {listing(names)}."
    )


def _mark(row: Any, size: float) -> Mark:
    """Make the mark of an amount; `size` is the side of the square whose area stands for it."""
    fills = SHAPES[row.metric_id][1]
    words = "<br>".join(filter(None, [
        f"{iso(row.date, row.date_precision)} · {html.escape(row.who)}",
        f"<b>{hover.wrapped(row.title)}</b>",
        f"{html.escape(row.metric)}: {quantity(row)}",
        html.escape(f"Led by {listing(row.led_by.split('; '), 4)}") if row.led_by else "",
        hover.wrapped(row.note),
    ]))  # fmt: skip
    return Mark(row.milestone_id, row.date, row.value, row.low, row.high, row.metric_id, row.company_id, row.company,
                size * math.sqrt(math.pi / 4 / fills), words)  # fmt: skip


def _wanted(marks: Sequence[Mark], room: Room) -> list[int]:
    """Return the places of the marks to name, the largest first; where it is tight each company's largest alone."""
    if room.width >= TIGHT:
        return list(range(min(len(marks), NAMED)))
    first = {mark.company_id: at for at, mark in reversed(list(enumerate(marks)))}
    return sorted(first.values())[:NAMED_TIGHT]


def _words(mark: Mark) -> str:
    kind = "" if mark.metric_id == "equity_announced" else f" {SAID[mark.metric_id]}"
    return f"{mark.name[:18]} {short(mark.value)}{kind}"


def _trace(rounds: Rounds, metric_id: str, colours: Palette) -> go.Scatter:
    """Draw the amounts of one metric, the large ones first so that small ones stay in sight."""
    marks = [mark for mark in rounds.marks if mark.metric_id == metric_id]
    symbol, own = SHAPES[metric_id][0], [colours.company(mark.company_id) for mark in marks]
    hollow = symbol.endswith("-open")
    return go.Scatter(
        x=[mark.date for mark in marks], y=[mark.value for mark in marks], mode="markers", name=rounds.metrics[metric_id], showlegend=False,
        customdata=[[mark.milestone_id] for mark in marks], hovertext=[mark.hover for mark in marks], hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
        marker={"symbol": symbol, "opacity": 1, "size": [mark.size for mark in marks],
                "color": own if hollow else [colours.faded(colour, 0.45) for colour in own], "line": {"width": 1.5, "color": own}},
    )  # fmt: skip
