"""One look at a time: gradients, hooks, random states and settings, which it lays aside and puts
back, are the whole process's, and two that do so at once take each other's for the user's.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 0.02
"""Seconds between two questions whether the one whose turn it is waits for others."""
WAITING: Final = ("threading", "selectors")
"""Modules in which a thread stands that waits for another one."""


class _OneLook:
    """Whose turn it is; within one thread a look may be part of another."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.holder = 0

    def taken(self) -> bool:
        """Waits for the turn. False without it: whose turn it is waits for other threads, and this
        may be one of them.
        """
        while not self.lock.acquire(timeout=PATIENCE):
            frame = sys._current_frames().get(self.holder)
            if frame is not None and frame.f_globals.get("__name__") in WAITING:
                return False
        self.holder = threading.get_ident()
        return True


_one = _OneLook()


def _begin_anew() -> None:
    global _one  # the thread whose turn it was is not in the child
    _one = _OneLook()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


@contextmanager
def in_turn() -> Iterator[None]:
    """Inside, no other thread looks."""
    one = _one
    taken = one.taken()
    try:
        yield
    finally:
        if taken:
            one.lock.release()
