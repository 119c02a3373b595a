"""The adoption page in a real browser."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from tapeline import adoption
from tapeline.milestones import Tables
from tests.browser.conftest import Open, settle
from tests.browser.exhibits import choose, click, ids, outside, taken, traces

WEEKLY, DOWNLOADS = "weekly-active-users", "cumulative-downloads"


def of(tables: Tables, rows: pd.DataFrame, metric: str) -> pd.DataFrame:
    found = adoption.figures(tables, rows)
    return found[found["metric_id"] == metric].reset_index(drop=True)


def test_users_and_downloads_are_one_click_from_a_fresh_visit(address: str, open_page: Open) -> None:
    page = open_page(address)
    page.get_by_role("link", name="Adoption").click()
    page.wait_for_url(f"{address}/adoption")
    settle(page)
    assert "ChatGPT" in {trace["name"] for trace in traces(page, WEEKLY)}
    assert "Llama" in {trace["name"] for trace in traces(page, DOWNLOADS)}
    bottoms = [page.locator(f"[class*='st-key-{name}-'] .js-plotly-plot").first.bounding_box() for name in (WEEKLY, DOWNLOADS)]
    assert all(box and box["y"] + box["height"] <= 900 for box in bottoms), "both stand in the first view"


def test_the_files_hold_what_the_charts_show(address: str, open_page: Open, tables: Tables) -> None:
    page = open_page(f"{address}/adoption?company=meta&company=openai")
    rows = tables.milestones[tables.milestones["company_id"].isin(["meta", "openai"])]
    for metric, name in (("weekly_active_users", WEEKLY), ("cumulative_downloads", DOWNLOADS)):
        expected = of(tables, rows, metric)
        _, frame = taken(page, name)
        assert ids(page, name) == sorted(frame["milestone_id"]) == sorted(expected["milestone_id"])
        assert list(frame["value"]) == list(expected["value"])
        _, days = taken(page, f"{name}-from-launch")
        assert list(days["days"]) == list(adoption.since_launch(tables, expected)["days"])


def test_a_mark_opens_its_card(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/adoption")
    click(page, DOWNLOADS, "meta-llama-1b-downloads")
    assert "event=meta-llama-1b-downloads" in page.url
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    click(page, f"{WEEKLY}-from-launch", "openai-chatgpt-400m-weekly-users")
    assert "event=openai-chatgpt-400m-weekly-users" in page.url


def test_another_metric_can_be_chosen_and_stands_in_the_link(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/adoption")
    choose(page, "Metric", "Monthly active users")
    page.wait_for_url(re.compile("metric=monthly_active_users&metric=cumulative_downloads"))
    settle(page)
    assert "Meta AI" in {trace["name"] for trace in traces(page, "monthly-active-users")}
    other = open_page(page.url)
    assert other.get_by_role("heading", name=re.compile("^Monthly active users: ")).count()
    other.get_by_role("link", name="Funding").click()
    other.wait_for_url(f"{address}/funding")
    page.go_back()
    page.wait_for_url(f"{address}/adoption")
    settle(page)
    assert "ChatGPT" in {trace["name"] for trace in traces(page, WEEKLY)}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1120, 820, 390])
def test_nothing_is_wider_than_the_window(address: str, open_page: Open, width: int, theme: str) -> None:
    page = open_page(f"{address}/adoption?metric=monthly_active_users", width, 900, theme)
    assert traces(page, "monthly-active-users") and traces(page, DOWNLOADS)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert outside(page, width) == []
