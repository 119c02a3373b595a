"""The card of a milestone as a fragment of HTML: what happened, figures, sources, and what related shares did around it.

It is made once for all readers; only the way to its neighbours depends on a filter. All text of the tables is escaped, and only http(s)
addresses become links. Links that begin with `?` stay on the page that shows the card, `onward` ones lead to the pages that begin at it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from tapeline import citation, corrections, funding, milestones
from tapeline.milestones import Tables, figures_of, related
from tapeline.once import once
from tapeline.rows import each, of
from tapeline.selection import Selection
from tapeline.words import count, day, iso, isolated, listing, per_cent, quantity

WINDOW = "[−1, +1]"
ONWARD = {"reactions": "Was it more than chance? Measure the reaction", "markets": "Rebase its shares here"}
"""The pages that begin at a milestone, and what is said of the link to each."""
MOST = 100
"""So many milestones are listed at once."""
ABOUT_MOVES = (
    f"Plain returns, with the share's own market behind the slash. Day 0 is the first session that closed after the news; {WINDOW} runs from the "
    "session before to the session after. A description, not a test: other news came on these days too."
)


def card(tables: Tables, moves: pd.DataFrame, milestone_id: str, selection: Selection) -> str:
    """Write the card of a milestone, with the way to its neighbours among those that a filter lets through."""
    return f"<article>{_body(tables, moves, milestone_id)}{_neighbours(tables, milestone_id, selection)}</article>"


def several(tables: Tables, chosen: Sequence[str], selection: Selection, in_all: int = 0) -> str:
    """Write the list of some milestones to choose from, the first of so many `in_all` where there are more than can be listed."""
    named, shown = _named(tables), chosen[:MOST]
    most = max(in_all, len(chosen))
    items = _list((_here(name, f"{iso(*named[name][:2])} · {named[name][2]}", selection) for name in shown), "several")
    more = f"<p class='quiet'>The first {len(shown)} of them; a narrower filter shows the others.</p>" if most > len(shown) else ""
    return f"<article>{_title(count(most, 'milestone'))}{items}{more}</article>"


def ids(tables: Tables) -> Collection[str]:
    """Return the ids of all milestones."""
    return _named(tables).keys()


def onward(milestone_id: str) -> dict[str, dict[str, str]]:
    """Return the pages that begin at a milestone, each with the parameters of its address."""
    return {"reactions": {"milestone": milestone_id}, "markets": {"mode": "milestone", "base": milestone_id}}


@once(2048)
def _body(tables: Tables, moves: pd.DataFrame, milestone_id: str) -> str:
    milestone = next(each(of(tables.milestones, "milestone_id", milestone_id)))
    parts = [_about(tables, milestone), _figures(tables, milestone_id), _sources(tables, milestone), _shares(tables, moves, milestone)]
    return "".join([*parts, _reuse(tables, milestone_id)])


def _about(tables: Tables, milestone: Any) -> str:
    labels = tables.book.labels
    words = [day(milestone.date, milestone.date_precision), labels("milestones", "session")[milestone.session]]
    words += [f"with {', '.join(tables.names[name] for name in milestone.with_companies.split(';'))}"] if milestone.with_companies else []
    led = _led(tables).get(milestone.milestone_id)
    words += [f"led by {listing(led.split('; '), 4)}"] if led else []
    badges = [tables.names[milestone.company_id], labels("milestones", "kind")[milestone.kind]]
    badges += [labels("milestones", "openness")[milestone.openness]] if milestone.openness != "not_applicable" else []
    badges += [milestone.licence] if milestone.licence else []
    note = _quiet(_said(milestone.note)) if milestone.note else ""
    return f"{_title(milestone.title)}{_quiet(_said(' · '.join(words)))}{_list(map(_said, badges), 'badges')}<p>{_said(milestone.summary)}</p>{note}"


def _figures(tables: Tables, milestone_id: str) -> str:
    figures = figures_of(tables, milestone_id)
    if figures.empty:
        return ""
    items = [
        f"<dt><strong>{_said(quantity(figure))}</strong> {_said(figure.label)}</dt><dd>{_said(f'{figure.definition} {figure.note}'.strip())}</dd>"
        for figure in each(figures)
    ]
    return f"<h3>Figures</h3><dl>{''.join(items)}</dl>"


def _sources(tables: Tables, milestone: Any) -> str:
    sources = of(tables.sources, "milestone_id", milestone.milestone_id)
    items = []
    for source in each(sources):
        dated = f", {source.published_on:%Y-%m-%d}" if pd.notna(source.published_on) else ""
        items.append(f"{_away(source.publisher, source.url)} <small>{_said(source.tier + dated)}</small>")
    single = "One source: not confirmed by a second one. " if sources["publisher"].nunique() == 1 else ""
    checked = _quiet(_said(f"{single}Checked {milestone.checked_on:%Y-%m-%d}. Id: {milestone.milestone_id}"))
    return f"<h3>Sources</h3>{_list(items, 'sources')}{checked}"


def _shares(tables: Tables, moves: pd.DataFrame, milestone: Any) -> str:
    found = of(moves, "milestone_id", milestone.milestone_id)
    if found.empty:
        return f"<h3>Related shares</h3>{_quiet('No share in the table is related to this organisation.')}"
    if milestone.date_precision != "day":
        return f"<h3>Related shares</h3>{_quiet('The day is not known, so no move can be given.')}"
    why = related(tables, milestone.company_id, milestone.date).set_index("ticker")
    notes = why["relation"].map(tables.book.labels("exposures", "relation")) + (": " + why["note"]).where(why["note"] != "", "")
    head = "".join(f"<th scope='col' role='columnheader'>{name}</th>" for name in ("Share", "Day 0", "On day 0", WINDOW, "Why"))
    lines = "".join(f"<tr role='row'>{_move(row, notes.get(row.ticker, ''))}</tr>" for row in each(found))
    table = (
        "<table role='table'><caption>Related shares and their returns around the milestone</caption>"
        f"<thead role='rowgroup'><tr role='row'>{head}</tr></thead><tbody role='rowgroup'>{lines}</tbody></table>"
    )
    return f"<h3>Related shares</h3>{table}{_onward(milestone.milestone_id)}{_quiet(ABOUT_MOVES)}"


def _move(row: Any, why: str) -> str:
    zero = f"{row.day_zero:%Y-%m-%d}" if pd.notna(row.day_zero) else "no data"
    cells = (zero, _beside(row.day, row.market_day), _beside(row.window, row.market_window), _said(why))
    return f"<th scope='row' role='rowheader'>{_said(row.ticker)}</th>" + "".join(f"<td role='cell'>{cell}</td>" for cell in cells)


def _beside(own: float, market: float) -> str:
    """Say a return with that of its market behind a slash, each unbroken."""
    said = [per_cent(own) if pd.notna(own) else "–", *([f"/ {per_cent(market)}"] if pd.notna(own) and pd.notna(market) else [])]
    return " ".join(f"<span>{part}</span>" for part in said)


def _onward(milestone_id: str) -> str:
    links = [f"<a href='{page}?{escape(urlencode(asked))}'>{ONWARD[page]}</a>" for page, asked in onward(milestone_id).items()]
    return f"<nav class='onward' aria-label='From this milestone'>{''.join(links)}</nav>"


def _reuse(tables: Tables, milestone_id: str) -> str:
    """Write how to cite a row, and how to say what is wrong with it."""
    cited, letter, home = citation.of_row(tables, milestone_id), corrections.correction(tables, milestone_id), corrections.repository()
    link = f"<p>{_away('Correct this row', corrections.address(letter, home))}</p>" if home else ""
    wrong = link or _quiet(re.sub("`(.+?)`", r"<code>\1</code>", corrections.NO_HOME)) + _text("\n\n".join(letter))
    return (
        f"<details><summary>Cite or correct this row</summary>{_text(cited.text)}{_text(cited.bibtex)}"
        f"<p><strong>Something wrong with it?</strong></p>{wrong}</details>"
    )


def _neighbours(tables: Tables, milestone_id: str, selection: Selection) -> str:
    places = _places(milestones.select(tables, selection))
    at = places.get(milestone_id)
    if at is None:
        return ""
    named, order, links = _named(tables), list(places), []
    for words, rel, to in (("← Earlier", "prev", at - 1), ("Later →", "next", at + 1)):
        label = f"{words.strip('←→ ')}: {named[order[to]][2]}" if 0 <= to < len(order) else ""
        links.append(_here(order[to], words, selection, label, rel) if label else f"<span>{words}</span>")
    return f"<nav class='neighbours' aria-label='Neighbours in view'>{''.join(links)}</nav>"


@once()
def _places(rows: pd.DataFrame) -> dict[str, int]:
    """Return where each milestone stands among some."""
    return {str(name): at for at, name in enumerate(rows["milestone_id"])}


@once(2)
def _named(tables: Tables) -> dict[str, tuple[pd.Timestamp, str, str]]:
    """Return date, its precision and title of each milestone."""
    return {row.milestone_id: (row.date, row.date_precision, row.title) for row in each(tables.milestones)}


@once(2)
def _led(tables: Tables) -> dict[str, str]:
    return funding.led(tables)


def _said(words: str) -> str:
    """Escape text of a table."""
    return escape(isolated(str(words)))


def _title(words: str) -> str:
    return f"<h2 id='card-title' tabindex='-1'>{_said(words)}</h2>"


def _quiet(html: str) -> str:
    return f"<p class='quiet'>{html}</p>"


def _text(words: str) -> str:
    """Write text to be copied as it stands."""
    return f"<pre tabindex='0'>{escape(words)}</pre>"


def _list(items: Iterable[str], kind: str) -> str:
    return f"<ul class='{kind}'>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _away(words: str, url: str) -> str:
    """Link to another site; an address that is not http(s) is left out."""
    if not re.match(r"https?://", url):
        return _said(words)
    return f"<a href='{escape(url)}' target='_blank' rel='noopener noreferrer'>{_said(words)}</a>"


def _here(milestone_id: str, words: str, selection: Selection, label: str = "", rel: str = "") -> str:
    """Link to another card over the same page."""
    said = f" rel='{rel}' aria-label='{_said(label)}' title='{_said(label)}'" if label else ""
    return f"<a href='?{escape(urlencode({**selection.to_query(), 'event': milestone_id}, doseq=True))}'{said}>{_said(words)}</a>"
