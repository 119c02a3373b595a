"""Words on a chart instead of a legend: at the ends of lines, pushed apart, or beside marks, where nothing is hidden."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from tapeline.charts.theme import Palette
from tapeline.words import isolated

HEIGHT = 15
CHARACTER = 6.4
SIZE = 12
FAR = 20.0
DISTANCES = (3.0, 10.0, 20.0, 32.0, 46.0)
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (-1, 1), (-1, -1), (1, 1), (1, -1))


class End(NamedTuple):
    """The end of a line at `x`, `y` (as the axes have them, a logarithm not taken) and what to write there."""

    text: str
    x: Any
    y: float
    colour: str


class Spot(NamedTuple):
    """A mark in pixels from the lower left corner, and its text."""

    x: float
    y: float
    radius: float
    text: str


def apart(wanted: Sequence[float], height: float) -> list[float]:
    """Move labels just enough that they keep their distance and stay within the panel; order is kept."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    step = min(HEIGHT, height / max(len(wanted), 1))
    placed = [0.0] * len(wanted)
    floor = 0.0
    for at in order:
        placed[at] = max(wanted[at], floor)
        floor = placed[at] + step
    ceiling = height
    for at in reversed(order):
        placed[at] = min(placed[at], ceiling)
        ceiling = placed[at] - step
    return placed


def at_ends(
    ends: Sequence[End], right: Any, colours: Palette, *, span: tuple[float, float], height: float, log: bool
) -> tuple[list[dict[str, Any]], go.Scatter]:
    """Name lines in the right margin, each with a leader from its end to `right`, the plot's right edge.

    `span` is the range of the y axis, logarithms where it is logarithmic; `height` is the panel's in pixels.
    """
    low, high = span
    at = [math.log10(end.y) if log else end.y for end in ends]
    notes: list[dict[str, Any]] = []
    x: list[Any] = []
    y: list[Any] = []
    for end, pixel in zip(ends, apart([(level - low) / (high - low) * height for level in at], height), strict=True):
        level = low + pixel / height * (high - low)
        notes.append({
            "x": 1, "y": level, "xref": "paper", "yref": "y", "xanchor": "left", "xshift": 3, "showarrow": False, "align": "left",
            "text": html.escape(isolated(end.text)), "font": {"size": SIZE, "color": colours.words(end.colour)},
        })  # fmt: skip
        x += [end.x, right, None]
        y += [end.y, 10**level if log else level, None]
    leaders = go.Scatter(x=x, y=y, mode="lines", hoverinfo="skip", showlegend=False, name="Leaders", line={"color": colours.muted, "width": 0.6})
    return notes, leaders


def margin(texts: Sequence[str]) -> int:
    """Return how wide a right margin must be for some labels, in pixels."""
    return round(max((len(text) for text in texts), default=0) * CHARACTER) + 10


def beside(
    spots: Sequence[Spot], wanted: Sequence[int], width: float, height: float, *, level: bool = False
) -> dict[int, tuple[float, float, float]]:
    """Find room for the texts of the marks `wanted`, the first first, so that they hide neither each other nor a mark.

    `level` keeps them close to the left or right of their marks, where many marks lie around.

    Returns, by mark, how far the middle of its text stands from it (right, up) and from its rim; a text without room is left out.
    """
    taken: list[tuple[float, float, float, float]] = []
    found: dict[int, tuple[float, float, float]] = {}
    for at in wanted:
        spot = spots[at]
        half_width, half_height = len(spot.text) * CHARACTER / 2 + 2, HEIGHT / 2
        for distance, (side, up) in ((distance, way) for distance in DISTANCES for way in DIRECTIONS):
            if level and (up or distance >= FAR):
                continue
            right = side * (spot.radius * (0.8 if up else 1) + distance + half_width)
            above = up * (spot.radius * (0.8 if side else 1) + distance + half_height)
            box = (spot.x + right - half_width, spot.y + above - half_height, spot.x + right + half_width, spot.y + above + half_height)
            if _free(box, taken, spots, width, height):
                taken.append(box)
                found[at] = (right, above, distance)
                break
    return found


def note(end: End, place: tuple[float, float, float], radius: float, colours: Palette) -> dict[str, Any]:
    """Write a text where `beside` found room for it, with a line to its mark where that is far; its `y` is as the axis has it."""
    right, above, distance = place
    return {
        "x": end.x, "y": end.y, "ax": right, "ay": -above, "axref": "pixel", "ayref": "pixel", "xanchor": "center", "yanchor": "middle",
        "text": html.escape(isolated(end.text)), "font": {"size": SIZE, "color": colours.words(end.colour)}, "showarrow": True,
        "arrowhead": 0, "standoff": radius, "arrowwidth": 0.7, "borderpad": 0,
        "arrowcolor": colours.muted if distance >= FAR else colours.faded(colours.muted, 0), "bgcolor": colours.faded(colours.paper, 0.8),
    }  # fmt: skip


def _free(
    box: tuple[float, float, float, float], taken: Sequence[tuple[float, float, float, float]], spots: Sequence[Spot], width: float, height: float
) -> bool:
    left, low, right, high = box
    if left < 0 or low < 0 or right > width or high > height:
        return False
    if any(left < other[2] and other[0] < right and low < other[3] and other[1] < high for other in taken):
        return False
    return not any(_covers(box, spot) for spot in spots)


def _covers(box: tuple[float, float, float, float], spot: Spot) -> bool:
    """Tell whether a box touches a round mark."""
    left, low, right, high = box
    across, along = spot.x - min(max(spot.x, left), right), spot.y - min(max(spot.y, low), high)
    return math.hypot(across, along) < spot.radius
