"""What a browser sends, looked at before Streamlit takes it into the session.

Streamlit keeps each state that a browser reports and reads its JSON whenever it is wanted. One that
Python's reader refuses (a number of 5,000 digits, brackets without end), or that says it is JSON
and stands for one of Streamlit's own controls, would raise at every later run of its session, which
could never be used again. So would a number for one that holds a text. Such a state is left out:
the run happens as if it had not been sent.

What is larger than all that the page ever sends is left out unread, and whoever sends what takes
long to look at is heard less often (`PAUSE`): the server's one event loop does that, for everybody.

Of all that Streamlit would do for a browser the page's own asks for little (`ASKED`, and a file
that is made when it is wanted). The rest never reaches it: emptying the caches of all visitors,
which ends their runs, naming the files of the server's repository, writing some.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass
from typing import Final

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from viz.page.components import KINDS

ASKED: Final = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
"""The kinds of messages that a browser sends of itself."""
LARGEST: Final = 1_500_000
"""Bytes of a message: the address, the program and the inputs' texts, as long as they may be, take
less.
"""
LONGEST_QUERY: Final = 600_000
"""Characters of an address."""
MOST_STATES: Final = 2_000
"""States of controls and components in one message; the page has a hundred."""
SLOW: Final = 0.005
"""Seconds from which a message took long; one of a browser takes a tenth of it."""
PAUSE: Final = 20.0
"""How many times as long as such a message took the connection then waits for its next one."""
LONGEST_ID: Final = 100
"""Characters of the name of a file that is wanted or of a page's part; Streamlit's have 32."""
JSON: Final = ("json_value", "json_trigger_value")
"""The kinds of state that hold JSON: what components send."""
OURS: Final = re.compile(rf"-(?:{'|'.join(map(re.escape, KINDS.values()))})(?:__events)?$")
"""How Streamlit's names for the page's components end: with their key."""
KEY: Final = re.compile(r"\$\$ID-[0-9a-f]+-(.*)", re.DOTALL)
"""Streamlit's name for a control, with its key; `None` for one that has none."""


@dataclass(frozen=True)
class Holding:
    """What a control's state holds: the field of Streamlit's message, of a list how many values."""

    field: str
    least: int = 0
    most: int = 0

    def fits(self, state: WidgetState) -> bool:
        """Whether a browser could have sent this value."""
        if state.WhichOneof("value") != self.field:
            return False
        return not self.most or self.least <= len(getattr(state, self.field).data) <= self.most


CONTROLS: Final = {
    re.compile(f"({keys})(-[0-9]+)?"): held
    for keys, held in {
        "show|tools": Holding("string_array_value", 0, 16),
        "depth|direction|graph_order|language|order|hessian": Holding("string_array_value", 1, 1),
        "rate|curve-(rate|reach)": Holding("string_array_value", 1, 1),
        "digits|curve-(degree|walked)": Holding("double_array_value", 1, 1),
        "friendly|constants|detached|fold": Holding("bool_value"),
        "lesson-.*|along|of|of_surface|over[01]": Holding("string_value"),
        "range|second|gradient|tabs": Holding("string_value"),
        "None|(again|try|next|lecture)-.*|leave|disclose|untake|stop": Holding("trigger_value"),
        "(mend|start|taught)[0-9]+": Holding("trigger_value"),
    }.items()
}
"""The page's controls of Streamlit's own, by key: a name, and an edition behind it or none."""


_NOT_TAKEN: Final = 1003
"""How a websocket ends that sends texts, by the protocol's numbers."""


class Arriving:
    """ASGI middleware: leaves out messages of websockets that no browser sends, and of others the
    states that are unreadable.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pause = 0.0

        async def receiving() -> Message:
            nonlocal pause
            while True:
                await asyncio.sleep(pause)
                pause = 0.0
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                if message.get("bytes") is None:  # a text: Streamlit would log a traceback of it
                    return {"type": "websocket.disconnect", "code": _NOT_TAKEN}
                began = time.thread_time()
                taken = arrived(message["bytes"])
                took = time.thread_time() - began
                pause = PAUSE * took if took > SLOW else 0.0
                if taken is not None:
                    return {**message, "bytes": taken}

        await self.app(scope, receiving if scope["type"] == "websocket" else receive, send)


def arrived(sent: bytes) -> bytes | None:
    """The message, without the states whose JSON cannot be read; `None` for one that the page's
    own browser does not send.
    """
    if len(sent) > LARGEST:
        return None
    message = BackMsg()
    try:
        message.ParseFromString(sent)
    except DecodeError:
        return sent  # Streamlit hangs up on it
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        wanted = message.backend_operation_request.deferred_file.file_id
        return sent if 0 < len(wanted) <= LONGEST_ID else None
    if kind != "rerun_script":
        return sent if kind in ASKED else None
    asked = message.rerun_script
    if len(asked.query_string) > LONGEST_QUERY or len(asked.widget_states.widgets) > MOST_STATES:
        return None
    part = asked.fragment_id  # Streamlit's log tells of one that it does not know
    if part and not (part.isalnum() and len(part) <= LONGEST_ID):
        return None
    return _without_unreadable(sent, message)


def _without_unreadable(sent: bytes, message: BackMsg) -> bytes:
    states = message.rerun_script.widget_states.widgets
    kept = [state for state in states if readable(state)]
    if len(kept) == len(states):
        return sent
    del states[:]
    states.extend(kept)
    return bytes(message.SerializeToString())


def readable(state: WidgetState) -> bool:
    """Whether Streamlit will be able to read this state: JSON comes from the page's components, and
    nothing else does; of its controls each has its kind.
    """
    kind = state.WhichOneof("value")  # none of a control that was cleared
    ours = OURS.search(state.id) is not None
    if kind is None or (kind in JSON) != ours:
        return kind is None
    if not ours:
        held = held_by(state.id)
        return held is None or held.fits(state)
    try:
        read = json.loads(getattr(state, kind))
    except (ValueError, RecursionError):
        return False
    return not isinstance(read, str)  # Streamlit would read a text once more


def held_by(id: str) -> Holding | None:
    """What the state of the control of this name holds; `None` if the page has none such."""
    key = KEY.fullmatch(id)
    fitting = (held for keys, held in CONTROLS.items() if key and keys.fullmatch(key[1]))
    return next(fitting, None)
