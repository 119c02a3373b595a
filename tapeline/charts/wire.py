"""A figure as bytes for the browser: its numbers and dates as typed arrays, everything else as JSON.

The bytes are the length of the JSON (four bytes, little-endian), the JSON, then the arrays one after the other. The JSON says of each
array where in the figure it belongs, of which type it is and how many bytes it has; of one that came before (lines share their sessions),
where it belongs and which one it is. `tapeline/ui/plot/plot.js` puts them back.
Dates travel as milliseconds since 1970, which Plotly reads on an axis of dates without parsing text.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.io.json import to_json_plotly

from tapeline.charts.trace import Drawing
from tapeline.once import once

Path = tuple[str | int, ...]
HOLDING = frozenset((dict, np.ndarray))
NUMBERS = frozenset(("i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8"))


class Lifted(NamedTuple):
    """An array taken out of a figure: the place it belongs to, its type, its shape and its bytes."""

    path: Path
    dtype: str
    shape: tuple[int, ...]
    held: bytes


@once()
def pack(figure: go.Figure | Drawing, said: Mapping[str, Any]) -> bytes:
    """Return a figure, and what else is `said` to the browser, as bytes; the figure itself is not changed.

    The `version` among them names the content: two payloads of one version are the same.
    """
    lifted: list[Lifted] = []
    given = {"data": figure.traces, "layout": figure.properties} if isinstance(figure, Drawing) else figure.to_dict()
    spec = _without(_undated(given, lifted), (), lifted)
    places, held = _places(lifted)
    body = str(to_json_plotly({"figure": spec, "arrays": places, **said}, engine="json")).encode("utf-8")
    digest = hashlib.blake2b(body, digest_size=8)
    for part in held:
        digest.update(part)
    head = b'{"version":"%s",' % digest.hexdigest().encode() + body[1:]
    return b"".join((struct.pack("<I", len(head)), head, *held))


def _places(lifted: Sequence[Lifted]) -> tuple[list[list[Any]], list[bytes]]:
    """Return what the JSON says of each array, and the bytes of those that did not come before."""
    seen: dict[tuple[str, tuple[int, ...], bytes], int] = {}
    places: list[list[Any]] = []
    for at, (path, dtype, shape, held) in enumerate(lifted):
        first = seen.setdefault((dtype, shape, held), at)
        places.append([list(path), first] if first < at else [list(path), dtype, list(shape), len(held)])
    return places, [held for _, _, held in seen]


def _without(value: Any, path: Path, lifted: list[Lifted]) -> Any:
    """Return part of a figure without its arrays of numbers, which are lifted out; also those that Plotly wrote as base64."""
    if isinstance(value, dict):
        if value.get("dtype") in NUMBERS and "bdata" in value:
            shape = tuple(int(size) for size in str(value.get("shape", "")).split(",") if size.strip())
            lifted.append(Lifted(path, value["dtype"], shape, base64.b64decode(value["bdata"])))
            return None
        return {key: _without(held, (*path, key), lifted) for key, held in value.items() if held is not None}
    if isinstance(value, (pd.Series, pd.Index)):
        value = value.to_numpy()
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiu":
        kept = value if f"{value.dtype.kind}{value.dtype.itemsize}" in NUMBERS else value.astype(np.float64)
        lifted.append(Lifted(path, f"{kept.dtype.kind}{kept.dtype.itemsize}", kept.shape if kept.ndim > 1 else (), kept.tobytes()))
        return None
    if isinstance(value, (list, tuple)) and not HOLDING.isdisjoint(map(type, value)):
        return [_without(held, (*path, at), lifted) for at, held in enumerate(value)]
    return value


def _undated(given: dict[str, Any], lifted: list[Lifted]) -> dict[str, Any]:
    """Return a figure without the coordinates of traces on axes of dates, which are lifted out as milliseconds; NaN where there is none."""
    layout, traces = given.get("layout", {}), []
    for at, trace in enumerate(given["data"]):
        kept = dict(trace)
        for letter in "xy":
            axis = trace.get(f"{letter}axis", letter).replace(letter, f"{letter}axis", 1)
            held = trace.get(letter)
            if layout.get(axis, {}).get("type") == "date" and isinstance(held, (list, tuple, np.ndarray, pd.Series, pd.Index)) and len(held):
                kept[letter] = None
                lifted.append(Lifted(("data", at, letter), "f8", (), _milliseconds(held).tobytes()))
        traces.append(kept)
    return {"data": traces, "layout": layout}


def _milliseconds(dates: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    found = np.asarray(dates, dtype="datetime64[ms]")
    return np.where(np.isnat(found), np.nan, found.astype(np.float64))
