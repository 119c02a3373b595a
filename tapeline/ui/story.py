"""The story's steps on the page: words, a chart of the same functions as the other pages have, the rows beneath it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from tapeline import adoption, export, funding, openness, series, story
from tapeline.charts import adoption as adoption_chart
from tapeline.charts import comparison, hover
from tapeline.charts import paths as paths_chart
from tapeline.charts import reaction as reaction_chart
from tapeline.charts import rounds as rounds_chart
from tapeline.charts.market import owner
from tapeline.charts.scene import Room, Scene
from tapeline.errors import StoryError
from tapeline.event_study.parameters import Parameters
from tapeline.milestones import Tables
from tapeline.once import once
from tapeline.rows import each, where
from tapeline.selection import Selection
from tapeline.story import Step
from tapeline.studies.known import Known
from tapeline.ui import adoption as adoption_page
from tapeline.ui import card, chart, exhibit, reaction, screen, studies
from tapeline.ui import funding as funding_page
from tapeline.ui import openness as openness_page
from tapeline.ui.documents import MEASURE
from tapeline.ui.loaders import View
from tapeline.ui.text import link, plain
from tapeline.words import count, iso, listing

AROUND = pd.Timedelta(days=14)
SOURCE = "Source: Tapeline, from the sources beneath."
CLICK = " Click a mark for its card."
COLUMNS = {"What happened": st.column_config.TextColumn(width=340), **{name: adoption_page.COLUMNS[name] for name in ("Date", "Company", "Source")}}


def headline(view: View) -> None:
    """Draw the title, what this is, and that the filter is not for this page."""
    st.title(story.TITLE, anchor=False)
    with st.container(width=MEASURE):
        st.markdown(plain(story.LEAD))
        st.caption(f"The filter at the side does not apply here: the story rests on its own rows. Data version {view.tables.book.version}.")


def show(view: View, step: Step, number: int) -> None:
    """Draw one step: heading, sentences, chart, rows; where the tables lack what it rests on, say what is missing."""
    try:
        heading, words = (story.filled(view.tables, text) for text in (step.heading, step.words))
        if number > 1:
            st.divider()
        st.caption(f"{number} of {len(story.STEPS)}")
        place = st.container()
        if step.chart.kind != "reaction":
            place.header(plain(heading), anchor=step.key)
            st.markdown(plain(words))
        match step.chart.kind:
            case "paths":
                _paths(view, step)
            case "adoption":
                _adoption(view, step)
            case "rounds":
                _rounds(view, step)
            case "market":
                _market(view, step)
            case "reaction":
                _reaction(view, step, place, heading, words)
    except StoryError as error:
        st.warning(plain(str(error)), icon=":material/link_off:")
    _rows(view, step)


def files(view: View) -> None:
    """Offer all rows that the story rests on."""
    ids = {name for step in story.STEPS for name in step.rows}
    rows = where(view.tables.milestones, "milestone_id", *sorted(ids))
    exhibit.file(view, Selection(), export.milestones(view.tables, rows), "story", "row")


def _room() -> Room:
    """Return the room of the reading column."""
    whole = exhibit.room()
    return whole if screen.width() in ("phone", "tablet") else chart.ROOMS["laptop"]._replace(width=560, ticks=7)


def _drawn(step: Step, title: str, figure: Any, alt: str, note: str) -> None:
    """Draw the chart of a step under its finding."""
    st.markdown(f"**{plain(title)}**")
    exhibit.drawing(f"story-{step.key}", title, figure, alt=alt, note=note)


def _numbers(view: View, step: Step, table: pd.DataFrame, taken: pd.DataFrame, *, what: str, many: str = "", ids: Sequence[str] = ()) -> None:
    """Offer the numbers of a step's chart as a table, folded, and as a file."""
    exhibit.numbers(view, Selection(), table, taken, name=f"story-{step.key}", what=what, many=many or None, ids=ids, columns=COLUMNS)


def _paths(view: View, step: Step) -> None:
    rows = story.seen(view.tables, step.chart)
    found, turned = openness.releases(view.tables, rows), openness.turns(view.tables, rows)
    if found.empty:
        return
    table, words = openness.paths(found, turned), hover.texts(view.tables)
    drawn = paths_chart.arrange(table, found, turned, words, _room())
    told, taken = openness_page.marks(found, turned)
    note = "Above a line: open weights; below: closed; triangles: turns in words. Red: the longest pause between open releases, past a year."
    ended = (table["pause_to"] == story.milestone(view.tables, step.chart.until).date).any()
    _drawn(
        step,
        paths_chart.title(table) if ended else _counted(table),
        paths_chart.draw(drawn, screen.colours()),
        paths_chart.finding(drawn),
        f"{note} {SOURCE}{CLICK}",
    )
    _numbers(view, step, told, taken, what="release or turn", many="releases and turns", ids=list(taken["milestone_id"])[::-1])


def _counted(table: pd.DataFrame) -> str:
    """State how many releases of each company had open weights, the largest share first."""
    ranked = table.assign(share=table[openness.OPEN] / table["releases"]).sort_values("share", ascending=False, kind="stable")
    parts = [f"{row.company} {row.open_weights} of {row.releases}" for row in each(ranked)]
    return f"Releases with open weights: {listing(parts, len(parts))}"


def _adoption(view: View, step: Step) -> None:
    found = adoption.figures(view.tables, story.seen(view.tables, step.chart))
    found = where(found, "metric_id", step.chart.metric)
    if found.empty:
        return
    first, last = found["date"].min(), found["date"].max()
    reach = max(last - first, pd.Timedelta(days=60)) * 0.04
    drawn = adoption_chart.arrange(found, (first - reach, last + reach), _room())
    definition = view.tables.metrics.set_index("metric_id")["definition"][step.chart.metric]
    _drawn(step, adoption_chart.title(drawn), adoption_chart.draw(drawn, screen.colours()), adoption_chart.finding(drawn),
           f"{definition} {SOURCE}{CLICK}")  # fmt: skip
    _numbers(
        view, step, adoption_page.readable(found), export.figures(found, adoption_page.FILE), what="figure", ids=list(found["milestone_id"])[::-1]
    )


def _rounds(view: View, step: Step) -> None:
    found = funding.rounds(view.tables, story.seen(view.tables, step.chart))
    if found.empty:
        return
    drawn = rounds_chart.arrange(found, _room())
    note = f"Area and height: the amount in US dollars, on a logarithmic axis; announced, reported and closed are marked apart. {SOURCE}{CLICK}"
    _drawn(step, rounds_chart.title(found), rounds_chart.draw(drawn, screen.colours()), rounds_chart.finding(found), note)
    _numbers(view, step, funding_page.amounts(found), export.figures(found, funding_page.FILE), what="amount", ids=list(found["milestone_id"])[::-1])


def _market(view: View, step: Step) -> None:
    """Draw the step's shares from the last close before its first row, with the rows beneath."""
    since = _row(view.tables, step.chart.since)
    rows = story.rows(view.tables, step)
    start, end = since["date"] - AROUND, story.milestone(view.tables, step.chart.until).date + AROUND
    levels = {ticker: view.histories[ticker].level for ticker in step.chart.shares if ticker in view.histories}
    found, bases = series.at_milestone(view.tables, levels, since, start, end)
    if not found.values:
        exhibit.nothing("No market", "The market index does not hold these days.")
        return
    names = view.tables.instruments.set_index("ticker")["name"]
    lines = [
        comparison.Line(ticker, str(names[ticker]), owner(view.tables, ticker), values, quiet=ticker.startswith("^"))
        for ticker, values in found.values.items()
    ]
    scene = Scene(view.tables, rows, hover.texts(view.tables), start, end, _room())
    drawn = comparison.arrange(lines, "milestone", scene, log=False, base=comparison.Base(since["title"], min(bases.values())))
    note = f"Total-return index, 100 at the last close before {since['product']}. Other news came too. Source: the bundled index, or Yahoo Finance."
    _drawn(step, comparison.title(drawn), comparison.draw(drawn, screen.colours()), comparison.finding(drawn), f"{note}{CLICK}")
    wide = export.market(found.values)
    _numbers(view, step, wide.iloc[::-1], wide, what="session")


@once()
def _row(tables: Tables, milestone_id: str) -> Any:
    """Return a row by column; raises StoryError where the tables lack it."""
    story.milestone(tables, milestone_id)
    return tables.milestones.set_index("milestone_id", drop=False).loc[milestone_id]


def _reaction(view: View, step: Step, place: Any, heading: str, words: str) -> None:
    """Draw the market's answer with the parameters that the page of reactions begins with, and lead there."""
    about = step.chart.since
    story.milestone(view.tables, about)
    known = studies.of_all(view, Parameters(path=studies.PATH)) if view.histories else None
    measured = reaction.related(known, about)[1] if known else np.array([])
    if known is None or not len(measured):
        place.header(plain(heading), anchor=step.key)
        st.info("No related share could be measured around that day.", icon=":material/filter_alt_off:")
        return
    verdict = reaction.of_share(view, known, about, measured[0]).verdict
    place.header(plain(verdict.effect), anchor=step.key)
    st.markdown(plain(f"{words} {_share(view, known, measured[0])}"))
    st.markdown(plain(f"{verdict.certainty[:1].upper()}{verdict.certainty[1:]}."))
    if verdict.caveats:
        st.markdown(plain(f"Mind: {'; '.join(verdict.caveats)}."))
    reaction.together_all(known, measured)
    drawn = reaction.arranged(view, known, measured, measured[0], _room())
    _drawn(step, reaction_chart.title(drawn), reaction_chart.draw(drawn, screen.colours()), reaction_chart.finding(drawn), reaction.NOTE)
    _numbers(view, step, *reaction.by_day(known, measured, measured[0]), what="day")
    st.page_link("pages/reactions.py", label="Measure it yourself", icon=":material/query_stats:",
                 query_params={"milestone": about})  # fmt: skip


def _share(view: View, known: Known, member: np.intp) -> str:
    """Say which share it is, and why it is related."""
    event = known.rows.iloc[member]
    names, relations = view.tables.instruments.set_index("ticker")["name"], view.tables.book.labels("exposures", "relation")
    name = view.tables.names[event["company_id"]]
    return f"{event['ticker']} is {names[event['ticker']]}; its relation to {name}: {relations[event['relation']].lower()}."


def _rows(view: View, step: Step) -> None:
    """List the rows of a step: date and title, which open the card, and the sources."""
    rows = story.rows(view.tables, step)
    if rows.empty:
        return
    links = _links(view.tables)
    with st.container(gap="xsmall" if screen.width() == "phone" else None, key=f"rows-{step.key}"):
        st.caption(f"Rests on {count(len(rows), 'row')}; a date opens the row’s card.")
        for row in each(rows):
            with st.container(horizontal=True, gap="small", vertical_alignment="center", wrap=False):
                st.button(f":small[{plain(iso(row.date, row.date_precision))}]", key=f"row-{step.key}-{row.milestone_id}", type="tertiary",
                          help=row.title, on_click=card.open_, args=([row.milestone_id],))  # fmt: skip
                st.markdown(f":small[{plain(row.title)} :gray[·] {links[row.milestone_id]}]", width="stretch")


@once(2)
def _links(tables: Tables) -> dict[str, str]:
    """Return links to the sources of each row."""
    found: dict[str, list[str]] = {}
    for source in each(tables.sources):
        found.setdefault(source.milestone_id, []).append(link(source.publisher, source.url))
    return {name: " · ".join(links) for name, links in found.items()}
