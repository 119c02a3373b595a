"""A figure as bytes: nothing of it is lost on the way."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from tapeline.charts import wire


def unpacked(packed: bytes) -> tuple[dict[str, Any], dict[tuple[str | int, ...], np.ndarray[Any, Any]]]:
    """Return the JSON of a payload, and its arrays by the place that they belong to."""
    (length,) = struct.unpack("<I", packed[:4])
    head, at, arrays = json.loads(packed[4 : 4 + length]), 4 + length, {}
    for path, *array in head["arrays"]:
        if len(array) == 1:
            arrays[tuple(path)] = arrays[tuple(head["arrays"][array[0]][0])]
            continue
        dtype, shape, size = array
        arrays[tuple(path)] = np.frombuffer(packed[at : at + size], dtype=f"<{dtype}").reshape(shape or -1)
        at += size
    assert at == len(packed)
    return head, arrays


def test_numbers_travel_as_arrays_and_words_as_json() -> None:
    figure = go.Figure(go.Scatter(x=np.array([1.5, 2.5]), y=np.array([1, 2], dtype="i4"), text=["a", "<b>"], marker={"size": np.array([3.0, 4.0])}))
    head, arrays = unpacked(wire.pack(figure, {"alt": "Rises"}))
    assert arrays["data", 0, "x"].tolist() == [1.5, 2.5]
    assert arrays["data", 0, "y"].tolist() == [1, 2]
    assert arrays["data", 0, "marker", "size"].tolist() == [3.0, 4.0]
    trace = head["figure"]["data"][0]
    assert trace["text"] == ["a", "<b>"] and trace["x"] is None
    assert head["alt"] == "Rises"


@pytest.mark.parametrize("dates", [
    [pd.Timestamp("2025-01-27"), None, pd.Timestamp("2025-01-28")],
    np.array(["2025-01-27", "NaT", "2025-01-28"], dtype="datetime64[D]"),
    ["2025-01-27", None, "2025-01-28"],
])  # fmt: skip
def test_dates_travel_as_milliseconds_on_an_axis_of_dates(dates: Any) -> None:
    figure = go.Figure(go.Scatter(x=dates, y=[1.0, None, 2.0]), {"xaxis": {"type": "date"}})
    _, arrays = unpacked(wire.pack(figure, {}))
    found = arrays["data", 0, "x"]
    assert np.isnan(found[1])
    assert pd.to_datetime(found[[0, 2]], unit="ms").strftime("%Y-%m-%d").tolist() == ["2025-01-27", "2025-01-28"]


def test_the_same_words_on_another_axis_stay_words() -> None:
    figure = go.Figure(go.Bar(x=["2025", "2026"], y=[1.0, 2.0]), {"xaxis": {"type": "category"}})
    head, arrays = unpacked(wire.pack(figure, {}))
    assert head["figure"]["data"][0]["x"] == ["2025", "2026"]
    assert not arrays


def test_a_second_axis_of_dates_is_found_by_its_name() -> None:
    figure = go.Figure(go.Scatter(x=["2025-01-27"], y=[1.0], xaxis="x2"), {"xaxis2": {"type": "date"}, "xaxis": {"type": "linear"}})
    _, arrays = unpacked(wire.pack(figure, {}))
    assert arrays["data", 0, "x"].tolist() == [pd.Timestamp("2025-01-27").timestamp() * 1000]


def test_a_matrix_keeps_its_shape_and_gaps() -> None:
    held = np.array([[1.0, np.nan, 3.0], [4.0, 5.0, 6.0]])
    _, arrays = unpacked(wire.pack(go.Figure(go.Heatmap(z=held)), {}))
    np.testing.assert_array_equal(arrays["data", 0, "z"], held)


def test_one_content_has_one_version_and_packing_changes_nothing() -> None:
    figure, other = (go.Figure(go.Scatter(x=np.array([1.0, 2.0]), y=np.array([1.0, last]))) for last in (2.0, 3.0))
    before = figure.to_json()
    version = unpacked(wire.pack(figure, {"alt": "a"}))[0]["version"]
    again = go.Figure(go.Scatter(x=np.array([1.0, 2.0]), y=np.array([1.0, 2.0])))
    assert unpacked(wire.pack(again, {"alt": "a"}))[0]["version"] == version
    assert unpacked(wire.pack(figure, {"alt": "b"}))[0]["version"] != version
    assert unpacked(wire.pack(other, {"alt": "a"}))[0]["version"] != version
    assert figure.to_json() == before


def test_what_several_lines_share_travels_once() -> None:
    days = np.arange("2025-01-01", "2025-03-01", dtype="datetime64[D]")
    lines = [go.Scatter(x=days, y=np.arange(59.0) + more) for more in (0, 1)]
    layout = {"xaxis": {"type": "date"}}
    one, both = (wire.pack(go.Figure(some, layout), {}) for some in (lines[:1], lines))
    _, arrays = unpacked(both)
    np.testing.assert_array_equal(arrays["data", 0, "x"], arrays["data", 1, "x"])
    assert arrays["data", 1, "y"].tolist() == (np.arange(59.0) + 1).tolist()
    assert len(both) - len(one) < 59 * 8 + 200, "the dates came twice"
