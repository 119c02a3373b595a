"""Overview: AI milestones and the related market on one screen."""

import streamlit as st

from tapeline import milestones
from tapeline.ui import chart, downloads, filters, headline, links, lists, loaders, market_line, provenance, screen

view, selection = loaders.now(), links.chosen()
rows = milestones.select(view.tables, selection)

provenance.faults(view.tables.faults, nothing_left=False)
provenance.market(view)
filters.ignored(st.session_state["ignored"])
headline.show(view, selection, rows)
market_line.show(view)
filters.chips(view.tables, selection)

if rows.empty:
    filters.nothing()
    st.stop()

figures = st.container(key="headline-figures")
with st.container(horizontal=screen.width() != "phone", key="controls"):
    filters.ranges(selection, max(filter(None, [view.market_end, view.tables.milestones["date"].max()])))
    tickers, benchmark = chart.shares(view, rows)
drawn = chart.show(view, selection, rows, tickers, benchmark)
with figures:  # after the chart, which the browser then need not keep waiting for the small ones
    headline.figures(view, rows)

if screen.width() == "phone":
    lists.by_month(view, rows)
else:
    lists.table(view, rows)
downloads.show(view, selection, rows, drawn)
provenance.footer()
