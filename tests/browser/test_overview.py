"""The overview in a real browser: what a reader clicks, sees and takes away."""

from __future__ import annotations

import csv
import io
import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page

from tapeline import package
from tapeline.charts import scene
from tests.browser.conftest import Open, Serve, settle
from tests.browser.exhibits import X


def chart(page: Page) -> dict[str, Any]:
    """Return what Plotly really holds: its traces and layout."""
    page.wait_for_selector(".js-plotly-plot .plot-container")
    held = page.evaluate(
        "() => { const days = "
        + X
        + """
            const plot = document.querySelector('.js-plotly-plot');
            const list = values => Array.from(values || [], value => String(value));
            return JSON.stringify({
                lanes: list(plot.layout.yaxis.ticktext),
                labels: plot.layout.annotations.map(note => note.text),
                traces: plot._fullData.map(trace => ({name: trace.name, yaxis: trace.yaxis, x: days(plot, trace), y: list(trace.y),
                    ids: Array.from(trace.customdata || [], cell => Array.isArray(cell) ? cell[0] : null)})),
            });
        }"""
    )
    return json.loads(held)  # type: ignore[no-any-return]


def ids_in_lanes(page: Page) -> set[str]:
    return {name for trace in chart(page)["traces"] if trace["yaxis"] == "y" for cell in trace["ids"] if cell for name in cell.split()}


def main_text(page: Page) -> str:
    return page.inner_text("[data-testid=stMain]").replace("\u2060", "")


def choose_company(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="Companies").click()
    page.get_by_role("combobox", name="Companies").fill(name)
    page.get_by_role("option", name=name, exact=True).click()
    page.keyboard.press("Escape")
    settle(page)


def rows_of(company: str) -> pd.DataFrame:
    milestones = pd.read_csv(package.SHIPPED / "milestones.csv", keep_default_na=False)
    return milestones[milestones["company_id"] == company]


def download(page: Page, label: str) -> tuple[str, bytes]:
    with page.expect_download() as started:
        page.get_by_role("button", name=re.compile(label)).click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def click_mark(page: Page, milestone_id: str, half: str = "y") -> None:
    """Click the mark of a milestone in the timeline (y) or on a line of the market (y2), at the place where Plotly drew it."""
    page.wait_for_selector(".js-plotly-plot .plot-container")
    page.locator(".js-plotly-plot").scroll_into_view_if_needed()
    place = page.evaluate(
        """([name, half]) => {
            const plot = document.querySelector('.js-plotly-plot'), box = plot.getBoundingClientRect();
            for (const trace of plot._fullData) {
                if (trace.yaxis !== half || trace.mode === 'lines') continue;
                const at = Array.from(trace.customdata || []).findIndex(cell => String(cell).split(' ').includes(name));
                if (at < 0) continue;
                const xaxis = plot._fullLayout.xaxis, yaxis = plot._fullLayout[half === 'y' ? 'yaxis' : 'yaxis2'];
                return {x: box.x + xaxis._offset + xaxis.d2p(trace.x[at]), y: box.y + yaxis._offset + yaxis.d2p(trace.y[at])};
            }
        }""",
        [milestone_id, half],
    )
    page.mouse.move(place["x"] - 2, place["y"])
    page.mouse.move(place["x"], place["y"])
    page.wait_for_timeout(300)
    page.mouse.click(place["x"], place["y"])
    page.wait_for_selector("dialog[open]")
    settle(page)


def test_deepseek_from_the_filter_to_the_file_and_back(address: str, open_page: Open) -> None:
    page = open_page(address)
    choose_company(page, "DeepSeek")
    expected = rows_of("deepseek")

    assert page.url == f"{address}/?company=deepseek"
    assert chart(page)["lanes"] == ["DeepSeek"]
    assert ids_in_lanes(page) == set(expected["milestone_id"])
    nvidia = next(trace for trace in chart(page)["traces"] if trace["name"] == "NVDA")
    level = dict(zip(nvidia["x"], map(float, nvidia["y"]), strict=True))
    assert level["2025-01-27"] / level["2025-01-24"] - 1 == pytest.approx(-0.1697, abs=1e-4)

    name, data = download(page, rf"^CSV, {len(expected)} milestones")
    version = package.read_codebook(package.SHIPPED).version
    assert name == f"tapeline-milestones_deepseek_{version}.csv"
    taken = pd.read_csv(io.BytesIO(data), keep_default_na=False)
    for column in ("milestone_id", "date", "title", "summary"):
        assert list(taken[column]) == list(expected[column])

    behind = page.get_by_text("sessions behind").first  # said as soon as the exchanges' calendars are there
    behind.wait_for()
    before = main_text(page)
    page.reload()
    settle(page)
    chart(page)
    behind.wait_for()
    assert main_text(page) == before
    assert page.url == f"{address}/?company=deepseek"
    with urllib.request.urlopen(f"{address}/data/milestones.csv?company=deepseek") as answer:
        assert answer.read() == data
        assert answer.headers["Content-Type"].startswith("text/csv")


def test_the_table_shows_the_same_rows(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    page.locator("[data-testid=stDataFrame]").scroll_into_view_if_needed()
    table = page.locator("table[role=grid]")
    table.wait_for(state="attached")
    assert int(table.get_attribute("aria-rowcount") or 0) == len(rows_of("deepseek")) + 1
    assert set(page.locator("table[role=grid] td[aria-colindex='2']").all_text_contents()) == {"DeepSeek"}


def test_a_mark_opens_its_card_and_the_link_opens_it_again(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    click_mark(page, "deepseek-r1")
    assert "event=deepseek-r1" in page.url
    card = page.inner_text("dialog[open]")
    for words in ("20 January 2025", "New York was closed", "MIT", "parameters", "Sources", "Related shares"):
        assert words in card.replace("\u2060", ""), words
    shares = page.locator("dialog[open]").get_by_role("table", name="Related shares and their returns around the milestone")
    assert shares.get_by_role("columnheader").all_inner_texts() == ["Share", "Day 0", "On day 0", "[−1, +1]", "Why"]
    assert shares.get_by_role("row").filter(has_text="NVDA").get_by_role("cell").first.inner_text() == "2025-01-21"
    links = page.locator("dialog[open] a")
    assert links.count() >= 2
    addresses = [links.nth(at).get_attribute("href") or "" for at in range(links.count())]
    assert all(href.startswith(("https://", "reactions?", "markets?", "?")) for href in addresses), addresses

    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    assert "event=" not in page.url
    click_mark(page, "deepseek-r1")
    assert "event=deepseek-r1" in page.url, "the same mark can be chosen again"

    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    click_mark(page, "deepseek-v3-0324", "y2")
    assert "event=deepseek-v3-0324" in page.url, "marks on the lines of the market open cards too"

    other = open_page(f"{address}/?event=openai-open-weight-model-plan")
    assert "OpenAI says it will release an open-weight" in other.inner_text("dialog[open]")
    other.get_by_role("link", name="Earlier").click()
    other.wait_for_url(re.compile("event=(?!openai-open-weight-model-plan)"))


def test_a_row_of_the_table_opens_its_card(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    page.locator("[data-testid=stDataFrame]").scroll_into_view_if_needed()
    page.locator("table[role=grid]").wait_for(state="attached")
    box = page.locator("[data-testid=stDataFrame]").bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + 52)
    page.wait_for_selector("dialog[open]")
    settle(page)
    newest = rows_of("deepseek").sort_values(["date", "milestone_id"]).iloc[-1]
    assert newest["title"] in page.inner_text("dialog[open]").replace("\u2060", "")


def test_marks_that_would_hide_each_other_open_as_a_list(address: str, open_page: Open) -> None:
    page = open_page(address)
    several = next(cell for trace in chart(page)["traces"] if trace["name"] == "Several" for cell in trace["ids"])
    click_mark(page, several.split()[0])
    dialog = page.locator("dialog[open]")
    dated = dialog.get_by_role("link", name=re.compile(r"^\d{4}-"))
    assert dated.count() == len(several.split())
    dated.first.click()
    page.wait_for_url(re.compile("event="))


def test_back_undoes_one_step_and_pages_keep_the_filter(address: str, open_page: Open) -> None:
    page = open_page(address)
    choose_company(page, "DeepSeek")
    choose_company(page, "Meta")
    assert page.url.endswith("/?company=deepseek&company=meta")
    page.get_by_role("link", name="Method").click()
    page.wait_for_url(re.compile(r"/method\?company=deepseek&company=meta$"))
    settle(page)
    assert page.get_by_role("heading", name="Method", exact=True).count()
    page.get_by_role("link", name="Overview").click()
    page.wait_for_url(re.compile(r"/\?company=deepseek&company=meta$"))
    settle(page)
    assert chart(page)["lanes"] == ["Meta", "DeepSeek"] or chart(page)["lanes"] == ["DeepSeek", "Meta"]
    for expected in ("/method?company=deepseek&company=meta", "/?company=deepseek&company=meta", "/?company=deepseek", "/"):
        page.go_back()
        page.wait_for_url(f"{address}{expected}")
        settle(page)
    assert len(chart(page)["lanes"]) > 5


def test_chips_ranges_and_reset(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek&kind=model_release&openness=open_weights&q=V3")
    assert "deepseek-r1" not in ids_in_lanes(page)
    page.get_by_role("button", name="“V3”").click()
    page.wait_for_url(re.compile(r"openness=open_weights$"))
    settle(page)
    assert "deepseek-r1" in ids_in_lanes(page)
    page.get_by_role("button", name="Reset", exact=True).click()
    page.wait_for_url(f"{address}/")
    settle(page)
    page.get_by_role("radio", name="1Y").or_(page.get_by_role("button", name="1Y")).first.click()
    page.wait_for_url(re.compile(r"\?from=2025-10-06$"))
    settle(page)
    assert re.search(r"%( ⚠)?$|×", chart(page)["labels"][0])


def test_another_share_can_be_drawn_and_stands_in_the_link(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek&share=MSFT")
    assert {"MSFT", "^GSPC"} <= {trace["name"] for trace in chart(page)["traces"]}
    assert "NVDA" not in {trace["name"] for trace in chart(page)["traces"]}
    _, data = download(page, "^Market CSV")
    header = next(csv.reader(io.StringIO(data.decode())))
    assert header == ["date", "MSFT", "^GSPC"]


def test_nothing_matches(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?q=zebra")
    assert "No milestone matches this filter." in main_text(page)
    page.get_by_role("button", name="Reset the filter").click()
    page.wait_for_url(f"{address}/")
    settle(page)
    assert ids_in_lanes(page)


def test_nonsense_in_the_address(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=%00%F0%9F&kind=--&from=2025-99-99&to=1970-01-01&q=%3Cscript%3E&event=..%2F..&share=%27%3B&__proto__=1&id=7")
    assert "Ignored in this link" in main_text(page)
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{address}/data/milestones.csv?company=nobody&from=x")
    assert error.value.code == 400 and b"company=nobody, from=x" in error.value.read()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1280, 820, 390])
def test_nothing_is_cut_off_at_any_width(address: str, open_page: Open, width: int, theme: str) -> None:
    page = open_page(f"{address}/?company=openai&company=deepseek", width, 900, theme)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    chart(page)
    right = page.evaluate(
        "Math.max(...Array.from(document.querySelectorAll('.js-plotly-plot .annotation-text'), note => note.getBoundingClientRect().right))"
    )
    assert right <= width
    room = {1440: scene.DESKTOP, 1280: scene.LAPTOP, 820: scene.TABLET, 390: scene.PHONE}[width]
    plot = page.evaluate("""() => {
        const plot = document.querySelector('.js-plotly-plot'), axis = plot._fullLayout.xaxis;
        return axis._length / 1.023;
    }""")
    assert plot >= room.width, "the lanes were laid out for more room than there is"
    narrow = width == 390
    assert (len(chart(page)["lanes"]) == 0) is narrow
    assert bool(page.locator("[data-testid=stExpander]").count()) is narrow


def test_a_phone_lists_milestones_by_month_and_opens_their_cards(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek", 390, 844)
    page.get_by_text("DeepSeek updates V4-Flash").click()
    page.get_by_role("button", name="Figures, sources, shares").first.click()
    page.wait_for_url(re.compile("event=deepseek"))
    page.wait_for_selector("dialog[open]")


HOSTILE = (
    "<img src=x onerror=document.title='ran'> **b** :red[r] $x^2$ `c` [a](javascript:alert(1))",
    "=HYPERLINK(1) <script>document.title='ran'</script> :smile: ![i](https://127.0.0.1:1/i.png) # h",
)


def test_text_in_a_cell_is_shown_and_never_run(serve: Serve, base: Path, open_page: Open) -> None:
    path = base / "milestones.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    at = rows.index[rows["milestone_id"] == "deepseek-r1"]
    rows.loc[at, ["title", "summary"]] = [HOSTILE]
    rows.loc[at, "product"] = "=1+1"
    rows.to_csv(path, index=False, lineterminator="\n")
    page = open_page(f"{serve(base)}/?company=deepseek&event=deepseek-r1")
    card = page.inner_text("dialog[open]").replace("\u2060", "")
    for words in HOSTILE:
        assert words in card
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    chart(page)
    assert "ran" not in page.title()
    assert not page.locator("[data-testid=stMain] img, [data-testid=stMain] .katex").count()
    _, plain = download(page, "^CSV, ")
    _, safe = download(page, "^CSV for spreadsheets")
    assert b",=1+1," in plain
    assert b",'=1+1," in safe and b",=1+1," not in safe


def test_a_broken_package_is_told_on_the_page(serve: Serve, base: Path, open_page: Open) -> None:
    (base / "milestones.csv").write_bytes(b"\xef\xbb\xbf" + (base / "milestones.csv").read_bytes())
    address = serve(base)
    page = open_page(address)
    assert "milestones.csv, row 1: found a byte-order mark" in main_text(page)
    assert "Traceback" not in main_text(page)
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{address}/data/milestones.csv")
    assert error.value.code == 503 and b"byte-order mark" in error.value.read()
