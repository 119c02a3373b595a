"""Reactions: what the market did around milestones, beyond what it does anyway, and whether chance does as well."""

import streamlit as st

from tapeline import milestones
from tapeline.ui import exhibit, filters, links, loaders, market_line, provenance, reaction, reactions, studies, upload

view, selection = loaders.now(), links.chosen()
rows = milestones.select(view.tables, selection)

st.title("What did the market do?", anchor=False)
provenance.faults(view.tables.faults, nothing_left=False)
provenance.market(view)
market_line.show(view)
filters.ignored(st.session_state["ignored"])
filters.chips(view.tables, selection)

mode = st.segmented_control("What to study", ["One milestone", "Many milestones", "Your own"], default="One milestone", key="study-mode",
                            required=True, label_visibility="collapsed", persist_state="session")  # fmt: skip
about = reaction.choose(view, rows) if mode == "One milestone" and len(rows) else None
what = reactions.choose() if mode == "Many milestones" else None
parameters = studies.controls()

if not view.histories:
    exhibit.nothing("No market", "Without the market index nothing can be measured.")
elif mode == "Your own":
    upload.show(view, selection, parameters)
elif rows.empty:
    filters.nothing()
elif what:
    reactions.show(view, selection, studies.of_all(view, parameters), rows, what)
elif about:
    reaction.show(view, selection, studies.of_all(view, parameters), about)

provenance.footer()
