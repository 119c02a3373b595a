"""Which series are compared, and what each way of showing makes of them."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from tapeline import package, series
from tapeline.market import snapshot
from tapeline.market.history import History
from tapeline.milestones import Tables

DAY = pd.Timestamp


@pytest.fixture(scope="module")
def histories() -> dict[str, History]:
    return snapshot.load(package.SHIPPED)


def levels(histories: dict[str, History], *tickers: str) -> dict[str, pd.Series]:
    return {ticker: histories[ticker].level for ticker in tickers}


def test_r1_rebases_nvidia_at_the_friday_before_the_holiday(tables: Tables, histories: dict[str, History]) -> None:
    milestone = tables.milestones.set_index("milestone_id").loc["deepseek-r1"]
    found, bases = series.at_milestone(tables, levels(histories, "NVDA", "^N225"), milestone, DAY("2025-01-01"), DAY("2025-02-28"))
    assert bases["NVDA"] == DAY("2025-01-17")
    assert found.values["NVDA"][DAY("2025-01-17")] == 100
    level = histories["NVDA"].level
    assert found.values["NVDA"][DAY("2025-01-27")] == pytest.approx(level[DAY("2025-01-27")] / level[DAY("2025-01-17")] * 100)
    assert found.values["NVDA"].index[0] <= DAY("2025-01-02")
    assert found.missing == {}


def test_a_share_listed_after_the_milestone_is_left_out_with_why(tables: Tables, histories: dict[str, History]) -> None:
    milestone = tables.milestones.set_index("milestone_id").loc["deepseek-r1"]
    found, _ = series.at_milestone(tables, levels(histories, "CRWV"), milestone, DAY("2025-01-01"), DAY("2025-06-28"))
    assert found == ({}, {"CRWV": "has no session before and after the milestone"})


def test_each_way_of_showing(histories: dict[str, History]) -> None:
    chosen, start, end = levels(histories, "NVDA", "INTC"), DAY("2025-01-01"), DAY("2025-06-30")
    rebased = series.from_start(chosen, start, end).values["NVDA"]
    assert (rebased.iloc[0], rebased.index[0], rebased.index[-1]) == (100, DAY("2024-12-31"), end)
    ratio = series.against(chosen, histories["^GSPC"].level, start, end).values["NVDA"]
    market = series.from_start(levels(histories, "^GSPC"), start, end).values["^GSPC"]
    assert ratio.iloc[-1] == pytest.approx(rebased.iloc[-1] / market.iloc[-1] * 100)
    below = series.below_peak(chosen, start, end).values["INTC"]
    assert below.max() == 0 and below.min() < 0


def test_a_range_without_sessions_leaves_out_with_why(histories: dict[str, History]) -> None:
    found = series.from_start(levels(histories, "CRWV"), DAY("2024-01-01"), DAY("2024-06-30"))
    assert found == ({}, {"CRWV": "has no session in this range"})


def test_prices_are_of_one_currency_and_never_of_the_bundled_index() -> None:
    days = pd.DatetimeIndex(["2026-01-05", "2026-01-06"])

    def share(ticker: str, currency: str, price: list[float] | None) -> History:
        close = pd.Series(price, index=days) if price else None
        return History(ticker, pd.Series([100.0, 101.0], index=days), "index", "test", close, currency)

    held = {
        "A": share("A", "USD", [10.0, 11.0]),
        "B": share("B", "USD", [20.0, 19.0]),
        "C": share("C", "JPY", [900.0, 910.0]),
        "D": share("D", "", None),
    }
    found, currency = series.prices(held, list(held), days[0], days[1])
    assert currency == "USD"
    assert {ticker: list(values) for ticker, values in found.values.items()} == {"A": [10.0, 11.0], "B": [20.0, 19.0]}
    assert found.missing == {"C": "is quoted in JPY", "D": "has no fetched closes"}
    assert series.prices(held, ["C", "A"], days[0], days[1])[1] == "JPY"
    assert series.prices({"D": held["D"]}, ["D"], days[0], days[1]) == (({}, {"D": "has no fetched closes"}), "")


def test_a_basket_holds_shares_while_they_are_related() -> None:
    exposures = pd.DataFrame({
        "company_id": ["x", "x", "x", "y"], "ticker": ["A", "A", "B", "C"],
        "since": pd.to_datetime(["2025-01-01", None, "2025-02-01", None]), "until": pd.to_datetime([None, "2025-03-01", "2025-04-01", None]),
    })  # fmt: skip
    found = series.spells(SimpleNamespace(exposures=exposures), "x")  # type: ignore[arg-type]
    assert set(found) == {"A", "B"}
    assert pd.isna(found["A"].since) and pd.isna(found["A"].until)
    assert found["B"] == (DAY("2025-02-01"), DAY("2025-04-01"))


def test_openais_basket_has_its_members_and_starts_at_100(tables: Tables, histories: dict[str, History]) -> None:
    basket = series.basket(tables, histories, "openai")
    assert basket.iloc[0] == 100
    assert basket.index.is_monotonic_increasing and basket.notna().all()
    assert "openai" in series.baskets(tables, histories)
    for company in series.baskets(tables, histories):
        assert len(set(series.spells(tables, company)) & set(histories)) >= 2
