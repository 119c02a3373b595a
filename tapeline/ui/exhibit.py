"""An exhibit: a chart with its finding above, its note and source below, the same numbers as a table and as a file beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from tapeline import export
from tapeline.charts.scene import Room
from tapeline.selection import Selection
from tapeline.ui import card, chart, plot, screen
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import count

MOST_ROWS = 15


def room(half: bool = False) -> Room:
    """Return the room that a chart has on the reader's screen, or half of the page's width where two stand side by side."""
    whole = chart.ROOMS[screen.width()]
    return whole._replace(width=whole.width * 0.42, ticks=max(whole.ticks // 2, 4)) if half and _wide() else whole


def pair() -> list[Any]:
    """Return two places: side by side on a wide screen, below each other elsewhere."""
    return list(st.columns(2, gap="large")) if _wide() else [st.container(), st.container()]


def picture(name: str, title: str, figure: Any, *, alt: str, note: str, heading: Any = st, on_range: plot.Span | None = None) -> None:
    """Draw a chart under its finding, which stands at `heading`; a click on a mark opens its milestone's card."""
    heading.header(plain(title), anchor=name)
    drawing(name, title, figure, alt=alt, note=note, on_range=on_range)


def drawing(name: str, title: str, figure: Any, *, alt: str, note: str, on_range: plot.Span | None = None) -> None:
    """Draw a chart and its note without a heading; a click on a mark opens its milestone's card, dragging chooses a range where asked for."""
    plot.show(figure, name=name, title=title, alt=f"{title}. {alt}", note=note, on_choose=card.open_, on_range=on_range)


def numbers(
    view: View, selection: Selection, table: pd.DataFrame, taken: pd.DataFrame,
    *, name: str, what: str, many: str | None = None, taken_as: str = "row", ids: Sequence[str] = (), columns: Any = None,
) -> None:  # fmt: skip
    """Offer the numbers of a chart: a table to read, whose rows open cards where `ids` name them, and the CSV `taken`."""
    held = count(len(table), what, many)
    with st.container(horizontal=True, vertical_alignment="center", key=f"numbers-{name}"):
        file(view, selection, taken, name, taken_as)
        opened = st.toggle(f"Table, {held}", key=f"twin-{name}")
    if opened:
        listed(name, table, f"Table of {held}", ids=ids, columns=columns)


def file(view: View, selection: Selection, taken: pd.DataFrame, name: str, what: str = "row") -> None:
    """Offer a frame as CSV, named after what is in it."""
    st.download_button(f"CSV, {count(len(taken), what)}", partial(export.csv, taken), export.file_name(name, view.tables, selection), "text/csv",
                       key=f"csv-{name}", on_click="ignore", icon=":material/download:")  # fmt: skip


def listed(name: str, table: pd.DataFrame, alt: str, *, ids: Sequence[str] = (), columns: Any = None) -> None:
    """Draw a table; choosing a row opens its card."""
    height: Any = "content" if len(table) <= MOST_ROWS else 318
    if not ids:
        st.dataframe(table, hide_index=True, height=height, key=f"table-{name}", alt=alt, column_config=columns)
        return
    key = f"table-{name}"
    st.dataframe(table, hide_index=True, height=height, key=key, alt=alt, column_config=columns, selection_mode="single-row",
                 on_select=partial(card.open_row, key, tuple(ids)))  # fmt: skip


def _wide() -> bool:
    return screen.width() in ("laptop", "desktop")


def metrics(offered: Sequence[str], defaults: Sequence[str]) -> list[str]:
    """Return the metrics to show, as many as there are defaults where so many are offered: those of the address, each in its place."""
    asked = list(st.session_state.get("metric") or [])
    wanted = [*asked, *defaults[len(asked) :], *defaults, *offered]
    return [name for name in dict.fromkeys(wanted) if name in offered][: len(defaults)]


def choose(label: str, offered: Sequence[str], names: Mapping[str, str], shown: Sequence[str], at: int = 0) -> None:
    """Let the reader choose another metric for the one `shown` at some place; the choice stands in the address."""
    key, free = f"metric-{label}", [name for name in offered if name == shown[at] or name not in shown]
    st.session_state[key] = shown[at]
    st.selectbox(label, free, key=key, format_func=lambda name: names[name], on_change=_chose, args=(key, tuple(shown), at))


def nothing(title: str, words: str) -> None:
    """Say that a chart has nothing to show, and why, in its place."""
    st.header(plain(title), anchor=False)
    st.info(plain(words), icon=":material/filter_alt_off:")


def _chose(key: str, shown: tuple[str, ...], at: int) -> None:
    st.session_state["metric"] = [*shown[:at], st.session_state[key], *shown[at + 1 :]]
