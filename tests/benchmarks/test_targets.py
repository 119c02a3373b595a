"""The targets: what is met, what is missed, and the table that says so."""

from __future__ import annotations

import math

from benchmarks import report, targets
from benchmarks.crowd import Crowd, Session
from benchmarks.growth import Grown, Level
from benchmarks.targets import Measured

KINDS = ("add", "range", "pick")


def run(**other: float) -> Measured:
    """A run in which every target is met; name a part to make it worse by some factor."""
    worse = {
        "dash": 1.0,
        "plain": 1.0,
        "warm": 1.0,
        "again": 1.0,
        "cpu": 1.0,
        "first": 1.0,
        "memory": 1.0,
        "crowd": 1.0,
        "ten": 1.0,
        "hundred": 1.0,
    } | other
    ours = {kind: [100.0, 110.0, 90.0] for kind in KINDS}
    dash, plain = ({kind: [than] for kind in KINDS} for than in (100.0 / worse["dash"], 200.0 / worse["plain"]))
    loads = {"first": [1.0], "warm": [1000.0 * worse["warm"]], "again": [500.0 * worse["again"]]}
    crowds = [Crowd(1, [0.1] * 20, 0.02, 0), Crowd(50, [0.3 * worse["crowd"]] * 20, 0.02, 0)]
    grown = [Grown(Level(many), 1.0, 1.0, 100.0 * times, 0.1, 1.0) for many, times in ((1, 1.0), (10, worse["ten"]), (100, worse["hundred"]))]
    return Measured(
        {"Tapeline": loads, "Dash": {"first": [1.0], "warm": [1000.0], "again": [500.0]}, "plain Streamlit": loads},
        {"Tapeline": ours, "Dash": dash, "plain Streamlit": plain},
        {"Tapeline": [0.05 * worse["cpu"]], "echo": [0.02]}, [Session(1.0 * worse["first"], 1.0, 0.5 * worse["memory"])], crowds, grown,
    )  # fmt: skip


def missed(measured: Measured) -> list[str]:
    return [one.what for one in targets.all_of(measured) if not one.met]


def test_a_run_within_all_limits_misses_nothing() -> None:
    assert missed(run()) == []
    assert len(targets.all_of(run())) == 14


def test_each_part_that_is_too_slow_is_missed_by_name() -> None:
    adding = [f"Interaction, {words}, to" for words in targets.DOING.values()]
    assert missed(run(dash=1.2)) == [f"{words} Dash" for words in adding]
    assert missed(run(plain=1.3)) == [f"{words} plain Streamlit" for words in adding]
    assert missed(run(warm=1.3)) == ["Warm load, to Dash"]
    assert missed(run(again=1.4)) == ["Reload, to Dash"]
    assert missed(run(first=1.3)) == ["First session to the second"]
    assert missed(run(memory=5)) == ["Memory of a session beyond the first"]
    assert missed(run(crowd=2)) == ["p95 of 50 sessions to that of one"]
    assert missed(run(ten=1.6)) == ["Interaction at 10 times the milestones"]
    assert missed(run(hundred=4.1)) == ["Interaction at 100 times the milestones"]


def test_the_processor_may_keep_either_of_its_limits() -> None:
    assert targets.processor(59.0, 1.0).met
    assert targets.processor(500.0, 251.0).met
    assert not targets.processor(60.0, 30.0).met


def test_what_was_not_measured_is_missed() -> None:
    assert not targets.times("nothing", math.nan, 1.0, 2.0).met
    assert not targets.times("nothing", 1.0, 0.0, 2.0).met


def test_a_page_that_never_came_to_rest_is_missed_and_said() -> None:
    measured = run()._replace(interactions={"Tapeline": {"add": [100.0]}, "Dash": {"add": [100.0]}, "plain Streamlit": {"add": [200.0]}}, grown=[])
    assert len(missed(measured)) == 4 + 2
    said = report.timing({name: {"add": [100.0, 120.0]} for name in ("Tapeline", "Dash")}, ["Tapeline", "Dash"]).splitlines()
    assert "| add a company | 110 / 119 | 110 / 119 | 1.00 | 2 |" in said
    assert "| pick a milestone | nan / nan | nan / nan | nan | 0 |" in said


def test_an_interaction_that_failed_in_a_crowd_is_a_miss() -> None:
    measured = run()
    failed = [measured.crowds[0], measured.crowds[1]._replace(failed=1)]
    assert missed(measured._replace(crowds=failed)) == ["p95 of 50 sessions to that of one"]


def test_the_table_says_target_result_and_medians() -> None:
    assert targets.table([targets.times("Warm load", 600.0, 500.0, 1.1), targets.times("Reload", 1234.0, 2468.0, 1.3)]) == (
        "| target | wanted | result | medians | |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| Warm load | ≤ 1.1 × | 1.20 × | 600 / 500 ms | **missed** |\n"
        "| Reload | ≤ 1.3 × | 0.50 × | 1,234 / 2,468 ms | met |"
    )


def test_only_what_stands_between_the_markers_is_replaced() -> None:
    text = f"before\n{report.BEGIN}\n\nold\n\n{report.END}\nafter\n"
    assert report.written(text, "new\n") == f"before\n{report.BEGIN}\n\nnew\n\n{report.END}\nafter\n"
    assert report.written(report.written(text, "new"), "newer") == f"before\n{report.BEGIN}\n\nnewer\n\n{report.END}\nafter\n"


def test_the_readme_has_the_place_for_the_tables() -> None:
    text = report.README.read_text(encoding="utf-8")
    assert text.index(report.BEGIN) < text.index(report.END)
