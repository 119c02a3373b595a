"""The feed: for each ticker the freshest good series, drawn at once from what is known, and made fresher behind the page.

A page asks `now()` and gets what is held in memory; it never waits for a database or the network. `wake()` starts one
background refresh where something is due; whoever draws pages looks at `version`, which grows when newer series stand ready.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pandas as pd

from tapeline.errors import StoreError
from tapeline.market import refresh, sessions, store, yahoo
from tapeline.market.history import History
from tapeline.market.refresh import Outcome
from tapeline.market.store import Store

LIVE = "Yahoo Finance"
HARD_STALE = 3
LOOK_EVERY = timedelta(seconds=20)
REOPEN_EVERY = timedelta(minutes=1)

log = logging.getLogger("tapeline.feed")


@dataclass(frozen=True)
class Share:
    """How one ticker stands: the last session it has, how many finished ones it lacks, and what its last attempt said.

    `behind` is None where the exchange's sessions are not known yet; `failed` is '' where the last attempt was well.
    """

    ticker: str
    live: bool
    as_of: pd.Timestamp
    behind: int | None = None
    failed: str = ""
    asked_at: datetime | None = None
    next_try: datetime | None = None

    @property
    def hard_stale(self) -> bool:
        """Tell whether more than three finished sessions are missing."""
        return self.behind is not None and self.behind > HARD_STALE


@dataclass(frozen=True)
class State:
    """What the feed knows at one moment; whole and never changed, so that a page may read it as it likes.

    `others` are series in the store whose tickers are in no table of ours: somebody asked for them by name.
    `notice` says in one sentence what is wrong with the store, '' where nothing is. `asking` is (answered, of) while a
    refresh runs.
    """

    histories: Mapping[str, History]
    shares: Mapping[str, Share]
    version: int = 0
    notice: str = ""
    asking: tuple[int, int] | None = None
    looked_at: datetime | None = None
    others: Mapping[str, History] = field(default_factory=dict)


def fresher(bundled: History | None, stored: pd.DataFrame) -> History | None:
    """Return the fresher of two series of one ticker, on one scale: base 100 at the first session there is.

    Where the stored bars begin later, the bundled levels before them are linked to them at their first common session.
    """
    if stored.empty:
        return bundled
    level = stored["adj_close"]
    if bundled is not None:
        if bundled.as_of > level.index[-1]:
            return bundled
        common = bundled.level.index.intersection(level.index)
        if len(common) and bundled.level.index[0] < level.index[0]:
            level = level / level[common[0]] * bundled.level[common[0]]
            level = pd.concat([bundled.level.loc[: level.index[0]].iloc[:-1], level])
        elif not len(common) and bundled.level.index[0] < level.index[0]:
            return bundled
    return History(
        str(stored["ticker"].iloc[0]), (level / level.iloc[0] * 100).rename(None), "index", LIVE,
        price=stored["close"], currency=str(stored["currency"].iloc[-1]),
    )  # fmt: skip


class Feed:
    """One feed a process. `calendars` says the exchange of each ticker; `prepare` is called with newer series before they show."""

    def __init__(
        self, bundled: Mapping[str, History], calendars: Mapping[str, str], address: str, *, online: bool = True,
        fetch: refresh.Fetch = yahoo.fetch, clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        prepare: Callable[[State], None] = lambda state: None,
    ):  # fmt: skip
        self._bundled, self._calendars, self._address, self._online = bundled, dict(calendars), address, online
        self._fetch, self._clock, self._prepare = fetch, clock, prepare
        self._who, self._lock, self._running = refresh.holder(), threading.Lock(), threading.Event()
        self._store: Store | None = None
        self._opened_at: datetime | None = None
        self._note, self._complaints = "", dict[str, str]()
        shares = {ticker: Share(ticker, False, history.as_of) for ticker, history in bundled.items()}
        self._state = State(dict(bundled), shares)
        self._seen = 0

    def now(self) -> State:
        """Return what is known, at once."""
        return self._state

    def first(self, counting: bool = False) -> State:
        """Read what the store holds, once, before the first page; a store that cannot be used leaves the bundled series.

        `counting` the sessions that lack takes a while the first time, since an exchange's calendar is made for it.
        """
        with self._lock:
            self._read(counting)
        return self._state

    def wake(self, force: bool = False) -> bool:
        """Start a look at the store, and a refresh of what is due (all that may be asked, with `force`); False where one runs already."""
        looked = self._state.looked_at
        if self._running.is_set() or (not force and looked is not None and timedelta() <= self._clock() - looked < LOOK_EVERY):
            return False
        self._running.set()
        threading.Thread(target=self._work, args=(force,), name="feed", daemon=True).start()
        return True

    def clock(self) -> datetime:
        """Return the moment that the feed takes for now."""
        return self._clock()

    def working(self) -> bool:
        """Tell whether tickers are being asked for, or the first look is not done yet."""
        return self._state.asking is not None or (self._running.is_set() and self._state.looked_at is None)

    def close(self) -> None:
        """Wait for what runs, and let go of the store."""
        with self._lock:
            if self._store is not None:
                self._store.close()

    def _work(self, force: bool) -> None:
        try:
            with self._lock:
                self._read()
                self._refresh(force)
                self._read()
        except Exception:
            log.exception("The refresh stopped on a fault of its own; the page keeps what it has.")
        finally:
            self._state = replace(self._state, asking=None, looked_at=self._clock())
            self._running.clear()

    def _refresh(self, force: bool) -> None:
        """Ask for what is due, and count the answers as they come."""
        if not self._online or self._store is None:
            return
        now = self._clock()
        try:
            due = list(self._calendars) if force else refresh.due(self._store, self._calendars, now)
            if not due:
                return
            self._state = replace(self._state, asking=(0, len(due)))
            refresh.run(self._store, due, self._calendars, who=self._who, clock=self._clock, fetch=self._fetch, told=self._count)
            self._complaints.pop("writing", None)
        except StoreError as error:
            self._complain("writing", error)

    def _complain(self, about: str, error: StoreError) -> None:
        """Keep in mind what is wrong with the store, until the same works again."""
        log.warning("%s", error)
        said = str(error)
        self._complaints[about] = f"{said[0].upper()}{said[1:].rstrip('.')}; what is known already is shown"
        self._state = replace(self._state, notice=self._notice())

    def _notice(self) -> str:
        return "; ".join(filter(None, [self._note, *dict.fromkeys(self._complaints.values())]))

    def _count(self, outcome: Outcome) -> None:
        done, of = self._state.asking or (0, 0)
        self._state = replace(self._state, asking=(done + 1, of))
        if outcome.status not in ("ok", "partial"):
            log.info("%s: %s (%s)", outcome.ticker, outcome.status, outcome.detail)

    def _read(self, counting: bool = True) -> None:
        """Take over what the store holds, where it holds anything newer."""
        now = self._clock()
        try:
            opened = self._opened(now)
            if opened is None:
                return
            version = opened.version()
            news = version != self._seen
            histories, others = self._histories(opened.everything()) if news else (self._state.histories, self._state.others)
            shares = self._shares(histories, opened, now, counting)
            self._complaints.pop("reading", None)
        except StoreError as error:
            self._complain("reading", error)
            return
        state = replace(self._state, histories=histories, others=others, shares=shares, notice=self._notice())
        if version != self._seen:
            state = replace(state, version=state.version + 1)
            self._prepare(state)
        self._state, self._seen = state, version

    def _opened(self, now: datetime) -> Store | None:
        """Return the store, opened where it is not and was not tried within the last minute."""
        if self._store is None and (self._opened_at is None or now - self._opened_at >= REOPEN_EVERY):
            self._opened_at = now
            self._store, self._note = store.open_(self._address)
        return self._store

    def _histories(self, stored: pd.DataFrame) -> tuple[dict[str, History], dict[str, History]]:
        """Return the freshest series of our own tickers, and those of all others in the store."""
        by_ticker = {str(ticker): frame for ticker, frame in stored.groupby("ticker", sort=False)}
        every = dict.fromkeys([*self._calendars, *by_ticker])
        found = {ticker: fresher(self._bundled.get(ticker), by_ticker.get(ticker, stored.iloc[:0])) for ticker in every}
        known = {ticker: history for ticker, history in found.items() if history is not None}
        own = {ticker: history for ticker, history in known.items() if ticker in self._calendars}
        return own, {ticker: history for ticker, history in known.items() if ticker not in own}

    def _shares(self, histories: Mapping[str, History], held: Store, now: datetime, counting: bool) -> dict[str, Share]:
        attempts, found = held.attempts(now), {}
        for ticker, history in histories.items():
            at = refresh.standing(attempts.get(ticker, []))
            behind = self._behind(ticker, history.as_of, now) if counting else None
            well = at.last is None or at.last.status == "ok" or (at.last.status == "partial" and not behind)
            found[ticker] = Share(
                ticker, history.price is not None, history.as_of, behind, "" if well or at.last is None else at.last.status,
                at.last.asked_at if at.last else None, at.next_try,
            )  # fmt: skip
        return found

    def _behind(self, ticker: str, as_of: pd.Timestamp, now: datetime) -> int | None:
        calendar = self._calendars.get(ticker)
        if not calendar:
            return None
        last = sessions.last_final(calendar, now)
        return len(sessions.sessions_between(calendar, as_of + pd.Timedelta(days=1), last))


def extended(index: pd.DataFrame, histories: Iterable[History], decimals: int) -> pd.DataFrame:
    """Return the bundled index (dates as text by ticker) with the sessions that fetched series have after its last one.

    What stands in it is not changed: later levels are linked to each ticker's last one. A ticker that is new begins at 100.
    """
    wide = index.set_axis(pd.to_datetime(index.index), axis=0)
    columns = {str(ticker): wide[ticker].dropna() for ticker in wide.columns}
    for history in histories:
        old = columns.get(history.ticker)
        if old is None or old.empty:
            columns[history.ticker] = (history.level / history.level.iloc[0] * 100).round(decimals)
        elif old.index[-1] in history.level.index:
            later = history.level.loc[old.index[-1] :]
            columns[history.ticker] = pd.concat([old, (later / later.iloc[0] * old.iloc[-1]).round(decimals).iloc[1:]])
    joined = pd.concat(columns, axis=1, sort=True).sort_index(axis=1)
    return joined.set_axis(pd.Index(pd.DatetimeIndex(joined.index).strftime("%Y-%m-%d"), name="date"))
