"""Day 0 is the first session of the share's own exchange that closes after the news; it never moves back."""

from __future__ import annotations

import pandas as pd
import pytest

from tapeline import package
from tapeline.market import snapshot
from tapeline.market.sessions import announced_at, day_zero

WEEK = pd.to_datetime(["2025-01-17", "2025-01-21", "2025-01-22", "2025-01-23", "2025-01-24", "2025-01-27", "2025-01-28"])
ASIA = pd.to_datetime(["2025-01-20", "2025-01-21", "2025-01-22", "2025-01-23", "2025-01-24", "2025-01-27", "2025-01-28"])


def zero(date: str, session: str, country: str, calendar: str) -> str | None:
    sessions = WEEK if calendar == "XNYS" else ASIA
    found = day_zero(announced_at(pd.Timestamp(date), session, country), sessions, calendar)
    return None if found is None else f"{found:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("date", "session", "country", "calendar", "expected"),
    [
        ("2025-01-22", "before_open", "US", "XNYS", "2025-01-22"),
        ("2025-01-22", "during_session", "US", "XNYS", "2025-01-22"),
        ("2025-01-22", "after_close", "US", "XNYS", "2025-01-23"),
        ("2025-01-24", "after_close", "US", "XNYS", "2025-01-27"),
        ("2025-01-20", "closed", "CN", "XNYS", "2025-01-21"),
        ("2025-01-26", "closed", "CN", "XNYS", "2025-01-27"),
        ("2025-01-26", "unknown", "US", "XNYS", "2025-01-27"),
        ("2025-01-22", "unknown", "CN", "XNYS", "2025-01-22"),
        ("2025-01-22", "unknown", "US", "XTKS", "2025-01-23"),
        ("2025-01-21", "after_close", "US", "XTKS", "2025-01-22"),
        ("2025-01-22", "unknown", "KR", "XKRX", "2025-01-22"),
        ("2025-01-22", "before_open", "US", "XHKG", "2025-01-23"),
        ("2025-02-03", "during_session", "US", "XNYS", None),
        ("2019-01-03", "during_session", "US", "XNYS", None),
    ],
)  # fmt: skip
def test_day_zero(date: str, session: str, country: str, calendar: str, expected: str | None) -> None:
    assert zero(date, session, country, calendar) == expected


def test_an_early_morning_in_new_york_is_an_afternoon_in_tokyo() -> None:
    news = pd.Timestamp("2025-01-22 00:30", tz="America/New_York").to_pydatetime()
    assert day_zero(news, ASIA, "XTKS") == pd.Timestamp("2025-01-22")


def test_the_shipped_sessions_skip_american_holidays() -> None:
    calendars = {"NVDA": "XNYS", "9984.T": "XTKS"}
    histories = {ticker: history for ticker, history in snapshot.load(package.SHIPPED).items() if ticker in calendars}
    sessions = snapshot.calendars(histories, calendars)
    assert pd.Timestamp("2025-01-20") not in sessions["XNYS"]
    assert pd.Timestamp("2025-01-20") in sessions["XTKS"]
