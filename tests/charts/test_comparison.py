"""The comparison's figure says what its lines say, in each mode."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from tapeline import milestones
from tapeline.charts import comparison, hover, labels, scene
from tapeline.charts.comparison import Base, Comparison, Line
from tapeline.charts.scene import Scene
from tapeline.charts.theme import palette
from tapeline.milestones import Tables
from tapeline.selection import Selection

DAYS = pd.bdate_range("2025-01-01", "2025-06-30")


def line(ticker: str, first: float, last: float, company: str = "", **more: Any) -> Line:
    return Line(ticker, f"{ticker} Inc", company, pd.Series(np.linspace(first, last, len(DAYS)), index=DAYS), **more)


def made(
    tables: Tables,
    lines: list[Line],
    mode: comparison.Mode = "start",
    room: scene.Room = scene.DESKTOP,
    selection: Selection | None = None,
    **more: Any,
) -> Comparison:
    rows = milestones.select(tables, selection or Selection(companies=("deepseek",)))
    rows = rows[rows["date"].between(DAYS[0], DAYS[-1])].reset_index(drop=True)
    view = Scene(tables, rows, hover.texts(tables), DAYS[0], DAYS[-1], room)
    return comparison.arrange(lines, mode, view, log=more.pop("log", False), **more)


def ids(figure: go.Figure) -> list[str]:
    return sorted(name for trace in figure.data if trace.yaxis == "y2" and trace.customdata is not None for cell in trace.customdata
                  for name in cell[0].split())  # fmt: skip


@pytest.mark.parametrize("room", [scene.DESKTOP, scene.LAPTOP, scene.TABLET, scene.PHONE])
def test_every_milestone_of_the_scene_stands_beneath(tables: Tables, room: scene.Room) -> None:
    several = Selection(companies=("deepseek", "meta", "openai", "nvidia", "xai", "google"))
    drawn = made(tables, [line("NVDA", 100, 120, "nvidia")], room=room, selection=several)
    figure = comparison.draw(drawn, palette("light"))
    rows = milestones.select(tables, several)
    assert ids(figure) == sorted(rows.loc[rows["date"].between(DAYS[0], DAYS[-1]), "milestone_id"])
    assert len(drawn.lanes) <= comparison.LANES
    low, high = figure.layout.yaxis.domain
    assert figure.layout.yaxis2.domain[1] < figure.layout.xaxis.position < low < high == 1


@pytest.mark.parametrize(("mode", "first", "last"), [("start", 100, 100), ("start", 100, 100.4), ("start", 100, 1_000_000), ("drawdown", 0, -0.004),
                                                     ("drawdown", 0, -0.9), ("relative", 100, 0.002)])  # fmt: skip
def test_no_two_numbers_of_the_axis_look_alike(tables: Tables, mode: comparison.Mode, first: float, last: float) -> None:
    drawn = made(tables, [line("NVDA", first, last)], mode)
    numbers = comparison.draw(drawn, palette("light")).layout.yaxis.ticktext
    assert len(numbers) >= 2 and len(set(numbers)) == len(numbers), numbers


def test_the_title_names_best_and_worst_and_the_benchmark(tables: Tables) -> None:
    lines = [line("NVDA", 100, 150, "nvidia"), line("INTC", 100, 80, "intel"), line("^GSPC", 100, 110, quiet=True)]
    assert comparison.title(made(tables, lines)).replace("\u202f", " ") == "Since 1 January 2025: NVDA +50 %, INTC −20 %; ^GSPC Inc +10 %"


def test_a_share_that_began_later_is_not_ranked(tables: Tables) -> None:
    late = line("CRWV", 100, 900)
    lines = [line("NVDA", 100, 150, "nvidia"), late._replace(values=late.values.iloc[40:] / late.values.iloc[40] * 100)]
    assert comparison.title(made(tables, lines)).replace("\u202f", " ") == "Since 1 January 2025: NVDA +50 %"


def test_the_title_of_each_other_mode(tables: Tables) -> None:
    fallen = line("INTC", 0, -0.4, "intel")
    said = {
        comparison.title(made(tables, [fallen, line("NVDA", 0, -0.1, "nvidia")], "drawdown")):
            "INTC fell furthest: −40 % from its peak, on 30 June 2025; −40 % at the end",
        comparison.title(made(tables, [line("NVDA", 100, 150, "nvidia")], "relative", unit="S&P 500")):
            "Since 1 January 2025: NVDA +50 % against S&P 500",
        comparison.title(made(tables, [line("NVDA", 100, 181.2, "nvidia")], "price", unit="USD")): "NVDA 181.20 USD at the last close",
        comparison.title(made(tables, [line("NVDA", 100, 228, "nvidia")], "milestone", base=Base("R1", DAYS[0]))):
            "Five sessions from the close before “R1”: NVDA +5.0 %; by 30 June 2025 ×2.3",
    }  # fmt: skip
    for title, expected in said.items():
        assert title.replace("\u202f", " ") == expected


def test_the_base_is_a_line_with_its_day(tables: Tables) -> None:
    drawn = made(tables, [line("NVDA", 90, 130, "nvidia")], "milestone", base=Base("R1", DAYS[12]))
    figure = comparison.draw(drawn, palette("light"))
    assert [shape.x0 for shape in figure.layout.shapes if shape.y1 == 1 and shape.yref == "y domain"] == [DAYS[12]]
    assert any(note.text == f"100 at the close of {DAYS[12]:%Y-%m-%d}" for note in figure.layout.annotations)


def test_a_value_ten_thousand_times_the_others_takes_a_logarithmic_axis(tables: Tables) -> None:
    lines = [line("A", 100, 1_000_000), line("B", 100, 90)]
    assert comparison.wants_log(lines, "start")
    assert not comparison.wants_log([line("A", 0, -0.5)], "drawdown")
    drawn = made(tables, lines, log=True)
    figure = comparison.draw(drawn, palette("light"))
    assert figure.layout.yaxis.type == "log"
    assert all(drawn.scale.low <= np.log10(value) <= drawn.scale.high for value in drawn.scale.values)


def test_ends_keep_apart_and_shares_without_a_colour_have_dashes(tables: Tables) -> None:
    drawn = made(tables, [line(name, 100, 120) for name in "ABCD"])
    figure = comparison.draw(drawn, palette("light"))
    notes = [note for note in figure.layout.annotations if note.xref == "paper"]
    low, high = drawn.scale[:2]
    places = sorted((note.y - low) / (high - low) * comparison.HEIGHT for note in notes)
    assert all(later - earlier >= labels.HEIGHT - 0.01 for earlier, later in itertools.pairwise(places))
    dashes = {trace.name: trace.line.dash for trace in figure.data if trace.name in "ABCD"}
    assert len(set(dashes.values())) == 4


def test_one_flat_point_and_no_milestone_can_be_drawn(tables: Tables) -> None:
    flat = Line("A", "A", "", pd.Series([100.0], index=DAYS[:1]))
    drawn = made(tables, [flat], selection=Selection(text="zebra unicorn"))
    figure = comparison.draw(drawn, palette("dark"))
    assert not figure.layout.showlegend
    assert comparison.finding(drawn)
