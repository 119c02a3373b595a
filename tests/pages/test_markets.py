"""The markets page as a link opens it; `share` and `event` of a link are in tests/browser, for AppTest loses them from page to page."""

from __future__ import annotations

import pytest

from tapeline import package
from tapeline.market import snapshot
from tests.pages.opened import opened, words


def test_the_most_related_shares_are_compared_from_the_first_session() -> None:
    test = opened("markets")
    shown = words(test)
    assert "Since 2 January 2019: NVDA ×" in shown
    assert "S&P 500" in shown
    table = next(frame.value for frame in test.dataframe if "Volatility" in frame.value)
    assert {"NVDA", "S&P 500"} <= set(table["Share"])


def test_a_milestone_of_the_link_is_the_base() -> None:
    shown = words(opened("markets", mode="milestone", base="deepseek-r1"))
    assert "Five sessions from the close before “DeepSeek releases the R1 reasoning model" in shown
    nvidia = snapshot.load(package.SHIPPED)["NVDA"].level
    fall = nvidia["2025-01-27"] / nvidia["2025-01-17"] - 1
    assert f"NVDA −{abs(fall):.1%}".replace("%", "\u202f%") in shown


def test_a_basket_stands_beside_the_shares() -> None:
    test = opened("markets", company=["openai"], basket="openai", **{"from": "2025-01-01"})
    assert "Basket: the mean of the daily returns of" in words(test)
    table = next(frame.value for frame in test.dataframe if "Volatility" in frame.value)
    assert "OpenAI basket" in set(table["Share"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"mode": "price"}, "No closes of these shares have been fetched"),
        ({"company": ["european-union"]}, "No share is related to what is in view"),
        ({"from": "2026-09-01"}, "The market data end on 2026-08-21"),
        ({"to": "2018-06-30"}, "has no session in this range"),
        ({"mode": "milestone", "base": "openai-gpt-1"}, "has no session before and after the milestone"),
        ({"q": "zebra"}, "Nothing to compare"),
        ({"mode": "relative", "against": "QQQ"}, "divided by that of"),
        ({"mode": "drawdown", "from": "2024-01-01"}, "AMD fell furthest"),
        ({"company": ["softbank"], "from": "2026-01-01"}, "Ends early: 9984.T 2026-07-07"),
        ({"mode": "sideways", "basket": "nobody"}, "Ignored in this link"),
    ],
)
def test_each_view_says_what_it_is_or_lacks(query: dict[str, list[str] | str], said: str) -> None:
    assert said in words(opened("markets", **query))


def test_one_day_alone_can_be_asked_for() -> None:
    opened("markets", **{"from": "2026-08-21", "to": "2026-08-21"})
    opened("markets", **{"from": "2026-08-22", "to": "2026-08-22"})
