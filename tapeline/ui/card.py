"""The card of a milestone: what happened, figures, sources, and what related shares did around it.

It opens as a drawer at the right, from any chart, list or table, and stands in the address as `event=`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from tapeline import funding
from tapeline.milestones import figures_of, related
from tapeline.rows import each
from tapeline.ui import links, reuse
from tapeline.ui.loaders import View
from tapeline.ui.text import link, plain
from tapeline.words import count, day, listing, per_cent, quantity

SEVERAL = "_several"
NOTHING_CHOSEN: dict[str, Any] = {"selection": {"rows": [], "columns": [], "cells": []}}
WINDOW = "[−1, +1]"


def open_(ids: list[str]) -> None:
    """Choose what the drawer shows: one milestone, or several to choose from. Call it from a callback."""
    state = st.session_state
    state["event"] = ids[0] if len(ids) == 1 else None
    state[SEVERAL] = ids if len(ids) > 1 else []


def open_row(table: str, ids: Sequence[str]) -> None:
    """Open the card of the row that was chosen in a table, and take the mark off the row, so that it can be chosen again."""
    rows = st.session_state[table]["selection"]["rows"]
    if rows:
        open_([ids[rows[0]]])
        st.session_state[table] = NOTHING_CHOSEN


def close() -> None:
    """Close the drawer."""
    open_([])


def show(view: View, rows: pd.DataFrame) -> None:
    """Open the drawer where something is chosen."""
    event, several = st.session_state.get("event"), st.session_state.get(SEVERAL)
    if several:
        st.dialog(count(len(several), "milestone"), position="right", width="medium", on_dismiss=close)(_choose)(view, several)
    elif event:
        milestone = view.tables.milestones.set_index("milestone_id", drop=False).loc[event]
        st.dialog(plain(milestone["title"]), position="right", width="medium", on_dismiss=close)(_card)(view, milestone, rows)


def _choose(view: View, several: list[str]) -> None:
    titles = view.tables.milestones.set_index("milestone_id")
    for name in several:
        label = f"{titles.loc[name]['date']:%Y-%m-%d} · {titles.loc[name]['title']}"
        if st.button(plain(label), key=f"several-{name}", type="tertiary"):
            open_([name])
            st.rerun()


def _card(view: View, milestone: pd.Series, rows: pd.DataFrame) -> None:
    tables = view.tables
    words = [day(milestone["date"], milestone["date_precision"]), tables.book.labels("milestones", "session")[milestone["session"]]]
    words += [f"with {', '.join(tables.names[name] for name in milestone['with_companies'].split(';'))}"] if milestone["with_companies"] else []
    led = funding.led(tables).get(milestone["milestone_id"])
    words += [f"led by {listing(led.split('; '), 4)}"] if led else []
    st.caption(plain(" · ".join(words)))
    with st.container(horizontal=True, gap="xsmall"):
        for badge in _badges(view, milestone):
            st.badge(plain(badge), color="gray")
    st.markdown(plain(milestone["summary"]))
    if milestone["note"]:
        st.caption(plain(milestone["note"]))
    _figures(view, milestone["milestone_id"])
    _sources(view, milestone)
    _shares(view, milestone)
    with st.expander("Cite or correct this row", icon=":material/format_quote:"):
        reuse.row(view, milestone["milestone_id"])
    _neighbours(rows, milestone["milestone_id"])


def _badges(view: View, milestone: pd.Series) -> list[str]:
    labels = view.tables.book.labels
    badges = [view.tables.names[milestone["company_id"]], labels("milestones", "kind")[milestone["kind"]]]
    if milestone["openness"] != "not_applicable":
        badges.append(labels("milestones", "openness")[milestone["openness"]])
    return badges + ([milestone["licence"]] if milestone["licence"] else [])


def _figures(view: View, milestone_id: str) -> None:
    figures = figures_of(view.tables, milestone_id)
    if figures.empty:
        return
    st.subheader("Figures", anchor=False)
    for figure in each(figures):
        meaning = f"{figure.definition} {figure.note}".strip()
        st.markdown(f"**{plain(quantity(figure))}** {plain(figure.label)}  \n:small[:gray[{plain(meaning)}]]")


def _sources(view: View, milestone: pd.Series) -> None:
    sources = view.tables.sources[view.tables.sources["milestone_id"] == milestone["milestone_id"]]
    st.subheader("Sources", anchor=False)
    lines = []
    for source in each(sources):
        dated = f", {source.published_on:%Y-%m-%d}" if pd.notna(source.published_on) else ""
        lines.append(f"- {link(source.publisher, source.url)} :small[:gray[{source.tier}{plain(dated)}]]")
    st.markdown("\n".join(lines))
    single = "One source: not confirmed by a second one. " if sources["publisher"].nunique() == 1 else ""
    st.caption(f"{single}Checked {milestone['checked_on']:%Y-%m-%d}. Id: {plain(milestone['milestone_id'])}")


def _shares(view: View, milestone: pd.Series) -> None:
    moves = view.moves[view.moves["milestone_id"] == milestone["milestone_id"]]
    st.subheader("Related shares", anchor=False)
    if moves.empty:
        st.caption("No share in the table is related to this organisation.")
        return
    if milestone["date_precision"] != "day":
        st.caption("The day is not known, so no move can be given.")
        return
    why = related(view.tables, milestone["company_id"], milestone["date"]).set_index("ticker")
    notes = why["relation"].map(view.tables.book.labels("exposures", "relation")) + (": " + why["note"]).where(why["note"] != "", "")
    table = pd.DataFrame([_move(row, notes) for row in each(moves)])
    st.dataframe(table, hide_index=True, height="content", alt="Related shares and their returns around the milestone",
                 column_config={"Why": st.column_config.TextColumn(width="medium")})  # fmt: skip
    _onward(milestone["milestone_id"])
    st.caption(f"Plain returns, with the share's own market behind the slash. Day 0 is the first session that closed after the news; {WINDOW} "
               "runs from the session before to the session after. A description, not a test: other news came on these days too.")  # fmt: skip


def _onward(milestone_id: str) -> None:
    """Lead to the pages that begin at a milestone: its reactions measured, its related shares rebased."""
    with st.container(horizontal=True, key="onward"):
        for page, label, icon, asked in (
            ("reactions", "Was it more than chance? Measure the reaction", ":material/query_stats:", {"milestone": milestone_id}),
            ("markets", "Rebase its shares here", ":material/show_chart:", {"mode": "milestone", "base": milestone_id}),
        ):
            if page != st.session_state.get(links.PAGE):
                st.page_link(f"pages/{page}.py", label=label, icon=icon, query_params=asked)
            elif st.button(label, icon=icon, type="tertiary", key=f"onward-{page}", on_click=_here, args=(asked,)):
                st.rerun()


def _here(asked: dict[str, str]) -> None:
    """Show on this page what a link to it asks for: a link to the page that is open would leave its address behind."""
    links.ask(asked)
    close()


def _move(row: Any, notes: pd.Series) -> dict[str, str]:
    known = pd.notna(row.day)
    beside = f" / {per_cent(row.market_day)}" if pd.notna(row.market_day) else ""
    around = f" / {per_cent(row.market_window)}" if pd.notna(row.market_window) else ""
    return {
        "Share": row.ticker,
        "Day 0": f"{row.day_zero:%Y-%m-%d}" if pd.notna(row.day_zero) else "no data",
        "On day 0": f"{per_cent(row.day)}{beside}" if known else "–",
        WINDOW: f"{per_cent(row.window)}{around}" if pd.notna(row.window) else "–",
        "Why": notes.get(row.ticker, ""),
    }


def _neighbours(rows: pd.DataFrame, milestone_id: str) -> None:
    ids = list(rows["milestone_id"])
    if milestone_id not in ids:
        return
    at = ids.index(milestone_id)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        for label, to in (("← Earlier", at - 1), ("Later →", at + 1)):
            if st.button(label, disabled=not 0 <= to < len(ids), key=f"neighbour-{label}"):
                open_([ids[to]])
                st.rerun()
