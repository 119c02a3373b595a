"""Labels hide neither each other nor a mark, and stay in the plot."""

from __future__ import annotations

import itertools

from tapeline.charts import labels
from tapeline.charts.labels import End, Spot
from tapeline.charts.theme import palette


def box(spot: Spot, place: tuple[float, float, float]) -> tuple[float, float, float, float]:
    wide = len(spot.text) * labels.CHARACTER / 2
    return (spot.x + place[0] - wide, spot.y + place[1] - 7, spot.x + place[0] + wide, spot.y + place[1] + 7)


def test_labels_beside_marks_keep_apart_and_inside() -> None:
    spots = [Spot(300 + at * 6, 150 + at * 4, 10 + at, f"Company {at} 10 bn") for at in range(12)]
    found = labels.beside(spots, range(12), 600, 300)
    assert len(found) >= 6
    boxes = [box(spots[at], place) for at, place in found.items()]
    for one, other in itertools.combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    assert all(left >= 0 and low >= 0 and right <= 600 and high <= 300 for left, low, right, high in boxes)


def test_labels_on_a_level_stand_close_to_the_left_or_right_of_their_marks() -> None:
    spots = [Spot(300 + at * 6, 150 + at * 14, 8, f"Company {at} 10 bn") for at in range(8)]
    found = labels.beside(spots, range(8), 600, 300, level=True)
    assert found and all(above == 0 and distance < labels.FAR for _, above, distance in found.values())


def test_a_label_without_room_is_left_out() -> None:
    assert labels.beside([Spot(10, 10, 5, "a text that is much too long for this")], [0], 60, 20) == {}


def test_names_at_line_ends_keep_apart_on_both_kinds_of_axis() -> None:
    ends = [End(f"line {at}", at, 100.0 + at, "#000000") for at in range(5)]
    for log, span in ((False, (0.0, 200.0)), (True, (1.0, 3.0))):
        notes, leaders = labels.at_ends(ends, 9, palette("light"), span=span, height=300, log=log)
        places = sorted((note["y"] - span[0]) / (span[1] - span[0]) * 300 for note in notes)
        assert all(later - earlier >= labels.HEIGHT - 0.01 for earlier, later in itertools.pairwise(places))
        assert [note["text"] for note in notes] == [end.text for end in ends]
        assert list(leaders.x)[:2] == [0, 9]


def test_markup_in_a_name_is_shown_and_not_run() -> None:
    notes, _ = labels.at_ends([End("<b>x</b>", 0, 1.0, "#000000")], 1, palette("light"), span=(0.0, 2.0), height=100, log=False)
    assert notes[0]["text"] == "&lt;b&gt;x&lt;/b&gt;"
