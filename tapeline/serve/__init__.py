"""What machines get: the data over HTTP, a feed, and pages whose links can be previewed. No Streamlit here."""
