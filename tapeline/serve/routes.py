"""The addresses for machines, each with its answer."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tapeline.serve import feed, tables
from tapeline.serve.answers import METHODS, Load, respond

ADDRESSES = {
    "/data/datapackage.json": tables.codebook,
    "/data/tapeline.zip": tables.archive,
    "/data/package/{name:path}": tables.file,
    "/data/{table}.{ending}": tables.table,
    "/data/{rest:path}": tables.nowhere,
    "/feed.atom": feed.atom,
}
"""The first that fits answers."""


def every(load: Load) -> list[Route]:
    """Return the routes over tables that `load` returns; it may raise DataError, which is said."""
    answers = [Route(path, partial(respond, load, make), methods=METHODS) for path, make in ADDRESSES.items()]
    return [Route("/data/", _page), *answers]


def _page(request: Request) -> Response:
    """Lead to the page of the data, which has no slash at its end."""
    return RedirectResponse(str(request.url.replace(path="/data")), status_code=301)
