"""Plotly's script, from the installed package: compressed once, kept by browsers for good, since its address names its version."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PLOTLY = distribution("plotly")
SCRIPT = Path(str(PLOTLY.locate_file("plotly"))) / "package_data" / "plotly.min.js"
ADDRESS = f"assets/plotly-{PLOTLY.version}.min.js"
"""Where the script is served, relative to the dashboard."""
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
JAVASCRIPT = "text/javascript; charset=utf-8"


def every() -> list[Route]:
    """Return the route of Plotly's script."""
    return [Route(f"/{ADDRESS}", _answer)]


@cache
def compressed() -> bytes:
    """Return the script as gzip."""
    return gzip.compress(SCRIPT.read_bytes(), 9, mtime=0)


def _answer(request: Request) -> Response:
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(compressed(), media_type=JAVASCRIPT, headers={**HEADERS, "Content-Encoding": "gzip"})
    return Response(SCRIPT.read_bytes(), media_type=JAVASCRIPT, headers=HEADERS)
