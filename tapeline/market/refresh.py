"""Bring the store up to date: which tickers are due, from when to ask, and how the answers join what is stored.

A refresh asks from ten sessions before the last stored bar. Where what comes overlaps on another scale, because of a split
or a dividend since, or where the series was last asked for as a whole a month ago, all of it is asked for again.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

import pandas as pd

from tapeline.market import bars as daily
from tapeline.market import sessions, yahoo
from tapeline.market.store import Attempt, Store
from tapeline.market.yahoo import Answer, Ask

SINCE = pd.Timestamp("2019-01-01")
OVERLAP = pd.Timedelta(days=15)
WHOLE_EVERY = timedelta(days=30)
LEASE, LEASE_SECONDS = "refresh", 120
WAITS = {"ok": timedelta(hours=1), "partial": timedelta(hours=1), "no_data": timedelta(hours=1), "unknown_symbol": timedelta(hours=6)}
DOWN_FIRST, DOWN_MOST = timedelta(minutes=1), timedelta(minutes=30)

Fetch = Callable[..., list[Answer]]


@dataclass(frozen=True)
class Outcome:
    """What a refresh did for one ticker, as the command line prints it."""

    ticker: str
    status: str
    bars: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    currency: str
    seconds: float
    detail: str


class Standing(NamedTuple):
    """How a ticker stands: its last attempt, when to ask again (None: now), and how long it has failed in a row."""

    last: Attempt | None
    next_try: datetime | None
    failures: int


def holder() -> str:
    """Return a name for this process that no other has."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def standing(attempts: Sequence[Attempt]) -> Standing:
    """Say from a ticker's attempts, newest first, when it may be asked for again.

    After a failure of the provider one minute, doubling to thirty; after a 429 when the breaker closes; an unknown symbol
    after six hours; what was answered, after an hour.
    """
    if not attempts:
        return Standing(None, None, 0)
    last = attempts[0]
    failures = next((at for at, attempt in enumerate(attempts) if attempt.status in ("ok", "partial")), len(attempts))
    wait = WAITS.get(last.status) or min(DOWN_FIRST * 2 ** min(failures - 1, 10), DOWN_MOST)
    if last.status == "rate_limited" and last.retry_in:
        wait = timedelta(seconds=last.retry_in)
    return Standing(last, last.asked_at + wait, failures)


def is_due(calendar: str, newest: pd.Timestamp | None, held: Standing, now: datetime) -> bool:
    """Tell whether to ask: a final bar is missing, or the last answer was not ok; and the pause after it is over."""
    if held.next_try is not None and now < held.next_try:
        return False
    if newest is None or held.last is None or held.last.status != "ok" or not calendar:
        return True
    return newest < sessions.last_final(calendar, now)


def due(store: Store, calendars: Mapping[str, str], now: datetime) -> list[str]:
    """Return the tickers of `calendars` (exchange code by ticker, '' where it is not known) that are to be asked for."""
    reach, attempts = store.reach(), store.attempts(now)
    newest = {ticker: last for ticker, (_, last, _) in reach.items()}
    return [ticker for ticker, name in calendars.items() if is_due(name, newest.get(ticker), standing(attempts.get(ticker, [])), now)]


def run(
    store: Store, tickers: Iterable[str], calendars: Mapping[str, str], *, who: str, clock: Callable[[], datetime], since: pd.Timestamp | None = None,
    fetch: Fetch = yahoo.fetch, told: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome] | None:  # fmt: skip
    """Ask for some tickers and land what comes; None where another process is at it.

    `since` asks for whole series from that day. `told` hears each outcome as it comes. Raises StoreError where the store
    cannot be used.
    """
    now = clock()
    if not store.lease(LEASE, who, LEASE_SECONDS, now):
        return None
    try:
        yahoo.forget()
        attempts, reach, asks, found = store.attempts(now), store.reach(), [], {}
        for ticker in dict.fromkeys(tickers):
            asks.append(Ask(ticker, since or _start(reach.get(ticker), attempts.get(ticker, []), now), _zone(calendars.get(ticker, ""))))
        whole = {ask.ticker: ask for ask in asks if ask.start <= (since or SINCE)}
        again: list[Ask] = []

        def heard(answer: Answer) -> None:
            outcome = _land(store, answer, calendars.get(answer.ticker, ""), answer.ticker in whole, now)
            if outcome is None:
                again.append(Ask(answer.ticker, SINCE, _zone(calendars.get(answer.ticker, ""))))
            else:
                found[answer.ticker] = outcome
                told(outcome)
            store.lease(LEASE, who, LEASE_SECONDS, clock())

        for round_ in (asks, again):
            whole |= {ask.ticker: ask for ask in again}
            fetch(list(round_), told=heard) if round_ else None
        return [found[ask.ticker] for ask in asks]
    finally:
        store.release(LEASE, who)


def _start(reach: tuple[pd.Timestamp, pd.Timestamp, int] | None, attempts: Sequence[Attempt], now: datetime) -> pd.Timestamp:
    """Return from when to ask: the end of a series where its whole was asked for not long ago, else its beginning."""
    whole_at = next((attempt.asked_at for attempt in attempts if attempt.whole and attempt.bars), None)
    return reach[1] - OVERLAP if reach and whole_at and now - whole_at < WHOLE_EVERY else SINCE


def _zone(calendar: str) -> str:
    return sessions.zone(calendar) if calendar else ""


def _land(store: Store, answer: Answer, calendar: str, whole: bool, now: datetime) -> Outcome | None:
    """Join an answer to what is stored and write it; None where the whole series must be asked for first."""
    answer = _completed(answer, calendar, now)
    old = store.bars(answer.ticker)
    new: pd.DataFrame | None = answer.bars
    if len(answer.bars) and len(old):
        new = daily.replaced(old, answer.bars) if whole else daily.merged(old, answer.bars)
        if new is None:
            return None
    changed = _changed(old, new) if new is not None and len(answer.bars) else daily.empty()
    written = len(answer.bars) if len(changed) else 0
    attempt = Attempt(answer.ticker, now, answer.status, written, whole, answer.seconds, answer.retry_in, answer.detail[:400])
    store.land(attempt, changed if len(changed) else None, answer.currency)
    held = new if new is not None and len(answer.bars) else old
    first, last = (held.index[0], held.index[-1]) if len(held) else (None, None)
    return Outcome(answer.ticker, answer.status, len(answer.bars), first, last, answer.currency, answer.seconds, answer.detail)


def _changed(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the bars that are not stored already as they are."""
    columns = list(daily.COLUMNS)
    before = old.reindex(new.index)[columns]
    same = (before == new[columns]) | (before.isna() & new[columns].isna() & before["close"].notna().to_numpy()[:, None])
    return new[~same.all(axis=1)]


def _completed(answer: Answer, calendar: str, now: datetime) -> Answer:
    """Compare an answer with the sessions there were: leave unfinished ones out, name those that lack.

    No bars at all, where a known exchange has had sessions, is a failure of the provider.
    """
    if not calendar:
        today = pd.Timestamp(now).tz_convert(answer.zone or "UTC")
        bars = answer.bars[answer.bars.index < today.tz_localize(None).normalize() + pd.Timedelta(days=int(today.hour >= 18))]
        return answer if len(bars) == len(answer.bars) else replace(answer, bars=bars)
    last = sessions.last_final(calendar, now)
    if answer.status == "no_data":
        return replace(answer, status="provider_down", detail=f"no bars, although there was a session on {last:%Y-%m-%d}")
    if answer.bars.empty:
        return answer
    bars = answer.bars.loc[:last]
    if bars.empty:
        return replace(answer, status="provider_down", bars=bars, detail="no bars of finished sessions")
    lacking = sessions.sessions_between(calendar, bars.index[0], last).difference(pd.DatetimeIndex(bars.index))
    if not len(lacking):
        return replace(answer, bars=bars)
    words = f"{len(lacking)} {'session' if len(lacking) == 1 else 'sessions'} missing, the last {lacking[-1]:%Y-%m-%d}"
    recent = lacking[lacking > bars.index[-1] - pd.Timedelta(days=30)]
    status = "partial" if len(recent) or answer.status == "partial" else answer.status
    return replace(answer, status=status, bars=bars, detail="; ".join(filter(None, [answer.detail, words])))
