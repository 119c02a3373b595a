"""Where the time of an interaction goes: until the chart's message is here (server and wire), and from there (browser); and bytes.

These passes carry more watching than the timed ones, so their times stand beside those, not in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page

from benchmarks import browser as reader
from benchmarks.quantiles import median
from benchmarks.servers import Server

WIRE = Path(__file__).with_name("wire.js")
Event = tuple[float, float]


class Parts(NamedTuple):
    """One interaction taken apart, in milliseconds from the input; `busy` is the sum of long tasks, `size` in kB."""

    arrived: float
    last_message: float
    done: float
    busy: float
    size: float


class Where(NamedTuple):
    """kB of a first and a warm load, and the median parts of an interaction."""

    first: float
    warm: float
    parts: Parts


def measure(chromium: Browser, server: Server, query: str, names: Sequence[str]) -> Where:
    """Open a link twice and add companies, taking both apart."""
    context = reader.opened(chromium, WIRE)
    try:
        page = context.new_page()
        reader.visit(page, server, query)
        first = _size(page)
        page.close()
        page = context.new_page()
        reader.visit(page, server, query)
        warm, found = _size(page), []
        for name in names:
            spent = reader.add_company(page, server, name)
            start = float(page.evaluate("tapelineWatch.began"))
            found.append(apart(page.evaluate("tapelineWire.all()"), page.evaluate("tapelineWire.busy"), start, start + spent))
        return Where(first, warm, Parts(*(median(values) for values in zip(*found, strict=True))))
    finally:
        context.close()


def apart(messages: Sequence[Event], busy: Sequence[Event], start: float, end: float) -> Parts:
    """Take one interaction apart: `messages` are (when, bytes), `busy` are (when, milliseconds)."""
    came = [(when, size) for when, size in messages if start < when <= end + 500]
    before = [event for event in came if event[0] <= end]
    largest = max(before, key=lambda event: event[1], default=(start, 0.0))[0]
    tasks = sum(duration for when, duration in busy if start <= when + duration and when <= end)
    return Parts(largest - start, max((when for when, _ in came), default=start) - start, end - start, tasks, sum(size for _, size in came) / 1000)


def _size(page: Page) -> float:
    return float(sum(size for _, size in page.evaluate("tapelineWire.all()"))) / 1000
