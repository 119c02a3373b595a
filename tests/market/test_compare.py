"""The arithmetic of comparisons, worked by hand."""

from __future__ import annotations

import math
import statistics

import pandas as pd
import pytest

from tapeline.market import compare
from tapeline.market.compare import Spell

DAY = pd.Timestamp
OPEN = Spell(pd.NaT, pd.NaT)  # type: ignore[arg-type]


def series(values: dict[str, float]) -> pd.Series:
    return pd.Series(values.values(), index=pd.DatetimeIndex(list(values)), dtype=float)


FIVE = series({"2025-01-02": 100, "2025-01-03": 110, "2025-01-06": 99, "2025-01-07": 120, "2025-01-08": 90})


def test_a_range_begins_at_the_last_session_up_to_its_start() -> None:
    assert list(compare.between(FIVE, DAY("2025-01-05"), DAY("2025-01-07")).index) == [DAY("2025-01-03"), DAY("2025-01-06"), DAY("2025-01-07")]
    assert list(compare.between(FIVE, DAY("2024-12-01"), DAY("2025-01-03"))) == [100, 110]


def test_a_range_past_the_data_is_empty_and_one_before_it_too() -> None:
    assert compare.between(FIVE, DAY("2025-01-09"), DAY("2025-02-01")).empty
    assert compare.between(FIVE, DAY("2024-01-09"), DAY("2024-02-01")).empty


def test_rebased_has_100_at_its_base() -> None:
    assert compare.rebased(FIVE).round(6).tolist() == [100, 110, 99, 120, 90]
    assert compare.rebased(FIVE, DAY("2025-01-07")).round(4).tolist() == [83.3333, 91.6667, 82.5, 100, 75]
    assert compare.rebased(FIVE.iloc[:0]).empty


def test_the_session_before_a_day_zero() -> None:
    sessions = pd.DatetimeIndex(FIVE.index)
    assert compare.session_before(sessions, DAY("2025-01-06")) == DAY("2025-01-03")
    assert compare.session_before(sessions, DAY("2025-01-02")) is None


def test_relative_is_the_ratio_on_common_sessions() -> None:
    market = series({"2025-01-03": 50, "2025-01-06": 55, "2025-01-08": 50})
    found = compare.relative(FIVE, market)
    assert list(found.index) == [DAY("2025-01-03"), DAY("2025-01-06"), DAY("2025-01-08")]
    assert found.round(4).tolist() == [100, 81.8182, 81.8182]


def test_a_share_against_itself_stays_at_100() -> None:
    assert compare.relative(FIVE, FIVE).tolist() == [100] * 5


def test_drawdown_and_the_largest_fall() -> None:
    assert compare.drawdown(FIVE).round(4).tolist() == [0, 0, -0.1, 0, -0.25]
    assert compare.largest_fall(FIVE) == (-0.25, DAY("2025-01-07"), DAY("2025-01-08"))
    rising = series({"2025-01-02": 1, "2025-01-03": 2})
    assert compare.largest_fall(rising).depth == 0


def test_volatility_is_the_sample_deviation_of_daily_returns_times_the_root_of_252() -> None:
    days = pd.bdate_range("2025-01-01", periods=21)
    level = pd.Series([100 * 1.01 ** (at % 2) for at in range(21)], index=days)
    up, down = 0.01, 1 / 1.01 - 1
    assert compare.volatility(level) == pytest.approx(statistics.stdev([up, down] * 10) * math.sqrt(252))
    assert math.isnan(compare.volatility(level.iloc[:20]))


def test_ranges_count_back_from_the_last_session() -> None:
    last = DAY("2026-08-21")
    found = {name: f"{compare.since(name, last):%Y-%m-%d}" for name in compare.RANGES}
    assert found == {"1M": "2026-07-21", "3M": "2026-05-21", "6M": "2026-02-21", "YTD": "2025-12-31", "1Y": "2025-08-21", "3Y": "2023-08-21"}


def test_a_return_needs_a_session_before_its_start_and_data_up_to_its_end() -> None:
    assert compare.change(FIVE, DAY("2025-01-05"), DAY("2025-01-08")) == pytest.approx(90 / 110 - 1)
    assert math.isnan(compare.change(FIVE, DAY("2025-01-01"), DAY("2025-01-08")))
    assert math.isnan(compare.change(FIVE, DAY("2025-01-05"), DAY("2025-01-16")))


def test_the_table_has_a_row_a_series() -> None:
    found = compare.table({"A": FIVE, "B": FIVE.iloc[:0]}, DAY("2025-01-03"), DAY("2025-01-08"))
    assert list(found["ticker"]) == ["A"]
    row = found.iloc[0]
    assert (row["first"], row["last"]) == (DAY("2025-01-02"), DAY("2025-01-08"))
    assert row["max"] == pytest.approx(-0.1)
    assert row["shown"] == pytest.approx(90 / 110 - 1)
    assert (row["fall"], row["fall_from"], row["fall_to"]) == (-0.25, DAY("2025-01-07"), DAY("2025-01-08"))
    assert math.isnan(row["1M"])


def test_a_basket_is_the_mean_of_its_members_returns_day_by_day() -> None:
    one = series({"2025-01-02": 100, "2025-01-03": 110, "2025-01-06": 110})
    other = series({"2025-01-02": 10, "2025-01-03": 10, "2025-01-06": 8})
    found = compare.basket({"A": one, "B": other}, {})
    assert found.round(6).tolist() == [100, 105, 94.5]
    assert list(found.index) == list(one.index)


def test_a_member_whose_exchange_was_closed_catches_up_on_its_next_session() -> None:
    one = series({"2025-01-02": 100, "2025-01-03": 100, "2025-01-06": 100})
    tokyo = series({"2025-01-02": 100, "2025-01-06": 120})
    assert compare.basket({"A": one, "B": tokyo}, {}).round(6).tolist() == [100, 100, 110]


def test_members_join_and_leave() -> None:
    one = series({"2025-01-02": 100, "2025-01-03": 110, "2025-01-06": 121, "2025-01-07": 133.1})
    other = series({"2025-01-02": 100, "2025-01-03": 200, "2025-01-06": 400, "2025-01-07": 800})
    spells = {"A": OPEN, "B": Spell(DAY("2025-01-03"), DAY("2025-01-06"))}
    assert compare.basket({"A": one, "B": other}, spells).round(4).tolist() == [100, 110, 170.5, 187.55]


def test_a_share_listed_later_joins_after_its_first_session() -> None:
    one = series({"2025-01-02": 100, "2025-01-03": 110, "2025-01-06": 121})
    late = series({"2025-01-03": 50, "2025-01-06": 65})
    assert compare.basket({"A": one, "B": late}, {}).round(4).tolist() == [100, 110, 132]


def test_an_empty_basket_is_empty() -> None:
    assert compare.basket({}, {}).empty
    assert compare.basket({"A": FIVE.iloc[:1]}, {}).empty
