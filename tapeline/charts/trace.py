"""Make a figure in one go: Plotly checks what it is given, and what is first made and then put in or updated, it checks twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

Trace = dict[str, Any]


def scatter(**about: Any) -> Trace:
    """Return a scatter trace as its properties, which `figure` checks."""
    return {"type": "scatter", **about}


def figure(traces: Sequence[Trace], **layout: Any) -> go.Figure:
    """Make a figure of traces and layout."""
    return go.Figure(data=list(traces), layout=layout)
