"""Exchange sessions: which one was the first that could react to a piece of news.

Day 0 of a share is the first session of its own exchange that closes after the news. The sessions themselves come from
the market data, so no calendar is guessed; only the hour of the close is written down here.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
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
