"""The reactions in a real browser: from a card to the test, each control, a file of one's own."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page

from tapeline.milestones import Tables
from tests.browser.conftest import Open, settle


def main_text(page: Page) -> str:
    return page.inner_text("[data-testid=stMain]").replace("\u2060", "")


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def test_from_the_card_of_the_fall_to_its_test(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?event=deepseek-nvidia-record-fall")
    page.get_by_role("link", name="Was it more than chance? Measure the reaction").click()
    page.wait_for_url(re.compile(r"/reactions\?.*milestone=deepseek-nvidia-record-fall"))
    page.get_by_text("fell 9.5\u202f% more than its market exposure explains").wait_for()
    choose(page, "Event window", "[0, 0]")
    page.get_by_text("NVDA fell 13.2\u202f% more than its market exposure explains on day 0").wait_for()
    choose(page, "Expected return", "Market-adjusted")
    page.get_by_text("more than its market on day 0").wait_for()
    with page.expect_download() as started:
        page.get_by_role("button", name=re.compile("CSV, 1 share")).click()
    taken = pd.read_csv(Path(started.value.path()))
    assert taken.loc[0, "model"] == "market_adjusted"
    assert taken.loc[0, "window"] == "0:0"
    assert taken.loc[0, "return_day_zero"] == pytest.approx(-0.1697, abs=5e-5)


def test_groups_obey_the_filter(address: str, open_page: Open, tables: Tables) -> None:
    page = open_page(f"{address}/reactions?company=openai")
    page.get_by_text("Many milestones", exact=True).click()
    settle(page)
    choose(page, "Compare", "By kind")
    assert "The largest reactions" in main_text(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="CSV, 31 days").click()
    daily = pd.read_csv(Path(started.value.path()))
    assert daily["day"].tolist() == list(range(-10, 21))
    assert daily["window"].unique().tolist() == ["-1:1"]
    with page.expect_download() as started:
        page.get_by_role("button", name=re.compile(r"CSV, \d+ events")).click()
    studied = set(pd.read_csv(Path(started.value.path()))["milestone_id"])
    assert studied <= set(tables.milestones.query("company_id == 'openai'")["milestone_id"])
    assert len(studied) > 20


def test_a_file_of_ones_own_is_studied_and_its_bad_row_named(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/reactions")
    page.get_by_text("Your own", exact=True).click()
    settle(page)
    text = "ticker,date,label\nNVDA,2025-01-27,The fall\nNOPE,2025-01-27,Nobody\nMSFT,27 January,No date\n"
    page.locator("input[type=file]").set_input_files({"name": "events.csv", "mimeType": "text/csv", "buffer": io.BytesIO(text.encode()).getvalue()})
    page.get_by_text("events.csv, row 3").first.wait_for()
    shown = main_text(page)
    assert "row 4, column date: found '27 January'" in shown
    assert "NVDA fell" in shown or "The fall fell" in shown
    page.locator("input[type=file]").set_input_files({"name": "sheet.csv", "mimeType": "text/csv", "buffer": b"PK\x03\x04nothing"})
    page.get_by_text("found a spreadsheet (or another zip file); expected a CSV").wait_for()


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_nothing_is_wider_than_the_window(width: int, address: str, open_page: Open) -> None:
    page = open_page(f"{address}/reactions?milestone=openai-open-weight-model-plan", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_text("Many milestones", exact=True).click()
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
