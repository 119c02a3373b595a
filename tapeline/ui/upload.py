"""Events of the reader's own: a small CSV, studied by the same engine; nothing of it is kept."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tapeline.errors import StudyInputError
from tapeline.event_study.parameters import Parameters
from tapeline.selection import Selection
from tapeline.studies import brought, frames
from tapeline.ui import exhibit, studies
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import count, per_cent

ABOUT = (
    "A CSV with the columns ticker, date and, if you like, label and session (before_open, during_session, after_close, closed). It is read in "
    "memory and forgotten when you leave. Tickers are those of the tables, each against its own market's index, and any that the store holds "
    "(python -m tapeline refresh TICKER), against the S&P 500."
)
EXAMPLE = b"ticker,date,label\nNVDA,2025-01-27,Fall after R1\nMSFT,2025-01-29,Results\n9984.T,2025-01-21,Stargate\n"


def show(view: View, selection: Selection, parameters: Parameters) -> None:
    """Take a file and draw what its events did."""
    st.header("Your own events", anchor="own-events")
    st.markdown(plain(ABOUT))
    st.download_button("An example", EXAMPLE, "tapeline-events-example.csv", "text/csv", on_click="ignore", icon=":material/download:")
    given = st.file_uploader("Events as CSV", type=["csv", "txt"], key="own-events")
    if given is None:
        return
    try:
        done = brought.of_upload(given.getvalue(), studies.series(view, parameters.log), parameters, given.name)
    except StudyInputError as error:
        st.error(plain(str(error)))
        return
    for note in done.notes[:12]:
        st.warning(plain(note))
    study = done.study
    st.markdown(plain(str(study.group.verdict)))
    taken = frames.events(study, "each share's own")
    table = pd.DataFrame({
        "Event": taken["event"], "Share": taken["ticker"], "Day 0": [f"{date:%Y-%m-%d}" if pd.notna(date) else "" for date in taken["day_zero"]],
        "On day 0": taken["ar"].map(per_cent), "Over the window": taken["car"].map(per_cent), "t": taken["t"].round(2), "p": taken["p"].round(4),
        "q": taken["q"].round(4), "Status": taken["status"],
    })  # fmt: skip
    exhibit.listed("own", table, f"What {count(len(table), 'event')} of your own did")
    with st.container(horizontal=True, key="own-files"):
        exhibit.file(view, selection, taken, "own-events", "event")
        exhibit.file(view, selection, frames.paths(study), "own-paths", "day")
