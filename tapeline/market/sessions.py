"""Exchange sessions: which one was the first that could react to a piece of news, and which closes there must be by now.

Day 0 of a share is the first session of its own exchange that closes after the news. The sessions of day 0 come from the
market data, so no calendar is guessed; only the hour of the close is written down here. What a feed must hold by now is
asked of the exchange's calendar (exchange_calendars).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")

CLOSES = {
    "XNYS": (time(16, 0), NEW_YORK),
    "XTKS": (time(15, 30), ZoneInfo("Asia/Tokyo")),
    "XHKG": (time(16, 0), ZoneInfo("Asia/Hong_Kong")),
    "XKRX": (time(15, 30), ZoneInfo("Asia/Seoul")),
    "XTAI": (time(13, 30), ZoneInfo("Asia/Taipei")),
}
"""Close of the day session by calendar. Tokyo closed at 15:00 until November 2024: no news falls between."""

HOURS = {"before_open": time(8, 0), "during_session": time(12, 0), "after_close": time(18, 0), "closed": time(12, 0)}
"""An hour of New York that stands for each part of its trading day."""

FINAL_AFTER = pd.Timedelta(minutes=45)
"""How long after the close a bar is taken to be final."""

ASIA = {"CN", "HK", "JP", "KR", "TW", "SG"}


def announced_at(date: pd.Timestamp, session: str, country: str) -> datetime:
    """Return the moment that stands for a dated piece of news, with its time zone.

    `session` is a part of the New York day. Where it is unknown, the news is taken to have come at noon of the actor's
    own day: Shanghai's for an actor seated in East Asia, New York's for all others.
    """
    if session in HOURS:
        return datetime.combine(date.date(), HOURS[session], NEW_YORK)
    return datetime.combine(date.date(), time(12, 0), SHANGHAI if country in ASIA else NEW_YORK)


def day_zero(news: datetime, sessions: pd.DatetimeIndex, calendar: str) -> pd.Timestamp | None:
    """Return the first session of an exchange that closes after the news; None where the sessions do not reach it.

    `sessions` are naive, increasing dates of the exchange. News never moves back: what comes after the close, on a
    weekend or on a holiday belongs to the next session. News from before the first of the sessions has no day 0.
    """
    hour, zone = CLOSES[calendar]
    local = news.astimezone(zone)
    first = local.date() if local.time() < hour else local.date() + timedelta(days=1)
    at = int(sessions.searchsorted(pd.Timestamp(first)))
    if at == len(sessions) or (at == 0 and sessions[0] > pd.Timestamp(first)):
        return None
    return pd.Timestamp(sessions[at])


def zone(calendar: str) -> str:
    """Return the name of an exchange's time zone."""
    return CLOSES[calendar][1].key


def last_final(calendar: str, now: datetime) -> pd.Timestamp:
    """Return the last session of an exchange whose bar is final by `now` (with a time zone)."""
    closes = _closes(calendar)
    return pd.Timestamp(closes.index[int(closes.searchsorted(pd.Timestamp(now) - FINAL_AFTER, side="right")) - 1])


def next_final(calendar: str, now: datetime) -> pd.Timestamp:
    """Return the moment, in UTC, at which the next bar of an exchange will be final."""
    closes = _closes(calendar)
    return pd.Timestamp(closes.iloc[int(closes.searchsorted(pd.Timestamp(now) - FINAL_AFTER, side="right"))]) + FINAL_AFTER


def sessions_between(calendar: str, first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Return the sessions of an exchange from `first` to `last`, both included."""
    return pd.DatetimeIndex(_closes(calendar).loc[first:last].index)


@cache
def _closes(calendar: str) -> pd.Series:
    """Return the moment of each close by session, from 2019 to a year from now."""
    import exchange_calendars

    found: pd.Series[Any] = exchange_calendars.get_calendar(calendar, start="2018-12-31").schedule["close"]
    return found.set_axis(pd.DatetimeIndex(found.index).as_unit("ns"))
