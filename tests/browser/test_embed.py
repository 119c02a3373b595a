"""One chart on somebody else's page."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page

from tapeline import package
from tests.browser.conftest import Open


def shown(browser: Browser, address: str, width: int = 900) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    page.wait_for_selector(".tapeline-plot[data-state=drawn], [data-testid=stAlert]")
    return page


def test_the_chart_stands_alone_with_its_finding_source_and_way_back(browser: Browser, address: str) -> None:
    page = shown(browser, f"{address}/funding?embed=true&chart=valuations&company=openai")
    main, whole = page.locator("[data-testid=stMain]"), page.get_by_role("link", name="the whole page")
    whole.wait_for()
    assert page.locator(".tapeline-plot:visible").count() == 1
    assert "OpenAI is valued at" in main.inner_text().replace("\u2060", "")
    assert f"Tapeline {package.read_codebook(package.SHIPPED).version}, CC-BY-4.0" in main.inner_text().replace("\u2060", "")
    assert page.locator("[data-testid=stSidebar]:visible, [data-testid=stDataFrame]:visible, [data-testid=stMetric]:visible").count() == 0
    assert "Click a mark" not in main.inner_text()
    target = urlsplit(whole.get_attribute("href") or "")
    assert target.path == "/funding"
    assert parse_qs(target.query) == {"company": ["openai"]}
    page.close()


def test_it_fits_a_narrow_column(browser: Browser, address: str) -> None:
    page = shown(browser, f"{address}/adoption?embed=true", width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_an_unknown_chart_is_answered_in_words(browser: Browser, address: str) -> None:
    page = shown(browser, f"{address}/adoption?embed=true&chart=nothing")
    said = page.get_by_role("alert").inner_text().replace("\u2060", "")
    assert "No chart here is called nothing" in said and "weekly-active-users" in said
    page.close()


def test_the_button_copies_the_code_of_this_very_view(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/adoption?company=openai")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Embed").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    code = page.evaluate("navigator.clipboard.readText()")
    source = re.search(r'src="([^"]+)"', code)
    assert source and code.startswith("<iframe ") and 'title="' in code
    query = parse_qs(urlsplit(source[1].replace("&amp;", "&")).query)
    assert query["embed"] == ["true"] and query["company"] == ["openai"]
    page.set_content(f"<h1>Another page</h1><div data-testid='stMain'><h1>x</h1></div>{code}")
    frame = page.frame_locator("iframe")
    frame.locator(".tapeline-plot[data-state=drawn]").wait_for()
    assert query["chart"][0] == "weekly-active-users"
