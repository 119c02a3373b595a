"""Cite and correct: ready-made citations of the set and of a row, and letters that tell what is wrong or missing."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tapeline import citation, corrections
from tapeline.corrections import Letter
from tapeline.once import once
from tapeline.rows import each
from tapeline.ui import options
from tapeline.ui.loaders import View
from tapeline.words import iso


def whole(view: View) -> None:
    """Show how to cite the set."""
    st.header("Cite the set", anchor=False)
    _citation(citation.of_set(view.tables.book))


def one(view: View, rows: pd.DataFrame) -> None:
    """Draw a choice of rows in view, and how to cite and correct the chosen one."""
    st.header("Cite or correct one row", anchor=False)
    names = _names(rows)
    chosen = options.maybe("Row", "row", names, "Choose a row in view: type a word of its title")
    if chosen is not None:
        row(view, chosen)


@once()
def _names(rows: pd.DataFrame) -> dict[str, str]:
    """Name rows by date and title, the newest first."""
    return {row.milestone_id: f"{iso(row.date, row.date_precision)} · {row.title}" for row in each(rows.iloc[::-1])}


def row(view: View, milestone_id: str) -> None:
    """Show how to cite a row, and how to say what is wrong with it."""
    _citation(citation.of_row(view.tables, milestone_id))
    st.markdown("**Something wrong with it?**")
    _letter(corrections.correction(view.tables, milestone_id), "Correct this row", f"correct-{milestone_id}")


def suggestion(view: View) -> None:
    """Show how to suggest a milestone."""
    st.header("Suggest a milestone", anchor=False)
    st.markdown("It needs a date and a page that shows it, best the actor's own. What belongs in is said under “Method”.")
    _letter(corrections.suggestion(view.tables), "Suggest a milestone", "suggest")


def _citation(cited: citation.Citation) -> None:
    st.code(cited.text, language=None, wrap_lines=True)
    st.code(cited.bibtex, language=None, wrap_lines=True)


def _letter(letter: Letter, label: str, key: str) -> None:
    """Offer a letter as a link to a new issue where the project's repository is known, else as text to copy."""
    home = corrections.repository()
    if home:
        st.link_button(label, corrections.address(letter, home), icon=":material/edit_note:", key=key)
        return
    st.caption(corrections.NO_HOME)
    st.code(f"{letter.title}\n\n{letter.body}", language=None, wrap_lines=True)
