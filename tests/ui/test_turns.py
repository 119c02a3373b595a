"""One reader at a time, and nobody held up for long."""

from __future__ import annotations

import threading
import time

import pytest

from tapeline.ui import turns


def test_the_next_reader_goes_when_the_first_is_done() -> None:
    order: list[str] = []

    def second() -> None:
        with turns.taken():
            order.append("second")

    with turns.taken():
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.1)
        order.append("first")
    other.join(5)
    assert order == ["first", "second"]


def test_a_page_that_stops_early_gives_its_turn_back() -> None:
    with pytest.raises(KeyError), turns.taken():
        raise KeyError
    assert turns._turn.acquire(blocking=False)
    turns._turn.release()


def test_who_has_waited_long_enough_goes_on_and_leaves_the_turn_with_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    done = threading.Event()

    def impatient() -> None:
        with turns.taken():
            done.set()

    with turns.taken():
        other = threading.Thread(target=impatient)
        other.start()
        assert done.wait(5)
        other.join(5)
        assert turns._turn.locked()
    assert not turns._turn.locked()
