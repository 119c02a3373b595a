"""The chart component in a real browser: one node that stays, chosen from by mouse and keyboard, taken away as a picture."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tapeline import package
from tests.browser.conftest import Open, settle
from tests.browser.exhibits import ids, traces

SVG = "{http://www.w3.org/2000/svg}"


def chart(page: Page) -> Any:
    page.wait_for_selector(".tapeline-plot[data-state=drawn]")
    return page.locator(".tapeline-plot").first


def drag(page: Page, start: float, end: float) -> None:
    """Drag across the plot area of the first chart, from one share of its width to another."""
    box = page.locator(".tapeline-plot .nsewdrag").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * start, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (start + end) / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.move(box["x"] + box["width"] * end, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


def taken(page: Page, kind: str) -> tuple[str, bytes]:
    with page.expect_download() as started:
        chart(page).get_by_role("button", name=kind).click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def test_a_change_redraws_the_same_node(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    before = ids(page, "tape")
    page.evaluate("document.querySelector('.tapeline-plot .paper').kept = true")
    page.get_by_role("combobox", name="Companies").click()
    page.get_by_role("combobox", name="Companies").fill("Meta")
    page.get_by_role("option", name="Meta", exact=True).click()
    page.keyboard.press("Escape")
    settle(page)
    assert page.evaluate("document.querySelector('.tapeline-plot .paper').kept"), "the chart was thrown away and drawn anew"
    assert len(ids(page, "tape")) > len(before)


def test_it_comes_from_our_own_server_and_streamlit_s_own_charts_are_not_fetched(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    chart(page)
    page.close()
    assert sum("/assets/plotly-" in url for url in asked) == 1
    assert not [url for url in asked if "PlotlyChart" in url]


def test_marks_are_reached_by_keyboard(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    paper = chart(page).locator(".paper")
    paper.focus()
    page.keyboard.press("End")
    page.keyboard.press("Home")
    page.wait_for_selector(".hovertext")
    said = chart(page).get_by_role("status").inner_text()
    assert re.search(r"\(1 of \d+\)$", said), said
    assert "DeepSeek" in said
    page.keyboard.press("Escape")
    assert not chart(page).locator(".ring").is_visible()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    settle(page)
    assert "event=" in page.url


def test_a_chart_says_its_finding_to_those_who_cannot_see_it(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    paper = chart(page).locator(".paper")
    assert "milestones of 1 company" in (paper.get_attribute("aria-label") or "").replace("\u202f", " ")
    assert paper.get_attribute("role") == "application"
    assert "Arrow keys" in (paper.get_attribute("aria-description") or "")


def test_dragging_across_chooses_the_dates_of_the_filter(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=openai")
    chart(page)
    drag(page, 0.5, 0.8)
    page.wait_for_url(re.compile("from=20.*to=20"))
    settle(page)
    start, end = re.findall(r"(?:from|to)=(\d{4}-\d{2}-\d{2})", page.url)
    days = [day for trace in traces(page, "tape") for day, name in zip(trace["x"], trace["ids"], strict=False) if name and "-" in day]
    assert days and start <= min(days) and max(days) <= end


def test_a_picture_says_what_it_shows_and_whose_it_is(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    version = package.read_codebook(package.SHIPPED).version
    name, data = taken(page, "SVG")
    assert name == f"tapeline-tape_deepseek_{version}.svg"
    root = ET.fromstring(data)
    words = " ".join(" ".join(text.itertext()) for text in root.iter(f"{SVG}text")).replace("\u202f", " ")
    for part in ("DeepSeek", f"Source: Tapeline {version}", "CC-BY-4.0", "Lower half: total-return index", "NVDA"):
        assert part.lower() in words.lower(), part
    assert "Click a mark" not in words
    assert root.findtext(f"{SVG}title") and root.findtext(f"{SVG}desc")

    name, data = taken(page, "PNG")
    assert name == f"tapeline-tape_deepseek_{version}.png"
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (2 * float(root.attrib["width"]), 2 * float(root.attrib["height"]))
    assert len(data) > 20_000, "an empty picture"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_has_the_colours_of_the_page(address: str, open_page: Open, theme: str) -> None:
    page = open_page(f"{address}/?company=deepseek", theme=theme)
    _, data = taken(page, "SVG")
    paper = page.evaluate("document.querySelector('.js-plotly-plot').layout.paper_bgcolor")
    rect = ET.fromstring(data).find(f"{SVG}rect")
    assert rect is not None and rect.attrib["fill"] == paper


def test_without_its_library_the_chart_says_so_and_the_rest_stands(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/assets/plotly-*", refuse)
    page.goto(f"{address}/?company=deepseek")
    page.wait_for_selector(".tapeline-plot[data-state=failed]")
    assert "could not be drawn" in page.locator(".tapeline-plot .note").inner_text()
    settle(page)
    assert page.get_by_role("button", name=re.compile("^CSV")).first.is_visible()
    page.close()


def refuse(route: Route) -> None:
    route.abort()


def test_a_chart_follows_the_window(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek", width=1440)
    chart(page)
    page.set_viewport_size({"width": 1180, "height": 900})
    settle(page)
    drawn, room = page.evaluate(
        "() => { const paper = document.querySelector('.tapeline-plot .paper'); return [paper._fullLayout.width, paper.clientWidth]; }"
    )
    assert abs(drawn - room) <= 1
