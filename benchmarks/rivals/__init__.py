"""Pages to compare with: the same overview in Dash and in plain Streamlit, and a page that only echoes."""
