"""Very many milestones: the chart stays of a size, keeps the most important, and says what it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import made_up
from tapeline import milestones, moves
from tapeline.charts import market, scene, tape, timeline, wire
from tapeline.charts.tape import Tape
from tapeline.charts.theme import palette
from tapeline.market import snapshot
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tapeline.ui import chart, lists

TIMES = 10


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tables, Tape]:
    base = made_up.folder(Path(tmp_path_factory.mktemp("many")) / "data", TIMES)
    tables, histories = milestones.load(base), snapshot.load(base)
    rows = milestones.select(tables, Selection())
    shares = milestones.most_related(tables, rows, scene.DESKTOP.lines)
    around = moves.around(tables, histories)
    return tables, tape.arrange(tables, histories, around, rows, selection=Selection(), tickers=shares, benchmark=None, room=scene.DESKTOP)


def test_every_milestone_is_in_one_mark_and_lanes_hold_so_many(many: tuple[Tables, Tape]) -> None:
    tables, drawn = many
    assert sum(mark.number for lane in drawn.lanes for mark in lane.marks) == len(tables.milestones)
    for lane in drawn.lanes:
        single = [mark for mark in lane.marks if mark.number == 1 and mark.y - lane.y <= timeline.REACH]
        assert len(single) <= scene.DESKTOP.width / timeline.CROWDED, lane.name
    assert any(mark.number > timeline.HELD for lane in drawn.lanes for mark in lane.marks)


def test_a_mark_of_very_many_holds_the_most_important_and_says_so(many: tuple[Tables, Tape]) -> None:
    tables, drawn = many
    importance = dict(zip(tables.milestones["milestone_id"], tables.milestones["importance"], strict=True))
    largest = max((mark for lane in drawn.lanes for mark in lane.marks), key=lambda mark: mark.number)
    assert len(largest.ids) == timeline.HELD
    assert f"{largest.number} milestones" in largest.hover
    assert f"A click lists the {timeline.HELD} most important; fewer dates show the others." in largest.hover
    assert min(importance[name] for name in largest.ids) >= 2


def test_markers_that_would_lie_under_another_are_left_out_and_counted(many: tuple[Tables, Tape]) -> None:
    _, drawn = many
    lines, width = len(drawn.market.lines), int(scene.DESKTOP.width / market.MARKER[3])
    assert drawn.market.least == 3 and drawn.market.left > 0
    assert len(drawn.market.markers) <= lines * width
    assert f"{drawn.market.left} that would lie under another are left out" in chart._note(drawn)


def test_event_lines_go_through_the_whole_time(many: tuple[Tables, Tape]) -> None:
    tables, drawn = many
    at = sorted(drawn.market.lines_at)
    assert len(set(at)) == market.MOST_EVENT_LINES
    reach = tables.milestones.loc[tables.milestones["importance"] == 3, "date"]
    assert (at[0], at[-1]) == (reach.min(), reach.max())


def test_what_travels_hardly_grows(many: tuple[Tables, Tape], tables: Tables) -> None:
    _, drawn = many
    rows = milestones.select(tables, Selection())
    histories = snapshot.load(tables.book.base)
    shares = milestones.most_related(tables, rows, scene.DESKTOP.lines)
    once = tape.arrange(tables, histories, moves.around(tables, histories), rows, selection=Selection(), tickers=shares, benchmark=None,
                        room=scene.DESKTOP)  # fmt: skip
    sizes = [len(wire.pack(tape.draw(one, palette("light")), {})) for one in (once, drawn)]
    assert sizes[1] < 2.5 * sizes[0]


def test_the_table_holds_the_newest(many: tuple[Tables, Tape]) -> None:
    tables, _ = many
    rows = milestones.select(tables, Selection())
    ids, shown = lists._newest(tables, rows), lists._readable(tables, rows)
    assert ids == tuple(rows["milestone_id"].iloc[: -lists.MOST - 1 : -1])
    titles = dict(zip(rows["milestone_id"], rows["title"], strict=True))
    assert shown["What happened"].to_pylist() == [titles[name] for name in ids]
