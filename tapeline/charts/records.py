"""Stated sizes of open and closed releases by date: the record of each sort as steps, and how long open weights took to reach it."""

from __future__ import annotations

import html
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas, hover, labels
from tapeline.charts.canvas import Scale
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette
from tapeline.once import once
from tapeline.openness import CLOSED, OPEN
from tapeline.rows import each
from tapeline.words import count, day, iso, quantity, span

HEIGHT = 380
RADIUS = 5
LEAST_LAG = 60.0
"""A lag is written on its line where that is at least so many pixels long."""


class Mark(NamedTuple):
    """One release's stated size."""

    milestone_id: str
    date: pd.Timestamp
    value: float
    openness: str
    record: bool
    product: str
    hover: str


class Lag(NamedTuple):
    """From a closed record to the first open release that states at least as much; no `until` where none has come."""

    product: str
    value: float
    since: pd.Timestamp
    until: pd.Timestamp | None
    other: str
    days: float


class Records(NamedTuple):
    """What the figure shows of one metric."""

    label: str
    marks: tuple[Mark, ...]
    lags: tuple[Lag, ...]
    start: pd.Timestamp
    end: pd.Timestamp
    scale: Scale
    room: Room


@once()
def arrange(sizes: pd.DataFrame, lags: pd.DataFrame, room: Room) -> Records:
    """Order what `openness.sizes` and `openness.lags` give; `sizes` is not empty."""
    marks = tuple(Mark(row.milestone_id, row.date, row.value, row.openness, row.record, row.product, _said(row)) for row in each(sizes))
    found = tuple(Lag(row.product, row.value, row.date, None if pd.isna(row.days) else row.open_date, row.open_product or "", row.days)
                  for row in each(lags))  # fmt: skip
    reach = max(sizes["date"].max() - sizes["date"].min(), pd.Timedelta(days=60))
    scale = canvas.logarithmic(float(sizes["value"].min()), float(sizes["value"].max()), HEIGHT, top=24)
    return Records(str(sizes["metric"].iloc[0]), marks, found, sizes["date"].min() - reach * 0.03, sizes["date"].max() + reach * 0.03, scale, room)


@once()
def draw(records: Records, colours: Palette) -> go.Figure:
    """Make the figure; a mark's custom data are its milestone's id."""
    figure = go.Figure([
        *canvas.key({"Open weights": "circle-open", "Closed": "circle"}, colours), _lag_lines(records, colours),
        *(_steps(records, sort, colours) for sort in (CLOSED, OPEN)), *(_trace(records, sort, colours) for sort in (CLOSED, OPEN)),
    ])  # fmt: skip
    canvas.paper(figure, colours, HEIGHT, 10, bottom=canvas.BOTTOM + 30)
    figure.update_layout(
        annotations=[*_names(records, colours), *_lag_words(records, colours)], showlegend=True,
        xaxis=canvas.time_axis(records.start, records.end, records.room.ticks, colours, last=records.marks[-1].date),
        yaxis=canvas.value_axis(records.scale, colours),
    )  # fmt: skip
    return figure


def title(records: Records) -> str:
    """State the finding: how many closed records open weights have reached, and after how long."""
    if not records.lags:
        return f"{records.label}: no closed release in view states it"
    reached = [lag.days for lag in records.lags if lag.until is not None]
    if not reached:
        return f"{records.label}: no open-weight release in view reaches what closed ones state"
    middle = float(pd.Series(reached).median())
    after = f"half of those within {span(middle)}" if middle > 0 else "half of those before they came"
    return f"{records.label}: open weights reached {len(reached)} of {count(len(records.lags), 'closed record')}, {after}"


def finding(records: Records) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    return f"{count(len(records.marks), 'release')} that state it. " + " ".join(f"{said(lag)}." for lag in records.lags)


def said(lag: Lag) -> str:
    """Say a lag in words."""
    if lag.until is None:
        return f"{lag.product} ({day(lag.since)}): not reached"
    when = f"{span(lag.days)} later" if lag.days > 0 else "that day" if lag.days == 0 else f"{span(-lag.days)} before it"
    return f"{lag.product} ({day(lag.since)}): {lag.other}, {when}"


def _said(row: Any) -> str:
    sort = "open weights" if row.openness == OPEN else "closed"
    about = f"{html.escape(row.metric)}: {quantity(row)}, {sort}{', a record of its sort' if row.record else ''}"
    return f"{iso(row.date, row.date_precision)} · {html.escape(row.company)}<br><b>{hover.wrapped(row.title)}</b><br>{about}"


def _trace(records: Records, sort: str, colours: Palette) -> go.Scatter:
    """Draw the releases of one sort, hollow where open, the records large."""
    marks = [mark for mark in records.marks if mark.openness == sort]
    own = colours.accent if sort == OPEN else colours.ink
    line = [own if mark.record else colours.quiet(own) for mark in marks]
    fill = [colours.paper if sort == OPEN else colour for colour in line]
    return go.Scatter(
        x=[mark.date for mark in marks], y=[mark.value for mark in marks], mode="markers", name=sort, showlegend=False,
        customdata=[[mark.milestone_id] for mark in marks], hovertext=[mark.hover for mark in marks], hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
        marker={"symbol": "circle", "opacity": 1, "size": [RADIUS * 2 if mark.record else 6 for mark in marks], "color": fill,
                "line": {"width": 1.5, "color": line}},
    )  # fmt: skip


def _steps(records: Records, sort: str, colours: Palette) -> go.Scatter:
    """Join the records of one sort by steps up to the right edge."""
    marks = [mark for mark in records.marks if mark.openness == sort and mark.record]
    x, y = [mark.date for mark in marks], [mark.value for mark in marks]
    return go.Scatter(
        x=[*x, *([records.end] if x else [])], y=[*y, *y[-1:]], mode="lines", hoverinfo="skip", showlegend=False, name=f"Record, {sort}",
        line={"shape": "hv", "width": 1.5, "color": colours.accent if sort == OPEN else colours.ink, "dash": "solid" if sort == OPEN else "dash"},
    )  # fmt: skip


def _lag_lines(records: Records, colours: Palette) -> go.Scatter:
    """Draw each lag as a thick quiet line at the height of the closed record; one trace with gaps."""
    there = [lag for lag in records.lags if lag.until is not None and lag.days > 0]
    return go.Scatter(
        x=[at for lag in there for at in (lag.since, lag.until, None)], y=[level for lag in there for level in (lag.value, lag.value, None)],
        mode="lines", hoverinfo="skip", showlegend=False, name="Lags", line={"width": 7, "color": colours.faded(colours.accent, 0.2)},
    )  # fmt: skip


def _pixel(records: Records, date: pd.Timestamp) -> float:
    return float((date - records.start) / (records.end - records.start)) * records.room.width


def _names(records: Records, colours: Palette) -> list[dict[str, Any]]:
    """Write the product's name beside each record where nothing is hidden by it, the largest first."""
    marks = list(records.marks)
    spots = [labels.Spot(_pixel(records, mark.date), records.scale.pixel(mark.value, HEIGHT), RADIUS if mark.record else 3, mark.product)
             for mark in marks]  # fmt: skip
    wanted = sorted((at for at, mark in enumerate(marks) if mark.record), key=lambda at: -marks[at].value)
    placed = labels.beside([*spots, *_along(records)], wanted, records.room.width, HEIGHT)
    if records.room.narrow:
        placed = {at: place for at, place in placed.items() if place[2] < labels.FAR}
    colour = {OPEN: colours.accent, CLOSED: colours.ink}
    ends = {at: labels.End(marks[at].product, marks[at].date, records.scale.place(marks[at].value), colour[marks[at].openness]) for at in placed}
    return [labels.note(ends[at], place, RADIUS, colours) for at, place in placed.items()]


def _along(records: Records) -> list[labels.Spot]:
    """Return points along the steps and the lags, so that no name is written across them."""
    lines = [(lag.since, lag.until, lag.value) for lag in records.lags if lag.until is not None]
    for sort in (OPEN, CLOSED):
        marks = [mark for mark in records.marks if mark.openness == sort and mark.record]
        until = [*(mark.date for mark in marks[1:]), records.end]
        lines += [(mark.date, end, mark.value) for mark, end in zip(marks, until, strict=False)]
    return [
        labels.Spot(float(x), records.scale.pixel(value, HEIGHT), 2, "")
        for since, until, value in lines if until is not None
        for x in range(round(_pixel(records, since)) + RADIUS * 3, round(_pixel(records, until)), 6)
    ]  # fmt: skip


def _lag_words(records: Records, colours: Palette) -> list[dict[str, Any]]:
    """Write how long a lag was in the middle of its line, where that is long enough; not on a narrow screen."""
    notes = []
    for lag in records.lags if not records.room.narrow else ():
        if lag.until is not None and lag.days > 0 and _pixel(records, lag.until) - _pixel(records, lag.since) >= LEAST_LAG:
            notes.append({"x": lag.since + (lag.until - lag.since) / 2, "y": records.scale.place(lag.value), "text": span(lag.days),
                          "showarrow": False, "yanchor": "bottom", "yshift": 2, "font": {"size": 11, "color": colours.muted}})  # fmt: skip
    return notes
