"""Method: how the data are made and what the numbers mean."""

import streamlit as st

from tapeline.ui import documents, loaders, options

view = loaders.now()
st.title("Method", anchor=False)
method, rules = options.tabs("part", {"meaning": "What the numbers mean", "rules": "What is in the data, and by which rules"}, "meaning")
with method:
    documents.method(view.tables.book)
with rules:
    documents.rules(view.tables.book)
