"""What stands between a browser and Streamlit: unreadable states are left out, errors told once."""

from __future__ import annotations

import ast
import asyncio
import json
import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from viz.page.serving.arriving import MOST_STATES, PAUSE, SLOW, Arriving, arrived, held_by
from viz.page.serving.logs import OnceInFull
from viz.page.session.links import parameters_of
from viz.page.session.view import View
from viz.records import MAX_INPUTS, MAX_SOURCE, MAX_TYPED

OURS = "$$ID-0123456789abcdef-inputs"
EVENTS = "$$STREAMLIT_INTERNAL_KEY_$$ID-0123456789abcdef-graph__events"
DIGITS = "9" * 5_000


def sent(*states: WidgetState) -> bytes:
    message = BackMsg()
    message.rerun_script.query_string = "f=x"
    message.rerun_script.widget_states.widgets.extend(states)
    return message.SerializeToString()


def kept(*states: WidgetState) -> list[str]:
    came = arrived(sent(*states))
    assert came is not None
    message = BackMsg.FromString(came)
    assert message.rerun_script.query_string == "f=x"
    return [state.json_value for state in message.rerun_script.widget_states.widgets]


@pytest.mark.parametrize(
    ("asks", "arrives"),
    [
        ({"stop_script": True}, True),
        ({"app_heartbeat": True}, True),
        ({"backend_operation_request": {"deferred_file": {"file_id": "a"}}}, True),
        ({"backend_operation_request": {"deferred_file": {"file_id": "a" * 101}}}, False),
        ({"rerun_script": {"fragment_id": "a1" * 16}}, True),
        ({"rerun_script": {"fragment_id": "a" * 101}}, False),
        ({"rerun_script": {"fragment_id": "a\nb"}}, False),
        ({"clear_cache": True}, False),
        ({"load_git_info": True}, False),
        ({"set_run_on_save": True}, False),
        ({"debug_disconnect_websocket": True}, False),
        ({"debug_shutdown_runtime": True}, False),
        ({"file_urls_request": {"file_names": ["a"]}}, False),
        ({"backend_operation_request": {"install_skills": {}}}, False),
        ({"backend_operation_request": {"dismiss_skills_nudge": {}}}, False),
        ({"backend_operation_request": {"dataframe_chunk": {}}}, False),
        ({"backend_operation_request": {}}, False),
        ({}, False),
    ],
)
def test_only_what_the_page_s_browser_asks_for_arrives(asks: dict[str, Any], arrives: bool) -> None:
    sent = BackMsg(**asks).SerializeToString()
    assert arrived(sent) == (sent if arrives else None)


def test_every_kind_of_message_is_decided_on() -> None:
    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert kinds == {
        *("rerun_script", "stop_script", "app_heartbeat", "backend_operation_request"),
        *("clear_cache", "load_git_info", "set_run_on_save", "file_urls_request"),
        *("debug_disconnect_websocket", "debug_shutdown_runtime"),
    }


@pytest.mark.parametrize("text", ['{"a": 1}', "NaN", "[]", "9" * 4_000])
def test_what_can_be_read_arrives_as_it_came(text: str) -> None:
    state = WidgetState(id=OURS, json_value=text)
    assert arrived(sent(state)) == sent(state)


@pytest.mark.parametrize(
    "text", [DIGITS, f'{{"a": [{DIGITS}]}}', "[" * 90_000, "{broken", "", '"\\ud800"']
)
def test_what_cannot_is_left_out_alone(text: str) -> None:
    assert kept(
        WidgetState(id=OURS, json_value="1"),
        WidgetState(id=OURS, json_value=text),
        WidgetState(id=EVENTS, json_trigger_value=text),
        WidgetState(id="$$ID-0123456789abcdef-rate", json_value="1"),
        WidgetState(id="$$ID-0123456789abcdef-fold", bool_value=True),
    ) == ["1", ""]


@pytest.mark.parametrize(
    ("key", "state", "arrives"),
    [
        ("direction", {"string_array_value": {"data": ["LR"]}}, True),
        ("direction", {"string_array_value": {"data": []}}, False),
        ("direction", {"string_array_value": {"data": ["LR", "TB"]}}, False),
        ("show", {"string_array_value": {"data": []}}, True),
        ("digits", {"double_array_value": {"data": [3.0]}}, True),
        ("digits", {"double_array_value": {"data": []}}, False),
        ("digits", {"int_value": 3}, False),
        ("fold", {"bool_value": True}, True),
        ("fold", {"string_value": "1"}, False),
        ("fold-3", {"string_value": "1"}, False),
        ("curve-degree-12", {"double_array_value": {"data": [3.0]}}, True),
        ("lesson-0-None", {}, True),
        ("range", {"bytes_value": b"1"}, False),
        ("no-control", {"int_value": 3}, True),
    ],
)
def test_a_control_s_state_arrives_if_a_browser_could_send_it(
    key: str, state: dict[str, Any], arrives: bool
) -> None:
    sent_state = WidgetState(id=f"$$ID-0af-{key}", **state)
    came = arrived(sent(sent_state))
    assert came is not None
    message = BackMsg.FromString(came)
    assert len(message.rerun_script.widget_states.widgets) == arrives


VIZ = Path(__file__).resolve().parents[3] / "viz"
NAMING = ("turned", "turning", "_keyed")
PRESSED = ("button", "download_button", "tabs")


def named(call: ast.Call) -> ast.expr | None:
    """What names the control that a call makes; nothing of other calls."""
    of = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if of in NAMING and call.args:
        return call.args[0]
    keys = [given.value for given in call.keywords if given.arg == "key"]
    return keys[0] if of in PRESSED and keys else None


def keys() -> Iterator[str]:
    """The keys that stand in the page's code, `0` in place of what varies in them."""
    for path in (VIZ / "page").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            key = named(call) if isinstance(call, ast.Call) else None
            # a variable alone is left to the pages that `test_controls` opens
            if isinstance(key, ast.Constant | ast.JoinedStr):
                yield re.sub(r"\{[^}]*\}", "0", ast.unparse(key).lstrip("f").strip("'\""))


def test_every_control_in_the_code_is_known_by_what_it_holds() -> None:
    found = set(keys())
    assert {"order", "hessian", "tabs", "leave", "mend0", "show"} <= found
    varying = {"0-0": "again-0", "curve-0": "curve-reach"}
    unknown = {key for key in found if held_by(f"$$ID-0-{varying.get(key, key)}") is None}
    assert not unknown, "name them in CONTROLS of viz/page/serving/arriving.py"


@pytest.mark.parametrize("other", [b"\xff\xff\xff", BackMsg(stop_script=True).SerializeToString()])
def test_other_messages_pass(other: bytes) -> None:
    assert arrived(other) == other


def test_what_is_larger_than_all_that_the_page_sends_is_left_out() -> None:
    assert arrived(sent(WidgetState(id=OURS, json_value=f"[{'0,' * 700_000}0]"))) is not None
    assert arrived(sent(WidgetState(id=OURS, json_value=f"[{'0,' * 800_000}0]"))) is None
    assert arrived(sent(*[WidgetState(id=OURS, json_value="[]")] * (MOST_STATES + 1))) is None
    message = BackMsg()
    message.rerun_script.query_string = "a=1&" * 160_000
    assert arrived(message.SerializeToString()) is None
    view = View(
        source="界" * MAX_SOURCE,
        texts={f"x{n}": "界" * MAX_TYPED for n in range(MAX_INPUTS)},
        second="界" * MAX_SOURCE,
    )
    names = tuple(view.texts)
    message.rerun_script.query_string = urlencode(parameters_of(view, names))
    message.rerun_script.widget_states.widgets.add(
        id=OURS, json_value=json.dumps({"address": "界" * 20_000, "values": dict(view.texts)})
    )
    assert arrived(message.SerializeToString()) is not None


def test_who_sends_what_takes_long_is_heard_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("viz.page.serving.arriving.asyncio.sleep", sleep)
    large = sent(WidgetState(id=OURS, json_value=f"[{'{},' * 400_000}0]"))
    messages = iter([{"type": "websocket.receive", "bytes": each} for each in (sent(), large)] * 2)

    async def receive() -> Any:
        return next(messages)

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        for _ in range(4):
            await receive()

    with ThreadPoolExecutor(1) as pool:
        heard = Arriving(app)({"type": "websocket"}, receive, receive)
        pool.submit(asyncio.run, heard).result()
    assert waited[:2] == [0.0, 0.0]
    assert waited[2] > PAUSE * SLOW
    assert waited[3] == 0.0


def test_messages_of_websockets_are_looked_at() -> None:
    came: list[Any] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        came.extend([await receive() for _ in range(3)])

    messages = iter(
        [
            {"type": "websocket.connect"},
            {"type": "websocket.receive", "bytes": BackMsg(clear_cache=True).SerializeToString()},
            {"type": "websocket.receive", "bytes": b""},
            {"type": "websocket.receive", "bytes": sent(WidgetState(id=OURS, json_value=DIGITS))},
            {"type": "websocket.receive", "text": "a"},
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
    assert came[2]["type"] == "websocket.disconnect"


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
