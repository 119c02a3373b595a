"""The openness page as a link opens it."""

from __future__ import annotations

import pytest

from tapeline import milestones, openness
from tapeline.milestones import Tables
from tapeline.openness import OPEN
from tapeline.selection import Selection
from tests.pages.opened import opened, words


def test_the_page_says_how_many_releases_were_open(tables: Tables) -> None:
    found = openness.releases(tables, tables.milestones)
    shown = words(opened("openness"))
    assert f"{(found['openness'] == OPEN).sum()} of {len(found)} releases in view had open weights" in shown
    assert "OpenAI opened weights in August 2025" in shown
    assert "The figure is size, not ability" in shown


def test_the_filter_reaches_every_exhibit(tables: Tables) -> None:
    test = opened("openness", "licences", company=["meta"])
    rows = milestones.select(tables, Selection(companies=("meta",)))
    shown = words(test)
    assert "Meta: open weights against closed" in shown
    turns = next(frame.value for frame in test.dataframe if "Turn" in frame.value)
    assert len(turns) == len(openness.turns(tables, rows))
    licences = next(frame.value for frame in test.dataframe if "Licence" in frame.value)
    assert licences["Releases"].sum() == ((rows["openness"] == OPEN) & (rows["kind"] == "model_release")).sum()


def test_quarters_shares_and_the_metric_stand_in_the_link() -> None:
    test = opened("openness", "releases-by-openness", by="quarter", counted="share", metric=["context_length"])
    assert "Context length: open weights reached" in words(test)
    periods = next(frame.value for frame in test.dataframe if "Quarter" in frame.value)
    assert periods["Quarter"].iloc[0] == "2017Q2"
    assert "Ignored in this link" in words(opened("openness", by="week"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"q": "zebra"}, "No milestone matches this filter."),
        ({"kind": ["funding"]}, "No milestone in view is the release of a model."),
        ({"kind": ["strategy"]}, "Who turned, and when"),
        ({"company": ["anthropic"]}, "No release in view had open weights."),
        ({"company": ["perplexity"]}, "No row of strategy in view turns"),
        ({"q": "gpt-oss-120b"}, "1 of 1 release in 2025 had open weights"),
        ({"openness": ["open_weights"]}, "Total parameters: no closed release in view states it"),
    ],
)
def test_what_is_not_there_is_said(query: dict[str, list[str] | str], said: str) -> None:
    assert said in words(opened("openness", **query))


def test_every_company_can_be_chosen(tables: Tables) -> None:
    counts = tables.milestones["company_id"].value_counts()
    for company in [counts.index[0], counts.index[-1], "mozilla", "european-union"]:
        opened("openness", company=[company])
