"""What the tests of accessibility measure with: axe, the words and marks of charts as drawn, the size of what is tapped."""

from __future__ import annotations

from typing import Any, NamedTuple

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import settle


class Known(NamedTuple):
    """A violation that is Streamlit's own: axe's rule, which elements, why it is not ours to mend, and the views that have it."""

    rule: str
    selector: str
    why: str
    views: frozenset[str]


AXE = """async known => {
    const found = await axe.run(document, {resultTypes: ["violations"]});
    return found.violations.flatMap(({id, impact, nodes}) => nodes.map(node => {
        const target = node.target.flat().at(-1), element = document.querySelector(target);
        return {rule: id, impact, html: node.html.slice(0, 200), why: node.failureSummary, target,
                known: known.findIndex(([rule, selector]) => rule === id && element && element.matches(selector))};
    }));
}"""

CHARTS = """() => {
    const luminance = colour => {
        const [red, green, blue] = colour.map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one, other) => {
        const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const opacity = part => part.tagName === "svg" ? 1 : +getComputedStyle(part).opacity * opacity(part.parentElement);
    const paint = (part, name) => {
        const style = getComputedStyle(part), numbers = (style[name].match(/^rgba?\\(.*/) || [""])[0].match(/[\\d.]+/g);
        const none = !numbers || (name === "stroke" && !parseFloat(style.strokeWidth));
        return none ? null : {colour: numbers.slice(0, 3).map(Number), share: +(numbers[3] ?? 1) * +style[name + "Opacity"] * opacity(part)};
    };
    const over = (top, ground) => top.colour.map((part, at) => part * top.share + ground[at] * (1 - top.share));
    const inside = (box, x, y) => x > box.left && x < box.right && y > box.top && y < box.bottom;
    const words = [], marks = [];
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
        const paper = getComputedStyle(plot.querySelector(".main-svg")).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number);
        const drawn = Array.from(plot.querySelectorAll(".overplot .point path:not(.pattern_filled), .overplot path.point:not(.pattern_filled)"))
            .map(part => ({part, box: part.getBoundingClientRect(), fill: paint(part, "fill"), stroke: paint(part, "stroke")}))
            .filter(mark => mark.box.width * mark.box.height > 1);
        const note = (list, what, reached, least) => { if (reached < least) list.push(`${what}: ${reached.toFixed(2)}`); };
        for (const {part, fill, stroke} of drawn) {
            const reached = Math.max(...[fill, stroke].filter(Boolean).map(ink => contrast(over(ink, paper), paper)));
            note(marks, part.getAttribute("style"), reached, 3);
        }
        for (const text of plot.querySelectorAll("text")) {
            const box = text.getBoundingClientRect(), said = text.textContent.trim();
            if (!said || !box.width || text.closest(".hoverlayer, .heatmaplayer")) continue;
            const x = box.x + box.width / 2, y = box.y + box.height / 2;
            const beneath = drawn.filter(mark => mark.fill && mark.box.width >= box.width * 0.6 && inside(mark.box, x, y));
            const ground = beneath.reduce((below, mark) => over(mark.fill, below), paper);
            for (const part of [text, ...text.querySelectorAll("tspan")]) {
                const ink = paint(part, "fill");
                if (ink) note(words, said, contrast(over(ink, ground), ground), 4.5);
            }
        }
    }
    return {words, marks, texts: document.querySelectorAll(".js-plotly-plot text").length};
}"""

SMALL = """([selector, least]) => Array.from(document.querySelectorAll(selector)).map(control => {
    const box = control.getBoundingClientRect();
    return {box, words: control.getAttribute("aria-label") || control.innerText || control.dataset.testid};
}).filter(({box}) => box.width > 1 && box.height > 1 && Math.min(box.width, box.height) < least - 0.5)
  .map(({box, words}) => `${words.trim()}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""

MISSED = """selector => Array.from(document.querySelectorAll(selector)).filter(control => {
    control.scrollIntoView({block: "center"});
    const box = control.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
    const owner = control.closest("[data-testid]");
    return box.width > 1 && box.height > 1 && [[-11, 0], [11, 0], [0, -11], [0, 11]].some(([right, down]) => {
        const hit = document.elementFromPoint(x + right, y + down);
        return !hit || !(control.contains(hit) || owner.contains(hit));
    });
}).map(control => `${control.getAttribute("aria-label") || control.innerText} of ${control.closest("[data-testid]").dataset.testid}`)"""

REPAINTED = """theme => {
    const app = getComputedStyle(document.querySelector("[data-testid=stApp]"));
    const papers = Array.from(document.querySelectorAll(".js-plotly-plot")).map(plot => getComputedStyle(plot.querySelector(".main-svg")));
    return app.colorScheme === theme && papers.every(paper => paper.backgroundColor === app.backgroundColor);
}"""


def repaint(page: Page, theme: str) -> None:
    """Ask for the other theme, as a system that turns dark does, and wait until page and charts have it."""
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.wait_for_function(REPAINTED, arg=theme)
    settle(page)


def violations(page: Page, known: tuple[Known, ...]) -> tuple[list[str], set[int]]:
    """Run axe; return what it found that is ours, and which of the known violations it met."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(AXE, [[one.rule, one.selector] for one in known])
    ours = [f"{one['rule']} ({one['impact']}) {one['target']} {one['html']} {one['why']}" for one in found if one["known"] < 0]
    return ours, {one["known"] for one in found if one["known"] >= 0}


def faint(page: Page) -> dict[str, Any]:
    """Return the words and marks of charts that do not stand out from what is beneath them, and how many texts there are."""
    return page.evaluate(CHARTS)  # type: ignore[no-any-return]


def small(page: Page, selector: str, least: int) -> list[str]:
    """Return the controls that are narrower or lower than a number of pixels."""
    return page.evaluate(SMALL, [selector, least])  # type: ignore[no-any-return]


def missed(page: Page, selector: str) -> list[str]:
    """Return the controls that a finger misses twelve pixels from their middle."""
    return page.evaluate(MISSED, selector)  # type: ignore[no-any-return]
