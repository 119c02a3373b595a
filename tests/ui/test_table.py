"""The whole table says every row as people read it."""

from __future__ import annotations

from tapeline import milestones
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tapeline.ui import table


def test_labels_figures_with_units_and_links(tables: Tables) -> None:
    rows = milestones.select(tables, Selection(companies=("deepseek",)))
    shown = table.readable(tables, rows).set_index("milestone_id")
    r1 = shown.loc["deepseek-r1"]
    assert (r1["date"], r1["company_id"], r1["kind"], r1["openness"], r1["licence"]) == ("2025-01-20", "DeepSeek", "Release", "Open weights", "MIT")
    assert r1["figures"].startswith("671\u202fbn parameters (Total parameters); 37\u202fbn parameters (Active parameters); ")
    assert (r1["value"], r1["metric"], r1["session"]) == (671e9, "Total parameters", "New York was closed")
    assert r1["source_1"].startswith("https://") and r1["sources"] >= 2
    assert list(shown.index) == list(rows["milestone_id"])


def test_every_row_of_the_data_can_be_said_and_nothing_is_missing(tables: Tables) -> None:
    shown = table.readable(tables, tables.milestones)
    assert len(shown) == len(tables.milestones)
    assert set(tables.book.fields("milestones")) <= set(shown)
    for width, columns in table.SHOWN.items():
        assert set(columns) <= set(shown), width
    text = shown[["date", "company_id", "title", "kind", "openness", "session", "source_1", "figures"]]
    assert text.notna().all(axis=None)
    assert table.readable(tables, tables.milestones.iloc[:0]).empty
