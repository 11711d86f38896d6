"""Answers that are kept: one budget of bytes for all sessions of the server.

Each session finds the answers to what it asked lately. The very same question of several sessions
(a class follows one link) is run once: its answer depends on nothing but the question, which holds
the whole text, so nobody is shown what another typed. When there is no room any more the largest
and oldest go first, whoever asked for them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from viz.errors import ExplorerError, SandboxBusy

BUDGET: Final = 256_000_000
"""Bytes of memory that all kept answers may take together."""
EACH: Final = 12
"""Answers that one session keeps."""
MEMORY: Final = 9
"""Bytes that a decoded record takes for each byte of its encoding (measured: 5 to 9)."""
FOLLOW: Final = 2.0
"""Seconds for which a question waits for one like it: who asked first may stand far behind."""
LOOK: Final = 0.05
"""Seconds between two looks at whether the answer is still wanted."""


@dataclass
class _Kept:
    """An answer with the sessions that were given it."""

    record: Any
    size: int
    used: int
    sessions: set[str] = field(default_factory=set)


@dataclass
class _Asking:
    """A question that is out: others who ask the same wait for what comes of it."""

    over: threading.Event = field(default_factory=threading.Event)
    record: Any = None
    error: ExplorerError | None = None


def _whole(record: Any) -> bool:
    """Whether a run was not ended by its clock: another might come further."""
    failure = getattr(record, "failure", None)
    return failure is None or failure.type != "TimeIsUp"


class KeptAnswers:
    """A memory of answers by question; safe to use from several threads."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.held = 0
        self._answers: dict[bytes, _Kept] = {}
        self._of: dict[str, dict[bytes, None]] = {}
        self._asking: dict[bytes, _Asking] = {}
        self._clock = 0
        self._lock = threading.Lock()

    def get(self, session: str, question: bytes) -> Any:
        """The answer that this session was given, `None` if it is not kept."""
        with self._lock:
            if question not in self._of.get(session, ()):
                return None
            return self._given(session, question)

    def answer(
        self, session: str, question: bytes, ask: Callable[[], Any], wanted: Callable[[], bool]
    ) -> Any:
        """What was answered to anybody who asked the same, else what `ask` gives, which is kept.

        While somebody else asks it, his answer is waited for: at most `FOLLOW` seconds, and as
        long as `wanted`. What `ask` raises is raised, and told to those who wait where it does not
        lie with the one who asked (no place was free, or he has left).
        """
        mine = self._followed(session, question, wanted)
        if not isinstance(mine, _Asking):
            return mine
        try:
            mine.record = ask()
            self.put(session, question, mine.record)
        except ExplorerError as error:
            if not isinstance(error, SandboxBusy) and wanted():
                mine.error = error
            raise
        finally:
            with self._lock:
                if self._asking.get(question) is mine:
                    del self._asking[question]
            mine.over.set()
        return mine.record

    def put(self, session: str, question: bytes, record: Any) -> None:
        """Keeps an answer, and lets go what there is no room for; one too large is not kept."""
        size = MEMORY * len(msgspec.msgpack.encode(record))
        with self._lock:
            if size > self.budget // 4:
                return
            before = self._answers.get(question)
            if before is None or not _whole(before.record):
                self._drop(question)
                self._answers[question] = _Kept(record, size, self._clock)
                self.held += size
            self._given(session, question)
            while self.held > self.budget:
                self._drop(max(self._answers, key=self._burden))

    def forget(self, session: str) -> None:
        """Lets go all that a session kept: its visitor has left."""
        with self._lock:
            for question in list(self._of.get(session, ())):
                self._let_go(session, question)

    def _followed(self, session: str, question: bytes, wanted: Callable[[], bool]) -> Any:
        """The answer if somebody has it, or the note that it is now on this one to ask."""
        until = time.monotonic() + FOLLOW
        other: _Asking | None = None
        while True:
            with self._lock:
                kept = self._answers.get(question)
                if kept is not None and _whole(kept.record):
                    return self._given(session, question)
                if other is not None and other.over.is_set():
                    if other.error is not None:
                        raise other.error
                    if other.record is not None:  # it is too large to be kept
                        return other.record
                if time.monotonic() >= until or not wanted():
                    return _Asking()
                other = self._asking.get(question)
                if other is None:
                    return self._asking.setdefault(question, _Asking())
            other.over.wait(LOOK)

    def _given(self, session: str, question: bytes) -> Any:
        """The kept answer, noted as this session's."""
        self._clock += 1
        kept = self._answers[question]
        kept.used = self._clock
        kept.sessions.add(session)
        own = self._of.setdefault(session, {})
        own.pop(question, None)
        own[question] = None
        if len(own) > EACH:
            self._let_go(session, next(iter(own)))
        return kept.record

    def _burden(self, question: bytes) -> int:
        """How much it holds, the longer nobody asked for it the more."""
        kept = self._answers[question]
        return kept.size * (self._clock - kept.used + 1)

    def _let_go(self, session: str, question: bytes) -> None:
        """A session keeps it no more; nobody does once the last one has let go."""
        own = self._of[session]
        own.pop(question)
        if not own:
            del self._of[session]
        sessions = self._answers[question].sessions
        sessions.discard(session)
        if not sessions:
            self._drop(question)

    def _drop(self, question: bytes) -> None:
        kept = self._answers.pop(question, None)
        if kept is None:
            return
        self.held -= kept.size
        for session in kept.sessions:
            self._of[session].pop(question)
            if not self._of[session]:
                del self._of[session]
