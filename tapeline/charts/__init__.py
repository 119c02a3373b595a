"""A frame or a result in, a Plotly figure out; one file a figure, every colour from theme.py."""
