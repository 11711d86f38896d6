"""How far a run has come: the rounds of its outermost loop, told a few times a second.

Nobody listens but in a child, whose run somebody may be waiting for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

PAUSE: Final = 0.25
"""Seconds between two tellings, and until the first."""

Listener = Callable[[int, int], None]
"""Hears the rounds done, and how many there are in all: 0 where that is not known."""
_LISTENERS: Final[list[Listener]] = []


def listen(listener: Listener) -> None:
    """From now on `listener` hears of the rounds of this process's runs."""
    _LISTENERS.append(listener)


class RoundNews:
    """What one run tells of its rounds."""

    def __init__(self) -> None:
        self._next = time.monotonic() + PAUSE

    def round_over(self, done: int, of: int | None) -> None:
        """A round of the outermost loop is over."""
        if _LISTENERS and time.monotonic() >= self._next:
            self._next = time.monotonic() + PAUSE
            for listener in _LISTENERS:
                listener(done, of or 0)
