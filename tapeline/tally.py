"""How much the data hold: counts for `check`, and the table that `data/README.md` shows."""

from __future__ import annotations

import re

import pandas as pd

from tapeline.milestones import Tables
from tapeline.words import count

BEGIN, END = "<!-- tally: begin -->", "<!-- tally: end -->"


def summary(tables: Tables) -> list[str]:
    """Say in a few lines what the tables hold."""
    rows = tables.milestones
    releases = rows[rows["kind"] == "model_release"]
    turns = rows[(rows["kind"] == "strategy") & (rows["openness"] != "not_applicable")]
    kinds = rows["kind"].value_counts()
    return [
        f"{count(len(rows), 'milestone')} from {rows['date'].min():%Y-%m-%d} to {rows['date'].max():%Y-%m-%d}, "
        f"{count(rows['company_id'].nunique(), 'company', 'companies')} "
        f"({(rows['company_id'].value_counts() >= 6).sum()} with 6 rows or more), "
        f"{count(len(tables.figures), 'figure')}, {count(len(tables.sources), 'source')}.",
        f"{two_sources(tables):.0%} with two publishers, {day_known(tables):.0%} dated to the day.",
        "By year: " + ", ".join(f"{year} {number}" for year, number in rows["date"].dt.year.value_counts().sort_index().items()) + ".",
        "By kind: " + ", ".join(f"{kind} {number}" for kind, number in kinds.items()) + ".",
        f"{(releases['openness'] == 'open_weights').sum()} of {len(releases)} releases with open weights, {len(turns)} turns on openness, "
        f"{len(adoption_figures(tables))} adoption figures.",
        f"{count(len(tables.instruments), 'instrument')}, {count(len(tables.exposures), 'exposure')}.",
    ]


def two_sources(tables: Tables) -> float:
    """Return the share of milestones whose sources have two publishers or more."""
    return float((tables.sources.groupby("milestone_id")["publisher"].nunique() >= 2).mean())


def day_known(tables: Tables) -> float:
    """Return the share of milestones whose day is known."""
    return float((tables.milestones["date_precision"] == "day").mean())


def adoption_figures(tables: Tables) -> pd.DataFrame:
    """Return the figures of adoption rows."""
    adoption = tables.milestones.loc[tables.milestones["kind"] == "adoption", "milestone_id"]
    return tables.figures[tables.figures["milestone_id"].isin(adoption)]


def table(tables: Tables) -> str:
    """Write the counts as Markdown: by kind and year, then by company."""
    rows = tables.milestones.assign(year=tables.milestones["date"].dt.year)
    labels = tables.book.labels("milestones", "kind")
    by = pd.crosstab(rows["kind"].map(labels), rows["year"], margins=True, margins_name="all")
    lines = ["| kind | " + " | ".join(map(str, by.columns)) + " |", "| --- |" + " ---: |" * len(by.columns)]
    lines += [f"| {kind} | " + " | ".join(str(number or "") for number in cells) + " |" for kind, cells in by.iterrows()]
    companies = rows["company_id"].map(tables.names).value_counts()
    named = sorted(companies.items(), key=lambda item: (-item[1], str(item[0]).casefold()))
    return "\n".join([
        *lines, "",
        "By company: " + ", ".join(f"{name} {number}" for name, number in named) + ".", "",
        f"{two_sources(tables):.0%} of the rows have two publishers or more; {day_known(tables):.0%} are dated to the day.",
    ])  # fmt: skip


def into(text: str, tables: Tables) -> str:
    """Put the table between the marks of a document; a document without them stays as it is."""
    return re.sub(f"{BEGIN}.*?{END}", lambda _: f"{BEGIN}\n{table(tables)}\n{END}", text, flags=re.DOTALL)
