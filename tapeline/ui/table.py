"""The whole table of milestones: sort, search, choose columns, follow links; a row opens its card."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from tapeline import columns
from tapeline.milestones import Tables, first_figures
from tapeline.once import once
from tapeline.rows import each
from tapeline.ui import card, lists, screen
from tapeline.ui.loaders import View
from tapeline.words import count, iso, quantity

KEY = "whole-table"
SHOWN = {
    "phone": ["date", "title", "company_id", "figures", "source_1"],
    "tablet": ["date", "company_id", "title", "kind", "figures", "source_1"],
    "laptop": ["date", "company_id", "title", "kind", "figures", "source_1"],
    "desktop": ["date", "company_id", "title", "kind", "figures", "source_1"],
}
WIDTHS = {"date": 88, "company_id": 105, "title": 330, "kind": 135, "figures": 200, "summary": 500, "importance": 90}
NARROW = {"date": 88, "title": 235}
LINKS = 3


def show(view: View, rows: pd.DataFrame) -> None:
    """Draw the milestones in view with all their columns, the newest first; some columns wait in the table's menu."""
    newest = _newest(rows)
    frame = readable(view.tables, newest)
    st.dataframe(
        frame, hide_index=True, height=min(460, 38 + 35 * len(frame)), key=KEY, selection_mode="single-row",
        on_select=partial(card.open_row, KEY, tuple(newest["milestone_id"])), column_order=SHOWN[screen.width()],
        column_config=_columns(view.tables, screen.width() == "phone"),
        alt=f"Table of {count(len(frame), 'milestone')} with dates, figures and sources",
    )  # fmt: skip
    lists.older(rows, "the files below and `/data/milestones.csv` hold all, and fewer dates show older ones")
    waiting = len(frame.columns) - len(SHOWN[screen.width()])
    st.caption(f"{waiting} more columns wait behind the eye in the table's upper right corner; search and full screen stand beside it. "
               "A click on a column's name sorts, the box before a row opens its card.")  # fmt: skip


@once()
def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[: -lists.MOST - 1 : -1].reset_index(drop=True)


@once()
def readable(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return milestones as people read them: labels for codes, dates as exactly as they are known, figures with units, links."""
    return _every(tables).take(columns.places(tables.milestones, rows)).reset_index(drop=True)


@once(2)
def _every(tables: Tables) -> pd.DataFrame:
    """Return all milestones as people read them."""
    rows = tables.milestones
    labels = {column: tables.book.labels("milestones", column) for column in ("kind", "openness", "session")}
    labels["openness"]["not_applicable"] = ""
    urls = tables.sources.assign(place=tables.sources.groupby("milestone_id").cumcount())
    url = urls[urls["place"] < LINKS].pivot(index="milestone_id", columns="place", values="url")
    url = url.reindex(index=rows["milestone_id"], columns=range(LINKS))
    first = first_figures(tables).reindex(rows["milestone_id"])
    return rows.assign(
        date=[iso(date, precision) for date, precision in zip(rows["date"], rows["date_precision"], strict=True)],
        company_id=rows["company_id"].map(tables.names),
        with_companies=[", ".join(tables.names.get(name, name) for name in cell.split(";") if name) for cell in rows["with_companies"]],
        checked_on=rows["checked_on"].dt.strftime("%Y-%m-%d"),
        figures=rows["milestone_id"].map(figures(tables)).fillna(""),
        value=first["value"].to_numpy(),
        metric=first["label"].fillna("").to_numpy(),
        sources=rows["milestone_id"].map(tables.sources.groupby("milestone_id").size()),
        **{column: rows[column].map(names) for column, names in labels.items()},
        **{f"source_{place + 1}": url[place].to_numpy() for place in range(LINKS)},
    )


def figures(tables: Tables) -> dict[str, str]:
    """Say all figures of each milestone in one line: 671 bn parameters (Total parameters); 37 bn parameters (Active parameters)."""
    said: dict[str, list[str]] = {}
    for figure in each(tables.figures.merge(tables.metrics, on="metric_id", suffixes=("", "_metric"))):
        said.setdefault(figure.milestone_id, []).append(f"{quantity(figure)} ({figure.label})")
    return {name: "; ".join(parts) for name, parts in said.items()}


def _columns(tables: Tables, narrow: bool) -> dict[str, Any]:
    """Name and explain each column in the codebook's words."""
    text, number, link = st.column_config.TextColumn, st.column_config.NumberColumn, st.column_config.LinkColumn
    fields, widths = tables.book.fields("milestones"), WIDTHS | (NARROW if narrow else {})
    told = {name: text(field["title"], help=field["description"], width=widths.get(name)) for name, field in fields.items()}
    told["company_id"] = text("Company", help=fields["company_id"]["description"], width=widths["company_id"])
    told["importance"] = number(fields["importance"]["title"], help=fields["importance"]["description"], width=widths["importance"])
    told["figures"] = text("Figures", help="Every number of the milestone, with unit and metric; its definition stands on the card.",
                           width=widths["figures"])  # fmt: skip
    told["value"] = number("First figure", help="The number alone, by which the table can be sorted.", format="compact", width=100)
    told["metric"] = text("Its metric", help="What the first figure counts.")
    told["sources"] = number("Sources", help="How many pages the row rests on.", width=75)
    for place in range(1, LINKS + 1):
        told[f"source_{place}"] = link(f"Source {place}", display_text=r"^https?://(?:www\.)?([^/]+)", width=128)
    return told
