"""Pure work is done once for the same things, and anew for others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tapeline import once


def counted() -> tuple[list[Any], Any]:
    """A function that notes each of its calls."""
    calls: list[Any] = []

    @once.once(3)
    def work(*things: Any, **named: Any) -> int:
        calls.append((things, named))
        return len(calls)

    return calls, work


def test_equal_values_count_as_the_same() -> None:
    calls, work = counted()
    assert [work(("a", 1), [1, 2], {"x": "y"}, by="b") for _ in range(3)] == [1, 1, 1]
    assert work(("a", 1), [1, 3], {"x": "y"}, by="b") == 2
    assert calls[0] == ((("a", 1), [1, 2], {"x": "y"}), {"by": "b"})


def test_a_list_and_a_tuple_of_the_same_are_two_things() -> None:
    _, work = counted()
    frame = pd.DataFrame()
    assert work([frame]) != work((frame,))


def test_a_frame_is_the_same_only_where_it_is_the_very_object() -> None:
    _, work = counted()
    frame = pd.DataFrame({"a": [1, 2]})
    assert work(frame) == work(frame) == work(frame)
    assert work(frame.copy()) == 2
    assert work({"series": frame["a"].to_numpy(), "frame": frame}) == 3


def test_what_a_result_was_made_of_is_kept_so_that_no_other_takes_its_place() -> None:
    _, work = counted()
    assert sorted({work(np.full(3, at)) for at in range(50)}) == list(range(1, 51))


def test_only_so_many_results_are_kept_and_all_can_be_dropped() -> None:
    calls, work = counted()
    for value in (1, 2, 3, 4, 4, 1):
        work(value)
    assert len(calls) == 5
    once.forget()
    work(1)
    assert len(calls) == 6


def test_an_exception_is_not_kept() -> None:
    calls: list[int] = []

    @once.once()
    def fails(value: int) -> int:
        calls.append(value)
        if len(calls) == 1:
            raise ValueError("first")
        return value

    with pytest.raises(ValueError, match="first"):
        fails(1)
    assert fails(1) == 1
