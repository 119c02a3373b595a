"""When a ticker is asked for, from which day, and how what comes joins what is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pandas as pd
import pytest

from tapeline.market import bars as daily
from tapeline.market import refresh, sessions
from tapeline.market.refresh import Outcome
from tapeline.market.store import Attempt, Store
from tapeline.market.yahoo import Answer, Ask
from tests.market.conftest import NOW, bars

CALENDARS = {"NVDA": "XNYS", "9984.T": "XTKS"}
LAST = pd.Timestamp("2026-11-20")


class Provider:
    """A provider that is a plain function: answers each ask from a table of bars, or with a status."""

    def __init__(self, **held: pd.DataFrame | str):
        self.held = held
        self.asked: list[Ask] = []

    def __call__(self, asks: Sequence[Ask], told: Callable[[Answer], None]) -> list[Answer]:
        answers = []
        for ask in asks:
            self.asked.append(ask)
            held = self.held.get(ask.ticker, "unknown_symbol")
            if isinstance(held, str):
                answers.append(Answer(ask.ticker, held, daily.empty(), detail="as it was told"))  # type: ignore[arg-type]
            else:
                answers.append(Answer(ask.ticker, "ok", held.loc[ask.start :], "USD", ask.zone, 0.1))
            told(answers[-1])
        return answers


def run(kept: Store, provider: Provider, *tickers: str, now: datetime = NOW, since: pd.Timestamp | None = None) -> dict[str, Outcome]:
    found = refresh.run(kept, tickers or ("NVDA",), CALENDARS, who="test", clock=lambda: now, since=since, fetch=provider)
    assert found is not None
    return {outcome.ticker: outcome for outcome in found}


def weekdays(last: str, count: int, start: float = 100.0) -> pd.DataFrame:
    days = sessions.sessions_between("XNYS", pd.Timestamp("2026-01-01"), pd.Timestamp(last))[-count:]
    closes = [start + at for at in range(count)]
    return pd.DataFrame({"close": closes, "adj_close": closes, "volume": 1.0, "dividend": 0.0, "split": 0.0}, index=days.rename("date"))


def test_the_first_time_all_is_asked_for_and_then_the_end(kept: Store) -> None:
    provider = Provider(NVDA=weekdays("2026-11-19", 60))
    assert run(kept, provider, now=NOW - timedelta(days=1))["NVDA"].bars == 60
    provider.held["NVDA"] = weekdays("2026-11-20", 61)
    outcome = run(kept, provider)["NVDA"]
    assert (outcome.status, outcome.first, outcome.last) == ("ok", weekdays("2026-11-19", 60).index[0], LAST)
    assert [ask.start for ask in provider.asked] == [refresh.SINCE, pd.Timestamp("2026-11-04")]
    assert kept.bars("NVDA")["close"].tolist() == weekdays("2026-11-20", 61)["close"].tolist()


def test_a_split_since_asks_for_all_again_and_brings_the_old_to_scale(kept: Store) -> None:
    run(kept, Provider(NVDA=weekdays("2026-11-19", 60)), now=NOW - timedelta(days=1))
    after = weekdays("2026-11-20", 61)
    after[["close", "adj_close"]] /= 4
    provider = Provider(NVDA=after)
    assert run(kept, provider)["NVDA"].status == "ok"
    assert [ask.start for ask in provider.asked] == [pd.Timestamp("2026-11-04"), refresh.SINCE]
    assert kept.bars("NVDA")["close"].tolist() == after["close"].tolist()


def test_a_dividend_since_adjusts_what_is_stored(kept: Store) -> None:
    run(kept, Provider(NVDA=weekdays("2026-11-19", 60)), now=NOW - timedelta(days=1))
    after = weekdays("2026-11-20", 61)
    after.loc[LAST, "dividend"] = 1.0
    after.loc[: pd.Timestamp("2026-11-19"), "adj_close"] *= 0.99
    run(kept, Provider(NVDA=after))
    assert kept.bars("NVDA")["adj_close"].tolist() == after["adj_close"].tolist()
    assert kept.bars("NVDA")["close"].tolist() == after["close"].tolist()


def test_the_whole_is_asked_for_again_after_a_month(kept: Store) -> None:
    provider = Provider(NVDA=weekdays("2026-11-20", 61))
    run(kept, provider, now=NOW - timedelta(days=31))
    run(kept, provider)
    assert [ask.start for ask in provider.asked] == [refresh.SINCE, refresh.SINCE]


def test_since_asks_for_what_it_says(kept: Store) -> None:
    provider = Provider(NVDA=weekdays("2026-11-20", 61))
    assert run(kept, provider, since=pd.Timestamp("2026-11-10"))["NVDA"].first == pd.Timestamp("2026-11-10")


@pytest.mark.parametrize("status", ["provider_down", "rate_limited", "unknown_symbol", "no_data"])
def test_a_failure_leaves_what_is_stored_and_is_logged(kept: Store, status: str) -> None:
    run(kept, Provider(NVDA=weekdays("2026-11-19", 60)), now=NOW - timedelta(days=1))
    outcome = run(kept, Provider(NVDA=status))["NVDA"]
    assert (outcome.status, outcome.bars, outcome.last) == ("provider_down" if status == "no_data" else status, 0, pd.Timestamp("2026-11-19"))
    assert len(kept.bars("NVDA")) == 60
    assert kept.attempts(NOW)["NVDA"][0].status == outcome.status


def test_a_missing_session_is_partial_and_filled_later(kept: Store) -> None:
    full = weekdays("2026-11-20", 61)
    outcome = run(kept, Provider(NVDA=full.drop(pd.Timestamp("2026-11-18"))))["NVDA"]
    assert (outcome.status, outcome.detail) == ("partial", "1 session missing, the last 2026-11-18")
    later = NOW + timedelta(hours=2)
    assert refresh.due(kept, {"NVDA": "XNYS"}, later) == ["NVDA"]
    assert run(kept, Provider(NVDA=full), now=later)["NVDA"].status == "ok"
    assert kept.bars("NVDA")["close"].tolist() == full["close"].tolist()


def test_a_session_that_is_not_over_is_not_stored(kept: Store) -> None:
    morning = datetime.fromisoformat("2026-11-20T16:00:00+00:00")
    assert run(kept, Provider(NVDA=weekdays("2026-11-20", 61)), now=morning)["NVDA"].last == pd.Timestamp("2026-11-19")


def test_tickers_of_no_known_exchange_are_taken_as_they_come(kept: Store) -> None:
    provider = Provider(**{"VOD.L": bars("2026-11-18", [70, 71, 72]), "NOPE": "unknown_symbol"})
    found = run(kept, provider, "VOD.L", "NOPE")
    assert found["VOD.L"].last == LAST
    assert found["NOPE"].status == "unknown_symbol"
    assert provider.asked[0].zone == ""


def test_one_bad_ticker_harms_no_other(kept: Store) -> None:
    found = run(kept, Provider(NVDA=weekdays("2026-11-20", 61), **{"9984.T": "provider_down"}), "NVDA", "9984.T")
    assert {ticker: outcome.status for ticker, outcome in found.items()} == {"NVDA": "ok", "9984.T": "provider_down"}


def test_while_another_process_refreshes_nothing_is_asked(kept: Store) -> None:
    provider = Provider(NVDA=weekdays("2026-11-20", 61))
    assert kept.lease(refresh.LEASE, "another", 60, NOW)
    assert refresh.run(kept, ["NVDA"], CALENDARS, who="test", clock=lambda: NOW, fetch=provider) is None
    assert provider.asked == []


def test_the_lease_is_given_back_after_a_fault(kept: Store) -> None:
    def broken(asks: Sequence[Ask], told: Callable[[Answer], None]) -> list[Answer]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refresh.run(kept, ["NVDA"], CALENDARS, who="test", clock=lambda: NOW, fetch=broken)
    assert kept.lease(refresh.LEASE, "another", 60, NOW)


def attempts(*statuses: str, retry_in: float = 0.0) -> list[Attempt]:
    return [Attempt("NVDA", NOW, status, 0, False, 0.1, retry_in, "") for status in statuses]


@pytest.mark.parametrize(
    ("held", "minutes"),
    [
        (attempts("provider_down"), 1),
        (attempts("provider_down", "provider_down", "provider_down"), 4),
        (attempts(*["provider_down"] * 40), 30),
        (attempts("provider_down", "ok", "provider_down"), 1),
        (attempts("rate_limited", retry_in=600), 10),
        (attempts("unknown_symbol"), 360),
        (attempts("ok"), 60),
    ],
)
def test_the_pause_grows_with_the_failures(held: list[Attempt], minutes: int) -> None:
    assert refresh.standing(held).next_try == NOW + timedelta(minutes=minutes)


def test_never_asked_is_due_now() -> None:
    assert refresh.is_due("XNYS", None, refresh.standing([]), NOW)


def test_a_series_that_has_the_last_final_session_is_not_due() -> None:
    old = [replaced._replace(asked_at=NOW - timedelta(days=2)) for replaced in attempts("ok")]
    assert not refresh.is_due("XNYS", LAST, refresh.standing(old), NOW)
    assert refresh.is_due("XNYS", pd.Timestamp("2026-11-19"), refresh.standing(old), NOW)
    assert not refresh.is_due("XNYS", pd.Timestamp("2026-11-19"), refresh.standing(attempts("ok")), NOW)
