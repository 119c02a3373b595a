"""Adoption: users and downloads side by side, counted from launch, and every metric of use."""

import streamlit as st

from tapeline import milestones
from tapeline.ui import adoption, card, exhibit, filters, links, loaders, provenance

view, selection = loaders.view(), links.chosen()
rows = milestones.select(view.tables, selection)
offered, shown = adoption.metrics(view, rows)

adoption.headline(view, selection, rows, shown)
provenance.faults(view.tables.faults, nothing_left=False)
filters.ignored(st.session_state["ignored"])
filters.chips(view.tables, selection)

if rows.empty:
    filters.nothing()
elif not shown:
    exhibit.nothing("Nothing counted", "No milestone in view gives a number of users, downloads or the like. Take something out of the filter.")
else:
    adoption.by_date(view, selection, rows, offered, shown)
    adoption.from_launch(view, selection, rows, shown)
    adoption.days(view, selection, rows, offered, shown)
    adoption.everything(view, selection, rows, offered)

provenance.footer()
card.show(view, rows)
