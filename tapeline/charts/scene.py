"""What both halves of the tape share: the milestones, their hover texts, the range of dates, and the room there is."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import pandas as pd

from tapeline.charts.hover import Texts
from tapeline.milestones import Tables


class Room(NamedTuple):
    """How much room the screen gives: the plot's width in pixels, and how many lanes, lines, marks on them and ticks fit."""

    width: float
    lanes: int
    lines: int
    marks: int
    ticks: int
    narrow: bool


DESKTOP = Room(800, 10, 6, 240, 12, False)
LAPTOP = Room(480, 10, 6, 200, 9, False)
TABLET = Room(320, 10, 6, 120, 5, False)
PHONE = Room(200, 0, 5, 40, 4, True)


class Scene(NamedTuple):
    """Milestones `rows` with their hover texts by id, from `start` to `end`, in some room; `stale` tickers lack recent sessions."""

    tables: Tables
    rows: pd.DataFrame
    words: Texts
    start: pd.Timestamp
    end: pd.Timestamp
    room: Room
    stale: Collection[str] = ()
