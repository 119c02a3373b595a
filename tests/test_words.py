"""Numbers and dates are said as people read them."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from tapeline import words
from tapeline.milestones import Tables
from tapeline.rows import each

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (7.25, "7.25"), (999, "999"), (4000, "4 000"), (128000, "128 k"), (20000000, "20 M"), (1200000000, "1.2 bn"),
     (40000000000, "40 bn"), (671000000000, "671 bn"), (1.25e12, "1.25 tn"), (-589000000000, "−589 bn"),
     (3.2e15, "3.2 quadrillion"), (1.3e15, "1.3 quadrillion"), (3.14e25, "3.14 × 10²⁵"), (1e18, "1 × 10¹⁸"),
     (999.4, "999"), (999.6, "1 000"), (99_999, "99 999"), (99_999.6, "100 k"), (999_499, "999 k"), (999_500, "1 M"), (999_999_999, "1 bn"),
     (999.6e9, "1 tn"), (999.6e12, "1 quadrillion"), (999.6e15, "1 × 10¹⁸"), (-999_600, "−1 M"),
     (0.00012345, "0.000123"), (1e-7, "0.0000001"), (-0.5, "−0.5"), (NAN, "–"), (math.inf, "–"), (-math.inf, "–")],
)  # fmt: skip
def test_short_numbers(value: float, said: str) -> None:
    assert words.short(value).replace("\u202f", " ") == said


@pytest.mark.parametrize(
    ("fraction", "said"),
    [(0.2, "+20.0 %"), (-0.1697, "−17.0 %"), (0.0, "0.0 %"), (-0.0001, "0.0 %"), (1234.5, "+123 450.0 %"), (NAN, "–"), (None, "–"), (math.inf, "–")],
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


def test_a_range_of_per_cents_and_one_of_a_thing_read_well() -> None:
    figure = SimpleNamespace(value=27.25, low=25, high=1e7, approximate=True, unit="per cent", behaviour="level")
    assert words.quantity(figure).replace("\u202f", " ") == "about 25 % to 10 000 000 %"
    figure = SimpleNamespace(value=5, low=4, high=6, approximate=False, unit="per cent", behaviour="flow")
    assert words.quantity(figure).replace("\u202f", " ") == "+4.0 % to +6.0 %"
    figure = SimpleNamespace(value=1.0, low=NAN, high=NAN, approximate=False, unit="gigawatts", behaviour="level")
    assert words.quantity(figure) == "1 gigawatt"
    assert words.quantity(SimpleNamespace(**{**vars(figure), "unit": "USD per share"})) == "1 USD per share"
    assert words.quantity(SimpleNamespace(**{**vars(figure), "unit": "downloads per day"})) == "1 download per day"


@pytest.mark.parametrize(("fraction", "said"), [(0, "0 %"), (0.001, "1 %"), (0.345, "34 %"), (0.999, "99 %"), (1, "100 %"), (NAN, "–")])
def test_a_share_is_none_or_all_only_where_it_is(fraction: float, said: str) -> None:
    assert words.share(fraction).replace("\u202f", " ") == said


@pytest.mark.parametrize(
    ("fraction", "said"),
    [(-0.17, "−17 %"), (0.99, "+99 %"), (1.0, "×2"), (1.36, "×2.4"), (8.97, "×10"), (17.2, "×18"), (9_999.0, "×10 000"), (5e6, "×5 M"), (NAN, "–")],
)
def test_growth_is_a_factor_from_a_doubling_on(fraction: float, said: str) -> None:
    assert words.grown(fraction).replace("\u202f", " ") == said


def test_growth_stays_a_per_cent_where_it_is_asked_to() -> None:
    assert [words.grown(fraction, 1, 9.0).replace("\u202f", " ") for fraction in (5.5, 9.2)] == ["+550.0 %", "×10"]


def test_every_figure_of_the_tables_is_said_without_an_exponent(tables: Tables) -> None:
    rows = tables.figures.merge(tables.metrics, on="metric_id", suffixes=("", "_of_metric"))
    said = [words.quantity(row) for row in each(rows)]
    assert not [text for text in said if re.search(r"\de[+-]?\d|nan|inf|\d{4}\d", text)]


def test_words_are_cut_to_their_room() -> None:
    assert [words.cut(text, 8) for text in ("OpenAI", "DeepMind", "DeepMind Inc")] == ["OpenAI", "DeepMind", "DeepMin…"]


def test_words_from_right_to_left_are_kept_apart_from_numbers() -> None:
    assert words.isolated("OpenAI: 40 bn USD, 1.2 × 10²⁵") == "OpenAI: 40 bn USD, 1.2 × 10²⁵"
    assert words.isolated("חברת תפוחים: 40 bn") == "\u2068חברת תפוחים\u2069: 40 bn"
    assert words.isolated("by شركة, 3") == "by \u2068شركة\u2069, 3"


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
