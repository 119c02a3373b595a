"""Method: how the data are made and what the numbers mean."""

from pathlib import Path

import streamlit as st

st.markdown(Path(__file__).parent.parent.joinpath("docs", "method.md").read_text(encoding="utf-8"))
