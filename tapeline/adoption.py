"""How fast something is taken up: users, downloads and the like, each metric for itself, by product, and counted from launch."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from tapeline.milestones import Tables, stated
from tapeline.once import once
from tapeline.rows import each

MONEY = "USD"
VERSION = r"[ -]?(?:1(?:\.0)?|\d+(?:\.\d+)?[BM])"
KEY = ["metric_id", "company_id", "counted"]
LAUNCHED = (*KEY, "launch_id", "launch", "launched_as")
STEPS = (1, 2, 5)


@once()
def figures(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of use in some milestones, in order of date, with the product that each counts (`counted`).

    A metric of use is no amount of money, and half of its figures or more stand in rows of adoption.
    """
    everything = stated(tables, tables.milestones, _of_use(tables))
    counted = _counted(everything)
    found = everything[everything["milestone_id"].isin(rows["milestone_id"])]
    return found.assign(counted=[counted[row.metric_id, row.milestone_id] for row in each(found)]).reset_index(drop=True)


@once()
def metrics(found: pd.DataFrame) -> list[str]:
    """Return the metrics that have figures in `figures`, those with the most first."""
    often = found["metric_id"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return [str(name) for name in often.index]


@once()
def launches(tables: Tables, found: pd.DataFrame) -> pd.DataFrame:
    """Find the launch of each product of `figures`: metric_id, company_id, counted, launch_id ('' without one), launch, launched_as.

    The launch is the release of the same organisation whose product has exactly this name, the last one up to the first figure
    of the metric; else the first whose name adds no more than the version 1 or a size to it (Llama 1, Grok-1, Qwen-7B).
    """
    by_company = _releases(tables)
    rows = []
    for first in each(found.drop_duplicates(KEY)):
        own = [release for release in by_company.get(first.company_id, []) if release.date <= first.date]
        same = [release for release in own if release.product == first.counted][-1:]
        version = [release for release in own if re.fullmatch(re.escape(first.counted) + VERSION, release.product)][:1]
        launch = next(iter(same or version), None)
        told = (launch.milestone_id, launch.date, launch.product) if launch else ("", pd.NaT, "")
        rows.append((first.metric_id, first.company_id, first.counted, *told))
    frame = pd.DataFrame(rows, columns=[*KEY, "launch_id", "launch", "launched_as"])
    return frame.assign(launch=pd.to_datetime(frame["launch"]))


@once(2)
def _releases(tables: Tables) -> dict[str, list[Any]]:
    """Return the releases and launches of each company, in order of date."""
    releases = tables.milestones[tables.milestones["kind"].isin(("model_release", "product_launch"))]
    return {str(name): list(each(group)) for name, group in releases.groupby("company_id")}


@once()
def since_launch(tables: Tables, found: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of `figures` whose product has a launch, with the launch and the days since then (`days`)."""
    known = launches(tables, found)
    aligned = found.merge(known[known["launch_id"] != ""], on=KEY)
    return aligned.assign(days=(aligned["date"] - aligned["launch"]).dt.days)


def round_numbers() -> list[float]:
    """Return 1, 2 and 5 times the powers of ten from a thousand on."""
    return [step * 10.0**power for power in range(3, 17) for step in STEPS]


@once()
def days_to(aligned: pd.DataFrame) -> pd.DataFrame:
    """Return the days from launch to each product's first figure at or above each round number that its own figures meet or cross.

    One row a metric, product and number: metric_id, company_id, counted, launch_id, launch, launched_as, level, days,
    at_first_figure. The number was passed on that day or before; at the first figure, before which nothing is known, perhaps
    long before.
    """
    rows = []
    for _, group in aligned.groupby(KEY, sort=False):
        first, points = group.iloc[0], list(zip(group["days"], group["value"], strict=True))
        least, most = group["value"].min(), group["value"].max()
        for level in (number for number in round_numbers() if least <= number <= most):
            reached = min(days for days, value in points if value >= level)
            rows.append((*first[list(LAUNCHED)], level, int(reached), bool(reached == group["days"].min())))
    return pd.DataFrame(rows, columns=[*LAUNCHED, "level", "days", "at_first_figure"])


def _of_use(tables: Tables) -> list[str]:
    figures = tables.figures.merge(tables.milestones[["milestone_id", "kind"]], on="milestone_id")
    share = (figures["kind"] == "adoption").groupby(figures["metric_id"]).mean()
    money = set(tables.metrics.loc[tables.metrics["unit"].str.startswith(MONEY), "metric_id"])
    return [str(name) for name in share.index[share >= 0.5] if name not in money]


def _counted(everything: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Tell which product each figure counts, by metric and milestone: its row's, as a rule.

    A row that is alone with its product, or has none, counts another product of the same organisation where its own words name
    exactly one that has figures of the metric: a count of ChatGPT subscriptions gives ChatGPT's paying users.
    """
    counts: dict[Any, int] = everything.groupby(["metric_id", "company_id", "product"]).size().to_dict()
    found: dict[tuple[str, str], str] = {}
    taken: set[tuple[str, str, str]] = set()
    for row in each(everything):
        where = (row.metric_id, row.company_id)
        words, alone = f"{row.title} {row.summary}", not row.product or counts[*where, row.product] == 1
        others = [name for *of, name in counts if tuple(of) == where and name and name != row.product and _names(words, name)] if alone else []
        joins = len(others) == 1 and (*where, row.product) not in taken
        found[row.metric_id, row.milestone_id] = others[0] if joins else row.product or row.company
        taken |= {(*where, others[0])} if joins else set()
    return found


def _names(words: str, product: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(product)}(?!\w)", words) is not None
