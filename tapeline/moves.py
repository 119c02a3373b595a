"""What related shares did around each milestone: plain returns, beside those of the market each is measured against.

These are descriptions, not tests: nothing here says that the milestone moved the share.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tapeline.market.history import History
from tapeline.market.sessions import announced_at, day_zero
from tapeline.market.snapshot import calendars
from tapeline.milestones import Tables, nearest_first
from tapeline.once import once
from tapeline.rows import each

WINDOW = (-1, 1)
COLUMNS = ("milestone_id", "ticker", "relation", "day_zero", "day", "market_day", "window", "market_window")


def around(tables: Tables, histories: Mapping[str, History]) -> pd.DataFrame:
    """Return one row for each milestone and related share, nearest relation first.

    Columns: milestone_id, ticker, relation, day_zero (a session, NaT where the share has none or the day of the milestone is
    not known), day and window (the share's return on day 0 and over [-1, +1], fractions, NaN where data lack), market_day
    and market_window (the same for its benchmark; NaN where it has none).
    """
    shares = tables.instruments
    calendar: dict[str, str] = dict(zip(shares["ticker"], shares["calendar"], strict=True))
    market: dict[str, str] = dict(zip(shares["ticker"], shares["benchmark"], strict=True))
    frame = _pairs(tables, calendars(histories, calendar), calendar)
    for ticker, at in frame.groupby("ticker").groups.items():
        days = frame.loc[at, "day_zero"]
        for name, history in (("", histories.get(str(ticker))), ("market_", histories.get(market[str(ticker)]))):
            frame.loc[at, f"{name}day"] = history.moves(days) if history else np.nan
            frame.loc[at, f"{name}window"] = history.moves(days, *WINDOW) if history else np.nan
    return frame[list(COLUMNS)]


class Known(NamedTuple):
    """The moves with data: their rows, how far each share went from its market, and which milestone it was, by its place among `ids`."""

    rows: np.ndarray
    beyond: np.ndarray
    milestone: np.ndarray
    ids: dict[str, int]


@once()
def largest(moves: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any] | None:
    """Return the largest day-0 move beyond its market at one of the most important of some milestones.

    Of several milestones on that day 0, the one nearest to it, a market row first; None where no share has data.
    """
    known = _known(moves)
    weight, place = np.zeros(len(known.ids)), np.zeros(len(known.ids), dtype=int)
    pairs = [(known.ids[name], at) for at, name in enumerate(rows["milestone_id"].tolist()) if name in known.ids]
    if not pairs:
        return None
    of_moves, of_rows = np.array(pairs).T
    weight[of_moves], place[of_moves] = rows["importance"].to_numpy()[of_rows], of_rows
    beyond = np.where(weight[known.milestone] == weight.max(), known.beyond, -1.0)
    equal = np.flatnonzero(beyond == beyond.max())
    at = place[known.milestone[equal]]
    wait = moves["day_zero"].to_numpy()[known.rows[equal]] - rows["date"].to_numpy()[at]
    other = np.array([rows["kind"].iat[one] != "market" for one in at], dtype=bool)
    row = int(known.rows[equal[np.lexsort((other, wait))[0]]])
    return {str(column): moves[column].iat[row] for column in moves}


@once(2)
def _known(moves: pd.DataFrame) -> Known:
    beyond = (moves["day"] - moves["market_day"]).abs().to_numpy()
    rows = np.flatnonzero(~np.isnan(beyond))
    codes, ids = pd.factorize(moves["milestone_id"].iloc[rows])
    return Known(rows, beyond[rows], codes, {str(name): at for at, name in enumerate(ids)})


def _pairs(tables: Tables, sessions: Mapping[str, pd.DatetimeIndex], calendar: Mapping[str, str]) -> pd.DataFrame:
    """Pair each milestone with the shares related to its company on its day, and find the day 0 of each."""
    countries = tables.companies.set_index("company_id")["country"].to_dict()
    shares: dict[str, list[Any]] = {}
    for share in each(nearest_first(tables)):
        shares.setdefault(share.company_id, []).append(share)
    rows = []
    for milestone in each(tables.milestones):
        date, exact = milestone.date, milestone.date_precision == "day"
        news = announced_at(date, milestone.session, countries[milestone.company_id])
        zero = {name: day_zero(news, days, name) if exact else None for name, days in sessions.items()}
        nearest: dict[str, Any] = {}
        for share in shares.get(milestone.company_id, []):
            if not (share.since > date or share.until < date):
                nearest.setdefault(share.ticker, share)
        rows += [(milestone.milestone_id, name, share.relation, zero.get(calendar[name])) for name, share in nearest.items()]
    frame = pd.DataFrame(rows, columns=["milestone_id", "ticker", "relation", "day_zero"])
    return frame.assign(day_zero=pd.to_datetime(frame["day_zero"]), day=np.nan, market_day=np.nan, window=np.nan, market_window=np.nan)
