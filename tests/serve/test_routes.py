"""A script gets the bytes that a reader gets, asks again for nothing, and is told in words what it did wrong."""

from __future__ import annotations

import io
import json
import zipfile
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package
from starlette.applications import Starlette

from tapeline import export, milestones, package
from tapeline.errors import DataError, Fault
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tapeline.serve import routes
from tests.serve.asking import Told, ask

META = Selection(companies=("meta",))


@pytest.fixture(scope="module")
def app(tables: Tables) -> Starlette:
    return Starlette(routes=routes.every(lambda: tables))


@pytest.fixture
def get(app: Starlette) -> partial[Told]:
    return partial(ask, app)


def test_milestones_are_the_bytes_of_the_download(get: partial[Told], tables: Tables) -> None:
    frame = export.milestones(tables, milestones.select(tables, META))
    assert get("/data/milestones.csv?company=meta").body == export.csv(frame)
    assert get("/data/milestones.json?company=meta").body == export.as_json(frame)
    read = pd.read_parquet(io.BytesIO(get("/data/milestones.parquet?company=meta").body))
    assert list(read["milestone_id"]) == list(frame["milestone_id"])
    assert read["value"].dtype == "float64" or str(read["value"].dtype) == "Float64"
    told = get("/data/milestones.csv?company=meta").headers
    assert told["content-type"] == "text/csv; charset=utf-8"
    assert told["content-disposition"] == f'attachment; filename="tapeline-milestones_meta_{tables.book.version}.csv"'


@pytest.mark.parametrize("name", package.EVERYTHING)
def test_every_table_comes_in_every_format_with_the_same_cells(get: partial[Told], tables: Tables, name: str) -> None:
    disk = package.read_text(tables.book, name).reset_index(drop=True)
    if name != "milestones":
        read = pd.read_csv(io.BytesIO(get(f"/data/{name}.csv").body), dtype=str, keep_default_na=False)
        pd.testing.assert_frame_equal(read, disk[list(read)], check_dtype=False)
    rows = json.loads(get(f"/data/{name}.json").body)
    assert len(rows) == len(disk) == len(pd.read_parquet(io.BytesIO(get(f"/data/{name}.parquet").body)))
    if name == "figures":
        assert {type(row["approximate"]) for row in rows} == {bool} and {type(row["value"]) for row in rows} == {float}
    if name == "exposures":
        assert None in {row["since"] for row in rows}


def test_figures_and_sources_take_the_filter(get: partial[Told], tables: Tables) -> None:
    ids = set(milestones.select(tables, META)["milestone_id"])
    for name in ("figures", "sources"):
        read = pd.read_csv(io.BytesIO(get(f"/data/{name}.csv?company=meta").body))
        assert len(read) and set(read["milestone_id"]) <= ids


def test_who_has_it_is_told_so(get: partial[Told]) -> None:
    first = get("/data/figures.csv")
    assert first.status == 200 and first.headers["etag"].startswith('W/"')
    again = get("/data/figures.csv", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"") and again.headers["etag"] == first.headers["etag"]
    assert get("/data/figures.csv", if_none_match=f'"other", {first.headers["etag"].removeprefix("W/")}').status == 304
    assert get("/data/figures.csv", if_modified_since=first.headers["last-modified"]).status == 304
    assert get("/data/figures.csv", if_modified_since="Thu, 01 Jan 2015 00:00:00 GMT").status == 200
    assert get("/data/figures.csv", if_modified_since="nonsense").status == 200
    assert get("/data/figures.csv", if_none_match='"other"', if_modified_since=first.headers["last-modified"]).status == 200
    assert get("/data/figures.csv?company=meta").headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    "address", ["/data/milestones.csv", "/data/tapeline.zip", "/feed.atom", "/data/none.csv", "/data/milestones.csv?company=nobody"]
)
def test_pages_of_others_may_read_it(get: partial[Told], address: str) -> None:
    assert get(address).headers["access-control-allow-origin"] == "*"
    before = get(address, "OPTIONS", origin="https://example.org", access_control_request_method="GET")
    assert before.status == 204 and "GET" in before.headers["access-control-allow-methods"]
    assert get(address, "HEAD").status == get(address).status
    assert get(address, "POST").status == 405


def test_the_zip_validates_after_unpacking(get: partial[Told], tmp_path: Path, tables: Tables) -> None:
    answer = get("/data/tapeline.zip")
    assert answer.body == get("/data/tapeline.zip").body
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / f"tapeline-{tables.book.version}"
    assert {"README.md", "LICENSE.md", "datapackage.json", *(f"{name}.csv" for name in package.EVERYTHING)} <= {
        path.name for path in folder.iterdir()
    }
    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "note"])
    assert all(package.read_codebook(folder).is_stamped(name) for name in package.EVERYTHING)


def test_the_zip_of_an_edited_package_carries_its_own_hashes(base: Path, edit: object, tmp_path: Path) -> None:
    edit("companies", "DeepSeek", "DeepSeek AI")  # type: ignore[operator]
    edited = milestones.load(base)
    with zipfile.ZipFile(io.BytesIO(ask(Starlette(routes=routes.every(lambda: edited)), "/data/tapeline.zip").body)) as archive:
        archive.extractall(tmp_path / "out")
    assert Package(str(next((tmp_path / "out").iterdir()) / "datapackage.json")).validate().valid


def test_the_codebook_leads_to_the_files_as_they_lie(get: partial[Told], tables: Tables) -> None:
    book = json.loads(get("/data/datapackage.json").body)
    assert [resource["name"] for resource in book["resources"]] == [resource["name"] for resource in tables.book.descriptor["resources"]]
    for resource in book["resources"]:
        assert get(f"/data/{resource['path']}").body == (package.SHIPPED / Path(resource["path"]).name).read_bytes()
    assert json.loads(get("/data/package/datapackage.json").body)["resources"][0]["path"] == "companies.csv"
    assert get("/data/package/LICENSE.md").text.startswith("# Licence of the data")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/data/none.csv", 404, ("milestones", "companies", "csv, json, parquet")),
        ("/data/milestones.xls", 404, ("csv, json, parquet",)),
        ("/data/nothing", 404, ("/data/tapeline.zip",)),
        ("/data/package/../../app.py", 404, ("milestones.csv",)),
        ("/data/package/secrets.toml", 404, ("datapackage.json",)),
        ("/data/milestones.csv?company=mta", 400, ("company=mta", "meta", "deepseek")),
        ("/data/milestones.json?kind=x&openness=y", 400, ("kind=x", "model_release", "openness=y", "open_weights")),
        ("/data/figures.csv?from=2025-99-99", 400, ("from=2025-99-99", "2025-01-20")),
        ("/data/milestones.csv?from=2025-02-01&to=2025-01-01", 400, ("before from",)),
        ("/data/companies.csv?company=meta", 400, ("takes no filter", "figures")),
        ("/feed.atom?kind=x", 400, ("model_release",)),
        ("/data/milestones.csv?company=%0d%0aX-Evil:1", 400, ("company=",)),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(get: partial[Told], address: str, status: int, words: tuple[str, ...]) -> None:
    answer = get(address)
    assert answer.status == status and answer.headers["content-type"].startswith("text/plain")
    assert all(part in answer.text for part in words)
    assert "Traceback" not in answer.text


def test_what_is_no_filter_is_named_and_the_rest_answered(get: partial[Told]) -> None:
    plain = get("/data/milestones.csv?company=meta")
    other = get("/data/milestones.csv?company=meta&share=NVDA&event=llama&utm=1&%0d%0aX:=2")
    assert other.body == plain.body
    assert other.headers["x-tapeline-ignored"].startswith("utm")
    assert "\n" not in other.headers["x-tapeline-ignored"] and "\r" not in other.headers["x-tapeline-ignored"]


def test_the_folder_leads_to_the_page(get: partial[Told]) -> None:
    answer = get("/data/?company=meta")
    assert (answer.status, answer.headers["location"]) == (301, "http://tapeline.test/data?company=meta")


def test_a_broken_package_is_said_and_a_bad_row_left_out(base: Path, edit: object) -> None:
    def broken() -> Tables:
        raise DataError([Fault("milestones", 1, None, "a byte-order mark", "plain UTF-8", "Save it again.", stops=True)])

    answer = ask(Starlette(routes=routes.every(broken)), "/data/milestones.csv")
    assert answer.status == 503 and "byte-order mark" in answer.text
    edit("milestones", "2025-01-20,day", "soon,day")  # type: ignore[operator]
    left = milestones.load(base)
    answer = ask(Starlette(routes=routes.every(lambda: left)), "/data/milestones.csv")
    assert answer.status == 200 and answer.headers["x-tapeline-left-out"] == str(len(left.faults))
    (base / "market_index.csv").write_text("date,NVDA\nsoon,x\n")
    answer = ask(Starlette(routes=routes.every(lambda: left)), "/data/market_index.csv")
    assert answer.status == 503 and "market_index.csv" in answer.text
