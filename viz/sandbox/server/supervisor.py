"""Runs one job in a child of the warm parent, and ends it when its time is over.

All of it happens in the thread of the one who asks: it hands over the descriptors, reads the
answer, watches the clock, and kills through the child's pidfd.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from dataclasses import dataclass, field
from typing import Final

from viz.errors import scarce
from viz.sandbox.server.launching import no_process
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.outcomes import Ended, Outcome, log
from viz.sandbox.server.run_clock import RunClock
from viz.sandbox.server.turns import LOOK, Turn, busy
from viz.sandbox.server.warm_parents import WarmParents
from viz.sandbox.wire.answers import HEADER, Job, encoded_job
from viz.sandbox.wire.orders import LAYER_NAMES, MESSAGE, STARVED, WALL, Allowance, Orders, allowing
from viz.sandbox.wire.rounds import taken

FORK: Final = 5.0
"""Seconds that a parent may take to fork before it counts as hung."""
ATTEMPTS: Final = 5
"""Parents that are tried: the one on duty and its spare, for each the spare that it may promise
while it dies, a new one.
"""
LEFT: Final = 0.3
"""Seconds after which a run that nobody waits for any more counts as one that was too long."""
GONE: Final = 5.0
"""Seconds that a killed run's end is waited for: until then its place is not free."""
CHUNK: Final = 1 << 16
NOTES_SIZE: Final = 16_384
"""Bytes of notes that are kept."""
MOST_NOTED: Final = 262_144
"""Bytes of notes that a child writes at most, its rounds too: to read them is the page's work."""


class Forking:
    """Answers jobs by children of a warm parent. Linux only.

    `layers` and `answering` are what tests change to try each layer alone.
    """

    def __init__(
        self,
        limits: Limits,
        layers: tuple[str, ...] = LAYER_NAMES,
        answering: str = "viz.sandbox.child.answering:answering",
    ) -> None:
        self.limits = limits
        self.parents = WarmParents(
            Orders(limits.memory, limits.processor, limits.soft, limits.notice, layers, answering)
        )

    def start(self) -> None:
        """Begins to warm up."""
        self.parents.start()

    def missing(self) -> tuple[str, ...]:
        """The layers that this system does not have; raises `SandboxUnavailable`, `SandboxBusy`."""
        try:
            self.parents.ready()
        except OSError as error:
            log.error("the process that runs programs could not be started: %s", error)
            raise (busy() if scarce(error) else no_process()) from error
        return self.parents.missing

    def run(self, job: Job, turn: Turn) -> Outcome:
        """How the job ended; a parent that dies before it forks is replaced and another asked.

        A run whose parent dies meanwhile is asked once more: it was not its fault.
        """
        program = getattr(job, "program", None)
        kind = program.kind if program is not None else ""
        allowed = self.limits.allowed(kind)
        shared = self.limits.shared(kind, turn.repeats)
        memory = self.limits.bytes_of(turn.large)
        may = Allowance(allowed, shared, allowed * WALL * STARVED, memory)
        text = allowing(encoded_job(job), may)
        outcome: Outcome | None = None
        for _ in range(ATTEMPTS):
            before, outcome = outcome, self._run(text, turn, may)
            again = outcome is None or (outcome.ended == "lost" and before is None)
            if not again or self.parents.closed:
                break
        return outcome or Outcome("lost")

    def close(self) -> None:
        """Ends the parents and every child."""
        self.parents.close()

    def _run(self, job: bytes, turn: Turn, may: Allowance) -> Outcome | None:
        with contextlib.ExitStack() as stack:
            try:
                channels = _channels(job, stack)
                parent = self.parents.hand(*channels.theirs)
            except OSError as error:
                log.error("a job could not be handed over: %s", error)
                if not scarce(error):
                    raise no_process() from error
                return Outcome("refused")
            _close(channels.theirs)
            run = _Supervision(self.limits, channels, self.parents, turn, may)
            with turn.waking(lambda: os.eventfd_write(channels.wake, 1)):
                outcome = run.outcome()
        if outcome is None:
            self.parents.replace(parent)
        if outcome is not None:
            turn.late = turn.late or outcome.late
        if turn.unwanted is not None:
            return Outcome("unwanted")
        return outcome


@dataclass
class _Channels:
    """A job's descriptors: what the child gets, what stays here."""

    theirs: list[int]
    answer: int
    notes: int
    report: socket.socket
    wake: int


def _close(descriptors: list[int]) -> None:
    while descriptors:
        os.close(descriptors.pop())


def _channels(job: bytes, stack: contextlib.ExitStack) -> _Channels:
    """A job's descriptors, which the stack closes. Raises `OSError` when there are none left."""
    theirs: list[int] = []
    stack.callback(_close, theirs)
    theirs.append(os.memfd_create("job", os.MFD_CLOEXEC))
    with open(theirs[0], "wb", closefd=False) as file:
        file.write(job)
    os.lseek(theirs[0], 0, os.SEEK_SET)
    answer, notes = _pipe(stack, theirs), _pipe(stack, theirs)
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    stack.callback(here.close)
    theirs.append(there.detach())
    wake = os.eventfd(0, os.EFD_CLOEXEC)
    stack.callback(os.close, wake)
    return _Channels(theirs, answer, notes, here, wake)


def _pipe(stack: contextlib.ExitStack, theirs: list[int]) -> int:
    reading, writing = os.pipe()
    stack.callback(os.close, reading)
    theirs.append(writing)
    return reading


@dataclass
class _Supervision:
    """One child's life as seen from here."""

    limits: Limits
    channels: _Channels
    parents: WarmParents
    turn: Turn
    may: Allowance
    pid: int = 0
    pidfd: int = -1
    status: int | None = None
    ended: Ended = "itself"
    answer: bytearray = field(default_factory=bytearray)
    notes: bytearray = field(default_factory=bytearray)
    noted: int = 0
    open: set[int] = field(default_factory=set)
    clock: RunClock = field(default_factory=RunClock)
    rung: bool = False
    noticed: bool = False
    killed: bool = False

    def __post_init__(self) -> None:
        self.allowed, self.shared = self.may.seconds, self.may.shared

    def outcome(self) -> Outcome | None:
        """Watches until the child is gone; `None` if there never was one."""
        try:
            self._watch()
            if self.killed and self.pid:
                self._await_end()
        finally:
            if self.pidfd >= 0:
                os.close(self.pidfd)
        if self.pid == 0 and self.ended == "lost":
            return None
        return Outcome(
            self.ended,
            bytes(self.answer[HEADER:]),
            self.notes.decode("utf-8", "replace"),
            self.status,
            self.allowed,
            self._late(),
            self.may.memory,
        )

    def _late(self) -> bool:
        """Whether the run took all of its time, or its share; on a busy machine it is the wall's
        clock that ends it, with little of the processor's used.
        """
        most = LEFT if self.ended == "unwanted" else self.limits.soft
        return self.ended == "time" or self.rung or self.clock.over(most)

    def _watch(self) -> None:
        channels = self.channels
        handlers = {
            channels.answer: self._read_answer,
            channels.notes: self._read_notes,
            channels.report.fileno(): self._read_report,
            channels.wake: self._drop,
        }
        self.open = set(handlers)
        while self.open - {channels.wake}:
            watched = select.poll()
            for descriptor in self.open:
                watched.register(descriptor, select.POLLIN)
            for descriptor, _ in watched.poll(self._wait()):
                if descriptor in self.open:
                    handlers[descriptor]()
            self._keep_time()

    def _left(self) -> float:
        """Seconds until the clock may ask for something: sooner than that no mark is reached."""
        if self.pid == 0:
            return FORK - self.clock.passed()
        return self.clock.until(self._mark())

    def _wait(self) -> float:
        """Milliseconds until the clock is looked at again."""
        more = self.allowed > self.shared  # it is looked at whether somebody waits
        sooner = FORK if self.turn.long or not self.pid else self.clock.until(self.limits.quick)
        return 1000 * max(0.001, min(self._left(), sooner, LOOK if more else FORK))

    def _mark(self) -> float:
        """The seconds at which something is due: its own clock rings, a notice, the end."""
        if not self.rung:
            return self.allowed
        late = self.limits.hard if self.noticed else self.limits.notice
        return self.allowed + late - self.limits.soft

    def _keep_time(self) -> None:
        if not self.open - {self.channels.wake}:
            return
        self._share()
        self._lower()
        if self._left() > 0:
            return
        if self.pid == 0:
            self.ended = "lost"
            self.open.clear()
        elif not self.rung:
            self.rung = True
            if self.clock.used() < self.allowed:  # else it knows by itself
                self._signal(signal.SIGVTALRM)
        elif not self.noticed:
            self.noticed = True
            self._signal(signal.SIGUSR1)
        else:
            self._kill("time")

    def _share(self) -> None:
        """A run that has its share gives way once somebody waits for its place.

        On a busy machine it may be the clock on the wall that says so.
        """
        more = self.pid and self.allowed > self.shared and not self.rung
        if more and self.clock.until(self.shared) <= 0 and self._pressed():
            self.allowed = self.clock.used()
            self.rung = True
            self._signal(signal.SIGUSR2)

    def _pressed(self) -> bool:
        """Whether somebody waits for its place; or, if it is one of many, for its processor."""
        if self.turn.pressed():
            return True
        return self.turn.repeats and self.clock.stood_ready() > self.clock.known

    def _lower(self) -> None:
        """A run that turns out to be long goes behind the quick ones and leaves them its place."""
        if self.pid and not self.turn.long and self.clock.until(self.limits.quick) <= 0:
            # an honest run that is long must end within its time by the clock: idle, it might not
            self.parents.lower(self.pid, idle=self.turn.repeats)
            self.turn.lower()

    def _kill(self, why: Ended) -> None:
        """Ends the child, or as soon as it is known which one it is."""
        if not self.killed:
            self.killed = True
            self.ended = why
        if self.pid:
            self.clock.look()
            self._signal(signal.SIGKILL)
            self._read_the_rest(self.channels.notes)
            self.open.clear()

    def _await_end(self) -> None:
        """A busy machine ends a killed run late: the next one must not begin beside it."""
        ending = self.pidfd if self.pidfd >= 0 else self.channels.report.fileno()
        watched = select.poll()
        watched.register(ending, select.POLLIN)
        watched.poll(1000 * GONE)

    def _signal(self, which: signal.Signals) -> None:
        if self.pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, which)
        elif self.pid:
            self.parents.kill(self.pid, which)

    def _read_answer(self) -> None:
        chunk = os.read(self.channels.answer, CHUNK)
        if not chunk:
            self.open.discard(self.channels.answer)
        self.answer += chunk
        if len(self.answer) < HEADER:
            return
        length = int.from_bytes(self.answer[:HEADER], "little")
        if length > self.limits.answer or len(self.answer) > HEADER + length:
            self.answer.clear()
            self._kill("size")
        elif len(self.answer) == HEADER + length:
            self.status = 0
            self._finish()

    def _finish(self) -> None:
        """The answer is whole: the child has nothing left to do, and its end is not waited for."""
        if self.pid:
            self.clock.look()
            self._signal(signal.SIGKILL)
            self.open.clear()

    def _read_notes(self) -> None:
        chunk = os.read(self.channels.notes, CHUNK)
        if not chunk:
            self.open.discard(self.channels.notes)
        self.notes += chunk[: max(0, NOTES_SIZE - len(self.notes))]
        self.noted += len(chunk)
        if self.noted > MOST_NOTED:
            self.open.discard(self.channels.notes)
            self._kill("size")
        if (rounds := taken(self.notes)) is not None and self.turn.hear is not None:
            self.turn.hear(*rounds)

    def _read_report(self) -> None:
        text, descriptors, _, _ = socket.recv_fds(self.channels.report, MESSAGE, 1)
        match text.decode("ascii", "replace").split():
            case [pid] if pid.isdecimal() and not self.pid:
                self.pid = int(pid)
                self.pidfd = descriptors.pop() if descriptors else -1
                self.clock.start(self.pid)
                if self.killed:
                    self._kill(self.ended)
                elif self.status is not None:
                    self._finish()
            case ["ended", status] if status.lstrip("-").isdecimal():
                self.status = int(status)
                self._read_the_rest(self.channels.answer)
                self._read_the_rest(self.channels.notes)
                self.open.clear()
            case ["failed", _]:  # the system has no process left
                self.ended = "refused"
                self.open.clear()
            case _:  # the parent is gone, and its children with it, or this is no parent's word
                self.ended = "lost"
                self._signal(signal.SIGKILL)
                self.open.clear()
        for descriptor in descriptors:
            os.close(descriptor)

    def _read_the_rest(self, descriptor: int) -> None:
        """What is in the pipe already; who else may hold its other end is not waited for."""
        read = self._read_answer if descriptor == self.channels.answer else self._read_notes
        watched = select.poll()
        watched.register(descriptor, select.POLLIN)
        while descriptor in self.open and watched.poll(0):
            read()

    def _drop(self) -> None:
        """Nobody wants the answer any more."""
        self.open.discard(self.channels.wake)
        self._kill("unwanted")
