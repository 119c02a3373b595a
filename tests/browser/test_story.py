"""The story in a real browser."""

from __future__ import annotations

import pytest

from tapeline import story
from tests.browser.conftest import Open, settle
from tests.browser.exhibits import click, outside, taken, traces


def test_a_row_and_a_mark_open_their_cards(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/story")
    page.locator(".st-key-row-announced-openai-gpt-oss").get_by_role("button").click()
    page.wait_for_selector("dialog[open]")
    assert "event=openai-gpt-oss" in page.url
    assert "Sources" in page.inner_text("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    click(page, "story-llama", "meta-llama-1b-downloads")
    assert "event=meta-llama-1b-downloads" in page.url


def test_the_last_step_says_what_the_page_of_reactions_says_and_leads_there(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/story")
    told = page.locator(".st-key-story-reaction h2").inner_text()
    page.get_by_role("link", name="Measure it yourself").click()
    page.wait_for_url(f"**/reactions?*milestone={story.ANNOUNCED}*")
    page.get_by_text("Event window").first.wait_for()
    settle(page)
    assert page.locator("[data-testid=stMain] h2").first.inner_text() == told


def test_the_rows_of_the_story_can_be_taken(address: str, open_page: Open) -> None:
    _, frame = taken(open_page(f"{address}/story"), "story")
    assert set(frame["milestone_id"]) == {name for step in story.STEPS for name in step.rows}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 820, 390])
def test_nothing_is_wider_than_the_window(address: str, open_page: Open, width: int, theme: str) -> None:
    page = open_page(f"{address}/story", width, 900, theme)
    for step in story.STEPS:
        assert traces(page, f"story-{step.key}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert outside(page, width) == []
