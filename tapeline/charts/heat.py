"""Milestones against shares: the CAR of each pair as a cell, dark where it is far from zero, its sign written."""

from __future__ import annotations

import html
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette
from tapeline.once import once
from tapeline.words import count, per_cent

ROW = 24
MOST_ROWS, MOST_COLUMNS = 24, 14
LETTERS = 46


class Heat(NamedTuple):
    """The cells by milestone and share (CAR, fractions, NaN where there is none), the newest milestone first, and its words by id."""

    cells: pd.DataFrame
    words: dict[str, str]
    reach: float
    left_out: int
    room: Room


@once()
def arrange(events: pd.DataFrame, words: dict[str, str], room: Room) -> Heat:
    """Keep the most important of the newest milestones and the shares that most of them have.

    `events` has milestone_id, ticker, car, date, importance; rows without a CAR are left out; it is not empty.
    """
    known = events[events["car"].notna()]
    rows = known.drop_duplicates("milestone_id").sort_values(["importance", "date"], ascending=False, kind="stable")
    kept = rows.head(MOST_ROWS).sort_values("date", ascending=False, kind="stable")["milestone_id"]
    inside = known[known["milestone_id"].isin(kept)]
    columns = inside["ticker"].value_counts().head(MOST_COLUMNS if not room.narrow else 5).index
    cells = inside.pivot_table(index="milestone_id", columns="ticker", values="car").reindex(index=kept, columns=columns)
    reach = float(np.nanpercentile(np.abs(cells.to_numpy()), 95)) if cells.notna().any().any() else 0.01
    return Heat(cells, words, reach or 0.01, len(rows) - len(kept), room)


@once()
def draw(heat: Heat, colours: Palette) -> go.Figure:
    """Make the figure; a cell's custom data are its milestone's id."""
    values = heat.cells.to_numpy(dtype=float) * 100
    ids = np.repeat(np.asarray(heat.cells.index)[:, None], values.shape[1], axis=1)
    words = [[_hover(heat.words[name], ticker, value) for ticker, value in zip(heat.cells.columns, row, strict=True)]
             for name, row in zip(heat.cells.index, values / 100, strict=True)]  # fmt: skip
    text = [["" if np.isnan(value) else per_cent(value / 100, 0) for value in row] for row in values]
    figure = go.Figure(go.Heatmap(
        z=values, x=list(heat.cells.columns), y=list(range(len(heat.cells))), customdata=ids, hovertext=words, hoverinfo="text", text=text,
        texttemplate="%{text}", textfont={"size": 11, "color": colours.ink}, zmin=-heat.reach * 100, zmax=heat.reach * 100, showscale=False,
        xgap=1, ygap=1,
        colorscale=[[0, colours.ground(colours.series[1])], [0.5, colours.paper], [1, colours.ground(colours.series[3])]],
    ))  # fmt: skip
    letters = LETTERS // 2 if heat.room.narrow else LETTERS
    canvas.paper(figure, colours, ROW * len(heat.cells), 8, left=round(letters * 6.4))
    place = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -6, "showarrow": False, "font": {"size": 12, "color": colours.ink}}
    names = [{**place, "y": row, "text": html.escape(_short(heat.words[name], letters))} for row, name in enumerate(heat.cells.index)]
    figure.update_layout(
        annotations=names, xaxis={"side": "top", "fixedrange": True, "showgrid": False, "tickfont": {"color": colours.ink}, "tickangle": -45},
        yaxis={"autorange": "reversed", "fixedrange": True, "showgrid": False, "showticklabels": False, "zeroline": False, "ticks": ""},
        margin={"t": 56},
    )  # fmt: skip
    figure.update_layout(height=(figure.layout.height or 0) + 48)
    return figure


def title(heat: Heat, label: str) -> str:
    """State the finding: the largest of the cells."""
    name, ticker, value = _largest(heat)
    return f"{label}: of what is drawn {ticker} moved furthest, {per_cent(value)} at “{_short(heat.words[name], LETTERS)}”"


def finding(heat: Heat) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    name, ticker, value = _largest(heat)
    rows, columns = heat.cells.shape
    return f"{count(rows, 'milestone')} and {count(columns, 'share')}; the largest is {ticker} at “{heat.words[name]}”: {per_cent(value)}."


def _largest(heat: Heat) -> tuple[str, str, float]:
    """Return the milestone, the share and the value of the cell furthest from zero."""
    values = heat.cells.to_numpy(dtype=float)
    row, column = np.unravel_index(int(np.nanargmax(np.abs(values))), values.shape)
    return str(heat.cells.index[int(row)]), str(heat.cells.columns[int(column)]), float(values[row, column])


def _hover(words: str, ticker: str, value: float) -> str:
    return f"<b>{html.escape(words)}</b><br>{ticker}: {'not measured' if np.isnan(value) else per_cent(value, 2)}"


def _short(words: str, letters: int) -> str:
    return words if len(words) <= letters else f"{words[: letters - 1]}…"
