"""What companies were valued at: steps on a logarithmic axis, each company's line named at its end.

A line joins post-money valuations alone; values of another meaning stand beside it as marks of another shape.
"""

from __future__ import annotations

import html
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas, hover, labels
from tapeline.charts.canvas import Scale
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette, dash
from tapeline.once import once
from tapeline.rows import each
from tapeline.words import count, day, iso, listing, quantity, short

HEIGHT = 400
STEP = "post_money_valuation"
LINES, LINES_NARROW = 10, 7
LETTERS, LETTERS_NARROW = 25, 18
SAID = {"pre_money_valuation": " pre-money", "share_sale_valuation": " in a sale", "merger_combined_valuation": " merged"}
SHAPES = {STEP: "circle", "pre_money_valuation": "triangle-down", "share_sale_valuation": "diamond", "merger_combined_valuation": "square"}


class Value(NamedTuple):
    """One valuation; `firm` where the source gives it neither as approximate nor as a report of the press."""

    milestone_id: str
    date: pd.Timestamp
    value: float
    low: float
    high: float
    metric_id: str
    firm: bool
    hover: str


class Ladder(NamedTuple):
    """One company's valuations by date; the named ones stand out, the others are quiet. `last` is the end of its line."""

    company_id: str
    name: str
    named: bool
    values: tuple[Value, ...]

    @property
    def last(self) -> Value:
        """Return the latest valuation."""
        return self.values[-1]

    @property
    def steps(self) -> list[Value]:
        """Return the valuations that the line joins."""
        return [value for value in self.values if value.metric_id == STEP]


class Valuations(NamedTuple):
    """What the figure shows, the highest last valuation first."""

    ladders: tuple[Ladder, ...]
    metrics: dict[str, str]
    start: pd.Timestamp
    end: pd.Timestamp
    scale: Scale
    room: Room


@once()
def arrange(found: pd.DataFrame, room: Room) -> Valuations:
    """Order companies by their last valuation and name the highest; `found` is what `funding.valuations` gives, not empty."""
    last = found.groupby("company_id")["value"].last().sort_index().sort_values(ascending=False, kind="stable")
    most = LINES_NARROW if room.narrow else LINES
    ladders = []
    for at, company_id in enumerate(last.index):
        rows = found[found["company_id"] == company_id]
        ladders.append(Ladder(str(company_id), str(rows["company"].iloc[0]), at < most, tuple(_value(row) for row in each(rows))))
    span = max(found["date"].max() - found["date"].min(), pd.Timedelta(days=60))
    metrics = {str(name): str(label) for name, label in found.drop_duplicates("metric_id").set_index("metric_id")["metric"].items()}
    scale = canvas.logarithmic(float(found["value"].min()), float(found["value"].max()), HEIGHT)
    return Valuations(tuple(ladders), metrics, found["date"].min() - span * 0.03, found["date"].max() + span * 0.02, scale, room)


@once()
def draw(valuations: Valuations, colours: Palette) -> go.Figure:
    """Make the figure; a mark's custom data are its milestone's id."""
    named = [ladder for ladder in valuations.ladders if ladder.named]
    letters = LETTERS_NARROW if valuations.room.narrow else LETTERS
    ends = [labels.End(_words(ladder, letters), ladder.last.date, ladder.last.value, colours.company(ladder.company_id)) for ladder in named]
    notes, leaders = labels.at_ends(ends, valuations.end, colours, span=valuations.scale[:2], height=HEIGHT, log=True)
    there = [name for name in SHAPES if name in valuations.metrics]
    figure = go.Figure([
        *canvas.key({valuations.metrics[name]: SHAPES[name] for name in there}, colours), leaders,
        *(_line(ladder, colours) for ladder in valuations.ladders[::-1]),
        canvas.ranges(((value.date, value.low, value.high) for ladder in valuations.ladders for value in ladder.values), colours),
        *(_marks(valuations, metric_id, colours) for metric_id in there),
    ])  # fmt: skip
    canvas.paper(figure, colours, HEIGHT, labels.margin([end.text for end in ends]), bottom=canvas.BOTTOM + (74 if valuations.room.narrow else 30))
    figure.update_layout(
        annotations=notes, xaxis=canvas.time_axis(valuations.start, valuations.end, valuations.room.ticks, colours),
        yaxis=canvas.value_axis(valuations.scale, colours), showlegend=True,
    )  # fmt: skip
    return figure


def title(valuations: Valuations) -> str:
    """State the finding: who was valued highest in its last round, and at how many times its first; without rounds, who at all."""
    with_steps = [ladder for ladder in valuations.ladders if ladder.steps]
    if not with_steps:
        top = valuations.ladders[0]
        return f"{top.name}: {valuations.metrics[top.last.metric_id].lower()} {short(top.last.value)} USD in {top.last.date:%B %Y}"
    top = max(with_steps, key=lambda ladder: ladder.steps[-1].value)
    first, last = top.steps[0], top.steps[-1]
    verb = "has the highest last valuation" if len(with_steps) > 1 else "is valued"
    times = f", {short(last.value / first.value)} times that of {first.date:%B %Y}" if last.value > first.value else f" in {last.date:%B %Y}"
    return f"{top.name} {verb}: {short(last.value)} USD{times}".replace("valued:", "valued at")


def finding(valuations: Valuations) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    tops = [f"{ladder.name} {short(ladder.last.value)} USD on {day(ladder.last.date)}" for ladder in valuations.ladders[:5]]
    return (
        f"Valuations of {count(len(valuations.ladders), 'company', 'companies')} as steps by date, on a logarithmic axis. "
        f"The last known, the highest first: {listing(tops, 6)}."
    )


def _value(row: Any) -> Value:
    doubt = "reported by the press" if row.reported else ""
    words = "<br>".join(filter(None, [
        f"{iso(row.date, row.date_precision)} · {html.escape(row.company)}",
        f"<b>{hover.wrapped(row.title)}</b>",
        f"{html.escape(row.metric)}: {quantity(row)}{', ' if doubt else ''}{doubt}",
        hover.wrapped(row.note),
    ]))  # fmt: skip
    return Value(row.milestone_id, row.date, row.value, row.low, row.high, row.metric_id, not (row.approximate or row.reported), words)


def _words(ladder: Ladder, letters: int) -> str:
    amount = short(ladder.last.value) + SAID.get(ladder.last.metric_id, "")
    name, room = ladder.name, letters - len(amount) - 1
    return f"{name if len(name) <= room else name[: room - 1] + '…'} {amount}"


def _line(ladder: Ladder, colours: Palette) -> go.Scatter:
    """Join post-money valuations by steps: a value holds until the next one is known."""
    colour = colours.company(ladder.company_id)
    return go.Scatter(
        x=[value.date for value in ladder.steps], y=[value.value for value in ladder.steps], mode="lines", hoverinfo="skip", showlegend=False,
        name=ladder.name, line={"shape": "hv", "color": colour if ladder.named else colours.quiet(colour), "width": 1.8 if ladder.named else 1,
                                "dash": dash(ladder.company_id)},
    )  # fmt: skip


def _marks(valuations: Valuations, metric_id: str, colours: Palette) -> go.Scatter:
    """Draw the values of one metric; hollow where they are approximate or reported."""
    pairs = [(ladder, value) for ladder in valuations.ladders for value in ladder.values if value.metric_id == metric_id]
    own = [colours.company(ladder.company_id) for ladder, _ in pairs]
    return go.Scatter(
        x=[value.date for _, value in pairs], y=[value.value for _, value in pairs], mode="markers", showlegend=False,
        name=valuations.metrics[metric_id],
        customdata=[[value.milestone_id] for _, value in pairs], hovertext=[value.hover for _, value in pairs],
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
        marker={"symbol": SHAPES[metric_id], "opacity": 1, "size": [9 if ladder.named else 7 for ladder, _ in pairs],
                "color": [colour if value.firm else colours.paper for colour, (_, value) in zip(own, pairs, strict=True)],
                "line": {"width": 1.5, "color": own}},
    )  # fmt: skip
