"""The adoption charts: one metric each, doubt and ranges drawn as such, one look a product."""

from __future__ import annotations

import pandas as pd
import pytest

from tapeline import adoption as taken_up
from tapeline.charts import adoption, scene
from tapeline.charts.adoption import Adoption
from tapeline.charts.theme import palette
from tapeline.milestones import Tables

LIGHT = palette("light")
HALF = scene.DESKTOP._replace(width=340)


def of(tables: Tables, rows: pd.DataFrame, metric: str) -> pd.DataFrame:
    found = taken_up.figures(tables, rows)
    return found[found["metric_id"] == metric].reset_index(drop=True)


def arranged(tables: Tables, metric: str, room: scene.Room = HALF) -> Adoption:
    found = of(tables, tables.milestones, metric)
    return adoption.arrange(found, (found["date"].min(), found["date"].max()), room)


def test_every_figure_has_a_mark_and_every_product_a_name(tables: Tables) -> None:
    for metric in taken_up.metrics(taken_up.figures(tables, tables.milestones)):
        made = arranged(tables, metric)
        figure = adoption.draw(made, LIGHT)
        ids = [cell[0] for trace in figure.data if trace.customdata is not None for cell in trace.customdata]
        assert sorted(ids) == sorted(of(tables, tables.milestones, metric)["milestone_id"])
        assert len(figure.layout.annotations) == len(made.lines)


def test_approximate_figures_are_hollow(tables: Tables) -> None:
    found = of(tables, tables.milestones, "weekly_active_users").set_index("milestone_id")["approximate"]
    for trace in adoption.draw(arranged(tables, "weekly_active_users"), LIGHT).data:
        if trace.customdata is not None:
            for cell, colour in zip(trace.customdata, trace.marker.color, strict=True):
                assert (colour == LIGHT.paper) == bool(found[cell[0]])


def test_a_range_is_drawn_as_one(tables: Tables) -> None:
    found = of(tables, tables.milestones, "cumulative_downloads")
    found = found.assign(low=found["low"].where(found.index != 2, 9e7), high=found["high"].where(found.index != 2, 2e9))
    figure = adoption.draw(adoption.arrange(found, (found["date"].min(), found["date"].max()), HALF), LIGHT)
    ranges = next(trace for trace in figure.data if trace.name == "Ranges")
    assert list(ranges.y) == [9e7, 2e9, None]
    assert figure.layout.yaxis.range[1] > 2e9


def test_no_two_products_of_a_chart_look_alike(tables: Tables) -> None:
    for metric in ("monthly_active_users", "cumulative_downloads", "weekly_active_users"):
        made = arranged(tables, metric)
        looks = [(LIGHT.company(line.company_id), line.stroke) for line in made.lines]
        assert len(set(looks)) == len(looks), metric


def test_the_axis_starts_at_zero_and_turns_logarithmic_for_what_would_vanish(tables: Tables) -> None:
    assert not arranged(tables, "weekly_active_users").scale.log
    found = of(tables, tables.milestones, "cumulative_downloads")
    tiny = found.assign(value=found["value"].where(found["counted"] != "Gemma", found["value"] / 1e5))
    made = adoption.arrange(tiny, (found["date"].min(), found["date"].max()), HALF)
    assert made.scale.log
    assert "logarithmic" in adoption.finding(made)


def test_the_title_states_where_the_largest_product_came_from_and_got_to(tables: Tables) -> None:
    title = adoption.title(arranged(tables, "cumulative_downloads")).replace("\u202f", " ")
    assert title == "Cumulative downloads: Llama from 300 M in July 2024 to 1.2 bn in April 2025"
    one = of(tables, tables.milestones, "downloads_6_months")
    made = adoption.arrange(one, (one["date"].min() - pd.Timedelta(days=30), one["date"].max()), scene.PHONE)
    assert adoption.title(made).replace("\u202f", " ") == "Downloads in six months: Qwen at 3 bn in August 2026"


def test_from_launch_the_first_figure_at_the_round_number_is_named(tables: Tables) -> None:
    aligned = taken_up.since_launch(tables, of(tables, tables.milestones, "cumulative_downloads"))
    made = adoption.arrange(aligned, (0, 1000), HALF, aligned=True)
    assert made.scale.log
    assert adoption.title(made).replace("\u202f", " ") == "Cumulative downloads: Llama at 1 bn within 753 days of launch"
    line = next(trace for trace in adoption.draw(made, LIGHT).data if trace.name == "Llama")
    assert list(line.x) == list(aligned[aligned["counted"] == "Llama"]["days"])


@pytest.mark.parametrize("room", [HALF, scene.PHONE])
def test_a_very_long_product_name_is_cut_and_stays_whole_in_the_hover(tables: Tables, room: scene.Room) -> None:
    found = of(tables, tables.milestones, "downloads_6_months").assign(counted="A product with a very long name indeed <b>")
    figure = adoption.draw(adoption.arrange(found, (found["date"].min() - pd.Timedelta(days=9), found["date"].max()), room), LIGHT)
    assert len(figure.layout.annotations[0].text) <= adoption.LETTERS + 1
    hover = next(trace for trace in figure.data if trace.hovertext is not None).hovertext[0]
    assert "very long name indeed &lt;b&gt;" in hover
