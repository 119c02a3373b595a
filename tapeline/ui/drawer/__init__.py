"""The drawer at the right in which cards open: a dialog of the browser's own, which fetches a card as HTML and opens it at once.

It says what it shows, and obeys what it is told to show; neither needs a run of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from tapeline.selection import Selection

HERE = Path(__file__).parent
KEY = "drawer"
HTML = """<dialog class="tapeline-card" aria-labelledby="card-title" aria-label="Milestone">
<button type="button" class="close" aria-label="Close">✕</button><div class="body"></div><p class="said" role="status"></p></dialog>"""


class Told(NamedTuple):
    """What a reader did in the drawer: what it shows now, the number of the deed, and the milestone at which the page is to begin, '' for none."""

    ids: list[str]
    turn: int
    begin: str


def show(ids: Sequence[str], *, turn: int, selection: Selection, version: str, on_told: Callable[[Told], None]) -> None:
    """Put the drawer on the page, open with the card of one milestone or a list of several, closed without `ids`.

    `turn` is that of what was last told: the browser leaves alone what was said before it was heard. Cards are fetched anew for each `version`.
    """

    def told() -> None:
        said = st.session_state[KEY].get("told")
        if said:
            on_told(Told([str(name) for name in said["ids"]], int(said["turn"]), str(said.get("begin", ""))))

    data = {"ids": list(ids), "turn": turn, "query": urlencode(selection.to_query(), doseq=True), "version": version}
    _component()(key=KEY, data=data, on_told_change=told)


@cache
def _component() -> Any:
    return st.components.v2.component(
        "tapeline_drawer", html=HTML, css=(HERE / "drawer.css").read_text("utf-8"), js=(HERE / "drawer.js").read_text("utf-8"), isolate_styles=False
    )
