"""The real yfinance and curl_cffi against a stand-in on 127.0.0.1: each fault has its status, and the next healthy answer recovers."""

from __future__ import annotations

import time
from collections.abc import Callable

import pandas as pd
import pytest

from tapeline.market import yahoo
from tapeline.market.yahoo import Answer, Ask, Session
from tests.loopback.yahoo import Yahoo

Make = Callable[..., Session]
START = pd.Timestamp("2026-10-01")
NEW_YORK = "America/New_York"


def ask(session: Session, *tickers: str, zone: str = NEW_YORK) -> dict[str, Answer]:
    return {answer.ticker: answer for answer in yahoo.fetch([Ask(ticker, START, zone) for ticker in tickers], session=session, deadline=25)}


def test_nothing_asked_is_nothing_answered(session: Make) -> None:
    assert yahoo.fetch([], session=session()) == []


def test_healthy_bars_come_as_they_are(there: Yahoo, session: Make) -> None:
    answer = ask(session(), "MSFT")["MSFT"]
    assert (answer.status, answer.currency, answer.zone, answer.detail) == ("ok", "USD", NEW_YORK, "")
    expected = there.bars("MSFT").loc[START:]
    assert answer.bars["close"].tolist() == pytest.approx(expected["close"].tolist(), abs=1e-6)
    assert answer.bars.index.tolist() == expected.index.tolist()
    assert answer.bars.index[-1] == pd.Timestamp("2026-11-20")


def test_a_known_zone_saves_a_request_and_an_unknown_one_is_asked_for(there: Yahoo, session: Make) -> None:
    ask(session(), "AMD")
    assert there.asked == ["AMD"]
    there.asked.clear()
    assert ask(session(), "PLTR", zone="")["PLTR"].zone == NEW_YORK
    assert there.asked == ["PLTR", "PLTR"]


def test_tokyo_keeps_its_own_dates(there: Yahoo, session: Make) -> None:
    answer = ask(session(), "9984.T", zone="Asia/Tokyo")["9984.T"]
    assert (answer.currency, answer.bars.index[-1]) == ("JPY", pd.Timestamp("2026-11-20"))


def test_pence_come_as_pounds(there: Yahoo, session: Make) -> None:
    answer = ask(session(), "VOD.L", zone="")["VOD.L"]
    assert answer.currency == "GBP"
    assert answer.bars["close"].iloc[-1] == pytest.approx(there.bars("VOD.L")["close"].iloc[-1] / 100)


FAULTS = {
    "404": ("unknown_symbol", "HTTP 404"),
    "429": ("rate_limited", "429"),
    "500": ("provider_down", "HTTP 500"),
    "502": ("provider_down", "HTTP 502"),
    "garbage": ("provider_down", "could not be read"),
    "truncated": ("provider_down", "Connection closed"),
    "reset": ("provider_down", "Connection closed"),
    "drip": ("provider_down", "timed out"),
    "black hole": ("provider_down", "timed out"),
    "empty": ("no_data", "no bars in this range"),
    "nulls": ("partial", "2 without a price"),
    "infinite": ("partial", "1 without a price"),
    "pence": ("partial", "1 after a jump without a split"),
    "weekend": ("partial", "1 on a weekend"),
    "no such zone": ("provider_down", "Mars/Olympus"),
    "wrong zone": ("provider_down", "found the time zone Asia/Tokyo, expected America/New_York"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_status_and_others_are_unharmed(fault: str, there: Yahoo, session: Make) -> None:
    reaching = session(timeout=2.5 if fault in ("drip", "black hole") else 8.0, pause=0.2)
    there.faults["MSFT"] = fault
    found = ask(reaching, "NVDA", "AMD", "MSFT") if fault != "429" else {**ask(reaching, "NVDA", "AMD"), **ask(reaching, "MSFT")}
    status, words = FAULTS[fault]
    assert found["MSFT"].status == status
    assert words in found["MSFT"].detail
    assert found["MSFT"].bars.empty == (status != "partial")
    assert [found[ticker].status for ticker in ("NVDA", "AMD")] == ["ok", "ok"]
    there.faults.clear()
    time.sleep(reaching.limited.closed_in())
    assert ask(reaching, "MSFT")["MSFT"].status == "ok"


def test_after_a_429_nobody_is_asked_until_the_pause_is_over(there: Yahoo, session: Make) -> None:
    reaching = session(pause=30)
    there.faults["*"] = "429"
    first = ask(reaching, "MSFT")["MSFT"]
    assert first.status == "rate_limited"
    assert 0 < first.retry_in <= 30
    there.asked.clear()
    assert {answer.status for answer in ask(reaching, "MSFT", "NVDA", "AMD").values()} == {"rate_limited"}
    assert there.asked == []


def test_half_of_several_unknown_is_the_providers_fault(there: Yahoo, session: Make) -> None:
    for ticker in ("MSFT", "NVDA"):
        there.faults[ticker] = "404"
    found = ask(session(), "MSFT", "NVDA", "AMD", "META")
    assert [found[ticker].status for ticker in ("MSFT", "NVDA", "AMD", "META")] == ["provider_down", "provider_down", "ok", "ok"]


def test_one_unknown_alone_is_believed_where_the_canary_sings(there: Yahoo, session: Make) -> None:
    there.faults["NOPE"] = "404"
    assert ask(session(), "NOPE", zone="")["NOPE"].status == "unknown_symbol"
    there.faults["*"] = "404"
    assert ask(session(), "NOPE", zone="")["NOPE"].status == "provider_down"


def test_a_black_hole_for_all_ends_soon(there: Yahoo, session: Make) -> None:
    there.faults["*"] = "black hole"
    begun = time.monotonic()
    tickers = [f"T{number}" for number in range(54)]
    assert {answer.status for answer in ask(session(timeout=1.0), *tickers).values()} == {"provider_down"}
    assert time.monotonic() - begun < 20


def test_the_deadline_holds(there: Yahoo, session: Make) -> None:
    there.faults["*"] = "drip"
    reaching = session(timeout=6.0)
    answers = yahoo.fetch([Ask("MSFT", START, NEW_YORK)], session=reaching, deadline=1.0)
    assert (answers[0].status, answers[0].detail) == ("provider_down", "no answer within 1 s")


def test_each_answer_is_told_once(there: Yahoo, session: Make) -> None:
    there.faults["NOPE"] = "404"
    told: list[str] = []
    yahoo.fetch([Ask(ticker, START, NEW_YORK) for ticker in ("NOPE", "MSFT")], session=session(), told=lambda answer: told.append(answer.ticker))
    assert sorted(told) == ["MSFT", "NOPE"]
