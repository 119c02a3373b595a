"""Bars to test with, stores to keep them in, and Yahoo's stand-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from tapeline import package
from tapeline.market import snapshot, store, yahoo
from tapeline.market.store import Store
from tests.loopback import postgres
from tests.loopback.yahoo import Yahoo, serving

NOW = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
"""A Friday evening in New York: the session of that day is final."""


def bars(first: str, closes: list[float], dividend: float = 0.0) -> pd.DataFrame:
    """Make sound bars of weekdays from a day on."""
    days = pd.bdate_range(first, periods=len(closes), name="date").as_unit("ns")
    frame = pd.DataFrame({"close": closes, "adj_close": closes, "volume": 100.0, "dividend": dividend, "split": 0.0}, index=days)
    frame.index.freq = None  # type: ignore[attr-defined]
    return frame


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL, started for these tests."""
    programs = postgres.binaries()
    if programs is None:
        pytest.skip(postgres.NOT_FOUND)
    with postgres.running(programs) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty store, in SQLite and in PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store' / 'market.db'}"
    monkeypatch.setenv("TAPELINE_DATABASE_URL", request.getfixturevalue("postgresql"))
    found = store.url()
    engine = sa.create_engine(found)
    with engine.begin() as link:
        store.META.drop_all(link)
    engine.dispose()
    return found


@pytest.fixture
def kept(address: str) -> Iterator[Store]:
    """An empty store."""
    opened, note = store.open_(address)
    assert note == ""
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Yahoo, str, Path]]:
    """Yahoo's stand-in with the bundled index: itself, its address and its authority."""
    there = Yahoo(snapshot.load(package.SHIPPED), pd.Timestamp(NOW))
    with serving(there, tmp_path_factory.mktemp("yahoo")) as (proxy, authority):
        yield there, proxy, authority


@pytest.fixture
def there(stand_in: tuple[Yahoo, str, Path]) -> Yahoo:
    """The stand-in, healthy."""
    found = stand_in[0]
    for known in (found.faults, found.splits, found.dividends):
        known.clear()
    found.asked.clear()
    yahoo.forget()
    return found


@pytest.fixture
def session(stand_in: tuple[Yahoo, str, Path]) -> Callable[..., yahoo.Session]:
    """Make a session that reaches the stand-in alone."""
    _, proxy, authority = stand_in

    def make(timeout: float = 4.0, rate: float = 200.0, pause: float = 2.0) -> yahoo.Session:
        return yahoo.Session(rate=rate, burst=200, timeout=timeout, pause=pause, proxies={"https": proxy}, verify=str(authority))

    return make
