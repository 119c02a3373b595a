"""Who opens and who does not: a row a company or country, open weights to the right in outline, closed to the left filled."""

from __future__ import annotations

import html
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette
from tapeline.once import once
from tapeline.openness import CLOSED, OPEN
from tapeline.rows import each
from tapeline.words import count, listing, share

ROW = 24
MOST = 15
LETTERS, LETTERS_NARROW = 22, 14
LETTER = 6.4
ROOM_FOR_NUMBERS = 0.16


class Party(NamedTuple):
    """One company or country: its releases of both sorts and their ids."""

    name: str
    opened: int
    closed: int
    open_ids: tuple[str, ...]
    closed_ids: tuple[str, ...]


class Parties(NamedTuple):
    """What the figure shows, the most releases first; `others` have fewer and are not drawn. `what` is company or country."""

    rows: tuple[Party, ...]
    everyone: tuple[Party, ...]
    others: int
    what: str
    room: Room


@once()
def arrange(table: pd.DataFrame, what: str, room: Room) -> Parties:
    """Take the first rows of what `openness.by` counted; `table` is not empty."""
    rows = tuple(Party(str(getattr(row, what)), row.open_weights, row.closed, row.open_ids, row.closed_ids) for row in each(table))
    return Parties(rows[:MOST], rows, max(len(rows) - MOST, 0), what, room)


@once()
def draw(parties: Parties, colours: Palette) -> go.Figure:
    """Make the figure; a bar's custom data are its releases' ids."""
    height = ROW * len(parties.rows) + 24
    letters = LETTERS_NARROW if parties.room.narrow else LETTERS
    names = [party.name if len(party.name) <= letters else f"{party.name[: letters - 1]}…" for party in parties.rows]
    figure = go.Figure([_trace(parties, sort, colours) for sort in (CLOSED, OPEN)])
    canvas.paper(figure, colours, height, 8, bottom=8, left=round(max(map(len, names)) * LETTER) + 12)
    left, right = max(party.closed for party in parties.rows), max(party.opened for party in parties.rows)
    pad = max(left + right, 1) * ROOM_FOR_NUMBERS
    figure.update_layout(
        barmode="relative", bargap=0.35, showlegend=False, annotations=_heads(parties, colours),
        xaxis={"range": [-left - pad, right + pad], "fixedrange": True, "visible": False},
        yaxis={"type": "linear", "range": [len(parties.rows) - 0.4, -1.5], "fixedrange": True, "showgrid": False, "zeroline": False,
               "tickvals": list(range(len(names))), "ticktext": [html.escape(name) for name in names], "tickfont": {"color": colours.ink}},
        shapes=[{"type": "line", "x0": 0, "x1": 0, "y0": -0.6, "y1": len(parties.rows) - 0.4, "line": {"color": colours.ink, "width": 1}}],
    )  # fmt: skip
    return figure


def title(parties: Parties) -> str:
    """State the finding: of countries, the share of the two with most releases; of companies, who opened and who kept most."""
    if parties.what == "country":
        return "; ".join(f"{party.name} opened {_share(party)}" for party in parties.everyone[:2]) + " of its releases"
    opened = sorted(parties.everyone, key=lambda party: (-party.opened, party.name))[:3]
    closed = sorted(parties.everyone, key=lambda party: (-party.closed, party.name))[:3]
    said = [f"{words}: {listing([f'{party.name} {number(party)}' for party in ranked if number(party)])}"
            for words, ranked, number in (("Most open", opened, _opened), ("most closed", closed, _closed)) if number(ranked[0])]  # fmt: skip
    text = "; ".join(said)
    return text[0].upper() + text[1:]


def finding(parties: Parties) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    rows = "; ".join(f"{party.name} {party.opened} open, {party.closed} closed" for party in parties.rows)
    return f"Releases by {parties.what} and openness: {rows}."


def _opened(party: Party) -> int:
    return party.opened


def _closed(party: Party) -> int:
    return party.closed


def _share(party: Party) -> str:
    both = party.opened + party.closed
    return f"{party.opened} of {both} ({share(party.opened / both)})"


def _trace(parties: Parties, sort: str, colours: Palette) -> go.Bar:
    opened = sort == OPEN
    numbers = [party.opened if opened else party.closed for party in parties.rows]
    return go.Bar(
        x=[number if opened else -number for number in numbers], y=list(range(len(parties.rows))), orientation="h", name=sort,
        text=[str(number) if number else "" for number in numbers], textposition="outside", cliponaxis=False,
        textfont={"color": colours.ink, "size": 12},
        customdata=[[" ".join(party.open_ids if opened else party.closed_ids)] for party in parties.rows],
        hovertext=[f"<b>{html.escape(party.name)}</b>: {count(number, 'release')} {'with open weights' if opened else 'closed'}"
                   for party, number in zip(parties.rows, numbers, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>", unselected={"marker": {"opacity": 1}},
        marker={"color": colours.faded(colours.accent, 0.14) if opened else colours.muted,
                "line": {"width": 1.5, "color": colours.accent if opened else colours.muted}},
    )  # fmt: skip


def _heads(parties: Parties, colours: Palette) -> list[dict[str, object]]:
    """Write above the bars which side is which."""
    return [
        {"x": 0, "y": -1.0, "xanchor": side, "xshift": shift, "text": words, "showarrow": False, "font": {"color": colour}}
        for side, shift, words, colour in (("right", -6, "◂ closed", colours.muted), ("left", 6, "open weights ▸", colours.accent))
    ]
