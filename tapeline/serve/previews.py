"""Pages that say what they show before any script runs: title, description and feed, for link previews and search.

Streamlit sends one page for every address and names it "Streamlit"; the names come later, over its socket, where no
preview looks. So the page is sent from here with its head filled in; everything else in it is Streamlit's.
"""

from __future__ import annotations

from functools import partial
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tapeline import titles
from tapeline.errors import DataError
from tapeline.milestones import Tables
from tapeline.selection import PARAMETERS, from_query
from tapeline.serve.answers import Load

MARK = "<title>Streamlit</title>"
TEXT = 300


def every(load: Load, index: Path, pages: Path, first: str, script: str) -> list[Route]:
    """Return a route for each page in a folder, the `first` at the root; `index` is Streamlit's own page, `script` what charts need.

    The browser fetches the script while Streamlit starts, instead of when the first chart asks for it.
    """
    names = {f"/{path.stem}": path.stem.capitalize() for path in sorted(pages.glob("*.py")) if path.stem != first}
    return [Route(path, partial(_page, load, index, script, name)) for path, name in {"/": "", **names}.items()]


def _page(load: Load, index: Path, script: str, name: str, request: Request) -> Response:
    text = index.read_text(encoding="utf-8")
    try:
        head = _head(load(), name, request)
    except DataError:
        head = f"<title>{escape(titles.FULL)}</title>"
    head += f"""\n    <script async src="./{script}" data-tapeline-plotly onerror="this.dataset.state='failed'"></script>"""
    return HTMLResponse(text.replace(MARK, head, 1), headers={"Cache-Control": "no-cache"})


def _head(tables: Tables, name: str, request: Request) -> str:
    """Write the head's lines for what an address chooses; what nobody knows in it is left out."""
    query = {key: request.query_params.getlist(key) for key in PARAMETERS}
    selection, _ = from_query(query, tables.book, list(tables.companies["company_id"]))
    event = request.query_params.get("event")
    event = event if event in set(tables.milestones["milestone_id"]) else None
    title, words = titles.of(tables, selection, name, event), titles.description(tables, selection, event)[:TEXT]
    said = {"og:type": "article" if event else "website", "og:site_name": titles.NAME, "og:title": title, "og:description": words}
    lines = [
        f"<title>{escape(title)}</title>",
        f'<meta name="description" content="{escape(words)}" />',
        '<meta name="twitter:card" content="summary" />',
    ]
    lines += [f'<meta property="{key}" content="{escape(value)}" />' for key, value in said.items()]
    lines.append(f'<link rel="alternate" type="application/atom+xml" title="{titles.NAME}" href="./feed.atom" />')
    return "\n    ".join(lines)
