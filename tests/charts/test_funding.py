"""The charts of the funding page: areas are amounts, kinds of money have shapes, and titles state what the rows say."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from tapeline import funding, milestones, package
from tapeline.charts import listings, named, rounds, scene, totals, valuations
from tapeline.charts.theme import palette
from tapeline.market import snapshot
from tapeline.milestones import Tables
from tapeline.selection import Selection

ROOMS = [scene.DESKTOP, scene.TABLET, scene.PHONE]
LIGHT = palette("light")


@pytest.fixture(scope="module")
def found(tables: Tables) -> pd.DataFrame:
    return funding.rounds(tables, tables.milestones)


def of(tables: Tables, *companies: str) -> pd.DataFrame:
    return milestones.select(tables, Selection(companies=companies))


def test_every_amount_has_a_mark_of_its_kind_and_area(found: pd.DataFrame) -> None:
    arranged = rounds.arrange(found, scene.DESKTOP)
    assert len(arranged.marks) == len(found)
    figure = rounds.draw(arranged, LIGHT)
    drawn = [cell[0] for trace in figure.data for cell in (trace.customdata if trace.customdata is not None else [])]
    assert sorted(drawn) == sorted(found["milestone_id"])
    large = [mark for mark in arranged.marks if mark.value > 2e10]
    areas = [mark.size**2 * rounds.SHAPES[mark.metric_id][1] / mark.value for mark in large]
    assert max(areas) / min(areas) == pytest.approx(1)


def test_each_kind_of_money_has_a_shape_of_its_own_and_words_for_it() -> None:
    assert set(rounds.SHAPES) == set(rounds.SAID) == set(rounds.WORDS) == set(funding.ROUNDS)
    assert len({symbol for symbol, _ in rounds.SHAPES.values()}) == len(rounds.SHAPES)


def test_the_largest_amounts_are_named(found: pd.DataFrame) -> None:
    for room in ROOMS:
        arranged = rounds.arrange(found, room)
        assert 0 in arranged.names and len(arranged.names) >= (2 if room.width < rounds.TIGHT else 3)
        words = [note.text for note in rounds.draw(arranged, LIGHT).layout.annotations]
        assert any("122" in text for text in words)


def test_where_it_is_tight_each_company_is_named_once(found: pd.DataFrame) -> None:
    for room in (scene.TABLET, scene.PHONE):
        arranged = rounds.arrange(found, room)
        named = [arranged.marks[at].company_id for at in arranged.names]
        assert len(set(named)) == len(named) <= rounds.NAMED_TIGHT


def test_the_hover_says_who_led(found: pd.DataFrame) -> None:
    hovers = {mark.milestone_id: mark.hover for mark in rounds.arrange(found, scene.DESKTOP).marks}
    assert "<br>Led by ICONIQ, Fidelity and Lightspeed" in hovers["anthropic-series-f"]
    assert "Led by" not in hovers["anthropic-series-g"]


def test_the_title_of_the_rounds_is_computed(found: pd.DataFrame) -> None:
    announced = found[found["metric_id"] == "equity_announced"]["value"].sort_values(ascending=False)
    assert f"{announced.head(5).sum() / announced.sum():.0%}".rstrip("%") in rounds.title(found)
    one = found[found["milestone_id"] == "anthropic-series-g"]
    assert rounds.title(one).replace("\u202f", " ") == "Anthropic: 30 bn USD, announced"
    assert "reported" in rounds.title(found[found["metric_id"] == "equity_reported"])


def test_one_round_and_amounts_ten_thousand_times_apart_are_drawn(found: pd.DataFrame) -> None:
    one = found.head(1)
    assert len(rounds.draw(rounds.arrange(one, scene.PHONE), LIGHT).layout.annotations) == 1
    two = found.head(2).assign(value=[1e6, 1e10])
    arranged = rounds.arrange(two, scene.DESKTOP)
    assert min(mark.size for mark in arranged.marks) >= rounds.LEAST * 0.9
    assert arranged.scale.low < 6 and arranged.scale.high > 10


def test_a_range_is_drawn_as_one(found: pd.DataFrame) -> None:
    figure = rounds.draw(rounds.arrange(found, scene.DESKTOP), LIGHT)
    ranges = next(trace for trace in figure.data if trace.name == "Ranges")
    assert len([level for level in ranges.y if level is not None]) == 2 * found["low"].notna().sum() > 0


def test_a_line_joins_post_money_valuations_alone(tables: Tables) -> None:
    values = funding.valuations(tables, of(tables, "openai"))
    arranged = valuations.arrange(values, scene.DESKTOP)
    line = next(trace for trace in valuations.draw(arranged, LIGHT).data if trace.name == "OpenAI")
    assert line.line.shape == "hv"
    assert list(line.y) == list(values[values["metric_id"] == "post_money_valuation"]["value"])
    others = set(values["metric_id"]) - {"post_money_valuation"}
    assert {"pre_money_valuation", "share_sale_valuation"} == others


def test_approximate_and_reported_valuations_are_hollow(tables: Tables) -> None:
    values = funding.valuations(tables, tables.milestones)
    arranged = valuations.arrange(values, scene.DESKTOP)
    firm = {value.milestone_id: value.firm for ladder in arranged.ladders for value in ladder.values}
    for row in values.itertuples():
        if row.metric_id == "post_money_valuation":
            assert firm[row.milestone_id] == (not row.approximate and not row.reported)
    marks = next(trace for trace in valuations.draw(arranged, LIGHT).data if trace.name == "Post-money valuation" and trace.customdata is not None)
    hollow = {cell[0] for cell, colour in zip(marks.customdata, marks.marker.color, strict=True) if colour == LIGHT.paper}
    assert "perplexity-9-billion-talks" in hollow and "anthropic-series-e" not in hollow


def test_a_merger_is_not_taken_for_the_highest_valuation(tables: Tables) -> None:
    values = funding.valuations(tables, tables.milestones)
    post = values[values["metric_id"] == "post_money_valuation"].groupby("company")["value"].last()
    assert valuations.title(valuations.arrange(values, scene.DESKTOP)).startswith(str(post.idxmax()))
    xai = funding.valuations(tables, of(tables, "xai"))
    assert "merger" in valuations.title(valuations.arrange(xai, scene.DESKTOP))


def test_the_columns_of_the_totals_add_up_to_the_sums(tables: Tables, found: pd.DataFrame) -> None:
    table = funding.totals(found, "equity_announced")
    arranged = totals.arrange(table, tables.names, "Equity announced", found["date"].max(), scene.DESKTOP)
    for at, total in enumerate(arranged.sums):
        assert sum(part.amounts[at] for part in arranged.parts) == pytest.approx(total)
    assert arranged.parts[-1].company_id == totals.OTHERS
    assert len(arranged.parts) == totals.OWN + 1
    bars = [trace for trace in totals.draw(arranged, LIGHT).data if trace.type == "bar"]
    assert len(bars) == len(arranged.parts)


def test_the_year_that_is_not_over_says_so(tables: Tables, found: pd.DataFrame) -> None:
    table = funding.totals(found, "equity_announced")
    last = pd.Timestamp("2026-09-09")
    assert "in 2026 up to September" in totals.title(totals.arrange(table, tables.names, "Equity announced", last, scene.PHONE))
    alone = table[[2026]]
    assert totals.title(totals.arrange(alone, tables.names, "Equity announced", last, scene.PHONE)).endswith("up to September")


def test_bars_count_rounds_and_open_them(tables: Tables, found: pd.DataFrame) -> None:
    table = funding.named(tables, found)
    arranged = named.arrange(table, found["milestone_id"].nunique(), scene.DESKTOP)
    bar = named.draw(arranged, LIGHT).data[0]
    for cell, rounds_named in zip(bar.customdata, bar.x, strict=True):
        assert len(cell[0].split()) == rounds_named
    assert named.title(arranged).startswith(f"NVIDIA is named in {table['rounds'].iloc[0]} of")
    tied = named.arrange(table[table["rounds"] == 1].head(3), 9, scene.PHONE)
    assert "are each named in 1 of 9 rounds" in named.title(tied)


def test_listings_start_at_100_and_end_where_their_data_end(tables: Tables) -> None:
    listed = funding.listings(tables, tables.milestones, snapshot.load(package.SHIPPED))
    arranged = listings.arrange(listed, scene.DESKTOP)
    assert {one.company_id for one in listed} - {one.company_id for one in arranged.paths} == {"minimax", "sk-hynix"}
    figure = listings.draw(arranged, LIGHT)
    for one in arranged.paths:
        line = next(trace for trace in figure.data if trace.name == one.ticker)
        assert line.y[0] == 100
        assert line.x[-1] == f"{one.path.index[-1]:%Y-%m-%d}"
    looks = [(trace.line.color, trace.line.dash) for trace in figure.data if trace.name in {one.ticker for one in arranged.paths}]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("room", ROOMS)
def test_every_chart_says_in_words_what_it_shows(tables: Tables, found: pd.DataFrame, room: scene.Room) -> None:
    values = valuations.arrange(funding.valuations(tables, tables.milestones), room)
    assert "OpenAI 852" in valuations.finding(values).replace("\u202f", " ")
    assert f"{len(found)} amounts" in rounds.finding(found)
    table = funding.totals(found, "equity_announced")
    assert "OpenAI" in totals.finding(totals.arrange(table, tables.names, "Equity announced", found["date"].max(), room))
    assert not math.isnan(values.scale.low)
