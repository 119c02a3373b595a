"""Hard data and narrow filters: every page opens, and answers in words."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from tapeline import milestones, package
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tapeline.ui.text import isolated
from tests.hard import COMPANY, NAME, ROWS, harden
from tests.pages.opened import opened, words

PAGES = ("overview", "markets", "reactions", "funding", "adoption", "openness", "data")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = Path(copytree(package.SHIPPED, tmp_path_factory.mktemp("hard") / "data"))
    harden(base)
    return base


@pytest.fixture
def hard(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAPELINE_DATA", str(folder))
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_two_hundred_rows_a_far_value_and_a_name_from_right_to_left(hard: Path, name: str) -> None:
    tables = milestones.load(hard)
    assert len(milestones.select(tables, Selection(companies=(COMPANY,)))) >= ROWS * 0.8
    assert isolated(NAME) in words(opened(name, company=[COMPANY]))
    opened(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("overview", "policy"), ("markets", "market"), ("reactions", "market"), ("reactions", "adoption"), ("funding", "funding"),
     ("adoption", "adoption"), ("openness", "model_release"), ("openness", "funding"), ("data", "policy")],
)  # fmt: skip
def test_one_row_is_enough_for_every_page(tables: Tables, name: str, kind: str) -> None:
    rows = tables.milestones[(tables.milestones["kind"] == kind) & (tables.milestones["date_precision"] == "day")]
    test = opened(name, q=rows["title"].iloc[-1])
    assert "No milestone matches this filter." not in words(test)


@pytest.mark.parametrize("name", PAGES)
def test_no_row_is_said_in_words(name: str) -> None:
    test = opened(name, q="zebra unicorn")
    assert "No milestone matches this filter." in words(test) or "Nothing to compare" in words(test)
    assert not [frame for frame in test.dataframe if not len(frame.value)], "an empty table says nothing"


@pytest.mark.parametrize("name", ["adoption", "funding", "openness"])
def test_a_metric_without_figures_in_view_gives_way_to_one_that_has_some(name: str) -> None:
    shown = words(opened(name, metric=["words_per_day"], company=["meta"]))
    assert "words per day" not in shown.casefold() and "Traceback" not in shown
