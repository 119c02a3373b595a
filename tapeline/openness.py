"""Openness in the milestones: releases by whether their weights could be downloaded, turns, stated sizes, licences.

A release is open where its weights could be downloaded on that day; a paper or an interface without weights is closed.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd

from tapeline.milestones import Tables, stated
from tapeline.once import once
from tapeline.rows import each

OPEN, CLOSED = "open_weights", "closed"
METRICS = ("parameters_total", "context_length")
NOT_NAMED = "not named"
COUNTRIES = {
    "AE": "United Arab Emirates", "AU": "Australia", "CA": "Canada", "CN": "China", "DE": "Germany", "EU": "European Union", "FR": "France",
    "GB": "United Kingdom", "ID": "Indonesia", "IL": "Israel", "IN": "India", "IT": "Italy", "JP": "Japan", "KR": "South Korea",
    "NL": "Netherlands", "RU": "Russia", "SA": "Saudi Arabia", "SE": "Sweden", "SG": "Singapore", "TW": "Taiwan", "US": "United States",
}  # fmt: skip
TERMS = re.compile(r"licen[cs]|commercial|royalt", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
LAG = ("milestone_id", "date", "company_id", "company", "product", "value", "approximate")


@once()
def releases(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the model releases of some milestones with the name and the country of their company."""
    return _named(tables, rows[(rows["kind"] == "model_release") & rows["openness"].isin((OPEN, CLOSED))])


@once()
def turns(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of strategy that turn toward open weights or away from them."""
    return _named(tables, rows[(rows["kind"] == "strategy") & rows["openness"].isin((OPEN, CLOSED))])


@once()
def by_period(found: pd.DataFrame, freq: str) -> pd.DataFrame:
    """Count releases by quarter (Q) or year (Y), none left out between; `ids` are theirs, `share` is open ones' or NaN where there is none."""
    period = found["date"].dt.to_period(freq)
    table = _counts(found, period)
    every = pd.period_range(period.min(), period.max(), freq=freq)
    filled = table.reindex(every)
    for column in (OPEN, CLOSED, "releases"):
        filled[column] = filled[column].fillna(0).astype(int)
    for column in ("open_ids", "closed_ids"):
        filled[column] = [cell if isinstance(cell, tuple) else () for cell in filled[column]]
    return filled.rename_axis("period")


@once()
def by(found: pd.DataFrame, column: str) -> pd.DataFrame:
    """Count releases by what stands in a column, the most first."""
    table = _counts(found, found[column]).rename_axis(column).reset_index()
    return table.sort_values(["releases", OPEN, column], ascending=[False, False, True], kind="stable").reset_index(drop=True)


@once()
def paths(found: pd.DataFrame, turned: pd.DataFrame) -> pd.DataFrame:
    """Return one row a company that released: its counts, first releases of each sort, turns, and its longest pause of open weights.

    The pause lies between two open releases with closed ones between (`closed_between`), `pause` is in days (0 where there was none).
    """
    rows = []
    for company_id, group in found.groupby("company_id", sort=False):
        mine = turned[turned["company_id"] == company_id]
        opened, closed = (group[group["openness"] == name] for name in (OPEN, CLOSED))
        rows.append({
            "company_id": company_id, "company": group["company"].iloc[0], "country": group["country"].iloc[0], "releases": len(group),
            OPEN: len(opened), CLOSED: len(closed), "first_open": opened["date"].min(), "first_open_id": _first(opened),
            "first_closed": closed["date"].min(), "first_closed_id": _first(closed), "turns_open": int((mine["openness"] == OPEN).sum()),
            "turns_closed": int((mine["openness"] == CLOSED).sum()), "last_turn": mine["date"].max(),
            "weight": int(group["importance"].sum() + 3 * mine["importance"].sum()), **_pause(opened, closed),
        })  # fmt: skip
    table = pd.DataFrame(rows)
    return table.sort_values(["weight", "company"], ascending=[False, True], kind="stable").reset_index(drop=True) if rows else table


@once()
def sizes(tables: Tables, rows: pd.DataFrame, metric_id: str) -> pd.DataFrame:
    """Return the largest stated figure of one metric of each release, with its openness; `record` where it passes all before of its sort.

    Weights that came later, in a row without the figure, have that of the earlier row of the same company and product.
    """
    released = rows[(rows["kind"] == "model_release") & rows["openness"].isin((OPEN, CLOSED))]
    found = stated(tables, released, [metric_id]).sort_values(["date", "value"], kind="stable").drop_duplicates("milestone_id", keep="last")
    found = pd.concat([found, _later_weights(released, found)], ignore_index=True)
    found["openness"] = found["milestone_id"].map(released.set_index("milestone_id")["openness"])
    found = found.sort_values(["date", "milestone_id"], kind="stable").reset_index(drop=True)
    before = found.groupby("openness")["value"].transform(lambda values: values.cummax().shift(fill_value=0))
    return found.assign(record=found["value"] > before)


@once()
def lags(found: pd.DataFrame) -> pd.DataFrame:
    """Match each closed record with the first open release that states at least as much; `found` is what `sizes` gives.

    `days` lie between the two: NaN where none has come, zero or less where open weights were there before.
    """
    opened = found[found["openness"] == OPEN]
    rows = []
    for record in each(found[(found["openness"] == CLOSED) & found["record"]]):
        equal = opened[opened["value"] >= record.value].head(1)
        row = {name: getattr(record, name) for name in LAG}
        row |= {f"open_{name}": equal[name].iloc[0] if len(equal) else None for name in LAG}
        rows.append({**row, "days": float((equal["date"].iloc[0] - record.date).days) if len(equal) else float("nan")})
    table = pd.DataFrame(rows, columns=[*LAG, *(f"open_{name}" for name in LAG), "days"])
    return table.assign(open_date=pd.to_datetime(table["open_date"]), open_value=pd.to_numeric(table["open_value"]))


@once()
def licences(found: pd.DataFrame) -> pd.DataFrame:
    """Count open-weight releases by the licence of their weights, the most first, with what the rows themselves say of its terms."""
    opened = found[found["openness"] == OPEN]
    opened = opened.assign(licence=opened["licence"].where(opened["licence"] != "", NOT_NAMED))
    rows = []
    for licence, group in opened.groupby("licence"):
        words = [(row.product, terms(row.summary)) for row in each(group)]
        rows.append({
            "licence": licence, "releases": len(group), "companies": tuple(dict.fromkeys(group["company"])), "first": group["date"].min(),
            "last": group["date"].max(), "ids": tuple(group["milestone_id"]), "words": tuple(pair for pair in words if pair[1]),
        })  # fmt: skip
    table = pd.DataFrame(rows, columns=["licence", "releases", "companies", "first", "last", "ids", "words"])
    return table.sort_values(["releases", "licence"], ascending=[False, True], kind="stable").reset_index(drop=True)


def terms(summary: str) -> str:
    """Return the sentences of a summary that speak of a licence or of commercial use, as they stand."""
    return " ".join(sentence for sentence in SENTENCE.split(summary) if TERMS.search(sentence))


def _later_weights(released: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return open releases that state nothing of a product that stated it before, with its figure."""
    silent = released[(released["openness"] == OPEN) & ~released["milestone_id"].isin(found["milestone_id"]) & (released["product"] != "")]
    own = ["milestone_id", "date", "date_precision", "company_id", "product", "title", "summary"]
    pairs = silent[own].merge(found.drop(columns=["milestone_id", "date_precision", "title", "summary"]).rename(columns={"date": "before"}),
                              on=["company_id", "product"])  # fmt: skip
    pairs = pairs[pairs["before"] < pairs["date"]].sort_values("before", kind="stable").drop_duplicates("milestone_id", keep="last")
    return pairs[list(found.columns)]


def _named(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    countries = tables.companies.set_index("company_id")["country"].map(lambda code: COUNTRIES.get(code, code) or "not given")
    return rows.assign(company=rows["company_id"].map(tables.names), country=rows["company_id"].map(countries)).reset_index(drop=True)


def _counts(found: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    rows = {}
    for name, group in found.groupby(by):
        opened, closed = (group.loc[group["openness"] == sort, "milestone_id"] for sort in (OPEN, CLOSED))
        rows[name] = {OPEN: len(opened), CLOSED: len(closed), "releases": len(group), "share": len(opened) / len(group), "open_ids": tuple(opened),
                      "closed_ids": tuple(closed)}  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=[OPEN, CLOSED, "releases", "share", "open_ids", "closed_ids"])


def _first(rows: pd.DataFrame) -> str:
    return str(rows["milestone_id"].iloc[0]) if len(rows) else ""


def _pause(opened: pd.DataFrame, closed: pd.DataFrame) -> dict[str, object]:
    """Find the longest time between two open releases with closed ones between."""
    longest: dict[str, object] = {"pause": 0, "pause_from": pd.NaT, "pause_to": pd.NaT, "pause_until_id": "", "closed_between": 0}
    dates = list(zip(opened["date"], opened["milestone_id"], strict=True))
    for (one, _), (other, name) in pairwise(dates):
        between = int(closed["date"].between(one, other, inclusive="neither").sum())
        if between and (other - one).days > int(str(longest["pause"])):
            longest = {"pause": (other - one).days, "pause_from": one, "pause_to": other, "pause_until_id": name, "closed_between": between}
    return longest
