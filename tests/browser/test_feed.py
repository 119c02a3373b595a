"""The feed before a reader's eyes: live dollars without a reload, a 429 for all, and health again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page

from tapeline import package
from tapeline.market import sessions, snapshot
from tapeline.words import grouped
from tests.browser.conftest import Open, Serve
from tests.loopback.yahoo import Yahoo, serving


def line(page: Page) -> str:
    return page.inner_text(".st-key-market-line").replace("\u2060", "")


def until(page: Page, true: Callable[[str], bool], seconds: int = 60) -> str:
    """Wait until the line on the market says it, without a reload."""
    said = ""
    for _ in range(seconds * 4):
        said = line(page)
        if true(said):
            return said
        page.wait_for_timeout(250)
    raise AssertionError(f"the line still says: {said}")


def forget_attempts(store: Path) -> None:
    """Let the pause after the last attempt be over, as hours later."""
    with sqlite3.connect(store, timeout=20) as link:
        link.execute("update attempts set asked_at = datetime(asked_at, '-1 day'), retry_in = 0")
    link.close()


def test_live_dollars_then_429_for_all_then_health_again(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    there = Yahoo(snapshot.load(package.SHIPPED))
    newest = sessions.last_final("XNYS", there.now.to_pydatetime())
    store = tmp_path / "market.db"
    with serving(there, tmp_path) as (proxy, authority):
        trust = dict.fromkeys(("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"), str(authority))
        address = serve(TAPELINE_OFFLINE="", TAPELINE_DATABASE_URL=f"sqlite:///{store}", HTTPS_PROXY=proxy, NO_PROXY="", **trust)
        page = open_page(f"{address}/?company=openai&share=NVDA")
        assert "bundled index to" in line(page)
        until(page, lambda said: f"Yahoo Finance, closes to {newest:%Y-%m-%d}" in said and "asking" not in said)
        price = there.bars("NVDA")["close"].iloc[-1]
        page.get_by_text(f"NVDA {grouped(price, 2)} USD").wait_for()

        there.faults["*"], there.says_how_long = "429", True
        forget_attempts(store)
        page.get_by_role("button", name="Refresh").click()
        said = until(page, lambda said: "rate limited by Yahoo Finance at" in said)
        assert re.search(r"all 54 tickers: rate limited by Yahoo Finance at \d\d:\d\d, (next try \d\d:\d\d|trying again)", said)
        assert f"closes to {newest:%Y-%m-%d}" in said
        assert page.get_by_text(f"NVDA {grouped(price, 2)} USD").is_visible()

        there.faults.clear()
        until(page, lambda said: "rate limited" not in said and "asking" not in said, 90)


def test_no_route_is_said_in_one_line_and_the_page_is_whole(serve: Serve, open_page: Open, tmp_path: Path) -> None:
    address = serve(TAPELINE_OFFLINE="", TAPELINE_DATABASE_URL=f"sqlite:///{tmp_path / 'market.db'}", HTTPS_PROXY="http://127.0.0.1:9", NO_PROXY="")
    page = open_page(f"{address}/?company=deepseek")
    assert page.locator(".js-plotly-plot").count() == 1
    said = until(page, lambda said: "no answer from Yahoo Finance" in said)
    assert "bundled index to 2026-08-21" in said
    assert "next try" in said


@pytest.mark.parametrize("damage", [b"no database at all" * 500])
def test_a_damaged_store_is_set_aside_and_said(serve: Serve, open_page: Open, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "market.db").write_bytes(damage)
    page = open_page(serve(TAPELINE_DATABASE_URL=f"sqlite:///{tmp_path / 'market.db'}"))
    assert "The price store was damaged; it was set aside as market.db.broken-" in line(page)
    assert pd.Series([path.name for path in tmp_path.iterdir()]).str.startswith("market.db.broken-").any()
