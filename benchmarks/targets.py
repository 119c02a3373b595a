"""The targets: ratios of medians from one run, each with its limit and whether it is met."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from benchmarks.crowd import Crowd, Session
from benchmarks.growth import Grown
from benchmarks.quantiles import median, percentile, ratio

DOING = {"add": "add a company", "range": "move the range", "pick": "pick a milestone"}
CPU_MS, CPU_TIMES = 60.0, 2.0


class Target(NamedTuple):
    """One target: what is compared, the limit, the result, in words what it is made of, and whether it is met."""

    what: str
    limit: str
    result: str
    of: str
    met: bool


class Measured(NamedTuple):
    """Everything of one run, by the page's name: ms of loads (first, warm, again) and interactions (add, range, pick), CPU seconds."""

    loads: Mapping[str, Mapping[str, Sequence[float]]]
    interactions: Mapping[str, Mapping[str, Sequence[float]]]
    cpu: Mapping[str, Sequence[float]]
    sessions: Sequence[Session]
    crowds: Sequence[Crowd]
    grown: Sequence[Grown]


def all_of(run: Measured, ours: str = "Tapeline", dash: str = "Dash", plain: str = "plain Streamlit", echo: str = "echo") -> list[Target]:
    """Work out all targets of a run."""
    doing, loads = run.interactions, run.loads
    found = [
        times(f"Interaction, {words}, to {name}", median(doing[ours].get(kind, [])), median(doing[name].get(kind, [])), limit)
        for name, limit in ((dash, 1.1), (plain, 0.6)) for kind, words in DOING.items()
    ]  # fmt: skip
    found += [
        times(f"{words}, to {dash}", median(loads[ours].get(kind, [])), median(loads[dash].get(kind, [])), limit)
        for kind, words, limit in (("warm", "Warm load", 1.2), ("again", "Reload", 1.3))
    ]
    found.append(processor(median(run.cpu[ours]) * 1000, median(run.cpu[echo]) * 1000))
    found.append(times("First session to the second", median([one.first for one in run.sessions]) * 1000,
                       median([one.second for one in run.sessions]) * 1000, 1.2))  # fmt: skip
    megabytes = median([one.megabytes for one in run.sessions])
    found.append(Target("Memory of a session beyond the first", "< 2 MB", f"{megabytes:.2f} MB", "", megabytes < 2))
    return [*found, *crowded(run.crowds), *growing(run.grown)]


def times(what: str, ours: float, theirs: float, limit: float) -> Target:
    """Hold a ratio of two medians in milliseconds against its limit; what could not be measured is missed."""
    found = ratio(ours, theirs)
    return Target(what, f"≤ {limit:.1f} ×", f"{found:.2f} ×", f"{ours:,.0f} / {theirs:,.0f} ms", found <= limit)


def processor(ours: float, echo: float) -> Target:
    """Hold the processor time of an interaction against its two limits, of which one is enough."""
    found = ratio(ours, echo)
    met = ours < CPU_MS or found < CPU_TIMES
    return Target("Server CPU of an interaction", f"< {CPU_MS:.0f} ms or < {CPU_TIMES:.0f} × echo", f"{ours:.0f} ms, {found:.1f} ×",
                  f"{ours:.0f} / {echo:.0f} ms", met)  # fmt: skip


def crowded(crowds: Sequence[Crowd]) -> list[Target]:
    """Hold the 95th percentile of the largest crowd against that of one reader; an interaction that failed is a miss."""
    one, many = min(crowds, key=lambda crowd: crowd.readers), max(crowds, key=lambda crowd: crowd.readers)
    ours, theirs = (percentile(crowd.seconds, 0.95) * 1000 for crowd in (many, one))
    target = times(f"p95 of {many.readers} sessions to that of one", ours, theirs, 4.0)
    return [target._replace(met=target.met and not many.failed)]


def growing(grown: Sequence[Grown]) -> list[Target]:
    """Hold the interactions at 10 and 100 times the milestones against those at one time."""
    by = {level.level.times: level.interaction for level in grown if level.level.tickers is None}
    return [
        times(f"Interaction at {many} times the milestones", by.get(many, math.nan), by.get(1, math.nan), limit)
        for many, limit in ((10, 1.5), (100, 4.0))
    ]


def table(targets: Sequence[Target]) -> str:
    """Write the targets as a table."""
    lines = ["| target | wanted | result | medians | |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {one.what} | {one.limit} | {one.result} | {one.of} | {'met' if one.met else '**missed**'} |" for one in targets]
    return "\n".join(lines)
