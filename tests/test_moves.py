"""What related shares did: at the right session, beside the right market."""

from __future__ import annotations

import pandas as pd
import pytest

from tapeline import milestones, moves, package
from tapeline.market import snapshot
from tapeline.milestones import Tables
from tapeline.selection import Selection


@pytest.fixture(scope="module")
def around(tables: Tables) -> pd.DataFrame:
    return moves.around(tables, snapshot.load(package.SHIPPED)).set_index(["milestone_id", "ticker"])


def test_nvidia_on_27_january_2025(around: pd.DataFrame) -> None:
    row = around.loc[("deepseek-nvidia-record-fall", "NVDA")]
    assert (row["day_zero"], row["relation"]) == (pd.Timestamp("2025-01-27"), "supplier")
    assert row["day"] == pytest.approx(-0.1697, abs=5e-5)
    assert row["market_day"] == pytest.approx(-0.0146, abs=5e-5)


def test_news_on_a_holiday_moves_to_the_next_session(around: pd.DataFrame) -> None:
    assert around.loc[("deepseek-r1", "NVDA"), "day_zero"] == pd.Timestamp("2025-01-21")


def test_american_news_reaches_tokyo_a_day_later(around: pd.DataFrame) -> None:
    assert around.loc[("openai-open-weight-model-plan", "MSFT"), "day_zero"] == pd.Timestamp("2025-03-31")
    assert around.loc[("openai-open-weight-model-plan", "9984.T"), "day_zero"] == pd.Timestamp("2025-04-01")


def test_a_share_that_was_not_listed_yet_has_no_move(around: pd.DataFrame) -> None:
    crwv = around.loc[("openai-open-weight-model-plan", "CRWV")]
    assert pd.notna(crwv["day"]) and pd.isna(crwv["window"]), "CoreWeave's second session: day 0 but no [-1, +1]"


def test_news_before_the_data_and_months_have_no_day_zero(tables: Tables, around: pd.DataFrame) -> None:
    loose = tables.milestones[(tables.milestones["date_precision"] != "day") | (tables.milestones["date"] < "2019-01-02")]
    assert len(loose) > 5
    found = around.reset_index()
    assert found.loc[found["milestone_id"].isin(loose["milestone_id"]), "day_zero"].isna().all()


def test_no_day_zero_lies_before_its_milestone(tables: Tables, around: pd.DataFrame) -> None:
    dates = tables.milestones.set_index("milestone_id")["date"]
    known = around.reset_index().dropna(subset="day_zero")
    wait = known["day_zero"] - known["milestone_id"].map(dates)
    assert wait.min() >= pd.Timedelta(0)
    assert wait.max() <= pd.Timedelta(days=12), "the longest closure is the Lunar New Year"


def test_the_largest_move_in_view_is_the_known_one(tables: Tables, around: pd.DataFrame) -> None:
    rows = milestones.select(tables, Selection(companies=("deepseek",)))
    top = moves.largest(around.reset_index(), rows)
    assert (top["milestone_id"], top["ticker"]) == ("deepseek-nvidia-record-fall", "NVDA")
    assert moves.largest(around.reset_index(), rows.head(0)) is None


def test_a_relation_counts_only_while_it_lasts(tables: Tables) -> None:
    assert "9984.T" in set(milestones.related(tables, "nvidia", pd.Timestamp("2024-01-01"))["ticker"])
    assert "9984.T" not in set(milestones.related(tables, "nvidia", pd.Timestamp("2026-01-01"))["ticker"])
    assert milestones.related(tables, "openai", pd.Timestamp("2026-03-01"))["ticker"].is_unique


def test_the_pairs_are_those_of_the_card(tables: Tables, around: pd.DataFrame) -> None:
    found = around.reset_index().groupby("milestone_id")[["ticker", "relation"]]
    for milestone in tables.milestones.sample(40, random_state=1).itertuples():
        expected = milestones.related(tables, milestone.company_id, milestone.date)[["ticker", "relation"]]
        pairs = found.get_group(milestone.milestone_id) if milestone.milestone_id in found.groups else expected.head(0)
        assert sorted(map(tuple, pairs.to_numpy())) == sorted(map(tuple, expected.to_numpy())), milestone.milestone_id
