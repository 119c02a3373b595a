"""Funding: rounds, valuations, totals, who is named with them and who led, and listings."""

import streamlit as st

from tapeline import funding as money
from tapeline import milestones
from tapeline.ui import exhibit, filters, funding, links, loaders, provenance

view, selection = loaders.now(), links.chosen()
rows = milestones.select(view.tables, selection)
found = money.rounds(view.tables, rows)

funding.headline(view, selection, found)
provenance.faults(view.tables.faults, nothing_left=False)
provenance.market(view)
filters.ignored(st.session_state["ignored"])
filters.chips(view.tables, selection)

if rows.empty:
    filters.nothing()
else:
    funding.sums(view, found)
    funding.rounds(view, selection, found)
    funding.valuations(view, selection, rows)
    left, right = exhibit.pair()
    with left:
        funding.totals(view, selection, found)
    with right:
        funding.named(view, selection, found)
    funding.led(view, selection, rows)
    funding.listings(view, selection, rows)

provenance.footer()
