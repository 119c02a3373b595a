"""Axes hold what they must, with numbers as people say them."""

from __future__ import annotations

import math

import pytest

from tapeline.charts import canvas
from tapeline.charts.theme import palette


@pytest.mark.parametrize(("low", "high"), [(5.0, 5.0), (1e6, 2e6), (1e8, 1.2e11), (1.0, 1e12)])
def test_a_logarithmic_axis_holds_its_values_and_writes_some_numbers(low: float, high: float) -> None:
    scale = canvas.logarithmic(low, high, 300)
    assert scale.low < math.log10(low) <= math.log10(high) < scale.high
    assert 1 <= len(scale.values) <= 15
    assert 0 < scale.pixel(low, 300) <= scale.pixel(high, 300) < 300


@pytest.mark.parametrize("high", [0.0, 3.0, 7e8, 1e12])
def test_a_linear_axis_starts_at_zero(high: float) -> None:
    scale = canvas.linear(high, 300)
    assert scale.low == 0 and scale.high > high
    assert 3 <= len(scale.values) <= 8


def test_numbers_on_an_axis_read_as_people_say_them() -> None:
    axis = canvas.value_axis(canvas.linear(1.2e9, 300), palette("light"))
    assert axis["ticktext"][1].replace("\u202f", " ") in ("500 M", "200 M")
    assert axis["fixedrange"]


def test_an_index_and_days_are_counted_with_their_thousands_apart() -> None:
    index = canvas.value_axis(canvas.logarithmic(0.4, 40_000, 300), palette("light"), index=True)
    assert len(set(index["ticktext"])) == len(index["ticktext"])
    assert {"1", "1\u202f000"} <= set(index["ticktext"])
    for end in (1, 3, 30, 4000):
        days = canvas.count_axis(end, 6, palette("light"))["ticktext"]
        assert len(set(days)) == len(days)


def test_ranges_are_drawn_only_where_there_is_one() -> None:
    trace = canvas.ranges([(1, math.nan, math.nan), (2, 3.0, 4.0)], palette("light"))
    assert list(trace.x) == [2, 2, None] and list(trace.y) == [3.0, 4.0, None]
