"""From the wire to the reader: each fault of the provider, what the store holds, what the line says, and the recovery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from tapeline import package
from tapeline.market import snapshot, store, yahoo
from tapeline.market.feed import Feed, State
from tapeline.market.yahoo import Session
from tapeline.ui import market_line
from tests.loopback.yahoo import Yahoo
from tests.market.conftest import NOW
from tests.market.test_feed import settled

Make = Callable[..., Session]
CALENDARS = dict.fromkeys(("MSFT", "NVDA", "AMD"), "XNYS")
BUNDLED = pd.Timestamp("2026-08-21")
SAID = {
    "404": "MSFT: unknown to Yahoo Finance at 23:00, next try 2026-11-21 05:00",
    "429": "rate limited by Yahoo Finance at 23:00",
    "500": "MSFT: no answer from Yahoo Finance at 23:00, next try 23:01",
    "502": "MSFT: no answer from Yahoo Finance at 23:00, next try 23:01",
    "garbage": "MSFT: no answer from Yahoo Finance at 23:00, next try 23:01",
    "truncated": "MSFT: no answer from Yahoo Finance at 23:00, next try 23:01",
    "drip": "MSFT: no answer from Yahoo Finance at 23:00, next try 23:01",
    "reset": "MSFT: no answer from Yahoo Finance at 23:00, next try 23:01",
    "black hole": "MSFT: no answer from Yahoo Finance at 23:00, next try 23:01",
    "empty": "MSFT: no answer from Yahoo Finance at 23:00, next try 23:01",
    "no such zone": "MSFT: no answer from Yahoo Finance at 23:00, next try 23:01",
    "wrong zone": "MSFT: no answer from Yahoo Finance at 23:00, next try 23:01",
    "nulls": "MSFT: the newest bars are missing at Yahoo Finance at 23:00, next try 2026-11-21 00:00",
    "infinite": "MSFT: the newest bars are missing at Yahoo Finance at 23:00, next try 2026-11-21 00:00",
    "pence": "MSFT: the newest bars are missing at Yahoo Finance at 23:00, next try 2026-11-21 00:00",
    "weekend": "closes to 2026-11-20",
}


class Reader:
    """A feed over the stand-in, its clock, and what it says."""

    def __init__(self, session: Session, address: str):
        self.now = NOW
        bundled = {ticker: history for ticker, history in snapshot.load(package.SHIPPED).items() if ticker in CALENDARS}
        fetch = partial(yahoo.fetch, session=session, deadline=30)
        self.feed = Feed(bundled, CALENDARS, address, fetch=fetch, clock=lambda: self.now)
        self.feed.first()

    def looks(self, force: bool = False) -> State:
        assert self.feed.wake(force)
        return settled(self.feed)

    def reads(self) -> str:
        return "; ".join(market_line.words(self.feed.now(), self.now, UTC, online=True))


@pytest.fixture
def reader(session: Make, tmp_path: Path) -> Iterator[Callable[..., Reader]]:
    """Make a reader with an empty store."""
    made: list[Reader] = []

    def one(**options: float) -> Reader:
        made.append(Reader(session(**options), f"sqlite:///{tmp_path / 'market.db'}"))
        return made[-1]

    yield one
    for found in made:
        found.feed.close()


@pytest.mark.parametrize("fault", SAID)
def test_a_fault_is_said_harms_no_other_and_passes(fault: str, there: Yahoo, reader: Callable[..., Reader]) -> None:
    found = reader(timeout=2.5 if fault in ("drip", "black hole") else 8.0, pause=0.1)
    there.faults["MSFT"] = fault
    state = found.looks()
    assert SAID[fault] in found.reads()
    whole = fault in ("nulls", "infinite", "pence", "weekend")
    assert state.shares["MSFT"].live == whole
    assert (state.histories["MSFT"].as_of == BUNDLED) == (not whole)
    if fault != "429":
        assert all(state.shares[ticker].as_of == pd.Timestamp("2026-11-20") for ticker in ("NVDA", "AMD"))
    there.faults.clear()
    found.now = NOW + timedelta(hours=7)
    found.looks()
    assert found.reads() == "Market: Yahoo Finance, closes to 2026-11-20"


def test_a_split_and_a_dividend_between_two_refreshes(there: Yahoo, reader: Callable[..., Reader]) -> None:
    found = reader()
    before = found.looks().histories
    last = pd.Timestamp("2026-11-20")
    there.splits["NVDA"] = (last, 4)
    there.dividends["AMD"] = (last, 2.0)
    after = found.looks(force=True).histories
    assert after["NVDA"].price is not None
    assert before["NVDA"].price is not None
    pd.testing.assert_series_equal(after["NVDA"].price, before["NVDA"].price / 4, rtol=1e-5)
    pd.testing.assert_series_equal(after["NVDA"].level, before["NVDA"].level, rtol=1e-5)
    share = before["AMD"].level.pct_change().iloc[-1]
    assert after["AMD"].level.pct_change().iloc[-1] > share
    assert found.reads() == "Market: Yahoo Finance, closes to 2026-11-20"


def test_a_wrong_clock_neither_breaks_nor_lies(there: Yahoo, reader: Callable[..., Reader]) -> None:
    found = reader()
    found.looks()
    found.now = NOW - timedelta(days=365)
    assert found.looks().histories["NVDA"].as_of == pd.Timestamp("2026-11-20")
    assert "this server's clock says 2025-11-20, before the newest session: set it right" in found.reads()


def test_a_full_disk_is_said_and_the_page_keeps_what_it_has(there: Yahoo, reader: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch) -> None:
    found = reader()
    monkeypatch.setattr(store.Store, "land", lambda *_: (_ for _ in ()).throw(store.StoreError("the price store cannot be used: disk is full")))
    state = found.looks()
    assert state.histories["NVDA"].as_of == BUNDLED
    assert "The price store cannot be used: disk is full; what is known already is shown" in found.reads()
    monkeypatch.undo()
    found.now = NOW + timedelta(minutes=5)
    found.looks()
    assert found.reads() == "Market: Yahoo Finance, closes to 2026-11-20"
