"""Runs jobs in pre-spawned one-shot workers: the way of systems without Linux's layers.

Each worker is a fresh interpreter that has warmed up while nobody waited; it answers one job and
ends. One is kept ready; taking it starts the next. Only the clock, the allowlist and what caps
the system has confine it, so the level is "weak", and public mode refuses it.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections import deque
from collections.abc import Callable
from io import BufferedReader
from typing import Final

from viz.sandbox.server.launching import WARM_UP, command, environment, no_process
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.outcomes import Ended, Outcome, log
from viz.sandbox.server.turns import Turn
from viz.sandbox.wire.answers import Job, encoded_job
from viz.sandbox.wire.orders import LAYER_NAMES, WALL, Allowance, Orders, allowing

NOTES_SIZE: Final = 16_384
CHUNK: Final = 1 << 16


class OneShot:
    """Answers jobs by workers that live for one job each."""

    def __init__(
        self,
        limits: Limits,
        answering: str = "viz.sandbox.child.answering:answering",
        ready: int = 1,
    ) -> None:
        self.limits = limits
        self.orders = Orders(
            limits.memory, limits.processor, limits.soft, limits.notice, (), answering
        )
        self._ready = ready
        self._lock = threading.Lock()
        self._workers: deque[_OneShotProcess] = deque()
        self._busy: set[_OneShotProcess] = set()
        self._closed = False

    def start(self) -> None:
        """Begins to warm up the first worker."""
        with self._lock:
            self._refill()

    def missing(self) -> tuple[str, ...]:
        """Every layer: none of them is Windows's or macOS's."""
        return LAYER_NAMES

    def run(self, job: Job, turn: Turn) -> Outcome:
        """How the job ended."""
        with self._lock:
            self._refill()
            worker = self._workers.popleft()
            self._busy.add(worker)
            self._refill()
        try:
            worker.await_ready()
            with turn.waking(worker.kill):
                return worker.outcome(job, self.limits, turn)
        finally:
            worker.end()
            with self._lock:
                self._busy.discard(worker)

    def close(self) -> None:
        """Ends every worker."""
        with self._lock:
            self._closed = True
            workers = [*self._workers, *self._busy]
            self._workers.clear()
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.end()

    def _refill(self) -> None:
        if self._closed:
            raise no_process()
        while len(self._workers) < self._ready:
            self._workers.append(_OneShotProcess(self.orders))


class _OneShotProcess:
    """One process and the two threads that read what it writes."""

    def __init__(self, orders: Orders) -> None:
        self.process = subprocess.Popen(
            command("viz.sandbox.child.oneshot_worker", orders.text()),
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.ready = threading.Event()
        self.too_large = False
        self.answer = bytearray()
        self.notes = bytearray()
        self.most = 1
        streams = (self.process.stdout, self._answer), (self.process.stderr, self._note)
        self._readers = [
            threading.Thread(target=_drain, args=stream, daemon=True) for stream in streams
        ]
        for reader in self._readers:
            reader.start()

    def await_ready(self) -> None:
        """Waits until it is warm; raises `SandboxUnavailable`."""
        self.ready.wait(WARM_UP)
        if not self.answer.startswith(b"r"):
            log.error("a worker did not start: %s", self.notes.decode("utf-8", "replace"))
            raise no_process()

    def outcome(self, job: Job, limits: Limits, turn: Turn) -> Outcome:
        """Hands the job over and watches the clock."""
        program = getattr(job, "program", None)
        seconds = limits.allowed(program.kind if program is not None else "")
        self.most = limits.answer + 1
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError, OSError):
            may = Allowance(seconds, limits.soft, seconds * WALL, limits.memory)
            self.process.stdin.write(allowing(encoded_job(job), may))
            self.process.stdin.close()
        ended: Ended = "itself"
        try:
            self.process.wait((seconds + limits.hard - limits.soft) * WALL)
        except subprocess.TimeoutExpired:
            ended = "time"
        self.end()
        if turn.unwanted is not None:
            ended = "unwanted"
        turn.late = ended == "time"
        if self.too_large:
            ended = "size"
        notes = self.notes.decode("utf-8", "replace")
        return Outcome(
            ended,
            bytes(self.answer[1:]),
            notes,
            self.process.returncode,
            seconds,
            memory=limits.memory,
        )

    def kill(self) -> None:
        """Ends the process at once."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    def end(self) -> None:
        """Ends the process and waits until nothing is left of it."""
        self.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):  # what could not be written any more
                    stream.close()

    def _answer(self, chunk: bytes) -> None:
        self.answer += chunk
        self.ready.set()
        if len(self.answer) > self.most:
            self.too_large = True
            self.answer.clear()
            self.kill()

    def _note(self, chunk: bytes) -> None:
        self.notes += chunk[: max(0, NOTES_SIZE - len(self.notes))]
        if not chunk:
            self.ready.set()


def _drain(stream: BufferedReader, take: Callable[[bytes], None]) -> None:
    while chunk := stream.read1(CHUNK):
        take(chunk)
    take(b"")
