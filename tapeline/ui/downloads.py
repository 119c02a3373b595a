"""Take the view away: the milestones and the market series just as they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from tapeline import export
from tapeline.charts.tape import Tape
from tapeline.once import once
from tapeline.selection import Selection
from tapeline.ui import exhibit
from tapeline.ui.loaders import View
from tapeline.words import count


def show(view: View, selection: Selection, rows: pd.DataFrame, drawn: Tape | None) -> None:
    """Draw the download buttons, each saying how many rows it holds."""
    held, opened, series = count(len(rows), "milestone"), False, {}
    with st.container(horizontal=True, vertical_alignment="center", key="downloads"):
        st.download_button(f"CSV, {held}", partial(_file, export.csv, view, rows), export.file_name("milestones", view.tables, selection), "text/csv",
                           key="download-csv", on_click="ignore", icon=":material/download:", type="primary")  # fmt: skip
        st.download_button(f"CSV for spreadsheets, {held}", partial(_file, export.spreadsheet_csv, view, rows), on_click="ignore",
                           file_name=export.file_name("milestones-spreadsheet", view.tables, selection), mime="text/csv",
                           key="download-spreadsheet", icon=":material/download:", help="The same rows; with a byte-order mark, and text that "
                           "a spreadsheet would run as a formula is defused by an apostrophe.")  # fmt: skip
        if drawn is not None and drawn.market.lines:
            series = {line.ticker: line.levels for line in drawn.market.lines}
            sessions = count(_sessions(series), "session")
            st.download_button(f"Market CSV, {sessions} × {len(series)}", partial(_market, series), on_click="ignore",
                               file_name=export.file_name("market-index", view.tables, selection), mime="text/csv", key="download-market",
                               icon=":material/download:", help="The lines as drawn: total-return index, 100 at the left edge.")  # fmt: skip
            opened = st.toggle(f"Market table, {sessions}", key="twin-tape")
    if drawn is not None and opened:
        told = export.market(series).iloc[::-1].rename(columns={line.ticker: line.name for line in drawn.market.lines if not line.company_id})
        exhibit.listed("tape", told, f"Table of {sessions}: the lines as drawn, the newest session first")
    query = urlencode(selection.to_query(), doseq=True)
    st.caption(f"For scripts: `/data/milestones.csv{f'?{query}' if query else ''}` on this server gives the same bytes as the first button.")


def _file(write: Callable[[pd.DataFrame], bytes], view: View, rows: pd.DataFrame) -> bytes:
    """Write the milestones when somebody asks for them."""
    return write(export.milestones(view.tables, rows))


def _market(series: Mapping[str, pd.Series]) -> bytes:
    """Write the lines when somebody asks for them."""
    return export.csv(export.market(series))


@once()
def _sessions(series: Mapping[str, pd.Series]) -> int:
    """Count the days on which any of some series has a level."""
    days = [levels.index.to_numpy("datetime64[D]").astype(np.int64) for levels in series.values()]
    first = min(int(some[0]) for some in days)
    return int((np.bincount(np.concatenate(days) - first) > 0).sum())
