"""The exhibits of the openness page: releases over time, paths and turns, companies and countries, stated sizes, licences."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from tapeline import export, openness
from tapeline.charts import hover, parties
from tapeline.charts import licences as licences_chart
from tapeline.charts import paths as paths_chart
from tapeline.charts import records as records_chart
from tapeline.charts import releases as releases_chart
from tapeline.once import once
from tapeline.openness import CLOSED, OPEN
from tapeline.rows import each, where
from tapeline.selection import Selection
from tapeline.ui import exhibit, options, screen
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import count, iso, listing, quantity, share, short, span

DEFAULT = "Open weights against closed"
SOURCE = "Source: Tapeline, from the sources on each card."
CLICK = " Click a mark for its card; one with a number holds several."
BAR = " Click a bar for its releases."
MEANING = "Open: the weights could be downloaded on the day of the row. All else is closed: a service, a paper, weights for chosen researchers."
TABLES = "The tables hold notable releases, not all there were."
RULE = (
    "The rule: a closed release counts where it states more than every closed release before it; matched with it is the first release with open "
    "weights, of any company in view, that states at least as much. Weights that follow later without the figure have that of the same company's "
    "product. The figure is size, not ability: the tables hold no test results that compare the two."
)
MARKS = {("release", OPEN): "Open weights", ("release", CLOSED): "Closed", ("turn", OPEN): "Turn toward open", ("turn", CLOSED): "Turn away"}
PERIODS, COUNTED = {"year": "Years", "quarter": "Quarters"}, {"count": "Count", "share": "Share"}
COLUMNS = {
    "Date": st.column_config.TextColumn(width=84), "Company": st.column_config.TextColumn(width=120),
    "What happened": st.column_config.TextColumn(width=380), "Licence": st.column_config.TextColumn(width=200),
    "In the rows' words": st.column_config.TextColumn(width=520),
}  # fmt: skip


def headline(view: View, selection: Selection, found: pd.DataFrame, turned: pd.DataFrame) -> None:
    """Draw the page's title and how many releases and turns are in view."""
    names = [view.tables.names[name] for name in selection.companies]
    st.title(plain(f"{listing(names)}: open weights against closed" if names else DEFAULT), anchor=False)
    if len(found):
        opened = int((found["openness"] == OPEN).sum())
        away = int((turned["openness"] == CLOSED).sum())
        words = f"{opened} of {count(len(found), 'release')} in view had open weights ({share(opened / len(found))})."
        words += f" {count(len(turned), 'row')} turned in words: {len(turned) - away} toward open weights, {away} away." if len(turned) else ""
        st.markdown(plain(f"{words} {MEANING}"))


def over_time(view: View, selection: Selection, found: pd.DataFrame) -> None:
    """Draw releases by year or quarter, counted or as shares."""
    heading = st.container()
    with st.container(horizontal=True, key="controls-releases"):
        freq = options.one_of("By", "by", PERIODS, "year")
        counted = options.one_of("Shown as", "counted", COUNTED, "count")
    years = openness.by_period(found, "Y")
    table = years if freq == "year" else openness.by_period(found, "Q")
    arranged = releases_chart.arrange(table, years, view.tables.milestones["date"].max(), counted == "share", exhibit.room())
    exhibit.picture("releases-by-openness", releases_chart.title(arranged), releases_chart.draw(arranged, screen.colours()), heading=heading,
                    alt=releases_chart.finding(arranged), note=f"Per cent: the share with open weights. {TABLES} {SOURCE}{BAR}")  # fmt: skip
    flat = _flat(table)
    exhibit.numbers(view, selection, _counts(flat, "period", PERIODS[freq][:-1]), _file(flat, "period"), name="releases-by-openness", what="period")


def paths(view: View, selection: Selection, found: pd.DataFrame, turned: pd.DataFrame) -> None:
    """Draw the companies' lanes: releases of both sorts and turns."""
    table = openness.paths(found, turned)
    drawn = table if selection.companies else _both(table)
    arranged = paths_chart.arrange(drawn, found, turned, hover.texts(view.tables), exhibit.room())
    note = (
        "Above a line: open weights; below: closed; triangles on it: rows in which the company, or one that speaks for it, turned in words. Red: the "
        "longest pause between two open releases with closed ones between, where it passed a year."
        f"{_more(len(table) - len(arranged.lanes))} {SOURCE}{CLICK}"
    )
    exhibit.picture(
        "openness-paths", paths_chart.title(drawn), paths_chart.draw(arranged, screen.colours()), alt=paths_chart.finding(arranged), note=note
    )
    columns = {name: name for name in ("company_id", "company", "country", "releases", OPEN, CLOSED, "first_open", "first_open_id", "first_closed",
                                       "first_closed_id", "turns_open", "turns_closed", "last_turn", "pause", "pause_from", "pause_to")}  # fmt: skip
    exhibit.numbers(view, selection, _paths(table), export.figures(table, columns | {"pause": "pause_days"}), name="openness-paths", what="company",
                    many="companies")  # fmt: skip
    told, taken = marks(found, turned)
    exhibit.numbers(view, selection, told, taken, name="releases-and-turns", what="release or turn", many="releases and turns", columns=COLUMNS,
                    ids=list(taken["milestone_id"])[::-1])  # fmt: skip


@once()
def marks(found: pd.DataFrame, turned: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return releases and turns for the eye, the newest first, and as a file, the oldest first."""
    rows = pd.concat([found.assign(sort="release"), turned.assign(sort="turn")]).sort_values(["date", "milestone_id"], kind="stable")
    columns = {name: name for name in ("milestone_id", "date", "date_precision", "company_id", "company", "product", "sort", "openness", "title")}
    newest = rows.iloc[::-1]
    told = pd.DataFrame({"Date": _dates(newest), "Company": newest["company"], "Mark": [MARKS[row.sort, row.openness] for row in each(newest)],
                         "What happened": newest["title"]})  # fmt: skip
    return told, export.figures(rows, columns)


@once()
def _both(table: pd.DataFrame) -> pd.DataFrame:
    """Return the companies with releases of both sorts or a turn; all where there is none."""
    both = table[(table[OPEN] > 0) & (table[CLOSED] > 0) | (table["turns_open"] + table["turns_closed"] > 0)]
    return both if len(both) else table


def turned(view: View, selection: Selection, rows: pd.DataFrame) -> None:
    """List the turns in words, the newest first."""
    if rows.empty:
        exhibit.nothing("Who turned, and when", "No row of strategy in view turns toward open weights or away from them.")
        return
    newest, labels = rows.iloc[::-1], view.tables.book.labels("milestones", "openness")
    away = rows[rows["openness"] == CLOSED].groupby("company")["date"].max().sort_values().index[::-1]
    toward = rows[rows["openness"] == OPEN].groupby("company")["date"].max().sort_values().index[::-1]
    st.header("Who turned, and when", anchor="turns")
    parts = [
        f"{words}, the latest first: {listing(list(names), 5)}." for words, names in (("Toward open weights", toward), ("Away", away)) if len(names)
    ]
    st.caption(plain(f"Announcements, letters, plans and reports, not releases. {' '.join(parts)} Choose a row for its card."))
    readable = pd.DataFrame(
        {"Date": _dates(newest), "Company": newest["company"], "Turn": newest["openness"].map(labels), "What happened": newest["title"]}
    )
    exhibit.listed("turns", readable, f"Table of {count(len(rows), 'turn')}", ids=list(newest["milestone_id"]), columns=COLUMNS)
    columns = {name: name for name in ("milestone_id", "date", "date_precision", "company_id", "company", "country", "openness", "title", "summary")}
    exhibit.file(view, selection, export.figures(rows, columns), "turns")


def by(view: View, selection: Selection, found: pd.DataFrame, what: str) -> None:
    """Draw releases by company or by country."""
    table = openness.by(found, what)
    arranged = parties.arrange(table, what, exhibit.room(half=True))
    others = f" {arranged.others} with fewer releases stand in the table." if arranged.others else ""
    of = "Country of the company that released, as companies.csv has it." if what == "country" else TABLES
    exhibit.picture(f"openness-by-{what}", parties.title(arranged), parties.draw(arranged, screen.colours()), alt=parties.finding(arranged),
                    note=f"{of}{others} {SOURCE}{BAR}")  # fmt: skip
    many = {"company": "companies", "country": "countries"}[what]
    exhibit.numbers(view, selection, _counts(table, what, what.capitalize()), _file(table, what), name=f"openness-by-{what}", what=what, many=many)


def sizes(view: View, selection: Selection, rows: pd.DataFrame) -> None:
    """Draw stated sizes, and how long open weights took to reach the largest closed ones; say what the tables cannot tell."""
    found = {name: openness.sizes(view.tables, rows, name) for name in openness.METRICS}
    offered = [name for name, table in found.items() if len(table)]
    if not offered:
        exhibit.nothing("Sizes", "No release in view states its parameters or its context length.")
        return
    labels = view.tables.metrics.set_index("metric_id")["label"].to_dict()
    metric, heading = exhibit.metrics(offered, offered[:1])[0], st.container()
    exhibit.choose("Compared by", offered, labels, [metric])  # type: ignore[arg-type]
    table = found[metric]
    lags = openness.lags(table)
    arranged = records_chart.arrange(table, lags, exhibit.room())
    exhibit.picture("openness-sizes", records_chart.title(arranged), records_chart.draw(arranged, screen.colours()), heading=heading,
                    alt=records_chart.finding(arranged), note=f"{RULE} {_stating(rows, table)} {SOURCE} Click a mark for its card.")  # fmt: skip
    columns = {name: name for name in (*openness.LAG, *(f"open_{name}" for name in openness.LAG), "days")}
    exhibit.numbers(view, selection, _lags(lags), export.figures(_of_metric(lags, metric), columns | {"metric_id": "metric_id"}),
                    name="openness-sizes", what="closed record", ids=list(lags["milestone_id"]), taken_as="lag")  # fmt: skip
    newest = table.iloc[::-1]
    told = pd.DataFrame({"Date": _dates(newest), "Company": newest["company"], "Product": newest["product"], labels[metric]: [quantity(row) for row
                         in each(newest)], "Weights": newest["openness"].map({OPEN: "Open", CLOSED: "Closed"}),
                         "Record": newest["record"].map({True: "of its sort", False: ""})})  # fmt: skip
    columns = {name: name for name in ("milestone_id", "date", "date_precision", "company_id", "company", "product", "openness", "metric_id", "value",
                                       "approximate", "unit", "record", "source_url")}  # fmt: skip
    exhibit.numbers(view, selection, told, export.figures(table, columns), name="stated-sizes", what="stated size", ids=list(newest["milestone_id"]))


def licences(view: View, selection: Selection, found: pd.DataFrame) -> None:
    """Draw the licences of open-weight releases, with what the rows themselves say of their terms."""
    table = openness.licences(found)
    if table.empty:
        exhibit.nothing("Licences", "No release in view had open weights.")
        return
    arranged = licences_chart.arrange(table, exhibit.room())
    note = (
        "The licence of the weights on the day of the release. The tables hold a licence's name and not its terms; where a row's summary "
        f"speaks of them, its words stand in the table. They are no legal advice: read the licence itself. {SOURCE}{BAR}"
    )
    exhibit.picture(
        "licences", licences_chart.title(arranged), licences_chart.draw(arranged, screen.colours()), alt=licences_chart.finding(arranged), note=note
    )
    opened = where(found, "openness", OPEN)
    columns = {name: name for name in ("milestone_id", "date", "date_precision", "company_id", "company", "country", "product", "title", "licence")}
    taken = export.figures(_termed(opened), columns | {"terms": "words_on_the_licence"})
    exhibit.numbers(view, selection, _licences(table), taken, name="licences", what="licence", columns=COLUMNS, taken_as="release")


@once()
def _termed(opened: pd.DataFrame) -> pd.DataFrame:
    return opened.assign(terms=[openness.terms(summary) for summary in opened["summary"]])


@once()
def _flat(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename_axis("period").reset_index().assign(period=lambda frame: frame["period"].astype(str))


@once()
def _of_metric(lags: pd.DataFrame, metric: str) -> pd.DataFrame:
    return lags.assign(metric_id=metric)


def _stating(rows: pd.DataFrame, table: pd.DataFrame) -> str:
    """Say how many releases of each sort state the figure."""
    counts = {sort: int(((rows["kind"] == "model_release") & (rows["openness"] == sort)).sum()) for sort in (OPEN, CLOSED)}
    stating = table["openness"].value_counts()
    opened, closed = (f"{stating.get(sort, 0)} of {counts[sort]}" for sort in (OPEN, CLOSED))
    return f"It is stated for {opened} open releases in view, and for {closed} closed ones."


def _more(companies: int) -> str:
    return f" {count(companies, 'company', 'companies')} more in the table." if companies else ""


@once()
def _counts(table: pd.DataFrame, column: str, label: str) -> pd.DataFrame:
    return pd.DataFrame({label: table[column], "Releases": table["releases"], "Open weights": table[OPEN], "Closed": table[CLOSED],
                         "Share open": [share(part) for part in table["share"]]})  # fmt: skip


@once()
def _file(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return export.figures(table.assign(share=table["share"].round(4)), {name: name for name in (column, "releases", OPEN, CLOSED, "share")})


@once()
def _paths(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "Company": table["company"], "Open": table[OPEN], "Closed": table[CLOSED], "First open": _days(table["first_open"]),
        "First closed": _days(table["first_closed"]), "Turns toward open": table["turns_open"], "Turns away": table["turns_closed"],
        "Last turn": _days(table["last_turn"]),
        "Longest pause of open weights": [f"{span(row.pause)}, to {row.pause_to:%Y-%m-%d}" if row.pause else "–" for row in each(table)],
    })  # fmt: skip


@once()
def _lags(lags: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame([{
        "Closed record": f"{row.product} ({row.company})", "Date": f"{row.date:%Y-%m-%d}", "States": short(row.value),
        "First open at least as large": f"{row.open_product} ({row.open_company})" if pd.notna(row.days) else "none in view",
        "On": f"{row.open_date:%Y-%m-%d}" if pd.notna(row.days) else "", "It states": short(row.open_value) if pd.notna(row.days) else "",
        "Later by": _later(row.days),
    } for row in each(lags)])  # fmt: skip


def _later(days: float) -> str:
    return "–" if pd.isna(days) else span(days) if days > 0 else f"{span(days)} before" if days < 0 else "the same day"


@once()
def _licences(table: pd.DataFrame) -> pd.DataFrame:
    words = [" · ".join(f"{product}: {said}" for product, said in row.words) for row in each(table)]
    companies = [listing(list(names), 4) for names in table["companies"]]
    return pd.DataFrame({"Licence": table["licence"], "Releases": table["releases"], "Companies": companies,
                         "First": _days(table["first"]), "Last": _days(table["last"]), "In the rows' words": words})  # fmt: skip


def _days(dates: pd.Series) -> list[str]:
    return [f"{date:%Y-%m-%d}" if pd.notna(date) else "–" for date in dates]


def _dates(rows: Any) -> list[str]:
    return [iso(row.date, row.date_precision) for row in each(rows)]
