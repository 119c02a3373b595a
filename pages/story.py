"""Story: OpenAI's turn to open models in steps, each with its chart, its rows and their sources."""

import streamlit as st

from tapeline import story as told
from tapeline.ui import documents, filters, loaders, provenance, story

view = loaders.now()

story.headline(view)
provenance.faults(view.tables.faults, nothing_left=False)
filters.ignored(st.session_state["ignored"])

for number, step in enumerate(told.STEPS, start=1):
    with st.container(width=documents.MEASURE, key=f"story-{step.key}"):
        story.show(view, step, number)

with st.container(width=documents.MEASURE):
    story.files(view)
    provenance.footer()
