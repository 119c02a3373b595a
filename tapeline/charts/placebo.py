"""How often chance does as well: the effect on every other session of the same shares, with the event marked."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from tapeline.charts import canvas
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette
from tapeline.once import once
from tapeline.words import count, grouped, per_cent

HEIGHT = 230
BINS = 61


class Chance(NamedTuple):
    """The histogram: edges (B + 1, fractions) and how many sessions fall between them (B), the event's effect, and its rank."""

    edges: np.ndarray
    sessions: np.ndarray
    effect: float
    at_least: int
    room: Room

    @property
    def all(self) -> int:
        """Return the number of other sessions."""
        return int(self.sessions.sum())


@once()
def arrange(effects: np.ndarray, effect: float, at_least: int, room: Room) -> Chance:
    """Count the effects (fractions) in equal bins, symmetric about zero, that hold the event too; `effects` is not empty."""
    reach = max(float(np.abs(effects).max()), abs(effect)) * 1.04
    edges = np.linspace(-reach, reach, (BINS if not room.narrow else BINS // 2) + 1)
    return Chance(edges, np.histogram(effects, edges)[0], effect, at_least, room)


@once()
def draw(chance: Chance, colours: Palette) -> go.Figure:
    """Make the figure; bins at least as far from zero as the event are darker."""
    middle = (chance.edges[:-1] + chance.edges[1:]) / 2
    far = np.minimum(np.abs(chance.edges[:-1]), np.abs(chance.edges[1:])) >= abs(chance.effect) * 0.999
    words = [f"{count(int(number), 'session')} between {per_cent(low)} and {per_cent(high)}"
             for number, low, high in zip(chance.sessions, chance.edges[:-1], chance.edges[1:], strict=True)]  # fmt: skip
    figure = go.Figure(go.Bar(
        x=middle * 100, y=chance.sessions, width=np.diff(chance.edges) * 92, name="Other sessions", hovertext=words,
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"color": [colours.ink if out else colours.quiet(colours.muted) for out in far], "line": {"width": 0}},
    ))  # fmt: skip
    canvas.paper(figure, colours, HEIGHT, 12)
    outside = abs(chance.effect) < 0.62 * chance.edges[-1]
    side = "left" if (chance.effect > 0) == outside else "right"
    axis = {"fixedrange": True, "zeroline": False, "tickfont": {"color": colours.muted}}
    figure.update_layout(
        showlegend=False, bargap=0,
        annotations=[{"x": chance.effect * 100, "y": 1, "yref": "y domain", "xanchor": side, "yanchor": "top", "showarrow": False,
                      "xshift": -5 if side == "right" else 5, "text": f"<b>this event {per_cent(chance.effect)}</b>",
                      "font": {"size": 12, "color": colours.accent}}],
        shapes=[{"type": "line", "x0": chance.effect * 100, "x1": chance.effect * 100, "y0": 0, "y1": 1, "yref": "y domain",
                 "line": {"color": colours.accent, "width": 2}}],
        xaxis={**axis, "showgrid": False, "showline": True, "linecolor": colours.muted, "ticksuffix": " %", "nticks": chance.room.ticks,
               "range": [chance.edges[0] * 100, chance.edges[-1] * 100]},
        yaxis={**axis, "showgrid": True, "gridcolor": colours.rule, "gridwidth": 0.5, "nticks": 5},
    )  # fmt: skip
    return figure


def title(chance: Chance) -> str:
    """State the finding: how many other sessions did as much."""
    all_ = count(chance.all, "other session")
    if chance.at_least == 0:
        return f"None of {all_} saw as large a move"
    return f"{count(chance.at_least, 'session')} of {grouped(chance.all)} others saw as large a move"
