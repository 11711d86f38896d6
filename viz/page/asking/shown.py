"""What all open pages show is bounded: the largest that nobody touches is let go.

A page holds the record that it shows, decoded, with the picture that was made of it: 0.2 MB for
most, a hundred times as much for a run of 10,000 operations, and until two minutes after its
visitor has left. Where all of them together are more than the budget, the largest and oldest go
first. The browser goes on to show what it has; its next question is answered from the kept answers,
or anew.
"""

from __future__ import annotations

import ctypes
import gc
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from viz.page.session.state import Session

BUDGET: Final = 128_000_000
"""Bytes of memory that the records that all sessions show may take together."""
MEMORY: Final = 11
"""Bytes that a record takes, with its picture, for each byte of its encoding (measured)."""
LIGHT: Final = 2_000_000
"""Bytes that the page of a visitor who has left may hold on to, should he come back."""


@dataclass(frozen=True)
class _Shows:
    """A session, the bytes that its records take, and when it ran last."""

    session: weakref.ref[Session]
    size: int
    used: int


class ShownRecords:
    """Counts what sessions show; safe to use from several threads."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self._of: dict[str, _Shows] = {}
        self._clock = 0
        self._lock = threading.Lock()

    @property
    def held(self) -> int:
        """Bytes that all sessions' records take."""
        with self._lock:
            return sum(one.size for one in self._of.values() if one.session() is not None)

    def note(self, now: Session) -> None:
        """Counts what a session shows from now on; lets others go where it is too much."""
        size = MEMORY * len(msgspec.msgpack.encode(now.trace))
        with self._lock:
            self._clock += 1
            self._of[now.name] = _Shows(weakref.ref(now), size, self._clock)
            going = list(self._over(now))
        if sum(map(self._gone, going)):
            give_back()

    def left(self, now: Session) -> None:
        """The visitor of a session has left, and may come back."""
        with self._lock:
            shows = self._of.get(now.name)
        if shows is not None and shows.size > LIGHT and self._gone(shows):
            give_back()

    def _over(self, now: Session) -> Iterator[_Shows]:
        """Who is to let go so that the rest is within the budget, and drops who is no more."""
        self._of = {name: one for name, one in self._of.items() if one.session() is not None}
        held = sum(one.size for one in self._of.values())
        others = [one for name, one in self._of.items() if name != now.name]
        others.sort(key=lambda one: one.size * (self._clock - one.used + 1))
        while others and held > self.budget:
            one = others.pop()
            held -= one.size
            yield one

    def _gone(self, shows: _Shows) -> bool:
        """Whether this session has let go; one whose page runs is counted on."""
        session = shows.session()
        if session is None or not session.let_go():
            return False
        with self._lock:
            if self._of.get(session.name) is shows:
                del self._of[session.name]
        return True


def give_back() -> None:
    """Gives memory that was let go back to the system, where the C library keeps it (glibc)."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
