"""The tape on the page: draws it in the reader's colours and width, and turns clicks into a choice."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pandas as pd
import streamlit as st

from tapeline import milestones, titles
from tapeline.charts import scene, tape
from tapeline.charts.theme import Mode, palette
from tapeline.selection import Selection
from tapeline.ui import card, filters, plot, screen
from tapeline.ui.loaders import View
from tapeline.words import count, grouped, listing

ROOMS = {"desktop": scene.DESKTOP, "laptop": scene.LAPTOP, "tablet": scene.TABLET, "phone": scene.PHONE}
KEY = "tape"
Shares = tuple[list[str], str | None]
"""Tickers to draw, and the benchmark beside them."""


def shares(view: View, rows: pd.DataFrame) -> Shares:
    """Draw the choice of shares; return the tickers to draw and the benchmark beside them."""
    automatic = milestones.most_related(view.tables, rows, ROOMS[screen.width()].lines)
    names = view.tables.shares
    chosen = st.multiselect(
        "Shares", list(names), key="share", format_func=lambda ticker: f"{ticker} {names.get(ticker, '')}", max_selections=10,
        placeholder=f"By relation: {', '.join(automatic) or 'none'}", label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    tickers = chosen or automatic
    return tickers, _benchmark(view, tickers) if screen.width() != "phone" else None


def warm(view: View, rows: pd.DataFrame) -> None:
    """Arrange and draw what most readers see first on a laptop; a visit to the page does the same for a desktop."""
    tickers = milestones.most_related(view.tables, rows, scene.LAPTOP.lines)
    arranged = _arranged(view, Selection(), rows, (tickers, _benchmark(view, tickers)), scene.LAPTOP)
    for mode in get_args(Mode):
        tape.draw(arranged, palette(mode))


def _benchmark(view: View, tickers: list[str]) -> str | None:
    """Return the market of most of some shares."""
    markets = Counter(filter(None, (view.tables.markets.get(ticker) for ticker in tickers)))
    return min(markets, key=lambda market: (-markets[market], market), default=None)


def _arranged(view: View, selection: Selection, rows: pd.DataFrame, shares: Shares, room: scene.Room) -> tape.Tape:
    tickers, benchmark = shares
    return tape.arrange(
        view.tables, view.histories, view.moves, rows, selection=selection, tickers=tickers, benchmark=benchmark, room=room, stale=view.stale
    )


def show(view: View, selection: Selection, rows: pd.DataFrame, tickers: list[str], benchmark: str | None) -> tape.Tape:
    """Draw timeline and market; return what was drawn, for the download."""
    arranged = _arranged(view, selection, rows, (tickers, benchmark), ROOMS[screen.width()])
    figure, said = tape.draw(arranged, screen.colours()), tape.finding(arranged, rows)
    title = ": ".join(filter(None, ["AI milestones beside the related market", titles.chosen(view.tables, selection)]))
    plot.show(figure, name=KEY, title=title, alt=said, note=_note(arranged), on_choose=card.open_, on_range=filters.span)
    return arranged


def _note(arranged: tape.Tape) -> str:
    """Say under the chart what its lines and marks are, and where its data end."""
    market = arranged.market
    words = []
    if market.lines:
        first = {line.ticker: line.levels.index[0] for line in market.lines}
        days = Counter(first.values())
        base = min(days, key=lambda day: (-days[day], day))
        late = [ticker for ticker, day in first.items() if day > base + pd.Timedelta(days=10)]
        half = "Lower half" if arranged.lanes else "Lines"
        words.append(f"{half}: total-return index, 100 on {base:%Y-%m-%d}{', logarithmic' if market.log else ''}.")
        words += [f"{listing(late)}: 100 on the first session, which came later."] if late else []
    if len(market.markers):
        what = {1: "every milestone", 2: "milestones of importance 2 and 3", 3: "milestones of importance 3"}[market.least]
        thinned = f"; {grouped(market.left)} that would lie under another are left out" if market.left else ""
        words.append(f"Marked on the lines: {what} of a related company, at day 0{thinned}.")
    priced = [line for line in market.lines if line.currency and line.price is not None]
    if priced:
        last = [f"{line.ticker} {grouped(line.price.dropna().iloc[-1], 2)} {line.currency}" for line in priced if line.price is not None]
        words.append(f"Last closes (Yahoo Finance, {max(line.levels.index[-1] for line in priced):%Y-%m-%d}): {listing(last, 8)}.")
    ends: dict[str, list[str]] = {}
    for line in market.lines:
        ends.setdefault(f"{line.levels.index[-1]:%Y-%m-%d}" if line.stale else "", []).append(line.ticker if line.company_id else line.name)
    late = [f"{listing(names, 8)} to {day}" for day, names in ends.items() if day]
    words += [f"⚠ more than three sessions behind: {'; '.join(late)}."] if late else []
    if arranged.market_end is not None and arranged.market_end < arranged.end:
        words.append(f"Shaded: no market data after {arranged.market_end:%Y-%m-%d}.")
    gathered = sum(mark.number for lane in arranged.lanes for mark in lane.marks if mark.number > 1)
    words += [f"Marks with a number hold {count(gathered, 'milestone')} that would hide each other."] if gathered else []
    words += [] if arranged.room.narrow else ["Click a mark for its card; drag across the chart to choose its dates."]
    return " ".join(words)
