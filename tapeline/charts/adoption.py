"""One metric of use, a line a product, by date or by days since launch; each line is named at its end.

Marks are hollow where the figure is approximate; a range of a source is drawn as one.
"""

from __future__ import annotations

import html
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.adoption import round_numbers
from tapeline.charts import canvas, hover, labels
from tapeline.charts.canvas import Scale
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette, apart
from tapeline.once import once
from tapeline.rows import each
from tapeline.words import count, day, iso, listing, quantity, short

HEIGHT = 300
LOG_FROM = 1000.0
LETTERS, LETTERS_NARROW = 24, 18
MOST_LABELS = 16


class Point(NamedTuple):
    """One figure at `x`, a date or a number of days."""

    milestone_id: str
    x: Any
    value: float
    low: float
    high: float
    approximate: bool
    hover: str


class Line(NamedTuple):
    """One product's figures by date, and the dash that tells it from others of its company."""

    product: str
    company_id: str
    stroke: str
    points: tuple[Point, ...]


class Adoption(NamedTuple):
    """What the figure shows, the largest last figure first; `aligned` where x counts days since launch."""

    metric: str
    lines: tuple[Line, ...]
    start: Any
    end: Any
    aligned: bool
    scale: Scale
    room: Room


@once()
def arrange(found: pd.DataFrame, span: tuple[Any, Any], room: Room, *, aligned: bool = False) -> Adoption:
    """Order products by their last figure; `found` is what `adoption.series` gives (`since_launch` where aligned), not empty.

    `span` is the range of x, so that two charts can share it. The y axis is logarithmic where days are counted, and where the
    largest last figure is more than 1,000 times the smallest.
    """
    last = found.groupby(["company_id", "counted"], sort=False)["value"].last().sort_values(ascending=False, kind="stable")
    lines = []
    for (company_id, counted), stroke in zip(last.index, apart([company_id for company_id, _ in last.index]), strict=True):
        rows = found[(found["company_id"] == company_id) & (found["counted"] == counted)]
        lines.append(Line(counted, company_id, stroke, tuple(_point(row, aligned) for row in each(rows))))
    low, high = float(found[["value", "low"]].min().min()), float(found[["value", "high"]].max().max())
    log = low > 0 and (aligned or float(last.max()) > LOG_FROM * float(last.min()))
    scale = canvas.logarithmic(low, high, HEIGHT) if log else canvas.linear(high, HEIGHT)
    return Adoption(str(found["metric"].iloc[0]), tuple(lines), *span, aligned, scale, room)


@once()
def draw(adoption: Adoption, colours: Palette) -> go.Figure:
    """Make the figure; a mark's custom data are its milestone's id."""
    letters = LETTERS_NARROW if adoption.room.narrow else LETTERS
    ends = [_end(line, letters, colours) for line in adoption.lines[:MOST_LABELS]]
    notes, leaders = labels.at_ends(ends, adoption.end, colours, span=adoption.scale[:2], height=HEIGHT, log=adoption.scale.log)
    ranges = canvas.ranges(((point.x, point.low, point.high) for line in adoption.lines for point in line.points), colours)
    figure = go.Figure([leaders, ranges, *(_line(line, colours) for line in adoption.lines[::-1])])
    canvas.paper(figure, colours, HEIGHT, labels.margin([end.text for end in ends]), bottom=canvas.BOTTOM + (18 if adoption.aligned else 0))
    most = max(adoption.room.ticks * 2 // 3, 3)
    axis = canvas.count_axis(adoption.end, most, colours) if adoption.aligned else canvas.time_axis(adoption.start, adoption.end, most, colours)
    if adoption.aligned:
        axis |= {"title": {"text": "days since launch", "font": {"size": 12, "color": colours.muted}, "standoff": 4}}
    figure.update_layout(annotations=notes, xaxis=axis, yaxis=canvas.value_axis(adoption.scale, colours), showlegend=False)
    return figure


def title(adoption: Adoption) -> str:
    """State the finding: where the largest product came from and got to."""
    top = adoption.lines[0]
    first, last = top.points[0], top.points[-1]
    if adoption.aligned:
        if len(top.points) == 1:
            return f"{adoption.metric}: {top.product} at {short(last.value)}, {count(last.x, 'day')} after launch"
        level = max((level for level in round_numbers() if level <= last.value), default=last.value)
        days = next(point.x for point in top.points if point.value >= level)
        return f"{adoption.metric}: {top.product} at {short(level)} within {count(days, 'day')} of launch"
    if len(top.points) > 1 and last.value > first.value:
        return f"{adoption.metric}: {top.product} from {short(first.value)} in {first.x:%B %Y} to {short(last.value)} in {last.x:%B %Y}"
    return f"{adoption.metric}: {top.product} at {short(last.value)} in {last.x:%B %Y}"


def finding(adoption: Adoption) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    said = [
        f"{line.product} {short(line.points[-1].value)} {_when(line.points[-1].x)} ({count(len(line.points), 'figure')})" for line in adoption.lines
    ]
    axis = "counted from launch, logarithmic" if adoption.aligned else "by date" + (", logarithmic" if adoption.scale.log else "")
    return f"{adoption.metric} of {count(len(said), 'product')}, {axis}. The last figure of each: {listing(said, 10)}."


def _when(x: Any) -> str:
    return f"on {day(x)}" if isinstance(x, pd.Timestamp) else f"after {count(int(x), 'day')}"


def _point(row: Any, aligned: bool) -> Point:
    """Make the mark of a figure."""
    since = f", {count(int(row.days), 'day')} after {html.escape(row.launched_as)} on {row.launch:%Y-%m-%d}" if aligned else ""
    words = "<br>".join(filter(None, [
        f"{iso(row.date, row.date_precision)} · {html.escape(row.company)}{since}",
        f"<b>{hover.wrapped(row.title)}</b>",
        f"{html.escape(row.counted)}, {html.escape(row.metric.lower())}: {quantity(row)}",
        hover.wrapped(row.note),
    ]))  # fmt: skip
    return Point(row.milestone_id, int(row.days) if aligned else row.date, row.value, row.low, row.high, bool(row.approximate), words)


def _end(line: Line, letters: int, colours: Palette) -> labels.End:
    """Name a line at its end, by its product and last figure, in no more letters than there is room for."""
    last = line.points[-1]
    amount = short(last.value)
    room = letters - len(amount) - 1
    name = line.product if len(line.product) <= room else f"{line.product[: room - 1].rstrip()}…"
    return labels.End(f"{name} {amount}", last.x, last.value, colours.company(line.company_id))


def _line(line: Line, colours: Palette) -> go.Scatter:
    own = colours.company(line.company_id)
    return go.Scatter(
        x=[point.x for point in line.points], y=[point.value for point in line.points], mode="lines+markers", name=line.product,
        cliponaxis=False,
        customdata=[[point.milestone_id] for point in line.points], hovertext=[point.hover for point in line.points],
        hovertemplate="%{hovertext}<extra></extra>", unselected={"marker": {"opacity": 1}},
        line={"color": own, "width": 1.6, "dash": line.stroke},
        marker={"size": 8, "opacity": 1, "color": [colours.paper if point.approximate else own for point in line.points],
                "line": {"width": 1.6, "color": own}},
    )  # fmt: skip
