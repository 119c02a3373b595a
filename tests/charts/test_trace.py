"""What is drawn without Plotly's checks says what Plotly would have made of it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tapeline import milestones, moves
from tapeline.charts import scene, tape, theme, wire
from tapeline.charts.trace import Drawing, figure, scatter
from tapeline.market import snapshot
from tapeline.milestones import Tables
from tapeline.package import SHIPPED
from tapeline.selection import Selection
from tests.charts.test_wire import unpacked


@pytest.mark.parametrize("companies", [(), ("openai", "meta")])
@pytest.mark.parametrize("room", [scene.DESKTOP, scene.PHONE])
def test_the_tape_travels_as_plotly_s_own_figure_would(tables: Tables, companies: tuple[str, ...], room: scene.Room) -> None:
    histories = snapshot.load(SHIPPED)
    rows = milestones.select(tables, Selection(companies))
    drawn = tape.draw(
        tape.arrange(
            tables, histories, moves.around(tables, histories), rows, selection=Selection(companies), tickers=["NVDA", "MSFT"],
            benchmark="^GSPC", room=room,
        ),
        theme.palette("light"),
    )  # fmt: skip
    assert isinstance(drawn, Drawing)
    (plain, numbers), (checked, others) = unpacked(wire.pack(drawn, {})), unpacked(wire.pack(drawn.checked, {}))
    assert together(plain, numbers) == together(checked, others)


def together(head: dict[str, Any], arrays: dict[tuple[str | int, ...], Any]) -> Any:
    """Put the arrays back as lists, rounded to what a pixel can show; leave out what Plotly adds of its own accord."""
    held = head["figure"]
    for path, values in arrays.items():
        place = held
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = values.tolist()
    return _plain({"data": held["data"], "layout": {key: value for key, value in held["layout"].items() if key != "template"}})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in sorted(value.items()) if held is not None}
    if isinstance(value, list):
        return [_plain(held) for held in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "nan" if math.isnan(value) else round(float(value), 6)
    return json.loads(json.dumps(value))


def test_a_property_that_is_none_of_plotly_s_is_refused_where_it_is_checked() -> None:
    with pytest.raises(ValueError, match="colour"):
        _ = figure([scatter(colour="red")]).data
