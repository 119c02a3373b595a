"""The openness page in a real browser."""

from __future__ import annotations

import re

import pytest

from tapeline import milestones, openness, package
from tapeline.milestones import Tables
from tapeline.openness import OPEN
from tapeline.selection import Selection
from tests.browser.conftest import Open, settle
from tests.browser.exhibits import click, ids, outside, taken, traces

META = Selection(companies=("meta",))


def test_the_filter_reaches_the_charts_and_the_files(address: str, open_page: Open, tables: Tables) -> None:
    page = open_page(f"{address}/openness?company=meta")
    rows = milestones.select(tables, META)
    found, turned = openness.releases(tables, rows), openness.turns(tables, rows)
    in_lanes = sorted(name for cell in ids(page, "openness-paths") for name in cell.split())
    assert in_lanes == sorted([*found["milestone_id"], *turned["milestone_id"]])
    name, licences = taken(page, "licences")
    assert name == f"tapeline-licences_meta_{package.read_codebook(package.SHIPPED).version}.csv"
    assert list(licences["milestone_id"]) == list(found.loc[found["openness"] == OPEN, "milestone_id"])
    _, turns = taken(page, "turns")
    assert list(turns["milestone_id"]) == list(turned["milestone_id"])


def test_a_mark_opens_its_card_and_a_bar_its_releases(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/openness?company=openai")
    click(page, "openness-paths", "openai-gpt-oss")
    assert "event=openai-gpt-oss" in page.url
    assert "Sources" in page.inner_text("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    click(page, "openness-sizes", "openai-gpt-3")
    assert "event=openai-gpt-3" in page.url
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)


def test_quarters_and_shares_stand_in_the_link(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/openness")
    page.get_by_text("Quarters", exact=True).click()
    page.wait_for_url(re.compile("by=quarter"))
    settle(page)
    page.get_by_text("Share", exact=True).click()
    page.wait_for_url(re.compile("counted=share"))
    settle(page)
    _, frame = taken(page, "releases-by-openness")
    assert frame["period"].iloc[0] == "2017Q2"
    other = open_page(page.url)
    assert len(traces(other, "releases-by-openness")[-1]["x"]) == len(frame)
    page.get_by_text("Years", exact=True).click()
    page.wait_for_function("!location.search.includes('by=')")


def test_context_length_is_compared_too(address: str, open_page: Open, tables: Tables) -> None:
    page = open_page(f"{address}/openness?metric=context_length")
    assert page.get_by_role("heading", name=re.compile("^Context length: open weights reached")).count()
    expected = openness.lags(openness.sizes(tables, tables.milestones, "context_length"))
    _, frame = taken(page, "openness-sizes")
    assert list(frame["milestone_id"]) == list(expected["milestone_id"])
    assert [float(days) for days in frame["days"]] == list(expected["days"])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1120, 820, 390])
def test_nothing_is_wider_than_the_window(address: str, open_page: Open, width: int, theme: str) -> None:
    page = open_page(f"{address}/openness", width, 900, theme)
    assert traces(page, "licences")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert outside(page, width) == []
