"""The milestones' columns as plain arrays, made once for all that counts, sums or draws them: a filter is then a choice of places in them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tapeline.once import once

Numbers = np.ndarray[Any, np.dtype[Any]]


class Coded(NamedTuple):
    """A column of few different values: the values, and of each row the place of its own among them."""

    values: list[str]
    codes: Numbers

    def where(self, values: Collection[str]) -> Numbers:
        """Tell of each row whether it has one of some values."""
        wanted = np.array([value in values for value in self.values], dtype=bool)
        return wanted[self.codes] if len(self.codes) else np.zeros(0, dtype=bool)


class Columns(NamedTuple):
    """Some columns of the milestones, row by row; `quarter` and `day` count from 1970, `place` finds a row by its id."""

    ids: list[str]
    titles: list[str]
    place: dict[str, int]
    date: Numbers
    day: Numbers
    quarter: Numbers
    importance: Numbers
    company: Coded
    kind: Coded
    openness: Coded


@once(2)
def of(milestones: pd.DataFrame) -> Columns:
    """Return the columns of the table of milestones."""
    ids, date = milestones["milestone_id"].tolist(), milestones["date"].to_numpy()
    return Columns(
        ids, milestones["title"].tolist(), {name: at for at, name in enumerate(ids)}, date, date.astype("datetime64[D]").astype(np.int64),
        date.astype("datetime64[M]").astype(np.int64) // 3, milestones["importance"].to_numpy(),
        *(_coded(milestones[name]) for name in ("company_id", "kind", "openness")),
    )  # fmt: skip


@once()
def places(milestones: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """Return where some milestones stand in the table of all."""
    return np.fromiter(map(of(milestones).place.__getitem__, rows["milestone_id"].tolist()), np.intp, len(rows))


def _coded(column: pd.Series) -> Coded:
    codes, values = pd.factorize(column)
    return Coded([str(value) for value in values], codes)
