"""The page of the data and what machines get, on a real server and in a real browser."""

from __future__ import annotations

import gzip
import io
import re
import urllib.error
import urllib.request
import zipfile
from http.client import HTTPResponse
from pathlib import Path
from xml.etree import ElementTree as xml

import pandas as pd
import pytest
from frictionless import Package
from playwright.sync_api import Page

from tapeline import package
from tests.browser.conftest import Open, Serve, settle
from tests.browser.test_overview import HOSTILE, main_text, rows_of

VERSION = package.read_codebook(package.SHIPPED).version


def ask(url: str, **headers: str) -> HTTPResponse:
    return urllib.request.urlopen(urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()}))  # type: ignore[no-any-return]


def read(url: str) -> bytes:
    with ask(url) as answer:
        return answer.read()


def download(page: Page, key: str) -> tuple[str, bytes]:
    with page.expect_download() as started:
        page.locator(f".st-key-{key} [data-testid=stDownloadButton] button").first.click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def open_first_row(page: Page) -> None:
    page.locator("table[role=grid]").first.wait_for(state="attached")
    box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + 52)
    page.wait_for_selector("dialog[open]")
    settle(page)


def test_the_first_visit_of_all_may_be_to_this_page(serve: Serve, open_page: Open) -> None:
    page = open_page(f"{serve()}/data?company=deepseek")
    assert page.get_by_role("heading", name=re.compile("^DeepSeek: ")).count() == 1
    assert page.get_by_role("link", name="Overview").count() == 1
    assert page.title() == "DeepSeek · Data · Tapeline"


def test_the_files_hold_what_the_page_shows_and_scripts_get_the_same(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/data?company=meta")
    expected = rows_of("meta")
    assert f"Meta: {len(expected)} milestones" in main_text(page)
    name, data = download(page, "download-view-csv")
    assert name == f"tapeline-milestones_meta_{VERSION}.csv"
    taken = pd.read_csv(f"{address}/data/milestones.csv?company=meta", keep_default_na=False)
    assert list(taken["milestone_id"]) == list(expected["milestone_id"])
    pd.testing.assert_frame_equal(taken, pd.read_csv(io.BytesIO(data), keep_default_na=False))
    table = page.locator("table[role=grid]").first
    table.wait_for(state="attached")
    assert int(table.get_attribute("aria-rowcount") or 0) == len(expected) + 1
    for ending in ("csv", "json", "parquet"):
        name, data = download(page, f"download-view-{ending}")
        assert name == f"tapeline-milestones_meta_{VERSION}.{ending}"
        assert data == read(f"{address}/data/milestones.{ending}?company=meta"), ending
    assert download(page, "download-view-spreadsheet")[1].startswith(b"\xef\xbb\xbf")


def test_everything_in_one_zip_that_validates(address: str, open_page: Open, tmp_path: Path) -> None:
    name, data = download(open_page(f"{address}/data?q=zebra"), "download-zip")
    assert name == f"tapeline_{VERSION}.zip"
    assert data == read(f"{address}/data/tapeline.zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path)
    assert Package(str(next(tmp_path.iterdir()) / "datapackage.json")).validate().valid


def test_a_table_is_chosen_explained_and_taken_away(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/data")
    page.get_by_role("button", name="Figures", exact=True).or_(page.get_by_role("radio", name="Figures", exact=True)).first.click()
    page.wait_for_selector("text=One row is one number")
    settle(page)
    assert "approximate" in main_text(page)
    name, data = download(page, "download-figures-csv")
    assert name == f"tapeline-figures_{VERSION}.csv"
    assert data == read(f"{address}/data/figures.csv")


def test_table_tab_and_row_stand_in_the_link_and_back_undoes_them(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/data?company=deepseek")
    page.get_by_role("radio", name="Lead investors").or_(page.get_by_role("button", name="Lead investors", exact=True)).first.click()
    page.wait_for_url(f"{address}/data?company=deepseek&table=leads")
    settle(page)
    page.get_by_role("tab", name="Cite and correct").click()
    page.wait_for_url(re.compile("part=cite"))
    settle(page)
    page.get_by_role("combobox", name="Row").click()
    page.get_by_role("combobox", name="Row").fill("R1 reasoning")
    page.get_by_role("option", name=re.compile("R1 reasoning")).first.click()
    page.wait_for_url(re.compile("row=deepseek-r1"))
    settle(page)
    other = open_page(page.url)
    other.get_by_text("Row: deepseek-r1").wait_for()
    assert other.get_by_role("tab", name="Cite and correct").get_attribute("aria-selected") == "true"
    other.get_by_role("tab", name="Tables and codebook").click()
    other.get_by_role("heading", name="Lead investors").wait_for()
    page.go_back()
    settle(page)
    assert "row=" not in page.url and "part=cite" in page.url
    assert not page.get_by_text("Row: deepseek-r1").count()
    open_page(f"{address}/method?part=rules").get_by_role("heading", name="Known gaps").wait_for()


def test_a_row_opens_its_card_with_citation_and_letter_and_can_be_opened_again(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/data?company=deepseek")
    newest = rows_of("deepseek").sort_values(["date", "milestone_id"]).iloc[-1]
    open_first_row(page)
    dialog = page.locator("dialog[open]")
    assert newest["title"] in dialog.inner_text().replace("\u2060", "")
    assert page.title().startswith(newest["title"])
    dialog.get_by_text("Cite or correct this row").click()
    dialog.get_by_text(f"Row: {newest['milestone_id']}").wait_for()
    assert "@misc{tapeline_" in dialog.inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    open_first_row(page)
    assert f"event={newest['milestone_id']}" in page.url


def test_the_licence_is_two_clicks_from_a_fresh_visit(address: str, open_page: Open) -> None:
    page = open_page(address)
    page.get_by_role("link", name="Data").click()
    page.wait_for_url(re.compile("/data$"))
    settle(page)
    assert page.get_by_role("link", name="CC-BY-4.0").get_attribute("href") == "https://creativecommons.org/licenses/by/4.0/"
    page.get_by_role("tab", name="Licence").click()
    page.get_by_text("You may share and change it").wait_for()


def test_scripts_are_shown_the_address_of_this_view(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/data?company=meta&kind=funding")
    page.get_by_role("tab", name="For scripts").click()
    page.get_by_text(f'pandas.read_csv("{address}/data/milestones.csv?company=meta&kind=funding")').wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 820, 390])
@pytest.mark.parametrize("name", ["data", "method"])
def test_nothing_is_wider_than_the_window(address: str, open_page: Open, name: str, width: int, theme: str) -> None:
    page = open_page(f"{address}/{name}", width, 900, theme)
    tabs = page.get_by_role("tab")
    for at in range(tabs.count()):
        tabs.nth(at).click()
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.evaluate("""() => {
            const main = document.querySelector('[data-testid=stMain]');
            return main.scrollWidth <= main.clientWidth;
        }"""), at


def test_the_tab_names_the_view_and_follows_it(address: str, open_page: Open) -> None:
    page = open_page(address)
    assert page.title() == "Tapeline: AI milestones beside the market"
    page = open_page(f"{address}/?company=deepseek&company=meta")
    assert page.title() == "DeepSeek and Meta · Tapeline"
    page.get_by_role("link", name="Method").click()
    page.wait_for_url(re.compile("/method"))
    settle(page)
    assert page.title() == "DeepSeek and Meta · Method · Tapeline"
    with ask(f"{address}/?company=deepseek&company=meta") as answer:
        sent = answer.read().decode()
    assert "<title>DeepSeek and Meta · Tapeline</title>" in sent and "og:description" in sent


def test_answers_are_compressed_and_not_sent_twice(address: str) -> None:
    url = f"{address}/data/market_index.csv"
    with ask(url, Accept_Encoding="gzip") as packed, ask(url) as plain:
        assert packed.headers["Content-Encoding"] == "gzip" and plain.headers["Content-Encoding"] is None
        assert packed.headers["ETag"] == plain.headers["ETag"] and "Accept-Encoding" in packed.headers["Vary"]
        assert gzip.decompress(packed.read()) == plain.read()
        tag = plain.headers["ETag"]
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        ask(url, If_None_Match=tag)
    assert unchanged.value.code == 304
    unchanged.value.close()
    with urllib.request.urlopen(urllib.request.Request(url, method="HEAD")) as head:
        assert head.status == 200 and head.headers["ETag"] == tag and head.read() == b""


def test_a_page_elsewhere_may_read_it(address: str, open_page: Open) -> None:
    elsewhere = open_page(address).context.new_page()
    elsewhere.set_content("<h1>elsewhere</h1>")
    count = elsewhere.evaluate(
        """async address => {
        const answer = await fetch(`${address}/data/companies.json`, {headers: {'If-None-Match': 'x'}});
        return (await answer.json()).length;
    }""",
        address,
    )
    assert count == len(pd.read_csv(package.SHIPPED / "companies.csv"))


def test_columns_can_be_chosen(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/data?company=deepseek")
    table = page.locator("table[role=grid]").first
    table.wait_for(state="attached")
    few = int(table.get_attribute("aria-colcount") or 0)
    page.locator("[data-testid=stDataFrame]").first.hover()
    page.get_by_role("button", name=re.compile("hide columns: Table of")).click()
    page.get_by_text("Select all").click()
    page.wait_for_function("few => document.querySelector('table[role=grid]').getAttribute('aria-colcount') >= few + 12", arg=few)


def test_text_in_a_cell_is_shown_and_never_run(serve: Serve, base: Path, open_page: Open) -> None:
    path = base / "milestones.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows.loc[rows["milestone_id"] == "deepseek-r1", ["title", "summary", "product"]] = [*HOSTILE, "=1+1"]
    rows.to_csv(path, index=False, lineterminator="\n")
    address = serve(base)
    page = open_page(f"{address}/data?company=deepseek")
    page.get_by_role("tab", name="Cite and correct").click()
    page.get_by_role("combobox", name="Row").click()
    page.get_by_role("combobox", name="Row").fill("onerror")
    page.get_by_role("option", name=re.compile("onerror")).click()
    settle(page)
    page.get_by_text("Row: deepseek-r1").wait_for()
    assert HOSTILE[0] in main_text(page)
    assert not page.locator("[data-testid=stMain] img, [data-testid=stMain] .katex").count()
    assert "ran" not in page.title()
    sent = read(f"{address}/?event=deepseek-r1").decode()
    assert "<img src=x" not in sent and "&lt;img src=x" in sent
    xml.fromstring(read(f"{address}/feed.atom?company=deepseek"))
    assert b",'=1+1," in download(page, "download-view-spreadsheet")[1]
