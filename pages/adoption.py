"""Adoption: users and downloads side by side, counted from launch, and every metric of use."""

import streamlit as st

from tapeline import adoption as use
from tapeline import milestones
from tapeline.ui import adoption, exhibit, filters, links, loaders, provenance

view, selection = loaders.now(), links.chosen()
rows = milestones.select(view.tables, selection)
found = use.figures(view.tables, rows)
shown = adoption.metrics(found)

adoption.headline(view, selection, found, shown)
provenance.faults(view.tables.faults, nothing_left=False)
filters.ignored(st.session_state["ignored"])
filters.chips(view.tables, selection)

if rows.empty:
    filters.nothing()
elif not shown:
    exhibit.nothing("Nothing counted", "No milestone in view gives a number of users, downloads or the like. Take something out of the filter.")
else:
    adoption.by_date(view, selection, found, shown)
    adoption.from_launch(view, selection, found, shown)
    adoption.days(view, selection, found, shown)
    adoption.everything(view, selection, found)

provenance.footer()
