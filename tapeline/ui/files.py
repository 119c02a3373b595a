"""Take everything away: the rows in view, any table, the whole package; and how a script asks for the same."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import pandas as pd
import streamlit as st

from tapeline import bundle, codebook, export
from tapeline.package import EVERYTHING
from tapeline.selection import Selection
from tapeline.ui import options, screen
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import count, listing

FORMATS = {"csv": "CSV", "spreadsheet": "CSV for spreadsheets", "json": "JSON", "parquet": "Parquet"}
MEDIA = {"csv": "text/csv", "spreadsheet": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet"}
HELP = {"spreadsheet": "With a byte-order mark, and text that a spreadsheet would run as a formula is defused by an apostrophe.",
        "parquet": "Typed columns: numbers are numbers, dates are dates."}  # fmt: skip
LONG = 20


def in_view(view: View, selection: Selection, rows: pd.DataFrame) -> None:
    """Offer the milestones in view in every format, and the whole package."""
    frame = export.milestones(view.tables, rows)
    with st.container(horizontal=True, key="downloads"):
        _offer(view, "milestones", frame, export.TYPES, selection=selection, held=count(len(frame), "milestone"))
        everything(view)


def everything(view: View) -> None:
    """Offer the whole package as one ZIP, whatever the filter."""
    book = view.tables.book
    st.download_button("Everything, ZIP", lambda: bundle.zipped(book), f"tapeline_{book.version}.zip", "application/zip", key="download-zip",
                       on_click="ignore", icon=":material/folder_zip:", help="All tables, whatever the filter, with codebook, licence and "
                       "README: a data package that frictionless validates.")  # fmt: skip


def tables(view: View) -> None:
    """Draw a choice of tables; show what the chosen one is, its columns, its files, its rows."""
    book = view.tables.book
    titles = {name: book.tables[name]["title"] for name in EVERYTHING}
    name = options.pills("Table", "table", titles, "milestones")
    frame = export.table(view.tables, name) if name != "market_index" or not view.market_problem else None
    st.header(titles[name], anchor=False)
    st.markdown(plain(book.tables[name]["description"]))
    if frame is None:
        st.warning(plain(view.market_problem))
        return
    key, size = listing([f"`{part}`" for part in codebook.key(book, name)]), f"{count(len(frame), 'row')}, {count(len(frame.columns), 'column')}"
    st.caption(f"{size}. A row is named by {key}. File: `{book.tables[name]['path']}`")
    _columns(codebook.of(book, name), titles[name])
    with st.container(horizontal=True, key="table-downloads"):
        _offer(view, name, frame, export.types(book, name), selection=Selection(), held="")
    with st.expander(f"The {count(len(frame), 'row')} of {titles[name]}", key=f"rows-{name}"):
        _rows(view, name, frame)


def scripts(view: View, selection: Selection) -> None:
    """Show how a script gets the same bytes from this server."""
    page = urlsplit(st.context.url or "http://localhost:8501")
    home, query = f"{page.scheme}://{page.netloc}", urlencode(selection.to_query(), doseq=True)
    asked = f"{home}/data/milestones.csv{f'?{query}' if query else ''}"
    st.markdown("The same rows as above, by the same parameters as in this page's address:")
    st.code(f'import pandas\n\nmilestones = pandas.read_csv("{asked}")', language=None, wrap_lines=True)
    st.code(f"curl --compressed -O -J '{asked}'", language=None, wrap_lines=True)
    names = ", ".join(f"`{name}`" for name in EVERYTHING)
    st.markdown(
        f"* [`/data/TABLE.FORMAT`]({home}/data/milestones.json): any table ({names}) as `csv`, `json` or `parquet`. `milestones`, `figures`, "
        "`sources` and `leads` take the filter: `company`, `kind`, `openness` (each may be repeated), `from`, `to`, `q`.\n"
        f"* [`/data/tapeline.zip`]({home}/data/tapeline.zip): everything. [`/data/datapackage.json`]({home}/data/datapackage.json): the codebook, "
        f"with [`/data/package/FILE`]({home}/data/package/milestones.csv): each file as it lies in the package.\n"
        f"* [`/feed.atom`]({home}/feed.atom): the newest 50 milestones as a feed; it takes the filter too.\n\n"
        "Answers carry `ETag` and `Last-Modified`, so asking again costs nothing where nothing changed; other sites' pages may ask too (CORS). "
        "A value that nothing has is refused in words (400), so that a slip never returns all rows."
    )


def _offer(view: View, what: str, frame: pd.DataFrame, kinds: dict[str, str], *, selection: Selection, held: str) -> None:
    """Draw a button for each format."""
    writers: dict[str, Callable[[], bytes]] = {
        "csv": lambda: export.csv(frame), "spreadsheet": lambda: export.spreadsheet_csv(frame),
        "json": lambda: export.as_json(frame, kinds), "parquet": lambda: export.parquet(frame, kinds),
    }  # fmt: skip
    for ending, label in FORMATS.items():
        name = f"{what.replace('_', '-')}{'-spreadsheet' if ending == 'spreadsheet' else ''}"
        file = export.file_name(name, view.tables, selection, "csv" if ending == "spreadsheet" else ending)
        st.download_button(f"{label}, {held}" if held and ending == "csv" else label, writers[ending], file, MEDIA[ending], help=HELP.get(ending),
                           on_click="ignore", key=f"download-{'view' if held else what}-{ending}", icon=":material/download:",
                           type="primary" if held and ending == "csv" else "secondary")  # fmt: skip


def _rows(view: View, name: str, frame: pd.DataFrame) -> None:
    """Draw the rows of a table as they stand in its file; numbers sort as numbers, addresses can be followed."""
    fields = view.tables.book.fields(name)
    numbers = [column for column, field in fields.items() if field["type"] in ("number", "integer")]
    addresses = [column for column, field in fields.items() if field.get("constraints", {}).get("pattern", "").startswith("^https?://")]
    config = {column: st.column_config.NumberColumn(format="plain") for column in numbers}
    config |= {column: st.column_config.LinkColumn() for column in addresses}
    shown = frame.assign(**{column: pd.to_numeric(frame[column]) for column in numbers})
    st.dataframe(shown, hide_index=True, height=360, key=f"raw-{name}", column_config=config,
                 alt=f"All rows of the table {view.tables.book.tables[name]['title']}")  # fmt: skip


def _columns(meaning: pd.DataFrame, title: str) -> None:
    """Draw a codebook: a table that wraps, a list on a narrow screen, a table that scrolls where it is long."""
    shown = meaning.loc[:, (meaning != "").any()]
    if len(shown) > LONG:
        st.dataframe(shown, hide_index=True, height=320, alt=f"Every column of {title}: name, meaning, type", key="codebook-long")
    elif screen.width() in ("phone", "tablet"):
        for row in meaning.to_dict("records"):
            rest = " · ".join(part for part in (row["Type"], row["Allowed"], row["Unit"], "required" if row["Required"] else "") if part)
            st.markdown(f"`{row['Column']}` **{plain(row['Name'])}**  \n{plain(row['Meaning'])}  \n:small[:gray[{plain(rest)}]]")
    else:
        escaped = shown.map(plain).assign(Column="`" + shown["Column"] + "`")
        st.table(escaped, hide_index=True)
