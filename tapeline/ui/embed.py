"""One chart for another page: an address with `embed=true` shows it with its finding, its source and a link, and nothing else.

The page runs as always, but behind; the chart that is asked for comes to the front, and the run ends there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from tapeline import citation, titles
from tapeline.ui import links, loaders
from tapeline.ui.text import link, plain
from tapeline.words import listing

PARAMETER = "chart"
FRONT, SEEN = "_embed_front", "_embed_seen"
HIDDEN = "<style>.st-key-embed-behind { display: none }</style>"


def asked() -> bool:
    """Tell whether the address asks for a chart alone."""
    return bool(st.context.is_embedded)


def run(page: Any) -> None:
    """Run a page for the sake of one of its charts: the one that `chart=` names, else its first."""
    st.session_state[FRONT], st.session_state[SEEN] = st.container(), []
    st.html(HIDDEN)
    with st.container(key="embed-behind"):
        page.run()
    with st.session_state[FRONT]:
        names = st.session_state[SEEN]
        offered = f"This page has {listing(names, 12)}." if names else "This page has no chart for what the address chooses."
        st.warning(f"No chart here is called {plain(_wanted())}. {plain(offered)}" if _wanted() else plain(offered))
        _back()


@contextmanager
def front(name: str, title: str) -> Iterator[bool]:
    """Give a chart its place: where charts stand as always, or the front, where the run ends after it. Yields whether to draw it."""
    if not asked():
        yield True
        return
    st.session_state[SEEN].append(name)
    if _wanted() not in ("", name):
        yield False
        return
    with st.session_state[FRONT]:
        st.header(plain(title), anchor=False)
        said = titles.chosen(loaders.now().tables, links.chosen())
        if said:
            st.caption(plain(said[0].upper() + said[1:]))
        yield True
        _back()
    st.stop()


def _wanted() -> str:
    return str(st.query_params.get(PARAMETER) or "")


def _back() -> None:
    """Name the source and lead to the whole page."""
    book = loaders.now().tables.book
    query = {key: values for key, values in st.query_params.to_dict().items() if key != PARAMETER}
    address = (st.context.url or "").split("?")[0] + (f"?{urlencode(query, doseq=True)}" if query else "")
    whole = link("the whole page, with its table, files and sources", address)
    st.caption(f"{titles.NAME} {plain(book.version)}, {plain(citation.licence(book))}: {whole}.")
