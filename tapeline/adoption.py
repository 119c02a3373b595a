"""How fast something is taken up: users, downloads and the like, each metric for itself, by product, and counted from launch."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from tapeline.milestones import Tables, stated
from tapeline.rows import each

MONEY = "USD"
VERSION = r"[ -]?(?:1(?:\.0)?|\d+(?:\.\d+)?[BM])"
LAUNCHED = ("company_id", "counted", "launch_id", "launch", "launched_as")
STEPS = (1, 2, 5)


def metrics(tables: Tables, rows: pd.DataFrame) -> list[str]:
    """Return the metrics of use that have figures in some milestones, those with the most figures first.

    A metric of use is no amount of money, and half of its figures or more stand in rows of adoption.
    """
    figures = tables.figures.merge(tables.milestones[["milestone_id", "kind"]], on="milestone_id")
    share = (figures["kind"] == "adoption").groupby(figures["metric_id"]).mean()
    money = set(tables.metrics.loc[tables.metrics["unit"].str.startswith(MONEY), "metric_id"])
    often = figures["metric_id"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    there = set(tables.figures.loc[tables.figures["milestone_id"].isin(rows["milestone_id"]), "metric_id"])
    return [str(name) for name in often.index if share[name] >= 0.5 and name not in money and name in there]


def series(tables: Tables, rows: pd.DataFrame, metric_id: str) -> pd.DataFrame:
    """Return the figures of one metric in some milestones, in order of date, with the product that each counts (`counted`)."""
    found = stated(tables, rows, [metric_id])
    counted = _counted(stated(tables, tables.milestones, [metric_id]))
    return found.assign(counted=found["milestone_id"].map(counted).astype(object)).reset_index(drop=True)


def launches(tables: Tables, found: pd.DataFrame) -> pd.DataFrame:
    """Find the launch of each product of `series`: company_id, counted, launch_id ('' where no release row is its launch), launch, launched_as.

    The launch is the release of the same organisation whose product has exactly this name, the last one up to the first figure;
    else the first whose name adds no more than the version 1 or a size to it (Llama 1, Grok-1, Qwen-7B).
    """
    releases = tables.milestones[tables.milestones["kind"] == "model_release"]
    rows = []
    for (company_id, product), group in found.groupby(["company_id", "counted"], sort=False):
        own = releases[(releases["company_id"] == company_id) & (releases["date"] <= group["date"].min())]
        same = own[own["product"] == product].tail(1)
        first = own[own["product"].str.fullmatch(re.escape(str(product)) + VERSION)].head(1)
        launch = next(each(same if len(same) else first), None)
        rows.append((company_id, product, *((launch.milestone_id, launch.date, launch.product) if launch else ("", pd.NaT, ""))))
    frame = pd.DataFrame(rows, columns=["company_id", "counted", "launch_id", "launch", "launched_as"])
    return frame.assign(launch=pd.to_datetime(frame["launch"]))


def since_launch(tables: Tables, found: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of `series` whose product has a launch, with the launch and the days since then (`days`)."""
    known = launches(tables, found)
    aligned = found.merge(known[known["launch_id"] != ""], on=["company_id", "counted"])
    return aligned.assign(days=(aligned["date"] - aligned["launch"]).dt.days)


def round_numbers() -> list[float]:
    """Return 1, 2 and 5 times the powers of ten from a thousand on."""
    return [step * 10.0**power for power in range(3, 17) for step in STEPS]


def days_to(aligned: pd.DataFrame) -> pd.DataFrame:
    """Return the days from launch to each product's first figure at or above each round number that the figures of some product cross.

    One row a product and number, none where it is not reached: company_id, counted, launch_id, launch, launched_as, level, days,
    at_first_figure. The number was passed on that day or before; at its first figure, before which nothing is known, it may have
    been passed long before.
    """
    spans = aligned.groupby(["company_id", "counted"])["value"].agg(["min", "max"])
    crossed = [step for step in round_numbers() if ((spans["min"] <= step) & (spans["max"] >= step)).any()]
    rows = []
    for _, group in aligned.groupby(["company_id", "counted"], sort=False):
        launch = group.iloc[0]
        for level in crossed:
            reached = group.loc[group["value"] >= level, "days"]
            if len(reached):
                rows.append((*launch[list(LAUNCHED)], level, int(reached.min()), bool(reached.min() == group["days"].min())))
    return pd.DataFrame(rows, columns=[*LAUNCHED, "level", "days", "at_first_figure"])


def _counted(everything: pd.DataFrame) -> dict[str, str]:
    """Tell which product each figure of a metric counts, by milestone: its row's, as a rule.

    A row that is alone with its product, or has none, counts another product of the same organisation where its own words name
    exactly one that has figures of this metric: OpenAI's round of October 2024 gives ChatGPT's weekly users.
    """
    counts: dict[Any, int] = everything.groupby(["company_id", "product"]).size().to_dict()
    found: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for row in each(everything):
        words, alone = f"{row.title} {row.summary}", not row.product or counts[row.company_id, row.product] == 1
        others = [name for company, name in counts if company == row.company_id and name and name != row.product and _names(words, name)]
        joins = alone and len(others) == 1 and (row.company_id, row.product) not in taken
        found[row.milestone_id] = others[0] if joins else row.product or row.company
        taken |= {(row.company_id, others[0])} if joins else set()
    return found


def _names(words: str, product: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(product)}(?!\w)", words) is not None
