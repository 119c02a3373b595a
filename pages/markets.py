"""Markets: related shares and benchmarks compared, milestones beneath them, returns by range."""

import streamlit as st

from tapeline import milestones
from tapeline.ui import exhibit, filters, links, loaders, market_line, markets, provenance

view, selection = loaders.now(), links.chosen()
rows = milestones.select(view.tables, selection)

markets.headline(view, selection)
provenance.faults(view.tables.faults, nothing_left=False)
provenance.market(view)
filters.ignored(st.session_state["ignored"])
market_line.show(view)
filters.chips(view.tables, selection)

if view.market_end is None:
    exhibit.nothing("No market", "No share has a series, neither bundled nor fetched.")
else:
    heading = st.container()
    chosen = markets.choose(view, selection, rows)
    if markets.draw(view, selection, rows, chosen, heading):
        markets.returns(view, selection, chosen)

provenance.footer()
