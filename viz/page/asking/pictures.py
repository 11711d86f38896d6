"""Whose picture is drawn next: Graphviz's processes are shared out as the places of runs are, by
address, then by open page.

There are two of them, and a tangled graph keeps one busy for seconds. Whoever has had such a one of
late goes behind everybody else, and only one of these is drawn at a time: another is always soon to
be had by a visitor whose picture takes milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from viz.drawing.picture.layout import SECONDS, WORKERS
from viz.errors import N_, DrawingBusy, RunStopped, SandboxBusy, problem
from viz.sandbox.server.turns import Turns

PATIENCE: Final = 2 * SECONDS
"""Seconds for which a picture waits for its turn."""
LONG: Final = 1.0
"""Seconds from which a picture counts as one that others should not have to wait for."""
WAITING: Final = 64
"""Pictures that wait at most."""

_turns: Final = Turns(WORKERS, WAITING)


@contextmanager
def picture_turn(session: str, address: str, kind: str = "picture") -> Iterator[None]:
    """Within it is the turn of this session, from this address; raises `DrawingBusy`.

    A later one of a kind replaces one that the session still waits for.
    """
    try:
        with _turns.turn(session, kind, PATIENCE, address=address) as turn:
            began = time.monotonic()
            try:
                yield
            finally:
                turn.late = time.monotonic() - began > LONG
    except (SandboxBusy, RunStopped):
        raise DrawingBusy(
            problem(N_("Too many pictures are being drawn."), N_("Try again in a moment."))
        ) from None
