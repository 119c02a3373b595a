"""The only door to Yahoo Finance: daily bars, each ticker with a status, never an exception.

yfinance hides what went wrong, waits longer than it is told and keeps failures; what is done about it here was measured
with yfinance 1.7: its own session caps every wait, limits the rate, notes the true HTTP status and stops asking after a
429; its response cache is cleared after a failure; its files lie in a private folder.
"""

from __future__ import annotations

import logging
import random
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, NamedTuple

import curl_cffi.requests
import pandas as pd
import yfinance
import yfinance.cache
import yfinance.data
from curl_cffi.requests.exceptions import ConnectionError as NotConnected
from curl_cffi.requests.exceptions import RequestException

from tapeline.market import bars as daily
from tapeline.market.brakes import Breaker, Bucket

Status = Literal["ok", "partial", "no_data", "unknown_symbol", "rate_limited", "provider_down"]

CANARY = "SPY"
CHART = "/v8/finance/chart/"
WORKERS = 4
TIMEOUT = 6.0
DEADLINE = 90.0
TRIES = 3


class Ask(NamedTuple):
    """A ticker to ask for, from which day on, and its exchange's time zone ('' where we do not know it)."""

    ticker: str
    start: pd.Timestamp
    zone: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of it: `bars` as `tapeline.market.bars` has them (empty where there are none), and why in `detail`.

    `retry_in` are the seconds for which the provider, or our own breaker, wants to be left alone.
    """

    ticker: str
    status: Status
    bars: pd.DataFrame
    currency: str = ""
    zone: str = ""
    seconds: float = 0.0
    detail: str = ""
    retry_in: float = 0.0


class NotAsked(NotConnected):
    """A request that our own brakes held back."""

    def __init__(self, status: Status, seconds: float):
        why = "rate limited (HTTP 429)" if status == "rate_limited" else "the provider did not answer"
        super().__init__(f"{why}; not asked again for {seconds:.0f} s")
        self.status: Status = status
        self.seconds = seconds


class Session(curl_cffi.requests.Session[Any]):
    """The one session of a process: every wait capped, the rate limited, a breaker for 429 and one for silence.

    Keeps for each thread the HTTP statuses of its chart requests. Options are those of curl_cffi's Session.
    """

    def __init__(self, rate: float = 5.0, burst: int = 10, timeout: float = TIMEOUT, pause: float = 60.0, **options: Any):
        super().__init__(impersonate="chrome", **options)
        self.cap = timeout
        self.seen = threading.local()
        self.bucket = Bucket(rate, burst)
        self.limited = Breaker(1, pause, pause * 30)
        self.silent = Breaker(WORKERS, pause / 2, pause * 10)
        self.cookies_silent = Breaker(1, pause * 10, pause * 10)

    def request(self, method: Any, url: str, *args: Any, **options: Any) -> Any:
        """Send a request through the brakes."""
        chart = CHART in url
        silent = self.silent if chart else self.cookies_silent
        for status, breaker in (("rate_limited", self.limited), ("provider_down", silent)):
            if left := breaker.closed_in():
                raise NotAsked(status, left)  # type: ignore[arg-type]
        if chart:
            time.sleep(self.bucket.wait())
        options["timeout"] = min(options.get("timeout") or self.cap, self.cap)
        try:
            response = super().request(method, url, *args, **options)
        except RequestException:
            silent.failed()
            raise
        if chart:
            self._note(response)
        return response

    def _note(self, response: Any) -> None:
        self.seen.statuses = [*getattr(self.seen, "statuses", []), response.status_code]
        if response.status_code == 429:
            after = response.headers.get("Retry-After", "")
            self.limited.failed(max(float(after), 1.0) if after.isdigit() else None)
        elif response.status_code < 500:
            self.silent.succeeded()
            self.limited.succeeded()


def fetch(
    asks: Sequence[Ask], *, session: Session | None = None, deadline: float = DEADLINE, told: Callable[[Answer], None] = lambda answer: None,
) -> list[Answer]:  # fmt: skip
    """Ask for all tickers, four at a time; return an answer for each within `deadline` seconds, in their order.

    `told` hears each answer as it comes. Where nothing can be told apart from a failure of the provider (half of several
    tickers "unknown", or a canary that fails too), the answer is provider_down.
    """
    try:
        session = session or shared()
        _prepare()
        _know_zones(asks)
    except Exception as error:
        return [_failed(ask, "provider_down", f"the client cannot start: {error}") for ask in asks]
    ends = time.monotonic() + deadline
    found: dict[str, Answer] = {}
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="yahoo")
    waiting: dict[Future[Answer], Ask] = {pool.submit(_one, session, ask, ends): ask for ask in asks}
    try:
        while waiting and (left := ends - time.monotonic()) > 0:
            for future in wait(waiting, timeout=min(left, 0.2)).done:
                answer = found[waiting.pop(future).ticker] = future.result()
                if answer.status != "unknown_symbol":
                    told(answer)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    late = {ask.ticker: _failed(ask, "provider_down", f"no answer within {deadline:.0f} s") for ask in waiting.values()}
    answers = _believed(session, found | late)
    for answer in answers.values():
        if answer.ticker in late or found[answer.ticker].status == "unknown_symbol":
            told(answer)
    return [answers[ask.ticker] for ask in asks]


@cache
def shared() -> Session:
    """Return the session of this process."""
    return Session()


def forget() -> None:
    """Drop the responses that yfinance keeps: they hold failures and stale adjustments."""
    yfinance.data.YfData.cache_get.cache_clear()


@cache
def _prepare() -> tempfile.TemporaryDirectory[str]:
    """Set yfinance up once: true exceptions, no log of its own, its files in a folder that goes with the process."""
    yfinance.config.debug.hide_exceptions = False
    yfinance.config.network.retries = 0
    logging.getLogger("yfinance").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"yfinance(\.|$)")
    folder = tempfile.TemporaryDirectory(prefix="tapeline-yfinance-", ignore_cleanup_errors=True)
    yfinance.cache.set_cache_location(folder.name)
    return folder


def _know_zones(asks: Iterable[Ask]) -> None:
    """Tell yfinance the time zones that we know, so that it need not ask for each."""
    zones = yfinance.cache.get_tz_cache()
    for ask in asks:
        if ask.zone and zones.lookup(ask.ticker) != ask.zone:
            zones.store(ask.ticker, ask.zone)


def _one(session: Session, ask: Ask, ends: float) -> Answer:
    """Ask for one ticker, again with growing random pauses where that can help."""
    begun = time.monotonic()
    for attempt in range(TRIES):
        answer = _try(session, ask)
        pause = random.uniform(0, min(8.0, 0.5 * 2**attempt))
        held = session.silent.closed_in() or session.limited.closed_in()
        if answer.status != "provider_down" or held or time.monotonic() + pause >= ends:
            break
        if attempt < TRIES - 1:
            time.sleep(pause)
    return replace(answer, seconds=round(time.monotonic() - begun, 2))


def _try(session: Session, ask: Ask) -> Answer:
    session.seen.statuses = []
    try:
        share = yfinance.Ticker(ask.ticker, session=session)
        raw = share.history(start=f"{ask.start:%Y-%m-%d}", auto_adjust=False, actions=True, timeout=session.cap)
        about: Mapping[str, Any] = share.history_metadata
        currency, zone = str(about.get("currency") or ""), str(about.get("exchangeTimezoneName") or "")
    except Exception as error:
        forget()
        return _explained(session, ask, error)
    if raw.empty:
        forget()
        return _failed(ask, "no_data", "no bars in this range")
    if ask.zone and zone != ask.zone:
        return _failed(ask, "provider_down", f"found the time zone {zone or 'missing'}, expected {ask.zone}; nothing of it was taken")
    good = daily.sound(raw, jumpy=ask.ticker.startswith("^"))
    bars, currency = daily.in_whole_units(good.bars, currency)
    if bars.empty:
        return _failed(ask, "no_data", good.left_out)
    return Answer(ask.ticker, "partial" if good.left_out else "ok", bars, currency, zone, detail=good.left_out)


def _explained(session: Session, ask: Ask, error: Exception) -> Answer:
    """Say what an exception of yfinance was, by the HTTP status that the session saw."""
    last = (session.seen.statuses or [0])[-1]
    if isinstance(error, NotAsked):
        return replace(_failed(ask, error.status, str(error)), retry_in=error.seconds)
    if last == 429 or isinstance(error, yfinance.exceptions.YFRateLimitError):
        return replace(_failed(ask, "rate_limited", "HTTP 429"), retry_in=session.limited.closed_in())
    if isinstance(error, RequestException):
        return _failed(ask, "provider_down", str(error).split(". See ")[0][:160])
    if last == 404:
        return _failed(ask, "unknown_symbol", "HTTP 404: Yahoo knows no such symbol")
    if last >= 400:
        return _failed(ask, "provider_down", f"HTTP {last}")
    if isinstance(error, yfinance.exceptions.YFPricesMissingError) and not getattr(error, "yahoo_reason", None):
        return _failed(ask, "no_data", "no bars in this range")
    return _failed(ask, "provider_down", f"the answer could not be read: {type(error).__name__}: {error}"[:160])


def _believed(session: Session, answers: dict[str, Answer]) -> dict[str, Answer]:
    """Believe that a symbol is unknown only where the provider is well: others were answered, or the canary is."""
    unknown = [ticker for ticker, answer in answers.items() if answer.status == "unknown_symbol"]
    well = any(answer.status in ("ok", "partial") for answer in answers.values())
    many = len(answers) >= 4 and len(unknown) * 2 >= len(answers)
    if not unknown or (well and not many):
        return answers
    week = pd.Timestamp.now().normalize() - pd.Timedelta(days=10)
    if not many and _try(session, Ask(CANARY, week)).status in ("ok", "partial"):
        return answers
    doubt = "HTTP 404, but for so many symbols that the provider is at fault" if many else f"HTTP 404, but {CANARY} was not answered either"
    return answers | {ticker: replace(answers[ticker], status="provider_down", detail=doubt) for ticker in unknown}


def _failed(ask: Ask, status: Status, why: str) -> Answer:
    return Answer(ask.ticker, status, daily.empty(), detail=why)
