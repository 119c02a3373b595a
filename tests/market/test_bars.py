"""What cannot be true is left out and named; what was adjusted since is noticed; nothing stored is lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tapeline.market import bars as daily
from tests.market.conftest import bars


def raw(closes: list[float | None], volume: float = 100.0, first: str = "2026-11-02") -> pd.DataFrame:
    """Make a frame as yfinance gives it, of weekdays from a day on."""
    days = pd.bdate_range(first, periods=len(closes), tz="America/New_York", name="Date")
    price = np.array(closes, dtype=float)
    columns = dict.fromkeys(("Open", "High", "Low", "Close", "Adj Close"), price)
    return pd.DataFrame({**columns, "Volume": volume, "Dividends": 0.0, "Stock Splits": 0.0}, index=days)


def test_no_bars_are_no_bars() -> None:
    assert daily.sound(raw([])).bars.empty
    assert list(daily.empty().columns) == list(daily.COLUMNS)


def test_sound_bars_stay_as_they_are() -> None:
    good = daily.sound(raw([100, 101, 102]))
    assert good.left_out == ""
    assert good.bars["close"].tolist() == [100, 101, 102]
    assert good.bars.index[0] == pd.Timestamp("2026-11-02")


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0, -3.0])
def test_a_price_that_cannot_be_is_left_out(bad: float) -> None:
    good = daily.sound(raw([100, bad, 102]))
    assert good.bars["close"].tolist() == [100, 102]
    assert good.left_out == "bars left out: 1 without a price"


def test_an_infinite_adjusted_close_is_left_out() -> None:
    frame = raw([100, 101])
    frame.loc[frame.index[1], "Adj Close"] = np.inf
    assert daily.sound(frame).bars["close"].tolist() == [100]


def test_a_high_below_the_close_is_left_out() -> None:
    frame = raw([100, 101])
    frame.loc[frame.index[1], "High"] = 90.0
    assert daily.sound(frame).left_out == "bars left out: 1 with high and low that cannot be"


def test_weekends_and_second_bars_are_left_out() -> None:
    frame = raw([100, 101])
    again = frame.iloc[[1]]
    saturday = frame.iloc[[0]].set_axis(pd.DatetimeIndex(["2026-11-07"], tz="America/New_York"))
    good = daily.sound(pd.concat([frame, again, saturday]))
    assert good.bars["close"].tolist() == [100, 101]
    assert good.left_out == "bars left out: 1 on a weekend, 1 twice"


def test_pence_for_pounds_are_left_out() -> None:
    good = daily.sound(raw([100, 101, 10_200, 103]))
    assert good.bars["close"].tolist() == [100, 101, 103]
    assert good.left_out == "bars left out: 1 after a jump without a split (2026-11-04)"


def test_pence_for_pounds_are_left_out_even_where_they_stay() -> None:
    assert daily.sound(raw([100, 10_000, 10_100, 10_200, 10_300])).bars["close"].tolist() == [100]


def test_a_jump_that_the_next_three_sessions_confirm_is_believed() -> None:
    assert len(daily.sound(raw([100, 150, 151, 149, 152])).bars) == 5
    assert daily.sound(raw([100, 150, 151])).bars["close"].tolist() == [100]


def test_a_jump_on_twice_the_usual_volume_is_believed_at_once() -> None:
    frame = raw([100, 101, 99, 148])
    frame.loc[frame.index[3], "Volume"] = 250.0
    assert len(daily.sound(frame).bars) == 4


def test_a_jump_with_a_split_and_the_vix_are_believed() -> None:
    frame = raw([100, 25])
    frame.loc[frame.index[1], "Stock Splits"] = 4.0
    assert len(daily.sound(frame).bars) == 2
    assert len(daily.sound(raw([15, 28]), jumpy=True).bars) == 2


def test_pence_become_pounds() -> None:
    pounds, currency = daily.in_whole_units(bars("2026-11-02", [250.0]), "GBp")
    assert (pounds["close"].iloc[0], currency) == (2.5, "GBP")
    assert daily.in_whole_units(bars("2026-11-02", [250.0]), "USD")[0]["close"].iloc[0] == 250


def test_later_bars_are_joined_where_nothing_was_adjusted() -> None:
    joined = daily.merged(bars("2026-11-02", [100, 101, 102]), bars("2026-11-03", [101, 102, 103]))
    assert joined is not None
    assert joined["close"].tolist() == [100, 101, 102, 103]


def test_a_hole_in_the_new_bars_keeps_the_stored_one() -> None:
    old = bars("2026-11-02", [100, 101, 102])
    joined = daily.merged(old, bars("2026-11-02", [100, 101, 102, 103]).drop(old.index[1]))
    assert joined is not None
    assert joined["close"].tolist() == [100, 101, 102, 103]


@pytest.mark.parametrize(
    "new",
    [
        bars("2026-11-03", [25.25, 25.5, 26]),
        bars("2026-11-03", [101, 102, 103], dividend=1.0),
        bars("2026-11-03", [101, 102, 103]).assign(adj_close=[100, 101, 103]),
        bars("2026-11-09", [103, 104]),
    ],
    ids=["split", "dividend among the new", "adjusted since", "nothing in common"],
)
def test_bars_that_were_adjusted_since_are_not_joined(new: pd.DataFrame) -> None:
    assert daily.merged(bars("2026-11-02", [100, 101, 102]), new) is None


def test_a_series_fetched_anew_keeps_what_it_lacks_on_its_own_scale() -> None:
    old = bars("2026-11-02", [100, 104, 108, 112])
    new = bars("2026-11-02", [25, 26, 27, 28]).drop(old.index[[0, 2]])
    assert daily.replaced(old, new)["close"].tolist() == [25, 26, 27, 28]
