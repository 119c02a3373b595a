"""Every page for every reader: axe's audit in both themes, and what axe does not see (docs/accessibility.md)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from playwright.sync_api import Page

from tests.browser.audit import Known, faint, missed, repaint, small, violations
from tests.browser.conftest import Open, settle
from tests.conftest import ROOT

STREAMLITS = (
    Known(
        "svg-img-alt", "[data-testid=stMetricChart] [role=graphics-symbol]",
        "the sparkline of st.metric: Vega gives the group of its highlighted points a role and no name, and st.metric takes no spec of ours; "
        "what the line says stands in the metric's help",
        frozenset({"overview", "overview, phone"}),
    ),
    Known(
        "presentation-role-conflict", "section[data-testid=stFileUploaderDropzone]",
        "st.file_uploader's drop zone has no role and yet takes focus by script; the button within it has a name and is reached by keyboard",
        frozenset({"reactions: Your own"}),
    ),
)  # fmt: skip
WIDE, NARROW = (1440, 900), (320, 640)


class View(NamedTuple):
    """An address, and what is done there one after the other, by name; the page is audited after each."""

    address: str
    steps: Mapping[str, Callable[[Page], None]] = MappingProxyType({})


def press(role: str, name: str) -> Callable[[Page], None]:
    def step(page: Page) -> None:
        page.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]
        page.wait_for_timeout(200)
        settle(page)

    return step


def unfold(page: Page) -> None:
    page.locator("[data-testid=stExpander] summary").first.click()


def pages() -> list[str]:
    """The pages that dashboard.py names; a new one is audited without being named here."""
    tree = ast.parse((ROOT / "dashboard.py").read_text(encoding="utf-8"))
    named = next(node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PAGES")
    return [Path(path).stem for path in ast.literal_eval(named).values()]


def presses(role: str, *names: str) -> dict[str, Callable[[Page], None]]:
    return {name: press(role, name) for name in names}


STEPS = {
    "reactions": presses("radio", "Many milestones", "Your own"),
    "data": presses("tab", "Cite and correct", "For scripts", "What changed", "Licence"),
    "method": presses("tab", "What is in the data, and by which rules"),
}
VIEWS = {name: View("" if name == "overview" else name, STEPS.get(name, {})) for name in pages()} | {
    "card": View("?event=deepseek-r1"),
    "nothing": View("?company=deepseek&kind=pricing&q=zzz"),
}
PHONES = {
    "overview, phone": View("?company=deepseek", {"a milestone unfolded": unfold, **presses("button", "Expand sidebar")}),
    "card, phone": View("?event=deepseek-r1"),
    "data, phone": View("data"),
}
MAIN = ", ".join(f"[data-testid={name}]" for name in (
    "stPageLink-NavLink", "stButtonGroup] button[class", "stBaseButton-primary", "stBaseButton-secondary", "stBaseButton-tertiary",
    "stExpander] summary[class", "stExpandSidebarButton", "stPaginationPage", "stPaginationNext", "stPaginationPrev", "stTab",
    "stCheckbox] label[class",
)) + ", .tapeline-card :is(button, summary, .onward a, .neighbours a)"  # fmt: skip
"""What a finger must find at once: 44 pixels, WCAG's enhanced size."""
SIGNS = ("[data-testid=stTooltipHoverTarget] button", "[data-testid=stDateInputCalendarButton]", "[data-testid=stMultiSelect] button")


def check(page: Page, name: str) -> None:
    """Hold the page as it stands against axe, and its charts against their paper."""
    ours, met = violations(page, STREAMLITS)
    assert ours == []
    assert met == {at for at, one in enumerate(STREAMLITS) if name in one.views}, "what is Streamlit's own has changed: mend STREAMLITS"
    charts = faint(page)
    assert (charts["words"], charts["marks"]) == ([], [])


@pytest.mark.parametrize("name", VIEWS)
def test_a_page_has_no_violation_of_ours_in_either_theme(address: str, open_page: Open, name: str) -> None:
    page = open_page(f"{address}/{VIEWS[name].address}", *WIDE)
    assert page.get_attribute("html", "lang") == "en"
    assert "Tapeline" in page.title()
    assert page.locator("h1:visible").count() == 1
    check(page, name)
    repaint(page, "dark")
    check(page, name)
    for label, step in VIEWS[name].steps.items():
        step(page)
        check(page, f"{name}: {label}")


@pytest.mark.parametrize("name", PHONES)
def test_a_phone_shows_it_without_violation_and_without_sideways_scrolling(address: str, open_page: Open, name: str) -> None:
    page = open_page(f"{address}/{PHONES[name].address}", *NARROW)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= NARROW[0]
    for step in PHONES[name].steps.values():
        step(page)
    check(page, name)
    repaint(page, "dark")
    check(page, name)


def test_each_known_violation_names_views_that_are_audited() -> None:
    audited = {*VIEWS, *PHONES, *(f"{name}: {label}" for name, view in VIEWS.items() for label in view.steps)}
    for one in STREAMLITS:
        assert one.why
        assert one.views
        assert one.views <= audited


FOCUSED = """() => {
    const part = document.activeElement, style = getComputedStyle(part);
    return {at: part.closest("[data-testid]")?.dataset.testid, words: part.innerText, aside: !!part.closest("[data-testid=stSidebar]"),
            inCard: !!part.closest("dialog[open]"), ring: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2};
}"""


def test_keys_alone_lead_to_a_card_and_back(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["words"] == "Skip to main content"
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["ring"], "the focus of a page link is seen"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED)["at"] == "stMain"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["at"] == "data-grid-canvas":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    page.wait_for_selector("dialog[open]")
    settle(page)
    assert "event=" in page.url
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["inCard"]
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    assert "event=" not in page.url


def test_tab_passes_by_a_closed_filter(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/method", 390, 844)
    for _ in range(5):
        page.keyboard.press("Tab")
        assert not page.evaluate(FOCUSED)["aside"]


def signs(where: str) -> str:
    """Select the small signs of a part of the page."""
    return ", ".join(f"[data-testid={where}] {sign}" for sign in SIGNS)


def test_fingers_find_what_they_reach_for(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/?company=deepseek", 390, 844)
    assert page.locator(MAIN).count() > 40
    assert small(page, MAIN, 44) == []
    assert page.locator(signs("stMain")).count() >= 5
    assert missed(page, signs("stMain")) == []
    press("button", "Expand sidebar")(page)
    assert small(page, MAIN, 44) == []
    assert page.locator(signs("stSidebar")).count() >= 6
    assert missed(page, signs("stSidebar")) == []
