"""The exhibits of the markets page: what is compared and how, the lines with milestones beneath, returns by range."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from tapeline import export, moves, series
from tapeline.charts import comparison, hover
from tapeline.charts.comparison import Base, Comparison, Line, Mode
from tapeline.charts.market import owner
from tapeline.charts.scene import Scene
from tapeline.market import compare
from tapeline.once import once
from tapeline.rows import each
from tapeline.selection import Selection
from tapeline.series import BASKET, Found
from tapeline.ui import chart, exhibit, filters, options, screen
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import count, day, grouped, grown, listing, per_cent

MODES = {
    "start": "From the left edge", "milestone": "From a milestone", "relative": "Against a benchmark", "drawdown": "Below the peak", "price": "Price",
}  # fmt: skip
SCALES = {"linear": "Linear", "log": "Logarithmic"}
MAX = "Max"
TENFOLD = 9.0
"""A return from which on the table says a factor."""
FEW_MILESTONES = 60
AROUND = pd.Timedelta(days=183)
SOURCE = "Source: the bundled index, or Yahoo Finance where the line under the title says so."


class Chosen(NamedTuple):
    """What the reader compares: levels by ticker (a basket's under BASKET), how, and over which days."""

    mode: Mode
    levels: dict[str, pd.Series]
    benchmark: str | None
    basket: str
    base: str
    start: pd.Timestamp
    end: pd.Timestamp
    controls: Any


def headline(view: View, selection: Selection) -> None:
    """Draw the page's title."""
    names = [view.tables.names[name] for name in selection.companies]
    st.title(plain(f"{listing(names)}: related shares compared" if names else "Related shares compared"), anchor=False)


def choose(view: View, selection: Selection, rows: pd.DataFrame) -> Chosen:
    """Draw the controls and return what they say."""
    last = view.market_end
    assert last is not None
    mode: Any = options.one_of("Shown", "mode", MODES, "start")
    across = screen.width() != "phone"
    upper = st.container(horizontal=screen.width() in ("laptop", "desktop"), vertical_alignment="bottom", key="controls")
    controls = st.container(horizontal=across, vertical_alignment="bottom", key="controls-more")
    with controls:
        base = _base(view, rows) if mode == "milestone" else ""
    with upper:
        _ranges(selection, last, _whole(view) if mode == "milestone" else None)
        tickers, usual = chart.shares(view, view.tables.milestones[view.tables.milestones["milestone_id"] == base] if base else rows)
    with controls:
        benchmark = _benchmark(view, usual) if mode == "relative" else usual
        basket = _basket(view, selection) if mode != "price" else ""
    levels = {ticker: view.histories[ticker].level for ticker in tickers if ticker in view.histories and ticker != benchmark}
    if basket:
        levels[BASKET] = series.basket(view.tables, view.histories, basket)
    if benchmark and benchmark in view.histories and mode in ("start", "milestone", "drawdown"):
        levels[benchmark] = view.histories[benchmark].level
    return Chosen(mode, levels, benchmark, basket, base, *_span(view, selection, base, levels, last), controls)


def draw(view: View, selection: Selection, rows: pd.DataFrame, chosen: Chosen, heading: Any) -> bool:
    """Draw the lines with milestones beneath; tell whether there is anything to compare."""
    if not chosen.levels:
        exhibit.nothing("Nothing to compare", "No share is related to what is in view. Choose shares above, or take something out of the filter.")
        return False
    found, unit, base = _found(view, chosen)
    if not found.values:
        exhibit.nothing(MODES[chosen.mode], _why_not(view, chosen, found))
        return True
    lines = [_drawn(view, chosen, ticker, values) for ticker, values in found.values.items()]
    marked = _marked(rows, bool(selection.companies), chosen.start, chosen.end)
    scene = Scene(view.tables, marked, hover.texts(view.tables), chosen.start, chosen.end, exhibit.room(), view.stale)
    drawn = comparison.arrange(lines, chosen.mode, scene, log=_logarithmic(chosen, lines), unit=unit, base=base)
    note = _note(view, chosen, drawn, found, marked=len(marked), of=len(rows))
    exhibit.picture("comparison", comparison.title(drawn), comparison.draw(drawn, screen.colours()), heading=heading,
                    alt=comparison.finding(drawn), note=note, on_range=filters.span)  # fmt: skip
    if chosen.mode == "price":
        st.caption("Prices are Yahoo Finance's, shown for your own use and not offered as a file; every other way of showing has one.")
        if st.toggle(f"Table, {count(len(lines), 'share')}", key="twin-prices"):
            st.table(pd.DataFrame([_priced(line, unit) for line in lines]), hide_index=True)
    else:
        wide = _wide({_named(view, chosen, ticker): values for ticker, values in found.values.items()}, 100 if chosen.mode == "drawdown" else 1)
        told = wide.iloc[::-1].rename(columns=series.index_names(view.tables))
        exhibit.numbers(view, selection, told, wide, name="comparison", what="session", taken_as="session")
    return True


@once()
def _wide(values: dict[str, pd.Series], factor: int) -> pd.DataFrame:
    return export.market({name: series * factor for name, series in values.items()})


def returns(view: View, selection: Selection, chosen: Chosen) -> None:
    """Draw the table of returns by range, volatility and the largest fall."""
    levels = {_named(view, chosen, ticker): level for ticker, level in chosen.levels.items()}
    table = compare.table(levels, chosen.start, chosen.end)
    if table.empty:
        return
    st.header("Returns by range", anchor="returns")
    st.caption(plain(
        f"Total return in the currency of each exchange, up to {chosen.end:%Y-%m-%d}, from the last session up to the start of each range; "
        f"Max: since the first session known. “Shown”, volatility and fall: {chosen.start:%Y-%m-%d} to {chosen.end:%Y-%m-%d}. Volatility: the "
        "standard deviation of daily returns (sample) times √252, from 20 returns on. A dash: listed later, or no session in the last seven days. "
        "A description, not advice."
    ))  # fmt: skip
    exhibit.listed("returns", _said(table, series.index_names(view.tables)), f"Returns of {count(len(table), 'series', 'series')} by range")
    names = {name: name if name in ("ticker", "first", "last") else f"return_{name.lower()}" for name in table.columns[: 5 + len(compare.RANGES)]}
    names |= {name: name for name in ("volatility", "fall", "fall_from", "fall_to")}
    exhibit.file(view, selection, export.figures(_rounded(table), names), "returns")


@once()
def _said(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame([_readable(row | {"ticker": names.get(row["ticker"], row["ticker"])}) for row in table.to_dict("records")])


@once()
def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**{name: table[name].round(6) for name in (*compare.RANGES, "max", "shown", "volatility", "fall")})


def _logarithmic(chosen: Chosen, lines: list[Line]) -> bool:
    """Let the reader choose the scale beside the other controls; a drawdown has no logarithm."""
    if chosen.mode == "drawdown":
        return False
    with chosen.controls:
        return options.one_of("Scale", "scale", SCALES, "log" if comparison.wants_log(lines, chosen.mode) else "linear") == "log"


def _whole(view: View) -> pd.Timestamp:
    """Return the first session of any share."""
    return min(pd.Timestamp(history.level.index[0]) for history in view.histories.values())


def _ranges(selection: Selection, last: pd.Timestamp, whole: pd.Timestamp | None) -> None:
    """Offer the usual ranges, counted back from the last session; one click sets the dates of the filter.

    `whole` is the day from which Max counts where no dates mean something else.
    """
    first = {name: compare.since(name, last).date() for name in compare.RANGES}
    everything = whole.date() if whole is not None else None
    current = next((name for name, start in (first | {MAX: everything}).items() if selection.end is None and selection.start == start), None)
    st.session_state["span"] = current
    st.segmented_control("Range", [*compare.RANGES, MAX], key="span", on_change=_range, args=(last, everything), label_visibility="collapsed")


def _range(last: pd.Timestamp, everything: dt.date | None) -> None:
    name = st.session_state["span"]
    st.session_state["from"] = compare.since(name, last).date() if name in compare.RANGES else everything if name == MAX else None
    st.session_state["to"] = None


def _benchmark(view: View, usual: str | None) -> str:
    """Let the reader choose what shares are measured against: an index or a fund."""
    broad = view.tables.instruments[
        view.tables.instruments["kind"].isin(("index", "etf")) & view.tables.instruments["ticker"].isin(list(view.histories))
    ]
    words = {str(row.ticker): f"{row.name} ({row.ticker})" for row in each(broad)}
    return options.from_list("Benchmark", "against", words, usual if usual in words else "^GSPC")


def _base(view: View, rows: pd.DataFrame) -> str:
    """Let the reader choose the milestone to rebase at: that of the address, else the one with the largest move in view."""
    state, exact = st.session_state, rows[rows["date_precision"] == "day"].iloc[::-1]
    if not state.get("base") and state.get("event"):
        state["base"] = state["event"]
    named = view.tables.milestones.set_index("milestone_id", drop=False)
    ids = list(dict.fromkeys([*exact["milestone_id"], *([state["base"]] if state.get("base") else [])]))
    top = moves.largest(view.moves, rows) if len(rows) else None
    words = {name: f"{named.loc[name, 'date']:%Y-%m-%d} · {named.loc[name, 'title']}" for name in ids}
    usual = str(top["milestone_id"]) if top is not None else next(iter(words), "")
    return options.from_list("Milestone", "base", words, usual) if words else ""


def _basket(view: View, selection: Selection) -> str:
    """Let the reader add the basket of a company, the chosen ones first."""
    offered = series.baskets(view.tables, view.histories)
    ordered = [*(name for name in selection.companies if name in offered), *(name for name in offered if name not in selection.companies)]
    words = {"": "None"} | {name: view.tables.names[name] for name in ordered}
    return options.from_list("Equal-weight basket", "basket", words, "", "The shares related to a company, each while its relation holds.")


def _span(view: View, selection: Selection, base: str, levels: dict[str, pd.Series], last: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the days shown: the filter's, else half a year around the milestone, else all there is."""
    end = min(pd.Timestamp(selection.end), last) if selection.end else last
    first = min((level.index[0] for level in levels.values() if len(level)), default=last)
    start = max(pd.Timestamp(selection.start), first) if selection.start else first
    if base and not selection.start and not selection.end:
        date = view.tables.milestones.set_index("milestone_id")["date"][base]
        return max(date - AROUND, start), min(date + AROUND, end)
    return start, end


def _found(view: View, chosen: Chosen) -> tuple[Found, str, Base | None]:
    """Return the values of each series as the mode has them, their unit, and the milestone that they are rebased at."""
    days = (chosen.start, chosen.end)
    match chosen.mode:
        case "milestone" if chosen.base:
            milestone: Any = view.tables.milestones.set_index("milestone_id").loc[chosen.base]
            found, bases = series.at_milestone(view.tables, chosen.levels, milestone, *days)
            return found, "", Base(milestone["title"], min(bases.values())) if bases else None
        case "relative" if chosen.benchmark in view.histories:
            unit = view.tables.instruments.set_index("ticker")["name"][chosen.benchmark]
            return series.against(chosen.levels, view.histories[str(chosen.benchmark)].level, *days), str(unit), None
        case "drawdown":
            return series.below_peak(chosen.levels, *days), "", None
        case "price":
            return *series.prices(view.histories, list(chosen.levels), *days), None
    return series.from_start(chosen.levels, *days), "", None


def _drawn(view: View, chosen: Chosen, ticker: str, values: pd.Series) -> Line:
    """Make the line of a series."""
    if ticker == BASKET:
        return Line(f"{view.tables.names[chosen.basket]} basket", f"{view.tables.names[chosen.basket]} basket", "", values, basket=True)
    name = view.tables.instruments.set_index("ticker")["name"].get(ticker, ticker)
    if ticker == chosen.benchmark:
        return Line(ticker, str(name), "", values, ticker in view.stale, quiet=True)
    return Line(ticker, str(name), owner(view.tables, ticker), values, ticker in view.stale)


def _priced(line: Line, unit: str) -> dict[str, str]:
    """Say the prices of a line in words: a table that nobody can take away as a file."""
    low, high = line.values.idxmin(), line.values.idxmax()
    said = {"First": line.values.index[0], "Lowest": low, "Highest": high, "Last": line.values.index[-1]}
    return {"Share": line.ticker, **{name: f"{grouped(float(line.values[at]), 2)} {unit} on {at:%Y-%m-%d}" for name, at in said.items()}}


def _named(view: View, chosen: Chosen, ticker: str) -> str:
    return f"{view.tables.names[chosen.basket]} basket" if ticker == BASKET else ticker


@once()
def _marked(rows: pd.DataFrame, named: bool, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Return the milestones in range; where no company is chosen and they are many, those of importance 3."""
    within = rows[rows["date"].between(start, end)]
    few = named or len(within) <= FEW_MILESTONES
    return (within if few else within[within["importance"] == 3]).reset_index(drop=True)


def _why_not(view: View, chosen: Chosen, found: Found) -> str:
    """Say why nothing can be drawn, and what to do."""
    if chosen.mode == "price":
        return "No closes of these shares have been fetched, so there are no prices: the bundled index has none. The other ways of showing need none."
    if view.market_end is not None and chosen.start > view.market_end:
        return f"The market data end on {view.market_end:%Y-%m-%d}, before this range begins. Choose an earlier start."
    return f"{listing([f'{ticker} {why}' for ticker, why in found.missing.items()], 6)}. Choose other shares or a longer range."


def _note(view: View, chosen: Chosen, drawn: Comparison, found: Found, *, marked: int, of: int) -> str:
    """Say under the chart what its lines and marks are, and what is missing."""
    meaning = {
        "start": f"Total-return index, 100 at the last session up to {day(chosen.start)}, or at a later first one.",
        "milestone": "Total-return index, 100 at the close of the last session before day 0, each on its own exchange. Other news came too.",
        "relative": f"Total-return index divided by that of {drawn.unit}, 100 at the left edge, on the sessions that both have.",
        "drawdown": "How far the total-return index stands below its highest level since the left edge.",
        "price": f"Closes adjusted for splits, in {drawn.unit}, without dividends.",
    }[chosen.mode]  # fmt: skip
    words = [meaning, "Logarithmic axis."] if drawn.scale.log else [meaning]
    if BASKET in found.values:
        members = len(series.spells(view.tables, chosen.basket).keys() & view.histories.keys())
        words.append(f"Basket: the mean of the daily returns of {count(members, 'related share')}, each while its relation holds, rebalanced at "
                     "every close, without costs, each in its own currency.")  # fmt: skip
    words += [f"Left out: {listing([f'{_named(view, chosen, ticker)} {why}' for ticker, why in found.missing.items()], 6)}."] if found.missing else []
    ended = [f"{line.ticker} {line.values.index[-1]:%Y-%m-%d}" for line in drawn.lines if line.values.index[-1] < chosen.end - compare.LATE]
    words += [f"Ends early: {listing(ended, 6)}."] if ended else []
    words += [f"Beneath: {count(marked, 'milestone')}{'' if marked == of else f' of the {of} in view'}."] if marked else []
    around = chosen.mode == "milestone" and chosen.end - chosen.start <= 2 * AROUND
    words += ["Half a year on either side, unless dates are chosen."] if around else []
    return " ".join([*words, SOURCE, "Click a mark for its card."])


def _readable(row: dict[Any, Any]) -> dict[str, str]:
    fall = f"{per_cent(row['fall'])}, {row['fall_from']:%Y-%m-%d} to {row['fall_to']:%Y-%m-%d}" if row["fall"] < 0 else "–"
    ranges = {name: grown(row[key], 1, TENFOLD) for name, key in (*((name, name) for name in compare.RANGES), ("Max", "max"), ("Shown", "shown"))}
    volatility = "–" if pd.isna(row["volatility"]) else per_cent(row["volatility"]).lstrip("+")
    return {"Share": row["ticker"], **ranges, "Volatility": volatility, "Largest fall shown": fall,
            "Data": f"{row['first']:%Y-%m-%d} to {row['last']:%Y-%m-%d}"}  # fmt: skip
