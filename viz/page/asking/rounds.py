"""The rounds of a run that takes long, told while its visitor waits for the answer.

The thread of the script stands still until then, and must not draw in the middle of it: Streamlit
would end it there if something newer is wanted. So another thread writes, and is gone before the
answer is shown.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Final

from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from viz.page.session.language import _, speak, spoken
from viz.sandbox.server.turns import Hear

PAUSE: Final = 0.3
"""Seconds between two numbers that are shown."""


class _Teller:
    """Writes the newest rounds into a place, from the first that it hears of to the end."""

    def __init__(self, place: DeltaGenerator) -> None:
        self._place = place
        self._language = spoken()
        self._rounds = (0, 0)
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def hear(self, done: int, of: int) -> None:
        self._rounds = (done, of)
        if self._thread is None:
            self._thread = threading.Thread(target=self._tell, name="rounds", daemon=True)
            add_script_run_ctx(self._thread, get_script_run_ctx(suppress_warning=True))
            self._thread.start()

    def end(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _tell(self) -> None:
        speak(self._language)
        shown = None
        while not self._over.is_set():
            if shown != self._rounds:
                shown = self._rounds
                self._place.html(f"<p>{escape(said(*shown))}</p>")
            self._over.wait(PAUSE)


def said(done: int, of: int) -> str:
    """How far a run is, in the spoken language."""
    told = _("Round {done} of {all} …") if of else _("Round {done} …")
    return told.replace("{done}", f"{done:,}").replace("{all}", f"{of:,}")


@contextmanager
def telling(place: DeltaGenerator | None) -> Iterator[Hear | None]:
    """Gives who is to hear of the rounds, to show them in the place; nobody where there is none."""
    if place is None:
        yield None
        return
    teller = _Teller(place)
    try:
        yield teller.hear
    finally:
        teller.end()
