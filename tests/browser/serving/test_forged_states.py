"""A browser that is none: forged states of the page's components and controls spoil one run each.

The client speaks Streamlit's own messages; what it sends no browser would.
"""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.browser.conftest import served
from viz.lessons import TABS
from viz.page.serving.arriving import held_by
from viz.page.session.view import TOOLS as ALL_TOOLS

TOOLS = " ".join(ALL_TOOLS)
LINK = urlencode({"f": "sin(x) + x*y", "in.x": "1.5", "in.y": "2", "tools": TOOLS}) + "&"
DIGITS = "9" * 5_000
VALUES = [
    DIGITS,
    f"-{DIGITS}",
    "NaN",
    "Infinity",
    "1e999",
    "null",
    "true",
    "[]",
    "{}",
    '"\\ud800"',
    f'"{"x" * 20_000}"',
    "[" * 20_000,
    "{broken",
    '{"texts": {"x": {}}, "seed": {}, "at": []}',
    f'{{"texts": {{"x": "{DIGITS}"}}, "seed": 0, "at": 1}}',
    f'{{"texts": {{}}, "seed": {DIGITS}, "at": {DIGITS}}}',
    f'{{"range": [{DIGITS}, NaN]}}',
    '{"opens": {"n1": 1}, "closes": [1]}',
    f"[{DIGITS}, {DIGITS}]",
]
NAMES = ("text", "values", "range", "fold", "ask", "place", "now", "leave")
# all of them together stay below the size at which the server hangs up
FORGED = [*VALUES, *(f'{{"{name}": {value}}}' for value in VALUES for name in NAMES)]
CONTROLS = [
    WidgetState(double_value=float("nan")),
    WidgetState(int_value=2**62),
    WidgetState(bool_value=True),
    WidgetState(string_value="\0"),
    WidgetState(string_array_value={"data": ["\0"]}),
    WidgetState(double_array_value={"data": [1e300, -1.0]}),
    WidgetState(file_uploader_state_value={}),
]
"""What Streamlit's own controls hold, each sent for every one of them."""
HOLDING = {
    "button_group": "string_array_value",
    "checkbox": "bool_value",
    "selectbox": "string_value",
    "slider": "double_array_value",
    "text_input": "string_value",
    "button": "trigger_value",
    "download_button": "trigger_value",
}
"""What Streamlit's own controls hold."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "server.txt"


@pytest.fixture(scope="module")
def address(log: Path) -> Iterator[str]:
    with log.open("wb") as file, served("streamlit_app.py", file) as (address, _process):
        yield address


class Visitor:
    """One session's websocket."""

    def __init__(self, link: websockets.ClientConnection) -> None:
        self.link = link
        self.ids: dict[str, str] = {}
        self.controls: dict[str, str] = {}

    async def run(self, *states: WidgetState, tab: str = "curve") -> bytes:
        """One run of the page with these states; all that the server sent."""
        sent = BackMsg()
        sent.rerun_script.query_string = LINK + urlencode({"tab": tab})
        sent.rerun_script.widget_states.widgets.extend(states)
        await self.link.send(sent.SerializeToString())
        came = b""
        async with asyncio.timeout(60):
            while True:
                raw = await self.link.recv()
                assert isinstance(raw, bytes)
                came += raw
                message = ForwardMsg.FromString(raw)
                self._remember(message)
                if message.WhichOneof("type") == "script_finished":
                    return came

    def _remember(self, message: ForwardMsg) -> None:
        element: Any = message.delta.new_element
        kind = element.WhichOneof("type")
        shown = getattr(element, kind) if kind else None
        if getattr(shown, "id", ""):
            name = shown.component_name if kind == "bidi_component" else kind
            self.ids[name] = shown.id
            if kind in HOLDING:
                chosen = kind == "slider" and shown.type == Slider.SELECT_SLIDER
                self.controls[shown.id] = HOLDING["button_group" if chosen else kind]


def opened(address: str) -> websockets.connect:
    """A new session's websocket."""
    where = urlsplit(address).netloc
    return websockets.connect(
        f"ws://{where}/_stcore/stream",
        subprotocols=[websockets.Subprotocol("streamlit"), websockets.Subprotocol("none")],
        origin=websockets.Origin(f"http://{where}"),
        max_size=None,
    )


async def visited(address: str) -> tuple[bytes, bytes]:
    """What the forger's own session gets after the forged states of components and after those of
    Streamlit's own controls; and what a stranger gets then.
    """
    async with opened(address) as link:
        forger = Visitor(link)
        await forger.run()  # the first picture
        await forger.run()  # and the rest
        assert {"explorer_source", "explorer_inputs", "explorer_graph"} <= set(forger.ids)
        for value in FORGED:
            states = [WidgetState(id=id, json_value=value) for id in forger.ids.values()]
            await forger.run(*states)
        after = await forger.run()
        for forged in CONTROLS:
            states = [WidgetState(id=id) for id in {*forger.ids.values(), *forger.controls}]
            for state in states:
                state.MergeFrom(forged)
            await forger.run(*states)
        after += await forger.run()
    async with opened(address) as link:
        stranger = await Visitor(link).run()
    return after, stranger


def test_what_stands_around_the_page_is_there(address: str) -> None:
    with urllib.request.urlopen(address) as answer:
        assert "default-src 'self'" in answer.headers["content-security-policy"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{address}_stcore/metrics")


def test_forged_states_spoil_nothing_beyond_their_run(address: str, log: Path) -> None:
    after, stranger = ThreadPoolExecutor(1).submit(asyncio.run, visited(address)).result()
    assert b"SinBackward0" in stranger
    assert after.count(b"SinBackward0") == 2 * stranger.count(b"SinBackward0")
    text = log.read_text("utf-8", "replace")
    assert "Traceback" not in text
    assert len(text) < 400 * len(FORGED) * 12


async def controls(address: str) -> dict[str, str]:
    """What each of Streamlit's own controls holds, by its name, over all tabs."""
    found: dict[str, str] = {}
    for tab in TABS:
        async with opened(address) as link:
            visitor = Visitor(link)
            await visitor.run(tab=tab)  # the first picture
            await visitor.run(tab=tab)  # and the rest
            found |= visitor.controls
    return found


def test_every_control_of_the_page_is_known_by_what_it_holds(address: str) -> None:
    found = ThreadPoolExecutor(1).submit(asyncio.run, controls(address)).result()
    assert len(found) > 20
    known = {id: held_by(id) for id in found}
    assert {id: held.field for id, held in known.items() if held is not None} == found
