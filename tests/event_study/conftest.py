"""Made-up returns that every test of the engine can start from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tapeline.event_study import panel
from tapeline.event_study.panel import Panel
from tapeline.event_study.parameters import Parameters
from tapeline.event_study.study import Events, Study, run

DAYS = np.arange("2020-01-01", "2024-01-01", dtype="datetime64[D]")


def made_up(shares: int = 6, length: int = 700, seed: int = 0, common: float = 0.0) -> Panel:
    """Shares with one market; `common` is the standard deviation of what they share beyond it."""
    draw = np.random.default_rng(seed)
    market = draw.normal(0, 0.01, length)
    together = draw.normal(0, 1, length) * common
    returns = [0.001 * k + (0.5 + 0.2 * k) * market + together + draw.normal(0, 0.02, length) for k in range(shares)]
    return panel.of([f"S{k}" for k in range(shares)], [DAYS[:length]] * shares, returns, [market] * shares)


def study(given: Panel, columns: Sequence[int], rows: Sequence[int], **choices: object) -> Study:
    events = Events(tuple(f"e{n}" for n in range(len(rows))), np.array(columns, dtype=np.int64), np.array(rows, dtype=np.int64))
    return run(given, events, Parameters(**choices))  # type: ignore[arg-type]


def changed(given: Panel, **parts: np.ndarray) -> Panel:
    """The same panel with other returns or another market."""
    return Panel(given.tickers, parts.get("returns", given.returns), parts.get("market", given.market), given.calendars, given.calendar_of)
