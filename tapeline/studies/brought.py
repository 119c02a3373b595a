"""Studies of what somebody brings: files of prices and events, or events of shares that Tapeline has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tapeline.errors import StudyInputError
from tapeline.event_study.parameters import Parameters
from tapeline.event_study.study import Events, Study, run
from tapeline.rows import each
from tapeline.studies.files import LARGEST_UPLOAD, EventRows, Prices, read_events, read_prices
from tapeline.studies.series import Series, beside, day_zero, jumps, near, paired
from tapeline.words import per_cent


@dataclass(frozen=True)
class Brought:
    """A study and what it was made of: its events (row, event, ticker, date, session), what was asked, and notes on what was mended."""

    study: Study
    rows: pd.DataFrame
    asked: dict[str, object]
    notes: tuple[str, ...]


def of_files(prices: Path, events: Path, market: str, parameters: Parameters, returns: bool = False) -> Brought:
    """Study the events of one file with the prices (or returns) of another, each share against the column `market`."""
    table, rows = read_prices(prices, returns=returns), read_events(events)
    return of_tables(table, rows, market, parameters)


def of_tables(prices: Prices, events: EventRows, market: str, parameters: Parameters) -> Brought:
    """Study events with a table of prices (or returns), each share against the column `market`."""
    table = prices.table
    if market not in table:
        raise StudyInputError(f"{prices.name}: found no column {market!r} for the market; {near(market, list(map(str, table.columns)))}.")
    if not table[market].notna().any():
        raise StudyInputError(f"{prices.name}, column {market}: found no number; expected the market's {'returns' if prices.returns else 'prices'}.")
    tickers = [ticker for ticker in dict.fromkeys(events.table["ticker"]) if ticker in table]
    series = {ticker: paired(ticker, table[ticker], table[market], prices.returns, parameters.log) for ticker in tickers}
    empty = [f"{prices.name}, column {ticker}: found no number." for ticker in tickers if not table[ticker].notna().any()]
    unknown = (f"no such column in {prices.name}", list(map(str, table.columns)))
    asked: dict[str, object] = {
        "prices": prices.name, "events": events.name, "market": market, "cells": "returns" if prices.returns else "prices",
        "negative_prices": prices.negative,
    }  # fmt: skip
    return _study(series, events, parameters, (unknown, asked, [*prices.notes, *empty, *events.notes]))


def of_upload(data: bytes, series: Mapping[str, Series], parameters: Parameters, name: str = "upload") -> Brought:
    """Study uploaded events (`ticker,date[,label]`) of shares whose series are given; nothing is kept."""
    events = read_events(data, name, LARGEST_UPLOAD)
    wanted = {ticker: series[ticker] for ticker in dict.fromkeys(events.table["ticker"]) if ticker in series}
    unknown = ("no data for this ticker", sorted(series))
    return _study(wanted, events, parameters, (unknown, {"events": name, "market": "each share's own"}, list(events.notes)))


Said = tuple[tuple[str, list[str]], dict[str, object], list[str]]
"""What to say of an unknown ticker and which are known; what was asked; what was mended so far."""


def _study(series: Mapping[str, Series], events: EventRows, parameters: Parameters, said: Said) -> Brought:
    """Find each event's day 0 and run the study."""
    unknown, asked, notes = said
    place = {ticker: number for number, ticker in enumerate(series)}
    split = {ticker: jumps(one, parameters.log) for ticker, one in series.items()}
    columns, rows, problems, flags = [], [], [], []
    for event in each(events.table):
        row, problem = -1, event.problem
        if not problem:
            known = series.get(event.ticker)
            row, problem = (
                day_zero(known, event.date, event.session) if known else (-1, f"{event.ticker!r}: {unknown[0]}; {near(event.ticker, unknown[1])}")
            )
            problem = problem and f"{events.name}, row {event.row}: {problem}"
            notes += [problem] if problem else []
        columns.append(place.get(event.ticker, -1))
        rows.append(row)
        problems.append(problem)
        flags.append(_splits(series[event.ticker], row, split[event.ticker], parameters) if row >= 0 else ())
    for ticker, dates in split.items():
        if len(dates):
            moved = series[ticker].returns[np.searchsorted(series[ticker].sessions, dates[0])]
            notes.append(f"{ticker} moved by {per_cent(float(moved))} on {dates[0]}: are its prices adjusted for splits?")
    labels = tuple(map(str, events.table["event"]))
    found = Events(labels, np.array(columns, dtype=np.int64), np.array(rows, dtype=np.int64), tuple(problems), tuple(flags))
    return Brought(run(beside(series.values()), found, parameters), events.table, asked, tuple(notes))


def _splits(series: Series, row: int, jumped: np.ndarray, parameters: Parameters) -> tuple[str, ...]:
    """Flag an event whose windows hold a move of the size of a split."""
    low = series.sessions[max(row + parameters.estimation[0], 0)]
    high = series.sessions[min(row + parameters.shown[1], len(series.sessions) - 1)]
    within = jumped[(jumped >= low) & (jumped <= high)]
    return ("a move as large as that of a split lies in the windows, so prices may not be adjusted",) if len(within) else ()
