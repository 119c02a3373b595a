"""Rules of shape: how rows of different tables hang together. One small function a rule; each yields faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from tapeline.errors import Fault
from tapeline.package import INDEX
from tapeline.rules.frames import Tables, line


def has_source(tables: Tables) -> Iterator[Fault]:
    """A milestone without a source does not exist."""
    milestones, known = tables["milestones"], set(tables["sources"]["milestone_id"])
    for row, name in milestones["milestone_id"].items():
        if name not in known:
            yield Fault("milestones", line(row), "milestone_id", f"{name!r} without a source", "at least one row in sources.csv",
                        "Add the page that states it to sources.csv, or remove the milestone.")  # fmt: skip


def source_is_named_after_its_milestone(tables: Tables) -> Iterator[Fault]:
    """A source id is its milestone's id, a dot and a number."""
    sources = tables["sources"]
    wrong = sources[sources["source_id"].str.rsplit(".", n=1).str[0] != sources["milestone_id"]]
    for row, source in wrong["source_id"].items():
        yield Fault("sources", line(row), "source_id", repr(source), "the milestone's id, a dot and a number",
                    "Rename the source, or correct its milestone_id.")  # fmt: skip


def url_is_listed_once(tables: Tables) -> Iterator[Fault]:
    """One page is one source of a milestone, not two."""
    sources = tables["sources"]
    for row, address in sources.loc[sources.duplicated(["milestone_id", "url"]), "url"].items():
        yield Fault("sources", line(row), "url", f"{address} a second time", "each page once a milestone", "Remove one row.")


def figure_rests_on_its_own_source(tables: Tables) -> Iterator[Fault]:
    """A figure's source belongs to the same milestone."""
    owner = tables["sources"].drop_duplicates("source_id").set_index("source_id")["milestone_id"]
    figures = tables["figures"]
    wrong = figures[owner.reindex(figures["source_id"]).fillna(figures["milestone_id"]).to_numpy() != figures["milestone_id"]]
    for row, source in wrong["source_id"].items():
        yield Fault("figures", line(row), "source_id", repr(source), "a source of the same milestone", "Correct the id.")


def range_holds_value(tables: Tables) -> Iterator[Fault]:
    """A range holds its value, and has both ends or none."""
    figures = tables["figures"]
    low, value, high = (pd.to_numeric(figures[name], errors="coerce") for name in ("low", "value", "high"))
    alone = (figures["low"] == "") != (figures["high"] == "")
    wrong = figures[alone | (low > value) | (value > high)]
    for row, figure in wrong.iterrows():
        yield Fault("figures", line(row), "low", f"{figure['low']} <= {figure['value']} <= {figure['high']}",
                    "low and high around the value, or neither", "Correct the range.")  # fmt: skip


def partners_are_known(tables: Tables) -> Iterator[Fault]:
    """Every company in with_companies is in companies.csv, and is not the actor itself."""
    known = set(tables["companies"]["company_id"])
    for row, milestone in tables["milestones"].iterrows():
        for partner in filter(None, milestone["with_companies"].split(";")):
            if partner not in known or partner == milestone["company_id"]:
                yield Fault("milestones", line(row), "with_companies", repr(partner),
                            "another organisation of companies.csv", "Correct the id.")  # fmt: skip


def nothing_lies_in_the_future(tables: Tables) -> Iterator[Fault]:
    """No milestone and no check is dated after today."""
    today = dt.date.today().isoformat()
    for column in ("date", "checked_on"):
        cells = tables["milestones"][column]
        for row, cell in cells[cells > today].items():
            if len(cell) == len(today):
                yield Fault("milestones", line(row), column, repr(cell), f"a day up to today, {today}", "Correct the date.")


def imprecise_date_is_the_first(tables: Tables) -> Iterator[Fault]:
    """A month is written as its first day, a quarter as the first day of its first month."""
    milestones = tables["milestones"]
    month = (milestones["date_precision"] == "month") & (milestones["date"].str[8:] != "01")
    quarter = (milestones["date_precision"] == "quarter") & ~milestones["date"].str[5:].isin(["01-01", "04-01", "07-01", "10-01"])
    for row, cell in milestones.loc[month | quarter, "date"].items():
        yield Fault("milestones", line(row), "date", repr(cell), "the first day of the month or quarter",
                    "Write the first day, or set date_precision to day.")  # fmt: skip


def release_says_whether_weights_are_open(tables: Tables) -> Iterator[Fault]:
    """A model release is open_weights or closed; only open weights have a licence."""
    milestones = tables["milestones"]
    silent = (milestones["kind"] == "model_release") & (milestones["openness"] == "not_applicable")
    for row in milestones.index[silent]:
        yield Fault("milestones", line(row), "openness", "'not_applicable' on a model release", "open_weights or closed",
                    "Say whether the weights could be downloaded on that day.")  # fmt: skip
    for row in milestones.index[(milestones["licence"] != "") & (milestones["openness"] != "open_weights")]:
        yield Fault("milestones", line(row), "licence", repr(milestones.at[row, "licence"]), "no licence without open weights",
                    "Empty the cell, or correct openness.")  # fmt: skip


def funding_has_an_amount(tables: Tables) -> Iterator[Fault]:
    """A funding row has at least one figure in US dollars."""
    metrics = tables["metrics"]
    dollars = set(metrics.loc[metrics["unit"] == "USD", "metric_id"])
    figures = tables["figures"]
    paid = set(figures.loc[figures["metric_id"].isin(dollars), "milestone_id"])
    milestones = tables["milestones"]
    for row, name in milestones.loc[milestones["kind"] == "funding", "milestone_id"].items():
        if name not in paid:
            yield Fault("milestones", line(row), "kind", f"{name!r} is funding without an amount", "a figure in USD",
                        "Add the amount or valuation to figures.csv.")  # fmt: skip


def event_is_told_once(tables: Tables) -> Iterator[Fault]:
    """No two rows have one title, or one company, day, kind and product."""
    milestones = tables["milestones"]
    for columns, column in ((["title"], "title"), (["company_id", "date", "kind", "product"], "product")):
        for row in milestones.index[milestones.duplicated(columns)]:
            yield Fault("milestones", line(row), column, f"a second row for one event ({milestones.at[row, 'title']!s})",
                        "one row an event", "Merge the two rows.")  # fmt: skip


def lead_is_named_in_its_row(tables: Tables) -> Iterator[Fault]:
    """Who led a round is named in the round's own title or summary, by the first word of the name at least, and is not the one that acted."""
    rows = tables["milestones"].drop_duplicates("milestone_id").set_index("milestone_id")
    words, actors = (rows["title"] + " " + rows["summary"]).str.casefold(), rows["company_id"]
    for row, lead in tables["leads"].iterrows():
        told = str(words.get(lead["milestone_id"], ""))
        if lead["led_by"].split(" ")[0].casefold() not in told:
            yield Fault("leads", line(row), "led_by", repr(lead["led_by"]), "a name that the title or summary of the milestone gives",
                        "Say in its summary who led, or remove the row.")  # fmt: skip
        if lead["company_id"] and lead["company_id"] == actors.get(lead["milestone_id"]):
            yield Fault("leads", line(row), "company_id", repr(lead["company_id"]), "another organisation than the one that acted",
                        "Correct the id, or remove the row.")  # fmt: skip


def relation_has_a_source(tables: Tables) -> Iterator[Fault]:
    """Every relation but a company's own listing says where it is stated."""
    exposures = tables["exposures"]
    for row in exposures.index[(exposures["relation"] != "listed") & (exposures["source_url"] == "")]:
        yield Fault("exposures", line(row), "source_url", "nothing", "the page that states the relation", "Add it.")


def index_covers_instruments(tables: Tables) -> Iterator[Fault]:
    """Every instrument has a column in the index."""
    have = set(tables[INDEX].columns)
    for row, ticker in tables["instruments"]["ticker"].items():
        if ticker not in have:
            yield Fault("instruments", line(row), "ticker", repr(ticker), f"a column of {INDEX}.csv",
                        "Run python -m tapeline snapshot with closes for it, or remove the row.")  # fmt: skip


def index_runs_forward(tables: Tables) -> Iterator[Fault]:
    """The index's dates increase."""
    dates = tables[INDEX]["date"]
    for row, cell in dates[dates <= dates.shift(fill_value="")].items():
        yield Fault(INDEX, line(row), "date", repr(cell), "a date after the row before", "Sort the file by date.")


RULES = (
    has_source, source_is_named_after_its_milestone, url_is_listed_once, figure_rests_on_its_own_source, range_holds_value,
    partners_are_known, nothing_lies_in_the_future, imprecise_date_is_the_first, release_says_whether_weights_are_open,
    funding_has_an_amount, event_is_told_once, lead_is_named_in_its_row, relation_has_a_source, index_covers_instruments, index_runs_forward,
)  # fmt: skip
