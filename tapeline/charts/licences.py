"""The licences of open-weight releases, the most used first; the few used once are one bar."""

from __future__ import annotations

import html
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette
from tapeline.once import once
from tapeline.openness import NOT_NAMED
from tapeline.rows import each
from tapeline.words import count, listing

ROW = 24
MOST = 12
LETTERS, LETTERS_NARROW = 32, 20
LETTER = 6.4


class Bar(NamedTuple):
    """One licence, or several; `quiet` where it is not one licence with a name."""

    name: str
    releases: int
    ids: tuple[str, ...]
    hover: str
    quiet: bool


class Licences(NamedTuple):
    """What the figure shows, of how many `releases` with how many different `licences`."""

    bars: tuple[Bar, ...]
    releases: int
    licences: int
    room: Room


@once()
def arrange(table: pd.DataFrame, room: Room) -> Licences:
    """Take the most used of what `openness.licences` counted, add up the rest; `table` is not empty."""
    named = table[table["licence"] != NOT_NAMED]
    own, rest = named.head(MOST), named.iloc[MOST:]
    bars = [Bar(row.licence, row.releases, row.ids, _said(row.licence, row.releases, list(row.companies)), False) for row in each(own)]
    if len(rest):
        ids = tuple(name for ids in rest["ids"] for name in ids)
        companies = list(dict.fromkeys(name for names in rest["companies"] for name in names))
        words = f"{len(rest)} other licences"
        bars.append(Bar(words, len(ids), ids, _said(words, len(ids), companies), True))
    bars += [Bar(row.licence, row.releases, row.ids, _said(row.licence, row.releases, list(row.companies)), True)
             for row in each(table[table["licence"] == NOT_NAMED])]  # fmt: skip
    return Licences(tuple(bars), int(table["releases"].sum()), len(named), room)


@once()
def draw(licences: Licences, colours: Palette) -> go.Figure:
    """Make the figure; a bar's custom data are its releases' ids."""
    height = ROW * len(licences.bars) + 8
    letters = LETTERS_NARROW if licences.room.narrow else LETTERS
    names = [bar.name if len(bar.name) <= letters else f"{bar.name[: letters - 1]}…" for bar in licences.bars]
    own = [colours.muted if bar.quiet else colours.accent for bar in licences.bars]
    figure = go.Figure(go.Bar(
        x=[bar.releases for bar in licences.bars], y=list(range(len(licences.bars))), orientation="h", name="Licences",
        text=[str(bar.releases) for bar in licences.bars], textposition="outside", cliponaxis=False, textfont={"color": colours.ink, "size": 12},
        customdata=[[" ".join(bar.ids)] for bar in licences.bars], hovertext=[bar.hover for bar in licences.bars],
        hovertemplate="%{hovertext}<extra></extra>", unselected={"marker": {"opacity": 1}},
        marker={"color": [colours.faded(colour, 0.14) for colour in own], "line": {"width": 1.5, "color": own}},
    ))  # fmt: skip
    canvas.paper(figure, colours, height, 8, bottom=8, left=round(max(map(len, names)) * LETTER) + 12)
    figure.update_layout(
        bargap=0.35, showlegend=False,
        xaxis={"range": [0, max(bar.releases for bar in licences.bars) * 1.12], "fixedrange": True, "visible": False},
        yaxis={"range": [len(names) - 0.4, -0.6], "fixedrange": True, "showgrid": False, "zeroline": False, "tickvals": list(range(len(names))),
               "ticktext": [html.escape(name) for name in names], "tickfont": {"color": colours.ink}},
    )  # fmt: skip
    return figure


def title(licences: Licences) -> str:
    """State the finding: the most used licence, and the next."""
    named = [bar for bar in licences.bars if not bar.quiet]
    if not named:
        return f"{count(licences.releases, 'open-weight release')}, none with a licence that the tables name"
    first = f"{named[0].name} is the licence of {named[0].releases} of {count(licences.releases, 'open-weight release')}"
    return f"{first}, {named[1].name} of {named[1].releases}" if len(named) > 1 else first


def finding(licences: Licences) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    return f"{count(licences.licences, 'licence')}: " + "; ".join(f"{bar.name} {bar.releases}" for bar in licences.bars) + "."


def _said(name: str, releases: int, companies: list[str]) -> str:
    return f"<b>{html.escape(name)}</b>: {count(releases, 'release')}<br>{html.escape(listing(companies, 5))}"
