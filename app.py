"""The server: the dashboard, warmed at start-up, and the data for machines beside it.

`streamlit run app.py` opens it; any ASGI server can serve `app:app`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from tapeline import export, milestones
from tapeline.charts import scene, tape, theme
from tapeline.errors import DataError
from tapeline.selection import PARAMETERS, Selection, from_query
from tapeline.ui import loaders


@asynccontextmanager
async def warm(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Pay imports, data and the first figure before the first reader comes.

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
    except DataError:
        pass  # the page says what is wrong; the server must be up to show it
    yield {}


def milestones_csv(request: Request) -> Response:
    """Answer with the milestones that the same parameters show on the page, byte for byte its download."""
    try:
        tables = loaders.view().tables
    except DataError as error:
        return PlainTextResponse(f"{error}\n", status_code=503)
    query = {key: request.query_params.getlist(key) for key in PARAMETERS}
    selection, ignored = from_query(query, tables.book, list(tables.companies["company_id"]))
    name = export.file_name("milestones", tables, selection)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if ignored:
        headers["X-Tapeline-Ignored"] = ", ".join(ignored).encode("ascii", "replace").decode()[:500].replace("\r", " ").replace("\n", " ")
    return Response(export.csv(export.milestones(tables, milestones.select(tables, selection))), media_type="text/csv", headers=headers)


app = st.App("dashboard.py", lifespan=warm, routes=[Route("/data/milestones.csv", milestones_csv)])
