"""A figure as bytes for the browser: its numbers and dates as typed arrays, everything else as JSON.

The bytes are the length of the JSON (four bytes, little-endian), the JSON, then the arrays one after the other. The JSON says of each
array where in the figure it belongs, of which type it is and how many bytes it has: `tapeline/ui/plot/plot.js` puts them back.
Dates travel as milliseconds since 1970, which Plotly reads on an axis of dates without parsing text.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.io.json import to_json_plotly

from tapeline.once import once

Path = tuple[str | int, ...]
NUMBERS = frozenset(("i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8"))


class Lifted(NamedTuple):
    """An array taken out of a figure: the place it belongs to, its type, its shape and its bytes."""

    path: Path
    dtype: str
    shape: tuple[int, ...]
    held: bytes


@once(128)
def pack(figure: go.Figure, said: Mapping[str, Any]) -> bytes:
    """Return a figure, and what else is `said` to the browser, as bytes; the figure itself is not changed.

    The `version` among them names the content: two payloads of one version are the same.
    """
    spec = figure.to_dict()
    lifted = [*_dates(spec), *(array for at, trace in enumerate(spec["data"]) for array in _arrays(trace, ("data", at)))]
    places = [[list(array.path), array.dtype, list(array.shape), len(array.held)] for array in lifted]
    body = str(to_json_plotly({"figure": spec, "arrays": places, **said}, engine="json")).encode("utf-8")
    digest = hashlib.blake2b(body, digest_size=8)
    for array in lifted:
        digest.update(array.held)
    head = b'{"version":"%s",' % digest.hexdigest().encode() + body[1:]
    return struct.pack("<I", len(head)) + head + b"".join(array.held for array in lifted)


def _arrays(given: Any, path: Path) -> Iterator[Lifted]:
    """Take the arrays of numbers out of some part of a figure, wherever Plotly wrote them as base64."""
    for key, value in list(given.items()) if isinstance(given, dict) else list(enumerate(given)):
        if not isinstance(value, dict):
            if isinstance(value, list) and value and isinstance(value[0], dict):
                yield from _arrays(value, (*path, key))
        elif value.get("dtype") in NUMBERS and "bdata" in value:
            shape = tuple(int(size) for size in str(value.get("shape", "")).split(",") if size.strip())
            given[key] = None
            yield Lifted((*path, key), value["dtype"], shape, base64.b64decode(value["bdata"]))
        else:
            yield from _arrays(value, (*path, key))


def _dates(spec: dict[str, Any]) -> Iterator[Lifted]:
    """Take the coordinates of traces on axes of dates out of a figure, as milliseconds; NaN where there is none."""
    layout = spec.get("layout", {})
    for at, trace in enumerate(spec["data"]):
        for letter in "xy":
            axis = trace.get(f"{letter}axis", letter).replace(letter, f"{letter}axis", 1)
            held = trace.get(letter)
            if layout.get(axis, {}).get("type") == "date" and isinstance(held, (list, tuple, np.ndarray)) and len(held):
                trace[letter] = None
                yield Lifted(("data", at, letter), "f8", (), _milliseconds(held).tobytes())


def _milliseconds(dates: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    found = np.asarray(dates, dtype="datetime64[ms]")
    return np.where(np.isnat(found), np.nan, found.astype(np.float64))
