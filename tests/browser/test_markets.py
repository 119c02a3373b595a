"""The markets page in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page

from tapeline import package
from tapeline.market import compare, sessions, snapshot
from tapeline.milestones import Tables, related
from tests.browser.conftest import Open, Serve, settle
from tests.browser.exhibits import FIND, X, outside, taken, traces
from tests.loopback.yahoo import Yahoo, serving


def line(page: Page, ticker: str) -> pd.Series:
    """Return what Plotly really draws of a share."""
    page.wait_for_selector("[class*='st-key-comparison-'] .js-plotly-plot .plot-container")
    x, y = page.evaluate(
        f"""ticker => {{ const name = 'comparison', trace = {FIND}._fullData.find(trace => trace.name === ticker);
            return [{X}({FIND}, trace), Array.from(trace.y, Number)]; }}""", ticker,
    )  # fmt: skip
    return pd.Series(y, index=pd.DatetimeIndex(x))


def heading(page: Page) -> str:
    return page.locator("[data-testid=stMain] h2").first.inner_text().replace("\u202f", " ").replace("\u2060", "")


def test_lines_and_file_are_the_index_from_the_left_edge(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/markets?share=NVDA&share=INTC&from=2025-01-01")
    level = snapshot.load(package.SHIPPED)["NVDA"].level
    drawn = line(page, "NVDA")
    assert (drawn.index[0], drawn.iloc[0]) == (pd.Timestamp("2024-12-31"), 100)
    assert drawn.iloc[-1] == pytest.approx(level.iloc[-1] / level["2024-12-31"] * 100, rel=1e-5)
    name, frame = taken(page, "comparison")
    assert name == f"tapeline-comparison_from-2025-01-01_{package.read_codebook(package.SHIPPED).version}.csv"
    assert list(frame.columns) == ["date", "NVDA", "INTC", "^GSPC"]
    assert float(frame["NVDA"].iloc[-1]) == pytest.approx(drawn.iloc[-1], abs=0.01)
    _, returns = taken(page, "returns")
    row = returns.set_index("ticker").loc["NVDA"]
    assert float(row["return_1y"]) == pytest.approx(compare.change(level, pd.Timestamp("2025-08-21"), level.index[-1]), abs=1e-6)


@pytest.mark.parametrize("start", ["?event=deepseek-nvidia-record-fall&company=deepseek", "markets?share=INTC&event=deepseek-nvidia-record-fall"])
def test_a_card_leads_to_its_shares_rebased_at_it(address: str, open_page: Open, tables: Tables, start: str) -> None:
    page = open_page(f"{address}/{start}")
    page.locator("dialog[open]").get_by_role("link", name="Rebase its shares here").click()
    page.wait_for_url(re.compile(r"/markets\?mode=milestone&base=deepseek-nvidia-record-fall$"))
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    assert tables.milestones.set_index("milestone_id")["title"]["deepseek-nvidia-record-fall"] in heading(page)
    near = set(related(tables, "deepseek", pd.Timestamp("2025-01-27"))["ticker"])
    drawn = {trace["name"] for trace in traces(page, "comparison")} & set(tables.instruments["ticker"]) - {"^GSPC", "^IXIC"}
    assert drawn and drawn <= near
    assert line(page, "NVDA")[pd.Timestamp("2025-01-24")] == 100


def test_a_milestone_of_the_link_is_the_base_and_its_card_is_open(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/markets?mode=milestone&event=deepseek-r1")
    assert "Id: deepseek-r1" in page.inner_text("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    settle(page)
    assert "base=deepseek-r1" in page.url
    assert heading(page).startswith("Five sessions from the close before “DeepSeek releases the R1")
    drawn = line(page, "NVDA")
    assert drawn[pd.Timestamp("2025-01-17")] == 100
    assert drawn[pd.Timestamp("2025-01-27")] / drawn[pd.Timestamp("2025-01-24")] - 1 == pytest.approx(-0.1697, abs=1e-4)


def test_ranges_modes_scale_and_basket_by_click_and_in_the_link(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/markets?company=openai")
    page.get_by_role("radio", name="YTD").click()
    page.wait_for_url(re.compile("from=2025-12-31"))
    settle(page)
    page.get_by_role("radio", name="Below the peak").click()
    page.wait_for_url(re.compile("mode=drawdown"))
    settle(page)
    assert "fell furthest" in heading(page)
    assert line(page, "NVDA").max() <= 0
    page.get_by_role("radio", name="Against a benchmark").click()
    page.wait_for_url(re.compile("mode=relative"))
    settle(page)
    page.get_by_role("radio", name="Logarithmic").click()
    page.wait_for_url(re.compile("scale=log"))
    settle(page)
    page.get_by_role("combobox", name="Equal-weight basket").click()
    page.get_by_role("option", name="OpenAI", exact=True).click()
    page.wait_for_url(re.compile("basket=openai"))
    settle(page)
    assert len(line(page, "OpenAI basket"))
    other = open_page(page.url)
    assert heading(other) == heading(page)
    assert len(line(other, "OpenAI basket")) == len(line(page, "OpenAI basket"))


def test_a_milestone_beneath_the_lines_opens_its_card(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/markets?company=deepseek&from=2024-06-01")
    page.locator("[class*='st-key-comparison-'] .js-plotly-plot").scroll_into_view_if_needed()
    place = page.evaluate(
        f"""() => {{ const name = 'comparison', plot = {FIND}, box = plot.getBoundingClientRect(), layout = plot._fullLayout;
            for (const trace of plot._fullData) {{
                if (trace.yaxis !== 'y2' || !trace.customdata) continue;
                const at = Array.from(trace.customdata).findIndex(cell => String(cell).split(' ').includes('deepseek-r1'));
                if (at >= 0) return {{x: box.x + layout.xaxis._offset + layout.xaxis.d2p(trace.x[at]),
                    y: box.y + layout.yaxis2._offset + layout.yaxis2.d2p(trace.y[at])}};
            }} }}"""
    )
    page.mouse.move(place["x"] - 2, place["y"])
    page.mouse.move(place["x"], place["y"])
    page.wait_for_timeout(300)
    page.mouse.click(place["x"], place["y"])
    page.wait_for_selector("dialog[open]")
    settle(page)
    assert "event=deepseek-r1" in page.url


def test_prices_are_not_there_without_a_feed_and_offered_as_no_file(address: str, open_page: Open) -> None:
    page = open_page(f"{address}/markets?mode=price")
    assert "No closes of these shares have been fetched" in page.inner_text("[data-testid=stMain]")
    assert not page.locator(".st-key-csv-comparison").count()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1120, 820, 390])
def test_nothing_is_wider_than_the_window(address: str, open_page: Open, width: int, theme: str) -> None:
    page = open_page(f"{address}/markets?basket=openai&share=NVDA&share=SMH&share=INTC", width, 900, theme)
    assert traces(page, "comparison")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert outside(page, width) == []


def test_fetched_prices_are_drawn_in_dollars_and_offered_as_no_file(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    there = Yahoo(snapshot.load(package.SHIPPED))
    newest = sessions.last_final("XNYS", there.now.to_pydatetime())
    with serving(there, tmp_path) as (proxy, authority):
        trust = dict.fromkeys(("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"), str(authority))
        store = f"sqlite:///{tmp_path / 'market.db'}"
        address = serve(TAPELINE_OFFLINE="", TAPELINE_DATABASE_URL=store, HTTPS_PROXY=proxy, NO_PROXY="", **trust)
        page = open_page(f"{address}/markets?mode=price&share=NVDA&share=9984.T")
        page.get_by_text(re.compile(f"Yahoo Finance, closes to {newest:%Y-%m-%d}")).first.wait_for(timeout=60_000)
        close = there.bars("NVDA")["close"].iloc[-1]
        page.get_by_role("heading", name=re.compile(f"^NVDA {close:,.0f}".replace(",", ".") + ".* USD at the last close")).wait_for(timeout=60_000)
        settle(page)
        assert line(page, "NVDA").iloc[-1] == pytest.approx(close, rel=1e-6)
        assert "9984.T is quoted in JPY" in page.inner_text("[data-testid=stMain]").replace("\u2060", "")
        assert not page.locator(".st-key-csv-comparison, .st-key-twin-comparison").count()
