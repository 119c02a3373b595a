"""The timeline: one lane a company, marks spread so that none hides another, what still collides gathered and counted."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from tapeline.charts.scene import Scene
from tapeline.charts.theme import Palette
from tapeline.charts.trace import Trace, scatter
from tapeline.rows import each
from tapeline.words import count

DIAMETER = {1: 7, 2: 10, 3: 14}
GAP = 1.0
FAR = DIAMETER[3] + GAP
"""Marks that lie further apart along the lane than this cannot touch."""
LEVEL = 6
NEEDED = ("milestone_id", "date", "company_id", "kind", "openness", "importance", "title")
REACH = 22
BELOW = REACH + 14
COUNTED = 16
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
    """One mark in a lane: one milestone, or several that would hide each other."""

    date: pd.Timestamp
    y: float
    ids: tuple[str, ...]
    shape: str
    diameter: float
    company_id: str
    hover: str


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
    rows, most = scene.rows[list(NEEDED)].sort_values(["importance", "date"], ascending=[False, True]), scene.room.lanes
    weight = rows.groupby("company_id")["importance"].sum().sort_index().sort_values(ascending=False, kind="stable")
    names = scene.tables.names
    own = list(weight.index if len(weight) <= most else weight.index[: most - 1])
    groups = [(name, names[name], rows[rows["company_id"] == name]) for name in own]
    rest = rows[~rows["company_id"].isin(own)]
    if len(rest):
        groups.append((OTHERS, count(rest["company_id"].nunique(), "other company", "others"), rest))
    scale = scene.room.width / max((scene.end - scene.start).days, 1)
    found, top = [], 0.0
    for company_id, name, members in groups:
        marks = _spread(members, scene.words, lambda date: (date - scene.start).days * scale)
        above, below = (max(side * mark.y + mark.diameter / 2 for mark in marks) for side in (-1, 1))
        height, middle = LANE_PADDING + above + below, top + LANE_PADDING / 2 + above
        found.append(Lane(company_id, name, middle, height, tuple(mark._replace(y=middle + mark.y) for mark in marks)))
        top += height
    return found


def height(arranged: Sequence[Lane]) -> float:
    """Return the height of all lanes in pixels."""
    return sum(lane.height for lane in arranged)


def traces(arranged: Sequence[Lane], colours: Palette) -> list[Trace]:
    """Draw the marks, one trace a shape; a mark's custom data are its milestones' ids."""
    marks = [mark for lane in arranged for mark in lane.marks]
    drawn = []
    for name, (symbol, label) in SHAPES.items():
        of_shape = [mark for mark in marks if mark.shape == name and len(mark.ids) == 1]
        drawn.append(scatter(name=label, legendgroup=name, showlegend=False, **_place(of_shape), marker={
            "symbol": symbol,
            "opacity": 1,
            "size": [mark.diameter for mark in of_shape],
            "color": [colours.company(mark.company_id) for mark in of_shape],
            "line": {"width": 2 if name == "open" else 0, "color": [colours.company(mark.company_id) for mark in of_shape]},
        }))  # fmt: skip
        drawn.append(scatter(x=[None], y=[None], name=label, mode="markers", legendgroup=name, hoverinfo="skip", marker={
            "symbol": symbol, "size": 9, "color": colours.muted, "line": {"width": 2 if name == "open" else 0}}))  # fmt: skip
    counted = [mark for mark in marks if len(mark.ids) > 1]
    if counted:
        own = [colours.words(colours.company(mark.company_id)) for mark in counted]
        drawn.append(scatter(name="Several", showlegend=False, **{**_place(counted), "mode": "markers+text"}, text=[
            f"{len(mark.ids)}" for mark in counted], textfont={"size": 9, "color": colours.paper}, marker={
            "symbol": "circle", "opacity": 1, "size": COUNTED - 1, "color": own}))  # fmt: skip
    return drawn


def _place(marks: Sequence[Mark]) -> dict[str, Any]:
    return {
        "x": [mark.date for mark in marks],
        "y": [mark.y for mark in marks],
        "customdata": [[" ".join(mark.ids)] for mark in marks],
        "hovertext": [mark.hover for mark in marks],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "mode": "markers",
        "unselected": {"marker": {"opacity": 1}},
    }


def _spread(rows: pd.DataFrame, words: Mapping[str, str], pixel: Callable[[pd.Timestamp], float]) -> list[Mark]:
    """Place marks of one lane around its middle (y = 0), the first of `rows` nearest to it; gather what finds no room."""
    placed: list[tuple[float, Mark]] = []
    columns: dict[int, list[tuple[float, Mark]]] = {}
    crowded: list[tuple[float, Any]] = []
    offsets = sorted(range(-REACH, REACH + 1, LEVEL // 2), key=lambda offset: (abs(offset), offset))
    for row in each(rows):
        x, size = pixel(row.date), DIAMETER[row.importance]
        column = int(x // FAR)
        near = [one for at in (column - 1, column, column + 1) for one in columns.get(at, ())]
        free = next((y for y in offsets if not any(_touch(x, y, size, other_x, other) for other_x, other in near)), None)
        if free is None:
            crowded.append((x, row))
            continue
        placed.append((x, _mark(row, free, words)))
        columns.setdefault(column, []).append(placed[-1])
    return [mark for _, mark in placed] + _gathered(crowded, words)


def _touch(x: float, y: float, size: float, other_x: float, other: Mark) -> bool:
    return math.hypot(x - other_x, y - other.y) < (size + other.diameter) / 2 + GAP


def _mark(row: Any, y: float, words: Mapping[str, str]) -> Mark:
    """Make the mark of one milestone."""
    own = shape(row.kind, row.openness)
    return Mark(row.date, y, (row.milestone_id,), own, DIAMETER[row.importance], row.company_id, words[row.milestone_id])


def _gathered(crowded: list[tuple[float, Any]], words: Mapping[str, str]) -> list[Mark]:
    """Gather marks that found no room into counted ones below the lane, which keep their distance; one alone stays itself."""
    groups: list[list[tuple[float, Any]]] = []
    for x, row in sorted(crowded, key=lambda item: item[0]):
        if groups and (x - groups[-1][0][0] < COUNTED or x - _middle(groups[-1]) < COUNTED):
            groups[-1].append((x, row))
        else:
            groups.append([(x, row)])
    return [_counted([row for _, row in group]) if len(group) > 1 else _mark(group[0][1], BELOW, words) for group in groups]


def _middle(group: list[tuple[float, Any]]) -> float:
    return group[len(group) // 2][0]


def _counted(rows: list[Any]) -> Mark:
    """Make the mark of several milestones, at the date of the middle one."""
    titles = "<br>".join(f"· {html.escape(row.title)}" for row in rows[:6]) + ("<br>· …" if len(rows) > 6 else "")
    owners = {row.company_id for row in rows}
    owner = owners.pop() if len(owners) == 1 else OTHERS
    ids = tuple(row.milestone_id for row in rows)
    return Mark(rows[len(rows) // 2].date, BELOW, ids, "else", COUNTED - 1, owner, f"<b>{len(rows)} milestones</b><br>{titles}")
