"""Data: the whole table, its codebook, everything to take away, to cite and to correct."""

import streamlit as st

from tapeline import milestones
from tapeline.ui import card, documents, files, filters, headline, links, loaders, provenance, reuse, table

view, selection = loaders.view(), links.chosen()
rows = milestones.select(view.tables, selection)

provenance.faults(view.tables.faults, nothing_left=False)
filters.ignored(st.session_state["ignored"])
headline.data(view, selection, rows)
filters.chips(view.tables, selection)

if rows.empty:
    filters.nothing()
    files.everything(view)
else:
    table.show(view, rows)
    files.in_view(view, selection, rows)

codebook, cite, scripts, changed, licence = st.tabs(["Tables and codebook", "Cite and correct", "For scripts", "What changed", "Licence"], key="part")
with codebook:
    files.tables(view)
with cite:
    reuse.whole(view)
    reuse.one(view, rows)
    reuse.suggestion(view)
with scripts:
    files.scripts(view, selection)
with changed:
    documents.changed()
with licence:
    documents.licence(view.tables.book)

provenance.footer()
card.show(view, rows)
