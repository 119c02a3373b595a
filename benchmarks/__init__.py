"""What is fast, measured: the dashboard beside a Dash page and a plain Streamlit page with the same figures."""
