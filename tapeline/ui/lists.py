"""Milestones in words: the table under the charts, and the list by month that takes the lanes' place on a phone."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from tapeline.milestones import Tables, first_figures
from tapeline.once import once
from tapeline.rows import each
from tapeline.ui import card
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import iso, quantity

A_PAGE = 12


def table(view: View, rows: pd.DataFrame) -> None:
    """Draw the milestones in view, the newest first; choosing a row opens its card."""
    newest = rows.iloc[::-1].reset_index(drop=True)
    key = "table-milestones"
    st.dataframe(
        _readable(view.tables, rows), hide_index=True, height=318, key=key, selection_mode="single-row",
        on_select=partial(card.open_row, key, tuple(newest["milestone_id"])), alt=f"Table of {len(rows)} milestones in view",
        column_config={
            "Date": st.column_config.TextColumn(width=84),
            "Company": st.column_config.TextColumn(width=100),
            "What happened": st.column_config.TextColumn(width=360),
            "Kind": st.column_config.TextColumn(width=150),
            "Figure": st.column_config.TextColumn(width=165, help="The first figure of the milestone; its card has them all."),
            "Sources": st.column_config.NumberColumn(width=58),
            "First source": st.column_config.LinkColumn(width=110, display_text=r"^https?://(?:www\.)?([^/]+)"),
        },
    )  # fmt: skip


def by_month(view: View, rows: pd.DataFrame) -> None:
    """Draw the milestones as a list under months, the newest first, a page at a time."""
    newest = rows.iloc[::-1].reset_index(drop=True)
    pages = -(-len(newest) // A_PAGE)
    at = st.pagination(pages, key="months", max_visible_pages=3) if pages > 1 else 1
    shown = newest.iloc[(at - 1) * A_PAGE : at * A_PAGE]
    for month, members in shown.groupby(shown["date"].dt.strftime("%B %Y"), sort=False):
        st.markdown(f"**{month}**")
        for row in each(members):
            day = iso(row.date, row.date_precision)[8:] or "–"
            with st.expander(plain(f"{day} · {row.title}"), key=f"month-{row.milestone_id}"):
                st.markdown(plain(row.summary))
                st.button("Figures, sources, shares", key=f"open-{row.milestone_id}", on_click=card.open_, args=([row.milestone_id],))


@once()
def _readable(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return milestones for the eye, the newest first."""
    return _every(tables).loc[rows["milestone_id"].iloc[::-1]].reset_index(drop=True)


@once(2)
def _every(tables: Tables) -> pd.DataFrame:
    """Return all milestones for the eye, indexed by milestone_id."""
    rows = tables.milestones
    first = {row.Index: quantity(row) for row in each(first_figures(tables))}
    sources = tables.sources.groupby("milestone_id")["url"]
    kinds, openness = (tables.book.labels("milestones", column) for column in ("kind", "openness"))
    openness["not_applicable"] = ""
    return pd.DataFrame({
        "Date": [iso(date, precision) for date, precision in zip(rows["date"], rows["date_precision"], strict=True)],
        "Company": rows["company_id"].map(tables.names),
        "What happened": rows["title"],
        "Kind": rows["kind"].map(kinds) + rows["openness"].map({name: label and f", {label.lower()}" for name, label in openness.items()}),
        "Figure": rows["milestone_id"].map(first).fillna(""),
        "Sources": rows["milestone_id"].map(sources.size()),
        "First source": rows["milestone_id"].map(sources.first()),
    }).set_index(rows["milestone_id"])  # fmt: skip
