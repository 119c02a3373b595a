"""What an interaction costs as the data grow: servers over made-up folders, measured in turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser

from benchmarks import browser as reader
from benchmarks import crowd, made_up
from benchmarks.quantiles import median
from benchmarks.servers import TAPELINE, running

LINK = "company=openai"


class Level(NamedTuple):
    """How much data: times the milestones, and how many tickers (None for those that are shipped)."""

    times: int
    tickers: int | None = None


class Grown(NamedTuple):
    """What one level cost: seconds to healthy, ms of the warm load and of an interaction, CPU seconds, MB."""

    level: Level
    start: float
    load: float
    interaction: float
    cpu: float
    memory: float


def measure(chromium: Browser, ports: Iterator[int], scratch: Path, levels: Sequence[Level], names: Sequence[str]) -> list[Grown]:
    """Start one server a level and add the same companies at each, in turns."""
    with ExitStack() as held:
        servers = []
        for level in levels:
            data = made_up.folder(scratch / f"times-{level.times}-tickers-{level.tickers}", level.times, level.tickers)
            servers.append(held.enter_context(running(TAPELINE, next(ports), scratch, data)))
        contexts = [held.enter_context(reader.opened(chromium)) for _ in servers]
        pages = [context.new_page() for context in contexts]
        spent: list[list[float]] = [[] for _ in servers]
        loads = [reader.visit(page, server, LINK) for page, server in zip(pages, servers, strict=True)]
        for name in names:
            for page, server, times in zip(pages, servers, spent, strict=True):
                times.append(reader.add_company(page, server, name))
        cpu = [crowd.alone(server, max(len(names), 6)).cpu for server in servers]
        return [
            Grown(level, server.seconds, load, median(times), taken, server.memory())
            for level, server, load, times, taken in zip(levels, servers, loads, spent, cpu, strict=True)
        ]
