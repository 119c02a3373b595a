"""The shares of companies that went public: each from 100 at its first session, named at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas, hover, labels
from tapeline.charts.canvas import Scale
from tapeline.charts.scene import Room
from tapeline.charts.theme import DASHES, IN_COLOUR, Palette, dash
from tapeline.funding import Listing
from tapeline.once import once
from tapeline.words import count, day, grown, listing

HEIGHT = 300
LOG_FROM = 6.0


class Listings(NamedTuple):
    """What the figure shows: the listings whose share has a series, and the span of its axes."""

    paths: tuple[Listing, ...]
    start: pd.Timestamp
    end: pd.Timestamp
    scale: Scale
    room: Room


@once()
def arrange(listed: Sequence[Listing], room: Room) -> Listings:
    """Keep the listings with a series and span the axes; at least one must have one."""
    paths = tuple(one for one in listed if len(one.path))
    low, high = (pick(float(pick(one.path)) for one in paths) for pick in (min, max))
    start, end = min(one.path.index[0] for one in paths), max(one.path.index[-1] for one in paths)
    span = max(end - start, pd.Timedelta(days=30))
    scale = canvas.logarithmic(low, high, HEIGHT) if high / low > LOG_FROM else canvas.linear(high, HEIGHT)
    return Listings(paths, start - span * 0.02, end + span * 0.02, scale, room)


@once()
def draw(listings: Listings, colours: Palette) -> go.Figure:
    """Make the figure; the first mark of a line has its milestone's id."""
    ends = [labels.End(f"{one.ticker} {change(one)}", one.path.index[-1], float(one.path.iloc[-1]), _colour(one, colours)) for one in listings.paths]
    notes, leaders = labels.at_ends(ends, listings.end, colours, span=listings.scale[:2], height=HEIGHT, log=listings.scale.log)
    figure = go.Figure(
        [
            leaders,
            *(_line(one, stroke, colours) for one, stroke in zip(listings.paths, _strokes(listings.paths), strict=True)),
            _starts(listings, colours),
        ]
    )
    canvas.paper(figure, colours, HEIGHT, labels.margin([end.text for end in ends]))
    level = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": 100,
        "y1": 100,
        "line": {"color": colours.muted, "width": 0.8},
        "layer": "below",
    }
    figure.update_layout(
        annotations=notes, shapes=[level], showlegend=False,
        xaxis=canvas.time_axis(listings.start, listings.end, listings.room.ticks, colours),
        yaxis=canvas.value_axis(listings.scale, colours, index=True),
    )  # fmt: skip
    return figure


def title(listings: Listings) -> str:
    """State the finding: how many trade above their first close, and the furthest of them."""
    moved = {one.company: float(one.path.iloc[-1]) / 100 - 1 for one in listings.paths}
    if len(moved) == 1:
        name, move = next(iter(moved.items()))
        return f"{name}: {grown(move)} since its first close"
    above, furthest = sum(move > 0 for move in moved.values()), max(moved, key=lambda name: abs(moved[name]))
    return f"{above} of {len(moved)} new shares stand above their first close; {furthest} moved furthest, {grown(moved[furthest])}"


def finding(listings: Listings) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    moves = [f"{one.company} ({one.ticker}) {change(one)} from {day(one.path.index[0])} to {day(one.path.index[-1])}" for one in listings.paths]
    return f"{count(len(moves), 'share')} since the first session, where each is 100: {listing(moves, 10)}."


def change(one: Listing) -> str:
    """Say how far a share has moved since its first close."""
    return grown(float(one.path.iloc[-1]) / 100 - 1)


def _colour(one: Listing, colours: Palette) -> str:
    return colours.company(one.company_id)


def _strokes(paths: Sequence[Listing]) -> list[str]:
    """Return each line's dash: its company's, and one after the other for companies without a colour of their own."""
    quiet = iter(DASHES * len(paths))
    return [dash(one.company_id) if one.company_id in IN_COLOUR else next(quiet) for one in paths]


def _line(one: Listing, stroke: str, colours: Palette) -> go.Scatter:
    return go.Scatter(
        x=pd.DatetimeIndex(one.path.index).strftime("%Y-%m-%d"), y=one.path.round(2).to_numpy("float32"), mode="lines", name=one.ticker,
        customdata=one.path.pct_change(fill_method=None).to_numpy("float32"), hovertemplate=hover.level(one.company),
        line={"color": _colour(one, colours), "width": 1.6, "dash": stroke},
    )  # fmt: skip


def _starts(listings: Listings, colours: Palette) -> go.Scatter:
    return go.Scatter(
        x=[one.path.index[0] for one in listings.paths], y=[100.0 for _ in listings.paths], mode="markers", name="First sessions",
        customdata=[[one.milestone_id] for one in listings.paths], unselected={"marker": {"opacity": 1}},
        hovertext=[f"<b>{one.company}</b><br>first session {one.path.index[0]:%Y-%m-%d}" for one in listings.paths],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"size": 9, "opacity": 1, "color": [_colour(one, colours) for one in listings.paths], "line": {"width": 1, "color": colours.paper}},
    )  # fmt: skip
