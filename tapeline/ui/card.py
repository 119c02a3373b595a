"""The card of a milestone on the page: what is chosen, the drawer that shows it, and its place in the address as `event=`.

The drawer opens, steps and closes in the browser; a fragment of the page follows with address and title. Where our server does not run
(tests of pages, `streamlit run dashboard.py`), the same card stands in Streamlit's own dialog.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from tapeline import cards, titles
from tapeline.selection import Selection
from tapeline.ui import drawer, links, loaders, plot
from tapeline.ui.loaders import View

SEVERAL, TURN, ANEW = "_several", "_drawer_turn", "_drawer_anew"
NOTHING_CHOSEN: dict[str, Any] = {"selection": {"rows": [], "columns": [], "cells": []}}
UNFILTERED = ("story", "method")
"""Pages that show all milestones, whatever the filter; so their cards lead to all."""


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


def chosen() -> list[str]:
    """Return what the drawer shows."""
    event = st.session_state.get("event")
    return st.session_state.get(SEVERAL) or ([event] if event else [])


def show(view: View, selection: Selection, name: str) -> None:
    """Put the drawer on the page, and write what it and the page show into the address and the browser's title; `name` is the page's."""
    (_drawer if plot.is_served() else _dialog)(view, selection, name)


@st.fragment
def _drawer(view: View, selection: Selection, name: str) -> None:
    """Let the browser's drawer show what is chosen; what is done in it runs this alone."""
    if st.session_state.pop(ANEW, False):
        st.rerun()
    _follow(view, selection, name)
    drawer.show(chosen(), turn=st.session_state.get(TURN, 0), selection=_among(selection), version=str(hash(view.key)), on_told=_told)
    _onward()


def _dialog(view: View, selection: Selection, name: str) -> None:
    _follow(view, selection, name)
    ids = chosen()
    if ids:
        st.dialog("Milestone", position="right", width="medium", on_dismiss=close)(_fragment)(view, ids, _among(selection))


def _fragment(view: View, ids: list[str], selection: Selection) -> None:
    st.html(cards.card(view.tables, view.moves, ids[0], selection) if len(ids) == 1 else cards.several(view.tables, ids, selection))


def _among(selection: Selection) -> Selection:
    """Return the filter within which a card leads to its neighbours."""
    return Selection() if st.session_state.get(links.PAGE) in UNFILTERED else selection


def _follow(view: View, selection: Selection, name: str) -> None:
    links.write(selection)
    st.set_page_config(titles.of(view.tables, selection, name, st.session_state.get("event")))


def _told(told: drawer.Told) -> None:
    """Take over what a reader did in the drawer; what nobody knows is left out."""
    known, page = cards.ids(loaders.now().tables), st.session_state.get(links.PAGE)
    open_([name for name in told.ids if name in known])
    st.session_state[TURN] = told.turn
    if told.begin in known and page in cards.ONWARD:
        links.ask(cards.onward(told.begin)[page])
        st.session_state[ANEW] = True


def _onward() -> None:
    """Hold ready, unseen, the links to the pages that begin at what is open: the browser follows them when their twins on the card are clicked."""
    event = st.session_state.get("event")
    with st.container(key="drawer-onward"):
        for page, asked in cards.onward(event).items() if event else ():
            if page != st.session_state.get(links.PAGE):  # a link to the page that is open would leave its address behind
                st.page_link(f"pages/{page}.py", label=cards.ONWARD[page], query_params=asked)
