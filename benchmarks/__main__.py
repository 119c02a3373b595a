"""Measure everything, print targets and results, write them into README.md; exit 1 where a target is missed.

`python -m benchmarks` measures in full, `--quick` in a few minutes, `--keep` leaves README.md as it is.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import growth, machine, report, rounds, servers, targets, where
from benchmarks.growth import Level
from benchmarks.servers import ECHO, TAPELINE, running
from benchmarks.targets import Measured
from tests.browser.chromium import FLAGS, executable

FIRST_PORT = 8810
BY_MILESTONES = (Level(1), Level(10), Level(100))
BY_TICKERS = (Level(1, 40), Level(1, 200), Level(1, 1000))


def main() -> int:
    """Measure, print, write; return 1 where a target is missed."""
    asked = _parser().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every server is stopped
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        said = machine.describe(chromium.version)
        found, tables = measure(chromium, servers.ports(asked.port), Path(scratch), rounds.QUICK if asked.quick else rounds.FULL)
        chromium.close()
    results = targets.all_of(found)
    minutes = (time.perf_counter() - began) / 60
    table = "\n\n".join([f"{said} {'A quick' if asked.quick else 'A full'} run of {minutes:.0f} minutes.", targets.table(results), *tables])
    print(table)
    if not asked.keep:
        report.write(table)
    missed = [one.what for one in results if not one.met]
    print(f"\n{len(results) - len(missed)} of {len(results)} targets are met" + (f"; missed: {'; '.join(missed)}" if missed else ""))
    return 1 if missed else 0


def measure(chromium: Browser, ports: Iterator[int], scratch: Path, scale: rounds.Scale) -> tuple[Measured, list[str]]:
    """Measure everything in turns; return what the targets need, and the tables."""
    rounds.say("start-up and first sessions")
    seconds, sessions = rounds.starts(ports, scratch, scale)
    apps = [app.name for app in rounds.PAGES]
    with ExitStack() as held:
        up = {app.name: held.enter_context(running(app, next(ports), scratch)) for app in (*rounds.PAGES, ECHO)}
        rounds.say("server CPU of an interaction")
        cpu = rounds.processors(up, scale)
        rounds.say("loads")
        loads = rounds.loads(chromium, up, scale)
        rounds.say("interactions")
        doing, in_browser = rounds.interactions(chromium, up, scale)
        rounds.say("bytes, and where the time goes")
        parts = {name: where.measure(chromium, up[name], "company=openai", ("Google", "Meta", "DeepSeek")[: scale.a_round]) for name in apps}
        rounds.say("many sessions at once")
        crowds = rounds.crowds(up[TAPELINE.name], scale)
    grown = []
    for levels in (BY_MILESTONES, BY_TICKERS)[: 2 if scale.tickers else 1]:
        rounds.say("growth")
        names = ("Google", "Meta", "DeepSeek", "Microsoft", "NVIDIA", "xAI", "Alibaba", "Anthropic")[: scale.grown]
        grown += growth.measure(chromium, ports, scratch, levels, names)
    times = {name: {**loads[name], **doing[name]} for name in apps}
    tables = [
        report.starting(seconds), report.timing(times, apps), report.processors(cpu, in_browser), report.taken_apart(parts),
        report.crowded(crowds), report.growing(grown),
    ]  # fmt: skip
    return Measured(loads, doing, cpu, sessions, crowds, grown), tables


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under five minutes")
    parser.add_argument("--keep", action="store_true", help="print only; leave README.md as it is")
    parser.add_argument("--port", type=int, default=FIRST_PORT, help=f"the first port to serve on (default {FIRST_PORT})")
    return parser


if __name__ == "__main__":
    sys.exit(main())
