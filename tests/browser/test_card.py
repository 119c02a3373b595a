"""The drawer in a real browser: a card opens, steps and closes without a run of the page, and address, Back and links know of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, Route, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tapeline import milestones
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tests.browser.audit import small, violations
from tests.browser.conftest import Open, Serve, settle
from tests.browser.exhibits import click, ids, traces

CARD = "dialog[open]"
FOCUSED = "document.activeElement.closest('.tapeline-plot, dialog, [data-testid=stDataFrame]')?.className || document.activeElement.tagName"


def shut(page: Page) -> None:
    page.wait_for_selector(CARD, state="detached")


def title(page: Page) -> str:
    page.wait_for_selector(f"{CARD} article")
    return page.locator(f"{CARD} h2").inner_text()


def in_view(tables: Tables, company: str) -> pd.DataFrame:
    return milestones.select(tables, Selection(companies=(company,))).set_index("milestone_id")


@contextmanager
def runs(page: Page) -> Iterator[dict[str, int]]:
    """Count what of the page's script runs: the whole, or a fragment of it."""
    counted = {"page": 0, "fragment": 0}

    def take(payload: str | bytes) -> None:
        message = ForwardMsg.FromString(payload) if isinstance(payload, bytes) else ForwardMsg()
        if message.WhichOneof("type") == "script_finished":
            counted["fragment" if message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY else "page"] += 1

    def attach(socket: WebSocket) -> None:
        socket.on("framereceived", take)

    page.on("websocket", attach)
    page.reload()
    page.get_by_text("sessions behind").first.wait_for()  # the page runs once more when the exchanges' calendars are there
    settle(page)
    assert counted["page"] >= 1, "runs of the page are not seen"
    counted.update(page=0, fragment=0)
    yield counted
    page.remove_listener("websocket", attach)


def test_it_opens_steps_and_closes_without_a_run_of_the_page(address: str, open_page: Open, tables: Tables) -> None:
    page, rows = open_page(f"{address}/?company=deepseek"), in_view(tables, "deepseek")
    order = list(rows.index)
    before, after = (order[order.index("deepseek-r1") + step] for step in (-1, 1))
    with runs(page) as counted:
        click(page, "tape", "deepseek-r1")
        assert title(page) == rows["title"]["deepseek-r1"]
        page.wait_for_url(f"{address}/?company=deepseek&event=deepseek-r1")
        assert page.title().startswith(rows["title"]["deepseek-r1"])
        for way, name in (("Earlier", before), ("Later", "deepseek-r1"), ("Later", after)):
            page.locator(CARD).get_by_role("link", name=way).click()
            page.wait_for_url(f"{address}/?company=deepseek&event={name}")
            page.locator(f"{CARD} h2").get_by_text(rows["title"][name], exact=True).wait_for()
        page.keyboard.press("Escape")
        shut(page)
        page.wait_for_url(f"{address}/?company=deepseek")
        settle(page)
        assert counted["page"] == 0
        assert counted["fragment"] >= 5
    assert page.title() == "DeepSeek · Tapeline"


def test_it_is_there_before_the_page_hears_of_it(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    page.context.set_offline(True)  # what was pointed at is here already
    page.context.set_offline(False)
    click(page, "tape", "deepseek-r1")
    page.keyboard.press("Escape")
    shut(page)
    settle(page)
    page.context.set_offline(True)
    place = page.evaluate("window.dispatchEvent(new CustomEvent('tapeline:choose', {cancelable: true, detail: {ids: ['deepseek-r1']}}))")
    assert place is False, "the drawer took it"
    assert title(page)
    page.context.set_offline(False)


CLOSE: dict[str, Callable[[Page], None]] = {
    "Escape": lambda page: page.keyboard.press("Escape"),
    "cross": lambda page: page.locator(CARD).get_by_role("button", name="Close").click(),
    "beside": lambda page: page.mouse.click(200, 450),
}


@pytest.mark.parametrize("way", CLOSE)
def test_it_closes_and_the_focus_returns_to_the_chart(address: str, open_page: Open, way: str) -> None:
    page = open_page(f"{address}/?company=deepseek")
    click(page, "tape", "deepseek-r1")
    assert "tapeline-card" in page.evaluate(FOCUSED)
    CLOSE[way](page)
    shut(page)
    assert page.evaluate(FOCUSED) == "tapeline-plot"
    page.wait_for_url(f"{address}/?company=deepseek")
    settle(page)
    assert not page.locator(CARD).count(), "it stays closed"
    click(page, "tape", "deepseek-r1")
    page.wait_for_url(f"{address}/?company=deepseek&event=deepseek-r1")


def test_a_click_that_ends_beside_it_does_not_close_it(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek&event=deepseek-r1")
    page.mouse.move(1000, 300)
    page.mouse.down()
    page.mouse.move(200, 300, steps=3)
    page.mouse.up()
    page.mouse.click(1000, 640)
    assert page.locator(CARD).count()


def test_tab_stays_within_it(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek&event=deepseek-r1")
    assert page.evaluate("document.activeElement.id") == "card-title"
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED) in ("tapeline-card", "BODY"), "BODY: the browser's own controls come between last and first"


def test_keys_go_back_to_the_mark_that_was_open(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    paper = page.locator(".tapeline-plot .paper").first
    paper.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    opened = title(page)
    page.keyboard.press("Escape")
    shut(page)
    page.keyboard.press("ArrowRight")
    assert re.search(r"\(4 of \d+\)$", page.locator(".tapeline-plot .said").first.inner_text())
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert title(page) == opened


def test_several_are_listed_and_lead_to_one(address: str, open_page: Open) -> None:
    page = open_page(address)
    several = next(cell for trace in traces(page, "tape") if trace["name"] == "Several" for cell in trace["ids"]).split()
    click(page, "tape", several[0])
    assert title(page) == f"{len(several)} milestones"
    assert page.url == f"{address}/"
    chosen = page.locator(CARD).get_by_role("link").nth(1)
    said = chosen.inner_text()
    chosen.click()
    page.wait_for_url(f"{address}/?event={several[1]}")
    assert said.endswith(title(page))


def test_back_and_forward_open_and_close_it(address: str, open_page: Open, tables: Tables) -> None:
    page, rows = open_page(f"{address}/?company=deepseek"), in_view(tables, "deepseek")
    click(page, "tape", "deepseek-r1")
    page.wait_for_url(re.compile("event=deepseek-r1$"))
    page.locator(CARD).get_by_role("link", name="Later").click()
    page.wait_for_url(re.compile("event=(?!deepseek-r1$)"))
    later = title(page)
    page.go_back()
    page.locator(f"{CARD} h2").get_by_text(rows["title"]["deepseek-r1"], exact=True).wait_for()
    settle(page)
    page.go_back()
    shut(page)
    settle(page)
    page.go_forward()
    page.locator(f"{CARD} h2").get_by_text(rows["title"]["deepseek-r1"], exact=True).wait_for()
    page.go_forward()
    page.locator(f"{CARD} h2").get_by_text(later, exact=True).wait_for()


@pytest.mark.parametrize("name", ["", "story", "reactions", "markets", "funding", "adoption", "openness", "data", "method"])
def test_a_copied_link_opens_it_over_every_page(address: str, open_page: Open, name: str) -> None:
    page = open_page(f"{address}/{name}?event=openai-funding-40bn")
    assert "Id: openai-funding-40bn" in page.inner_text(CARD)
    assert page.url.endswith("event=openai-funding-40bn")
    assert page.locator(CARD).get_by_role("link", name="Later").count(), "it leads to its neighbours"


def test_a_filter_that_changes_leaves_it_as_it_is(address: str, open_page: Open, tables: Tables) -> None:
    page = open_page(f"{address}/?company=deepseek")
    click(page, "tape", "deepseek-r1")
    page.wait_for_url(re.compile("event=deepseek-r1"))
    opened = title(page)
    page.evaluate("history.pushState({}, '', '/?company=deepseek&company=meta&event=deepseek-r1'); dispatchEvent(new PopStateEvent('popstate'))")
    page.wait_for_function("document.querySelector('.js-plotly-plot').layout.yaxis.ticktext.length === 2")
    settle(page)
    assert title(page) == opened
    order = list(milestones.select(tables, Selection(companies=("deepseek", "meta")))["milestone_id"])
    page.locator(CARD).get_by_role("link", name="Later").click()
    page.wait_for_url(re.compile(f"event={order[order.index('deepseek-r1') + 1]}$"))


def test_a_row_of_a_table_opens_it_and_gets_the_focus_back(address: str, open_page: Open, tables: Tables) -> None:
    page, rows = open_page(f"{address}/?company=deepseek"), in_view(tables, "deepseek")
    grid = page.locator("[data-testid=stDataFrame]").first
    grid.scroll_into_view_if_needed()
    page.locator("table[role=grid]").first.wait_for(state="attached")
    for _ in range(2):
        box = grid.bounding_box()
        assert box
        page.mouse.click(box["x"] + 16, box["y"] + 52)
        assert title(page) == rows["title"].iloc[-1]
        settle(page)
        page.keyboard.press("Escape")
        shut(page)
        assert page.evaluate("!!document.activeElement.closest('[data-testid=stDataFrame]')")
        settle(page)
        assert "event=" not in page.url


def test_links_lead_onward_and_can_be_opened_in_a_tab_of_their_own(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek&event=deepseek-nvidia-record-fall")
    onward: Locator = page.locator(CARD).get_by_role("link", name="Rebase its shares here")
    with page.context.expect_page() as other:
        onward.click(modifiers=["ControlOrMeta"])
    assert other.value.url == f"{address}/markets?mode=milestone&base=deepseek-nvidia-record-fall"
    other.value.close()
    assert page.locator(CARD).count(), "this one stays as it is"
    with runs(page) as counted:
        page.locator(CARD).get_by_role("link", name="Was it more than chance?").click()
        page.wait_for_url(f"{address}/reactions?milestone=deepseek-nvidia-record-fall")
        settle(page)
        assert counted["page"] >= 1, "the page was not loaded anew, but run"
    assert not page.locator(CARD).count()
    page.go_back()
    page.wait_for_url(f"{address}/?company=deepseek&event=deepseek-nvidia-record-fall")
    page.wait_for_selector(CARD)


def test_a_link_to_the_page_that_is_open_shows_its_other_view(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/markets?share=INTC&event=deepseek-nvidia-record-fall")
    page.locator(CARD).get_by_role("link", name="Rebase its shares here").click()
    page.wait_for_url(f"{address}/markets?mode=milestone&base=deepseek-nvidia-record-fall")
    shut(page)
    settle(page)
    assert not page.locator(CARD).count()


HOSTILE = ("</h2><img src=x onerror=document.title='ran'> <b>b</b>", "<script>document.title='ran'</script> 'x' \"y\" &amp;")


def test_text_of_a_table_is_shown_and_never_run(serve: Serve, base: Path, open_page: Open) -> None:
    path = base / "milestones.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    at = rows.index[rows["milestone_id"] == "deepseek-r1"]
    rows.loc[at, ["title", "summary"]] = HOSTILE
    rows.loc[rows.index[rows["milestone_id"] == "openai-gpt-2"], "title"] = HOSTILE[1]
    rows.to_csv(path, index=False, lineterminator="\n")
    page = open_page(f"{serve(base)}/?company=deepseek&event=deepseek-r1")
    assert title(page) == HOSTILE[0]
    assert HOSTILE[1] in page.inner_text(CARD)
    page.evaluate("dispatchEvent(new CustomEvent('tapeline:choose', {cancelable: true, detail: {ids: ['deepseek-r1', 'openai-gpt-2']}}))")
    page.locator(f"{CARD} .several").wait_for()
    assert all(words in page.inner_text(CARD) for words in HOSTILE)
    assert not page.locator(f"{CARD} :is(img, script, b)").count()
    assert "ran" not in page.title().replace(HOSTILE[0], "")


def test_a_card_that_does_not_arrive_says_so_and_can_be_asked_for_again(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    page.route("**/card?*", lambda route: route.abort())
    click(page, "tape", "deepseek-r1")
    assert page.locator(f"{CARD} h2").inner_text() == "This card did not arrive"
    assert "the server could not be reached" in page.inner_text(CARD)
    page.unroute("**/card?*")
    page.locator(CARD).get_by_role("button", name="Try again").click()
    assert "DeepSeek releases the R1" in title(page)
    page.wait_for_url(re.compile("event=deepseek-r1"))


def test_a_refusal_is_passed_on_in_the_server_s_words(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    page.evaluate("dispatchEvent(new CustomEvent('tapeline:choose', {cancelable: true, detail: {ids: ['none-such']}}))")
    page.locator(f"{CARD} .again").wait_for()
    assert "no milestone is called none-such" in page.inner_text(CARD)
    settle(page)
    assert "event=" not in page.url


def test_a_slow_answer_is_waited_for_in_the_open(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/card?*", hold)
    page.evaluate("dispatchEvent(new CustomEvent('tapeline:choose', {cancelable: true, detail: {ids: ['deepseek-r1']}}))")
    page.locator(f"{CARD}[aria-busy=true]").wait_for()
    assert page.locator(f"{CARD} h2").inner_text() == "Fetching the card…"
    held[0].continue_()
    assert "DeepSeek releases the R1" in title(page)
    assert page.locator(CARD).get_attribute("aria-busy") is None


def test_its_texts_can_be_copied(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?event=deepseek-r1")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("Cite or correct this row").click()
    page.locator(CARD).get_by_role("button", name="Copy").nth(1).click()
    page.locator(CARD).get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@misc{tapeline_deepseek_r1") and copied == page.locator(f"{CARD} pre").nth(1).text_content()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 820, 390, 320])
def test_it_fits_the_window_and_everyone_can_use_it(address: str, open_page: Open, width: int, theme: str) -> None:
    page = open_page(f"{address}/?event=deepseek-nvidia-record-fall", width, 800, theme)
    page.get_by_text("Cite or correct this row").click()
    box = page.locator(CARD).bounding_box()
    assert box and box["x"] + box["width"] == width and box["height"] == 800
    assert box["width"] == (750 if width > 750 else width)
    assert page.evaluate("(() => { const card = document.querySelector('dialog[open]'); return card.scrollWidth <= card.clientWidth; })()")
    assert not page.evaluate(
        """Array.from(document.querySelectorAll('dialog[open] :is(a, button, summary, td, th, p, h2, h3)'))
            .filter(part => { const box = part.getBoundingClientRect(); return box.width && (box.right > innerWidth + 1 || box.left < 0); })
            .map(part => part.textContent)"""
    )
    assert violations(page, ())[0] == []
    if width <= 390:
        assert small(page, f"{CARD} :is(button, summary, .onward a, .neighbours a)", 44) == []


def test_less_motion_is_respected(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?event=deepseek-r1")
    assert page.evaluate("getComputedStyle(document.querySelector('dialog')).animationName") == "tapeline-card"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('dialog')).animationName") == "none"


def test_a_chart_without_a_drawer_still_tells_the_page(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    page.evaluate("addEventListener('tapeline:choose', event => event.stopImmediatePropagation(), true)")
    assert "deepseek-r1" in ids(page, "tape")
    click(page, "tape", "deepseek-r1")
    page.wait_for_url(re.compile("event=deepseek-r1"))
