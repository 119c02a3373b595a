"""Money: only like figures are added, the rows' own words say who led, and a path starts where the share was listed."""

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


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("X raises 1", "The Series F was led by Accel. Meta bought 49 % of it.", "The Series F was led by Accel."),
        ("X raises a Y-led Series D", "A round.", "X raises a Y-led Series D"),
        ("X raises 1", "It led to a new round. Its founder left to lead Meta.", ""),
        ("X raises 1", "Lifted by demand, the company filed and billed.", ""),
        ("X raises 1", "The fund IVP was named as leader; others sued.", "The fund IVP was named as leader; others sued."),
    ],
)
def test_who_led_is_said_in_the_rows_own_words_or_not_at_all(title: str, summary: str, expected: str) -> None:
    assert funding.led(title, summary) == expected


def test_every_word_on_who_led_stands_in_the_tables(tables: Tables, found: pd.DataFrame) -> None:
    rows = tables.milestones.set_index("milestone_id")
    said = found[found["led"] != ""]
    assert len(said) > 20
    for name, words in zip(said["milestone_id"], said["led"], strict=True):
        assert words in rows.loc[name, "title"] or words in rows.loc[name, "summary"]


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
