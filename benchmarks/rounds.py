"""Rounds in which all pages take turns: start, load, add companies, move the range, pick milestones."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

from benchmarks import browser as reader
from benchmarks import crowd
from benchmarks.crowd import Crowd, Session
from benchmarks.servers import DASH, ECHO, PLAIN, TAPELINE, NotUp, Server, running
from tapeline import milestones, package

Times = dict[str, dict[str, list[float]]]
PAGES = (TAPELINE, DASH, PLAIN)
LINKS = ("meta", "google", "anthropic", "deepseek", "microsoft")
ADDED = ("OpenAI", "NVIDIA", "xAI", "Alibaba")
RANGES = ("3Y", "1Y", "6M", "Max")
SINGLE = """() => Array.from(new Set(document.querySelector('.js-plotly-plot')._fullData.filter(trace => trace.yaxis === 'y')
    .flatMap(trace => Array.from(trace.customdata || [], String)).filter(name => name && !name.includes(' ')))).sort()"""


class Scale(NamedTuple):
    """How much is measured."""

    starts: int
    loads: int
    rounds: int
    a_round: int
    alone: int
    sessions: int
    crowds: tuple[int, ...]
    turns: int
    limit: float
    grown: int
    tickers: bool


FULL = Scale(starts=3, loads=5, rounds=5, a_round=4, alone=40, sessions=20, crowds=(1, 5, 20, 50), turns=6, limit=60.0, grown=4, tickers=True)
QUICK = Scale(starts=1, loads=1, rounds=1, a_round=3, alone=10, sessions=6, crowds=(1, 50), turns=3, limit=20.0, grown=3, tickers=False)


def say(words: str) -> None:
    """Tell whoever waits what is measured now."""
    print(f"  {time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


@contextmanager
def going_on(what: str) -> Iterator[None]:
    """Say what did not come to rest, and go on: what was not measured is missing from the numbers, and counted as missed."""
    try:
        yield
    except (reader.NotDone, NotUp, BrowserError) as error:
        say(f"not measured: {what}: {error}")


def starts(ports: Iterator[int], scratch: Path, scale: Scale) -> tuple[dict[str, list[float]], list[Session]]:
    """Start every page anew and again, and open the first sessions of the dashboard."""
    seconds: dict[str, list[float]] = defaultdict(list)
    opened = []
    for _ in range(scale.starts):
        for app in PAGES:
            with running(app, next(ports), scratch) as server:
                seconds[app.name].append(server.seconds)
                if app == TAPELINE:
                    opened.append(crowd.sessions(server, scale.sessions))
    return seconds, opened


def loads(chromium: Browser, servers: Mapping[str, Server], scale: Scale) -> Times:
    """Open one link in every page, in turns."""
    found: Times = {app.name: defaultdict(list) for app in PAGES}
    for _ in range(scale.loads):
        for app in PAGES:
            with going_on(f"a load of {app.name}"):
                for kind, spent in reader.load(chromium, servers[app.name], "company=openai")._asdict().items():
                    found[app.name][kind].append(spent)
    return found


def interactions(chromium: Browser, servers: Mapping[str, Server], scale: Scale) -> tuple[Times, dict[str, list[float]]]:
    """Do the same things to every page, in turns; return milliseconds, and processor seconds of each server for each thing done."""
    found: Times = {app.name: defaultdict(list) for app in PAGES}
    cpu: dict[str, list[float]] = defaultdict(list)
    for link in LINKS[: scale.rounds]:
        for app in PAGES:
            server, done = servers[app.name], found[app.name]
            with going_on(f"{link} in {app.name}"), reader.opened(chromium) as context:
                page = context.new_page()
                reader.visit(page, server, f"company={link}")
                spent, before = server.cpu(), sum(map(len, done.values()))
                _round(page, server, scale.a_round, done)
                cpu[app.name].append((server.cpu() - spent) / (sum(map(len, done.values())) - before))
    return found, cpu


def processors(servers: Mapping[str, Server], scale: Scale) -> dict[str, list[float]]:
    """Let one reader without a browser change the companies of the Streamlit pages, in turns; return processor seconds of an interaction."""
    cpu: dict[str, list[float]] = defaultdict(list)
    for seed in range(5):
        for app in (TAPELINE, PLAIN, ECHO):
            cpu[app.name].append(crowd.alone(servers[app.name], max(scale.alone // 5, 2), seed).cpu)
    return cpu


def crowds(server: Server, scale: Scale) -> list[Crowd]:
    """Let more and more readers at once use the dashboard; one alone has as many turns as gives a percentile."""
    return [crowd.together(server, readers, max(scale.turns, 10 if readers == 1 else 0), scale.limit) for readers in scale.crowds]


def _round(page: Page, server: Server, each: int, done: dict[str, list[float]]) -> None:
    """Do every kind of thing a few times in one page, and note the milliseconds of each as they come."""
    titles = milestones.load(package.SHIPPED).milestones.set_index("milestone_id")["title"]
    for name in ADDED[:each]:
        done["add"].append(reader.add_company(page, server, name))
    for name in (*RANGES[: each - 1], RANGES[-1]):
        done["range"].append(reader.move_range(page, server, name))
    marks = page.evaluate(SINGLE)
    for at in range(each):
        mark = marks[(at + 1) * len(marks) // (each + 1)]
        done["pick"].append(reader.pick(page, server, mark, titles[mark]))
