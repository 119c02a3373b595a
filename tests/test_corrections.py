"""A letter carries the row, and goes to the repository that CITATION.cff names, or nowhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tapeline import corrections
from tapeline.milestones import Tables


def test_a_correction_carries_id_version_figures_and_sources(tables: Tables) -> None:
    letter = corrections.correction(tables, "deepseek-r1")
    assert letter.title == "Correct deepseek-r1"
    for part in (
        "Row: deepseek-r1",
        f"Data version: {tables.book.version}",
        "Date: 2025-01-20",
        "671\u202fbn parameters",
        "What is wrong:",
        "https://",
    ):
        assert part in letter.body


def test_a_suggestion_asks_in_the_words_of_the_codebook(tables: Tables) -> None:
    letter = corrections.suggestion(tables)
    fields = tables.book.fields("milestones")
    assert fields["date"]["description"].rstrip(".") in letter.body
    assert ", ".join(fields["kind"]["constraints"]["enum"]) in letter.body


def test_the_address_comes_from_citation_cff_alone(tmp_path: Path, tables: Tables) -> None:
    path = tmp_path / "CITATION.cff"
    assert corrections.repository(path) is None
    path.write_text('title: "x"\n')
    assert corrections.repository(path) is None
    path.write_text('title: "x"\nrepository-code: "https://example.org/us/tapeline.git"\n')
    home = corrections.repository(path)
    assert home == "https://example.org/us/tapeline"
    letter = corrections.correction(tables, "deepseek-r1")
    parts = urlsplit(corrections.address(letter, home))
    assert parts.path == "/us/tapeline/issues/new"
    assert parse_qs(parts.query) == {"title": [letter.title], "body": [letter.body]}
    assert max(len(corrections.address(corrections.correction(tables, name), home)) for name in tables.milestones["milestone_id"]) < 8000
