"""The filter that all pages share: widgets in the sidebar, chips above the chart, one reset."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import streamlit as st

from tapeline.milestones import Tables
from tapeline.once import once
from tapeline.selection import FIRST_DAY, Selection, without
from tapeline.ui import links
from tapeline.ui.text import plain

RANGES = {"6M": pd.DateOffset(months=6), "1Y": pd.DateOffset(years=1), "3Y": pd.DateOffset(years=3), "Max": None}


def sidebar(tables: Tables) -> Selection:
    """Draw the filter in the sidebar and return what is chosen."""
    labels, today = tables.book.labels, dt.date.today()
    with st.sidebar:
        st.multiselect("Companies", _companies(tables), key="company", format_func=lambda name: tables.names.get(name, name),
                       placeholder="All", persist_state="session", help="The organisation that acted; partners are named on the card.")  # fmt: skip
        for key, label in (("kind", "Kinds"), ("openness", "Openness")):
            words = labels("milestones", key)
            st.pills(label, list(words), key=key, selection_mode="multi", format_func=words.__getitem__, persist_state="session")
        st.date_input("From", None, FIRST_DAY, today, key="from", format="YYYY-MM-DD", persist_state="session")
        st.date_input("To", None, FIRST_DAY, today, key="to", format="YYYY-MM-DD", persist_state="session")
        st.text_input("Search", key="q", type="search", placeholder="Words in title or summary", max_chars=100, persist_state="session")
        st.button("Reset filter", on_click=reset, width="stretch", disabled=links.chosen().is_empty)
    return links.chosen()


@once(2)
def _companies(tables: Tables) -> list[str]:
    """Return the companies in the order of their names."""
    return sorted(tables.names, key=lambda company_id: tables.names[company_id].casefold())


def reset() -> None:
    """Let everything through again."""
    links.choose(Selection())


def chips(tables: Tables, selection: Selection) -> None:
    """Draw the active filter above the chart; a click on a chip takes it out."""
    parts = [(key, value) for key, values in selection.to_query().items() for value in values]
    if not parts:
        return
    with st.container(horizontal=True, gap="xsmall", key="chips"):
        for key, value in parts:
            st.button(f"{plain(_said(tables, key, value))} ✕", key=f"chip-{key}-{value}", on_click=_drop, args=(selection, key, value),
                      help="Take this out of the filter")  # fmt: skip
        st.button("Reset", key="chip-reset", on_click=reset, type="tertiary")


def ranges(selection: Selection, last: pd.Timestamp) -> None:
    """Offer the usual ranges, counted back from the last day known; one click sets the dates of the filter."""
    current = next((name for name, offset in RANGES.items() if selection.end is None and selection.start == _since(offset, last)), None)
    st.session_state["range"] = current
    st.segmented_control("Range", list(RANGES), key="range", on_change=_range, args=(last,), label_visibility="collapsed")


def span(start: str, end: str) -> None:
    """Set the dates of the filter to the two ends of a range that was dragged across a chart; call it from a callback."""
    links.choose(replace(links.chosen(), start=dt.date.fromisoformat(start[:10]), end=dt.date.fromisoformat(end[:10])))


def ignored(notes: list[str]) -> None:
    """Say what of the link was not understood."""
    if notes:
        st.info(f"Ignored in this link, since nothing here has it: {plain(', '.join(notes[:8]))}.", icon=":material/link_off:")


def nothing() -> None:
    """Say that nothing matches and offer the way back."""
    st.info("No milestone matches this filter.", icon=":material/filter_alt_off:")
    st.button("Reset the filter", on_click=reset, key="reset-nothing", type="primary")


def _said(tables: Tables, key: str, value: str) -> str:
    match key:
        case "company":
            return tables.names[value]
        case "kind" | "openness":
            return tables.book.labels("milestones", key)[value]
        case "q":
            return f"“{value}”"
    return f"{key} {value}"


def _drop(selection: Selection, key: str, value: str) -> None:
    links.choose(without(selection, key, value))


def _range(last: pd.Timestamp) -> None:
    offset = RANGES.get(st.session_state["range"] or "Max")
    st.session_state["from"], st.session_state["to"] = _since(offset, last), None


def _since(offset: pd.DateOffset | None, last: pd.Timestamp) -> dt.date | None:
    return None if offset is None else (last - offset).date()
