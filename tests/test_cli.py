"""The commands say what they did, and exit 1 or 2 when they did not."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tapeline import cli, export, milestones
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tests.conftest import ROOT


def test_check_prints_counts(capsys: pytest.CaptureFixture[str], tables: Tables) -> None:
    assert cli.main(["check"]) == 0
    printed = capsys.readouterr().out
    assert f"{len(tables.milestones)} milestones from {tables.milestones['date'].min():%Y-%m-%d}" in printed
    assert "54 instruments" in printed


def test_export_writes_the_bytes_of_the_download(tmp_path: Path, tables: Tables) -> None:
    target = tmp_path / "out.csv"
    assert cli.main(["export", "--company", "deepseek", "--from", "2025-01-01", "--output", str(target)]) == 0
    chosen = Selection(companies=("deepseek",), start=dt.date(2025, 1, 1))
    assert target.read_bytes() == export.csv(export.milestones(tables, milestones.select(tables, chosen)))


def test_export_goes_to_standard_output() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tapeline", "export", "--company", "meta", "--format", "json"], capture_output=True, check=True, cwd=ROOT
    )
    assert {row["company_id"] for row in json.loads(done.stdout)} == {"meta"}


def test_export_names_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", "--company", "nobody"]) == 2
    message = capsys.readouterr().err
    assert "Nothing here has company=nobody" in message and "deepseek" in message


def test_export_into_a_folder_that_is_not_there_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", "--output", str(tmp_path / "nowhere" / "out.csv")]) == 1
    assert "No such file or directory. Nothing was changed." in capsys.readouterr().err


def test_snapshot_derives_the_index_of_a_package(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closes = tmp_path / "closes.csv"
    closes.write_text("date,ticker,adj_close\n2025-01-24,NVDA,142.58\n2025-01-27,NVDA,118.39\n")
    assert cli.main(["--data", str(base), "snapshot", "--from", str(closes)]) == 0
    assert (base / "market_index.csv").read_text() == "date,NVDA\n2025-01-24,100\n2025-01-27,83.034\n"
    assert "1 ticker, 2 sessions, 2025-01-24 to 2025-01-27." in capsys.readouterr().out


def test_snapshot_of_bad_closes_leaves_the_index(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closes, before = tmp_path / "closes.csv", (base / "market_index.csv").read_bytes()
    closes.write_text("date,ticker,adj_close\n2025-01-24,NVDA,-1\n")
    assert cli.main(["--data", str(base), "snapshot", "--from", str(closes)]) == 1
    assert "Row 2" in capsys.readouterr().err
    assert (base / "market_index.csv").read_bytes() == before


def test_wrong_usage_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(["refresh", "--since", "yesterday"])
    assert stop.value.code == 2
    assert "found 'yesterday', expected a date as 2025-01-27" in capsys.readouterr().err


def test_snapshot_of_an_empty_store_changes_nothing(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (base / "market_index.csv").read_bytes()
    assert cli.main(["--data", str(base), "snapshot"]) == 0
    assert "No ticker changed its length." in capsys.readouterr().out
    assert (base / "market_index.csv").read_bytes() == before
