"""Hard data in a real browser: no page grows wider than the window, whatever the names, titles and values."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Open, Serve, settle
from tests.browser.exhibits import outside
from tests.hard import COMPANY, TITLE, harden


@pytest.fixture
def hard(serve: Serve, base: Path) -> str:
    harden(base)
    return serve(base)


@pytest.mark.parametrize("width", [1440, 390])
def test_long_titles_right_to_left_names_and_far_values_fit(hard: str, open_page: Open, width: int) -> None:
    page = open_page(hard, width)
    for name in ("", "funding", "openness", "data"):
        page.goto(f"{hard}/{name}?company={COMPANY}")
        page.locator(".js-plotly-plot .plot-container, [data-testid=stDataFrame]").first.wait_for()
        settle(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= window.innerWidth"), name
        assert outside(page, width) == [], name
    page.goto(f"{hard}/?q={TITLE[:60]}")
    settle(page)
    assert "1 milestone" in page.inner_text("[data-testid=stMain]")
