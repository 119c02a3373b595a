"""A reader with a browser: opens pages, adds a company, moves the range, picks a milestone, and times each by the page's own clock.

The same for every page: charts are `.js-plotly-plot`; a thing is done at the last change within a chart or a card, once the page
has been quiet for half a second and shows what was asked for. Times are milliseconds from the input's own time stamp, or from the
start of the navigation.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from benchmarks.servers import DASH, Server

WATCH = Path(__file__).with_name("watch.js")
SIZE = {"width": 1440, "height": 900}
QUIET, PATIENCE = 0.5, 60.0
LANES = "Array.from(document.querySelector('.js-plotly-plot')?.layout?.yaxis?.ticktext || [])"
RANGE = "Array.from(document.querySelector('.js-plotly-plot')?.layout?.xaxis?.range || []).map(String).join()"
STATE = """() => ({watch: window.tapelineWatch, now: performance.now(), title: document.title,
    charts: document.querySelectorAll('.js-plotly-plot .main-svg .cartesianlayer > *').length,
    running: document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') || 'notRunning'})"""
MARK = """name => {
    const plot = document.querySelector('.js-plotly-plot'), box = plot.getBoundingClientRect(), full = plot._fullLayout;
    for (const trace of plot._fullData) {
        if (trace.yaxis !== 'y' || !(trace.mode || '').includes('markers')) continue;
        const at = Array.from(trace.customdata || []).findIndex(cell => String(cell) === name);
        if (at < 0) continue;
        const [x, y] = [full.xaxis, full.yaxis].map((axis, way) => axis._offset + axis.d2p([trace.x, trace.y][way][at]));
        return {x: box.x + x, y: box.y + y};
    }
}"""
CARD = "[data-testid=stDialog], dialog[open], #drawer:not([hidden])"


class NotDone(Exception):
    """A page did not come to rest with what was asked for."""


class Load(NamedTuple):
    """Milliseconds to all charts drawn: with an empty cache, with a filled one, after a reload."""

    first: float
    warm: float
    again: float


def opened(browser: Browser, extra: Path | None = None) -> BrowserContext:
    """Open a window of its own, with an empty cache, in which every page is watched."""
    context = browser.new_context(viewport=SIZE, color_scheme="light", locale="en-GB", timezone_id="UTC")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE * 1000)
    for script in (WATCH, *([extra] if extra else [])):
        context.add_init_script(path=script)
    return context


def load(browser: Browser, server: Server, query: str) -> Load:
    """Open a link three ways."""
    context = opened(browser)
    try:
        page = context.new_page()
        first = visit(page, server, query)
        page.close()
        page = context.new_page()
        warm = visit(page, server, query)
        page.reload(wait_until="commit")
        return Load(first, warm, rest(page))
    finally:
        context.close()


def visit(page: Page, server: Server, query: str) -> float:
    """Open a link and return the milliseconds until all charts were drawn."""
    page.goto(f"{server.address}/?{query}", wait_until="commit")
    return rest(page)


def rest(page: Page, shows: Callable[[Page], bool] = lambda page: True, since: float = -1.0) -> float:
    """Wait until the page is quiet and shows what was asked for; return when a chart or card last changed, by the page's clock."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page.wait_for_timeout(50)
        state = page.evaluate(STATE)
        watch = state["watch"]
        settled = state["charts"] and state["running"] == "notRunning" and state["title"] != "Updating..."
        quiet = watch["change"] > since and state["now"] - watch["change"] > QUIET * 1000
        if settled and quiet and shows(page):
            return float(watch["change"])
    raise NotDone(f"{page.url} did not come to rest within {PATIENCE:.0f} seconds")


def timed(page: Page, act: Callable[[], None], shows: Callable[[Page], bool]) -> float:
    """Do something and return the milliseconds from the input to the last change."""
    before = page.evaluate("performance.now()")
    act()
    change = rest(page, shows, before)
    return change - float(page.evaluate("tapelineWatch.began = tapelineWatch.input"))


def add_company(page: Page, server: Server, name: str) -> float:
    """Add a company to the filter."""
    before = page.evaluate(LANES)
    option = _option_of_dash(page, name) if server.app == DASH else _option_of_streamlit(page, name)
    option.wait_for()
    page.wait_for_timeout(300)
    spent = timed(page, option.click, lambda page: name in page.evaluate(LANES) and name not in before)
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    return spent


def move_range(page: Page, server: Server, name: str) -> float:
    """Choose another range of dates."""
    before = page.evaluate(RANGE)
    within = "#range label" if server.app == DASH else ".st-key-range button"
    button = page.locator(within).get_by_text(name, exact=True)
    button.scroll_into_view_if_needed()
    return timed(page, button.click, lambda page: page.evaluate(RANGE) != before)


def pick(page: Page, server: Server, milestone_id: str, title: str) -> float:
    """Click the mark of a milestone, time its card, and close it again."""
    page.locator(".js-plotly-plot").first.scroll_into_view_if_needed()
    place = page.evaluate(MARK, milestone_id)
    if place is None:
        raise NotDone(f"{server.app.name} draws no mark of its own for {milestone_id}")
    page.mouse.move(place["x"] - 2, place["y"])
    page.mouse.move(place["x"], place["y"])
    page.wait_for_timeout(300)
    spent = timed(page, lambda: page.mouse.click(place["x"], place["y"]), lambda page: title in _card(page))
    at = float(page.evaluate("performance.now()"))
    if server.app == DASH:
        page.locator("#close").click()
    else:
        page.keyboard.press("Escape")
    rest(page, lambda page: not _card(page), at)
    page.mouse.move(5, 5)
    return spent


def _card(page: Page) -> str:
    return "".join(page.locator(CARD).all_inner_texts()).replace("\u2060", "")


def _option_of_streamlit(page: Page, name: str) -> Locator:
    box = page.get_by_role("combobox", name="Companies")
    box.click()
    box.fill(name)
    return page.get_by_role("option", name=name, exact=True)


def _option_of_dash(page: Page, name: str) -> Locator:
    page.locator("#company").click()
    page.locator(".dash-dropdown-search").fill(name)
    return page.locator(".dash-dropdown-option").get_by_text(name, exact=True)
