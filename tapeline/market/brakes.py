"""What keeps us polite: a bucket that limits the rate, and a breaker that stops asking for a while.

Both take their clock from outside (`time.monotonic` by default), are safe between threads and never sleep themselves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

Clock = Callable[[], float]


class Bucket:
    """A token bucket: `rate` requests a second, `burst` of them at once after a pause."""

    def __init__(self, rate: float, burst: int, clock: Clock = time.monotonic):
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._at = float(burst), clock()
        self._lock = threading.Lock()

    def wait(self) -> float:
        """Take one token; return the seconds to wait before using it (0 where one was left)."""
        with self._lock:
            now = self._clock()
            self._left = min(self._burst, self._left + (now - self._at) * self._rate) - 1
            self._at = now
            return max(0.0, -self._left / self._rate)


class Breaker:
    """Opens after `failures` in a row, for `least` seconds, doubling to `most` each time it opens again without a success."""

    def __init__(self, failures: int, least: float, most: float, clock: Clock = time.monotonic):
        self._failures, self._least, self._most, self._clock = failures, least, most, clock
        self._row, self._opened, self._until = 0, 0, 0.0
        self._lock = threading.Lock()

    def closed_in(self) -> float:
        """Return the seconds until asking is allowed again; 0 where it is allowed now."""
        with self._lock:
            return max(0.0, self._until - self._clock())

    def failed(self, wait: float | None = None) -> None:
        """Count a failure; `wait` are the seconds that the other side asked for, where it did, which then hold alone."""
        with self._lock:
            now = self._clock()
            self._row += 1
            if self._row >= self._failures and now >= self._until:
                self._until = now + (min(self._most, self._least * 2**self._opened) if wait is None else wait)
                self._opened += 1

    def succeeded(self) -> None:
        """Forget the failures."""
        with self._lock:
            self._row, self._opened, self._until = 0, 0, 0.0
