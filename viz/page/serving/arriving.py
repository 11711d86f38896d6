"""What a browser sends, looked at before Streamlit takes it into the session.

Streamlit keeps each state that a browser reports and reads its JSON whenever it is wanted. One that
Python's reader refuses (a number of 5,000 digits, brackets without end), or that says it is JSON
and stands for one of Streamlit's own controls, would raise at every later run of its session, which
could never be used again. Such a state is left out: the run happens as if it had not been sent.
"""

from __future__ import annotations

import json
import re
from typing import Final

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from viz.page.components import KINDS

JSON: Final = ("json_value", "json_trigger_value")
"""The kinds of state that hold JSON: what components send."""
OURS: Final = re.compile(rf"-(?:{'|'.join(map(re.escape, KINDS.values()))})(?:__events)?$")
"""How Streamlit's names for the page's components end: with their key."""


class Arriving:
    """ASGI middleware: leaves unreadable states out of the messages of websockets."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def receiving() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and message.get("bytes"):
                message = {**message, "bytes": without_unreadable(message["bytes"])}
            return message

        await self.app(scope, receiving if scope["type"] == "websocket" else receive, send)


def without_unreadable(sent: bytes) -> bytes:
    """The message without the states whose JSON cannot be read; any other as it came."""
    message = BackMsg()
    try:
        message.ParseFromString(sent)
    except DecodeError:
        return sent  # Streamlit hangs up on it
    if message.WhichOneof("type") != "rerun_script":
        return sent
    states = message.rerun_script.widget_states.widgets
    kept = [state for state in states if readable(state)]
    if len(kept) == len(states):
        return sent
    del states[:]
    states.extend(kept)
    return bytes(message.SerializeToString())


def readable(state: WidgetState) -> bool:
    """Whether Streamlit will be able to read this state: JSON comes from the page's components."""
    kind = state.WhichOneof("value")
    if kind not in JSON:
        return True
    if not OURS.search(state.id):
        return False
    try:
        json.loads(getattr(state, kind))
    except (ValueError, RecursionError):
        return False
    return True
