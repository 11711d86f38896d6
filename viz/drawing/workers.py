"""Work that may hang, crash or take all memory, done in processes of their own with limits.

`Workers(script, …).answer(head, body, seconds)` sends a request to one of a few warm processes that
run `script` by path, and gives its answer. One that exceeds its time is killed and replaced; its
memory is bounded; when the asker's process ends, so do they. Where somebody else killed one in the
middle of its work, another is asked once more. Safe to call from several threads.

At its start a worker writes `READY`; only from then on does a request's time count. Request: one
line of JSON (`size`, `seconds`, and what the worker wants to know), then `size` bytes. Answer: one
line of JSON (`ok`, `size`), then `size` bytes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from viz.errors import scarce

_ENVIRONMENT: Final = (
    "PATH",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "HOME",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "SYSTEMROOT",
    "TEMP",
    "TMPDIR",
)
TRIES: Final = 2
"""Processes that are asked the same where somebody else kills them."""
READY: Final = b"ready\n"
STARTING: Final = 30.0
"""Seconds that a process may take to start: what it imports takes a busy machine long."""
KILLED: Final = -int(getattr(signal, "SIGKILL", 1_000))
"""Code of a process that somebody killed; Windows has none."""


class WorkerEnded(Exception):
    """The process ended over this request, or was ended: by its time, its memory, or a crash.

    `code` is its exit code where it ended by itself within a second, else `None`.
    """

    def __init__(self, code: int | None) -> None:
        super().__init__("the worker ended")
        self.code = code


class AllBusy(Exception):
    """No process was free in time, or the system has none left."""


class WorkerProcess:
    """One process that answers."""

    def __init__(self, command: list[str], most: int) -> None:
        self.turns = 0
        self.late = False
        """Whether it was ended because its time was over."""
        self._most = most
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def answer(self, head: dict[str, Any], body: bytes, seconds: float) -> tuple[bool, bytes]:
        """Whether it went well, and the answer; `EOFError` when the process died or was killed."""
        if self.turns == 0:
            with self._within(STARTING):
                self._started()
        self.turns += 1
        with self._within(seconds):
            return self._answered({**head, "size": len(body), "seconds": seconds}, body)

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Kills the process when the time is over."""
        killer = threading.Timer(seconds, self._too_late)
        killer.start()
        try:
            yield
        except (BrokenPipeError, ValueError) as broken:
            raise EOFError("the worker ended") from broken
        finally:
            killer.cancel()

    def _started(self) -> None:
        if self.process.stdout is None or self.process.stdout.readline() != READY:
            raise EOFError("the worker did not start")

    def _too_late(self) -> None:
        self.late = True
        self.process.kill()

    def _answered(self, head: dict[str, Any], body: bytes) -> tuple[bool, bytes]:
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise EOFError("the worker has no pipes")
        stdin.write(json.dumps(head).encode() + b"\n" + body)
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise EOFError("the worker ended")
        answer = json.loads(line)
        if answer["size"] > self._most:
            raise EOFError("the worker answered too much")
        found = stdout.read(answer["size"])
        if len(found) < answer["size"]:
            raise EOFError("the worker ended")
        return bool(answer["ok"]), found

    def code(self) -> int | None:
        """Its exit code, if it ended by itself."""
        try:
            return self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """Ends the process and waits for it."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                # what a killed process left unread cannot be flushed any more
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        self.process.wait()


class Workers:
    """A few warm processes; a context manager that ends them.

    `arguments` go to the script, `most` is an answer's greatest size in bytes, and after `turns`
    requests a process is replaced.
    """

    def __init__(
        self, script: Path, arguments: tuple[str, ...], *, workers: int, most: int, turns: int
    ) -> None:
        self._command = [sys.executable, "-P", str(script), *arguments]
        self._most = most
        self._turns = turns
        self._places = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._owner = os.getpid()

    def answer(self, head: dict[str, Any], body: bytes, seconds: float) -> tuple[bool, bytes]:
        """Whether it went well, and the answer; raises `WorkerEnded` and `AllBusy`."""
        if not self._places.acquire(timeout=2 * seconds):
            raise AllBusy
        try:
            for _ in range(TRIES):
                answer = self._answered(head, body, seconds)
                if answer is not None:
                    return answer
            raise WorkerEnded(KILLED)
        finally:
            self._places.release()

    def _answered(
        self, head: dict[str, Any], body: bytes, seconds: float
    ) -> tuple[bool, bytes] | None:
        """The answer; `None` where somebody else killed the process: it was not the request."""
        worker = self._take()
        try:
            answer = worker.answer(head, body, seconds)
        except EOFError:
            code = worker.code()
            worker.close()
            if code == KILLED and not worker.late:
                return None
            raise WorkerEnded(code) from None
        except BaseException:
            worker.close()
            raise
        self._give_back(worker)
        return answer

    def _take(self) -> WorkerProcess:
        with self._lock:
            # after a fork the pipes belong to the parent: use none of its processes
            if self._owner != os.getpid():
                self._idle, self._owner = [], os.getpid()
            while self._idle:
                worker = self._idle.pop()
                if worker.process.poll() is None:
                    return worker
                worker.close()
        try:
            return WorkerProcess(self._command, self._most)
        except OSError as error:
            if scarce(error):
                raise AllBusy from error
            raise

    def _give_back(self, worker: WorkerProcess) -> None:
        if worker.turns >= self._turns:
            worker.close()
            return
        with self._lock:
            self._idle.append(worker)

    def close(self) -> None:
        """Ends the processes; the next request starts new ones."""
        if self._owner != os.getpid():
            return
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
