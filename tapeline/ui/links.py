"""The view and its address: what is chosen stands in the URL by id, so that a copied link opens the same view.

Streamlit can bind a widget to the URL by itself, but then writes labels. We need ids, and Back to undo one step, so this
file does both: a new address is read into the session's state, a new state is written into the address. Each change is a
step of the browser's history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from tapeline import columns
from tapeline.milestones import Tables
from tapeline.package import EVERYTHING
from tapeline.selection import PARAMETERS, Selection, from_query

OPTIONS = {
    "by": ("year", "quarter"), "counted": ("count", "share"), "mode": ("start", "milestone", "relative", "drawdown", "price"),
    "scale": ("linear", "log"), "table": EVERYTHING, "part": ("codebook", "cite", "scripts", "changed", "licence", "meaning", "rules"),
}  # fmt: skip
"""Options of single pages, by their parameter; what they mean is said where they are drawn, and they stay with their page."""
OF_A_PAGE = (*OPTIONS, "base", "against", "basket", "milestone", "row")
EXTRA = ("share", "event", "metric", *OF_A_PAGE)
KEYS = (*PARAMETERS, *EXTRA)
SEEN, SAYS, PAGE = "_address", "_address_says", "_page"


def read(tables: Tables, page: str) -> list[str]:
    """Take over what the address says where it is news, and return in words what nobody knows.

    An address that we wrote ourselves is no news. An empty one after a change of page is a plain link to that page: the
    filter stays, but the metric of the page that was left does not.
    """
    address = {key: st.query_params.get_all(key) for key in KEYS if key in st.query_params}
    state = st.session_state
    moved, state[PAGE] = page != state.get(PAGE), page
    chosen, ignored = from_query(address, tables.book, list(tables.names))
    extra, unknown = _extra(tables, address)
    if SEEN not in state or (address != state[SEEN] and not (moved and not address)):
        _take(chosen)
        state.update(extra)
    elif moved and "metric" not in address:
        state["metric"] = []
    if moved and not address:
        state.update(dict.fromkeys(OF_A_PAGE))
    state[SEEN], state[SAYS] = address, _said(chosen, extra)
    return ignored + unknown


def write(selection: Selection) -> None:
    """Write what is chosen into the address, where it does not say so already."""
    state = st.session_state
    wanted = _said(selection, {key: state.get(key) for key in EXTRA})
    if wanted != state[SAYS]:
        st.query_params.from_dict(wanted)
        state[SEEN] = state[SAYS] = wanted


def chosen() -> Selection:
    """Return the filter as the widgets have it; dates given the wrong way round are swapped."""
    state = st.session_state
    start, end = state.get("from"), state.get("to")
    if start and end and start > end:
        start, end = end, start
    companies, kinds, openness = (tuple(state.get(key) or ()) for key in ("company", "kind", "openness"))
    return Selection(companies, kinds, openness, start, end, " ".join((state.get("q") or "").split()))


def choose(selection: Selection) -> None:
    """Set the filter; call it from a callback, before the widgets are drawn."""
    _take(selection)


def ask(asked: Mapping[str, str]) -> None:
    """Show what a link with these parameters alone would show; call it from a callback, before the widgets are drawn."""
    _take(Selection())
    st.session_state.update({"share": [], "metric": [], **dict.fromkeys(OF_A_PAGE), **asked})


def _said(selection: Selection, extra: Mapping[str, Any]) -> dict[str, list[str]]:
    said = {key: [values] if isinstance(values, str) else list(values or []) for key, values in extra.items()}
    return selection.to_query() | {key: values for key, values in said.items() if values}


def _take(selection: Selection) -> None:
    st.session_state.update({
        "company": list(selection.companies), "kind": list(selection.kinds), "openness": list(selection.openness),
        "from": selection.start, "to": selection.end, "q": selection.text,
    })  # fmt: skip


def _extra(tables: Tables, address: Mapping[str, list[str]]) -> tuple[dict[str, Any], list[str]]:
    shares, events = tables.shares, columns.of(tables.milestones).place
    known: dict[str, Collection[str]] = {"share": shares, "metric": set(tables.metrics["metric_id"])}
    single: dict[str, Collection[str]] = {
        "event": events,
        **OPTIONS,
        "base": events,
        "milestone": events,
        "row": events,
        "against": shares,
        "basket": tables.names,
    }
    first = {key: (address.get(key) or [""])[0] for key in single}
    unknown = [f"{key}={name}" for key, names in known.items() for name in address.get(key, []) if name not in names]
    unknown += [f"{key}={name}" for key, name in first.items() if name and name not in single[key]]
    lists = {key: [name for name in dict.fromkeys(address.get(key, [])) if name in names] for key, names in known.items()}
    return lists | {key: name if name in single[key] else None for key, name in first.items()}, unknown
