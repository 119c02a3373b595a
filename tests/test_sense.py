"""Rows that cannot be true beside each other, or beside what is known elsewhere, are found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tapeline import checks, package, rules
from tapeline.errors import Fault
from tapeline.rules.sense import _unclean

Edit = Callable[[str, str, str], int]


def only(base: Path) -> Fault:
    found = rules.faults(package.read_codebook(base))
    assert len(found) == 1, [str(fault) for fault in found]
    return found[0]


def test_a_row_out_of_order_is_shown_on_the_page_but_not_shipped(base: Path) -> None:
    path = base / "milestones.csv"
    header, first, second, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([header, second, first, *rest]), encoding="utf-8")
    book = package.read_codebook(base)
    assert rules.faults(book) == []
    assert (checks.untidy(book)[0].row, checks.untidy(book)[0].column) == (3, "date")


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("https://openai.com/index/x/", ""),
        ("https://example.org/?page=2&id=7", ""),
        ("http://example.org/", "no https address"),
        ("https://localhost/x", "no https address"),
        ("https://example.org/?utm_source=a", "tracking parameter utm_source"),
        ("https://x.com/a/status/1?s=46", "tracking parameter s"),
        ("https://www.google.com/search?q=gpt", "a page of search results"),
    ],
)
def test_addresses(address: str, wrong: str) -> None:
    assert _unclean(address) == wrong


def test_an_unclean_address_is_named(base: Path, edit: Edit) -> None:
    line = edit("sources", "deepseek-r1.1,deepseek-r1,https://", "deepseek-r1.1,deepseek-r1,http://")
    assert (only(base).table, only(base).row, only(base).column) == ("sources", line, "url")


def test_a_publisher_spelled_two_ways(base: Path) -> None:
    path = base / "sources.csv"
    text = path.read_text(encoding="utf-8")
    last = text.rindex(",TechCrunch,")
    path.write_text(f"{text[:last]},Tech Crunch,{text[last + len(',TechCrunch,') :]}", encoding="utf-8")
    assert only(base).found == "'Tech Crunch'" and "'TechCrunch' as above" in only(base).expected


def test_a_slip_of_units_is_out_of_bounds(base: Path, edit: Edit) -> None:
    line = edit("figures", "deepseek-r1,parameters_total,671000000000,", "deepseek-r1,parameters_total,671,")
    assert (only(base).row, only(base).column, only(base).found) == (line, "value", "'671'")


def test_a_total_that_falls(base: Path, edit: Edit) -> None:
    edit("figures", "meta-llama-1-2b-downloads,cumulative_downloads,1200000000,", "meta-llama-1-2b-downloads,cumulative_downloads,900000000,")
    assert "at least 1000000000" in only(base).expected


def test_weights_before_their_model(base: Path) -> None:
    path = base / "milestones.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("milestone_id", drop=False)
    rows.loc["deepseek-v3-0324", ["product", "openness", "licence"]] = ["DeepSeek-R1", "closed", ""]
    rows.to_csv(path, index=False, lineterminator="\n")
    assert "when it was announced without weights" in only(base).expected


def test_a_date_far_from_epoch_needs_a_note(base: Path, edit: Edit) -> None:
    note = "The day on which the weights came out; Epoch AI dates the model by its launch in November 2023."
    line = edit("milestones", f",{note},", ",,")
    assert only(base).row == line
    assert "Epoch AI has for Grok-1" in only(base).expected


def test_a_known_false_claim(base: Path, edit: Edit) -> None:
    edit("milestones", "Meta announces one billion downloads of Llama", "Microsoft first reaches 3 trillion dollars")
    (base / "guards" / "false_claims.csv").write_text("company_id,date,pattern,why\nmeta,2025-03,3 trillion,it was not then\n")
    assert only(base).expected == "not this: it was not then"


def test_the_guards_are_there() -> None:
    book = package.read_codebook(package.SHIPPED)
    milestones = set(package.read_text(book, "milestones")["milestone_id"])
    epoch = pd.read_csv(package.SHIPPED / "guards" / "epoch_dates.csv")
    assert len(epoch) >= 40
    assert set(epoch["milestone_id"]) <= milestones
    assert len(pd.read_csv(package.SHIPPED / "guards" / "false_claims.csv")) >= 27
