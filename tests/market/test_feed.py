"""The feed shows the freshest good series, at once, and says how each ticker stands."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tapeline.market import feed, refresh, store
from tapeline.market.feed import Feed
from tapeline.market.history import History
from tapeline.market.yahoo import Answer, Ask
from tests.market.conftest import NOW, bars
from tests.market.test_refresh import Provider, weekdays

CALENDARS = {"NVDA": "XNYS", "MSFT": "XNYS"}


def bundled(last: str = "2026-08-21") -> dict[str, History]:
    days = weekdays(last, 100)
    return {ticker: History(ticker, days["close"], "index", "bundled index") for ticker in CALENDARS}


def settled(found: Feed) -> feed.State:
    for _ in range(1500):
        if not found._running.is_set():
            return found.now()
        time.sleep(0.02)
    raise AssertionError("the feed did not come to rest")


Make = Callable[..., Feed]


@pytest.fixture
def make() -> Iterator[Make]:
    """Make a feed that is closed in the end."""
    made: list[Feed] = []

    def one(address: str, provider: refresh.Fetch, now: Callable[[], datetime] = lambda: NOW, **options: object) -> Feed:
        made.append(Feed(bundled(), CALENDARS, address, fetch=provider, clock=now, **options))  # type: ignore[arg-type]
        made[-1].first()
        return made[-1]

    yield one
    for found in made:
        settled(found)
        found.close()


def test_the_bundled_series_are_there_at_once(address: str, make: Make) -> None:
    state = make(address, Provider()).now()
    assert {share.live for share in state.shares.values()} == {False}
    assert state.version == 0
    assert state.histories["NVDA"].as_of == pd.Timestamp("2026-08-21")


def test_newer_series_stand_ready_before_they_are_shown(address: str, make: Make) -> None:
    prepared: list[int] = []
    found = make(address, Provider(NVDA=weekdays("2026-11-20", 200), MSFT="provider_down"), prepare=lambda state: prepared.append(state.version))
    assert found.wake()
    state = settled(found)
    assert (state.version, prepared, state.asking) == (1, [1], None)
    nvda, msft = state.shares["NVDA"], state.shares["MSFT"]
    assert (nvda.live, nvda.as_of, nvda.behind, nvda.failed) == (True, pd.Timestamp("2026-11-20"), 0, "")
    assert (msft.live, msft.as_of, msft.failed, msft.hard_stale) == (False, pd.Timestamp("2026-08-21"), "provider_down", True)
    assert msft.next_try == NOW + timedelta(minutes=1)
    assert state.histories["NVDA"].price is not None


def test_a_failure_keeps_what_is_shown_and_the_next_health_recovers(address: str, make: Make) -> None:
    moment = [NOW - timedelta(days=1)]
    provider = Provider(NVDA=weekdays("2026-11-19", 200), MSFT=weekdays("2026-11-19", 200))
    found = make(address, provider, lambda: moment[0])
    found.wake()
    assert settled(found).version == 1
    moment[0], provider.held = NOW, {"NVDA": "rate_limited", "MSFT": "rate_limited"}
    found.wake()
    state = settled(found)
    assert (state.version, state.shares["NVDA"].failed, state.shares["NVDA"].as_of) == (1, "rate_limited", pd.Timestamp("2026-11-19"))
    moment[0], provider.held = NOW + timedelta(minutes=5), {"NVDA": weekdays("2026-11-20", 201), "MSFT": weekdays("2026-11-20", 201)}
    found.wake()
    state = settled(found)
    assert (state.version, state.shares["NVDA"].failed, state.shares["NVDA"].as_of) == (2, "", pd.Timestamp("2026-11-20"))


def test_one_refresh_runs_at_a_time(address: str, make: Make) -> None:
    go = threading.Event()
    asked: list[str] = []

    def slow(asks: Sequence[Ask], told: Callable[[Answer], None]) -> list[Answer]:
        asked.extend(ask.ticker for ask in asks)
        go.wait(10)
        return []

    found = make(address, slow)
    assert found.wake()
    assert not found.wake(force=True)
    assert found.working()
    go.set()
    settled(found)
    assert asked == ["NVDA", "MSFT"]


def test_two_processes_on_one_store_fetch_each_ticker_once(address: str, make: Make) -> None:
    provider = Provider(NVDA=weekdays("2026-11-20", 200), MSFT=weekdays("2026-11-20", 200))
    one, two = make(address, provider), make(address, provider)
    one.wake()
    two.wake()
    settled(one), settled(two)
    two.wake(force=False)
    assert sorted(ask.ticker for ask in provider.asked) == ["MSFT", "NVDA"]
    two._state = feed.replace(two._state, looked_at=None)
    two.wake()
    assert settled(two).shares["NVDA"].live


def test_offline_asks_nobody(address: str, make: Make) -> None:
    provider = Provider(NVDA=weekdays("2026-11-20", 200))
    found = make(address, provider, online=False)
    found.wake()
    settled(found)
    assert provider.asked == []


def test_a_store_that_cannot_be_opened_leaves_the_bundled_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make) -> None:
    (tmp_path / "home").write_text("")
    monkeypatch.setattr(store.tempfile, "gettempdir", lambda: str(tmp_path / "home"))
    found = make(f"sqlite:///{tmp_path / 'home' / 'market.db'}", Provider())
    found.wake()
    state = settled(found)
    assert state.notice.startswith("Cannot write to")
    assert state.notice.endswith("; what is known already is shown")
    assert set(state.histories) == set(CALENDARS)


def test_a_fault_of_our_own_leaves_the_page_as_it_is(address: str, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    def broken(asks: Sequence[Ask], told: Callable[[Answer], None]) -> list[Answer]:
        raise ZeroDivisionError

    found = make(address, broken)
    found.wake()
    assert settled(found).asking is None
    assert "stopped on a fault of its own" in caplog.text


def test_a_stored_series_that_begins_later_is_linked_to_the_bundled_one() -> None:
    old = History("NVDA", pd.Series([100.0, 110.0, 121.0], pd.bdate_range("2026-11-16", periods=3)), "index", "bundled index")
    found = feed.fresher(old, bars("2026-11-18", [50.0, 55.0]).assign(ticker="NVDA", currency="USD"))
    assert found is not None
    assert found.level.tolist() == pytest.approx([100, 110, 121, 133.1])
    assert (found.source, found.currency) == ("Yahoo Finance", "USD")


def test_the_fresher_of_two_is_shown() -> None:
    old = History("NVDA", pd.Series([100.0, 110.0], pd.bdate_range("2026-11-19", periods=2)), "index", "bundled index")
    stored = bars("2026-11-16", [50.0, 55.0]).assign(ticker="NVDA", currency="USD")
    assert feed.fresher(old, stored) is old
    assert feed.fresher(None, stored.iloc[:0]) is None
    apart = bars("2026-12-01", [50.0]).assign(ticker="NVDA", currency="USD")
    assert feed.fresher(old, apart) is old


def test_the_index_is_extended_and_what_stands_in_it_stays() -> None:
    index = pd.DataFrame({"NVDA": [100.0, 110.0]}, index=pd.Index(["2026-11-18", "2026-11-19"], name="date"))
    days = pd.DatetimeIndex(["2026-11-18", "2026-11-19", "2026-11-20"])
    fetched = [History("NVDA", pd.Series([90.0, 100.0, 105.0], days), "index", ""), History("NEW", pd.Series([20.0, 30.0, 40.0], days), "index", "")]
    found = feed.extended(index, fetched, 3)
    assert found.index.tolist() == ["2026-11-18", "2026-11-19", "2026-11-20"]
    assert found["NVDA"].tolist() == pytest.approx([100, 110, 115.5])
    assert found["NEW"].tolist() == [100, 150, 200]


def test_a_ticker_of_no_table_stands_beside_the_others(address: str, make: Make) -> None:
    opened, _ = store.open_(address)
    refresh.run(opened, ["ZZZ"], {}, who="somebody", clock=lambda: NOW, fetch=Provider(ZZZ=weekdays("2026-11-20", 50)))
    opened.close()
    state = make(address, Provider(), online=False).now()
    assert list(state.others) == ["ZZZ"]
    assert set(state.histories) == set(CALENDARS)
