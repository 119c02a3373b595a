"""Who is named beside those that raised money, and how often: a bar for each, its length the number of rounds."""

from __future__ import annotations

import html
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette
from tapeline.once import once
from tapeline.rows import each
from tapeline.words import count, listing

ROW = 27
MOST = 8
LETTER = 6.4
REACH = 2.4


class Bar(NamedTuple):
    """One organisation: the rounds that it is named in, and beside whom."""

    company_id: str
    name: str
    rounds: int
    ids: tuple[str, ...]
    beside: tuple[str, ...]


class Named(NamedTuple):
    """What the figure shows, the most named first.

    `others` are those named less often, left out; `all` is the number of rounds in view; `how` says what an organisation has to do with them.
    """

    bars: tuple[Bar, ...]
    others: int
    all: int
    room: Room
    how: str = "beside"


@once()
def arrange(table: pd.DataFrame, rounds: int, room: Room, how: str = "beside") -> Named:
    """Keep the most named; `table` is what `funding.named` or `funding.leaders` gives, not empty."""
    bars = [Bar(row.company_id, row.company, row.rounds, row.ids, row.beside) for row in each(table.head(MOST))]
    return Named(tuple(bars), len(table) - len(bars), rounds, room, how)


@once()
def draw(named: Named, colours: Palette) -> go.Figure:
    """Make the figure; a bar's custom data are the ids of its rounds."""
    height = ROW * len(named.bars)
    figure = go.Figure(go.Bar(
        x=[bar.rounds for bar in named.bars], y=[bar.name for bar in named.bars], orientation="h", name="Rounds",
        customdata=[[" ".join(bar.ids)] for bar in named.bars], hovertext=[_hover(bar, named.how) for bar in named.bars],
        hovertemplate="%{hovertext}<extra></extra>", unselected={"marker": {"opacity": 1}}, width=0.62,
        marker={"color": [colours.company(bar.company_id) for bar in named.bars], "opacity": 1},
    ))  # fmt: skip
    canvas.paper(figure, colours, height, 12, bottom=6, left=round(max(len(bar.name) for bar in named.bars) * LETTER) + 12)
    beside = [
        {"x": bar.rounds, "y": bar.name, "xanchor": "left", "xshift": 5, "showarrow": False, "align": "left", "font": {"size": 12},
         "text": f"<b>{bar.rounds}</b>  {html.escape(_beside(bar, named))}"}
        for bar in named.bars
    ]  # fmt: skip
    figure.update_layout(
        annotations=beside, xaxis={"visible": False, "range": [0, named.bars[0].rounds * REACH], "fixedrange": True}, showlegend=False,
        yaxis={"autorange": "reversed", "fixedrange": True, "tickfont": {"color": colours.ink}, "showgrid": False, "ticks": "",
               "ticklabelstandoff": 6},
    )  # fmt: skip
    return figure


def title(named: Named) -> str:
    """State the finding: who is named most."""
    top = [bar.name for bar in named.bars if bar.rounds == named.bars[0].rounds]
    said = f"named in {named.bars[0].rounds} of {count(named.all, 'round')}"
    if len(top) > 1:
        return f"{listing(top)} are each {said}"
    return f"{top[0]} is {said}" + (", more than anybody else" if len(named.bars) > 1 else "")


def title_of_leaders(named: Named) -> str:
    """State the finding where the bars are those that led: who led most."""
    top, rounds = [bar.name for bar in named.bars if bar.rounds == named.bars[0].rounds], named.bars[0].rounds
    of = "the one round whose leader is known" if named.all == 1 else f"{rounds} of the {named.all} rounds whose leader is known"
    return f"{listing(top)} {'each ' if len(top) > 1 and named.all > 1 else ''}led {of}"


def finding(named: Named, what: str = "Organisations named beside those that acted, by number of rounds") -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    return f"{what}: " + listing([f"{bar.name} {bar.rounds}" for bar in named.bars], 8) + "."


def _beside(bar: Bar, named: Named) -> str:
    """Name as many of those beside as there is room for behind the bar."""
    letters = (named.room.width + 60) * (1 - bar.rounds / named.bars[0].rounds / REACH) / LETTER - 5
    fitting = (listing(list(bar.beside), most) for most in range(len(bar.beside), 1, -1))
    return next((words for words in fitting if len(words) <= letters), f"{len(bar.beside)} of them" if len(bar.beside) > 1 else bar.beside[0])


def _hover(bar: Bar, how: str) -> str:
    return f"<b>{html.escape(bar.name)}</b>: {count(bar.rounds, 'round')}<br>{how} {html.escape(listing(list(bar.beside), 12))}"
