"""Openness is counted, matched and quoted as the rows have it."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from tapeline import openness
from tapeline.milestones import Tables
from tapeline.openness import CLOSED, OPEN


def made(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    """Return releases: date, company and openness each."""
    frame = pd.DataFrame(rows, columns=["date", "company_id", "openness"])
    return frame.assign(milestone_id=[f"m{at}" for at in range(len(frame))], date=pd.to_datetime(frame["date"]), importance=1, licence="",
                        company=frame["company_id"].str.upper(), country="China", product="", summary="")  # fmt: skip


FOUR = made([("2023-02-01", "a", OPEN), ("2023-05-01", "a", CLOSED), ("2024-01-01", "a", CLOSED), ("2025-02-01", "a", OPEN)])


def test_every_release_is_open_or_closed_and_counted_once(tables: Tables) -> None:
    found = openness.releases(tables, tables.milestones)
    expected = tables.milestones[tables.milestones["kind"] == "model_release"]
    assert list(found["milestone_id"]) == list(expected["milestone_id"])
    for freq in ("Y", "Q"):
        table = openness.by_period(found, freq)
        assert table["releases"].sum() == len(found)
        assert sorted(name for ids in [*table["open_ids"], *table["closed_ids"]] for name in ids) == sorted(found["milestone_id"])
    for column in ("company", "country"):
        assert openness.by(found, column)["releases"].sum() == len(found)


def test_periods_without_a_release_are_kept() -> None:
    table = openness.by_period(FOUR, "Q")
    assert [str(period) for period in table.index] == [f"{year}Q{quarter}" for year in (2023, 2024) for quarter in (1, 2, 3, 4)] + ["2025Q1"]
    assert list(table["releases"]) == [1, 1, 0, 0, 1, 0, 0, 0, 1]
    assert math.isnan(table["share"].iloc[2])
    years = openness.by_period(FOUR, "Y")
    assert list(years["share"]) == [0.5, 0.0, 1.0]


def test_a_pause_lies_between_two_open_releases_with_closed_ones_between() -> None:
    row = openness.paths(FOUR, FOUR.iloc[:0]).iloc[0]
    assert (row["pause"], row["closed_between"], row["pause_until_id"]) == (731, 2, "m3")
    assert (row["first_open_id"], row["first_closed_id"]) == ("m0", "m1")
    all_open = made([("2023-02-01", "a", OPEN), ("2025-02-01", "a", OPEN)])
    assert openness.paths(all_open, all_open.iloc[:0]).iloc[0]["pause"] == 0
    assert openness.paths(FOUR.iloc[:0], FOUR.iloc[:0]).empty


def test_openai_opened_again_with_gpt_oss(tables: Tables) -> None:
    found, turned = openness.releases(tables, tables.milestones), openness.turns(tables, tables.milestones)
    row = openness.paths(found, turned).set_index("company_id").loc["openai"]
    assert row["pause_until_id"] == "openai-gpt-oss"
    assert row["first_closed_id"] == "openai-gpt-2"
    assert row["turns_closed"] == (turned.query("company_id == 'openai'")["openness"] == CLOSED).sum() > 0


def test_turns_are_rows_of_strategy_with_a_direction(tables: Tables) -> None:
    found = openness.turns(tables, tables.milestones)
    assert set(found["kind"]) == {"strategy"}
    assert set(found["openness"]) == {OPEN, CLOSED}


def test_a_closed_record_is_matched_with_the_first_open_release_as_large(tables: Tables) -> None:
    lags = openness.lags(openness.sizes(tables, tables.milestones, "parameters_total")).set_index("milestone_id")
    assert (lags.loc["openai-gpt-3", "open_milestone_id"], lags.loc["openai-gpt-3", "days"]) == ("meta-opt-175b", 703)
    assert list(lags["value"]) == sorted(lags["value"])
    context = openness.lags(openness.sizes(tables, tables.milestones, "context_length")).set_index("milestone_id")
    assert (context.loc["openai-gpt-4-turbo", "open_milestone_id"], context.loc["openai-gpt-4-turbo", "days"]) == ("ai21-jamba", 143)
    assert context.loc["openai-gpt-5-4", "days"] < 0


def test_weights_that_follow_have_the_figure_of_their_product(tables: Tables) -> None:
    lags = openness.lags(openness.sizes(tables, tables.milestones, "parameters_total")).set_index("milestone_id")
    assert (lags.loc["google-bert", "open_milestone_id"], lags.loc["google-bert", "days"]) == ("google-bert-weights", 22)


def test_a_record_that_none_has_reached_has_no_lag() -> None:
    sizes = made([("2023-02-01", "a", OPEN), ("2023-05-01", "b", CLOSED), ("2024-01-01", "b", CLOSED)])
    lags = openness.lags(sizes.assign(value=[5.0, 7.0, 6.0], record=[True, True, False], approximate=False))
    assert list(lags["milestone_id"]) == ["m1"]
    assert math.isnan(lags["days"].iloc[0])
    assert openness.lags(sizes.iloc[:0].assign(value=[], record=[], approximate=[])).empty


def test_licences_are_those_of_open_releases(tables: Tables) -> None:
    found = openness.releases(tables, tables.milestones)
    table = openness.licences(found)
    assert table["releases"].sum() == (found["openness"] == OPEN).sum()
    assert table["licence"].iloc[0] == "Apache-2.0"
    llama = table.set_index("licence").loc["Llama 2 Community License", "words"]
    assert ("Llama 2", "Its licence allowed commercial use except by companies with more than 700 million monthly users.") in llama


@pytest.mark.parametrize(
    ("summary", "said"),
    [("A model. Its licence allows little. It is big.", "Its licence allows little."), ("A model.", ""), ("", ""),
     ("Free for commercial use. No royalties.", "Free for commercial use. No royalties.")],
)  # fmt: skip
def test_only_the_rows_own_words_on_terms_are_quoted(summary: str, said: str) -> None:
    assert openness.terms(summary) == said
