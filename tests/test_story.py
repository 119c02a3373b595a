"""The story's numbers and dates are those of the tables."""

from __future__ import annotations

import dataclasses
import re

import pytest

from tapeline import story
from tapeline.errors import StoryError
from tapeline.milestones import Tables
from tapeline.story import SLOT, STEPS, Step

NAMES = re.compile(r"\b(?:GPT-[234]|R1|Llama 2)\b")


def slots(step: Step) -> list[tuple[str, str, str]]:
    return SLOT.findall(f"{step.heading} {step.words}")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_every_row_that_a_step_names_is_there_and_has_a_source(tables: Tables, step: Step) -> None:
    known, sourced = set(tables.milestones["milestone_id"]), set(tables.sources["milestone_id"])
    assert set(step.rows) <= known
    assert {step.chart.since, step.chart.until} <= known
    assert set(step.rows) <= sourced
    assert set(step.chart.companies) <= set(tables.companies["company_id"])
    assert set(step.chart.shares) <= set(tables.instruments["ticker"])
    assert not step.chart.metric or step.chart.metric in set(tables.metrics["metric_id"])


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_no_number_is_typed_into_the_words(step: Step) -> None:
    for words in (step.heading, step.words, story.LEAD, story.TITLE):
        assert not re.search(r"\d", NAMES.sub("", SLOT.sub("", words)))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_what_a_sentence_says_stands_beneath_it(step: Step) -> None:
    """A row that lends a number to the words is among the step's rows, or among those of a step before."""
    before = {name for other in STEPS[: STEPS.index(step) + 1] for name in other.rows}
    named = {name for slot in slots(step) for name in (slot[0], slot[2] if slot[1] == "until" else "")} - {""}
    assert named <= before


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_a_step_is_filled_without_a_slot_left(tables: Tables, step: Step) -> None:
    for words in (step.heading, step.words):
        assert not re.search(r"[{}|]", story.filled(tables, words))
    assert len(story.seen(tables, step.chart))


def test_the_sentences_hold_the_numbers_of_the_tables(tables: Tables) -> None:
    said = {step.key: story.filled(tables, f"{step.heading}. {step.words}") for step in STEPS}
    assert "fell by 16.97\u202f% on 27 January 2025, a loss of about 589\u202fbn to 593\u202fbn USD of market value" in said["deepseek"]
    assert "SoftBank led a round of 40\u202fbn USD" in said["round"]
    assert "at a valuation of 300\u202fbn USD" in said["round"]
    assert "it won 1\u202fM users" in said["images"]
    assert "about 1\u202fbn downloads" in said["llama"]
    assert "around 31 March 2025" in said["reaction"]


def test_a_changed_figure_changes_the_sentence(tables: Tables) -> None:
    figures = tables.figures.copy()
    figures.loc[(figures["milestone_id"] == "openai-funding-40bn") & (figures["metric_id"] == "equity_announced"), "value"] = 41e9
    other = dataclasses.replace(tables, figures=figures)
    assert story.filled(other, "{openai-funding-40bn|equity_announced}") == "41\u202fbn USD"


@pytest.mark.parametrize(
    ("milestone_id", "metric_id", "said"),
    [
        ("openai-funding-41bn", "equity_announced", "milestones.csv: found no row 'openai-funding-41bn'"),
        ("openai-funding-40bn", "equity_closed", "figures.csv: found no 'equity_closed' of 'openai-funding-40bn'"),
    ],
)
def test_a_row_or_figure_that_is_missing_is_named(tables: Tables, milestone_id: str, metric_id: str, said: str) -> None:
    with pytest.raises(StoryError, match=re.escape(said)):
        story.figure(tables, milestone_id, metric_id)
