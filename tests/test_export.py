"""What is downloaded is what is seen, in files that every reader of CSV understands."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd

from tapeline import export, milestones, package
from tapeline.market import snapshot
from tapeline.milestones import Tables
from tapeline.selection import Selection

DEEPSEEK = Selection(companies=("deepseek",))


def test_one_row_a_milestone_with_words_figure_and_sources(tables: Tables) -> None:
    rows = milestones.select(tables, DEEPSEEK)
    frame = export.milestones(tables, rows)
    assert list(frame.columns) == list(export.COLUMNS)
    assert list(frame["milestone_id"]) == list(rows["milestone_id"])
    r1 = frame.set_index("milestone_id").loc["deepseek-r1"]
    assert (r1["date"], r1["date_precision"], r1["company"], r1["kind"], r1["openness"], r1["licence"]) == (
        "2025-01-20", "day", "DeepSeek", "model_release", "open_weights", "MIT")  # fmt: skip
    assert (r1["metric_id"], r1["value"], r1["unit"]) == ("parameters_total", "671000000000", "parameters")
    assert r1["source_url_1"].startswith("https://") and r1["source_url_2"].startswith("https://")


def test_the_file_holds_exactly_the_rows_of_the_data(tables: Tables) -> None:
    data = export.csv(export.milestones(tables, milestones.select(tables, DEEPSEEK)))
    read = pd.read_csv(io.BytesIO(data), keep_default_na=False)
    direct = pd.read_csv(package.SHIPPED / "milestones.csv", keep_default_na=False)
    direct = direct[direct["company_id"] == "deepseek"]
    for column in ("milestone_id", "date", "date_precision", "product", "kind", "openness", "licence", "title", "summary", "checked_on"):
        assert list(read[column]) == list(direct[column]), column


def test_plain_csv_is_rfc_4180_in_utf_8() -> None:
    frame = pd.DataFrame({"a": ['say "hi", he said', "naïve"], "b": ["", "=1+1"]})
    assert export.csv(frame) == 'a,b\r\n"say ""hi"", he said",\r\nnaïve,=1+1\r\n'.encode()


def test_the_spreadsheet_variant_defuses_formulas_and_leaves_numbers() -> None:
    cells = ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\tx", "-16.97", "+5", "plain"]
    data = export.spreadsheet_csv(pd.DataFrame({"text": cells, "number": range(len(cells))}))
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in read[1:]] == ["'=1+1", "'+cmd", "'-cmd", "'@SUM(A1)", "'\tx", "-16.97", "+5", "plain"]


def test_json_has_numbers_and_nulls(tables: Tables) -> None:
    rows = json.loads(export.as_json(export.milestones(tables, milestones.select(tables, DEEPSEEK))))
    assert {type(row["value"]) for row in rows} <= {float, type(None)}
    assert all(cell != "" for row in rows for cell in row.values())


def test_an_empty_selection_is_a_header(tables: Tables) -> None:
    frame = export.milestones(tables, milestones.select(tables, Selection(text="no such words")))
    assert export.csv(frame).decode() == ",".join(export.COLUMNS) + "\r\n"
    assert export.as_json(frame) == b"[]\n"


def test_the_market_series_are_side_by_side_from_100() -> None:
    histories = snapshot.load(package.SHIPPED)
    start = pd.Timestamp("2025-01-02")
    series = {ticker: histories[ticker].rebased(start).level.loc[:"2025-01-31"] for ticker in ("NVDA", "9984.T")}
    frame = export.market(series)
    assert list(frame.columns) == ["date", "NVDA", "9984.T"]
    assert frame.loc[frame["date"] == "2025-01-02", "NVDA"].item() == 100
    assert frame["date"].is_monotonic_increasing and frame["date"].is_unique
    assert export.market({}).empty


def test_the_file_name_carries_filter_and_version(tables: Tables) -> None:
    assert export.file_name("milestones", tables, DEEPSEEK) == f"tapeline-milestones_deepseek_{tables.book.version}.csv"
    assert export.file_name("milestones", tables, Selection()) == f"tapeline-milestones_{tables.book.version}.csv"


def test_figures_are_written_plainly_under_the_names_of_the_file() -> None:
    frame = pd.DataFrame({
        "date": pd.to_datetime(["2025-01-27", None]), "value": [4e10, 0.5], "low": [float("nan"), 1.0], "approximate": [True, False],
        "note": ["=1", None], "days": [3, 4],
    })  # fmt: skip
    written = export.figures(frame, {"date": "on", "value": "value", "low": "low", "approximate": "approximate", "note": "note", "days": "days"})
    assert export.csv(written).decode() == (
        "on,value,low,approximate,note,days\r\n2025-01-27,40000000000,,true,=1,3\r\n,0.5,1,false,,4\r\n"
    )  # fmt: skip
