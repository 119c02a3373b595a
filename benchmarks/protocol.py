"""A reader without a browser: speaks Streamlit's protocol over a websocket, keeps its widgets' states, counts bytes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PATIENCE = 90.0
LARGEST = 200 * 2**20
WIDGETS = ("multiselect", "button_group", "date_input", "text_input")
WELL = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class RunFailed(Exception):
    """A run of the page ended with an error, or did not end."""


@dataclass(frozen=True)
class Answer:
    """One run of the page: seconds from the question to its end, bytes and messages that came."""

    seconds: float
    size: int
    messages: int


@dataclass
class Screen:
    """What the server has told: the widgets on the page by their key, the address, the page."""

    widgets: dict[str, Any] = field(default_factory=dict)
    charts: int = 0
    query: str = ""
    page: str = ""
    error: str = ""

    def take(self, message: ForwardMsg) -> bool:
        """Take in one message; return whether it ends a run of the whole page."""
        match message.WhichOneof("type"):
            case "new_session":
                self.page, self.charts = message.new_session.page_script_hash, 0
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "navigation":
                self.page = message.navigation.page_script_hash
            case "delta":
                self._element(message)
            case "script_finished":
                if message.script_finished not in WELL and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    self.error = ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
                return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False

    def _element(self, message: ForwardMsg) -> None:
        if message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.error = f"{element.exception.type}: {element.exception.message}"
        if kind in WIDGETS:
            widget = getattr(element, kind)
            self.widgets[key_of(widget.id)] = widget
        self.charts += kind in ("plotly_chart", "bidi_component", "component_v2")


def key_of(widget_id: str) -> str:
    """Return the key that a page gave to a widget, out of its id (`$$ID-hash-key`)."""
    return widget_id.split("-", 2)[2]


class Reader:
    """One session: opens a page, chooses, and waits for each run's end."""

    def __init__(self, address: str, query: str = ""):
        self._url = address.replace("http://", "ws://") + "/_stcore/stream"
        self._address, self._states = address, dict[str, WidgetState]()
        self._socket: ClientConnection | None = None
        self.screen = Screen(query=query)

    async def __aenter__(self) -> Reader:
        self._socket = await connect(self._url, subprotocols=[Subprotocol("streamlit")], max_size=LARGEST, ping_interval=None)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def open(self) -> Answer:
        """Open the page as a browser does."""
        return await self._run()

    async def choose(self, key: str, labels: Sequence[str]) -> Answer:
        """Set the list of choices of a widget, by the words that it shows."""
        widget = self.screen.widgets[key]
        state = WidgetState(id=widget.id)
        state.string_array_value.data.extend(labels)
        self._states[widget.id] = state
        return await self._run()

    async def _run(self) -> Answer:
        asked = BackMsg()
        run = asked.rerun_script
        run.query_string, run.page_script_hash = self.screen.query, self.screen.page
        run.widget_states.widgets.extend(self._states.values())
        run.context_info.url, run.context_info.timezone, run.context_info.locale = self._address, "UTC", "en-GB"
        run.context_info.color_scheme = "light"
        began = time.perf_counter()
        assert self._socket is not None
        await self._socket.send(asked.SerializeToString())
        try:
            async with asyncio.timeout(PATIENCE):
                size, messages = await self._listen()
        except TimeoutError as error:
            raise RunFailed(f"no end of the run within {PATIENCE:.0f} seconds") from error
        return Answer(time.perf_counter() - began, size, messages)

    async def _listen(self) -> tuple[int, int]:
        """Take in messages until the run ends; return their bytes and number."""
        size = messages = 0
        assert self._socket is not None
        async for data in self._socket:
            assert isinstance(data, bytes)
            message = ForwardMsg()
            message.ParseFromString(data)
            size, messages = size + len(data), messages + 1
            if self.screen.take(message):
                break
        if self.screen.error:
            raise RunFailed(self.screen.error)
        return size, messages
