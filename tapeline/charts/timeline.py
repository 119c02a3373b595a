"""The timeline: one lane a company, marks spread so that none hides another, what still collides gathered and counted."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tapeline import cards, columns
from tapeline.charts.scene import Scene
from tapeline.charts.spacing import Space
from tapeline.charts.theme import Palette
from tapeline.charts.trace import Trace, scatter
from tapeline.columns import Columns
from tapeline.words import count, grouped

Places = np.ndarray[Any, np.dtype[Any]]
DIAMETER = {1: 7, 2: 10, 3: 14}
GAP = 1.0
LEVEL = 6
REACH = 22
BELOW = REACH + 14
COUNTED = 16
CROWDED, HELD = 5, cards.MOST
"""Pixels of a lane's width for each mark of its own, at least; and how many milestones a counted mark holds: what a card lists."""
LANE_PADDING = 12
OTHERS = "others"
SHAPES = {
    "release": ("circle", "Release, closed"),
    "open": ("circle-open", "Release, open weights"),
    "money": ("diamond", "Funding"),
    "adoption": ("triangle-up", "Adoption"),
    "else": ("square", "All else"),
}


class Mark(NamedTuple):
    """One mark in a lane: one milestone, or several that would hide each other; of very many, `ids` are the most important."""

    date: pd.Timestamp
    y: float
    ids: tuple[str, ...]
    shape: str
    diameter: float
    company_id: str
    hover: str
    number: int = 1


class Lane(NamedTuple):
    """One company's marks; `y` is the middle and `height` the extent, in pixels from the top."""

    company_id: str
    name: str
    y: float
    height: float
    marks: tuple[Mark, ...]


def shape(kind: str, openness: str) -> str:
    """Return which of the five shapes a milestone has."""
    if kind == "model_release":
        return "open" if openness == "open_weights" else "release"
    return {"funding": "money", "adoption": "adoption"}.get(kind, "else")


def lanes(scene: Scene) -> list[Lane]:
    """Arrange the milestones of a scene in as many lanes as there is room for.

    Companies with the most weight get a lane each, from the top; the rest share the last one.
    """
    held, at = columns.of(scene.tables.milestones), columns.places(scene.tables.milestones, scene.rows)
    at = at[np.lexsort((held.day[at], -held.importance[at]))]
    start = math.ceil((scene.start - pd.Timestamp(0)) / pd.Timedelta(days=1))
    scale = scene.room.width / max((scene.end - scene.start).days, 1)
    found, top = [], 0.0
    for company_id, name, members in _groups(held, at, scene.tables.names, scene.room.lanes):
        marks = _spread(held, members, held.day[members] - start, scale, scene)
        above, below = (max(side * mark.y + mark.diameter / 2 for mark in marks) for side in (-1, 1))
        height, middle = LANE_PADDING + above + below, top + LANE_PADDING / 2 + above
        found.append(Lane(company_id, name, middle, height, tuple(mark._replace(y=middle + mark.y) for mark in marks)))
        top += height
    return found


def _groups(held: Columns, at: Places, names: Mapping[str, str], most: int) -> list[tuple[str, str, Places]]:
    """Divide milestones into lanes: the company's id, the lane's name, its milestones."""
    codes, ids = held.company.codes[at], held.company.values
    weight = np.bincount(codes, held.importance[at], len(ids))
    ranked = sorted(np.flatnonzero(weight), key=lambda code: (-weight[code], ids[code]))
    own = ranked if len(ranked) <= most else ranked[: most - 1]
    groups = [(ids[code], names[ids[code]], at[codes == code]) for code in own]
    rest = at[~np.isin(codes, own)]
    return [*groups, (OTHERS, count(len(ranked) - len(own), "other company", "others"), rest)] if len(rest) else groups


def height(arranged: Sequence[Lane]) -> float:
    """Return the height of all lanes in pixels."""
    return sum(lane.height for lane in arranged)


def traces(arranged: Sequence[Lane], colours: Palette) -> list[Trace]:
    """Draw the marks, one trace a shape; a mark's custom data are its milestones' ids."""
    marks = [mark for lane in arranged for mark in lane.marks]
    drawn = []
    for name, (symbol, label) in SHAPES.items():
        of_shape = [mark for mark in marks if mark.shape == name and mark.number == 1]
        drawn.append(scatter(name=label, legendgroup=name, showlegend=False, **_place(of_shape), marker={
            "symbol": symbol,
            "opacity": 1,
            "size": [mark.diameter for mark in of_shape],
            "color": [colours.company(mark.company_id) for mark in of_shape],
            "line": {"width": 2 if name == "open" else 0, "color": [colours.company(mark.company_id) for mark in of_shape]},
        }))  # fmt: skip
        drawn.append(scatter(x=[None], y=[None], name=label, mode="markers", legendgroup=name, hoverinfo="skip", marker={
            "symbol": symbol, "size": 9, "color": colours.muted, "line": {"width": 2 if name == "open" else 0}}))  # fmt: skip
    counted = [mark for mark in marks if mark.number > 1]
    if counted:
        own = [colours.words(colours.company(mark.company_id)) for mark in counted]
        sizes = [9 if mark.number < 100 else 7 for mark in counted]
        drawn.append(scatter(name="Several", showlegend=False, **{**_place(counted), "mode": "markers+text"}, text=[
            _numeral(mark.number) for mark in counted], textfont={"size": sizes, "color": colours.paper}, marker={
            "symbol": "circle", "opacity": 1, "size": COUNTED - 1, "color": own}))  # fmt: skip
    return drawn


def _numeral(number: int) -> str:
    """Write a number in three letters; the hover says it in full."""
    return f"{number}" if number < 1000 else f"{number // 1000}k"


def _place(marks: Sequence[Mark]) -> dict[str, Any]:
    return {
        "x": np.array([mark.date.value for mark in marks], dtype="datetime64[ns]"),
        "y": [mark.y for mark in marks],
        "customdata": [[" ".join(mark.ids)] for mark in marks],
        "hovertext": [mark.hover for mark in marks],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "mode": "markers",
        "unselected": {"marker": {"opacity": 1}},
    }


def _spread(held: Columns, at: Places, days: Places, scale: float, scene: Scene) -> list[Mark]:
    """Place marks of one lane around its middle (y = 0), the first nearest to it; gather what finds no room, or would crowd the lane.

    `days` are counted from the left edge.
    """
    levels = sorted(range(-REACH, REACH + 1, LEVEL // 2), key=lambda offset: (abs(offset), offset))
    first, sizes = int(days.min()), [DIAMETER[int(value)] for value in held.importance[at]]
    space = Space(int(days.max()) - first, scale, levels, sorted(set(sizes)), GAP)
    found = [space.place(day, size) for day, size in zip((days - first).tolist(), sizes, strict=True)]
    single = _thinned(np.array([level is not None for level in found]), held.importance[at], scene.room.width / CROWDED)
    placed = [_mark(held, at[one], found[one], scene) for one in np.flatnonzero(single)]
    crowd = np.flatnonzero(~single)
    crowd = crowd[np.argsort(days[crowd], kind="stable")]
    return placed + _gathered(held, at[crowd], (days[crowd] * scale).tolist(), scene)


def _thinned(single: Places, importance: Places, most: float) -> Places:
    """Keep at most so many marks of their own: the more important ones, of those of one importance every so many along the time."""
    kept = np.zeros_like(single)
    for value in (3, 2, 1):
        members, room = np.flatnonzero(single & (importance == value)), int(most) - int(kept.sum())
        if len(members) > room:
            members = members[np.linspace(0, len(members) - 1, max(room, 0)).round().astype(int)]
        kept[members] = True
    return kept


def _mark(held: Columns, at: int, y: float | None, scene: Scene) -> Mark:
    """Make the mark of one milestone; without a level it lies below the lane."""
    name, company_id = held.ids[at], held.company.values[held.company.codes[at]]
    own = shape(held.kind.values[held.kind.codes[at]], held.openness.values[held.openness.codes[at]])
    level = BELOW if y is None else y
    return Mark(pd.Timestamp(held.date[at]), level, (name,), own, DIAMETER[int(held.importance[at])], company_id, scene.words[name])


def _gathered(held: Columns, at: Places, x: Sequence[float], scene: Scene) -> list[Mark]:
    """Gather marks that found no room into counted ones below the lane, which keep their distance; one alone stays itself.

    They come in order of time; `x` is in pixels.
    """
    found, first = [], 0
    for here in range(1, len(x) + 1):
        if here == len(x) or (x[here] - x[first] >= COUNTED and x[here] - x[(first + here) // 2] >= COUNTED):
            found.append(_counted(held, at[first:here]) if here - first > 1 else _mark(held, at[first], None, scene))
            first = here
    return found


def _counted(held: Columns, at: Places) -> Mark:
    """Make the mark of several milestones, at the date of the middle one; of very many it holds the most important."""
    kept = at if len(at) <= HELD else at[np.sort(np.argsort(-held.importance[at], kind="stable")[:HELD])]
    titles = "<br>".join(f"· {html.escape(held.titles[one])}" for one in kept[:6]) + ("<br>· …" if len(at) > 6 else "")
    more = f"<br>A click lists the {HELD} most important; fewer dates show the others." if len(at) > HELD else ""
    owners = set(held.company.codes[at].tolist())
    owner = held.company.values[owners.pop()] if len(owners) == 1 else OTHERS
    said = f"<b>{grouped(len(at))} milestones</b><br>{titles}{more}"
    return Mark(pd.Timestamp(held.date[at[len(at) // 2]]), BELOW, tuple(held.ids[one] for one in kept), "else", COUNTED - 1, owner, said, len(at))
