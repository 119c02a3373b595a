"""The least that a Streamlit page can do: one list of companies, and what is chosen said back."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.rivals import overview

held = overview.data()
st.write(st.multiselect("Companies", list(held.names), key="company", format_func=held.names.get))
