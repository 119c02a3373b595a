"""Turns: of many readers who ask at once one is served at a time, so that all but the last are done sooner.

Python runs one thread at a time and changes between them every few milliseconds. Fifty pages that are drawn by turns of that length are
all done at the very end, and the changing costs as much again as the drawing; one after the other, most are done long before.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds to wait for a turn. A page that takes longer (a large study) goes on beside the others instead of holding them up."""
_turn = threading.Lock()


@contextmanager
def taken() -> Iterator[None]:
    """Wait for a turn and keep it until the end, however that comes; after `PATIENCE` go on without one."""
    mine = _turn.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if mine:
            _turn.release()
