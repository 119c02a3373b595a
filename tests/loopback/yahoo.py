"""A proxy on 127.0.0.1 that answers for Yahoo's hosts in Yahoo's chart format, healthy or with a fault.

The real yfinance and curl_cffi speak to it through TLS, as HTTPS_PROXY and SSL_CERT_FILE tell them; nothing leaves the
machine. Series of the bundled index go on from it, at a made-up scale, to the last finished session.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pandas as pd
import trustme

from tapeline.market import sessions
from tapeline.market.history import History

HOSTS = ("query1.finance.yahoo.com", "query2.finance.yahoo.com", "fc.yahoo.com", "guce.yahoo.com", "consent.yahoo.com")
SUFFIX = {"KS": "XKRX", "HK": "XHKG", "TW": "XTAI", "T": "XTKS", "L": "XLON"}
CURRENCY = {"XKRX": "KRW", "XHKG": "HKD", "XTAI": "TWD", "XTKS": "JPY", "XLON": "GBp"}
ZONES = {"XLON": "Europe/London"}
OWN = {"^KS11": "XKRX", "^HSI": "XHKG", "^TWII": "XTAI", "^N225": "XTKS"}
HOLD = 20
NOTHING: Mapping[str, str] = {}
COOKIE = "A3=d=1; Domain=.yahoo.com; Path=/; Secure; Expires=Fri, 31 Dec 2032 00:00:00 GMT"
UNKNOWN = {"chart": {"result": None, "error": {"code": "Not Found", "description": "No data found, symbol may be delisted"}}}
BROKEN = {"chart": {"result": None, "error": {"code": "Internal", "description": "Internal Server Error"}}}
SIMPLE = {
    "404": (404, json.dumps(UNKNOWN)), "429": (429, "Too Many Requests"), "500": (500, json.dumps(BROKEN)),
    "502": (502, "<html>Bad Gateway</html>"), "garbage": (200, "\x00\x01 not JSON at all"),
}  # fmt: skip


class Yahoo:
    """What the stand-in knows: closes by symbol, `faults` by symbol ('*' for all), and the chart requests that came."""

    def __init__(self, histories: dict[str, History], now: pd.Timestamp | None = None):
        self.histories = histories
        self.now = now or pd.Timestamp.now(tz="UTC")
        self.faults: dict[str, str] = {}
        self.splits: dict[str, tuple[pd.Timestamp, int]] = {}
        self.dividends: dict[str, tuple[pd.Timestamp, float]] = {}
        self.asked: list[str] = []
        self.says_how_long = False
        self.gone = threading.Event()
        for calendar in sessions.CLOSES:
            sessions.last_final(calendar, self.now.to_pydatetime())

    def calendar(self, symbol: str) -> str:
        """Return the exchange of a symbol, by its ending."""
        return OWN.get(symbol) or SUFFIX.get(symbol.rpartition(".")[2] if "." in symbol else "", "XNYS")

    def bars(self, symbol: str) -> pd.DataFrame:
        """Return close, adjusted close and volume by session, to the last finished one."""
        calendar = self.calendar(symbol)
        known = self.histories.get(symbol)
        last = sessions.last_final("XNYS" if calendar == "XLON" else calendar, self.now.to_pydatetime())
        seed = zlib.crc32(symbol.encode())
        first = known.as_of if known else last - pd.Timedelta(days=400)
        days = sessions.sessions_between("XNYS" if calendar == "XLON" else calendar, first, last)
        walk = np.cumprod(1 + np.random.default_rng(seed).normal(0.0005, 0.012, len(days)))
        tail = pd.Series(walk / walk[0] * (known.level.iloc[-1] if known else 100.0), days)
        level = tail if known is None else pd.concat([known.level.iloc[:-1], tail])
        close = level * (0.2 + seed % 400 / 100)
        frame = pd.DataFrame({"close": close, "adjclose": close, "volume": 1_000_000.0 + seed % 1000})
        if symbol in self.dividends:
            day, amount = self.dividends[symbol]
            frame.loc[frame.index < day, "adjclose"] *= 1 - amount / close[close.index < day].iloc[-1]
        if symbol in self.splits:
            frame[["close", "adjclose"]] /= self.splits[symbol][1]
            frame["volume"] *= self.splits[symbol][1]
        return frame.round(6)

    def chart(self, symbol: str, first: float, last: float, fault: str) -> dict[str, Any]:
        """Return the body of a chart answer for a range of seconds since 1970."""
        zone = ZONES.get(self.calendar(symbol)) or sessions.zone(self.calendar(symbol))
        frame = self.bars(symbol)
        stamps = (frame.index + pd.Timedelta(hours=9, minutes=30)).tz_localize(zone).as_unit("s").asi8
        inside = (stamps >= first) & (stamps < last)
        frame, stamps = frame[inside], stamps[inside]
        if fault == "weekend":
            stamps = np.append(stamps, stamps[-1] + (5 - frame.index[-1].day_of_week) * 86400)
            frame = pd.concat([frame, frame.iloc[[-1]]])
        values: dict[str, list[float | None]] = {name: frame[name].tolist() for name in frame}
        if fault == "nulls":
            values["close"][-2:] = [None, None]
        if fault == "pence":
            values["close"][-1] *= 100  # type: ignore[operator]
            values["adjclose"][-1] *= 100  # type: ignore[operator]
        prices = dict.fromkeys(("open", "high", "low", "close"), values["close"])
        adjusted: list[Any] = [*values["adjclose"][:-1], "Infinity"] if fault == "infinite" else values["adjclose"]
        meta = {
            "symbol": symbol, "currency": CURRENCY.get(self.calendar(symbol), "USD"), "instrumentType": "EQUITY",
            "exchangeTimezoneName": {"no such zone": "Mars/Olympus", "wrong zone": "Asia/Tokyo"}.get(fault, zone), "validRanges": ["max"],
            "priceHint": 2, "dataGranularity": "1d",
        }  # fmt: skip
        events: dict[str, Any] = {}
        for kind, held in (("dividends", self.dividends), ("splits", self.splits)):
            if symbol in held and len(stamps) and frame.index[0] <= held[symbol][0] <= frame.index[-1]:
                day, size = held[symbol]
                at = int(stamps[frame.index.get_loc(day)])
                what = {"amount": size} if kind == "dividends" else {"numerator": size, "denominator": 1, "splitRatio": f"{size}:1"}
                events[kind] = {str(at): {"date": at, **what}}
        quote = {**prices, "volume": values["volume"]}
        body = {"meta": meta, "timestamp": stamps.tolist(), "indicators": {"quote": [quote], "adjclose": [{"adjclose": adjusted}]}, "events": events}
        return {"chart": {"result": [] if fault == "empty" else [body], "error": None}}


@contextmanager
def serving(yahoo: Yahoo, folder: Path) -> Iterator[tuple[str, Path]]:
    """Run the proxy; yield its address and the file with its authority's certificate, for HTTPS_PROXY and SSL_CERT_FILE."""
    authority = trustme.CA()
    certificate, held = folder / "authority.pem", authority.issue_cert(*HOSTS)
    authority.cert_pem.write_to_path(str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    held.configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"yahoo": yahoo, "context": context}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", certificate
    finally:
        yahoo.gone.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    yahoo: Yahoo
    context: ssl.SSLContext

    def do_CONNECT(self) -> None:
        if self.path.partition(":")[0] not in HOSTS:
            self.send_error(403, "this proxy answers for Yahoo only")
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        try:
            self.connection = self.context.wrap_socket(self.connection, server_side=True)
        except OSError:
            self.close_connection = True
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if "getcrumb" in parts.path:
            self._answer(b"crumb")
        elif "/v8/finance/chart/" in parts.path:
            symbol = unquote(parts.path.rpartition("/")[2])
            self.yahoo.asked.append(symbol)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            self._chart(symbol, float(query.get("period1", 0)), float(query.get("period2", 4e9)))
        else:
            self._answer(b"", 404, {"Set-Cookie": COOKIE})

    do_POST = do_GET

    def _chart(self, symbol: str, first: float, last: float) -> None:
        fault = self.yahoo.faults.get(symbol) or self.yahoo.faults.get("*", "")
        if fault in SIMPLE:
            status, body = SIMPLE[fault]
            self._answer(body.encode(), status, {"Retry-After": "12"} if status == 429 and self.yahoo.says_how_long else NOTHING)
        elif fault == "black hole":
            self.yahoo.gone.wait(HOLD)
            self.close_connection = True
        elif fault == "reset":
            self.close_connection = True
            self.connection.close()
        else:
            body = json.dumps(self.yahoo.chart(symbol, first, last, fault)).encode()
            self._answer(body[: len(body) // 2] if fault == "truncated" else body, length=len(body), slow=fault == "drip")

    def _answer(self, body: bytes, status: int = 200, headers: Mapping[str, str] = NOTHING, *, length: int | None = None, slow: bool = False) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body) if length is None else length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if not slow:
            self.wfile.write(body)
        ends = time.monotonic() + HOLD
        for at in range(0, len(body) if slow else 0, 40):
            self.wfile.write(body[at : at + 40])
            if self.yahoo.gone.wait(0.3) or time.monotonic() > ends:
                break
        if slow or (length is not None and length != len(body)):
            self.close_connection = True

    def handle(self) -> None:
        with suppress(OSError):  # the client goes away: that is what several of the faults are about
            super().handle()

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        pass
