"""The page's end of the warm parents: one that forks, and a spare that takes its place.

Starting a warm parent takes seconds (it imports torch); the spare was forked from it and is there
at once when it dies. Only if both are gone does the next question wait for a new start.
"""

from __future__ import annotations

import contextlib
import fcntl
import select
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Final

from viz.sandbox.server.launching import WARM_UP, command, environment, no_process
from viz.sandbox.server.outcomes import log
from viz.sandbox.wire.orders import MESSAGE, Orders

LEAVE: Final = 10.0
"""Seconds that a silent parent's children may take until it is told to end."""
SESSION_NICE: Final = 3
"""How far the whole sandbox steps back, as one, where the kernel shares out by session."""
LOWEST: Final = 10
"""Descriptors below this have a meaning of their own in the parent and in its children."""


class WarmParents:
    """Starts warm parents, hands descriptors to the one on duty, replaces it when it dies."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.missing: tuple[str, ...] = ()
        """Layers that this system does not have, known after the first start."""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._on_duty: socket.socket | None = None
        self._spare: socket.socket | None = None
        self._leaving: list[tuple[float, socket.socket]] = []
        self._warm = False
        self.closed = False
        """Whether no parent is started any more."""

    def start(self) -> None:
        """Begins to warm up and does not wait for it."""
        with self._lock:
            self._start()

    def ready(self) -> None:
        """Waits until a parent is on duty; raises `SandboxUnavailable`."""
        with self._lock:
            self._ensure()

    def hand(self, *descriptors: int) -> socket.socket:
        """Hands a job's descriptors to a parent, which is returned; raises `SandboxUnavailable`."""
        with self._lock:
            for _ in range(3):
                if self._sent("job", *descriptors):
                    return self._ensure()
                self._retire()
        raise no_process()

    def kill(self, pid: int, signal_: int) -> None:
        """Signals a child where the kernel has no pidfd: its parent does it, which reaps it."""
        with self._lock:
            self._sent(f"kill {pid} {int(signal_)}")

    def lower(self, pid: int, *, idle: bool) -> None:
        """This child's run is long: it goes behind the others, or gets what they leave over."""
        with self._lock:
            if not self.closed:
                self._sent(f"{'idle' if idle else 'lower'} {pid}")

    def replace(self, silent: socket.socket) -> None:
        """A parent does not answer: if it is still on duty, its spare takes over.

        It may only be slow: the children that it has are left to finish.
        """
        with self._lock:
            if self._on_duty is silent:
                self._leaving.append((time.monotonic() + LEAVE, silent))
                self._on_duty = None
                self._retire()

    def close(self) -> None:
        """Ends both parents, and with them every child."""
        with self._lock:
            self.closed = True
            for end in (self._on_duty, self._spare, *(end for _, end in self._leaving)):
                if end is not None:
                    end.close()
            self._on_duty = self._spare = None
            self._leaving.clear()
            self._end_process()

    def _sent(self, text: str, *descriptors: int) -> bool:
        control = self._ensure()
        try:
            socket.send_fds(control, [text.encode()], list(descriptors))
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def _ensure(self) -> socket.socket:
        if self.closed:
            raise no_process()
        while self._leaving and self._leaving[0][0] < time.monotonic():
            self._leaving.pop(0)[1].close()
        if self._on_duty is None:
            self._start()
        assert self._on_duty is not None
        if not self._warm:
            self._await_ready(self._on_duty)
        if self._spare is not None and _hung_up(self._spare):
            self._spare.close()
            self._spare = None
        if self._spare is None and not _hung_up(self._on_duty):
            self._spare = self._ask_for_spare(self._on_duty)
        return self._on_duty

    def _start(self) -> None:
        if self._on_duty is not None or self.closed:
            return
        self._end_process()
        here, there = _high_pair()
        with there:
            self._process = subprocess.Popen(
                command("viz.sandbox.child.warm_parent", str(there.fileno()), self.orders.text()),
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(there.fileno(),),
                start_new_session=True,
                cwd="/",
            )
        self._on_duty = here
        self._warm = False

    def _await_ready(self, control: socket.socket) -> None:
        control.settimeout(WARM_UP)
        try:
            words = control.recv(MESSAGE).decode().split()
        except OSError:
            words = []
        control.settimeout(None)
        if words[:1] != ["ready"]:
            self._on_duty = None
            control.close()
            self._end_process()
            raise no_process()
        self.missing = tuple(word.replace("_", " ") for word in words[1:])
        self._warm = True
        if self._process is not None:
            _step_back(self._process.pid)

    def _retire(self) -> None:
        """The spare, if there is one, goes on duty."""
        log.warning("the warm parent on duty is gone or silent: its spare takes over")
        if self._on_duty is not None:
            self._on_duty.close()
        self._on_duty, self._spare = self._spare, None
        if self._on_duty is None:
            self._end_process()
        elif self._process is not None:
            self._process.poll()

    def _ask_for_spare(self, control: socket.socket) -> socket.socket | None:
        here, there = _high_pair()
        with there:
            try:
                socket.send_fds(control, [b"spare"], [there.fileno()])
            except OSError:
                here.close()
                return None
        return here

    def _end_process(self) -> None:
        """Reaps the process that was started; it ends when its control socket is closed."""
        if self._process is None:
            return
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def _step_back(pid: int) -> None:
    """Where the kernel shares the processor out by session first, the page's comes first.

    There niceness counts only within a session, and the sandbox's processes have one of their own.
    """
    with contextlib.suppress(OSError):  # it does not, or not on this system
        Path(f"/proc/{pid}/autogroup").write_text(str(SESSION_NICE))


def _high_pair() -> tuple[socket.socket, socket.socket]:
    """Two connected ends whose numbers mean nothing else at the other side."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    high = socket.socket(fileno=fcntl.fcntl(there, fcntl.F_DUPFD_CLOEXEC, LOWEST))
    there.close()
    return here, high


def _hung_up(control: socket.socket) -> bool:
    watched = select.poll()
    watched.register(control, 0)
    return bool(watched.poll(0))
