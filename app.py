"""The server: the dashboard, warmed at start-up, and the data for machines beside it.

`streamlit run app.py` opens it; any ASGI server can serve `app:app`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from tapeline import milestones
from tapeline.charts import scene, tape, theme
from tapeline.errors import DataError
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tapeline.serve import previews, routes
from tapeline.ui import loaders, reactions


@asynccontextmanager
async def warm(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Pay imports, data, the first figure and the usual study before the first reader comes.

    Streamlit takes a folder named `pages` for pages of its own kind until `st.navigation` has run once, and would open the
    first reader's deep link without the dashboard around it; it is told beforehand that they are not.
    """
    PagesManager.uses_pages_directory = False
    try:
        view, room = loaders.view(), scene.DESKTOP
        rows = milestones.select(view.tables, Selection())
        tickers = milestones.most_related(view.tables, rows, room.lines)
        drawn = tape.arrange(
            view.tables, view.histories, view.moves, rows, selection=Selection(), tickers=tickers, benchmark=None, room=room,
        )  # fmt: skip
        tape.draw(drawn, theme.palette("light"))
        reactions.warm(view, rows)
    except DataError:
        pass  # the page says what is wrong; the server must be up to show it
    yield {}


def tables() -> Tables:
    """Return the tables that the pages show now."""
    return loaders.view().tables


INDEX, PAGES = Path(st.__file__).parent / "static" / "index.html", Path(__file__).parent / "pages"
app = st.App("dashboard.py", lifespan=warm, routes=[*previews.every(tables, INDEX, PAGES, "overview"), *routes.every(tables)])
