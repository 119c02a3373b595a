"""The exhibits of the adoption page: two metrics side by side, counted from launch, days to round numbers, every metric there is."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from tapeline import adoption, export
from tapeline.charts import adoption as adoption_chart
from tapeline.milestones import Tables
from tapeline.once import once
from tapeline.rows import each, where
from tapeline.selection import Selection
from tapeline.ui import exhibit, screen
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import count, grouped, iso, listing, quantity, short

FIRST, SECOND = "weekly_active_users", "cumulative_downloads"
DEFAULT = "How fast AI is taken up"
RULE = (
    "The launch is the same organisation's release row of exactly the product's name, the last up to its first figure, else the first with the "
    "version 1 or a size added (Llama 1, Qwen-7B)."
)
SOURCE = "Source: Tapeline, from the sources on each card."
FILE = {
    name: name for name in ("milestone_id", "date", "date_precision", "company_id", "company", "product", "counted", "title", "metric_id", "value",
                            "low", "high", "approximate", "unit", "note", "source_url")
}  # fmt: skip
COLUMNS = {
    "Date": st.column_config.TextColumn(width=84), "Company": st.column_config.TextColumn(width=100),
    "Product": st.column_config.TextColumn(width=130), "Figure": st.column_config.TextColumn(width=150),
    "What happened": st.column_config.TextColumn(width=340), "Definition": st.column_config.TextColumn(width=420),
    "Source": st.column_config.LinkColumn(width=110, display_text=r"^https?://(?:www\.)?([^/]+)"),
}  # fmt: skip


def metrics(found: pd.DataFrame) -> list[str]:
    """Return the two metrics to show, of those that have figures in view: those of the address, else users and downloads."""
    return exhibit.metrics(adoption.metrics(found), (FIRST, SECOND))


def headline(view: View, selection: Selection, found: pd.DataFrame, shown: list[str]) -> None:
    """Draw the page's title and, of each metric shown, the largest product."""
    names = [view.tables.names[name] for name in selection.companies]
    st.title(plain(f"{listing(names)}: how fast it is taken up" if names else DEFAULT), anchor=False)
    tops = [_top(found[found["metric_id"] == name]) for name in shown]
    if tops:
        st.markdown(plain(f"The most in view: {'; '.join(tops)}. Each metric has its own axis; numbers of different meaning are not compared."))


def by_date(view: View, selection: Selection, found: pd.DataFrame, shown: list[str]) -> None:
    """Draw the metrics side by side over the same dates, each with its own axis."""
    dates = found.loc[found["metric_id"].isin(shown), "date"]
    reach = max(dates.max() - dates.min(), pd.Timedelta(days=60))
    span = (dates.min() - reach * 0.04, dates.max() + reach * 0.04)
    labels = view.tables.metrics.set_index("metric_id")["label"].to_dict()
    for place, (at, name) in zip(exhibit.pair(), enumerate(shown), strict=False):
        with place:
            exhibit.choose("Metric" if at == 0 else "Beside it", adoption.metrics(found), labels, shown, at)  # type: ignore[arg-type]
            _drawn(view, selection, where(found, "metric_id", name), span)


def from_launch(view: View, selection: Selection, found: pd.DataFrame, shown: list[str]) -> None:
    """Draw the same metrics counted from the launch of each product, and say which products have none."""
    aligned = adoption.since_launch(view.tables, where(found, "metric_id", *shown))
    last = max(int(aligned["days"].max()) if len(aligned) else 0, 30)
    for place, name in zip(exhibit.pair(), shown, strict=False):
        with place:
            _counted(view, selection, where(found, "metric_id", name), where(aligned, "metric_id", name), (0, last * 1.05))


def days(view: View, selection: Selection, found: pd.DataFrame, first: list[str]) -> None:
    """Draw the table of days from launch to round numbers, each metric for itself, those of the charts `first`."""
    heading, long = "Days from launch to round numbers", adoption.days_to(adoption.since_launch(view.tables, found))
    if long.empty:
        exhibit.nothing(heading, "No product in view has a launch in the tables and a figure that crosses a round number.")
        return
    long = _ordered(view.tables, long, tuple(dict.fromkeys([*first, *adoption.metrics(found)])))
    said = long.assign(said=[f"{'by ' if row.at_first_figure else ''}{grouped(row.days)}" for row in each(long)])
    table, ids = _narrow(said) if screen.width() == "phone" else _wide(said)
    st.header(heading, anchor="days-to")
    st.caption("The day of the first figure at or above the number; it may have been passed before. “by”: at the first figure of all, before which "
               f"nothing is known. Metrics are not compared. {RULE}")  # fmt: skip
    config = {"Metric": st.column_config.TextColumn(width=190), "Product": st.column_config.TextColumn(width=100)}
    exhibit.listed("days-to", table, f"{heading}, {count(len(table), 'row')}", ids=ids, columns=config)
    columns = {name: name for name in (*adoption.LAUNCHED, "level", "days", "at_first_figure")}
    exhibit.file(view, selection, export.figures(long, columns), "days-from-launch")


@once()
def _ordered(tables: Tables, long: pd.DataFrame, metrics: tuple[str, ...]) -> pd.DataFrame:
    """Return days to round numbers with the metrics in some order, the largest product of each first."""
    order = {name: at for at, name in enumerate(metrics)}
    labels = tables.metrics.set_index("metric_id")["label"].to_dict()
    most = -long.groupby(adoption.KEY)["level"].transform("max")
    placed = long.assign(place=long["metric_id"].map(order), most=most, metric=long["metric_id"].map(labels))
    return placed.sort_values(["place", "most", "counted", "level"], kind="stable")


def _wide(said: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return days with a row for each product and a column for each number, and the launches' ids."""
    index = ["metric", *adoption.LAUNCHED]
    wide = said.pivot_table(index=index, columns="level", values="said", aggfunc="first", sort=False).fillna("").reset_index()
    numbers = {short(level): wide[level] for level in sorted(set(said["level"]))}
    about = {
        "Metric": wide["metric"],
        "Product": wide["counted"],
        "Launch": wide["launch"].dt.strftime("%Y-%m-%d"),
        "Launched as": wide["launched_as"],
    }
    return pd.DataFrame(about | numbers), list(wide["launch_id"])


def _narrow(said: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return days with a row for each product and number, for a phone, and the launches' ids."""
    numbers = [short(level) for level in said["level"]]
    return pd.DataFrame({"Product": said["counted"], "To": numbers, "Days": said["said"], "Metric": said["metric"]}), list(said["launch_id"])


def everything(view: View, selection: Selection, found: pd.DataFrame) -> None:
    """Draw the table of every metric of use in view, with its meaning and its last figure."""
    lines = _last(view.tables, found)
    st.header(f"{count(len(found), 'figure')} of {count(len(lines), 'metric')} of use", anchor="every-metric")
    config = COLUMNS | {"Metric": st.column_config.TextColumn(width=190), "Last figure": st.column_config.TextColumn(width=230)}
    exhibit.listed("every-metric", lines, f"Table of {count(len(lines), 'metric')}", columns=config)
    exhibit.file(view, selection, export.figures(found, FILE), "adoption")


@once()
def _last(tables: Tables, found: pd.DataFrame) -> pd.DataFrame:
    """Return every metric in view with its last figure, for the eye."""
    offered, about = adoption.metrics(found), tables.metrics.set_index("metric_id")
    lines = []
    for name in offered:
        of_metric = found[found["metric_id"] == name]
        last = next(each(of_metric.tail(1)))
        lines.append({"Metric": about["label"][name], "Last figure": f"{last.counted}: {quantity(last)}", "Figures": len(of_metric),
                      "Date": iso(last.date, last.date_precision), "Definition": about["definition"][name]})  # fmt: skip
    return pd.DataFrame(lines)


def _drawn(view: View, selection: Selection, found: pd.DataFrame, span: tuple[Any, Any]) -> None:
    """Draw one metric by date, with its numbers."""
    arranged, name = adoption_chart.arrange(found, span, exhibit.room(half=True)), str(found["metric_id"].iloc[0])
    scale = " Logarithmic axis: the figures lie more than 1,000 times apart." if arranged.scale.log else ""
    note = f"{_definition(view, name)} {_marks(found)}{scale} {SOURCE}"
    figure = adoption_chart.draw(arranged, screen.colours())
    exhibit.picture(_slug(name), adoption_chart.title(arranged), figure, alt=adoption_chart.finding(arranged), note=note)
    exhibit.numbers(view, selection, readable(found), export.figures(found, FILE), name=_slug(name), what="figure",
                    ids=list(found["milestone_id"])[::-1], columns=COLUMNS)  # fmt: skip


def _counted(view: View, selection: Selection, found: pd.DataFrame, aligned: pd.DataFrame, span: tuple[Any, Any]) -> None:
    """Draw one metric from launch on, with its numbers."""
    name, label = str(found["metric_id"].iloc[0]), str(found["metric"].iloc[0])
    without = [str(row.counted) for row in each(adoption.launches(view.tables, found)) if not row.launch_id]
    missing = f" Without a release row of their own, so not drawn: {listing(without, 9)}." if without else ""
    if aligned.empty:
        exhibit.nothing(f"{label} from launch", f"No product of this metric in view has a launch in the tables.{missing}")
        return
    arranged = adoption_chart.arrange(aligned, span, exhibit.room(half=True), aligned=True)
    figure, slug = adoption_chart.draw(arranged, screen.colours()), f"{_slug(name)}-from-launch"
    note = f"Day 0 is the launch, by the rule below. Logarithmic axis.{missing} {SOURCE}"
    exhibit.picture(slug, adoption_chart.title(arranged), figure, alt=adoption_chart.finding(arranged), note=note)
    told = readable(aligned).assign(Day=list(aligned["days"])[::-1])[["Day", "Product", "Figure", "Date", "What happened", "Source"]]
    columns = FILE | {extra: extra for extra in ("launch_id", "launch", "launched_as", "days")}
    exhibit.numbers(view, selection, told, export.figures(aligned, columns), name=slug, what="figure",
                    ids=list(aligned["milestone_id"])[::-1], columns=COLUMNS)  # fmt: skip


@once()
def readable(found: pd.DataFrame) -> pd.DataFrame:
    """Return figures for the eye, the newest first."""
    newest = found.iloc[::-1]
    return pd.DataFrame({"Date": [iso(row.date, row.date_precision) for row in each(newest)], "Product": newest["counted"],
                         "Figure": [quantity(row) for row in each(newest)], "What happened": newest["title"], "Company": newest["company"],
                         "Source": newest["source_url"]})  # fmt: skip


def _top(found: pd.DataFrame) -> str:
    last = found.groupby(["company_id", "counted"], sort=False).tail(1)
    top = next(each(last.sort_values("value", kind="stable").tail(1)))
    return f"{top.counted}, {quantity(top)} ({top.metric.lower()}, {top.date:%B %Y})"


def _marks(found: pd.DataFrame) -> str:
    """Say what hollow marks and bars are, where there are any."""
    words = ["Hollow: approximate, as “more than” or “about”."] if found["approximate"].any() else []
    words += ["A bar through a mark is a source's own range."] if found["low"].notna().any() else []
    return " ".join([*words, "Lines join the stated figures; between them nothing is known. Click a mark for its card."])


def _definition(view: View, metric_id: str) -> str:
    return str(view.tables.metrics.set_index("metric_id")["definition"][metric_id])


def _slug(metric_id: str) -> str:
    return metric_id.replace("_", "-")
