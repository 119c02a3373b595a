"""What an interaction costs as the data grow: servers over made-up folders, measured in turns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page

from benchmarks import browser as reader
from benchmarks import crowd, made_up
from benchmarks.quantiles import median
from benchmarks.rounds import going_on
from benchmarks.servers import TAPELINE, Server, running

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
        up: list[tuple[Level, Server, Page, list[float]]] = []
        for level in levels:
            data = made_up.folder(scratch / f"times-{level.times}-tickers-{level.tickers}", level.times, level.tickers)
            with going_on(f"{level}"):
                server = held.enter_context(running(TAPELINE, next(ports), scratch, data))
                up.append((level, server, held.enter_context(reader.opened(chromium)).new_page(), []))
        loads = [_visited(page, server) for _, server, page, _ in up]
        for name in names:
            for level, server, page, times in up:
                with going_on(f"{name} at {level}"):
                    times.append(reader.add_company(page, server, name))
        cpu = [crowd.alone(server, max(len(names), 6)).cpu for _, server, _, _ in up]
        return [
            Grown(level, server.seconds, load, median(times), taken, server.memory())
            for (level, server, _, times), load, taken in zip(up, loads, cpu, strict=True)
        ]


def _visited(page: Page, server: Server) -> float:
    with going_on(f"a load of {server.address}"):
        return reader.visit(page, server, LINK)
    return math.nan
