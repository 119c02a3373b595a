"""A chart on the page: drawn by Plotly.react on a node that stays, so that a change redraws what changed and a zoom survives.

Streamlit's own `plotly_chart` throws a chart away and draws it anew at each change of its data. It is used all the same where nobody
serves Plotly's script: in tests of pages, and under `streamlit run dashboard.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from tapeline import citation, export, titles
from tapeline.charts import wire
from tapeline.ui import embed, links, loaders, screen
from tapeline.ui.text import plain

SERVED = "TAPELINE_PLOTLY"
"""Names, in the environment, the address of Plotly's script while our server serves it; it outlives a reload of this module."""
HERE = Path(__file__).parent
HTML = """<div class="tapeline-plot" data-state="loading">
<div class="paper"></div><div class="ring" hidden></div><p class="said" role="status"></p>
<footer><p class="note"></p><span class="take" role="group" aria-label="Take the chart with you">
<button type="button" data-picture="png" title="This chart as a picture with its title, source and licence">PNG</button>
<button type="button" data-picture="svg" title="The same as a drawing for editing and print">SVG</button>
<button type="button" data-embed title="Copy the code that shows this chart on another page">Embed</button></span></footer></div>"""
HINT = re.compile(r" ?Click a [^.]*\.")
"""What a note says to readers of the page alone."""
PLAIN = {"displayModeBar": False, "doubleClick": False}


Choose = Callable[[list[str]], None]
Span = Callable[[str, str], None]


@contextmanager
def served(script: str) -> Iterator[None]:
    """Say, while the server runs, where it serves Plotly's script."""
    os.environ[SERVED] = script
    try:
        yield
    finally:
        os.environ.pop(SERVED, None)


def is_served() -> bool:
    """Tell whether our own server runs: it serves Plotly's script, and cards."""
    return SERVED in os.environ


def show(
    figure: Any, *, name: str, title: str, alt: str, note: str, on_choose: Choose | None = None, on_range: Span | None = None,
) -> None:  # fmt: skip
    """Draw a figure with its note below, and the ways to take it as a picture; its key and its files are called by its `name`.

    `alt` states its finding for those who cannot see it, `title` stands on the picture. `on_choose` gets the ids that stand in the custom
    data of the marks that were clicked, where no drawer in the browser took them (`tapeline:choose`); `on_range` gets the two ends of a range
    that was dragged across. Both are called before the next run.
    """
    with embed.front(name, title) as wanted:
        if wanted:
            said = {"name": name, "alt": alt, "note": note, "picture": _picture(name, title, note)}
            _drawn(figure, said, *(None, None) if embed.asked() else (on_choose, on_range))


def _drawn(figure: Any, said: dict[str, Any], on_choose: Choose | None, on_range: Span | None) -> None:
    note, script, key = said["note"], os.environ.get(SERVED), f"{said['name']}-chart"
    if not script:
        _plain(figure, key, said["alt"], note, on_choose)
        return
    said |= {"script": script, "note": note if on_choose else HINT.sub("", note), "chooses": on_choose is not None, "ranges": on_range is not None}
    _component()(
        key=key, data=wire.pack(figure, said),
        on_chosen_change=lambda: _told(key, "chosen", lambda ids: on_choose and on_choose([str(name) for name in ids])),
        on_range_change=lambda: _told(key, "range", lambda ends: on_range and on_range(str(ends[0]), str(ends[1]))),
    )  # fmt: skip


def _picture(name: str, title: str, note: str) -> dict[str, str]:
    """Return what a picture says of itself, its muted ink, and the name of its file without the ending."""
    tables, end = loaders.now().tables, loaders.now().market_end
    until = f" Market to {end:%Y-%m-%d}." if end is not None else ""
    credit = f"Source: {titles.NAME} {tables.book.version}, {citation.licence(tables.book)}; each row names its own sources.{until}"
    file = export.file_name(name, tables, links.chosen(), "")[:-1]
    return {"title": title, "note": HINT.sub("", note).strip(), "credit": credit, "muted": screen.colours().muted, "name": file}


@cache
def _component() -> Any:
    return st.components.v2.component(
        "tapeline_plot", html=HTML, css=(HERE / "plot.css").read_text("utf-8"), js=(HERE / "plot.js").read_text("utf-8"), isolate_styles=False
    )


def _told(key: str, event: str, then: Callable[[Any], object]) -> None:
    """Hand on what the browser told, where it told anything."""
    said = st.session_state[key].get(event)
    if said:
        then(said)


def _plain(figure: Any, key: str, alt: str, note: str, on_choose: Choose | None) -> None:
    """Draw with Streamlit's own chart."""

    def chosen() -> None:
        ids = [name for point in st.session_state[key]["selection"]["points"] for name in _ids(point)]
        if on_choose and ids:
            on_choose(list(dict.fromkeys(ids)))

    st.plotly_chart(getattr(figure, "checked", figure), key=key, theme=None, config=PLAIN, on_select=chosen, alt=alt, selection_mode="points")
    st.caption(plain(note))


def _ids(point: dict[str, Any]) -> list[str]:
    data = point.get("customdata")
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return str(data).split() if isinstance(data, str) else []
