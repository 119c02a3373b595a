"""A view is named by its milestone, else by its filter, else by its page."""

from __future__ import annotations

import datetime as dt

import pytest

from tapeline import titles
from tapeline.milestones import Tables
from tapeline.selection import Selection


@pytest.mark.parametrize(
    ("selection", "page", "event", "expected"),
    [
        (Selection(), "", None, "Tapeline: AI milestones beside the market"),
        (Selection(), "Data", None, "Data · Tapeline"),
        (Selection(companies=("deepseek", "meta"), kinds=("funding",)), "", None, "DeepSeek and Meta, funding · Tapeline"),
        (Selection(openness=("open_weights",), start=dt.date(2025, 1, 1)), "Data", None, "Open weights, since 2025-01-01 · Data · Tapeline"),
        (Selection(start=dt.date(2025, 1, 1), end=dt.date(2025, 2, 1), text="llama"), "", None, "2025-01-01 to 2025-02-01, “llama” · Tapeline"),
        (
            Selection(companies=("meta",)),
            "",
            "deepseek-r1",
            "DeepSeek releases the R1 reasoning model with open weights under the MIT licence · Tapeline",
        ),
    ],
)
def test_a_title_says_what_is_shown(tables: Tables, selection: Selection, page: str, event: str | None, expected: str) -> None:
    assert titles.of(tables, selection, page, event) == expected


def test_a_description_counts_or_says_that_nothing_matches(tables: Tables) -> None:
    assert titles.description(tables, Selection(text="zebra")) == "No milestone matches this filter."
    assert titles.description(tables, Selection()).startswith(f"{len(tables.milestones)} AI milestones from ")
