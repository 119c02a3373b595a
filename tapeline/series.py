"""Which series a comparison draws: shares, a benchmark and a company's basket, in the way that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from tapeline.market import compare
from tapeline.market.compare import Spell
from tapeline.market.history import History
from tapeline.market.sessions import announced_at, day_zero
from tapeline.milestones import Tables
from tapeline.once import once

BASKET = "basket"
"""Stands for a basket where others have a ticker."""
BASKET_CALENDAR = "XNYS"
"""Whose close decides the day 0 of a basket of several exchanges."""


class Found(NamedTuple):
    """Values by ticker, and the tickers that have none, each with why."""

    values: dict[str, pd.Series]
    missing: dict[str, str]


def spells(tables: Tables, company_id: str) -> dict[str, Spell]:
    """Return from when to when each share is related to a company, by ticker; NaT where that is open."""
    rows = tables.exposures[tables.exposures["company_id"] == company_id]
    found = {}
    for ticker, group in rows.groupby("ticker", sort=False):
        since: Any = pd.NaT if group["since"].isna().any() else group["since"].min()
        until: Any = pd.NaT if group["until"].isna().any() else group["until"].max()
        found[str(ticker)] = Spell(since, until)
    return found


@once()
def basket(tables: Tables, histories: Mapping[str, History], company_id: str) -> pd.Series:
    """Return the equal-weight basket of the shares related to a company, each while it was."""
    members = {ticker: spell for ticker, spell in spells(tables, company_id).items() if ticker in histories}
    return compare.basket({ticker: histories[ticker].level for ticker in members}, members)


@once()
def baskets(tables: Tables, histories: Mapping[str, History]) -> list[str]:
    """Return the companies with two related shares or more, by name."""
    known = tables.exposures[tables.exposures["ticker"].isin(list(histories))]
    several = known.groupby("company_id")["ticker"].nunique()
    return sorted((str(name) for name in several.index[several >= 2]), key=lambda name: tables.names[name].casefold())


@once()
def from_start(levels: Mapping[str, pd.Series], start: pd.Timestamp, end: pd.Timestamp) -> Found:
    """Rebase series at the left edge of a range."""
    return _each(levels, start, end, lambda ticker, level: compare.rebased(level))


@once()
def below_peak(levels: Mapping[str, pd.Series], start: pd.Timestamp, end: pd.Timestamp) -> Found:
    """Return how far series stand below their highest level since the left edge of a range."""
    return _each(levels, start, end, lambda ticker, level: compare.drawdown(level))


@once()
def against(levels: Mapping[str, pd.Series], benchmark: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> Found:
    """Return series as ratios to a benchmark, rebased at the left edge of a range."""
    return _each(levels, start, end, lambda ticker, level: compare.relative(level, benchmark.loc[:end]))


@once()
def at_milestone(
    tables: Tables, levels: Mapping[str, pd.Series], milestone: Any, start: pd.Timestamp, end: pd.Timestamp
) -> tuple[Found, dict[str, pd.Timestamp]]:
    """Rebase series at the last session before the milestone's day 0, each on its own exchange; return these sessions too."""
    country = tables.companies.set_index("company_id")["country"][milestone["company_id"]]
    news = announced_at(milestone["date"], milestone["session"], country)
    calendars = dict(zip(tables.instruments["ticker"], tables.instruments["calendar"], strict=True))
    bases = {}
    for ticker, level in levels.items():
        sessions = pd.DatetimeIndex(level.index)
        zero = day_zero(news, sessions, calendars.get(ticker, BASKET_CALENDAR))
        before = compare.session_before(sessions, zero) if zero is not None else None
        if before is not None:
            bases[ticker] = before
    known = {ticker: level for ticker, level in levels.items() if ticker in bases}
    found = _each(known, start, end, lambda ticker, level: level / levels[ticker].loc[bases[ticker]] * 100)
    unknown = {ticker: "has no session before and after the milestone" for ticker in levels if ticker not in bases}
    return Found(found.values, found.missing | unknown), bases


@once()
def prices(histories: Mapping[str, History], tickers: list[str], start: pd.Timestamp, end: pd.Timestamp) -> tuple[Found, str]:
    """Return fetched closes in the currency that most of some shares have, of several the first; the others, and those not fetched, are missing."""
    priced = {ticker: histories[ticker] for ticker in tickers if ticker in histories}
    closes = {ticker: history.price.dropna() for ticker, history in priced.items() if history.price is not None}
    currencies = pd.Series({ticker: priced[ticker].currency for ticker, close in closes.items() if len(close)}, dtype=str)
    currency = max(dict.fromkeys(currencies), key=list(currencies).count, default="")
    found = _each({ticker: closes[ticker] for ticker in currencies.index[currencies == currency]}, start, end, lambda ticker, level: level)
    other = {ticker: f"is quoted in {code}" for ticker, code in currencies.items() if code != currency}
    bundled = {ticker: "has no fetched closes" for ticker in tickers if ticker not in currencies.index}
    return Found(found.values, found.missing | {str(ticker): why for ticker, why in other.items()} | bundled), currency


def _each(levels: Mapping[str, pd.Series], start: pd.Timestamp, end: pd.Timestamp, work: Callable[[str, pd.Series], pd.Series]) -> Found:
    values, missing = {}, {}
    for ticker, level in levels.items():
        cut = compare.between(level, start, end)
        made = work(ticker, cut) if len(cut) else cut
        if len(made):
            values[ticker] = made
        else:
            missing[ticker] = "has no session in this range"
    return Found(values, missing)


def index_names(tables: Tables) -> dict[str, str]:
    """Return the names of the indices by ticker, which says nothing to most readers."""
    shares = tables.instruments
    return dict(shares.loc[shares["kind"] == "index", ["ticker", "name"]].itertuples(index=False, name=None))
