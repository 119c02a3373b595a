"""What touches the screen: the only package that imports Streamlit, besides the pages and the server."""
