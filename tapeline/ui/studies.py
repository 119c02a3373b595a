"""Event studies of the milestones, worked out once for all sessions, and what else happened around them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from tapeline.event_study.parameters import Parameters
from tapeline.once import once
from tapeline.studies import known
from tapeline.studies.known import Known
from tapeline.studies.series import Series, paired
from tapeline.ui.loaders import View

PATH = (-10, 20)
ELSEWHERE = "^GSPC"
WINDOWS = {
    "[0, 0]": (0, 0),
    "[−1, +1]": (-1, 1),
    "[0, +1]": (0, 1),
    "[0, +5]": (0, 5),
    "[−5, +5]": (-5, 5),
    "[−1, +10]": (-1, 10),
    "[−10, +20]": (-10, 20),
}
ESTIMATIONS = {"250 sessions": (-250, -11), "120 sessions": (-130, -11), "60 sessions": (-70, -11)}
MODELS = {"Market model": "market", "Market-adjusted": "market_adjusted", "Mean-adjusted": "mean_adjusted"}


def controls() -> Parameters:
    """Draw what can be chosen of a study and return it."""
    with st.container(horizontal=True, key="study-controls"):
        window = st.selectbox("Event window", list(WINDOWS), index=1, key="study-window", width=150, persist_state="session",
                              help="Sessions around day 0 over which abnormal returns are added up and tested.")  # fmt: skip
        model = st.selectbox("Expected return", list(MODELS), key="study-model", width=190, persist_state="session",
                             help="Market model: alpha and beta by least squares. Market-adjusted: the market's own return. Mean-adjusted: the "
                             "share's mean in the estimation window.")  # fmt: skip
        length = st.selectbox("Estimation window", list(ESTIMATIONS), key="study-estimation", width=160, persist_state="session",
                              help="It ends eleven sessions before day 0.")  # fmt: skip
        kind = st.selectbox("Returns", ["Simple", "Logarithmic"], key="study-returns", width=140, persist_state="session")
    return Parameters(model=MODELS[model], estimation=ESTIMATIONS[length], window=WINDOWS[window], log=kind != "Simple", path=PATH)


def of_all(view: View, parameters: Parameters) -> Known:
    """Return the study of every milestone whose day is known and every share related to it."""
    return _of_all(view.key, parameters, view)


def series(view: View, log: bool) -> Mapping[str, Series]:
    """Return each share paired with its market; those that were fetched and are in no table, with the S&P 500."""
    return _series(view.key, log, view)


@once(2)
def confounders(view: View) -> pd.DataFrame:
    """Return what else moves shares on a day: `date` (that of the first session that could react), `ticker` ('' for all), `label`."""
    results = view.tables.earnings
    late = results["session"].eq("after_close")
    reported = results["date"].where(~late, results["date"] + pd.offsets.BDay(1))
    rates = view.tables.rate_decisions
    return pd.concat([
        pd.DataFrame({"date": reported, "ticker": results["ticker"], "label": "the share's own results came out"}),
        pd.DataFrame({"date": rates["date"], "ticker": "", "label": "the Federal Reserve decided on rates"}),
    ], ignore_index=True)  # fmt: skip


@st.cache_resource(max_entries=4, show_spinner=False)
def _series(key: object, log: bool, _view: View) -> Mapping[str, Series]:
    found = known.series_of(_view.tables, _view.histories, log)
    market = _view.histories.get(ELSEWHERE)
    others = _view.market.others if market else {}
    return found | {
        ticker: paired(ticker, other.level, market.level.reindex(other.level.index), log=log) for ticker, other in others.items() if market
    }


@st.cache_resource(max_entries=12, show_spinner=False)
def _of_all(key: object, parameters: Parameters, _view: View) -> Known:
    return known.of_milestones(_view.tables, _series(key, parameters.log, _view), _pairs(_view), parameters, confounders(_view))


@once(2)
def _pairs(view: View) -> pd.DataFrame:
    return view.moves[view.moves["day_zero"].notna()]
