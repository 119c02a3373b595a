"""What is counted by plain arrays is what the frames say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tapeline import columns, milestones, moves, package
from tapeline.market import snapshot
from tapeline.milestones import RELATION_WEIGHT, Tables
from tapeline.selection import Selection
from tapeline.ui import headline

VIEWS = [
    Selection(),
    Selection(companies=("openai", "meta")),
    Selection(kinds=("funding",), start=dt.date(2024, 1, 1)),
    Selection(openness=("open_weights",), end=dt.date(2024, 6, 30)),
    Selection(companies=("european-union",)),
    Selection(text="gpt"),
]


@pytest.fixture(params=VIEWS, ids=lambda view: view.slug() or "all")
def rows(request: Any, tables: Tables) -> pd.DataFrame:
    return milestones.select(tables, request.param)


def test_places_find_the_same_rows_again(tables: Tables, rows: pd.DataFrame) -> None:
    at = columns.places(tables.milestones, rows)
    pd.testing.assert_frame_equal(tables.milestones.iloc[at].reset_index(drop=True), rows)
    held = columns.of(tables.milestones)
    assert [held.company.values[code] for code in held.company.codes[at]] == list(rows["company_id"])
    assert (held.quarter[at] == [(date.year - 1970) * 4 + date.quarter - 1 for date in rows["date"]]).all()
    assert (held.day[at] == (rows["date"] - pd.Timestamp(0)).dt.days).all()


def test_a_coded_column_of_nothing_has_nothing() -> None:
    assert columns.Coded([], np.zeros(0, dtype=int)).where(["a"]).tolist() == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.slug() or "all")
def test_the_filter_lets_through_what_each_row_says(tables: Tables, view: Selection) -> None:
    found = set(milestones.select(tables, view)["milestone_id"])
    for row in tables.milestones.itertuples():
        words = f"{row.title} {row.summary} {row.product} {tables.names[row.company_id]}".casefold()
        through = (
            (not view.companies or row.company_id in view.companies) and (not view.kinds or row.kind in view.kinds)
            and (not view.openness or row.openness in view.openness) and (not view.start or row.date.date() >= view.start)
            and (not view.end or row.date.date() <= view.end) and view.text in words
        )  # fmt: skip
        assert (row.milestone_id in found) == through, row.milestone_id


def test_related_shares_are_ranked_by_what_their_relations_add_up_to(tables: Tables, rows: pd.DataFrame) -> None:
    score: dict[str, int] = {}
    for company_id, importance in zip(rows["company_id"], rows["importance"], strict=True):
        for share in tables.exposures[tables.exposures["company_id"] == company_id].itertuples():
            score[share.ticker] = score.get(share.ticker, 0) + RELATION_WEIGHT[share.relation] * importance
    expected = sorted(score, key=lambda ticker: (-score[ticker], ticker))
    assert milestones.most_related(tables, rows, 6) == expected[:6]
    assert milestones.most_related(tables, rows, 1000) == expected


def test_the_largest_move_is_that_of_a_walk_through_all(tables: Tables, rows: pd.DataFrame) -> None:
    around, about = moves.around(tables, snapshot.load(package.SHIPPED)), rows.set_index("milestone_id")
    known = around[around["milestone_id"].isin(about.index)].dropna(subset=["day", "market_day"])
    found = moves.largest(around, rows)
    if known.empty:
        assert found is None
        return
    known = known.assign(importance=known["milestone_id"].map(about["importance"]), beyond=(known["day"] - known["market_day"]).abs())
    known = known.assign(
        wait=known["day_zero"] - known["milestone_id"].map(about["date"]), other=known["milestone_id"].map(about["kind"]) != "market"
    )
    expected = known.sort_values(["importance", "beyond", "wait", "other"], ascending=[False, False, True, True], kind="stable").iloc[0]
    assert found is not None and set(found) == set(moves.COLUMNS)
    assert [found[name] for name in ("milestone_id", "ticker", "day", "day_zero")] == list(expected[["milestone_id", "ticker", "day", "day_zero"]])


def test_the_row_of_figures_counts_and_adds_up_what_the_rows_say(tables: Tables, rows: pd.DataFrame) -> None:
    found, quarters = headline.counted(tables, rows), rows["date"].dt.to_period("Q")
    every = pd.period_range(quarters.min(), quarters.max(), freq="Q")
    assert found.quarters == quarters.value_counts().reindex(every, fill_value=0).tolist()
    opened = rows[(rows["kind"] == "model_release") & (rows["openness"] == "open_weights")]
    assert (found.releases, found.opened) == ((rows["kind"] == "model_release").sum(), len(opened))
    assert found.opened_by == opened["date"].dt.to_period("Q").value_counts().reindex(every, fill_value=0).tolist()
    money = tables.figures[tables.figures["metric_id"] == "equity_announced"].merge(rows, on="milestone_id")
    assert (found.rounds, found.money) == (len(money), pytest.approx(money["value"].sum()))
    assert found.money_by == pytest.approx(
        (money.groupby(money["date"].dt.to_period("Q"))["value"].sum() / 1e9).reindex(every, fill_value=0).tolist()
    )
