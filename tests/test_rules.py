"""Each rule that the codebook cannot say finds its fault, and only there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tapeline import package, rules

EDITS = [
    ("sources", "deepseek-r1.1,deepseek-r1,", "deepseek-r2.1,deepseek-r1,", "source_id", "'deepseek-r2.1'"),
    ("figures", ",deepseek-r1.3,\n", ",deepseek-v3.1,\n", "source_id", "'deepseek-v3.1'"),
    ("figures", "deepseek-r1,parameters_total,671000000000,,,", "deepseek-r1,parameters_total,671000000000,700000000000,,", "low",
     "700000000000 <= 671000000000 <= "),
    ("milestones", "deepseek-nvidia-record-fall,2025-01-27,day,during_session,deepseek,nvidia",
     "deepseek-nvidia-record-fall,2025-01-27,day,during_session,deepseek,nvidja", "with_companies", "'nvidja'"),
    ("milestones", "deepseek-nvidia-record-fall,2025-01-27,day,during_session,deepseek,nvidia",
     "deepseek-nvidia-record-fall,2025-01-27,day,during_session,deepseek,deepseek", "with_companies", "'deepseek'"),
    ("milestones", "deepseek-nvidia-record-fall,2025-01-27,", "deepseek-nvidia-record-fall,2999-01-20,", "date", "'2999-01-20'"),
    ("milestones", "deepseek-r1,2025-01-20,day", "deepseek-r1,2025-01-20,month", "date", "'2025-01-20'"),
    ("milestones", "deepseek-r1,2025-01-20,day", "deepseek-r1,2025-02-01,quarter", "date", "'2025-02-01'"),
    ("milestones", "DeepSeek-R1,model_release,open_weights,MIT", "DeepSeek-R1,model_release,closed,MIT", "licence", "'MIT'"),
    ("milestones", "DeepSeek-R1,model_release,open_weights,MIT", "DeepSeek-R1,model_release,not_applicable,", "openness",
     "'not_applicable' on a model release"),
    ("leads", "openai-funding-40bn,SoftBank,softbank,", "openai-funding-40bn,Blackstone,,", "led_by", "'Blackstone'"),
    ("leads", "openai-funding-40bn,SoftBank,softbank,", "openai-funding-40bn,SoftBank,openai,", "company_id", "'openai'"),
    ("leads", "harvey-15bn,Lightspeed,,", "harvey-15bn,LightSpeed,,", "led_by", "'LightSpeed'"),
    ("milestones", ",DeepSeek-R1,model_release,", ",DeepSeek-R1,funding,", "kind", "'deepseek-r1' is funding without an amount"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "column", "found"), EDITS, ids=lambda value: str(value)[:40])
def test_a_broken_rule_is_one_fault_at_its_line(  # noqa: PLR0917
    table: str, old: str, new: str, column: str, found: str, edit: Callable[[str, str, str], int], base: Path
) -> None:
    line = edit(table, old, new)
    faults = rules.faults(package.read_codebook(base))
    assert [(fault.table, fault.row, fault.column) for fault in faults] == [(table, line, column)]
    assert faults[0].found.startswith(found)


def test_an_event_is_told_once(base: Path) -> None:
    path = base / "milestones.csv"
    again = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("deepseek-r1,"))
    path.write_text(path.read_text(encoding="utf-8") + again.replace("deepseek-r1,", "deepseek-r1-again,", 1) + "\n", encoding="utf-8")
    faults = rules.faults(package.read_codebook(base))
    assert {(fault.column, fault.found.split(" (")[0]) for fault in faults if fault.column in ("title", "product")} == {
        ("title", "a second row for one event"), ("product", "a second row for one event")}  # fmt: skip


def test_one_page_is_not_two_sources(base: Path) -> None:
    path = base / "sources.csv"
    line = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("deepseek-r1.1,"))
    path.write_text(path.read_text(encoding="utf-8") + line.replace("deepseek-r1.1,", "deepseek-r1.9,", 1) + "\n", encoding="utf-8")
    assert [fault.column for fault in rules.faults(package.read_codebook(base))] == ["url"]


def test_a_relation_without_a_source_is_a_fault_unless_it_is_the_own_listing(base: Path) -> None:
    path = base / "exposures.csv"
    path.write_text("company_id,ticker,relation,since,until,source_url,note\nmeta,META,listed,,,,\nopenai,MSFT,investor,,,,\n")
    assert [(fault.row, fault.column) for fault in rules.faults(package.read_codebook(base))] == [(3, "source_url")]


def test_an_instrument_without_a_series_is_a_fault(base: Path) -> None:
    path = base / "instruments.csv"
    path.write_text(path.read_text(encoding="utf-8") + "ZZZ,Nothing,equity,XNYS,USD,^GSPC\n", encoding="utf-8")
    assert [fault.found for fault in rules.faults(package.read_codebook(base))] == ["'ZZZ'"]


def test_index_dates_run_forward(base: Path) -> None:
    path = base / "market_index.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:3], lines[2], *lines[3:]]), encoding="utf-8")
    assert [(fault.table, fault.row, fault.column) for fault in rules.faults(package.read_codebook(base))] == [("market_index", 4, "date")]
