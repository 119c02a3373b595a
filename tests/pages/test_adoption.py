"""The adoption page as a link opens it."""

from __future__ import annotations

import pytest

from tapeline.milestones import Tables
from tests.pages.opened import headers, opened, words


def test_users_and_downloads_stand_side_by_side(tables: Tables) -> None:
    test = opened("adoption", "weekly-active-users", "cumulative-downloads")
    assert [test.selectbox(key=key).value for key in ("metric-Metric", "metric-Beside it")] == ["weekly_active_users", "cumulative_downloads"]
    titles = headers(test)
    assert titles[0].startswith("Weekly active users: ChatGPT from") and titles[1].startswith("Cumulative downloads: Llama from")
    weekly, downloads = (frame.value for frame in test.dataframe[:2])
    assert len(weekly) == (tables.figures["metric_id"] == "weekly_active_users").sum()
    assert len(downloads) == (tables.figures["metric_id"] == "cumulative_downloads").sum()


def test_the_metrics_of_the_address_are_shown() -> None:
    titles = headers(opened("adoption", metric=["monthly_active_users", "tokens_per_month"]))
    assert titles[0].startswith("Monthly active users:") and titles[1].startswith("Tokens processed in a month:")


def test_the_rule_of_the_launch_is_said_and_products_without_one_are_listed() -> None:
    shown = words(opened("adoption", metric=["monthly_active_users", "tokens_per_month"]))
    assert "release row of exactly the product's name" in shown
    assert "not drawn: OpenAI services" in shown


def test_days_to_round_numbers_keep_metrics_apart() -> None:
    table = next(frame.value for frame in opened("adoption").dataframe if "Launched as" in frame.value)
    assert not table.duplicated(["Metric", "Product"]).any()
    llama = table[(table["Metric"] == "Cumulative downloads") & (table["Product"] == "Llama")].iloc[0]
    assert (llama["Launch"], llama["1\u202fbn"]) == ("2023-02-24", "753")
    assert table["Metric"].iloc[0] == "Weekly active users"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"q": "zebra"}, "No milestone matches this filter."),
        ({"company": ["lambda"]}, "No milestone in view gives a number of users"),
        ({"company": ["zhipu"]}, "No product of this metric in view has a launch in the tables."),
        ({"company": ["zhipu"]}, "No product in view has a launch in the tables and a figure that crosses a round number."),
        ({"metric": ["no-such"]}, "Ignored in this link"),
    ],
)
def test_what_is_not_there_is_said(query: dict[str, list[str] | str], said: str) -> None:
    assert said in words(opened("adoption", **query))
