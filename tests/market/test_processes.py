"""Whole processes against Yahoo's stand-in: the commands as they are typed, and two of the app on one store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tapeline import package
from tapeline.market import sessions, snapshot
from tests.conftest import ROOT
from tests.loopback.yahoo import Yahoo, serving

NOW = pd.Timestamp.now(tz="UTC")
NEWEST = f"{sessions.last_final('XNYS', NOW.to_pydatetime()):%Y-%m-%d}"
FEED = """
import time
from tapeline import milestones
from tapeline.market import snapshot, store
from tapeline.market.feed import Feed
shares = milestones.load().instruments
feed = Feed(snapshot.load(), dict(zip(shares["ticker"], shares["calendar"])), store.url())
feed.first()
for _ in range(600):
    feed._state = __import__("dataclasses").replace(feed._state, looked_at=None)
    feed.wake()
    time.sleep(0.2)
    if all(share.live for share in feed.now().shares.values()):
        break
feed.close()
print(sum(share.live for share in feed.now().shares.values()))
"""


class Machine:
    """Runs commands that reach the stand-in alone, with a store and data of their own."""

    def __init__(self, there: Yahoo, proxy: str, authority: Path, folder: Path):
        self.there, self.folder = there, folder
        trust = dict.fromkeys(("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"), str(authority))
        own = {"TAPELINE_OFFLINE": "", "HTTPS_PROXY": proxy, "NO_PROXY": "", "TAPELINE_DATABASE_URL": f"sqlite:///{folder / 'market.db'}"}
        self.environment = {**os.environ, **trust, **own}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def tapeline(self, *arguments: str) -> tuple[int, str, str]:
        done = self.start("-m", "tapeline", *arguments)
        out, err = done.communicate(timeout=120)
        return done.returncode, out, err


@pytest.fixture
def machine(tmp_path: Path) -> object:
    there = Yahoo(snapshot.load(package.SHIPPED), NOW)
    with serving(there, tmp_path) as (proxy, authority):
        yield Machine(there, proxy, authority, tmp_path)


def test_refresh_says_each_ticker_and_status_remembers(machine: Machine) -> None:
    machine.there.faults["NOPE"] = "404"
    code, out, err = machine.tapeline("refresh", "nvda", "VOD.L", "NOPE", "--json")
    rows = {row["ticker"]: row for row in json.loads(out)}
    assert code == 3
    assert "2 of 3 tickers ok." in err
    assert list(rows["NVDA"]) == ["ticker", "status", "bars", "first", "last", "currency", "seconds", "detail"]
    assert (rows["NVDA"]["status"], rows["NVDA"]["first"], rows["NVDA"]["last"]) == ("ok", "2019-01-02", NEWEST)
    assert (rows["VOD.L"]["status"], rows["VOD.L"]["currency"]) == ("ok", "GBP")
    assert (rows["NOPE"]["status"], rows["NOPE"]["bars"], rows["NOPE"]["first"]) == ("unknown_symbol", 0, None)

    code, out, err = machine.tapeline("refresh", "NVDA", "--since", "2026-01-02")
    assert code == 0
    assert out.startswith("NVDA       ok             ")
    assert "1 of 1 ticker ok." in err
    code, out, _ = machine.tapeline("status", "--json")
    told = json.loads(out)
    held = {row["ticker"]: row for row in told["tickers"]}
    assert (held["NVDA"]["last"], held["NVDA"]["expected"], held["NVDA"]["status"]) == (NEWEST, NEWEST, "ok")
    assert held["AMD"]["status"] is None
    assert set(told["next_sessions"]) == set(sessions.CLOSES)
    assert held["VOD.L"]["bars"] > 100


def test_a_store_that_cannot_be_used_is_said(machine: Machine) -> None:
    machine.environment["TAPELINE_DATABASE_URL"] = "nothing://here"
    code, _, err = machine.tapeline("status")
    assert code == 1
    assert "TAPELINE_DATABASE_URL" in err


def test_snapshot_extends_the_bundled_index_from_the_store(machine: Machine, base: Path) -> None:
    before = (base / "market_index.csv").read_text().splitlines()
    assert machine.tapeline("refresh", "NVDA", "9984.T")[0] == 0
    code, out, _ = machine.tapeline("--data", str(base), "snapshot")
    assert code == 0
    assert f"to {NEWEST}" in out
    after = pd.read_csv(base / "market_index.csv", index_col="date")
    old = pd.read_csv(package.SHIPPED / "market_index.csv", index_col="date")
    pd.testing.assert_frame_equal(after.loc[: old.index[-1]].drop(columns="9984.T"), old.drop(columns="9984.T"))
    assert (base / "market_index.csv").read_text().splitlines()[:100] == before[:100]
    bars = machine.there.bars("NVDA")["close"]
    expected = old["NVDA"].dropna().iloc[-1] * bars.iloc[-1] / bars.loc[pd.Timestamp(old["NVDA"].dropna().index[-1])]
    assert after["NVDA"].iloc[-1] == pytest.approx(expected, abs=0.001)
    assert machine.tapeline("--data", str(base), "check", "--stamp")[0] == 0


def test_two_processes_of_the_app_fetch_each_ticker_once(machine: Machine, postgresql: str) -> None:
    machine.environment["TAPELINE_DATABASE_URL"] = postgresql
    machine.start("-c", "from tapeline.market import store; o, _ = store.open_(store.url()); store.META.drop_all(o._engine); o.close()").communicate()
    both = [machine.start("-c", FEED) for _ in range(2)]
    said = [process.communicate(timeout=150) for process in both]
    assert [out.strip() for out, _ in said] == ["54", "54"], said
    assert sorted(machine.there.asked) == sorted(set(machine.there.asked))
    assert len(machine.there.asked) == 54
