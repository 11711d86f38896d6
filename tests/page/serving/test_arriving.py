"""What stands between a browser and Streamlit: unreadable states are left out, errors told once."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from viz.page.serving.arriving import Arriving, without_unreadable
from viz.page.serving.logs import OnceInFull

OURS = "$$ID-0123456789abcdef-inputs"
EVENTS = "$$STREAMLIT_INTERNAL_KEY_$$ID-0123456789abcdef-graph__events"
DIGITS = "9" * 5_000


def sent(*states: WidgetState) -> bytes:
    message = BackMsg()
    message.rerun_script.query_string = "f=x"
    message.rerun_script.widget_states.widgets.extend(states)
    return message.SerializeToString()


def kept(*states: WidgetState) -> list[str]:
    message = BackMsg.FromString(without_unreadable(sent(*states)))
    assert message.rerun_script.query_string == "f=x"
    return [state.json_value for state in message.rerun_script.widget_states.widgets]


@pytest.mark.parametrize("text", ['{"a": 1}', "NaN", "[]", '"\\ud800"', "9" * 4_000])
def test_what_can_be_read_arrives_as_it_came(text: str) -> None:
    state = WidgetState(id=OURS, json_value=text)
    assert without_unreadable(sent(state)) == sent(state)


@pytest.mark.parametrize("text", [DIGITS, f'{{"a": [{DIGITS}]}}', "[" * 90_000, "{broken", ""])
def test_what_cannot_is_left_out_alone(text: str) -> None:
    assert kept(
        WidgetState(id=OURS, json_value="1"),
        WidgetState(id=OURS, json_value=text),
        WidgetState(id=EVENTS, json_trigger_value=text),
        WidgetState(id="$$ID-0123456789abcdef-rate", json_value="1"),
        WidgetState(id="$$ID-0123456789abcdef-rate", double_value=0.1),
    ) == ["1", ""]


@pytest.mark.parametrize("other", [b"\xff\xff\xff", BackMsg(stop_script=True).SerializeToString()])
def test_other_messages_pass(other: bytes) -> None:
    assert without_unreadable(other) == other


def test_messages_of_websockets_are_looked_at() -> None:
    came: list[Any] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        came.extend([await receive(), await receive()])

    messages = iter(
        [
            {"type": "websocket.connect"},
            {"type": "websocket.receive", "bytes": sent(WidgetState(id=OURS, json_value=DIGITS))},
        ]
    )

    async def receive() -> Any:
        return next(messages)

    async def nowhere(_message: Any) -> None: ...

    # in a thread of its own: a browser's tests may have left an event loop running in this one
    with ThreadPoolExecutor(1) as pool:
        arriving = Arriving(app)({"type": "websocket"}, receive, nowhere)
        pool.submit(asyncio.run, arriving).result()
    assert came[0] == {"type": "websocket.connect"}
    assert came[1]["bytes"] == sent()


def test_an_error_of_one_place_is_told_in_full_once(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("tests.once")
    log.addFilter(OnceInFull())
    for number in range(20):
        try:
            int("9" * 5_000 if number % 2 else "x")
        except ValueError:
            log.exception("number %s", number)
    told = [record for record in caplog.records if record.exc_info]
    assert len(told) == 1
    assert caplog.text.count("Traceback") == 1
    assert "number 19 (ValueError, as before)" in caplog.text
