"""Room in a lane: where a mark of some size may lie on some day without touching another.

Marks lie on whole days and on a few levels, so what is still free is a table: a day's row, a level's column, for each size. A mark that is
placed strikes out what it would touch, and whether another finds room is one look, however many marks there are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Space:
    """The free places of one lane, for marks on the days 0 to `last`, `scale` pixels apart; `levels` are in order of preference."""

    def __init__(self, last: int, scale: float, levels: Sequence[int], sizes: Sequence[float], gap: float) -> None:
        """Begin with all places free; `sizes` are diameters in pixels, `gap` is what stays between two marks."""
        self.levels, self._sizes, self._gap, self._scale = list(levels), list(sizes), gap, scale
        self._pad = int((max(sizes) + gap) / scale) + 1
        self._free = {size: np.ones((last + 1 + 2 * self._pad, len(levels)), dtype=bool) for size in sizes}
        heights = np.array(levels, dtype=float)
        self._far = np.hypot((np.arange(-self._pad, self._pad + 1) * scale)[:, None, None], heights[:, None] - heights)
        self._stamps: dict[tuple[float, float, int], np.ndarray] = {}

    def place(self, day: int, size: float) -> int | None:
        """Take the first free level on a day for a mark of some size and return it; None where there is none."""
        row = self._free[size][day + self._pad]
        at = int(row.argmax())
        if not row[at]:
            return None
        for other in self._sizes:
            self._free[other][day : day + 2 * self._pad + 1] &= self._stamp(size, other, at)
        return self.levels[at]

    def _stamp(self, size: float, other: float, at: int) -> np.ndarray:
        """Return what marks of the `other` size keep free around one on a level: days before and after, levels."""
        key = (size, other, at)
        if key not in self._stamps:
            self._stamps[key] = self._far[:, at] >= (size + other) / 2 + self._gap
        return self._stamps[key]
