"""The funding page as a link opens it."""

from __future__ import annotations

import pytest

from tapeline import funding, milestones
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tests.pages.opened import headers, opened, words


def test_each_kind_of_money_is_summed_for_itself(tables: Tables) -> None:
    test = opened("funding")
    found = funding.rounds(tables, tables.milestones)
    shown = {metric.label: metric.value for metric in test.metric}
    assert set(shown) == set(found["metric"])
    announced = found[found["metric_id"] == "equity_announced"]["value"].sum()
    assert float(shown["Equity announced"].split("\u202f")[0]) == pytest.approx(announced / 1e9, rel=0.01)
    assert "never added together" in words(test)


def test_the_filter_reaches_every_exhibit(tables: Tables) -> None:
    test = opened("funding", "funding-rounds", company=["openai"])
    rows = milestones.select(tables, Selection(companies=("openai",)))
    assert "OpenAI: money raised, and at what value" in words(test)
    rounds = next(frame.value for frame in test.dataframe if "What happened" in frame.value)
    assert len(rounds) == len(funding.rounds(tables, rows))
    assert "No company in view went public." in words(test)


@pytest.mark.parametrize(("metric", "added_up"), [("equity_closed", "Equity closed:"), ("weekly_active_users", "Equity announced:")])
def test_a_metric_of_the_address_is_added_up_where_it_is_money(metric: str, added_up: str) -> None:
    assert any(title.startswith(added_up) for title in headers(opened("funding", metric=[metric])))


def test_who_led_is_named_where_the_rows_name_it_and_else_said_to_be_unknown(tables: Tables) -> None:
    test = opened("funding", "funding-led", "funding-rounds")
    table = next(frame.value for frame in test.dataframe if list(frame.value)[:2] == ["Date", "Led by"])
    assert sorted(table["Led by"]) == sorted(tables.leads["led_by"])
    most = tables.leads["led_by"].value_counts()
    title = next(title for title in headers(test) if "whose leader is known" in title)
    assert title == f"{most.index[0]} led {most.iloc[0]} of the {tables.leads['milestone_id'].nunique()} rounds whose leader is known"
    rounds = next(frame.value for frame in test.dataframe if "Led by" in frame.value and list(frame.value)[1] == "Company")
    assert (rounds["Led by"] != "").sum() > 30
    assert "None of 1 milestone of funding in view says who led it." in words(opened("funding", company=["minimax"]))
    assert "Thrive Capital led the one round" not in words(opened("funding", company=["openai"]))
    assert any(title.startswith("Accel led the one round whose leader is known") for title in headers(opened("funding", company=["scale-ai"])))


def test_a_company_that_only_others_name_is_told_of() -> None:
    shown = words(opened("funding", company=["nvidia"]))
    assert "No milestone in view raised money." in shown
    assert "NVIDIA is named in" in shown and "rounds of others" in shown


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"q": "zebra"}, "No milestone matches this filter."),
        ({"kind": ["model_release"]}, "No milestone in view raised money."),
        ({"company": ["minimax"]}, "1 company in view went public. No series of the listed share: MiniMax."),
        ({"from": "2026-05-28", "to": "2026-05-28"}, "Anthropic: 65\u202fbn USD, announced"),
        ({"metric": ["no-such"]}, "Ignored in this link"),
    ],
)
def test_what_is_not_there_is_said(query: dict[str, list[str] | str], said: str) -> None:
    assert said in words(opened("funding", **query))
