"""The charts of the reactions: what they keep, what they say, where their marks stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tapeline.charts import heat, placebo, reaction, scene, spread, theme

LIGHT = theme.palette("light")
DAYS = np.arange(-2, 4)


def line(label: str, *values: float, band: bool = False) -> reaction.Line:
    value = np.array(values)
    return reaction.Line(label, "", DAYS, value, value - 0.02 if band else None, value + 0.02 if band else None)


def test_a_path_has_its_band_its_window_and_its_name() -> None:
    shown = reaction.arrange(
        line("NVDA", 0, 0.01, -0.13, -0.12, -0.1, -0.11, band=True), [line("AMD", 0, 0, -0.05, -0.05, -0.04, -0.04)], (-1, 1), scene.DESKTOP
    )
    figure = reaction.draw(shown, LIGHT)
    names = [trace.name for trace in figure.data]
    assert names == ["Leaders", "AMD", "Band", "NVDA"]
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == (-1.5, 1.5)
    assert figure.data[-1].y.tolist() == pytest.approx([0, 1, -13, -12, -10, -11])
    assert [note.text for note in figure.layout.annotations] == ["AMD −4.0\u202f%", "NVDA −11.0\u202f%"]
    assert reaction.title(shown) == "NVDA: −11.0\u202f% beyond the market from day −2 to day +3"
    assert reaction.finding(shown).startswith("Cumulated abnormal return of NVDA: −12.0\u202f% from day −1 to day +1.")


def test_thin_paths_are_no_more_than_the_eye_can_follow_and_have_no_names() -> None:
    many = [line("", *np.full(6, at / 1000)) for at in range(300)]
    shown = reaction.arrange(line("All", *np.zeros(6)), many, (0, 0), scene.PHONE)
    figure = reaction.draw(shown, LIGHT)
    assert len(shown.others) == reaction.MOST_THIN
    assert [trace.name for trace in figure.data] == ["Leaders", "Events", "All"]
    assert np.isnan(figure.data[1].y).sum() == reaction.MOST_THIN
    assert [note.text for note in figure.layout.annotations] == ["All 0.0\u202f%"]


def test_the_placebo_counts_every_session_and_marks_the_event() -> None:
    effects = np.linspace(-0.1, 0.1, 201)
    shown = placebo.arrange(effects, -0.095, 10, scene.DESKTOP)
    figure = placebo.draw(shown, LIGHT)
    assert shown.all == 201
    assert sum(figure.data[0].y) == 201
    assert figure.layout.shapes[0].x0 == pytest.approx(-9.5)
    assert placebo.title(shown) == "10 sessions of 201 others saw as large a move"
    assert placebo.title(placebo.arrange(effects, 0.2, 0, scene.DESKTOP)) == "None of 201 other sessions saw as large a move"


def cloud(label: str, mean: float, low: float, high: float, number: int = 5) -> spread.Cloud:
    return spread.Cloud(label, np.linspace(mean - 0.05, mean + 0.05, number), ("words",) * number, ("an-id",) * number, mean, low, high)


def test_groups_stand_in_order_of_their_mean_and_the_finding_is_the_surest() -> None:
    shown = spread.arrange([cloud("Closed", -0.01, -0.03, 0.01), cloud("Open weights", 0.02, 0.01, 0.03)], scene.DESKTOP)
    assert [one.label for one in shown.clouds] == ["Open weights", "Closed"]
    assert spread.title(shown) == "Open weights: +2.0\u202f% on average, the furthest from zero"
    figure = spread.draw(shown, LIGHT)
    assert [list(cell) for cell in figure.data[0].customdata] == [["an-id"]] * 10
    assert "interval −3.00\u202f% to +1.00\u202f%, 5 events" in spread.finding(shown)


def test_a_crowd_keeps_its_furthest_events_and_an_even_part_of_the_rest() -> None:
    cars = np.random.default_rng(0).normal(size=1000)
    kept = spread.seen(cars)
    assert len(set(kept)) == len(kept) == spread.MOST_DOTS
    assert set(np.argsort(cars)[[*range(5), *range(-5, 0)]]) <= set(kept)
    assert np.median(cars[kept]) == pytest.approx(np.median(cars), abs=0.02)
    assert sorted(spread.seen(cars[:20])) == list(range(20))


def test_groups_that_hold_zero_are_not_called_different() -> None:
    assert spread.title(spread.arrange([cloud("Closed", -0.01, -0.03, 0.01)], scene.DESKTOP)) == "No group differs from zero beyond its interval"


def test_a_far_event_stands_at_the_edge() -> None:
    far = spread.Cloud("A", np.array([*np.zeros(99), 10.0]), ("w",) * 100, ("i",) * 100, 0.1, 0.0, 0.2)
    shown = spread.arrange([far], scene.DESKTOP)
    assert max(spread.draw(shown, LIGHT).data[0].x) == pytest.approx(shown.span[1] * 100)


def test_the_heat_map_has_a_cell_for_each_measured_pair() -> None:
    events = pd.DataFrame({
        "milestone_id": ["a", "a", "b"], "ticker": ["NVDA", "AMD", "NVDA"], "car": [-0.13, -0.05, np.nan], "importance": [3, 3, 2],
        "date": pd.to_datetime(["2025-01-27", "2025-01-27", "2025-02-03"]),
    })  # fmt: skip
    shown = heat.arrange(events, {"a": "The fall", "b": "Another"}, scene.DESKTOP)
    assert list(shown.cells.index) == ["a"]
    figure = heat.draw(shown, LIGHT)
    assert figure.data[0].customdata.tolist() == [["a", "a"]]
    assert heat.title(shown, "Closed") == "Closed: of what is drawn NVDA moved furthest, −13.0\u202f% at “The fall”"
    assert heat.finding(shown) == "1 milestone and 2 shares; the largest is NVDA at “The fall”: −13.0\u202f%."


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_cell_of_the_heat_map_can_be_read(mode: theme.Mode) -> None:
    events = pd.DataFrame({"milestone_id": ["a"], "ticker": ["NVDA"], "car": [-0.13], "importance": [3], "date": [pd.Timestamp("2025-01-27")]})
    cells = heat.draw(heat.arrange(events, {"a": "The fall"}, scene.DESKTOP), theme.palette(mode)).data[0]
    for _, colour in cells.colorscale:
        assert theme.contrast(cells.textfont.color, colour) >= theme.LEGIBLE
