"""Answers that are kept: one budget of bytes for all sessions of the server.

Each session finds the answers to what it asked lately. The very same question of several sessions
(a class follows one link) is run once: its answer depends on nothing but the question, which holds
the whole text, so nobody is shown what another typed. When there is no room any more the largest
and oldest go first, whoever asked for them.

Kept is an answer's encoding, which takes a ninth of the memory that the record takes; the record
itself is the same one as long as a session shows it, and is decoded anew after that.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from viz.errors import ExplorerError, SandboxBusy

BUDGET: Final = 32_000_000
"""Bytes that all kept answers may take together, encoded; one that takes a quarter is too large."""
EACH: Final = 12
"""Answers that one session keeps."""
FOLLOW: Final = 2.0
"""Seconds for which a question waits for one like it: who asked first may stand far behind."""
LOOK: Final = 0.05
"""Seconds between two looks at whether the answer is still wanted."""


@dataclass
class _Kept:
    """An answer's encoding with the sessions that were given it, and its record while it lives.

    `whole`: its run was not ended by the clock, so that no other comes further.
    """

    encoded: bytes
    kind: type[Any]
    size: int
    whole: bool
    used: int
    living: weakref.ref[Any]
    sessions: set[str] = field(default_factory=set)

    def record(self) -> Any:
        record = self.living()
        if record is None:
            record = msgspec.msgpack.decode(self.encoded, type=self.kind)
            self.living = weakref.ref(record)
        return record


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
            kept = self._given(session, question)
        return kept.record()

    def answer(
        self, session: str, question: bytes, ask: Callable[[], Any], wanted: Callable[[], bool]
    ) -> Any:
        """What was answered to anybody who asked the same, else what `ask` gives, which is kept.

        While somebody else asks it, his answer is waited for: at most `FOLLOW` seconds, and as
        long as `wanted`. What `ask` raises is raised, and told to those who wait where it does not
        lie with the one who asked (no place was free, or he has left).
        """
        mine = self._followed(session, question, wanted)
        if isinstance(mine, _Kept):
            return mine.record()
        if not isinstance(mine, _Asking):
            return mine
        try:
            mine.record = self.put(session, question, ask())
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

    def put(self, session: str, question: bytes, record: Any) -> Any:
        """Keeps an answer, and lets go what there is no room for; one too large is not kept.

        Gives the record that all are shown: the one that was kept before, if there was.
        """
        encoded = msgspec.msgpack.encode(record)
        size = len(encoded) + len(question)
        with self._lock:
            if size > self.budget // 4:
                return record
            before = self._answers.get(question)
            if before is None or not before.whole:
                self._drop(question)
                self._answers[question] = _Kept(
                    encoded, type(record), size, _whole(record), self._clock, weakref.ref(record)
                )
                self.held += size
            elif before.living() is None:
                before.living = weakref.ref(record)
            kept = self._given(session, question)
            while self.held > self.budget:
                self._drop(max(self._answers, key=self._burden))
        return kept.record()

    def forget(self, session: str) -> None:
        """Lets go all that a session kept: its visitor has left."""
        with self._lock:
            for question in list(self._of.get(session, ())):
                self._let_go(session, question)

    def _followed(self, session: str, question: bytes, wanted: Callable[[], bool]) -> Any:
        """The answer if somebody has it, kept or not, or the note that it is now on this one to
        ask.
        """
        until = time.monotonic() + FOLLOW
        other: _Asking | None = None
        while True:
            with self._lock:
                kept = self._answers.get(question)
                if kept is not None and kept.whole:
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

    def _given(self, session: str, question: bytes) -> _Kept:
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
        return kept

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
