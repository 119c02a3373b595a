"""The bucket spaces requests; the breaker opens, doubles its pause, and closes on a success."""

from __future__ import annotations

from tapeline.market.brakes import Breaker, Bucket


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_lets_a_burst_pass_and_then_spaces() -> None:
    clock = Clock()
    bucket = Bucket(4, 2, clock)
    assert [bucket.wait() for _ in range(4)] == [0, 0, 0.25, 0.5]
    clock.now = 10
    assert bucket.wait() == 0


def test_a_breaker_opens_after_failures_in_a_row_and_doubles() -> None:
    clock = Clock()
    breaker = Breaker(2, 60, 200, clock)
    breaker.failed()
    assert breaker.closed_in() == 0
    breaker.failed()
    assert breaker.closed_in() == 60
    for expected in (120, 200, 200):
        clock.now += breaker.closed_in()
        assert breaker.closed_in() == 0
        breaker.failed()
        assert breaker.closed_in() == expected
    breaker.succeeded()
    assert breaker.closed_in() == 0


def test_failures_of_requests_already_under_way_do_not_double_it() -> None:
    clock = Clock()
    breaker = Breaker(1, 60, 600, clock)
    for _ in range(5):
        breaker.failed()
    assert breaker.closed_in() == 60


def test_the_other_side_may_say_for_how_long() -> None:
    for seconds in (5, 900):
        breaker = Breaker(1, 60, 600, Clock())
        breaker.failed(seconds)
        assert breaker.closed_in() == seconds
