"""A series is rebased, never filled; a move is compounded over whole sessions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tapeline.market.history import History

DAYS = pd.to_datetime(["2025-01-23", "2025-01-24", "2025-01-27", "2025-01-28", "2025-01-29"])
SHARE = History("NVDA", pd.Series([100.0, 110.0, 88.0, 96.8, 96.8], DAYS), "index", "test")


def test_rebased_is_100_at_the_last_session_up_to_the_start() -> None:
    assert SHARE.rebased(pd.Timestamp("2025-01-24")).level.tolist() == pytest.approx([100, 80, 88, 88])
    sunday = SHARE.rebased(pd.Timestamp("2025-01-26")).level
    assert sunday.index[0] == pd.Timestamp("2025-01-24")
    assert sunday.iloc[0] == 100


def test_a_series_that_begins_later_is_100_at_its_first_session() -> None:
    assert SHARE.rebased(pd.Timestamp("2020-01-01")).level.tolist() == pytest.approx([100, 110, 88, 96.8, 96.8])


def test_a_series_that_ended_before_the_start_is_empty() -> None:
    assert SHARE.rebased(pd.Timestamp("2025-02-03")).level.empty


def test_a_move_is_compounded_from_the_close_before_the_window() -> None:
    days = pd.Series(DAYS)
    assert SHARE.moves(days) == pytest.approx([np.nan, 0.1, -0.2, 0.1, 0.0], nan_ok=True)
    assert SHARE.moves(days, -1, 1) == pytest.approx([np.nan, np.nan, 96.8 / 100 - 1, 96.8 / 110 - 1, np.nan], nan_ok=True)


def test_a_day_without_a_session_has_no_move() -> None:
    assert np.isnan(SHARE.moves(pd.Series([pd.Timestamp("2025-01-25"), pd.NaT]))).all()


def test_a_history_is_as_of_its_last_session() -> None:
    assert SHARE.as_of == pd.Timestamp("2025-01-29")
