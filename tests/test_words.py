"""Numbers and dates are said as people read them."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from tapeline import words

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (7.25, "7.25"), (999, "999"), (4000, "4 000"), (128000, "128 k"), (20000000, "20 M"), (1200000000, "1.2 bn"),
     (40000000000, "40 bn"), (671000000000, "671 bn"), (1.25e12, "1.25 tn"), (-589000000000, "−589 bn")],
)  # fmt: skip
def test_short_numbers(value: float, said: str) -> None:
    assert words.short(value).replace("\u202f", " ") == said


@pytest.mark.parametrize(
    ("fraction", "said"),
    [(0.2, "+20.0 %"), (-0.1697, "−17.0 %"), (0.0, "0.0 %"), (-0.0001, "0.0 %"), (NAN, "–"), (None, "–")],
)
def test_plus_twenty_per_cent_reads_plus_twenty(fraction: float | None, said: str) -> None:
    assert words.per_cent(fraction).replace("\u202f", " ") == said


def test_a_figure_says_unit_doubt_and_range() -> None:
    figure = SimpleNamespace(value=4e10, low=NAN, high=NAN, approximate=False, unit="USD")
    assert words.quantity(figure).replace("\u202f", " ") == "40 bn USD"
    figure = SimpleNamespace(value=1.2e9, low=NAN, high=NAN, approximate=True, unit="downloads")
    assert words.quantity(figure).replace("\u202f", " ") == "about 1.2 bn downloads"
    figure = SimpleNamespace(value=-5.89e11, low=-5.93e11, high=-5.89e11, approximate=False, unit="USD")
    assert words.quantity(figure).replace("\u202f", " ") == "−593 bn to −589 bn USD"
    figure = SimpleNamespace(value=-16.97, low=NAN, high=NAN, approximate=False, unit="per cent", behaviour="flow")
    assert words.quantity(figure).replace("\u202f", " ") == "−17.0 %"
    figure = SimpleNamespace(value=27.0, low=NAN, high=NAN, approximate=True, unit="per cent", behaviour="level")
    assert words.quantity(figure).replace("\u202f", " ") == "about 27 %"


def test_a_date_is_said_as_exactly_as_it_is_known() -> None:
    date = pd.Timestamp("2025-01-01")
    assert [words.day(date, precision) for precision in ("day", "month", "quarter")] == [
        "1 January 2025", "January 2025", "first quarter of 2025"]  # fmt: skip
    assert [words.iso(date, precision) for precision in ("day", "month", "quarter")] == ["2025-01-01", "2025-01", "2025-Q1"]


def test_lists_and_counts() -> None:
    assert [words.listing(list(names)) for names in ("", "A", "AB", "ABC", "ABCDE")] == [
        "", "A", "A and B", "A, B and C", "A, B and 3 more"]  # fmt: skip
    assert [words.count(number, "milestone") for number in (0, 1, 2)] == ["0 milestones", "1 milestone", "2 milestones"]


@pytest.mark.parametrize(
    ("days", "said"), [(0, "0 days"), (1, "1 day"), (-22, "22 days"), (76, "76 days"), (251, "8 months"), (703, "23 months"), (731, "2 years"),
                       (978, "2 years 8 months")],
)  # fmt: skip
def test_a_length_of_time(days: float, said: str) -> None:
    assert words.span(days) == said
