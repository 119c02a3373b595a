"""What a link says is what is chosen, by id; what nobody knows is ignored and said."""

from __future__ import annotations

import datetime as dt

import pytest

from tapeline import milestones
from tapeline.milestones import Tables
from tapeline.selection import Selection, from_query, without

EVERY_PART = Selection(("deepseek", "meta"), ("funding",), ("open_weights",), dt.date(2025, 1, 1), dt.date(2025, 6, 30), "llama")


def read(tables: Tables, **query: list[str]) -> tuple[Selection, list[str]]:
    return from_query(query, tables.book, list(tables.companies["company_id"]))


def test_no_parameters_choose_everything(tables: Tables) -> None:
    assert read(tables) == (Selection(), [])
    assert Selection().is_empty
    assert len(milestones.select(tables, Selection())) == len(tables.milestones)


def test_a_filter_survives_the_way_into_a_link_and_back(tables: Tables) -> None:
    query = EVERY_PART.to_query()
    assert query == {"company": ["deepseek", "meta"], "kind": ["funding"], "openness": ["open_weights"], "from": ["2025-01-01"],
                     "to": ["2025-06-30"], "q": ["llama"]}  # fmt: skip
    assert from_query(query, tables.book, list(tables.companies["company_id"])) == (EVERY_PART, [])


@pytest.mark.parametrize(
    ("query", "selection", "ignored"),
    [
        ({"company": ["nobody", "meta"]}, Selection(companies=("meta",)), ["company=nobody"]),
        ({"company": ["DeepSeek"]}, Selection(), ["company=DeepSeek"]),
        ({"company": ["meta", "meta", ""]}, Selection(companies=("meta",)), []),
        ({"kind": ["<script>"]}, Selection(), ["kind=<script>"]),
        ({"from": ["yesterday"]}, Selection(), ["from=yesterday"]),
        ({"from": [""]}, Selection(), []),
        ({"from": ["2025-02-01"], "to": ["2025-01-01"]}, Selection(start=dt.date(2025, 2, 1)), ["to=2025-01-01, which is before from=2025-02-01"]),
        ({"from": ["1990-01-01"], "to": ["2999-01-01"]}, Selection(start=dt.date(2017, 1, 1), end=dt.date.today()), []),
        ({"q": ["  two   words "]}, Selection(text="two words"), []),
        ({"q": ["x" * 500]}, Selection(text="x" * 100), []),
    ],
)
def test_nonsense_in_a_link_is_ignored_and_said(tables: Tables, query: dict[str, list[str]], selection: Selection, ignored: list[str]) -> None:
    assert read(tables, **query) == (selection, ignored)


def test_a_chip_takes_out_one_value() -> None:
    assert without(EVERY_PART, "company", "deepseek").companies == ("meta",)
    for key, value in [("company", "meta"), ("kind", "funding"), ("openness", "open_weights"), ("from", ""), ("to", ""), ("q", "")]:
        left = without(EVERY_PART, key, value).to_query()
        assert value not in left.get(key, []) and (key == "company") == (key in left)


def test_the_file_name_says_what_was_chosen() -> None:
    assert EVERY_PART.slug() == "deepseek-meta-funding-open-weights-from-2025-01-01-to-2025-06-30-search"
    assert Selection().slug() == ""
    assert len(Selection(companies=tuple(f"company-{number}" for number in range(60))).slug()) <= 90


def test_companies_are_the_actors_only(tables: Tables) -> None:
    rows = milestones.select(tables, Selection(companies=("deepseek",)))
    assert set(rows["company_id"]) == {"deepseek"}
    assert len(rows) == (tables.milestones["company_id"] == "deepseek").sum() > 10


def test_dates_are_included_at_both_ends(tables: Tables) -> None:
    day = dt.date(2025, 3, 31)
    rows = milestones.select(tables, Selection(start=day, end=day))
    assert {"openai-open-weight-model-plan", "openai-funding-40bn", "openai-one-million-users-in-an-hour"} <= set(rows["milestone_id"])
    assert {date.date() for date in rows["date"]} == {day}


def test_every_word_of_a_search_must_be_there_in_any_case(tables: Tables) -> None:
    rows = milestones.select(tables, Selection(text="LLAMA billion DOWNLOADS"))
    assert "meta-llama-1b-downloads" in set(rows["milestone_id"])
    assert milestones.select(tables, Selection(text="llama zebra")).empty


def test_a_search_is_no_pattern(tables: Tables) -> None:
    assert milestones.select(tables, Selection(text="(.*")).empty
