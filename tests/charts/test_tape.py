"""The figure says what the rows say: marks do not hide each other, lines end where data end, labels keep apart."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from tapeline import milestones, moves, package
from tapeline.charts import hover, labels, market, scene, tape, timeline
from tapeline.charts.tape import Tape
from tapeline.charts.theme import palette
from tapeline.market import snapshot
from tapeline.milestones import Tables
from tapeline.selection import Selection

Arrange = Callable[..., tuple[Tape, pd.DataFrame]]


@pytest.fixture(scope="module")
def arrange(tables: Tables) -> Arrange:
    histories = snapshot.load(package.SHIPPED)
    around = moves.around(tables, histories)

    def made(selection: Selection, tickers: list[str], benchmark: str | None = None, room: scene.Room = scene.DESKTOP) -> tuple[Tape, pd.DataFrame]:
        rows = milestones.select(tables, selection)
        return tape.arrange(tables, histories, around, rows, selection=selection, tickers=tickers, benchmark=benchmark, room=room), rows

    return made


def named(figure: go.Figure, name: str) -> list[Any]:
    return [trace for trace in figure.data if trace.name == name]


def test_every_milestone_has_exactly_one_mark(arrange: Arrange) -> None:
    arranged, rows = arrange(Selection(), ["NVDA"])
    marks = [mark for lane in arranged.lanes for mark in lane.marks]
    ids = [name for mark in marks for name in mark.ids]
    assert len(set(ids)) == len(ids) and set(ids) <= set(rows["milestone_id"])
    assert sum(mark.number for mark in marks) == len(rows)
    assert all(len(mark.ids) == min(mark.number, timeline.HELD) for mark in marks)
    assert len(arranged.lanes) == scene.DESKTOP.lanes
    about = rows.set_index("milestone_id")
    for mark in (mark for lane in arranged.lanes for mark in lane.marks if len(mark.ids) == 1):
        row = about.loc[mark.ids[0]]
        assert (mark.shape, mark.diameter) == (timeline.shape(row["kind"], row["openness"]), timeline.DIAMETER[row["importance"]])


def test_marks_of_one_milestone_do_not_touch(arrange: Arrange) -> None:
    arranged, _ = arrange(Selection(), ["NVDA"])
    scale = scene.DESKTOP.width / (arranged.end - arranged.start).days
    for lane in arranged.lanes:
        marks = [mark for mark in lane.marks if len(mark.ids) == 1]
        for one, other in itertools.combinations(marks, 2):
            apart = math.hypot((one.date - other.date).days * scale, one.y - other.y)
            assert apart >= (one.diameter + other.diameter) / 2, (one.ids, other.ids)


def test_counted_marks_keep_their_distance(arrange: Arrange) -> None:
    arranged, _ = arrange(Selection(), ["NVDA"])
    scale = scene.DESKTOP.width / (arranged.end - arranged.start).days
    for lane in arranged.lanes:
        counted = sorted((mark.date - arranged.start).days * scale for mark in lane.marks if len(mark.ids) > 1)
        assert all(later - earlier >= timeline.COUNTED - 1 for earlier, later in itertools.pairwise(counted)), lane.name


def test_lanes_follow_each_other_and_hold_their_marks(arrange: Arrange) -> None:
    arranged, _ = arrange(Selection(), ["NVDA"])
    edge = 0.0
    for lane in arranged.lanes:
        for mark in lane.marks:
            assert edge <= mark.y - mark.diameter / 2 and mark.y + mark.diameter / 2 <= edge + lane.height + 0.01
        edge += lane.height
    assert edge == pytest.approx(timeline.height(arranged.lanes))


def test_shapes_are_five() -> None:
    assert [timeline.shape(*pair) for pair in [("model_release", "closed"), ("model_release", "open_weights"), ("funding", "not_applicable"),
            ("adoption", "not_applicable"), ("policy", "not_applicable"), ("strategy", "open_weights")]] == [
            "release", "open", "money", "adoption", "else", "else"]  # fmt: skip


def test_deepseek_alone_has_one_lane_and_nvidia_falls_on_27_january(arrange: Arrange) -> None:
    arranged, rows = arrange(Selection(companies=("deepseek",)), ["NVDA"], "^GSPC")
    assert [lane.company_id for lane in arranged.lanes] == ["deepseek"]
    assert [line.ticker for line in arranged.market.lines] == ["NVDA", "^GSPC"]
    levels = arranged.market.lines[0].levels
    assert levels["2025-01-27"] / levels["2025-01-24"] - 1 == pytest.approx(-0.1697, abs=5e-5)
    assert "17 milestones" not in tape.finding(arranged, rows.head(3)) and "NVDA" in tape.finding(arranged, rows)


def test_the_lines_start_at_100_at_the_left_edge(arrange: Arrange) -> None:
    arranged, _ = arrange(Selection(start=dt.date(2025, 1, 1)), ["NVDA", "MSFT", "CRWV"])
    assert [line.levels.iloc[0] for line in arranged.market.lines] == [100, 100, 100]
    assert arranged.start == pd.Timestamp("2025-01-01")


def test_a_line_ends_where_its_data_end(arrange: Arrange) -> None:
    arranged, _ = arrange(Selection(start=dt.date(2026, 1, 1)), ["9984.T", "MSFT"])
    ends = {line.ticker: line.levels.index[-1] for line in arranged.market.lines}
    assert ends == {"9984.T": pd.Timestamp("2026-07-07"), "MSFT": pd.Timestamp("2026-08-21")}
    figure = tape.draw(arranged, palette("light"))
    assert list(named(figure, "Ends")[0].x) == list(ends.values())


def test_milestones_past_the_market_are_shaded(arrange: Arrange) -> None:
    arranged, _ = arrange(Selection(start=dt.date(2026, 1, 1)), ["MSFT"])
    figure = tape.draw(arranged, palette("dark"))
    shade = next(shape for shape in figure.layout.shapes if shape.type == "rect")
    assert (shade.x0, shade.x1) == (pd.Timestamp("2026-08-21"), arranged.end)
    assert arranged.end == pd.Timestamp("2026-10-06")


def test_both_halves_share_one_axis_and_event_lines_are_one_trace(arrange: Arrange) -> None:
    arranged, _ = arrange(Selection(companies=("openai",)), ["MSFT", "NVDA"])
    figure = tape.draw(arranged, palette("light"))
    assert {trace.xaxis for trace in figure.data} <= {None, "x"}
    lines = named(figure, "Milestones")
    assert len(lines) == 1
    assert len(lines[0].x) == 3 * len(arranged.market.lines_at) > 0
    low, high = figure.layout.yaxis2.domain
    assert low == 0 and high < figure.layout.xaxis.position < figure.layout.yaxis.domain[0] + 1e-9


def test_every_mark_carries_its_id_in_both_halves(arrange: Arrange) -> None:
    arranged, rows = arrange(Selection(companies=("openai",)), ["MSFT"])
    figure = tape.draw(arranged, palette("light"))
    ids = {
        name for trace in figure.data if trace.yaxis != "y2" and trace.customdata is not None for cell in trace.customdata for name in cell[0].split()
    }
    assert ids == set(rows["milestone_id"])
    on_lines = {cell[0] for cell in named(figure, "Milestones on shares")[0].customdata}
    assert on_lines and on_lines <= ids


def test_labels_keep_apart_and_name_the_change(arrange: Arrange) -> None:
    arranged, _ = arrange(Selection(), ["NVDA", "MSFT", "META", "AMZN", "GOOGL", "ORCL"], "^GSPC")
    notes, _ = market.end_labels(arranged.market, arranged.end, tape.MARKET_HEIGHT, palette("light"))
    low, high = map(market.scale(arranged.market), market.axis_range(arranged.market))
    places = sorted((note["y"] - low) / (high - low) * tape.MARKET_HEIGHT for note in notes)
    assert all(later - earlier >= labels.HEIGHT - 0.01 for earlier, later in itertools.pairwise(places))
    assert notes[0]["text"].startswith("NVDA ×")
    assert notes[-1]["text"].startswith("S&amp;P 500 ")


def test_a_narrow_screen_has_no_lanes_and_at_most_five_lines(arrange: Arrange, tables: Tables) -> None:
    rows = milestones.select(tables, Selection())
    tickers = milestones.most_related(tables, rows, scene.PHONE.lines)
    arranged, _ = arrange(Selection(), tickers, None, scene.PHONE)
    assert arranged.lanes == ()
    assert len(arranged.market.lines) <= 5
    figure = tape.draw(arranged, palette("light"))
    assert figure.layout.dragmode is False and figure.layout.showlegend is False


def test_seven_weeks_have_more_than_one_date_on_the_axis() -> None:
    assert [words for _, words in tape.ticks(pd.Timestamp("2025-01-06"), pd.Timestamp("2025-02-28"), 7)] == ["6 Jan", "20 Jan", "3 Feb", "17 Feb"]


@pytest.mark.parametrize(
    ("start", "end"), [("2018-10-01", "2026-10-06"), ("2025-01-01", "2025-03-01"), ("2025-01-01", "2025-01-20"), ("2023-01-01", "2026-01-01")]
)
def test_ticks_fit_and_lie_in_the_range(start: str, end: str) -> None:
    for most in (4, 8, 12):
        found = tape.ticks(pd.Timestamp(start), pd.Timestamp(end), most)
        assert 1 <= len(found) <= most
        assert all(pd.Timestamp(start) <= at <= pd.Timestamp(end) for at, _ in found)


def test_one_milestone_alone_can_be_drawn(arrange: Arrange) -> None:
    day = dt.date(2025, 1, 20)
    arranged, rows = arrange(Selection(companies=("deepseek",), start=day, end=day), ["NVDA"])
    assert len(rows) == 1
    tape.draw(arranged, palette("light"))


def test_no_share_at_all_can_be_drawn(arrange: Arrange) -> None:
    arranged, _ = arrange(Selection(companies=("deepseek",)), [])
    assert arranged.market.lines == ()
    tape.draw(arranged, palette("light"))


def test_text_with_tags_is_shown_and_not_read(base: Path, edit: Callable[[str, str, str], int]) -> None:
    edit("milestones", "DeepSeek releases the R1 reasoning model", "<b>bold</b> <script>alert(1)</script> R1")
    tables = milestones.load(base)
    assert tables.faults == ()
    rows = milestones.select(tables, Selection(companies=("deepseek",)))
    made = scene.Scene(tables, rows, hover.texts(tables), rows["date"].min(), rows["date"].max(), scene.DESKTOP)
    hovers = "".join(mark.hover for lane in timeline.lanes(made) for mark in lane.marks)
    assert "&lt;script&gt;" in hovers and "<script>" not in hovers
