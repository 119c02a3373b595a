"""Every page for every reader: axe's audit in both themes, and what axe does not see (docs/accessibility.md)."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page

from tests.browser.audit import Known, faint, repaint, violations
from tests.browser.conftest import Open, settle
from tests.conftest import ROOT

STREAMLITS = (
    Known(
        "svg-img-alt", "[data-testid=stMetricChart] [role=graphics-symbol]",
        "the sparkline of st.metric: Vega gives the group of its highlighted points a role and no name, and st.metric takes no spec of ours; "
        "what the line says stands in the metric's help",
        frozenset({"overview", "overview, phone", "drawer"}),
    ),
)  # fmt: skip
WIDE, NARROW = (1440, 900), (320, 640)


class View(NamedTuple):
    """An address, and what is done there one after the other; each step is audited."""

    address: str
    steps: tuple[Callable[[Page], None], ...] = ()


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


STEPS = {
    "reactions": (press("radio", "Many milestones"), press("radio", "Your own")),
    "data": tuple(press("tab", name) for name in ("Cite and correct", "For scripts", "What changed", "Licence")),
    "method": (press("tab", "What is in the data, and by which rules"),),
}
VIEWS = {name: View("" if name == "overview" else name, STEPS.get(name, ())) for name in pages()} | {
    "card": View("?event=deepseek-r1", (press("button", "Later →"),)),
    "nothing": View("?company=deepseek&kind=pricing&q=zzz"),
}
PHONES = {
    "overview": View("?company=deepseek", (unfold,)),
    "drawer": View("?company=deepseek", (press("button", "Expand sidebar"),)),
    "card": View("?event=deepseek-r1"),
    "data": View("data"),
    "openness": View("openness"),
}


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
    for step in VIEWS[name].steps:
        step(page)
        check(page, name)
    if VIEWS[name].steps:
        repaint(page, "light")
        check(page, name)


@pytest.mark.parametrize("name", PHONES)
def test_a_phone_shows_it_without_violation_and_without_sideways_scrolling(address: str, open_page: Open, name: str) -> None:
    page = open_page(f"{address}/{PHONES[name].address}", *NARROW, theme="dark")
    for step in PHONES[name].steps:
        step(page)
    label = f"{name}, phone" if name in VIEWS else name
    check(page, label)
    repaint(page, "light")
    check(page, label)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= NARROW[0]


def test_each_known_violation_names_views_that_are_audited() -> None:
    audited = {*VIEWS, *(f"{name}, phone" if name in VIEWS else name for name in PHONES)}
    for one in STREAMLITS:
        assert one.why
        assert one.views
        assert one.views <= audited
