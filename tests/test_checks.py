"""Every fault is found and told by table, row, column, what was found, what was expected and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tapeline import checks, cli, milestones, package
from tapeline.errors import DataError
from tests.conftest import ROOT

R1 = "deepseek-r1,2025-01-20,day"


def wrong_date(base: Path) -> None:
    swap(base, "milestones", R1, "deepseek-r1,2025-01-32,day")


def unknown_company(base: Path) -> None:
    swap(base, "milestones", "day,closed,deepseek,,DeepSeek-R1,", "day,closed,deepsik,,DeepSeek-R1,")


def missing_source(base: Path) -> None:
    path = base / "sources.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("deepseek-r1.")), encoding="utf-8")
    path = base / "figures.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("deepseek-r1,")), encoding="utf-8")


def duplicate_slug(base: Path) -> None:
    swap(base, "milestones", "deepseek-v3-0324,2025", "deepseek-r1,2025")


def broken_quote(base: Path) -> None:
    swap(base, "milestones", R1, '"deepseek-r1,2025-01-20,day')


def byte_order_mark(base: Path) -> None:
    path = base / "milestones.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def latin_1(base: Path) -> None:
    path = base / "milestones.csv"
    path.write_bytes(path.read_bytes().replace(b",DeepSeek-R1,", ",Modèle R1,".encode("latin-1"), 1))


def empty_file(base: Path) -> None:
    (base / "milestones.csv").write_bytes(b"")


def missing_file(base: Path) -> None:
    (base / "milestones.csv").unlink()


def wrong_header(base: Path) -> None:
    swap(base, "milestones", "milestone_id,date,", "milestone_id,day,")


BAD = {
    wrong_date: ("milestones.csv, row {r1}, column date: found '2025-01-32'; expected a date as 2025-01-20. Correct the cell.", False),
    unknown_company: (
        "milestones.csv, row {r1}, column company_id: found 'deepsik'; expected an id that companies.csv has. "
        "Correct the id, or add it to companies.csv first.", False),
    missing_source: (
        "milestones.csv, row {r1}, column milestone_id: found 'deepseek-r1' without a source; expected at least one row in sources.csv. "
        "Add the page that states it to sources.csv, or remove the milestone.", False),
    duplicate_slug: (
        "milestones.csv, row {v3}, column milestone_id: found 'deepseek-r1' a second time; expected each value once. "
        "Rename or remove one row.", False),
    broken_quote: (
        "milestones.csv, row {r1}, column milestone_id: found a broken quotation mark (',' expected after '\"'); "
        "expected every quotation mark closed on its line", True),
    byte_order_mark: (
        "milestones.csv, row 1: found a byte-order mark; expected plain UTF-8. Save the file as UTF-8 without BOM.", True),
    latin_1: (
        "milestones.csv, row {r1}, column product: found the byte 0xe8, which is no UTF-8; expected UTF-8 text. "
        "Save the file as UTF-8 (it looks like Latin-1 or Windows-1252).", True),
    empty_file: ("milestones.csv: found an empty file; expected a header and rows. Restore it from the repository.", True),
    missing_file: ("milestones.csv: found no such file; expected milestones.csv in data/. Restore it from the repository.", True),
    wrong_header: ("milestones.csv, row 1, column day: found incorrect label", True),
}  # fmt: skip


@pytest.mark.parametrize("spoil", BAD, ids=lambda spoil: spoil.__name__)
def test_a_bad_input_is_named_by_check_and_shown_on_the_page(
    spoil: Callable[[Path], None], base: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    message, stops = BAD[spoil]
    message = message.format(r1=line_of(base, "deepseek-r1,"), v3=line_of(base, "deepseek-v3-0324,"))
    spoil(base)

    assert cli.main(["--data", str(base), "check"]) == 1
    assert message in capsys.readouterr().err

    monkeypatch.setenv("TAPELINE_DATA", str(base))
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    assert not page.exception
    assert message in "".join(error.value for error in page.error).replace("\\", "").replace("\u2060", "")
    assert bool(page.metric) is not stops, "the rest of the page is drawn exactly where the table can be read"


def test_the_shipped_package_is_sound_and_stamped() -> None:
    book = package.read_codebook(package.SHIPPED)
    assert checks.faults(book) == []
    assert checks.untidy(book) == []


def test_a_row_that_breaks_the_codebook_is_left_out_with_what_hangs_on_it(base: Path) -> None:
    wrong_date(base)
    tables = milestones.load(base)
    assert [fault.row for fault in tables.faults] == [line_of(base, "deepseek-r1,")]
    for table in (tables.milestones, tables.figures, tables.sources):
        assert "deepseek-r1" not in set(table["milestone_id"])
    assert len(tables.milestones) == len(milestones.load(package.SHIPPED).milestones) - 1


def test_a_blank_line_does_not_move_the_faults_of_other_rows(base: Path) -> None:
    path = base / "milestones.csv"
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{header}\n\n{rest}", encoding="utf-8")
    wrong_date(base)
    tables = milestones.load(base)
    shipped = set(milestones.load(package.SHIPPED).milestones["milestone_id"])
    assert shipped - set(tables.milestones["milestone_id"]) == {"deepseek-r1"}
    assert {fault.row for fault in tables.faults} == {2, line_of(base, "deepseek-r1,") + 1}


def test_a_table_that_cannot_be_read_raises_its_faults(base: Path) -> None:
    latin_1(base)
    with pytest.raises(DataError) as error:
        milestones.load(base)
    assert [fault.table for fault in error.value.faults] == ["milestones"]


def test_a_byte_order_mark_does_not_hide_a_second_fault(base: Path) -> None:
    latin_1(base)
    byte_order_mark(base)
    found = checks.faults(package.read_codebook(base))
    assert [fault.found for fault in found] == ["a byte-order mark", "the byte 0xe8, which is no UTF-8"]


def test_a_stamped_package_is_not_checked_again(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "faults", lambda *_: pytest.fail("checked again"))
    assert milestones.load(base).faults == ()


def test_an_edit_that_is_sound_is_shown_but_check_wants_its_stamp(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swap(base, "milestones", ",DeepSeek-R1,", ",DeepSeek R1,")
    assert milestones.load(base).faults == ()
    assert cli.main(["--data", str(base), "check"]) == 1
    assert "milestones.csv: found a file that changed since it was stamped" in capsys.readouterr().err
    assert cli.main(["--data", str(base), "check", "--stamp"]) == 0
    assert cli.main(["--data", str(base), "check"]) == 0


def test_a_fault_is_never_stamped(base: Path) -> None:
    wrong_date(base)
    before = (base / "datapackage.json").read_bytes()
    assert cli.main(["--data", str(base), "check", "--stamp"]) == 1
    assert (base / "datapackage.json").read_bytes() == before


@pytest.mark.parametrize("text", [None, "{", '["no object"]'])
def test_a_codebook_that_cannot_be_read_is_named(text: str | None, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = base / "datapackage.json"
    path.unlink() if text is None else path.write_text(text)
    assert cli.main(["--data", str(base), "check"]) == 1
    assert "datapackage.json: found" in capsys.readouterr().err


def test_a_market_index_that_cannot_be_read_leaves_the_milestones(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (base / "market_index.csv").write_text("date,NVDA\n2025-01-24,abc\n")
    monkeypatch.setenv("TAPELINE_DATA", str(base))
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    assert not page.exception
    assert "The market index cannot be read" in page.warning[0].value
    assert page.dataframe


def test_every_column_of_every_table_is_described() -> None:
    book = json.loads((package.SHIPPED / "datapackage.json").read_text(encoding="utf-8"))
    for resource in book["resources"]:
        assert resource["description"], resource["name"]
        for field in resource["schema"]["fields"]:
            assert field.get("title"), (resource["name"], field["name"])
            assert field.get("description"), (resource["name"], field["name"])


def swap(base: Path, table: str, old: str, new: str) -> None:
    path = base / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(base: Path, start: str) -> int:
    lines = (package.SHIPPED / "milestones.csv").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))
