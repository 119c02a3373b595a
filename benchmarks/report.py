"""The tables of a run, in Markdown, and the place in README.md where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.crowd import Crowd
from benchmarks.growth import Grown
from benchmarks.quantiles import median, percentile, ratio
from benchmarks.targets import DOING
from benchmarks.where import Where

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
OURS = "Tapeline"
KINDS = {"first": "first load", "warm": "warm load", "again": "reload", **DOING}


def written(text: str, table: str) -> str:
    """Return the text with what stands between the markers replaced."""
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{table.strip()}\n\n{END}{after}"


def write(table: str, path: Path = README) -> None:
    """Write the tables into the README."""
    path.write_text(written(path.read_text(encoding="utf-8"), table), encoding="utf-8")


def rows(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Write a table; all but the first column are numbers."""
    ruled = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ruled, *lines))


def starting(seconds: Mapping[str, Sequence[float]]) -> str:
    """Say how long the pages take to be healthy."""
    return rows(["start-up to healthy", "seconds", "starts"], [[name, f"{median(each):.1f}", str(len(each))] for name, each in seconds.items()])


def timing(times: Mapping[str, Mapping[str, Sequence[float]]], apps: Sequence[str]) -> str:
    """Say what loads and interactions take: p50 / p95 in milliseconds of each page, and ours as a multiple of each other's median."""
    others, lines = [name for name in apps if name != OURS], []
    for kind, words in KINDS.items():
        each = {name: times[name].get(kind, []) for name in apps}
        spread = [f"{median(found):,.0f} / {percentile(found, 0.95):,.0f}" for found in each.values()]
        against = [f"{ratio(median(each[OURS]), median(each[name])):.2f}" for name in others]
        lines.append([words, *spread, *against, str(min(map(len, each.values())))])
    return rows(["ms, p50 / p95", *apps, *(f"to {name}" for name in others), "n"], lines)


def processors(cpu: Mapping[str, Sequence[float]], in_browser: Mapping[str, Sequence[float]]) -> str:
    """Say what an interaction costs the server, without a browser (adding companies) and with one (all kinds)."""
    names = list(dict.fromkeys([*cpu, *in_browser]))
    lines = [[name, *(f"{median(each[name]) * 1000:.0f}" if name in each else "–" for each in (cpu, in_browser))] for name in names]
    return rows(["server CPU of an interaction, ms", "without a browser", "with one"], lines)


def crowded(crowds: Sequence[Crowd]) -> str:
    """Say what readers at once meet."""
    lines = [
        [str(one.readers), f"{median(one.seconds) * 1000:,.0f}", f"{percentile(one.seconds, 0.95) * 1000:,.0f}", f"{one.cpu * 1000:.0f}",
         str(len(one.seconds)), str(one.failed)] for one in crowds
    ]  # fmt: skip
    return rows(["sessions thinking 2 s", "p50 ms", "p95 ms", "CPU ms", "interactions", "failed"], lines)


def growing(grown: Sequence[Grown]) -> str:
    """Say what the data's size costs."""
    lines = [
        [f"{one.level.times} ×", str(one.level.tickers or "as shipped"), f"{one.start:.1f}", f"{one.load:,.0f}", f"{one.interaction:,.0f}",
         f"{one.cpu * 1000:.0f}", f"{one.memory:.0f}"] for one in grown
    ]  # fmt: skip
    return rows(["milestones", "tickers", "start-up s", "load ms", "interaction ms", "CPU ms", "memory MB"], lines)


def taken_apart(parts: Mapping[str, Where]) -> str:
    """Say where an interaction's time goes, and how many bytes come."""
    lines = [
        [name, *(f"{value:,.0f}" for value in (
            one.first, one.warm, one.parts.size, one.parts.arrived, one.parts.done - one.parts.arrived, one.parts.done, one.parts.busy,
            one.parts.last_message,
        ))] for name, one in parts.items()
    ]  # fmt: skip
    return rows(["add a company", "first load kB", "warm load kB", "kB", "input to the chart's message ms", "from there to the last change ms",
                 "together", "browser's long tasks ms", "last message ms"], lines)  # fmt: skip
