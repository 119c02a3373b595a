"""The store keeps good bars, in SQLite and in PostgreSQL, whatever happens to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from tapeline.errors import StoreError
from tapeline.market import store
from tapeline.market.store import Attempt, Store
from tests.conftest import ROOT
from tests.market.conftest import NOW, bars


def attempt(ticker: str = "NVDA", status: str = "ok", written: int = 3, minutes: float = 0) -> Attempt:
    return Attempt(ticker, NOW + timedelta(minutes=minutes), status, written, True, 0.5, 0.0, "")


def test_an_empty_store_holds_nothing(kept: Store) -> None:
    assert kept.bars("NVDA").empty
    assert kept.everything().empty
    assert (kept.reach(), kept.attempts(NOW), kept.version()) == ({}, {}, 0)


def test_what_lands_is_what_is_read(kept: Store) -> None:
    landed = bars("2026-11-18", [100.25, 101.5, 99.125])
    kept.land(attempt(), landed, "USD")
    found = kept.bars("NVDA")
    pd.testing.assert_frame_equal(found[list(landed.columns)], landed)
    assert set(found["currency"]) == {"USD"}
    assert kept.reach() == {"NVDA": (pd.Timestamp("2026-11-18"), pd.Timestamp("2026-11-20"), 3)}
    assert kept.attempts(NOW)["NVDA"] == [attempt()]
    assert kept.version() == 1


def test_bars_of_an_index_have_no_volume(kept: Store) -> None:
    kept.land(attempt("^VIX"), bars("2026-11-18", [15.0]).assign(volume=float("nan")), "USD")
    assert kept.bars("^VIX")["volume"].isna().all()


def test_new_bars_stand_for_their_dates_alone(kept: Store) -> None:
    kept.land(attempt(), bars("2026-11-17", [1, 2, 3, 4]), "USD")
    kept.land(attempt(), bars("2026-11-18", [22, 33]), "USD")
    assert kept.bars("NVDA")["close"].tolist() == [1, 22, 33, 4]


def test_an_attempt_without_bars_changes_no_bar_and_no_version(kept: Store) -> None:
    kept.land(attempt(), bars("2026-11-18", [1, 2, 3]), "USD")
    kept.land(attempt(status="rate_limited", written=0, minutes=1))
    assert len(kept.bars("NVDA")) == 3
    assert kept.version() == 1
    assert [one.status for one in kept.attempts(NOW)["NVDA"]] == ["rate_limited", "ok"]


def test_attempts_of_a_wrong_clock_are_not_believed(kept: Store) -> None:
    kept.land(attempt(minutes=525_600))
    assert kept.attempts(NOW) == {}


def test_old_attempts_are_cleared(kept: Store) -> None:
    kept.land(attempt())
    kept.land(attempt(minutes=60 * 24 * 91))
    assert len(kept.attempts(NOW + timedelta(days=365))["NVDA"]) == 1


def test_one_holder_has_the_lease(kept: Store, address: str) -> None:
    other, _ = store.open_(address)
    assert kept.lease("refresh", "a", 60, NOW)
    assert kept.lease("refresh", "a", 60, NOW)
    assert not other.lease("refresh", "b", 60, NOW)
    assert other.lease("refresh", "b", 60, NOW + timedelta(seconds=61))
    other.release("refresh", "b")
    assert kept.lease("refresh", "a", 60, NOW)
    other.close()


def test_a_lease_of_a_wrong_clock_is_void(kept: Store) -> None:
    assert kept.lease("refresh", "a year ahead", 60, NOW + timedelta(days=365))
    assert kept.lease("refresh", "b", 60, NOW)


def test_a_bad_bar_in_a_landing_leaves_all_as_it_was(kept: Store) -> None:
    kept.land(attempt(), bars("2026-11-18", [1, 2, 3]), "USD")
    worse = bars("2026-11-18", [7, 8, 9])
    worse.iloc[2, 0] = float("nan")
    with pytest.raises(StoreError):
        kept.land(attempt(minutes=1), worse.astype(object).where(worse.notna(), None), "USD")
    assert kept.bars("NVDA")["close"].tolist() == [1, 2, 3]
    assert len(kept.attempts(NOW)["NVDA"]) == 1


def test_a_process_killed_while_it_writes_loses_no_good_bar(address: str) -> None:
    opened, _ = store.open_(address)
    opened.land(attempt(), bars("2026-01-01", [1.0] * 200), "USD")
    script = f"""
import itertools
from tapeline.market import store
from tests.market.conftest import bars
from tests.market.test_store import attempt
opened, _ = store.open_({address!r})
print("ready", flush=True)
for price in itertools.count(2):
    opened.land(attempt(), bars("2026-01-01", [float(price)] * 200), "USD")
"""
    writer = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    writer.stdout.readline()
    time.sleep(0.7)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    closes = opened.bars("NVDA")["close"]
    assert len(closes) == 200
    assert closes.nunique() == 1
    opened.land(attempt(), bars("2026-01-01", [5.0]), "USD")
    opened.close()


def test_a_damaged_file_is_set_aside_and_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "market.db"
    path.write_bytes(b"this was a database once" * 400)
    opened, note = store.open_(f"sqlite:///{path}")
    assert opened.everything().empty
    aside = next(tmp_path.glob("market.db.broken-*"))
    assert note == f"The price store was damaged; it was set aside as {aside.name} and is being filled again."
    assert aside.read_bytes().startswith(b"this was")
    opened.close()


def test_a_locked_file_is_said_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.1)
    address = f"sqlite:///{tmp_path / 'market.db'}"
    opened, _ = store.open_(address)
    opened.land(attempt(), bars("2026-11-18", [1, 2, 3]), "USD")
    other = sa.create_engine(address)
    with other.connect() as link:
        link.exec_driver_sql("BEGIN EXCLUSIVE")
        assert len(opened.bars("NVDA")) == 3
        with pytest.raises(StoreError, match="locked by another program"):
            opened.land(attempt(minutes=1), bars("2026-11-18", [7, 8, 9]), "USD")
        link.rollback()
    other.dispose()
    assert opened.bars("NVDA")["close"].tolist() == [1, 2, 3]
    opened.close()


def test_a_folder_that_cannot_be_made_is_stood_in_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.tempfile, "gettempdir", lambda: str(tmp_path))
    (tmp_path / "home").write_text("a file where a folder should be")
    opened, note = store.open_(f"sqlite:///{tmp_path / 'home' / 'tapeline' / 'market.db'}")
    assert note.startswith(f"Fetched prices cannot be kept in {tmp_path / 'home' / 'tapeline'}")
    opened.land(attempt(), bars("2026-11-18", [1, 2, 3]), "USD")
    assert len(opened.bars("NVDA")) == 3
    opened.close()


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    monkeypatch.setattr(store.tempfile, "gettempdir", lambda: str(tmp_path / "home"))
    with pytest.raises(StoreError, match="cannot write to"):
        store.open_(f"sqlite:///{tmp_path / 'home' / 'market.db'}")


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    opened, _ = store.open_(f"sqlite:///{tmp_path / 'market.db'}")
    opened.land(attempt(), bars("2026-11-18", [1, 2, 3]), "USD")

    @sa.event.listens_for(opened._engine, "connect")
    def _(link: object, record: object) -> None:
        link.execute("PRAGMA max_page_count=1")  # type: ignore[attr-defined]

    opened._engine.dispose()
    with pytest.raises(StoreError, match="full"):
        opened.land(attempt(minutes=1), bars("2019-01-01", [1.0] * 2000), "USD")
    assert opened.bars("NVDA")["close"].tolist() == [1, 2, 3]
    opened.close()


@pytest.mark.parametrize("address", ["no url at all", "nothing://here/db", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_an_address_that_leads_nowhere_is_said(address: str) -> None:
    with pytest.raises(StoreError):
        store.open_(address)


def test_the_address_is_the_environments_else_the_named_one_else_the_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPELINE_DATABASE_URL", "postgres://user:secret@db/tapeline")
    assert store.url("sqlite:///named.db") == "postgresql+psycopg://user:secret@db/tapeline"
    assert "secret" not in store.shown(store.url())
    monkeypatch.delenv("TAPELINE_DATABASE_URL")
    assert store.url("sqlite:///named.db") == "sqlite:///named.db"
    assert store.url().endswith("tapeline/market.db")
