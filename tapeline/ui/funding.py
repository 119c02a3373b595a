"""The exhibits of the funding page: rounds, totals, who is named, valuations, listings."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from tapeline import export, funding
from tapeline.charts import listings as listings_chart
from tapeline.charts import named as named_chart
from tapeline.charts import rounds as rounds_chart
from tapeline.charts import totals as totals_chart
from tapeline.charts import valuations as valuations_chart
from tapeline.once import once
from tapeline.rows import each
from tapeline.selection import Selection
from tapeline.ui import exhibit, screen
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import count, grouped, iso, listing, quantity, short

DEFAULT = "Money raised for AI, and at what value"
SOURCE = "Source: Tapeline, from the sources on each card."
CLICK = " Click a mark for its card."
LEADERS = "Lead investors by number of rounds led"
FILE = {
    name: name for name in ("milestone_id", "date", "date_precision", "company_id", "company", "with_companies", "title", "metric_id", "value", "low",
                            "high", "approximate", "unit", "note", "source_url")
}  # fmt: skip
COLUMNS = {
    "Date": st.column_config.TextColumn(width=84), "Company": st.column_config.TextColumn(width=120),
    "Named with": st.column_config.TextColumn(width=150, help="Other organisations that the row names: investors, partners, or the one invested in."),
    "Amount": st.column_config.TextColumn(width=120), "Metric": st.column_config.TextColumn(width=150),
    "What happened": st.column_config.TextColumn(width=340), "Led by": st.column_config.TextColumn(width=150, help="Where the row names who led."),
    "Source": st.column_config.LinkColumn(width=110, display_text=r"^https?://(?:www\.)?([^/]+)"),
}  # fmt: skip


def headline(view: View, selection: Selection, found: pd.DataFrame) -> None:
    """Draw the page's title, and what the amounts in view come to, each metric for itself."""
    names = [view.tables.names[name] for name in selection.companies]
    st.title(plain(f"{listing(names)}: money raised, and at what value" if names else DEFAULT), anchor=False)
    if found.empty:
        return
    st.caption(f"{count(found['milestone_id'].nunique(), 'milestone')} from {found['date'].min():%Y-%m-%d} to {found['date'].max():%Y-%m-%d} · "
               f"data version {view.tables.book.version}")  # fmt: skip


def sums(view: View, found: pd.DataFrame) -> None:
    """Draw what each metric comes to, for itself."""
    if found.empty:
        return
    meaning = view.tables.metrics.set_index("metric_id")["definition"]
    there = [name for name in funding.ROUNDS if (found["metric_id"] == name).any()]
    columns = {"desktop": len(there), "laptop": 3}.get(screen.width(), 2)
    with st.grid(columns, min_column_width=130, key="sums"):
        for name in there:
            of_metric = found[found["metric_id"] == name]
            st.metric(of_metric["metric"].iloc[0], f"{short(of_metric['value'].sum())} USD", border=True, height=112, delta_color="off",
                      delta=count(len(of_metric), "round"), delta_arrow="off", help=meaning[name])  # fmt: skip
    st.caption("Different quantities, never added together: a round that is announced and later closed stands in both.")


def rounds(view: View, selection: Selection, found: pd.DataFrame) -> None:
    """Draw the rounds over time."""
    if found.empty:
        exhibit.nothing("Rounds", f"No milestone in view raised money. {_elsewhere(view, selection)}".strip())
        return
    figure = rounds_chart.draw(rounds_chart.arrange(found, exhibit.room()), screen.colours())
    note = (
        f"Area: the amount in US dollars; height: the same, on a logarithmic axis. {_shapes(found)} A bar through a mark is a source's own range. "
        f"Each stands under the organisation that acted, which may be the investor. {SOURCE}{CLICK}"
    )
    exhibit.picture("funding-rounds", rounds_chart.title(found), figure, alt=rounds_chart.finding(found), note=note)
    exhibit.numbers(view, selection, amounts(found), export.figures(found, FILE | {"led_by": "led_by"}), name="funding-rounds", what="amount",
                    ids=list(found["milestone_id"])[::-1], columns=COLUMNS)  # fmt: skip


def totals(view: View, selection: Selection, found: pd.DataFrame) -> None:
    """Draw one metric added up by year and company."""
    if found.empty:
        return
    labels = {row.metric_id: row.metric for row in each(found)}
    offered = [name for name in funding.ROUNDS if name in labels]
    metric, heading = exhibit.metrics(offered, offered[:1])[0], st.container()
    exhibit.choose("Add up", offered, labels, [metric])
    table, last = funding.totals(found, metric), found.loc[found["metric_id"] == metric, "date"].max()
    arranged = totals_chart.arrange(table, view.tables.names, labels[metric], last, exhibit.room(half=True))
    definition = view.tables.metrics.set_index("metric_id")["definition"][metric]
    exhibit.picture("funding-by-year", totals_chart.title(arranged), totals_chart.draw(arranged, screen.colours()), heading=heading,
                    alt=totals_chart.finding(arranged), note=f"{definition} Nothing else is added to it. {SOURCE}")  # fmt: skip
    years = {str(year): table[year].to_numpy() / 1e9 for year in table.columns}
    readable = pd.DataFrame({"Company": table.index.map(view.tables.names), "All": table.sum(axis=1).to_numpy() / 1e9} | years)
    config = {name: st.column_config.NumberColumn(f"{name}, bn", format="%.2f") for name in ("All", *years)}
    taken = _long(table, metric)
    columns = {name: name for name in ("company_id", "year", "metric_id", "value", "unit")}
    exhibit.numbers(view, selection, readable, export.figures(taken, columns), name="funding-by-year", what="company", many="companies",
                    columns=config)  # fmt: skip


def named(view: View, selection: Selection, found: pd.DataFrame) -> None:
    """Draw who is named beside those that raised money."""
    if found.empty:
        return
    table = funding.named(view.tables, found)
    if table.empty:
        exhibit.nothing("Who is named", "No round in view names another organisation of the tables.")
        return
    arranged = named_chart.arrange(table, found["milestone_id"].nunique(), exhibit.room(half=True))
    more = f" {count(arranged.others, 'organisation')} named less often not drawn." if arranged.others else ""
    note = f"Named beside the one that acted: as investor or partner, or as the one invested in.{more} {SOURCE} Click a bar for its rounds."
    figure = named_chart.draw(arranged, screen.colours())
    exhibit.picture("funding-named", named_chart.title(arranged), figure, alt=named_chart.finding(arranged), note=note)
    told = _told(table)
    readable = told[["company", "rounds", "beside"]].set_axis(["Organisation", "Rounds", "Beside"], axis=1)
    columns = {name: name for name in ("company_id", "company", "rounds", "beside", "milestone_ids")}
    exhibit.numbers(view, selection, readable, export.figures(told, columns), name="funding-named", what="organisation",
                    columns={"Beside": st.column_config.TextColumn(width=420)})  # fmt: skip


def led(view: View, selection: Selection, rows: pd.DataFrame) -> None:
    """Draw who led the rounds in view, of those whose rows say so."""
    found = funding.leads(view.tables, rows)
    known, all_ = found["milestone_id"].nunique(), int((rows["kind"] == "funding").sum())
    if not all_:
        return
    if not known:
        exhibit.nothing("Who led", f"None of {count(all_, 'milestone')} of funding in view says who led it.")
        return
    table = funding.leaders(found)
    arranged = named_chart.arrange(table, known, exhibit.room(), "led rounds of")
    more = f" {count(arranged.others, 'investor')} with fewer not drawn." if arranged.others else ""
    note = (
        f"{known} of {count(all_, 'milestone')} of funding in view name who led; of the others it is not known. A round that several led counts "
        f"for each.{more} {SOURCE} Click a bar for its rounds."
    )
    figure = named_chart.draw(arranged, screen.colours())
    exhibit.picture("who-led", named_chart.title_of_leaders(arranged), figure, alt=named_chart.finding(arranged, LEADERS), note=note)
    newest = found.iloc[::-1]
    readable = pd.DataFrame({"Date": _dates(newest), "Led by": newest["led_by"], "Company": newest["company"],
                             "Amount": [quantity(row) for row in each(newest)], "Metric": newest["metric"], "What happened": newest["title"],
                             "Note": newest["lead_note"], "Source": newest["source_url"]})  # fmt: skip
    columns = {name: name for name in ("milestone_id", "date", "company_id", "company", "title", "led_by", "lead_id", "lead_note", "source_url")}
    exhibit.numbers(view, selection, readable, export.figures(found, columns), name="funding-led", what="lead", ids=list(newest["milestone_id"]),
                    columns=COLUMNS)  # fmt: skip


@once()
def _long(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    return table.melt(ignore_index=False, value_name="value").reset_index().query("value > 0").assign(metric_id=metric, unit="USD")


@once()
def _told(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(beside=table["beside"].map("; ".join), milestone_ids=table["ids"].map(";".join))


def valuations(view: View, selection: Selection, rows: pd.DataFrame) -> None:
    """Draw the steps of companies' valuations."""
    found = funding.valuations(view.tables, rows)
    if found.empty:
        exhibit.nothing("Valuations", "No milestone in view says what a company was valued at.")
        return
    arranged = valuations_chart.arrange(found, exhibit.room())
    quiet = sum(not ladder.named for ladder in arranged.ladders)
    note = (
        "US dollars, logarithmic axis. A line joins post-money valuations alone, up to the last known; other meanings are marks of their own "
        "shape. Hollow: approximate, or reported by the press and not confirmed that day. "
        f"{f'{quiet} companies more are drawn without a name. ' if quiet else ''}{SOURCE}{CLICK}"
    )
    figure = valuations_chart.draw(arranged, screen.colours())
    exhibit.picture("valuations", valuations_chart.title(arranged), figure, alt=valuations_chart.finding(arranged), note=note)
    exhibit.numbers(view, selection, amounts(found), export.figures(found, FILE | {"reported": "reported"}), name="valuations", what="valuation",
                    ids=list(found["milestone_id"])[::-1], columns=COLUMNS)  # fmt: skip


def listings(view: View, selection: Selection, rows: pd.DataFrame) -> None:
    """Draw the shares of the companies that went public in view."""
    listed = funding.listings(view.tables, rows, view.histories)
    if not listed:
        exhibit.nothing("Listings", "No company in view went public.")
        return
    without = [one.company for one in listed if not len(one.path)]
    missing = f" No series of the listed share: {listing(without, 6)}." if without else ""
    if len(without) == len(listed):
        exhibit.nothing("Listings", f"{count(len(listed), 'company', 'companies')} in view went public.{missing}")
    else:
        arranged = listings_chart.arrange(listed, exhibit.room())
        note = (
            f"Total-return index, 100 at the close of the first session, not at the issue price{'; logarithmic axis' if arranged.scale.log else ''}. "
            f"A line ends where its data end.{missing} Source: the bundled index, derived from end-of-day closes. Click a first session for its card."
        )
        figure = listings_chart.draw(arranged, screen.colours())
        exhibit.picture("listings", listings_chart.title(arranged), figure, alt=listings_chart.finding(arranged), note=note)
    taken = export.market({one.ticker: one.path for one in listed if len(one.path)})
    exhibit.numbers(view, selection, _public(listed), taken, name="listings", what="listing", taken_as="session",
                    ids=[one.milestone_id for one in listed])  # fmt: skip


@once()
def _elsewhere(view: View, selection: Selection) -> str:
    """Say in how many rounds of others the chosen companies are named; '' where there are none."""
    table = funding.named(view.tables, funding.rounds(view.tables, view.tables.milestones))
    of_chosen = table[table["company_id"].isin(selection.companies)]
    said = [f"{row.company} is named in {count(row.rounds, 'round')} of others ({listing(list(row.beside), 6)})" for row in each(of_chosen)]
    return f"{'; '.join(said)}." if said else ""


@once()
def _public(listed: Sequence[funding.Listing]) -> pd.DataFrame:
    """Return listings for the eye."""
    return pd.DataFrame([{
        "Date": f"{one.date:%Y-%m-%d}", "Company": one.company, "Raised": "" if math.isnan(one.proceeds) else f"{short(one.proceeds)} USD",
        "Issue price": "" if math.isnan(one.price) else f"{grouped(one.price, 0 if one.price.is_integer() else 2)} USD", "Share": one.ticker,
        "Since the first close": listings_chart.change(one) if len(one.path) else "no series",
        "Data up to": f"{one.path.index[-1]:%Y-%m-%d}" if len(one.path) else "",
    } for one in listed])  # fmt: skip


@once()
def amounts(found: pd.DataFrame) -> pd.DataFrame:
    """Return amounts for the eye, the newest first."""
    newest = found.iloc[::-1]
    led = {"Led by": newest["led_by"]} if "led_by" in newest else {}
    return pd.DataFrame({"Date": _dates(newest), "Company": newest["company"], "Amount": [quantity(row) for row in each(newest)],
                         "Metric": newest["metric"], **led, "Named with": newest["named_with"], "What happened": newest["title"],
                         "Source": newest["source_url"]})  # fmt: skip


def _dates(rows: pd.DataFrame) -> list[str]:
    return [iso(row.date, row.date_precision) for row in each(rows)]


def _shapes(found: pd.DataFrame) -> str:
    """Say which shape is which kind of money, of those in view."""
    labels = {row.metric_id: str(row.metric).lower() for row in each(found)}
    return "Shapes: " + ", ".join(f"{words} {labels[name]}" for name, words in rounds_chart.WORDS.items() if name in labels) + "."
