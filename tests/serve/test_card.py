"""The card as our server sends it."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pytest
from starlette.applications import Starlette

from tapeline import cards, moves, package
from tapeline.errors import DataError, Fault
from tapeline.market import snapshot
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tapeline.serve import card
from tests.serve.asking import Told, ask


@pytest.fixture(scope="module")
def around(tables: Tables) -> pd.DataFrame:
    return moves.around(tables, snapshot.load(package.SHIPPED))


@pytest.fixture
def get(tables: Tables, around: pd.DataFrame) -> partial[Told]:
    return partial(ask, Starlette(routes=card.every(lambda: tables, lambda: around)))


def test_a_card_with_the_neighbours_of_the_filter(get: partial[Told], tables: Tables, around: pd.DataFrame) -> None:
    told = get("/card?event=deepseek-r1&company=deepseek")
    assert told.status == 200 and told.headers["content-type"] == "text/html; charset=utf-8"
    assert told.text == cards.card(tables, around, "deepseek-r1", Selection(companies=("deepseek",)))
    assert get("/card?event=deepseek-r1").text == cards.card(tables, around, "deepseek-r1", Selection())
    assert "default-src 'none'" in told.headers["content-security-policy"]


def test_several_in_the_order_asked_for_each_once(get: partial[Told], tables: Tables) -> None:
    told = get("/card?event=openai-gpt-2&event=deepseek-r1&event=openai-gpt-2&of=7")
    assert told.text == cards.several(tables, ["openai-gpt-2", "deepseek-r1"], Selection(), 7)
    for nonsense in ("x", "-1", "%D9%A3", "9999999999"):
        assert get(f"/card?event=openai-gpt-2&event=deepseek-r1&of={nonsense}").text == cards.several(
            tables, ["openai-gpt-2", "deepseek-r1"], Selection()
        )


def test_it_is_asked_for_again_and_not_sent_again(get: partial[Told]) -> None:
    first = get("/card?event=deepseek-r1")
    assert first.headers["cache-control"] == "no-cache"
    assert get("/card?event=deepseek-r1", if_none_match=first.headers["etag"]).status == 304
    assert get("/card?event=deepseek-r1&company=deepseek", if_none_match=first.headers["etag"]).status == 200
    assert get("/card?event=deepseek-r1", "HEAD").status == 200
    assert get("/card?event=deepseek-r1", "POST").status == 405


def test_newer_prices_make_another_card(tables: Tables, around: pd.DataFrame) -> None:
    now = [around]
    get = partial(ask, Starlette(routes=card.every(lambda: tables, lambda: now[0])))
    first = get("/card?event=deepseek-r1")
    now[0] = around.assign(day=around["day"] + 0.01)
    again = get("/card?event=deepseek-r1", if_none_match=first.headers["etag"])
    assert again.status == 200 and again.text != first.text


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/card", 400, ("/card?event=ID", "/data/milestones.csv")),
        ("/card?event=", 404, ("/data/milestones.csv",)),
        ("/card?event=none-such&event=deepseek-r1", 404, ("none-such",)),
        ("/card?event=%3Cscript%3E", 404, ("<script>",)),
        ("/card?event=deepseek-r1&company=mta", 400, ("company=mta", "meta")),
        ("/card?event=deepseek-r1&from=soon", 400, ("from=soon", "2025-01-20")),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(get: partial[Told], address: str, status: int, words: tuple[str, ...]) -> None:
    told = get(address)
    assert told.status == status and told.headers["content-type"].startswith("text/plain")
    assert all(part in told.text for part in words)


def test_a_broken_package_is_said(tables: Tables) -> None:
    def broken() -> Tables:
        raise DataError([Fault("milestones", 1, None, "a byte-order mark", "plain UTF-8", "Save it again.", stops=True)])

    told = ask(Starlette(routes=card.every(broken, pd.DataFrame)), "/card?event=deepseek-r1")
    assert told.status == 503 and "byte-order mark" in told.text
