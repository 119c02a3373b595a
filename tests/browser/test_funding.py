"""The funding page in a real browser."""

from __future__ import annotations

import re

import pytest

from tapeline import funding, milestones, package
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tests.browser.conftest import Open, Serve, settle
from tests.browser.exhibits import choose, click, ids, outside, taken, traces

OPENAI = Selection(companies=("openai",))


def test_the_filter_reaches_the_charts_and_the_files(address: str, open_page: Open, tables: Tables) -> None:
    page = open_page(f"{address}/funding?company=openai")
    expected = funding.rounds(tables, milestones.select(tables, OPENAI))
    assert ids(page, "funding-rounds") == sorted(expected["milestone_id"])
    name, frame = taken(page, "funding-rounds")
    assert name == f"tapeline-funding-rounds_openai_{package.read_codebook(package.SHIPPED).version}.csv"
    assert list(frame["milestone_id"]) == list(expected["milestone_id"])
    assert list(frame["value"]) == list(expected["value"])
    values = funding.valuations(tables, milestones.select(tables, OPENAI))
    _, steps = taken(page, "valuations")
    assert ids(page, "valuations") == sorted(steps["milestone_id"]) == sorted(values["milestone_id"])


def test_a_mark_opens_its_card_and_a_bar_its_rounds(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/funding?company=openai")
    click(page, "funding-rounds", "openai-funding-40bn")
    assert "event=openai-funding-40bn" in page.url
    assert "Sources" in page.inner_text("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    click(page, "valuations", "openai-funding-122bn")
    assert "event=openai-funding-122bn" in page.url
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    click(page, "funding-named", "openai-funding-6-6bn" if "openai-funding-6-6bn" in ids(page, "funding-named") else "openai-microsoft-1bn-2019")
    assert "2 milestones" in page.inner_text("dialog[open]")


def test_the_table_twin_opens_below_and_holds_the_same_rows(address: str, open_page: Open, tables: Tables) -> None:
    page = open_page(f"{address}/funding?company=openai")
    expected = len(funding.rounds(tables, milestones.select(tables, OPENAI)))
    page.get_by_text(f"Table, {expected} amounts").click()
    table = page.locator("[class*='st-key-table-funding-rounds'] table[role=grid]")
    table.wait_for(state="attached")
    assert int(table.get_attribute("aria-rowcount") or 0) == expected + 1


def test_another_metric_is_added_up_and_stands_in_the_link(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/funding")
    choose(page, "Add up", "Equity closed")
    page.wait_for_url(re.compile("metric=equity_closed"))
    settle(page)
    assert page.get_by_role("heading", name=re.compile("^Equity closed:")).count()
    _, frame = taken(page, "funding-by-year")
    assert set(frame["metric_id"]) == {"equity_closed"}
    other = open_page(page.url)
    assert other.get_by_role("heading", name=re.compile("^Equity closed:")).count()


def test_paths_of_new_shares_are_the_index_from_their_first_session(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/funding")
    _, frame = taken(page, "listings")
    drawn = {trace["name"]: trace for trace in traces(page, "listings")}
    assert {"ARM", "CRWV"} <= set(frame.columns) & set(drawn)
    first = frame[frame["CRWV"] != ""].iloc[0]
    assert (first["date"], float(first["CRWV"])) == ("2025-03-28", 100.0)
    assert drawn["CRWV"]["x"][0] == "2025-03-28"


def test_the_first_deep_link_to_a_fresh_server_has_the_dashboard_around_it(serve: Serve, open_page: Open) -> None:
    page = open_page(f"{serve()}/funding?company=openai")
    assert page.get_by_role("heading", name="OpenAI: money raised, and at what value").count()
    assert page.get_by_role("combobox", name="Companies").count()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1120, 820, 390])
def test_nothing_is_wider_than_the_window(address: str, open_page: Open, width: int, theme: str) -> None:
    page = open_page(f"{address}/funding", width, 900, theme)
    assert traces(page, "listings")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert outside(page, width) == []
