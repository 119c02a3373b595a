"""A package that is hard on every page: one organisation with hundreds of rows, a right-to-left name, a long title, values far from all others."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

COMPANY, NAME = "apple", "חברת תפוחים (ישראל)"
TITLE = "W" * 60 + " " + "ת" * 28
ROWS, FACTOR = 220, 10_000
FAR = ("equity_announced", "weekly_active_users", "cumulative_downloads", "post_money_valuation", "context_length")


def harden(base: Path) -> None:
    """Edit a copy of the package in place."""
    read = {"dtype": str, "keep_default_na": False}
    tables = {name: pd.read_csv(base / f"{name}.csv", **read) for name in ("companies", "milestones", "figures", "metrics")}  # type: ignore[call-overload]
    companies, milestones, figures, metrics = tables.values()
    companies.loc[companies["company_id"] == COMPANY, "name"] = NAME
    for metric in FAR:
        last = figures.index[figures["metric_id"] == metric][-1]
        figures.loc[last, ["value", "low", "high"]] = [str(int(float(figures["value"][last]) * FACTOR)), "", ""]
        milestones.loc[milestones["milestone_id"] == figures["milestone_id"][last], ["company_id", "with_companies"]] = [COMPANY, ""]
    metrics[["least", "most"]] = ""
    few = milestones.drop_duplicates(["date", "kind"]).tail(ROWS).index
    milestones.loc[few, ["company_id", "with_companies"]] = [COMPANY, ""]
    milestones.loc[few[-1], "title"] = TITLE
    for name, table in tables.items():
        table.to_csv(base / f"{name}.csv", index=False, lineterminator="\n")
