"""A milestone is added whole, in its place, after a look at what is near, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapeline import add, cli, milestones, package
from tapeline.milestones import Tables

OPTIONS = [
    "--company", "meta", "--date", "2025-03-19", "--kind", "adoption", "--product", "Llama", "--title", "Meta counts Llama downloads once more",
    "--summary", "A row made for a test.", "--source", "https://about.fb.com/news/test/", "Meta", "primary", "2025-03-19",
    "--figure", "cumulative_downloads", "1000000001",
]  # fmt: skip


def run(base: Path, *options: str) -> int:
    return cli.main(["--data", str(base), "add", *options])


def test_a_milestone_is_written_into_three_tables_in_order(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {name: (base / f"{name}.csv").read_text(encoding="utf-8").splitlines() for name in ("milestones", "sources", "figures")}
    assert run(base, *OPTIONS, "--anyway") == 0
    for name, old in before.items():
        new = (base / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert [line for line in new if line not in old] and [line for line in new if line in old] == old, name
    assert "+meta-counts-llama-downloads-once-more,2025-03-19,day,unknown,meta," in capsys.readouterr().out
    assert cli.main(["--data", str(base), "check"]) == 0, "the package is sound and stamped"
    row = milestones.load(base).milestones.set_index("milestone_id").loc["meta-counts-llama-downloads-once-more"]
    assert (row["title"], row["importance"]) == ("Meta counts Llama downloads once more", 1)


def test_what_is_near_is_shown_and_stops(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (base / "milestones.csv").read_bytes()
    assert run(base, *OPTIONS) == 1
    message = capsys.readouterr().err
    assert "near: 2025-03-18 meta-llama-1b-downloads" in message and "say --anyway" in message
    assert (base / "milestones.csv").read_bytes() == before


def test_a_fault_writes_nothing(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.read_bytes() for path in base.glob("*.*")}
    assert run(base, *OPTIONS, "--figure", "no_such_metric", "7", "--anyway") == 1
    message = capsys.readouterr().err
    assert "column metric_id: found 'no_such_metric'" in message and "Nothing was written." in message
    assert {path.name: path.read_bytes() for path in base.glob("*.*")} == before


def test_a_dry_run_shows_and_writes_nothing(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (base / "milestones.csv").read_bytes()
    assert run(base, *OPTIONS, "--anyway", "--dry-run") == 0
    assert "+++ data/milestones.csv" in capsys.readouterr().out
    assert (base / "milestones.csv").read_bytes() == before


def test_what_is_missing_is_named(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(base, "--company", "meta", "--kind", "adoption") == 2
    assert "Missing: --date, --title, --summary, --source." in capsys.readouterr().err


def test_it_asks_for_what_is_not_given(base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers = iter(["https://about.fb.com/news/test/", "Meta", "primary", "", "", "y"])

    def answer(question: str) -> str:
        return next(answers) if question.startswith(("Source", "  ", "Is it")) else ""

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    assert run(base, *OPTIONS[: OPTIONS.index("--source")]) == 0
    assert "Added meta-counts-llama-downloads-once-more." in capsys.readouterr().err


def test_near_finds_the_same_words_at_another_date(tables: Tables) -> None:
    cells = {"company_id": "nobody", "date": "2026-01-01", "title": "Meta announces a billion downloads of Llama"}
    assert list(add.near(tables, cells)["milestone_id"]) == ["meta-llama-1b-downloads"]


def test_a_slug_begins_with_the_company_once() -> None:
    assert add.slug("meta", "Meta Llama 4: Scout & Maverick") == "meta-llama-4-scout-maverick"
    assert len(add.slug("openai", "x" * 100)) <= 60


def test_the_readme_of_the_data_shows_the_present_tally(tables: Tables) -> None:
    from tapeline import tally

    text = (package.SHIPPED / "README.md").read_text(encoding="utf-8")
    assert tally.BEGIN in text
    assert tally.into(text, tables) == text
