"""The card of a milestone, or a list of several, as the fragment of HTML that the drawer shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pandas as pd
from starlette.requests import Request
from starlette.routing import Route

from tapeline import cards
from tapeline.milestones import Tables
from tapeline.serve import tables as room
from tapeline.serve.answers import METHODS, Answer, Load, Refusal, respond

ADDRESS, EVENT, OF = "card", "event", "of"
MEDIA = "text/html"
SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox allow-popups", "X-Content-Type-Options": "nosniff"}
"""What a browser does with the fragment where it is opened by itself: nothing but show it."""
Around = Callable[[], pd.DataFrame]


def every(load: Load, around: Around) -> list[Route]:
    """Return the route of the card over tables that `load` returns, and over what shares did `around` milestones."""
    return [Route(f"/{ADDRESS}", partial(respond, load, partial(fragment, around)), methods=METHODS)]


def fragment(around: Around, tables: Tables, request: Request) -> Answer:
    """Answer with the card of the milestone that `event` names, or with a list where it names several, `of` so many in all."""
    ids, known = list(dict.fromkeys(request.query_params.getlist(EVENT))), cards.ids(tables)
    if not ids:
        raise Refusal(400, f"which milestone? Ask for /{ADDRESS}?{EVENT}=ID; /data/milestones.csv has the ids.")
    if unknown := [name for name in ids if name not in known]:
        raise Refusal(404, f"no milestone is called {', '.join(name[:80] for name in unknown[:8])}; /data/milestones.csv has the ids.")
    selection, _ = room.chosen(tables, request)
    html = cards.card(tables, around(), ids[0], selection) if len(ids) == 1 else cards.several(tables, ids, selection, _count(request))
    return Answer(html.encode(), MEDIA, dt.datetime.now(dt.UTC), headers=SAFE)


def _count(request: Request) -> int:
    said = request.query_params.get(OF, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0
