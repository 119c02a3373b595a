"""The codebook as a table leaves no column out and says what may stand in each."""

from __future__ import annotations

import pytest

from tapeline import codebook, package
from tapeline.milestones import Tables


@pytest.mark.parametrize("name", package.EVERYTHING)
def test_every_column_is_there_with_name_meaning_and_type(tables: Tables, name: str) -> None:
    shown = codebook.of(tables.book, name)
    assert list(shown["Column"]) == list(tables.book.fields(name))
    assert (shown[["Name", "Meaning", "Type"]] != "").all(axis=None)


def test_allowed_values_carry_labels_bounds_and_where_they_point(tables: Tables) -> None:
    allowed = codebook.of(tables.book, "milestones").set_index("Column")["Allowed"]
    assert allowed["kind"].startswith("model_release (Release), product_launch (Launch), adoption (Adoption)")
    assert allowed["date_precision"] == "day, month, quarter"
    assert allowed["importance"] == "1, 2, 3"
    assert allowed["company_id"] == "a company_id of companies"
    assert allowed["milestone_id"] == "up to 60 characters; each value once"
    assert codebook.of(tables.book, "market_index").set_index("Column").loc["NVDA", "Unit"] == "index, first session = 100"
    assert codebook.key(tables.book, "milestones") == ["milestone_id"]
