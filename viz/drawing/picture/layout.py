"""`layout`: DOT in, picture out, by Graphviz in processes of their own.

A few warm workers (2 ms for a small graph instead of 100 ms to start one) are started when first
needed. One that exceeds its time is killed and replaced; memory is bounded; when the asker's
process ends, so do they. Safe to call from several threads. Raises `DrawingFailed`.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Literal

from viz.errors import N_, DrawingFailed, problem

Format = Literal["json0", "svg", "png", "pdf", "dot"]

SECONDS: Final = 8.0
"""Time that one layout may take."""
WORKERS: Final = 2
"""Layouts at the same time; more wait for their turn."""
MEMORY: Final = 1_500_000_000
"""Bytes of address space of one worker."""
LARGEST: Final = 8_000_000
"""Bytes of a DOT source."""
LARGEST_PICTURE: Final = 100_000_000
"""Bytes of a picture."""
TURNS: Final = 1_000
"""Layouts after which a worker is replaced: Graphviz does not give all its memory back."""

UNLOADABLE: Final = 3
"""Exit code of a worker whose machine lacks a library that Graphviz's wheel does not bring."""

_WORKER: Final = Path(__file__).with_name("layout_worker.py")
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


class LayoutTooLarge(DrawingFailed):
    """Graphviz ran out of time or memory over this graph; another layout may still do."""


class _LayoutProcess:
    """One process that draws."""

    def __init__(self) -> None:
        self.turns = 0
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER), str(MEMORY), str(UNLOADABLE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def draw(self, source: bytes, format: str, seconds: float) -> tuple[bool, bytes]:
        """Whether it went well, and the answer; `EOFError` when the process died or was killed."""
        self.turns += 1
        killer = threading.Timer(seconds, self.process.kill)
        killer.start()
        try:
            return self._answer(source, format, seconds)
        except (BrokenPipeError, ValueError) as broken:
            raise EOFError("the layout process ended") from broken
        finally:
            killer.cancel()

    def _answer(self, source: bytes, format: str, seconds: float) -> tuple[bool, bytes]:
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise EOFError("the layout process has no pipes")
        head = json.dumps({"format": format, "size": len(source), "seconds": seconds})
        stdin.write(head.encode() + b"\n" + source)
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise EOFError("the layout process ended")
        answer = json.loads(line)
        if answer["size"] > LARGEST_PICTURE:
            raise EOFError("the layout process answered too much")
        body = stdout.read(answer["size"])
        if len(body) < answer["size"]:
            raise EOFError("the layout process ended")
        return bool(answer["ok"]), body

    def unloadable(self) -> bool:
        """Whether it ended by itself because Graphviz could not be loaded."""
        try:
            return self.process.wait(timeout=1) == UNLOADABLE
        except subprocess.TimeoutExpired:
            return False

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


class Layouts:
    """A few warm layout processes; a context manager that ends them."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._places = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[_LayoutProcess] = []
        self._owner = os.getpid()

    def layout(self, source: str, format: Format = "svg", *, seconds: float = SECONDS) -> bytes:
        """The picture of a DOT source; `json0` gives positions only.

        Raises `DrawingFailed` when the source is too large or unreadable, time runs out, or a
        picture of pixels would lose its words because the machine has no fonts.
        """
        encoded = source.encode("utf-8", "replace")
        if len(encoded) > LARGEST:
            raise _too_large()
        if not self._places.acquire(timeout=2 * seconds):
            raise DrawingFailed(
                problem(N_("Too many pictures are being drawn."), N_("Try again in a moment."))
            )
        try:
            return self._drawn(encoded, format, seconds)
        finally:
            self._places.release()

    def _drawn(self, source: bytes, format: Format, seconds: float) -> bytes:
        worker = self._take()
        try:
            ok, body = worker.draw(source, format, seconds)
        except EOFError:
            unloadable = worker.unloadable()
            worker.close()
            raise (_no_graphviz() if unloadable else _too_large()) from None
        except BaseException:
            worker.close()
            raise
        self._give_back(worker)
        if not ok:
            raise _no_fonts() if body.startswith(b"NoFonts") else _unreadable(body)
        return body

    def _take(self) -> _LayoutProcess:
        with self._lock:
            # after a fork the pipes belong to the parent: use none of its processes
            if self._owner != os.getpid():
                self._idle, self._owner = [], os.getpid()
            while self._idle:
                worker = self._idle.pop()
                if worker.process.poll() is None:
                    return worker
                worker.close()
        return _LayoutProcess()

    def _give_back(self, worker: _LayoutProcess) -> None:
        if worker.turns >= TURNS:
            worker.close()
            return
        with self._lock:
            self._idle.append(worker)

    def close(self) -> None:
        """Ends the processes; the next layout starts new ones."""
        if self._owner != os.getpid():
            return
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    def __enter__(self) -> Layouts:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _too_large() -> LayoutTooLarge:
    return LayoutTooLarge(
        problem(
            N_("The picture is too large to be laid out in time."),
            N_("Close what is opened, hide constants, or look at fewer operations."),
        )
    )


def _no_graphviz() -> DrawingFailed:
    return DrawingFailed(
        problem(
            N_("Graphviz cannot be loaded: this machine lacks a library that it needs."),
            N_("Install {packages} (Debian's names), then start the page anew."),
            packages="libglib2.0-0 libx11-6 libxext6 libxrender1",
        )
    )


def _no_fonts() -> DrawingFailed:
    return DrawingFailed(
        problem(
            N_("This machine has no fonts: a PNG or PDF would lose its words."),
            N_("Save the SVG, which needs none, or install a font (fonts-dejavu on Debian)."),
        )
    )


def _unreadable(answer: bytes) -> DrawingFailed:
    words = answer.decode("utf-8", "replace")
    return DrawingFailed(
        problem(
            N_("Graphviz could not draw this: {words}"),
            N_("Check the DOT source, or save the picture in another format."),
            words=words,
        )
    )


_SHARED: Final = Layouts()
atexit.register(_SHARED.close)


def layout(source: str, format: Format = "svg", *, seconds: float = SECONDS) -> bytes:
    """The picture of a DOT source, by the shared workers. Raises `DrawingFailed`."""
    return _SHARED.layout(source, format, seconds=seconds)


def close() -> None:
    """Ends the shared layout processes; they start again when needed."""
    _SHARED.close()
