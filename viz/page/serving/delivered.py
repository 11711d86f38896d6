"""A run of the whole page ends once what it has sent is on its way to the browser.

When a run begins, Streamlit drops what the one before has sent and what has not left yet. Where a
fragment follows a run of the whole page, the word that the latter has ended well goes out all the
same, and the browser takes away each part of which it heard nothing. A moment later the fragment
brings them anew: an editor without its caret, a player without its step.
"""

from __future__ import annotations

import time
from threading import Event
from typing import Final

from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

LONGEST: Final = 2.0
"""Seconds that are waited at most; a browser whose connection is gone takes nothing."""
LOOK: Final = 0.005
"""Seconds until it is looked again."""


def delivered() -> None:
    """Waits until all that this run has sent has left.

    Not where the whole page is asked for anew: a run so overtaken ends with another word.
    """
    context = get_script_run_ctx(suppress_warning=True)
    sender = _sender(context.session_id) if context and runtime.exists() else None
    if context is None or sender is None:
        return
    until = time.monotonic() + LONGEST
    queued = Event()  # the server's loop puts what a run sends into the queue, in its order
    sender._call_soon_on_event_loop(queued.set)
    queued.wait(LONGEST)
    requests = context.script_requests
    while not sender._browser_queue.is_empty() and time.monotonic() < until:
        if requests is not None and requests._state is ScriptRequestType.STOP:
            return
        time.sleep(LOOK)


def _sender(session: str) -> AppSession | None:
    """What sends for the session with this id; none in a test of the page without a server."""
    sessions = getattr(runtime.get_instance(), "_session_mgr", None)
    found = sessions.get_active_session_info(session) if sessions else None
    return found.session if found else None
