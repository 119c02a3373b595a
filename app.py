"""The server: the dashboard, warmed at start-up, and the data for machines beside it.

`streamlit run app.py` opens it; any ASGI server can serve `app:app`.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from tapeline.milestones import Tables
from tapeline.serve import card, previews, routes, scripts
from tapeline.ui import loaders, plot, visitor
from tapeline.ui import warm as preparation


@asynccontextmanager
async def warm(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Pay imports, data, the first figure and the usual study before the first reader comes.

    Streamlit takes a folder named `pages` for pages of its own kind until `st.navigation` has run once, and would open the
    first reader's deep link without the dashboard around it; it is told beforehand that they are not.

    After each run Streamlit collects garbage from all that lives; what is loaded here lives for good, and is left out of that.
    """
    PagesManager.uses_pages_directory = False
    preparation.everything()
    scripts.compressed(scripts.SCRIPT)
    with plot.served(scripts.ADDRESS):
        await visitor.come()
        gc.collect()
        gc.freeze()
        yield {}


def tables() -> Tables:
    """Return the tables that the pages show now."""
    return loaders.view().tables


INDEX, PAGES = Path(st.__file__).parent / "static" / "index.html", Path(__file__).parent / "pages"
addresses = [
    *previews.every(tables, INDEX, PAGES, "overview", scripts.ADDRESS),
    *routes.every(tables), *card.every(tables, lambda: loaders.view().moves), *scripts.every(),
]  # fmt: skip
app = st.App("dashboard.py", lifespan=warm, routes=addresses, middleware=[Middleware(scripts.Compressed, static=INDEX.parent / "static")])
