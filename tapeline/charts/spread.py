"""How events of several groups spread: a dot an event, the mean of each group with its interval."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from tapeline.charts import canvas
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette
from tapeline.once import once
from tapeline.words import count, per_cent

ROW = 46
MOST = 12
SEEN = (2, 98)
MOST_DOTS = 150
"""Most dots of one group: more would lie on each other."""


class Cloud(NamedTuple):
    """One group: its label, the CAR of each event (N, fractions) with its words and milestone, the mean and its interval."""

    label: str
    cars: np.ndarray
    words: tuple[str, ...]
    ids: tuple[str, ...]
    mean: float
    low: float
    high: float


class Spread(NamedTuple):
    """What the figure shows; `left_out` groups had fewer events than those shown; dots outside `span` stand at its edge."""

    clouds: tuple[Cloud, ...]
    left_out: int
    span: tuple[float, float]
    room: Room


@once()
def arrange(clouds: Sequence[Cloud], room: Room) -> Spread:
    """Keep the groups with the most events, the largest mean first; `clouds` is not empty."""
    kept = sorted(sorted(clouds, key=lambda cloud: -len(cloud.cars))[:MOST], key=lambda cloud: -cloud.mean)
    every = np.concatenate([cloud.cars for cloud in kept])
    edges = [float(edge) for edge in np.percentile(every, SEEN)]
    edges += [bound for cloud in kept for bound in (cloud.low, cloud.high, cloud.mean) if np.isfinite(bound)]
    reach = max(abs(edge) for edge in edges) * 1.08 or 0.01
    return Spread(tuple(kept), len(clouds) - len(kept), (-reach, reach), room)


@once()
def draw(spread: Spread, colours: Palette) -> go.Figure:
    """Make the figure; a dot's custom data are its milestone's id."""
    height = ROW * len(spread.clouds)
    figure = go.Figure([_dots(spread, colours), *_means(spread, colours)])
    left = 150 if not spread.room.narrow else 12
    canvas.paper(figure, colours, height, 16, left=left)
    axis = {"fixedrange": True, "showgrid": False, "tickfont": {"color": colours.muted}}
    place = {"x": 0, "xref": "paper", "yref": "y", "xanchor": "right", "xshift": -8, "showarrow": False, "font": {"size": 12, "color": colours.ink}}
    names = [{**place, "y": row, "text": html.escape(_short(cloud.label))} for row, cloud in enumerate(spread.clouds)]
    if spread.room.narrow:
        names = [{**name, "xanchor": "left", "xshift": 0, "yshift": 17, "bgcolor": colours.faded(colours.paper, 0.8)} for name in names]
    figure.update_layout(
        showlegend=False, annotations=names,
        xaxis={**axis, "range": [spread.span[0] * 100, spread.span[1] * 100], "ticksuffix": " %", "zeroline": True, "zerolinecolor": colours.muted,
               "showgrid": True, "gridcolor": colours.rule, "gridwidth": 0.5, "nticks": spread.room.ticks},
        yaxis={**axis, "range": [len(spread.clouds) - 0.4, -0.6], "showticklabels": False, "zeroline": False},
    )  # fmt: skip
    return figure


def title(spread: Spread) -> str:
    """State the finding: the group that differs most, and whether its interval holds zero."""
    sure = [cloud for cloud in spread.clouds if np.isfinite(cloud.low) and (cloud.low > 0 or cloud.high < 0)]
    if not sure:
        return "No group differs from zero beyond its interval"
    top = max(sure, key=lambda cloud: abs(cloud.mean))
    return f"{top.label}: {per_cent(top.mean)} on average, the furthest from zero"


def finding(spread: Spread) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    said = [f"{cloud.label} {per_cent(cloud.mean, 2)} ({_interval(cloud)})" for cloud in spread.clouds]
    return f"Mean cumulated abnormal return by group: {'; '.join(said)}."


def seen(cars: np.ndarray) -> np.ndarray:
    """Return which events of a group are drawn, in order of size: all of a few; of many the furthest, and of the rest so many evenly."""
    order = np.argsort(cars, kind="stable")
    if len(order) <= MOST_DOTS:
        return order
    edge = MOST_DOTS // 30
    inner = np.linspace(edge, len(order) - edge - 1, MOST_DOTS - 2 * edge).round().astype(int)
    kept: np.ndarray = order[np.concatenate([np.arange(edge), inner, np.arange(len(order) - edge, len(order))])]
    return kept


def _dots(spread: Spread, colours: Palette) -> go.Scatter:
    """Draw the events of all groups as one trace."""
    (low, high), kept = spread.span, [seen(cloud.cars) for cloud in spread.clouds]
    pairs = list(zip(spread.clouds, kept, strict=True))
    heights = [row + np.random.default_rng(len(own)).uniform(-0.26, 0.26, len(own)) for row, own in enumerate(kept)]
    return go.Scatter(
        x=np.clip(np.concatenate([cloud.cars[own] for cloud, own in pairs]), low, high) * 100, y=np.concatenate(heights), mode="markers",
        name="Events", customdata=[[cloud.ids[at]] for cloud, own in pairs for at in own],
        hovertext=[cloud.words[at] for cloud, own in pairs for at in own], hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
        marker={"size": 5, "color": colours.quiet(colours.muted), "opacity": 1, "line": {"width": 0}},
    )  # fmt: skip


def _means(spread: Spread, colours: Palette) -> list[go.Scatter]:
    """Draw the means of all groups as one trace, their intervals as another with gaps."""
    rows, stroke = range(len(spread.clouds)), {"color": colours.accent, "width": 3}
    words = [f"<b>{html.escape(cloud.label)}</b><br>mean {per_cent(cloud.mean, 2)}, {_interval(cloud)}" for cloud in spread.clouds]
    ends = [end for cloud in spread.clouds for end in (cloud.low * 100, cloud.high * 100, None)]
    mark = {"symbol": "diamond", "size": 11, "color": colours.accent, "line": {"width": 1.5, "color": colours.paper}}
    return [
        go.Scatter(x=ends, y=[row for row in rows for _ in range(3)], mode="lines", hoverinfo="skip", name="Intervals", line=stroke),
        go.Scatter(
            x=[cloud.mean * 100 for cloud in spread.clouds], y=list(rows), mode="markers", name="Means", hovertext=words,
            hovertemplate="%{hovertext}<extra></extra>", marker=mark,
        ),
    ]  # fmt: skip


def _interval(cloud: Cloud) -> str:
    return f"interval {per_cent(cloud.low, 2)} to {per_cent(cloud.high, 2)}, {count(len(cloud.cars), 'event')}"


def _short(label: str) -> str:
    return label if len(label) <= 23 else f"{label[:22]}…"
