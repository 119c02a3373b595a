"""Every chart of every page has its numbers beside it: a table that opens, and a file where the numbers may be taken away."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tapeline import story
from tests.pages.opened import opened

REACTIONS = {"reaction-paths-deepseek-nvidia-record-fall", "reaction-placebo"}
PAGES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("overview", {}, {"tape"}),
    ("story", {}, {f"story-{step.key}" for step in story.STEPS}),
    ("markets", {}, {"comparison"}),
    ("reactions", {"milestone": "deepseek-nvidia-record-fall"}, REACTIONS),
    ("funding", {}, {"funding-rounds", "valuations", "funding-by-year", "funding-named", "funding-led", "listings"}),
    ("adoption", {}, {"weekly-active-users", "cumulative-downloads", "weekly-active-users-from-launch", "cumulative-downloads-from-launch"}),
    ("openness", {}, {"releases-by-openness", "openness-paths", "releases-and-turns", "openness-by-company", "openness-by-country",
                      "openness-sizes", "stated-sizes", "licences"}),
]  # fmt: skip


def twins(test: AppTest) -> set[str]:
    return {str(toggle.key).removeprefix("twin-") for toggle in test.toggle if str(toggle.key).startswith("twin-")}


@pytest.mark.parametrize(("name", "query", "expected"), PAGES, ids=lambda value: value if isinstance(value, str) else "")
def test_each_chart_has_a_table_that_opens_and_a_file(name: str, query: dict[str, Any], expected: set[str]) -> None:
    test = opened(name, **query)
    assert twins(test) == expected
    before = len(test.dataframe)
    opened_up = opened(name, *expected, **query)
    tables = [frame.value for frame in opened_up.dataframe]
    assert len(tables) == before + len(expected)
    assert all(len(table) and len(table.columns) >= 2 for table in tables)
    files = [button.proto.label for button in test.get("download_button") if "CSV" in button.proto.label]
    assert len(files) >= len(expected)


def test_groups_of_milestones_have_theirs() -> None:
    test = opened("reactions")
    test.button_group(key="study-mode").set_value("Many milestones").run()
    assert not test.exception
    assert twins(test) == {"reactions-groups", "reactions-path", "reactions-heat"}
    for name in twins(test):
        test.toggle(key=f"twin-{name}").set_value(True)
    test.run()
    assert not test.exception
    tables = [frame.value for frame in test.dataframe]
    path = next(table for table in tables if "Added up" in table)
    assert list(path["Day"]).count("0") == 1
    heat = next(table for table in tables if "Milestone" in table and "NVDA" in table)
    assert heat["Milestone"].is_unique


def test_the_table_of_days_says_what_the_path_says() -> None:
    test = opened("reactions", *REACTIONS, milestone="deepseek-nvidia-record-fall")
    table = next(frame.value for frame in test.dataframe if "95 %, from" in frame.value)
    assert list(table)[:3] == ["Day", "Date", "NVDA"]
    day = table.set_index("Day").loc["0"]
    assert day["Date"] == "2025-01-27" and day["NVDA"].startswith("−2")
    assert table.set_index("Day")["NVDA"]["−1"].startswith("−")
    assert len(next(frame.value for frame in test.dataframe if "Other sessions" in frame.value)) > 10
