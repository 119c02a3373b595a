"""Do pure work once for all readers.

A result is kept by exactly what it was made of. What can be hashed counts by its value, a list, tuple or dict by what it holds,
and anything else (a frame, the tables) by being the very same object, which is kept alive as long as the result. So nobody may
change what goes in or what comes out, which is the rule of the house for frames anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_every: list[Any] = []


class Key:
    """Something that cannot be hashed, as part of a key: equal where it is the same object, or holds the same."""

    __slots__ = ("by", "code", "thing")

    def __init__(self, thing: Any, by: Any):
        self.thing, self.by, self.code = thing, by, hash(by)

    def __hash__(self) -> int:
        return self.code

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and type(self.thing) is type(other.thing) and self.by == other.by


def once(most: int = 64) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a pure function keep its last `most` results; an exception is not kept.

    By default 64: the views of about as many readers, each with its rows, its chart and its payload, some 0.6 MB together.
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(most)
        def found(*args: Any, **named: Any) -> R:
            return work(*map(_thing, args), **{name: _thing(value) for name, value in named.items()})

        @wraps(work)
        def kept(*args: P.args, **named: P.kwargs) -> R:
            return found(*map(_key, args), **{name: _key(value) for name, value in named.items()})

        _every.append(found)
        return kept

    return decorate


def forget() -> None:
    """Drop all results: new data have come, and the old ones need not be kept in memory by what was made of them."""
    for found in _every:
        found.cache_clear()


def made() -> int:
    """Return how many results were worked out since the start, or since they were last dropped."""
    return sum(found.cache_info().misses for found in _every)


def _key(thing: Any) -> Any:
    """Return what stands for a thing in a key."""
    try:
        hash(thing)
    except TypeError:
        if isinstance(thing, dict):
            return Key(thing, tuple((name, _key(value)) for name, value in thing.items()))
        return Key(thing, tuple(map(_key, thing)) if isinstance(thing, (list, tuple)) else id(thing))
    return thing


def _thing(key: Any) -> Any:
    return key.thing if isinstance(key, Key) else key
