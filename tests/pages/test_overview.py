"""The page as a link opens it, run without a browser. Clicks are in tests/browser: AppTest runs only the page's own script on a second run."""

from __future__ import annotations

from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from tapeline import once
from tapeline.milestones import Tables
from tapeline.ui import lists
from tests.conftest import ROOT


def page(**query: list[str] | str) -> AppTest:
    test = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception
    return test


def words(test: AppTest) -> str:
    shown = [*test.title, *test.caption, *test.markdown, *test.info, *test.warning, *test.error]
    return "\n".join(element.value for element in shown).replace("\\", "").replace("\u2060", "")


def test_the_headline_says_what_this_is_and_how_fresh(tables: Tables) -> None:
    shown, dates = words(page()), tables.milestones["date"]
    assert "What happened in AI, and what the market did" in shown
    assert f"{len(tables.milestones)} milestones from {dates.min():%Y-%m-%d} to {dates.max():%Y-%m-%d} · data version" in shown
    assert "Market: bundled index to 2026-08-21; TAPELINE_OFFLINE is set" in shown


def test_a_link_opens_its_view(tables: Tables) -> None:
    test = page(company=["deepseek"])
    assert "DeepSeek: what happened, and what the market did" in words(test)
    assert test.multiselect(key="company").value == ["deepseek"]
    table = test.dataframe[0].value
    assert set(table["Company"]) == {"DeepSeek"}
    assert len(table) == (tables.milestones["company_id"] == "deepseek").sum()


def test_the_finding_of_deepseek_is_nvidia_on_27_january() -> None:
    assert "NVDA: −17.0" in words(page(company=["deepseek"]))
    assert "on 27 January 2025" in words(page(company=["deepseek"]))


def test_nonsense_in_a_link_is_said_and_the_page_opens(tables: Tables) -> None:
    test = page(company=["nobody"], kind=["<b>"], event="none-such", share=["ZZZ"], **{"from": "yesterday"})
    shown = words(test)
    assert "Ignored in this link" in shown
    for part in ("company=nobody", "kind=<b>", "event=none-such", "share=ZZZ", "from=yesterday"):
        assert part in shown
    assert len(test.dataframe[0].value) == len(tables.milestones)


def test_nothing_matches_and_the_page_offers_the_reset() -> None:
    test = page(q="zebra unicorn")
    assert "No milestone matches this filter." in words(test)
    assert not test.metric
    assert test.button(key="reset-nothing")


def test_only_like_figures_are_added(tables: Tables) -> None:
    figures = tables.figures.merge(tables.milestones, on="milestone_id")
    openai = figures[(figures["company_id"] == "openai") & (figures["metric_id"] == "equity_announced")]["value"].sum()
    shown = {metric.label: metric.value for metric in page(company=["openai"]).metric}
    assert float(shown["Equity announced"].split("\u202f")[0]) == pytest.approx(openai / 1e9, rel=0.01)


def test_a_company_without_shares_still_has_its_page(tables: Tables) -> None:
    test = page(company=["european-union"])
    assert "No related share has market data" in words(test)
    assert len(test.dataframe[0].value) == (tables.milestones["company_id"] == "european-union").sum()


@pytest.mark.parametrize("name", ["overview", "data"])
def test_a_table_of_very_many_holds_the_newest_and_says_where_the_rest_is(name: str, tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST", 40)
    once.forget()
    test = page()
    if name != "overview":
        test.switch_page(f"pages/{name}.py").run()
    assert not test.exception
    once.forget()
    table = test.dataframe[0].value
    column = "What happened" if name == "overview" else "title"
    assert list(table[column]) == list(tables.milestones["title"].iloc[:-41:-1])
    assert f"The table shows the newest 40 of {len(tables.milestones)} milestones: the files below" in words(test)
    assert "hold all, and fewer dates show older ones" in words(test)


@pytest.mark.parametrize("name", ["deepseek-r1", "openai-gpt-2", "softbank-ampere-acquisition", "european-union-ai-act-vote", "meta-opt-175b"])
def test_a_card_opens_by_link(name: str, tables: Tables) -> None:
    shown = " ".join(unescape(element.proto.body) for element in page(event=name).get("html"))
    row = tables.milestones.set_index("milestone_id").loc[name]
    assert row["summary"] in shown
    for publisher in tables.sources.loc[tables.sources["milestone_id"] == name, "publisher"]:
        assert publisher in shown
    assert f"Id: {name}" in shown


def test_without_a_card_in_the_link_none_is_open() -> None:
    assert not [element for element in page().get("html") if "<article>" in element.proto.body]
