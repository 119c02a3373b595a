"""A visitor of our own: opens the dashboard as a browser would, so that what a first visit makes stands ready for the first reader."""

from __future__ import annotations

import asyncio
import logging
from typing import get_args

from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.session_manager import SessionClient

from tapeline.charts.theme import Mode

PATIENCE = 60.0
TIMES = 3
"""Visits in each theme: the first works everything out, and Python is quick at what it has done before."""
log = logging.getLogger(__name__)


class Visitor(SessionClient):
    """Takes in what the server sends, and knows when a run of the page has ended."""

    def __init__(self) -> None:
        """Begin with nothing seen; call it where an event loop runs."""
        self.ended = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Take in one message, written out as for a browser."""
        msg.SerializeToString()
        if msg.WhichOneof("type") == "script_finished":
            self.ended.set()


async def come() -> None:
    """Visit the first page by day and by night, more than once; call it while Streamlit's runtime runs, on its event loop.

    Half of what a first session costs cannot be reached by importing modules: Streamlit and the libraries below it fetch and
    work out things when they are first used.
    """
    for _ in range(TIMES):
        for colours in get_args(Mode):
            await visit(colours)


async def visit(colours: Mode) -> None:
    """Open the first page and leave again. A visit that does not end is no reason not to open the doors: it is logged."""
    server, visitor, asked = runtime.get_instance(), Visitor(), BackMsg()
    asked.rerun_script.context_info.color_scheme = colours
    asked.rerun_script.context_info.timezone = "UTC"
    session = server.connect_session(visitor, {})
    try:
        server.handle_backmsg(session, asked)
        await asyncio.wait_for(visitor.ended.wait(), PATIENCE)
    except TimeoutError:
        log.warning("The visit that prepares the dashboard had not ended after %.0f seconds; the first reader will wait for the rest.", PATIENCE)
    finally:
        server.close_session(session)
