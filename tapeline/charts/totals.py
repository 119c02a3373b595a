"""One metric added up by year: a column a year, built of its largest companies, the total above it."""

from __future__ import annotations

import html
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas, labels
from tapeline.charts.canvas import Scale
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette, dash
from tapeline.once import once
from tapeline.words import listing, short

HEIGHT = 300
OWN, OWN_NARROW = 6, 4
YEAR = 34
PATTERNS = {"solid": "", "dash": "/", "dot": "."}
OTHERS = "others"


class Part(NamedTuple):
    """One company's amounts, a year each."""

    company_id: str
    name: str
    amounts: tuple[float, ...]


class Totals(NamedTuple):
    """What the figure shows: years, the parts of each column from below, the sum of each."""

    metric: str
    years: tuple[int, ...]
    parts: tuple[Part, ...]
    sums: tuple[float, ...]
    last: pd.Timestamp
    scale: Scale
    room: Room


@once()
def arrange(table: pd.DataFrame, names: dict[str, str], metric: str, last: pd.Timestamp, room: Room) -> Totals:
    """Keep the largest companies and gather the others; `table` is what `funding.totals` gives, not empty, `last` its last day."""
    own = OWN_NARROW if room.narrow else OWN
    keep = table if len(table) <= own + 1 else table.iloc[:own]
    parts = [Part(str(name), names[str(name)], tuple(amounts)) for name, amounts in zip(keep.index, keep.to_numpy(), strict=True)]
    rest = table.iloc[len(keep) :]
    parts += [Part(OTHERS, f"{len(rest)} others", tuple(rest.sum().to_numpy()))] if len(rest) else []
    sums = tuple(float(amount) for amount in table.sum().to_numpy())
    return Totals(metric, tuple(int(year) for year in table.columns), tuple(parts), sums, last, canvas.linear(max(sums), HEIGHT, 24), room)


@once()
def draw(totals: Totals, colours: Palette) -> go.Figure:
    """Make the figure; a part that is high enough carries its company's name."""
    ends = _ends(totals, colours)
    edge = max(0.0, 3 - len(totals.years)) / 2 + 0.5
    notes, leaders = labels.at_ends(ends, totals.years[-1] + edge, colours, span=totals.scale[:2], height=HEIGHT, log=False)
    figure = go.Figure([leaders, *(_bar(totals, part, colours) for part in totals.parts)])
    canvas.paper(figure, colours, HEIGHT, labels.margin([end.text for end in ends]))
    tight = max(len(short(total)) for total in totals.sums) * labels.CHARACTER > totals.room.width / len(totals.years)
    least = max(totals.sums) * 0.03 if tight else 0
    sums = [
        {"x": year, "y": total, "text": f"<b>{short(total)}</b>", "showarrow": False, "yanchor": "bottom", "yshift": 1,
         "xanchor": "right" if tight else "center", "xshift": 9 if tight else 0, "font": {"size": 12}}
        for year, total in zip(totals.years, totals.sums, strict=True) if total > least
    ]  # fmt: skip
    axis, written = canvas.count_axis(1, 1, colours), list(totals.years[:: -2 if totals.room.width < YEAR * len(totals.years) else -1])
    axis |= {"range": [totals.years[0] - edge, totals.years[-1] + edge], "tickvals": written, "ticks": "",
             "ticktext": [f"{year}" for year in written]}  # fmt: skip
    figure.update_layout(
        barmode="stack", bargap=0.28, xaxis=axis, yaxis=canvas.value_axis(totals.scale, colours), annotations=[*sums, *notes], showlegend=False
    )
    return figure


def title(totals: Totals) -> str:
    """State the finding: the sum of the last year beside that of the year before."""
    at = max(place for place, total in enumerate(totals.sums) if total)
    so_far = f" up to {totals.last:%B}" if totals.years[at] == totals.last.year and totals.last.month < 12 else ""
    before = f", {short(totals.sums[at - 1])} in {totals.years[at - 1]}" if at and totals.sums[at - 1] else ""
    return f"{totals.metric}: {short(totals.sums[at])} USD in {totals.years[at]}{so_far}{before}"


def finding(totals: Totals) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    years = [f"{year} {short(total)}" for year, total in zip(totals.years, totals.sums, strict=True) if total]
    largest = [f"{part.name} {short(sum(part.amounts))}" for part in totals.parts if part.company_id != OTHERS]
    return f"{totals.metric} in USD, added up by year: {listing(years, 12)}. The largest companies over all years: {listing(largest, 8)}."


def _ends(totals: Totals, colours: Palette) -> list[labels.End]:
    """Name the parts of the last year's column, each at its middle."""
    found, below = [], 0.0
    for part in totals.parts:
        amount = part.amounts[-1]
        if amount:
            colour = colours.muted if part.company_id == OTHERS else colours.company(part.company_id)
            found.append(labels.End(f"{part.name[:14]} {short(amount)}", totals.years[-1] + 0.37, below + amount / 2, colour))
        below += amount
    return found


def _bar(totals: Totals, part: Part, colours: Palette) -> go.Bar:
    colour = colours.quiet(colours.muted) if part.company_id == OTHERS else colours.company(part.company_id)
    return go.Bar(
        x=list(totals.years), y=list(part.amounts), name=part.name,
        customdata=[short(amount) for amount in part.amounts],
        hovertemplate=f"<b>{html.escape(part.name)}</b> %{{x}}: %{{customdata}} USD<extra></extra>",
        marker={"color": colour, "line": {"width": 1, "color": colours.paper},
                "pattern": {"shape": PATTERNS[dash(part.company_id)], "fgcolor": colours.paper, "fillmode": "overlay", "size": 7, "solidity": 0.25}},
    )  # fmt: skip
