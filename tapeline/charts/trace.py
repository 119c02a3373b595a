"""Make a figure of plain properties: the browser draws them as they are, and Plotly checks them only where somebody asks it to.

Plotly's own objects check every property of every trace when they are made, which takes longer than all else in a chart. So what is drawn
often is written as properties, and `tests/charts/test_trace.py` lets Plotly check it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import plotly.graph_objects as go

Trace = dict[str, Any]


class Drawing:
    """A figure as its properties. What Plotly's own figure has (`data`, `layout`) is had from here too, checked then."""

    def __init__(self, traces: Sequence[Trace], layout: dict[str, Any]) -> None:
        """Keep traces and layout, which nobody changes afterwards."""
        self.traces, self.properties = list(traces), layout

    @cached_property
    def checked(self) -> go.Figure:
        """Return Plotly's own figure; raises ValueError where a property is none of Plotly's."""
        return go.Figure(data=self.traces, layout=self.properties)

    def __getattr__(self, name: str) -> Any:
        """Return what only Plotly's own figure has."""
        return getattr(self.checked, name)


def scatter(**about: Any) -> Trace:
    """Return a scatter trace as its properties."""
    return {"type": "scatter", **about}


def figure(traces: Sequence[Trace], **layout: Any) -> Drawing:
    """Make a figure of traces and layout."""
    return Drawing(traces, layout)
