"""Money in the milestones: rounds, valuations, totals, who is named beside whom, and listings.

Only figures of one metric are ever added: money announced, closed and reported, and debt, are different metrics.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from tapeline.market.history import History
from tapeline.milestones import Tables, stated
from tapeline.once import once
from tapeline.rows import each

ROUNDS = ("equity_announced", "equity_closed", "equity_reported", "debt_raised", "ipo_proceeds")
VALUATIONS = ("post_money_valuation", "pre_money_valuation", "share_sale_valuation", "merger_combined_valuation")
LISTINGS = ("ipo_proceeds", "listing_price")
OF_A_LISTING = pd.Timedelta(days=7)


class Listing(NamedTuple):
    """A company that went public: what the row says, and its share since, 100 at the first session (empty where no series is known)."""

    milestone_id: str
    date: pd.Timestamp
    company_id: str
    company: str
    proceeds: float
    price: float
    ticker: str
    path: pd.Series


@once()
def rounds(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return money raised in some milestones, one row a figure, with the names of those that led it (`led_by`, '' where it is not known)."""
    found = stated(tables, rows, ROUNDS)
    return found.assign(who=[_who(row.company, row.named_with) for row in each(found)], led_by=found["milestone_id"].map(led(tables)).fillna(""))


@once()
def valuations(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what companies were valued at in some milestones, one row a figure; `reported` where the press had it and not the company."""
    found = stated(tables, rows, VALUATIONS)
    metrics = tables.figures.groupby("milestone_id")["metric_id"].agg(set).to_dict()
    return found.assign(reported=["equity_reported" in metrics[name] for name in found["milestone_id"]])


def led(tables: Tables) -> dict[str, str]:
    """Return the names of those that led each milestone's round, of the milestones where that is known."""
    return {str(name): "; ".join(group["led_by"]) for name, group in tables.leads.groupby("milestone_id", sort=False)}


@once()
def leads(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return who led rounds among some milestones, one row a lead in order of date, with the first amount or valuation of each."""
    money = stated(tables, rows, (*ROUNDS, *VALUATIONS)).drop_duplicates("milestone_id")
    return money.merge(tables.leads.rename(columns={"company_id": "lead_id", "note": "lead_note"}), on="milestone_id").reset_index(drop=True)


@once()
def leaders(found: pd.DataFrame) -> pd.DataFrame:
    """Count the rounds that each led, the most first; `found` is what `leads` gives.

    Columns: company_id ('' for those that are none of the tables), company (the leader's name), rounds, ids, beside (whose rounds, by date).
    """
    rows = [
        (group["lead_id"].iloc[0], name, len(group), tuple(group["milestone_id"]), tuple(dict.fromkeys(group["company"])))
        for name, group in found.groupby("led_by")
    ]
    table = pd.DataFrame(rows, columns=["company_id", "company", "rounds", "ids", "beside"])
    return table.sort_values(["rounds", "company"], ascending=[False, True], kind="stable").reset_index(drop=True)


@once()
def totals(found: pd.DataFrame, metric_id: str) -> pd.DataFrame:
    """Add up one metric by company and year: a row a company, the largest first, a column a year, nothing left out between."""
    of_metric = found[found["metric_id"] == metric_id]
    if of_metric.empty:
        return pd.DataFrame()
    table = of_metric.assign(year=of_metric["date"].dt.year).pivot_table(
        index="company_id", columns="year", values="value", aggfunc="sum", fill_value=0.0
    )
    table = table.reindex(columns=range(int(table.columns.min()), int(table.columns.max()) + 1), fill_value=0.0)
    return table.loc[table.sum(axis=1).sort_index().sort_values(ascending=False, kind="stable").index]


@once()
def named(tables: Tables, found: pd.DataFrame) -> pd.DataFrame:
    """Count the rounds in which each organisation is named beside the one that acted, the most named first.

    Columns: company_id, company, rounds, ids (of the milestones), beside (names of those that acted, by date).
    """
    once = found.drop_duplicates("milestone_id")
    pairs = once.assign(named=once["with_companies"].str.split(";")).explode("named")
    pairs = pairs[pairs["named"].fillna("") != ""]
    rows = [
        (name, tables.names.get(str(name), str(name)), len(group), tuple(group["milestone_id"]), tuple(dict.fromkeys(group["company"])))
        for name, group in pairs.groupby("named")
    ]
    table = pd.DataFrame(rows, columns=["company_id", "company", "rounds", "ids", "beside"])
    return table.sort_values(["rounds", "company"], ascending=[False, True], kind="stable").reset_index(drop=True)


@once()
def listings(tables: Tables, rows: pd.DataFrame, histories: Mapping[str, History]) -> list[Listing]:
    """Return the companies that went public in some milestones, the first first, with the path of the share that was listed then.

    A share was listed then where `exposures` has it as the company's own since that day, give or take a week.
    """
    found = stated(tables, rows, LISTINGS)
    listed = []
    for name, group in found.groupby("milestone_id", sort=False):
        row, of = group.iloc[0], dict(zip(group["metric_id"], group["value"], strict=True))
        ticker, path = _listed(tables, str(row["company_id"]), row["date"], histories)
        listed.append(Listing(str(name), row["date"], row["company_id"], row["company"], of.get("ipo_proceeds", float("nan")),
                              of.get("listing_price", float("nan")), ticker, path))  # fmt: skip
    return listed


def _listed(tables: Tables, company_id: str, date: pd.Timestamp, histories: Mapping[str, History]) -> tuple[str, pd.Series]:
    own = tables.exposures[(tables.exposures["company_id"] == company_id) & (tables.exposures["relation"] == "listed")]
    own = own[(own["since"] - date).abs() <= OF_A_LISTING]
    for ticker in own["ticker"]:
        if ticker in histories:
            return str(ticker), histories[ticker].rebased(date).level
    return "", pd.Series(dtype=float)


def _who(company: str, named_with: str) -> str:
    """Name the organisation that acted and those named beside it, at most two."""
    others = [name for name in named_with.split("; ") if name]
    more = f" and {len(others) - 2} more" if len(others) > 2 else ""
    return f"{company} with {', '.join(others[:2])}{more}" if others else company
