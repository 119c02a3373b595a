"""Releases over time by openness: a bar a period, open weights below in outline, closed above filled, counted or as shares."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from tapeline.charts import canvas
from tapeline.charts.scene import Room
from tapeline.charts.theme import Palette
from tapeline.once import once
from tapeline.openness import CLOSED, OPEN
from tapeline.rows import each
from tapeline.words import count, share

HEIGHT = 300
TOP = 22
WORDS = {OPEN: "Open weights", CLOSED: "Closed"}
MOST_LABELS, MOST_LABELS_NARROW = 16, 10


class Bar(NamedTuple):
    """One period: its words, counts, share of open weights (NaN where nothing was released) and ids of its releases."""

    label: str
    opened: int
    closed: int
    share: float
    open_ids: tuple[str, ...]
    closed_ids: tuple[str, ...]

    @property
    def both(self) -> int:
        """Return how many releases there were."""
        return self.opened + self.closed


class Releases(NamedTuple):
    """What the figure shows; `years` are the same releases by year, for the words; `unfinished` is a year that goes on."""

    bars: tuple[Bar, ...]
    years: tuple[Bar, ...]
    as_share: bool
    unfinished: str
    room: Room


@once()
def arrange(periods: pd.DataFrame, years: pd.DataFrame, last: pd.Timestamp, as_share: bool, room: Room) -> Releases:
    """Turn the counts of `openness.by_period` into bars; `last` is the last day that the tables know of."""
    unfinished = str(last.year) if last < pd.Timestamp(last.year, 12, 31) else ""
    return Releases(_bars(periods), _bars(years), as_share, unfinished, room)


@once()
def draw(releases: Releases, colours: Palette) -> go.Figure:
    """Make the figure; a bar's custom data are its releases' ids."""
    figure = go.Figure([*_key(colours), _trace(releases, OPEN, colours), _trace(releases, CLOSED, colours)])
    highest = 1.0 if releases.as_share else max(bar.both for bar in releases.bars)
    scale = canvas.linear(highest, HEIGHT, TOP)
    if releases.as_share:
        scale = scale._replace(values=(0.0, 0.25, 0.5, 0.75, 1.0))
    else:
        scale = scale._replace(values=tuple(value for value in scale.values if value.is_integer()))
    axis = canvas.value_axis(scale, colours)
    if releases.as_share:
        axis["ticktext"] = [share(value) for value in scale.values]
    canvas.paper(figure, colours, HEIGHT, 8, bottom=canvas.BOTTOM + 30)
    figure.update_layout(
        barmode="stack", bargap=0.25, xaxis=_axis(releases, colours), yaxis=axis, showlegend=True, annotations=_labels(releases, colours)
    )
    return figure


def title(releases: Releases) -> str:
    """State the finding: how many releases had open weights in the last year in view, and in the one before."""
    told = [bar for bar in releases.years if bar.both][-2:][::-1]
    so_far = " so far" if told[0].label == releases.unfinished else ""
    words = f"{told[0].opened} of {count(told[0].both, 'release')} in {told[0].label}{so_far} had open weights ({_share(told[0])})"
    return f"{words}, {told[1].opened} of {told[1].both} in {told[1].label} ({_share(told[1])})" if len(told) > 1 else words


def finding(releases: Releases) -> str:
    """Say in words what the figure shows, for those who cannot see it."""
    years = "; ".join(f"{bar.label}: {bar.opened} open, {bar.closed} closed" for bar in releases.years)
    return f"Releases by openness, {len(releases.bars)} bars, {'as shares' if releases.as_share else 'counted'}. {years}."


def _bars(table: pd.DataFrame) -> tuple[Bar, ...]:
    return tuple(Bar(_label(row.Index), row.open_weights, row.closed, row.share, row.open_ids, row.closed_ids) for row in each(table))


def _label(period: pd.Period) -> str:
    return f"{period.year} Q{period.quarter}" if period.freqstr.startswith("Q") else str(period.year)


def _share(bar: Bar) -> str:
    return share(bar.share)


def _key(colours: Palette) -> list[go.Bar]:
    """Return what the legend needs: the look of both sorts."""
    return [go.Bar(x=[None], y=[None], name=words, marker=_look(sort, colours)) for sort, words in WORDS.items()]


def _look(sort: str, colours: Palette) -> dict[str, object]:
    """Open weights are an outline, closed ones are filled."""
    if sort == OPEN:
        return {"color": colours.faded(colours.accent, 0.14), "line": {"width": 1.5, "color": colours.accent}}
    return {"color": colours.muted, "line": {"width": 1.5, "color": colours.muted}}


def _trace(releases: Releases, sort: str, colours: Palette) -> go.Bar:
    counts = [bar.opened if sort == OPEN else bar.closed for bar in releases.bars]
    heights = [None if not number else number / bar.both if releases.as_share else number for number, bar in zip(counts, releases.bars, strict=True)]
    return go.Bar(
        x=list(range(len(releases.bars))), y=heights, name=WORDS[sort], showlegend=False, marker=_look(sort, colours),
        customdata=[[" ".join(bar.open_ids if sort == OPEN else bar.closed_ids)] for bar in releases.bars],
        hovertext=[f"<b>{bar.label}</b>: {number} of {count(bar.both, 'release')}, {WORDS[sort].lower()}"
                   for number, bar in zip(counts, releases.bars, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>", unselected={"marker": {"opacity": 1}},
    )  # fmt: skip


def _axis(releases: Releases, colours: Palette) -> dict[str, object]:
    """Write the periods under the bars: every year, of quarters the first of each year, fewer where there is no room."""
    labels = [bar.label for bar in releases.bars]
    firsts = [at for at, label in enumerate(labels) if not label.endswith(("Q2", "Q3", "Q4"))] or [0]
    shown = firsts[:: -(-len(firsts) // max(releases.room.ticks * 2, 9))]
    few = len(releases.bars) <= releases.room.ticks
    values = list(range(len(labels))) if few else shown
    words = [labels[at] if few else f"’{labels[at][2:4]}" if releases.room.narrow else labels[at][:4] for at in values]
    return {"type": "linear", "tickvals": values, "ticktext": words, "tickfont": {"color": colours.muted}, "tickangle": 0, "fixedrange": True,
            "showgrid": False, "showline": True, "linecolor": colours.muted, "range": [-0.6, len(releases.bars) - 0.4]}  # fmt: skip


def _labels(releases: Releases, colours: Palette) -> list[dict[str, object]]:
    """Write the share of open weights above each bar, where the bars are wide enough for it."""
    if len(releases.bars) > (MOST_LABELS_NARROW if releases.room.narrow else MOST_LABELS):
        return []
    top = [1.0 if releases.as_share else float(bar.both) for bar in releases.bars]
    return [
        {"x": at, "y": height, "text": _share(bar), "showarrow": False, "yanchor": "bottom", "yshift": 1, "font": {"color": colours.accent}}
        for at, (bar, height) in enumerate(zip(releases.bars, top, strict=True)) if bar.both
    ]  # fmt: skip
