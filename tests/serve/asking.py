"""Ask an ASGI application without a server: one request in, one answer out."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp


class Told(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


def ask(app: ASGIApp, address: str, method: str = "GET", **headers: str) -> Told:
    """Send a request; `headers` are written with underscores."""
    parts, sent = urlsplit(address), []
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": unquote(parts.path), "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(), "root_path": "", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"tapeline.test"), *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as apart:  # the browser tests leave a running event loop in this thread
        apart.submit(asyncio.run, app(scope, receive, send)).result()
    told = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Told(sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent[1:]))
