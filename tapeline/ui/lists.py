"""Milestones in words: the table under the charts, and the list by month that takes the lanes' place on a phone."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pyarrow as pa
import streamlit as st

from tapeline import columns
from tapeline.milestones import Tables, first_figures
from tapeline.once import once
from tapeline.rows import each
from tapeline.ui import card
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import count, grouped, iso, quantity

A_PAGE, MOST = 12, 2000
"""Milestones on a page of the list, and in a table that travels to the browser."""


def table(view: View, rows: pd.DataFrame) -> None:
    """Draw the milestones in view, the newest first; choosing a row opens its card. Of very many, the newest are drawn."""
    key, shown = "table-milestones", _newest(view.tables, rows)
    st.dataframe(
        _readable(view.tables, rows), hide_index=True, height=318, key=key, selection_mode="single-row",
        on_select=partial(card.open_row, key, shown), alt=f"Table of {count(len(shown), 'milestone')} in view",
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
    older(rows, "the files below hold all, and fewer dates show older ones")


def older(rows: pd.DataFrame, where: str) -> None:
    """Say that a table leaves out the older milestones of very many, and where they are."""
    if len(rows) > MOST:
        st.caption(f"The table shows the newest {grouped(MOST)} of {count(len(rows), 'milestone')}: {where}.")


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
def _newest(tables: Tables, rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the ids of the milestones that the table shows, the newest first."""
    ids = columns.of(tables.milestones).ids
    return tuple(ids[at] for at in columns.places(tables.milestones, rows)[: -MOST - 1 : -1])


@once()
def _readable(tables: Tables, rows: pd.DataFrame) -> pa.Table:
    """Return milestones for the eye, the newest first."""
    return _every(tables).take(columns.places(tables.milestones, rows)[: -MOST - 1 : -1])


@once(2)
def _every(tables: Tables) -> pa.Table:
    """Return all milestones for the eye, as the browser gets them: made into a frame again, each view would wait for it."""
    rows = tables.milestones
    first = {row.Index: quantity(row) for row in each(first_figures(tables))}
    sources = tables.sources.groupby("milestone_id")["url"]
    kinds, openness = (tables.book.labels("milestones", column) for column in ("kind", "openness"))
    openness["not_applicable"] = ""
    return pa.table({
        "Date": [iso(date, precision) for date, precision in zip(rows["date"], rows["date_precision"], strict=True)],
        "Company": [tables.names[name] for name in rows["company_id"]],
        "What happened": rows["title"].tolist(),
        "Kind": [", ".join(filter(None, (kinds[kind], openness[sort].lower()))) for kind, sort in zip(rows["kind"], rows["openness"], strict=True)],
        "Figure": [first.get(name, "") for name in rows["milestone_id"]],
        "Sources": rows["milestone_id"].map(sources.size()).tolist(),
        "First source": rows["milestone_id"].map(sources.first()).tolist(),
    })  # fmt: skip
