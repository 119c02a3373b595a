"""Take the view away: the milestones and the market series just as they are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from tapeline import export
from tapeline.charts.tape import Tape
from tapeline.selection import Selection
from tapeline.ui import exhibit
from tapeline.ui.loaders import View
from tapeline.words import count


def show(view: View, selection: Selection, rows: pd.DataFrame, drawn: Tape | None) -> None:
    """Draw the download buttons, each saying how many rows it holds."""
    wide, held = pd.DataFrame(), count(len(rows), "milestone")
    with st.container(horizontal=True, vertical_alignment="center", key="downloads"):
        st.download_button(f"CSV, {held}", partial(_file, export.csv, view, rows), export.file_name("milestones", view.tables, selection), "text/csv",
                           key="download-csv", on_click="ignore", icon=":material/download:", type="primary")  # fmt: skip
        st.download_button(f"CSV for spreadsheets, {held}", partial(_file, export.spreadsheet_csv, view, rows), on_click="ignore",
                           file_name=export.file_name("milestones-spreadsheet", view.tables, selection), mime="text/csv",
                           key="download-spreadsheet", icon=":material/download:", help="The same rows; with a byte-order mark, and text that "
                           "a spreadsheet would run as a formula is defused by an apostrophe.")  # fmt: skip
        if drawn is not None and drawn.market.lines:
            series = {line.ticker: line.levels for line in drawn.market.lines}
            wide = export.market(series)
            st.download_button(f"Market CSV, {count(len(wide), 'session')} × {len(series)}", partial(export.csv, wide), on_click="ignore",
                               file_name=export.file_name("market-index", view.tables, selection), mime="text/csv", key="download-market",
                               icon=":material/download:", help="The lines as drawn: total-return index, 100 at the left edge.")  # fmt: skip
            opened = st.toggle(f"Market table, {count(len(wide), 'session')}", key="twin-tape")
    if drawn is not None and len(wide) and opened:
        told = wide.iloc[::-1].rename(columns={line.ticker: line.name for line in drawn.market.lines if not line.company_id})
        exhibit.listed("tape", told, f"Table of {count(len(wide), 'session')}: the lines as drawn, the newest session first")
    query = urlencode(selection.to_query(), doseq=True)
    st.caption(f"For scripts: `/data/milestones.csv{f'?{query}' if query else ''}` on this server gives the same bytes as the first button.")


def _file(write: Callable[[pd.DataFrame], bytes], view: View, rows: pd.DataFrame) -> bytes:
    """Write the milestones when somebody asks for them."""
    return write(export.milestones(view.tables, rows))
