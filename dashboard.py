"""The dashboard: names the pages, draws the filter that they share, runs the chosen page."""

from pathlib import Path

import streamlit as st

from tapeline.errors import DataError
from tapeline.ui import card, embed, filters, links, loaders, provenance, screen, turns

PAGES = {
    "Overview": "pages/overview.py", "Story": "pages/story.py",
    "Reactions": "pages/reactions.py", "Markets": "pages/markets.py", "Funding": "pages/funding.py",
    "Adoption": "pages/adoption.py", "Openness": "pages/openness.py", "Data": "pages/data.py", "Method": "pages/method.py",
}  # fmt: skip

st.set_page_config("Tapeline: AI milestones beside the market", "assets/icon.svg", "wide", initial_sidebar_state=260)
st.html(Path(__file__).with_name("assets") / "reach.css")
pages = [st.Page(path, title=title, default=path == "pages/overview.py") for title, path in PAGES.items()]
page = st.navigation(pages, position="hidden")
screen.watch()

with turns.taken():
    try:
        view = loaders.begin()
    except DataError as error:
        st.title("Tapeline", anchor=False)
        provenance.faults(error.faults, nothing_left=True)
        st.stop()

    st.session_state["ignored"] = links.read(view.tables, page.url_path)
    if embed.asked():
        embed.run(page)
        st.stop()
    with st.sidebar:
        st.markdown("## Tapeline\n:small[AI milestones beside the ticker tape]")
        rooms = st.container(gap="xxsmall")
    selection = filters.sidebar(view.tables)
    with rooms:
        for other in pages:
            st.page_link(other, query_params=selection.to_query())
    card.show(view, selection, "" if page == pages[0] else page.title)

    page.run()
