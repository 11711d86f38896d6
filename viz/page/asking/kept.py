"""Answers that are kept: one budget of bytes for all sessions of the server.

Each session finds the answers to what it asked lately; a session never sees another's. When there
is no room any more the largest and oldest go first, whoever asked for them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

import msgspec

BUDGET: Final = 256_000_000
"""Bytes of memory that all kept answers may take together."""
EACH: Final = 12
"""Answers that one session keeps."""
MEMORY: Final = 9
"""Bytes that a decoded record takes for each byte of its encoding (measured: 5 to 9)."""


@dataclass
class _Kept:
    record: Any
    size: int
    used: int


class KeptAnswers:
    """A memory of answers by session and question; safe to use from several threads."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.held = 0
        self._answers: dict[tuple[str, bytes], _Kept] = {}
        self._of: dict[str, dict[bytes, None]] = {}
        self._clock = 0
        self._lock = threading.Lock()

    def get(self, session: str, question: bytes) -> Any:
        """The answer that this session was given, `None` if it is not kept."""
        with self._lock:
            found = self._answers.get((session, question))
            if found is None:
                return None
            self._clock += 1
            found.used = self._clock
            self._of[session][question] = self._of[session].pop(question)
            return found.record

    def put(self, session: str, question: bytes, record: Any) -> None:
        """Keeps an answer, and lets go what there is no room for; one too large is not kept."""
        size = MEMORY * len(msgspec.msgpack.encode(record))
        with self._lock:
            self._drop(session, question)
            if size > self.budget // 4:
                return
            self._clock += 1
            self._answers[session, question] = _Kept(record, size, self._clock)
            self._of.setdefault(session, {})[question] = None
            self.held += size
            while len(self._of[session]) > EACH:
                self._drop(session, next(iter(self._of[session])))
            while self.held > self.budget:
                self._drop(*max(self._answers, key=self._burden))

    def forget(self, session: str) -> None:
        """Lets go all that a session kept: its visitor has left."""
        with self._lock:
            for question in list(self._of.get(session, ())):
                self._drop(session, question)

    def _burden(self, key: tuple[str, bytes]) -> int:
        """How much it holds, the longer nobody asked for it the more."""
        kept = self._answers[key]
        return kept.size * (self._clock - kept.used + 1)

    def _drop(self, session: str, question: bytes) -> None:
        kept = self._answers.pop((session, question), None)
        if kept is not None:
            self.held -= kept.size
            self._of[session].pop(question)
            if not self._of[session]:
                del self._of[session]
