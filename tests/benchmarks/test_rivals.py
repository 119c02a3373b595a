"""What the rivals show is what Tapeline's own charts draw of the same rows."""

from __future__ import annotations

import pandas as pd

from benchmarks.rivals import overview
from tapeline import milestones
from tapeline.milestones import Tables
from tapeline.selection import Selection


def test_a_rival_shows_the_rows_of_the_filter_in_chart_table_and_file(tables: Tables) -> None:
    wanted = Selection(companies=("deepseek", "meta"))
    rows, shown = milestones.select(tables, wanted), overview.show(wanted)
    assert shown is not None
    assert sorted(shown.figure.layout.yaxis.ticktext) == ["DeepSeek", "Meta"]
    assert sorted(shown.table["id"]) == sorted(rows["milestone_id"])
    drawn = {name for trace in shown.figure.data if trace.yaxis != "y2" for cell in trace.customdata or () for name in cell[0].split()}
    assert drawn == set(rows["milestone_id"])
    assert overview.csv(wanted).decode().count("\n") >= len(rows)
    assert (shown.numbers[0].label, shown.numbers[0].value) == ("Milestones in view", str(len(rows)))


def test_a_filter_that_nothing_matches_shows_nothing() -> None:
    assert overview.show(Selection(text="no such words anywhere")) is None


def test_a_range_is_counted_back_from_the_last_day_known() -> None:
    assert overview.since("Max") is None
    assert overview.since("1Y") == (overview.data().last - pd.DateOffset(years=1)).date()


def test_a_link_is_read_as_tapeline_reads_it() -> None:
    assert overview.chosen({"company": ["meta", "nobody"], "from": ["2025-01-01"]}).to_query() == {"company": ["meta"], "from": ["2025-01-01"]}


def test_a_card_has_figures_sources_and_shares() -> None:
    card = overview.card("deepseek-r1")
    assert "DeepSeek" in card.title
    assert card.figures
    assert all(url.startswith("https://") for _, url in card.sources)
    assert {"NVDA"} <= set(card.shares["Share"])
