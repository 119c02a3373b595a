"""Room in a lane is what a test of each mark against each other would leave."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tapeline.charts.spacing import Space

LEVELS, SIZES, GAP = (0, -3, 3, -6, 6, -9, 9), (7, 10, 14), 1.0


def slow(days: list[int], sizes: list[int], scale: float) -> list[int | None]:
    """Place marks by testing each against all others."""
    placed: list[tuple[int, int, int]] = []
    found: list[int | None] = []
    for day, size in zip(days, sizes, strict=True):
        free = [level for level in LEVELS if all(math.hypot((day - at) * scale, level - y) >= (size + other) / 2 + GAP for at, y, other in placed)]
        found.append(free[0] if free else None)
        placed += [(day, free[0], size)] if free else []
    return found


@pytest.mark.parametrize("scale", [0.11, 0.27, 1.0, 57.0])
def test_marks_lie_where_a_test_of_each_against_each_would_put_them(scale: float) -> None:
    draw = np.random.default_rng(1)
    days, sizes = draw.integers(0, 400, 300).tolist(), np.sort(draw.choice(SIZES, 300))[::-1].tolist()
    space = Space(400, scale, LEVELS, SIZES, GAP)
    found = [space.place(day, size) for day, size in zip(days, sizes, strict=True)]
    assert found == slow(days, sizes, scale)
    assert scale > 1 or None in found, "nothing was crowded, so nothing was tried"


def test_the_first_level_is_taken_first() -> None:
    space = Space(0, 1.0, LEVELS, SIZES, GAP)
    assert [space.place(0, 7) for _ in range(4)] == [0, -9, 9, None]
