"""The charts of openness show what was counted, and their titles are worked out from it."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from tapeline import milestones, openness
from tapeline.charts import hover, licences, parties, paths, records, releases, scene
from tapeline.charts.theme import palette
from tapeline.milestones import Tables
from tapeline.openness import CLOSED, OPEN
from tapeline.selection import Selection

ROOMS = [scene.DESKTOP, scene.TABLET, scene.PHONE]


def rows(tables: Tables, **filters: Any) -> pd.DataFrame:
    return milestones.select(tables, Selection(**filters))


def ids(figure: go.Figure) -> list[str]:
    return sorted(name for trace in figure.data if trace.customdata is not None for cell in trace.customdata for name in str(cell[0]).split())


@pytest.fixture(scope="module")
def found(tables: Tables) -> pd.DataFrame:
    return openness.releases(tables, tables.milestones)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("freq", ["Y", "Q"])
@pytest.mark.parametrize("as_share", [True, False])
def test_bars_hold_every_release(found: pd.DataFrame, room: scene.Room, freq: str, as_share: bool) -> None:
    table = openness.by_period(found, freq)
    arranged = releases.arrange(table, openness.by_period(found, "Y"), pd.Timestamp("2026-10-06"), as_share, room)
    figure = releases.draw(arranged, palette("light"))
    assert ids(figure) == sorted(found["milestone_id"])
    heights = [sum(trace.y[at] or 0 for trace in figure.data if trace.customdata is not None) for at in range(len(table))]
    expected = (table["releases"] > 0).astype(float) if as_share else table["releases"]
    assert heights == pytest.approx(list(expected))


def test_the_title_says_the_last_year_and_the_one_before(found: pd.DataFrame) -> None:
    years = openness.by_period(found, "Y")
    arranged = releases.arrange(years, years, pd.Timestamp("2026-10-06"), False, scene.DESKTOP)
    last, before = years.iloc[-1], years.iloc[-2]
    title = releases.title(arranged)
    assert title.startswith(f"{last['open_weights']} of {last['releases']} releases in 2026 so far had open weights (")
    assert f"{before['open_weights']} of {before['releases']} in 2025" in title


def test_one_release_alone_can_be_drawn_everywhere(tables: Tables) -> None:
    one = rows(tables, text="gpt-oss-120b")
    found = openness.releases(tables, one)
    assert len(found) == 1
    years = openness.by_period(found, "Y")
    arranged = releases.arrange(years, years, pd.Timestamp("2026-10-06"), True, scene.PHONE)
    assert releases.title(arranged).startswith("1 of 1 release in 2025 had open weights")
    releases.draw(arranged, palette("dark"))
    for what in ("company", "country"):
        drawn = parties.arrange(openness.by(found, what), what, scene.PHONE)
        parties.draw(drawn, palette("dark"))
        assert parties.title(drawn) and parties.finding(drawn)
    table = openness.paths(found, found.iloc[:0])
    path = paths.arrange(table, found, found.iloc[:0], hover.texts(tables), scene.PHONE)
    assert paths.title(table) == "OpenAI: 1 open-weight release, 0 closed"
    paths.draw(path, palette("dark"))
    licences.draw(licences.arrange(openness.licences(found), scene.PHONE), palette("dark"))


def test_companies_stand_on_both_sides(found: pd.DataFrame) -> None:
    table = openness.by(found, "company")
    arranged = parties.arrange(table, "company", scene.DESKTOP)
    figure = parties.draw(arranged, palette("light"))
    closed, opened = figure.data
    assert list(opened.x) == list(table["open_weights"].head(parties.MOST))
    assert list(closed.x) == [-value for value in table["closed"].head(parties.MOST)]
    assert arranged.others == len(table) - parties.MOST
    most = table.sort_values(["open_weights", "company"], ascending=[False, True]).iloc[0]
    assert parties.title(arranged).startswith(f"Most open: {most['company']} {most['open_weights']}")


def test_countries_are_told_by_share(found: pd.DataFrame) -> None:
    table = openness.by(found, "country")
    arranged = parties.arrange(table, "country", scene.DESKTOP)
    first = table.iloc[0]
    assert parties.title(arranged).startswith(f"{first['country']} opened {first['open_weights']} of {first['releases']} (")


@pytest.mark.parametrize("room", ROOMS)
def test_lanes_hold_every_release_and_turn_of_their_companies(tables: Tables, found: pd.DataFrame, room: scene.Room) -> None:
    turned = openness.turns(tables, tables.milestones)
    table = openness.paths(found, turned)
    arranged = paths.arrange(table, found, turned, hover.texts(tables), room)
    figure = paths.draw(arranged, palette("light"))
    shown = [lane.company_id for lane in arranged.lanes]
    expected = pd.concat([found, turned])
    assert ids(figure) == sorted(expected.loc[expected["company_id"].isin(shown), "milestone_id"])
    for lane in arranged.lanes:
        sides = {name: mark.y for mark in lane.marks for name in mark.ids}
        about = expected.set_index("milestone_id").loc[list(sides)]
        for name, y in sides.items():
            wanted = 0 if about.loc[name, "kind"] == "strategy" else -paths.RAIL if about.loc[name, "openness"] == OPEN else paths.RAIL
            assert y == wanted, name


@pytest.mark.parametrize("room", ROOMS)
def test_counted_marks_of_a_rail_do_not_hide_each_other(tables: Tables, found: pd.DataFrame, room: scene.Room) -> None:
    table = openness.paths(found, found.iloc[:0])
    arranged = paths.arrange(table, found, found.iloc[:0], hover.texts(tables), room)
    pixels = room.width / (arranged.end - arranged.start).days
    for lane in arranged.lanes:
        for rail in (paths.RAIL, -paths.RAIL):
            at = [(mark.date - arranged.start).days * pixels for mark in lane.marks if mark.y == rail]
            assert all(later - earlier >= paths.NEAR for earlier, later in itertools.pairwise(at))


def test_hollow_is_open_and_filled_is_closed(tables: Tables, found: pd.DataFrame) -> None:
    turned = openness.turns(tables, tables.milestones)
    arranged = paths.arrange(openness.paths(found, turned), found, turned, hover.texts(tables), scene.DESKTOP)
    figure, colours = paths.draw(arranged, palette("light")), palette("light")
    by_name = {trace.name: trace for trace in figure.data}
    assert set(by_name["circle-open"].marker.color) == {colours.paper}
    assert colours.paper not in set(by_name["circle"].marker.color)


def test_the_title_of_the_paths_is_openais_pause(tables: Tables, found: pd.DataFrame) -> None:
    table = openness.paths(found, openness.turns(tables, tables.milestones))
    row = table.set_index("company_id").loc["openai"]
    title = paths.title(table)
    assert title == f"OpenAI opened weights in August 2025, after 2 years 8 months and {row['closed_between']} closed releases without"


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("metric", openness.METRICS)
def test_sizes_hold_every_release_that_states_one(tables: Tables, room: scene.Room, metric: str) -> None:
    sizes = openness.sizes(tables, tables.milestones, metric)
    arranged = records.arrange(sizes, openness.lags(sizes), room)
    figure = records.draw(arranged, palette("light"))
    assert ids(figure) == sorted(sizes["milestone_id"])
    assert figure.layout.yaxis.type == "log"
    steps = {trace.name: trace for trace in figure.data}
    assert list(steps[f"Record, {CLOSED}"].y[:-1]) == list(sizes.loc[(sizes["openness"] == CLOSED) & sizes["record"], "value"])
    reached = sum(lag.until is not None for lag in arranged.lags)
    assert f"open weights reached {reached} of {len(arranged.lags)} closed records, half of those within" in records.title(arranged)


def test_sizes_of_one_sort_alone_say_so(tables: Tables) -> None:
    opened = openness.sizes(tables, rows(tables, openness=(OPEN,)), "parameters_total")
    arranged = records.arrange(opened, openness.lags(opened), scene.DESKTOP)
    assert records.title(arranged) == "Total parameters: no closed release in view states it"
    records.draw(arranged, palette("light"))
    closed = openness.sizes(tables, rows(tables, openness=(CLOSED,)), "parameters_total")
    arranged = records.arrange(closed, openness.lags(closed), scene.DESKTOP)
    assert records.title(arranged) == "Total parameters: no open-weight release in view reaches what closed ones state"
    assert "not reached" in records.finding(arranged)
    records.draw(arranged, palette("light"))


def test_licences_add_up_to_all_open_releases(found: pd.DataFrame) -> None:
    arranged = licences.arrange(openness.licences(found), scene.DESKTOP)
    figure = licences.draw(arranged, palette("light"))
    assert ids(figure) == sorted(found.loc[found["openness"] == OPEN, "milestone_id"])
    apache = int((found["licence"] == "Apache-2.0").sum())
    assert licences.title(arranged).startswith(f"Apache-2.0 is the licence of {apache} of {(found['openness'] == OPEN).sum()} open-weight releases")
