"""Medians, percentiles and ratios."""

from __future__ import annotations

import math

import pytest

from benchmarks.quantiles import median, percentile, ratio


def test_nothing_measured_is_no_number() -> None:
    assert math.isnan(median([]))
    assert math.isnan(percentile([], 0.95))
    assert math.isnan(ratio(1.0, 0.0))


@pytest.mark.parametrize(("share", "expected"), [(0.0, 10.0), (0.5, 30.0), (0.95, 48.0), (1.0, 50.0)])
def test_a_percentile_lies_on_the_line_between_two_values(share: float, expected: float) -> None:
    assert percentile([50.0, 10.0, 30.0, 20.0, 40.0], share) == pytest.approx(expected)


def test_one_value_is_every_percentile() -> None:
    assert [percentile([7.0], share) for share in (0.0, 0.5, 0.95, 1.0)] == [7.0] * 4
