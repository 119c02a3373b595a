"""Scripts and styles of the page, small: Plotly's own, and Streamlit's, which it sends uncompressed for a proxy to compress.

Each is compressed once in the life of the server. Their addresses name their versions, so browsers keep them for good.
"""

from __future__ import annotations

import gzip
from functools import cache, partial
from importlib.metadata import distribution
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

PLOTLY = distribution("plotly")
SCRIPT = Path(str(PLOTLY.locate_file("plotly"))) / "package_data" / "plotly.min.js"
ADDRESS = f"assets/plotly-{PLOTLY.version}.min.js"
"""Where Plotly's script is served, relative to the dashboard."""
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


class Compressed:
    """Middleware that answers for the scripts and styles in Streamlit's folder of static files, since it takes no routes there."""

    def __init__(self, app: ASGIApp, static: Path) -> None:
        """Answer for what lies in the folders `js` and `css` of `static`; let `app` answer for all else."""
        self.app = app
        paths = [path for folder in ("js", "css") for path in (static / folder).iterdir() if path.suffix in KINDS]
        self.files = {f"/static/{path.parent.name}/{path.name}": path for path in paths}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = self.files.get(scope["path"]) if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} else None
        answer = await run_in_threadpool(_answer, path, Request(scope)) if path else self.app
        await answer(scope, receive, send)


def every() -> list[Route]:
    """Return the route of Plotly's script."""
    return [Route(f"/{ADDRESS}", partial(_answer, SCRIPT))]


@cache
def compressed(path: Path) -> bytes:
    """Return a file as gzip."""
    return gzip.compress(path.read_bytes(), 9 if path == SCRIPT else 6, mtime=0)


def _answer(path: Path, request: Request) -> Response:
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(compressed(path), media_type=KINDS[path.suffix], headers={**HEADERS, "Content-Encoding": "gzip"})
    return Response(path.read_bytes(), media_type=KINDS[path.suffix], headers=HEADERS)
