"""Money: only like figures are added, who led is what a row names, and a path starts where the share was listed."""

from __future__ import annotations

import pandas as pd
import pytest

from tapeline import funding, milestones, package
from tapeline.market import snapshot
from tapeline.milestones import Tables
from tapeline.selection import Selection


@pytest.fixture(scope="module")
def found(tables: Tables) -> pd.DataFrame:
    return funding.rounds(tables, tables.milestones)


def test_nothing_in_nothing_out(tables: Tables) -> None:
    none = tables.milestones.iloc[:0]
    assert funding.rounds(tables, none).empty
    assert funding.valuations(tables, none).empty
    assert funding.listings(tables, none, {}) == []
    assert funding.totals(funding.rounds(tables, none), "equity_announced").empty
    assert funding.named(tables, funding.rounds(tables, none)).empty
    assert funding.leads(tables, none).empty and funding.leaders(funding.leads(tables, none)).empty


def test_rounds_are_the_figures_of_the_table(tables: Tables, found: pd.DataFrame) -> None:
    expected = tables.figures[tables.figures["metric_id"].isin(funding.ROUNDS)]
    assert sorted(zip(found["milestone_id"], found["metric_id"], found["value"], strict=True)) == sorted(
        zip(expected["milestone_id"], expected["metric_id"], expected["value"], strict=True)
    )
    assert found["date"].is_monotonic_increasing
    assert set(found["unit"]) == {"USD"}


def test_a_total_holds_one_metric_and_every_year_between(tables: Tables, found: pd.DataFrame) -> None:
    table = funding.totals(found, "equity_announced")
    assert list(table.columns) == list(range(2019, int(table.columns.max()) + 1))
    only = found[found["metric_id"] == "equity_announced"]
    assert table.to_numpy().sum() == pytest.approx(only["value"].sum())
    assert table.sum(axis=1).is_monotonic_decreasing
    openai = only[(only["company_id"] == "openai") & (only["date"].dt.year == 2025)]["value"].sum()
    assert table.loc["openai", 2025] == openai


def test_an_announced_and_a_closed_round_of_one_milestone_stay_apart(found: pd.DataFrame) -> None:
    both = found[found["milestone_id"] == "xai-debt-and-equity-10b"].set_index("metric_id")["value"].to_dict()
    assert both == {"debt_raised": 5e9, "equity_announced": 5e9}


def test_who_led_is_what_the_table_of_leads_says(tables: Tables, found: pd.DataFrame) -> None:
    led = found.drop_duplicates("milestone_id").set_index("milestone_id")["led_by"]
    assert led["anthropic-series-f"] == "ICONIQ; Fidelity; Lightspeed"
    assert led["openai-funding-40bn"] == "SoftBank"
    assert led["anthropic-series-g"] == "", "its row names nobody"


def test_leaders_are_counted_once_a_round_and_the_most_come_first(tables: Tables) -> None:
    leads = funding.leads(tables, tables.milestones)
    assert len(leads) == len(tables.leads), "every lead has an amount or a valuation beside it"
    assert leads["date"].is_monotonic_increasing
    table = funding.leaders(leads).set_index("company")
    assert table["rounds"].sum() == len(tables.leads) and table["rounds"].is_monotonic_decreasing
    own = tables.leads[tables.leads["led_by"] == "SoftBank"]
    assert table.loc["SoftBank", "company_id"] == "softbank"
    assert set(table.loc["SoftBank", "ids"]) == set(own["milestone_id"])
    assert table.loc["Accel", "company_id"] == "" and set(table.loc["Accel", "beside"]) >= {"Cursor", "Scale AI"}


def test_named_counts_each_round_once(tables: Tables, found: pd.DataFrame) -> None:
    table = funding.named(tables, found).set_index("company_id")
    once = found.drop_duplicates("milestone_id")
    with_nvidia = once[[("nvidia" in names.split(";")) for names in once["with_companies"]]]
    assert table.loc["nvidia", "rounds"] == len(with_nvidia)
    assert set(table.loc["nvidia", "ids"]) == set(with_nvidia["milestone_id"])
    assert "" not in table.index


def test_a_valuation_that_the_press_reports_is_marked(tables: Tables) -> None:
    values = funding.valuations(tables, tables.milestones).set_index("milestone_id")["reported"]
    assert values["perplexity-9-billion-talks"]
    assert not values["anthropic-series-e"]


def test_a_path_starts_at_100_on_the_day_of_the_listing(tables: Tables) -> None:
    histories = snapshot.load(package.SHIPPED)
    listed = {one.company_id: one for one in funding.listings(tables, tables.milestones, histories)}
    arm = listed["arm"]
    assert (arm.ticker, arm.path.iloc[0], arm.path.index[0]) == ("ARM", 100.0, arm.date)
    assert arm.path.iloc[-1] == pytest.approx(histories["ARM"].level.iloc[-1] / histories["ARM"].level.iloc[0] * 100)


def test_a_share_that_was_listed_long_before_lends_its_path_to_no_listing(tables: Tables) -> None:
    rows = milestones.select(tables, Selection(companies=("sk-hynix", "minimax")))
    listed = funding.listings(tables, rows, snapshot.load(package.SHIPPED))
    assert [(one.company_id, one.ticker, len(one.path)) for one in listed] == [("minimax", "", 0), ("sk-hynix", "", 0)]
