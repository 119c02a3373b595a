"""The overview as a plain Streamlit page: the same widgets, words, numbers and table, the figure by `st.plotly_chart`."""

import datetime as dt
import sys
from functools import partial
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.rivals import overview
from tapeline.selection import FIRST_DAY, Selection

st.set_page_config("Overview in plain Streamlit", layout="wide")
held, state = overview.data(), st.session_state
if "company" not in state:
    linked = overview.chosen({key: st.query_params.get_all(key) for key in st.query_params})
    state.update({"company": list(linked.companies), "from": linked.start, "to": linked.end})


def move_range() -> None:
    """Set the first day of the filter from the range that was chosen."""
    state["from"], state["to"] = overview.since(state["range"]), None


def pick() -> None:
    """Keep the milestone whose mark was clicked."""
    points = state["tape"]["selection"]["points"]
    state["event"] = points[0]["customdata"][0].split()[0] if points and points[0].get("customdata") else None


def show_card(milestone_id: str) -> None:
    """Draw the card of a milestone."""
    card = overview.card(milestone_id)
    st.caption(card.about)
    st.markdown(card.summary)
    st.subheader("Figures", anchor=False)
    st.markdown("\n".join(f"- {words}" for words in card.figures))
    st.subheader("Sources", anchor=False)
    st.markdown("\n".join(f"- [{publisher}]({url})" for publisher, url in card.sources))
    st.subheader("Related shares", anchor=False)
    st.dataframe(card.shares, hide_index=True, height="content")


labels = held.tables.book.labels
names = held.tables.companies.sort_values("name", key=lambda column: column.str.casefold())
with st.sidebar:
    st.title("Overview")
    companies = st.multiselect("Companies", list(names["company_id"]), key="company", format_func=held.names.get, placeholder="All")
    kinds, openness = (
        st.pills(label, list(labels("milestones", key)), key=key, selection_mode="multi", format_func=labels("milestones", key).__getitem__)
        for key, label in (("kind", "Kinds"), ("openness", "Openness"))
    )
    start = st.date_input("From", None, FIRST_DAY, dt.date.today(), key="from")
    end = st.date_input("To", None, FIRST_DAY, dt.date.today(), key="to")
    words = st.text_input("Search", key="q")
wanted = Selection(tuple(companies), tuple(kinds), tuple(openness), start, end, words)
shown = overview.show(wanted, tuple(state.get("share") or ()))
if shown is None:
    st.info("No milestone matches this filter.")
    st.stop()

st.title(shown.title, anchor=False)
st.markdown(shown.finding)
for column, number in zip(st.columns(4), shown.numbers, strict=True):
    column.metric(number.label, number.value, border=True, height=140, chart_data=number.history, chart_type="bar")
with st.container(horizontal=True):
    st.segmented_control("Range", list(overview.RANGES), key="range", on_change=move_range, label_visibility="collapsed")
    st.multiselect("Shares", list(held.histories), key="share", max_selections=10, label_visibility="collapsed", placeholder="By relation")
st.plotly_chart(shown.figure, key="tape", theme=None, config={"displayModeBar": False, "doubleClick": False}, on_select=pick, selection_mode="points")
st.caption(shown.note)
st.dataframe(shown.table.drop(columns="id"), hide_index=True, height=318, column_config={"First source": st.column_config.LinkColumn(width=110)})
st.download_button("CSV", partial(overview.csv, wanted), "milestones.csv", "text/csv", on_click="ignore")
if event := state.get("event"):
    st.dialog(overview.card(event).title, width="medium", on_dismiss=partial(state.update, event=None))(show_card)(event)
