"""Folders that are larger than the shipped one hang together, and are the same each time."""

from __future__ import annotations

from pathlib import Path

from benchmarks import made_up
from benchmarks.crowd import COMPANIES
from tapeline import milestones, package
from tapeline.market import snapshot
from tapeline.milestones import Tables


def test_three_times_the_milestones_keep_their_sources_and_figures(tmp_path: Path, tables: Tables) -> None:
    grown = milestones.load(made_up.folder(tmp_path / "data", 3))

    assert len(grown.milestones) == 3 * len(tables.milestones)
    assert len(grown.sources) == 3 * len(tables.sources)
    assert len(grown.figures) == 3 * len(tables.figures)
    assert grown.milestones["milestone_id"].is_unique
    assert grown.sources["source_id"].is_unique
    assert grown.faults == ()
    assert grown.milestones["date"].max() == tables.milestones["date"].max()


def test_the_copies_lie_on_other_days(tmp_path: Path, tables: Tables) -> None:
    grown = milestones.load(made_up.folder(tmp_path / "data", 2)).milestones.set_index("milestone_id")["date"]
    exact = tables.milestones[tables.milestones["date_precision"] == "day"]
    apart = (grown.reindex(exact["milestone_id"] + "-copy-2").to_numpy() - exact["date"].to_numpy()).astype("timedelta64[D]").astype(int)
    assert abs(apart).max() <= 60
    assert (apart != 0).mean() > 0.9


def test_more_tickers_have_a_series_and_a_company(tmp_path: Path) -> None:
    target = made_up.folder(tmp_path / "data", tickers=200)
    grown, histories = milestones.load(target), snapshot.load(target)
    assert len(grown.instruments) == 200
    assert set(grown.instruments["ticker"]) == set(histories)
    assert set(grown.instruments["ticker"][-100:]) <= set(grown.exposures["ticker"])


def test_fewer_tickers_leave_nothing_that_points_to_the_others(tmp_path: Path) -> None:
    grown = milestones.load(made_up.folder(tmp_path / "data", tickers=40))
    left = set(grown.instruments["ticker"])
    assert len(left) == 40
    assert set(grown.exposures["ticker"]) <= left
    assert set(grown.earnings["ticker"]) <= left
    assert set(grown.instruments["benchmark"]) - {""} <= left


def test_the_same_call_makes_the_same_bytes(tmp_path: Path) -> None:
    first, second = (made_up.folder(tmp_path / name, 2, 60) for name in ("first", "second"))
    for table in package.EVERYTHING:
        assert (first / f"{table}.csv").read_bytes() == (second / f"{table}.csv").read_bytes()


def test_the_crowd_chooses_companies_that_there_are(tables: Tables) -> None:
    assert set(COMPANIES) <= set(tables.names.values())
