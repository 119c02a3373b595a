"""The page of the data, run without a browser: the first run is the dashboard's, the second the page's own."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tapeline import package
from tapeline.milestones import Tables
from tests.conftest import ROOT
from tests.pages.test_overview import words


def page(name: str = "data", **query: Any) -> AppTest:
    test = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    test.switch_page(f"pages/{name}.py")
    test.run()
    assert not test.exception
    return test


def codes(test: AppTest) -> str:
    return "\n".join(element.value for element in test.code)


def test_the_headline_counts_and_names_version_and_licence(tables: Tables) -> None:
    shown = words(page())
    assert f"{len(tables.milestones)} milestones, {len(tables.figures)} figures" in shown
    assert tables.book.version in shown and "CC-BY-4.0" in shown


def test_the_table_holds_the_rows_of_the_filter_the_newest_first(tables: Tables) -> None:
    table = page(company=["deepseek"]).dataframe[0].value
    rows = tables.milestones[tables.milestones["company_id"] == "deepseek"]
    assert list(table["milestone_id"]) == list(rows["milestone_id"])[::-1]
    assert set(table["company_id"]) == {"DeepSeek"}


def test_one_row_and_no_row_have_their_page_too(tables: Tables) -> None:
    one = page(q=tables.milestones["title"].iloc[0])
    assert len(one.dataframe[0].value) == 1
    none = page(q="zebra unicorn")
    assert "No milestone matches this filter." in words(none)
    assert "0 milestones, 0 figures, 0 sources" in words(none)
    assert "@misc{tapeline_" in codes(none), "the set can still be cited"
    assert none.selectbox(key="row-option").disabled


@pytest.mark.parametrize("name", package.EVERYTHING)
def test_every_table_shows_its_meaning_and_its_rows(tables: Tables, name: str) -> None:
    test = page()
    test.button_group(key="table-option").set_value(name).run()
    assert not test.exception
    described = tables.book.tables[name]
    assert described["title"] in [header.value for header in test.header]
    assert described["description"] in words(test)


def test_a_row_is_cited_and_its_letter_filled_in(tables: Tables) -> None:
    test = page(company=["deepseek"])
    test.selectbox(key="row-option").set_value("deepseek-r1").run()
    assert "@misc{tapeline_deepseek_r1_" in codes(test)
    assert "Row: deepseek-r1" in codes(test)
    assert "names no public repository yet" in words(test)


def test_table_row_and_tab_of_a_link_are_open(tables: Tables) -> None:
    test = page(table="figures", row="deepseek-r1", part="cite")
    assert test.button_group(key="table-option").value == "figures"
    assert test.selectbox(key="row-option").value == "deepseek-r1" and "Row: deepseek-r1" in codes(test)
    assert test.session_state["part-tabs"] == "Cite and correct"
    wrong = page(table="no-such", row="no-such", part="no-such")
    assert "table=no-such, part=no-such, row=no-such" in words(wrong)
    assert wrong.button_group(key="table-option").value == "milestones"


def test_what_changed_and_the_licence_stand_on_the_page(tables: Tables) -> None:
    test = page()
    assert any(header.value.startswith(tables.book.version) for header in test.header)
    assert "Creative Commons Attribution 4.0 International" in words(test)


def test_the_method_and_the_rules_of_the_data_are_on_one_page() -> None:
    test = page("method")
    headings = [header.value for header in test.header]
    for heading in ("Day 0", "Limits", "What is in", "Known gaps"):
        assert heading in headings
    assert "<!--" not in words(test)
