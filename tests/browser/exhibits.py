"""What the browser tests of charts share: find a chart, read what Plotly holds, click a mark, take the file."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
from playwright.sync_api import Page

from tests.browser.conftest import settle

FIND = "document.querySelector(`[class*='st-key-${name}-'] .js-plotly-plot`)"


X = """((plot, trace) => {
    const dates = plot._fullLayout['xaxis' + (trace.xaxis || 'x').slice(1)]?.type === 'date';
    return Array.from(trace.x || [], value => dates && Number.isFinite(value) ? new Date(value).toISOString().slice(0, 10) : String(value));
})"""
"""A function of the browser: a trace's x as words, dates as ISO dates (they travel as milliseconds)."""


def traces(page: Page, name: str) -> list[dict[str, Any]]:
    """Return the traces of the chart that is drawn under a name."""
    page.wait_for_selector(f"[class*='st-key-{name}-'] .js-plotly-plot .plot-container")
    held = page.evaluate(
        f"""name => JSON.stringify({FIND}._fullData.map(trace => ({{name: trace.name, x: {X}({FIND}, trace),
            ids: Array.from(trace.customdata || [], cell => Array.isArray(cell) ? cell[0] : null)}})))""",
        name,
    )
    return json.loads(held)  # type: ignore[no-any-return]


def ids(page: Page, name: str) -> list[str]:
    """Return the milestones that have marks in a chart."""
    return sorted(cell for trace in traces(page, name) for cell in trace["ids"] if cell)


def click(page: Page, name: str, milestone_id: str) -> None:
    """Click the mark of a milestone where Plotly drew it, and wait for the drawer."""
    page.wait_for_selector(f"[class*='st-key-{name}-'] .js-plotly-plot .plot-container")
    page.locator(f"[class*='st-key-{name}-'] .js-plotly-plot").first.scroll_into_view_if_needed()
    place = page.evaluate(
        f"""([name, id]) => {{
            const plot = {FIND}, box = plot.getBoundingClientRect();
            for (const trace of plot._fullData) {{
                const [xaxis, yaxis] = ['x', 'y'].map(letter => plot._fullLayout[letter + 'axis' + (trace[letter + 'axis'] || letter).slice(1)]);
                const at = Array.from(trace.customdata || []).findIndex(cell => String(cell).split(' ').includes(id));
                if (at >= 0) {{
                    const middle = trace.type === 'bar' ? xaxis.d2p(trace.x[at]) / 2 : xaxis.d2p(trace.x[at]);
                    return {{x: box.x + xaxis._offset + middle, y: box.y + yaxis._offset + yaxis.d2p(trace.y[at])}};
                }}
            }}
        }}""",
        [name, milestone_id],
    )
    page.mouse.move(place["x"] - 2, place["y"])
    page.mouse.move(place["x"], place["y"])
    page.wait_for_timeout(300)
    page.mouse.click(place["x"], place["y"])
    page.wait_for_selector("dialog[open]")
    settle(page)


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list; it is scrolled to first, since a list that is scrolled closes."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    box.click()
    page.get_by_role("option", name=option, exact=True).click()


def taken(page: Page, name: str) -> tuple[str, pd.DataFrame]:
    """Take the CSV of an exhibit; return its file name and what is in it."""
    with page.expect_download() as started:
        page.locator(f".st-key-csv-{name}").get_by_role("button", name=re.compile("^CSV")).click()
    data = Path(started.value.path()).read_bytes()
    return started.value.suggested_filename, pd.read_csv(io.BytesIO(data), keep_default_na=False)


def outside(page: Page, width: int) -> list[str]:
    """Return what of the charts' words and controls stands outside the window."""
    return page.evaluate(  # type: ignore[no-any-return]
        """width => Array.from(document.querySelectorAll('.js-plotly-plot text, [data-testid=stMain] button, [data-testid=stMain] h2'))
            .filter(part => { const box = part.getBoundingClientRect(); return box.width && (box.right > width + 1 || box.left < -1); })
            .map(part => part.textContent)""",
        width,
    )
