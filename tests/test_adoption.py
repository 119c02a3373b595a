"""Use: metrics never mix, each figure counts for one product, and days run from a launch that the tables hold."""

from __future__ import annotations

import pandas as pd
import pytest

from tapeline import adoption
from tapeline.milestones import Tables


def of(tables: Tables, rows: pd.DataFrame, metric: str) -> pd.DataFrame:
    found = adoption.figures(tables, rows)
    return found[found["metric_id"] == metric].reset_index(drop=True)


def test_metrics_of_use_hold_no_money_and_no_power(tables: Tables) -> None:
    offered = adoption.metrics(adoption.figures(tables, tables.milestones))
    units = tables.metrics.set_index("metric_id")["unit"]
    assert {"weekly_active_users", "cumulative_downloads", "monthly_active_users"} <= set(offered)
    assert not [name for name in offered if units[name].startswith("USD")]
    assert not {"power_capacity", "capital_expenditure_guidance", "annualised_revenue", "parameters_total"} & set(offered)
    assert adoption.metrics(adoption.figures(tables, tables.milestones.iloc[:0])) == []


def test_a_series_holds_one_metric(tables: Tables) -> None:
    for name in adoption.metrics(adoption.figures(tables, tables.milestones)):
        found = of(tables, tables.milestones, name)
        assert set(found["metric_id"]) == {name}
        assert len(found) == (tables.figures["metric_id"] == name).sum()
        assert found["counted"].ne("").all() and found["counted"].notna().all()


def test_a_figure_in_a_row_of_another_matter_counts_for_the_product_that_its_words_name(tables: Tables) -> None:
    paying = of(tables, tables.milestones, "paying_users").set_index("milestone_id")["counted"]
    assert paying["openai-chatgpt-40m-paying-users"] == "ChatGPT"
    weekly = of(tables, tables.milestones, "weekly_active_users").set_index("milestone_id")["counted"]
    assert weekly["meta-ai-400m-monthly-users"] == "Meta AI"
    monthly = of(tables, tables.milestones, "monthly_active_users").set_index("milestone_id")["counted"]
    assert monthly["openai-350m-monthly-users"] == "OpenAI services"


def test_a_filter_does_not_change_what_a_figure_counts(tables: Tables) -> None:
    one = tables.milestones[tables.milestones["milestone_id"] == "openai-chatgpt-40m-paying-users"]
    assert list(of(tables, one, "paying_users")["counted"]) == ["ChatGPT"]


@pytest.mark.parametrize(
    ("metric", "product", "launch"),
    [
        ("weekly_active_users", "ChatGPT", "openai-chatgpt-launch"),
        ("weekly_active_users", "Codex", "openai-codex-agent"),
        ("weekly_active_users", "Meta AI", "meta-ai-assistant"),
        ("cumulative_downloads", "Llama", "meta-llama"),
        ("cumulative_downloads", "Gemma", "google-gemma"),
        ("daily_active_users", "Doubao", "bytedance-doubao"),
        ("monthly_active_users", "OpenAI services", ""),
    ],
)
def test_a_launch_is_the_release_of_that_name_or_of_its_first_version(tables: Tables, metric: str, product: str, launch: str) -> None:
    found = adoption.launches(tables, of(tables, tables.milestones, metric)).set_index("counted")
    assert found.loc[product, "launch_id"] == launch


def test_days_count_from_launch(tables: Tables) -> None:
    aligned = adoption.since_launch(tables, of(tables, tables.milestones, "weekly_active_users"))
    first = aligned[aligned["milestone_id"] == "openai-chatgpt-100m-weekly-users"].iloc[0]
    assert first["days"] == (pd.Timestamp("2023-11-06") - pd.Timestamp("2022-11-30")).days == 341
    monthly = adoption.since_launch(tables, of(tables, tables.milestones, "monthly_active_users"))
    assert "OpenAI services" not in set(monthly["counted"]) and "Meta AI" in set(monthly["counted"])
    assert (aligned["days"] >= 0).all()


def test_days_to_a_round_number_are_those_of_the_first_figure_at_or_above_it(tables: Tables) -> None:
    aligned = adoption.since_launch(tables, of(tables, tables.milestones, "cumulative_downloads"))
    long = adoption.days_to(aligned).set_index(["counted", "level"])
    assert long.loc[("Llama", 1e9), "days"] == (pd.Timestamp("2025-03-18") - pd.Timestamp("2023-02-24")).days
    assert bool(long.loc[("Gemma", 1e8), "at_first_figure"]) and not bool(long.loc[("Llama", 1e9), "at_first_figure"])
    assert not {("Gemma", 2e9), ("Llama", 1e8)} & set(long.index), "a number that the product did not reach, or had left behind at its first figure"
    assert adoption.days_to(aligned.iloc[:0]).empty
