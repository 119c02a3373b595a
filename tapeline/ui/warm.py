"""What a first visit to the overview leaves unmade, made while the server starts: modules, calendars, other sizes, the usual study."""

from __future__ import annotations

import importlib
import pkgutil

from tapeline import cards, milestones, ui
from tapeline.errors import DataError
from tapeline.selection import Selection
from tapeline.ui import chart, loaders, reactions


def everything() -> None:
    """Import the modules of all pages and work out what the usual other pages show.

    Data that cannot be read are left to the page, which says what is wrong.
    """
    for found in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        importlib.import_module(found.name)
    try:
        loaders.feed().first(counting=True)
        view = loaders.view()
    except DataError:
        return
    rows = milestones.select(view.tables, Selection())
    chart.warm(view, rows)
    reactions.warm(view, rows)
    for name in rows["milestone_id"].tail(1):
        cards.card(view.tables, view.moves, name, Selection())
