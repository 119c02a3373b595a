"""A link tells what it opens before any script runs."""

from __future__ import annotations

from pathlib import Path

import streamlit
from starlette.applications import Starlette

from tapeline.milestones import Tables
from tapeline.serve import previews
from tests.conftest import ROOT
from tests.serve.asking import Told, ask

SCRIPT = "assets/plotly.js"
INDEX = Path(streamlit.__file__).parent / "static" / "index.html"


def page(tables: Tables, address: str) -> Told:
    return ask(Starlette(routes=previews.every(lambda: tables, INDEX, ROOT / "pages", "overview", SCRIPT)), address)


def test_the_page_of_streamlit_still_has_the_mark() -> None:
    assert INDEX.read_text(encoding="utf-8").count(previews.MARK) == 1


def test_title_and_description_name_the_view(tables: Tables) -> None:
    first = page(tables, "/").text
    assert "<title>Tapeline: AI milestones beside the market</title>" in first
    assert f"{len(tables.milestones)} AI milestones" in first
    assert 'type="application/atom+xml"' in first
    assert "<title>DeepSeek · Data · Tapeline</title>" in page(tables, "/data?company=deepseek").text
    assert "<title>Method · Tapeline</title>" in page(tables, "/method").text


def test_a_link_to_a_card_names_its_milestone(tables: Tables) -> None:
    row = tables.milestones.set_index("milestone_id").loc["deepseek-r1"]
    shown = page(tables, "/?event=deepseek-r1").text
    assert f'<meta property="og:title" content="{row["title"]} · Tapeline" />' in shown
    assert "20 January 2025: R1 reasons at length" in shown


def test_nonsense_in_a_link_cannot_break_out(tables: Tables) -> None:
    shown = page(tables, "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&company=nobody&event=%00").text
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_without_data_the_page_still_comes(tables: Tables) -> None:
    from tapeline.errors import DataError

    def broken() -> Tables:
        raise DataError([])

    app = Starlette(routes=previews.every(broken, INDEX, ROOT / "pages", "overview", SCRIPT))
    assert "<title>Tapeline: AI milestones beside the market</title>" in ask(app, "/data").text


def test_the_page_asks_for_the_charts_script_at_once(tables: Tables) -> None:
    assert f'<script async src="./{SCRIPT}"' in page(tables, "/reactions").text
