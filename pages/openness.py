"""Openness: releases by openness, who turned and when, how stated sizes compare, licences."""

import streamlit as st

from tapeline import milestones
from tapeline import openness as data
from tapeline.ui import exhibit, filters, links, loaders, openness, provenance

view, selection = loaders.now(), links.chosen()
rows = milestones.select(view.tables, selection)
found, turned = data.releases(view.tables, rows), data.turns(view.tables, rows)

openness.headline(view, selection, found, turned)
provenance.faults(view.tables.faults, nothing_left=False)
filters.ignored(st.session_state["ignored"])
filters.chips(view.tables, selection)

if rows.empty:
    filters.nothing()
elif found.empty:
    exhibit.nothing("No release", "No milestone in view is the release of a model. Take something out of the filter.")
    openness.turned(view, selection, turned)
else:
    openness.over_time(view, selection, found)
    openness.paths(view, selection, found, turned)
    openness.turned(view, selection, turned)
    left, right = exhibit.pair()
    with left:
        openness.by(view, selection, found, "company")
    with right:
        openness.by(view, selection, found, "country")
    openness.sizes(view, selection, rows)
    openness.licences(view, selection, found)

provenance.footer()
