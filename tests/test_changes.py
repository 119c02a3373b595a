"""What changed in the data is read from the change log, version by version."""

from __future__ import annotations

from pathlib import Path

from tapeline import changes, package


def test_the_version_of_the_data_says_what_it_changed() -> None:
    found = changes.of_data()
    assert any(change.heading.startswith(package.read_codebook(package.SHIPPED).version) for change in found)
    assert all(change.points.startswith("* ") for change in found)
    assert not any("python -m tapeline" in change.points for change in found), "the dashboard's part is left out"


def test_a_version_without_data_or_a_missing_log_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "CHANGELOG.md"
    assert changes.of_data(path) == []
    path.write_text("# x\n\n## 2, today\n\n### The dashboard\n\n* a\n\n## 1, before\n\n### The data\n\n* b\n\n### The dashboard\n\n* c\n")
    assert changes.of_data(path) == [changes.Change("1, before", "* b")]
