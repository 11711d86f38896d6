"""The warm parent: a process that has torch ready and forks a child for each job.

It has one thread, an almost empty environment, and never reads a job: it receives descriptors,
hands them to a child that was forked in advance, and reports how the child ended. On request it
forks a spare of itself, so that a dead warm parent is replaced in milliseconds instead of the
seconds that importing takes.

Messages (SOCK_SEQPACKET, one a datagram):

- in: ``job`` with four descriptors (the job, the answer, the notes, the report);
  ``spare`` with one (the spare's own control socket); ``kill <pid> <signal>``;
  ``lower <pid>``: this child's run is long and goes behind the others; ``idle <pid>``: and so did
  those before it, so it gets what all others leave over;
- out, on the control socket: ``ready`` and the layers that this system does not have;
- out, on a job's report: ``<pid>`` with the child's pidfd where there are any, then ``ended
  <status>``, negative for a signal; or ``failed <errno>`` when no child could be forked.

The process ends when its control socket is closed at the other end.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import importlib
import os
import select
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from viz.sandbox.child import child
from viz.sandbox.child.child import Answering, Errand
from viz.sandbox.child.large_pages import gather
from viz.sandbox.confinement.layers import LAYERS, NOTES, Confinement
from viz.sandbox.wire.orders import MESSAGE, Orders

DESCRIPTORS = {"job": 4, "spare": 1, "kill": 0, "lower": 0, "idle": 0}
"""How many come with a message."""
LONG_NICE = 19
"""How far a child steps back whose run is long: to a twentieth of a quick one's share."""
NO_PIDFD_PERIOD = 20
"""Milliseconds between looks at the children where the kernel has no pidfd."""


@dataclass
class Forked:
    """A child that runs: its pidfd (-1 without) and the socket that hears of its end."""

    pidfd: int
    report: socket.socket
    unwatched: bool = False


@dataclass
class ReadyChild:
    """A child that was forked in advance: its id and the socket on which it waits for a job."""

    pid: int
    orders: socket.socket


@dataclass
class WarmParent:
    """The loop: take descriptors, fork, report. It `holds` so many bytes of address space."""

    control: socket.socket
    orders: Orders
    answering: Answering
    holds: int
    rehearse: Callable[[], object]
    layers: tuple[str, ...] = ()
    children: dict[int, Forked] = field(default_factory=dict)
    waiting: ReadyChild | None = None

    def serve(self) -> None:
        """Until the control socket is closed at the other end."""
        while True:
            ready = self._ready()
            self._reap()
            self._end_the_unwatched(ready)
            if self.control.fileno() in ready and not self._heard():
                return

    def _ready(self) -> set[int]:
        """Waits; the descriptors that have something to say."""
        watched = select.poll()
        watched.register(self.control, select.POLLIN)
        for forked in self.children.values():
            if forked.pidfd >= 0:
                watched.register(forked.pidfd, select.POLLIN)
            if not forked.unwatched:
                watched.register(forked.report, 0)  # its other end's closing is always told
        blind = any(forked.pidfd < 0 for forked in self.children.values())
        return {descriptor for descriptor, _ in watched.poll(NO_PIDFD_PERIOD if blind else None)}

    def _end_the_unwatched(self, ready: set[int]) -> None:
        """Who asked is not there any more: nobody keeps the child's time, nobody reads it."""
        for pid, forked in self.children.items():
            if not forked.unwatched and forked.report.fileno() in ready:
                forked.unwatched = True
                os.kill(pid, signal.SIGKILL)

    def _heard(self) -> bool:
        """Handles one message; false at the end of the conversation."""
        try:
            message, descriptors, _, _ = socket.recv_fds(self.control, MESSAGE, 4)
        except ConnectionResetError:
            return False
        words = message.decode().split()
        if not words:
            return False
        if len(descriptors) != DESCRIPTORS[words[0]]:
            # this process has none left; who asked hears that his were closed
            for descriptor in descriptors:
                os.close(descriptor)
        elif words[0] == "job":
            self._take(*descriptors)
        elif words[0] == "spare":
            self._fork_spare(*descriptors)
        elif words[0] == "kill" and int(words[1]) in self.children:
            os.kill(int(words[1]), int(words[2]))
        elif words[0] in {"lower", "idle"} and int(words[1]) in self.children:
            _lower(int(words[1]), idle=words[0] == "idle")
        return True

    def _take(self, job: int, answer: int, notes: int, report_fd: int) -> None:
        """Gives a job to the child that waits, or to a new one, and has another wait."""
        report = socket.socket(fileno=report_fd)
        try:
            pid = self._given(job, answer, notes) or self._forked(job, answer, notes)
        except OSError as error:
            _send(report, f"failed {error.errno}")
            report.close()
        else:
            pidfd = _pidfd(pid)
            self.children[pid] = Forked(pidfd, report)
            _send(report, str(pid), *([pidfd] if pidfd >= 0 else []))
        for descriptor in (job, answer, notes):
            os.close(descriptor)
        self._have_one_wait()

    def _given(self, *descriptors: int) -> int | None:
        """The id of the waiting child that took the descriptors, `None` if there is none."""
        waiting, self.waiting = self.waiting, None
        if waiting is None:
            return None
        with waiting.orders as orders:
            try:
                socket.send_fds(orders, [b"j"], descriptors)
            except OSError:
                return None  # it died while it waited
        return waiting.pid

    def _forked(self, *descriptors: int) -> int:
        """The id of a new child that has the descriptors. Raises `OSError`."""
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            child.run(self._errand(parent)(*descriptors))
        return pid

    def _errand(self, parent: int) -> Callable[[int, int, int], Errand]:
        caps = Confinement(parent, self.holds, self.orders.processor)
        rest = (self.layers, caps, self.answering)
        return lambda job, answer, notes: Errand(job, answer, notes, *rest)

    def _have_one_wait(self) -> None:
        """Forks a child in advance: the next job does not wait for the fork."""
        try:
            here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        except OSError:
            return  # the next job tries again
        parent = os.getpid()
        with there:
            try:
                pid = os.fork()
            except OSError:
                here.close()
                return
            if pid == 0:
                here.close()
                child.wait(there, parent, self._errand(parent), self.rehearse)
        self.waiting = ReadyChild(pid, here)

    def _fork_spare(self, descriptor: int) -> None:
        """A copy of this process that serves another control socket and knows no child."""
        try:
            pid = os.fork()
        except OSError:
            os.close(descriptor)  # its other end hears that there is no spare
            return
        if pid:
            os.close(descriptor)
            if self.waiting is None:
                self._have_one_wait()
            return
        self.control.close()
        self.control = socket.socket(fileno=descriptor)
        for forked in self.children.values():
            forked.report.close()
            if forked.pidfd >= 0:
                os.close(forked.pidfd)
        self.children.clear()
        if self.waiting is not None:
            self.waiting.orders.close()
            self.waiting = None
        _send(self.control, "ready")

    def _reap(self) -> None:
        """Reports every child that has ended."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if (forked := self.children.pop(pid, None)) is None:
                continue  # a spare, or a child that waited
            _send(forked.report, f"ended {os.waitstatus_to_exitcode(status)}")
            forked.report.close()
            if forked.pidfd >= 0:
                os.close(forked.pidfd)

    def try_layers(self) -> tuple[str, ...]:
        """Keeps the layers that this system has, and names the others."""
        missing: tuple[str, ...] = ()
        while (failed := self._first_failing(missing)) is not None:
            missing += (failed,)
        self.layers = tuple(name for name in self.orders.layers if name not in missing)
        return missing

    def _first_failing(self, without: tuple[str, ...]) -> str | None:
        """The first layer that a child cannot put on, tried in a child."""
        names = [name for name in self.orders.layers if name not in without]
        room = self.holds + self.orders.memory
        caps = Confinement(os.getpid(), room, self.orders.processor)
        pid = os.fork()
        if pid == 0:
            for place, name in enumerate(names):
                try:
                    LAYERS[name](caps)
                except OSError:
                    os._exit(place + 1)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return None if code == 0 else names[code - 1] if code > 0 else names[-1]


def _lower(pid: int, *, idle: bool) -> None:
    """This child steps back; one that is to be idle stands in nobody's way when they wake."""
    # a superuser without CAP_SYS_NICE (containers) may not, once the child is somebody else
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, pid, LONG_NICE)
        if idle and hasattr(os, "SCHED_IDLE"):
            os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))


def _send(to: socket.socket, text: str, *descriptors: int) -> None:
    # the other end has gone, or the system has no room for a message: whoever waits for this one
    # gives up and closes his end, and a child that nobody watches is ended
    with contextlib.suppress(OSError):
        socket.send_fds(to, [text.encode()], list(descriptors))


def _pidfd(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return -1


def _reserve_descriptors() -> None:
    """Nothing else may get the numbers that mean the answer and the notes in a child."""
    while os.open(os.devnull, os.O_RDWR) < NOTES:
        pass


def _address_space() -> int:
    """Bytes of address space that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _only_thread() -> None:
    """Raises `RuntimeError` if there is another: a fork would copy its locks, not the thread."""
    count = len(list(Path("/proc/self/task").iterdir()))
    if count != 1:
        raise RuntimeError(f"the warm parent has {count} threads; it must have one")


def main(control: str, orders: str) -> None:
    """The process: warm up, say what is missing, serve."""
    _reserve_descriptors()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGVTALRM, signal.SIG_IGN)  # a child may hear it before it has a timer
    given = Orders.of(orders)
    module, _, name = given.answering.partition(":")
    answering: Answering = getattr(importlib.import_module(module), name)
    rehearsal = importlib.import_module("viz.sandbox.child.rehearsal")
    rehearsal.rehearse(answering)
    faulthandler.enable(file=NOTES, all_threads=False)
    faulthandler.register(signal.SIGUSR1, file=NOTES, all_threads=False)
    _only_thread()
    serving = socket.socket(fileno=int(control))
    parent = WarmParent(serving, given, answering, _address_space(), rehearsal.briefly(answering))
    gc.collect()
    gc.freeze()
    gather()
    _send(parent.control, " ".join(["ready", *map(_joined, parent.try_layers())]))
    parent.serve()
    os._exit(0)  # to clear away torch takes a slow machine long, and its children end with this one


def _joined(name: str) -> str:
    return name.replace(" ", "_")
