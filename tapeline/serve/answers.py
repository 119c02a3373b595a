"""What an answer carries besides its bytes: ETag, Last-Modified, leave for other sites to read it, and 304 where nothing is new.

The server compresses by itself, so a tag is a weak one: it names the content, whatever its encoding.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tapeline.errors import DataError
from tapeline.milestones import Tables

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Content-Disposition, X-Tapeline-Ignored, X-Tapeline-Left-Out",
}
PREFLIGHT = {"Access-Control-Allow-Methods": "GET, HEAD, OPTIONS", "Access-Control-Allow-Headers": "*", "Access-Control-Max-Age": "86400"}
METHODS = ["GET", "HEAD", "OPTIONS"]


@dataclass(frozen=True)
class Answer:
    """Some bytes, what they are, what to call the file ('' for none), and since when they are so."""

    data: bytes
    media: str
    changed: dt.datetime
    name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """A request that cannot be answered, and why, in words that name what would be valid."""

    def __init__(self, status: int, words: str):
        self.status, self.words = status, words
        super().__init__(words)


Load = Callable[[], Tables]
Make = Callable[[Tables, Request], Answer]


def respond(load: Load, make: Make, request: Request) -> Response:
    """Answer a request with what `make` makes of the tables, or say in words why not."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=OPEN | PREFLIGHT)
    try:
        tables = load()
        answer = make(tables, request)
    except DataError as error:
        return PlainTextResponse(f"{error}\n", status_code=503, headers=OPEN)
    except Refusal as refusal:
        return PlainTextResponse(f"{refusal.status}: {refusal.words}\n", status_code=refusal.status, headers=OPEN)
    left_out = {"X-Tapeline-Left-Out": str(len(tables.faults))} if tables.faults else {}
    return _fresh(request, answer, {**OPEN, **answer.headers, **left_out})


def _fresh(request: Request, answer: Answer, headers: Mapping[str, str]) -> Response:
    """Send an answer, or 304 to who has it already."""
    tag = f'W/"{hashlib.sha256(answer.data).hexdigest()[:32]}"'
    changed = answer.changed.astimezone(dt.UTC).replace(microsecond=0)
    fresh = {"ETag": tag, "Last-Modified": format_datetime(changed, usegmt=True), "Cache-Control": "no-cache", **headers}
    if _has(request, tag, changed):
        return Response(status_code=304, headers={**fresh, "Vary": "Accept-Encoding"})
    if answer.name:
        fresh["Content-Disposition"] = f'attachment; filename="{answer.name}"'
    return Response(answer.data, media_type=answer.media, headers=fresh)


def _has(request: Request, tag: str, changed: dt.datetime) -> bool:
    """Tell whether who asks says that he has this content: by tag, or, without one, by date."""
    if tags := request.headers.get("If-None-Match"):
        known = {name.strip().removeprefix("W/") for name in tags.split(",")}
        return "*" in known or tag.removeprefix("W/") in known
    try:
        since = parsedate_to_datetime(request.headers.get("If-Modified-Since", ""))
        return changed <= since
    except (ValueError, TypeError):
        return False
