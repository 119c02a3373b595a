"""The story as a link opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tapeline import story
from tapeline.milestones import Tables
from tests.pages.opened import headers, opened, words


def test_every_step_stands_with_its_words_filled_from_the_tables(tables: Tables) -> None:
    test = opened("story")
    shown, said = headers(test), words(test)
    for step in story.STEPS[:-1]:
        assert story.filled(tables, step.heading) in shown
        assert story.filled(tables, step.words) in said
    assert "Rests on 8 rows" in said
    assert len(test.get("plotly_chart")) == len(story.STEPS)


def test_the_last_step_says_what_the_page_of_reactions_says() -> None:
    told = headers(opened("story"))[-1]
    assert told == headers(opened("reactions", milestone=story.ANNOUNCED))[0]


def test_the_filter_changes_nothing_and_that_is_said() -> None:
    plain, filtered = words(opened("story")), words(opened("story", company=["meta"]))
    assert plain == filtered
    assert "The filter at the side does not apply here" in plain


def test_each_row_of_a_step_opens_its_card() -> None:
    test = opened("story")
    test.button(key="row-deepseek-deepseek-r1").click().run()
    assert not test.exception
    assert test.session_state["event"] == "deepseek-r1"


def test_a_row_that_is_missing_is_named_and_the_other_steps_stand(
    base: Path, edit: Callable[[str, str, str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit("milestones", "\nopenai-funding-40bn,", "\nopenai-funding-other,")
    monkeypatch.setenv("TAPELINE_DATA", str(base))
    test = opened("story")
    assert "found no row 'openai-funding-40bn'" in words(test)
    assert len(test.get("plotly_chart")) == len(story.STEPS) - 1
