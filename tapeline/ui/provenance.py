"""Where it comes from and what is wrong with it, in three voices: info, warning, error."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tapeline.errors import Fault
from tapeline.ui.loaders import View
from tapeline.ui.text import plain
from tapeline.words import count

MOST_FAULTS = 20


def faults(found: Sequence[Fault], nothing_left: bool) -> None:
    """Show what is wrong in the data package, by table, row and column, and what to do."""
    if not found:
        return
    effect = "Nothing can be shown until it is mended." if nothing_left else "The rows in question are left out; the rest is shown."
    lines = [f"- {plain(str(fault))}" for fault in found[:MOST_FAULTS]]
    lines += [f"- and {len(found) - MOST_FAULTS} more: run `python -m tapeline check`"] if len(found) > MOST_FAULTS else []
    st.error(f"The data package has {count(len(found), 'fault')}. {effect}\n\n" + "\n".join(lines))


def market(view: View) -> None:
    """Say that the market half is missing, and why."""
    if view.market_problem:
        st.warning("The market index cannot be read, so only the milestones are shown.\n\n" + plain(view.market_problem))


def footer() -> None:
    """Name sources, licence and limits of what the page shows."""
    st.caption(
        "Milestones: Tapeline, CC BY 4.0, each with its sources; figures from Epoch AI (epoch.ai, CC BY 4.0) where its card names it. "
        "Market: daily total-return index derived from end-of-day closes, bundled or fetched from Yahoo Finance; base 100 at the first "
        "session; not a quote. Prices in dollars and other currencies are Yahoo Finance's, shown for your own use: its terms do not let us "
        "hand them on, so the downloads hold the derived index. A description of what happened, not investment advice."
    )
