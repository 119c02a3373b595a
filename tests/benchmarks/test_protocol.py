"""What a reader without a browser understands of the server's messages."""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.protocol import Screen, key_of
from benchmarks.where import apart


def widget(kind: str, name: str) -> ForwardMsg:
    message = ForwardMsg()
    getattr(message.delta.new_element, kind).id = name
    return message


def finished(status: str) -> ForwardMsg:
    message = ForwardMsg()
    message.script_finished = ForwardMsg.ScriptFinishedStatus.Value(status)
    return message


def test_a_key_may_hold_dashes() -> None:
    assert key_of("$$ID-0a1b2c-company") == "company"
    assert key_of("$$ID-0a1b2c-download-csv") == "download-csv"


def test_widgets_are_known_by_their_key_and_the_newest_counts() -> None:
    screen = Screen()
    assert not screen.take(widget("multiselect", "$$ID-1-company"))
    screen.take(widget("multiselect", "$$ID-2-company"))
    screen.take(widget("button_group", "$$ID-3-range"))
    assert {key: found.id for key, found in screen.widgets.items()} == {"company": "$$ID-2-company", "range": "$$ID-3-range"}


def test_address_and_page_are_kept_for_the_next_question() -> None:
    screen, moved, page = Screen(), ForwardMsg(), ForwardMsg()
    moved.page_info_changed.query_string = "company=meta"
    page.navigation.page_script_hash = "abc"
    screen.take(moved)
    screen.take(page)
    assert (screen.query, screen.page) == ("company=meta", "abc")


def test_a_run_ends_well_or_with_an_error_but_not_where_another_takes_over() -> None:
    assert Screen().take(finished("FINISHED_SUCCESSFULLY"))
    assert not Screen().take(finished("FINISHED_EARLY_FOR_RERUN"))
    screen = Screen()
    assert screen.take(finished("FINISHED_WITH_COMPILE_ERROR"))
    assert screen.error == "FINISHED_WITH_COMPILE_ERROR"


def test_an_exception_on_the_page_is_an_error() -> None:
    screen, message = Screen(), ForwardMsg()
    message.delta.new_element.exception.type, message.delta.new_element.exception.message = "KeyError", "nvda"
    screen.take(message)
    assert screen.error == "KeyError: nvda"


def test_an_interaction_is_taken_apart_at_its_largest_message() -> None:
    messages = [(50.0, 9e6), (120.0, 2000.0), (300.0, 600_000.0), (350.0, 3000.0), (420.0, 400.0), (2000.0, 9e6)]
    busy = [(10.0, 20.0), (95.0, 30.0), (310.0, 70.0), (900.0, 50.0)]
    parts = apart(messages, busy, 100.0, 400.0)
    assert (parts.arrived, parts.done, parts.busy, parts.last_message) == (200.0, 300.0, 100.0, 320.0)
    assert parts.size == 605.4
