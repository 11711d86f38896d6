"""What the server's log says of errors: each place in full once, then by a line.

A browser that sends forged states makes Streamlit raise as often as it likes. The first time that
an error comes from a place its whole traceback is written, which whoever mends it needs; from then
on it is one line a message, so that nobody can fill a disk or hide something else.
"""

from __future__ import annotations

import logging
import threading
import traceback
from typing import Final

from cachetools import LRUCache

LOGGERS: Final = (
    "streamlit.error_util",
    "streamlit.components.v2.bidi_component.serialization",
    "streamlit.runtime.app_session",
    "streamlit.runtime.scriptrunner.script_runner",
    "streamlit.web.server.starlette.starlette_websocket",
)
"""Where Streamlit tells what a message of a browser's led to."""
PLACES: Final = 256
"""Places of errors that are remembered."""
FRAMES: Final = 3
"""Innermost frames of a traceback that make a place."""


class OnceInFull(logging.Filter):
    """Takes a record's traceback away where one of the same kind and place was written before."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: LRUCache[tuple[object, ...], bool] = LRUCache(PLACES)
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass, some without their traceback."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and self._known(error):
            record.msg = f"{record.getMessage()} ({type(error).__name__}, as before)"
            record.args = ()
            record.exc_info = record.exc_text = None
        return True

    def _known(self, error: BaseException) -> bool:
        frames = [
            (frame.f_code.co_filename, line)
            for frame, line in traceback.walk_tb(error.__traceback__)
        ]
        place = (type(error), *frames[-FRAMES:])
        with self._lock:
            known = place in self._seen
            self._seen[place] = True
        return known


_SHARED: Final = OnceInFull()


def quiet() -> None:
    """Has Streamlit's loggers write each error in full once."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_SHARED)
