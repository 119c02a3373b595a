"""Data: the whole table, its codebook, everything to take away, to cite and to correct."""

import streamlit as st

from tapeline import milestones
from tapeline.ui import documents, files, filters, headline, links, loaders, options, provenance, reuse, table

view, selection = loaders.now(), links.chosen()
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

PARTS = {"codebook": "Tables and codebook", "cite": "Cite and correct", "scripts": "For scripts", "changed": "What changed", "licence": "Licence"}
codebook, cite, scripts, changed, licence = options.tabs("part", PARTS, "codebook")
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
