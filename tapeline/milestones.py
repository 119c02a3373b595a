"""The curated tables: load and select.

A milestone walks from CSV through `load` and `select` to charts, table and file, so that these cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from tapeline import checks, columns, package
from tapeline.errors import DataError, Fault
from tapeline.once import once
from tapeline.package import CURATED, Codebook
from tapeline.rows import of
from tapeline.selection import Selection

STATED = (
    "milestone_id", "date", "date_precision", "company_id", "company", "with_companies", "named_with", "product", "title", "summary",
    "metric_id", "metric", "value", "low", "high", "approximate", "unit", "behaviour", "note", "source_url",
)  # fmt: skip
RELATION_WEIGHT = {"listed": 4, "parent": 4, "investor": 2, "supplier": 2, "partner": 1, "customer": 1, "competitor": 1}


@dataclass(frozen=True)
class Tables:
    """The curated tables as frames, one row a line of the file, and what was left out of them.

    Dates are naive timestamps, an absent one is NaT; absent text is ''. `milestones` is in order of date, then id.
    `faults` are the rows that broke the codebook; they, and what hangs on them, are not in the frames.
    """

    book: Codebook
    companies: pd.DataFrame
    instruments: pd.DataFrame
    exposures: pd.DataFrame
    metrics: pd.DataFrame
    milestones: pd.DataFrame
    figures: pd.DataFrame
    sources: pd.DataFrame
    leads: pd.DataFrame
    earnings: pd.DataFrame
    rate_decisions: pd.DataFrame
    faults: tuple[Fault, ...] = field(default=())

    @cached_property
    def names(self) -> dict[str, str]:
        """Return each company's name by id."""
        return dict(zip(self.companies["company_id"], self.companies["name"], strict=True))

    @cached_property
    def shares(self) -> dict[str, str]:
        """Return the name of each instrument by its ticker."""
        return dict(zip(self.instruments["ticker"], self.instruments["name"], strict=True))

    @cached_property
    def markets(self) -> dict[str, str]:
        """Return the benchmark of each instrument by its ticker, '' where it has none."""
        return dict(zip(self.instruments["ticker"], self.instruments["benchmark"], strict=True))

    @cached_property
    def owners(self) -> dict[str, str]:
        """Return the company whose own share a ticker is."""
        listed = self.exposures[self.exposures["relation"] == "listed"].drop_duplicates("ticker")
        return dict(zip(listed["ticker"], listed["company_id"], strict=True))


def load(base: Path | None = None) -> Tables:
    """Read the curated tables of a data folder, leaving out rows that break the codebook.

    Files that carry their stamp are taken as checked. Raises DataError where a whole table cannot be trusted.
    """
    book = package.read_codebook(base)
    stamped = all(book.is_stamped(name) for name in CURATED)
    faults = () if stamped else tuple(checks.faults(book, CURATED))
    if any(fault.stops for fault in faults):
        raise DataError(faults)
    bad = {name: {fault.row for fault in faults if fault.table == name} for name in CURATED}
    frames = {name: _read(book, name, bad[name]) for name in CURATED}
    return Tables(book, **_consistent(frames), faults=faults)


@once()
def select(tables: Tables, selection: Selection) -> pd.DataFrame:
    """Return the milestones that a filter lets through, in order of date."""
    held = columns.of(tables.milestones)
    keep = np.ones(len(held.ids), dtype=bool)
    for column, values in ((held.company, selection.companies), (held.kind, selection.kinds), (held.openness, selection.openness)):
        if values:
            keep &= column.where(values)
    if selection.start:
        keep &= held.date >= np.datetime64(selection.start)
    if selection.end:
        keep &= held.date <= np.datetime64(selection.end)
    for word in selection.text.casefold().split():
        keep &= np.fromiter((word in words for words in _words(tables)), bool, len(keep))
    return tables.milestones.take(np.flatnonzero(keep)).reset_index(drop=True)


@once(2)
def _words(tables: Tables) -> list[str]:
    """Return what of each milestone a search goes through."""
    rows = tables.milestones
    return (rows["title"] + " " + rows["summary"] + " " + rows["product"] + " " + rows["company_id"].map(tables.names)).str.casefold().tolist()


def figures_of(tables: Tables, milestone_id: str) -> pd.DataFrame:
    """Return a milestone's figures with each metric's label, unit and definition, in the file's order."""
    return of(_figures(tables), "milestone_id", milestone_id).reset_index(drop=True)


@once(2)
def _figures(tables: Tables) -> pd.DataFrame:
    return tables.figures.merge(tables.metrics, on="metric_id", how="left")


@once()
def first_figures(tables: Tables) -> pd.DataFrame:
    """Return the first figure of each milestone with its metric, indexed by milestone_id."""
    return tables.figures.drop_duplicates("milestone_id").merge(tables.metrics, on="metric_id").set_index("milestone_id")


@once()
def stated(tables: Tables, rows: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """Return the figures of some metrics in some milestones, in order of date, then size: who, when, what, how much, where it says so.

    `named_with` are the names of the other organisations of the milestone, `metric` is the metric's label.
    """
    found = tables.figures[tables.figures["metric_id"].isin(metrics)].merge(rows, on="milestone_id", suffixes=("", "_of_milestone"))
    found = found.merge(tables.metrics.rename(columns={"label": "metric"}), on="metric_id")
    found = found.merge(tables.sources[["source_id", "url"]].rename(columns={"url": "source_url"}), on="source_id", how="left")
    names = tables.names
    found["company"] = found["company_id"].map(names)
    found["named_with"] = ["; ".join(names.get(name, name) for name in filter(None, ids.split(";"))) for ids in found["with_companies"]]
    return found.sort_values(["date", "value"], kind="stable")[list(STATED)].reset_index(drop=True)


def related(tables: Tables, company_id: str, date: pd.Timestamp) -> pd.DataFrame:
    """Return why which shares are related to a company on a day, nearest relation first, each share once."""
    rows = of(nearest_first(tables), "company_id", company_id)
    on_day = rows[~(rows["since"] > date) & ~(rows["until"] < date)]
    return on_day.drop_duplicates("ticker").reset_index(drop=True)


@once(2)
def nearest_first(tables: Tables) -> pd.DataFrame:
    """Return the exposures with the nearest relations first."""
    weight = tables.exposures["relation"].map(RELATION_WEIGHT).astype(float)
    return tables.exposures.loc[weight.sort_values(ascending=False, kind="stable").index]


@once()
def most_related(tables: Tables, rows: pd.DataFrame, limit: int) -> list[str]:
    """Return the shares that matter most to some milestones: nearness of relation times importance, added up."""
    held, at = columns.of(tables.milestones), columns.places(tables.milestones, rows)
    tickers, nearness = _nearness(tables)
    score = np.bincount(held.company.codes[at], held.importance[at], len(held.company.values)) @ nearness
    return [tickers[place] for place in np.argsort(-score, kind="stable")[:limit] if score[place] > 0]


@once(2)
def _nearness(tables: Tables) -> tuple[list[str], np.ndarray]:
    """Return the related shares by name, and how near each is to each company that has milestones: a row a company, a column a share."""
    near, companies = tables.exposures, columns.of(tables.milestones).company.values
    tickers, found = sorted(set(near["ticker"])), np.zeros((len(companies), len(set(near["ticker"]))))
    rows, places = ({name: at for at, name in enumerate(names)} for names in (companies, tickers))
    for company_id, ticker, relation in zip(near["company_id"], near["ticker"], near["relation"], strict=True):
        if company_id in rows:
            found[rows[company_id], places[ticker]] += RELATION_WEIGHT[relation]
    return tickers, found


def _read(book: Codebook, name: str, bad: set[int | None]) -> pd.DataFrame:
    """Read one table with the codebook's types, without the lines in `bad`."""
    fields, frame = book.fields(name), package.read_text(book, name)
    frame = frame[~frame.index.isin(list(bad))][list(fields)]
    for column, meaning in fields.items():
        match meaning["type"]:
            case "date":
                frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d")
            case "number" | "integer":
                frame[column] = pd.to_numeric(frame[column])
            case "boolean":
                frame[column] = frame[column].str.lower() == "true"
    return frame.reset_index(drop=True)


def _consistent(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Drop what hangs on a row that was left out: sources and figures of it, milestones without a source."""
    known = {key: set(frames[name][key]) for name, key in (("companies", "company_id"), ("metrics", "metric_id"))}
    rows = frames["milestones"]
    rows = rows[rows["company_id"].isin(known["company_id"]) & rows["milestone_id"].isin(frames["sources"]["milestone_id"])]
    kept = {**frames, "milestones": rows.sort_values(["date", "milestone_id"]).reset_index(drop=True)}
    for name in ("sources", "figures", "leads"):
        kept[name] = frames[name][frames[name]["milestone_id"].isin(rows["milestone_id"])].reset_index(drop=True)
    figures = kept["figures"]
    figures = figures[figures["metric_id"].isin(known["metric_id"]) & figures["source_id"].isin(kept["sources"]["source_id"])]
    shares = frames["exposures"]
    shares = shares[shares["company_id"].isin(known["company_id"]) & shares["ticker"].isin(frames["instruments"]["ticker"])]
    return {**kept, "figures": figures.reset_index(drop=True), "exposures": shares.reset_index(drop=True)}
