"""The soft timer: when the time is over, `TimeIsUp` is raised in the typed code.

The timer fires again and again, so that typed `except:` and `finally` cannot swallow it for good:
after `PATIENCE` seconds in which typed code went on, `give_up` is called with the line, which ends
the process. While no typed code is running (the record is being written), nothing is raised.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

from viz.records import Span

PERIOD: Final = 0.005
"""Seconds between two firings."""
RESPITE: Final = 0.05
"""Seconds from one `TimeIsUp` to the next, for what typed `except` and `finally` still do."""
PATIENCE: Final = 0.35
"""Seconds after the first `TimeIsUp` until the run is given up."""
PREFERENCE: Final = 0.25
"""Seconds during which the timer waits for a moment in a typed frame itself."""
DELICATE: Final = frozenset({"__enter__", "__exit__", "_push_mode", "_pop_mode"})
"""Functions that must not be left half done: what they put up would stay up, or go twice."""


class SoftTimer:
    """Raises `error` in frames of `filename` once `seconds` are over.

    Raised in the middle of a library's bookkeeping an exception may leave it half done, so for
    `PREFERENCE` seconds only a firing that meets a typed frame on top raises; then any does that
    has a typed frame below it and no delicate one between. If no such moment comes for `PATIENCE`
    seconds, the run is given up.
    """

    def __init__(
        self,
        seconds: float,
        filename: str,
        error: type[BaseException],
        give_up: Callable[[Span | None], None],
    ) -> None:
        self.seconds = seconds
        self.filename = filename
        self.error = error
        self.give_up = give_up
        self._firings = 0
        self._raised_at: int | None = None
        self._raised_last = 0
        self._entered = 0

    def start(self) -> None:
        """Arms the timer; in the main thread only."""
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._fire)
            signal.setitimer(signal.ITIMER_REAL, self.seconds, PERIOD)
        else:
            _ThreadTimer(self).start()

    def _fire(self, _signal: int, frame: FrameType | None) -> None:
        if self.due(frame):
            raise self.error

    def due(self, frame: FrameType | None) -> bool:
        """Whether to raise at this firing, on top of `frame`."""
        self._firings += 1
        typed = self._typed(frame)
        if typed is None:
            self._raised_at, self._entered = None, self._firings
            return False
        waited = PATIENCE if self._raised_at is not None else PREFERENCE + PATIENCE
        if self._after(self._raised_at or self._entered, waited):
            self.give_up(_line(typed))
        preferring = not self._after(self._entered, PREFERENCE)
        if typed is not frame and (preferring or _delicate(frame, typed)):
            return False
        if self._raised_at is None:
            self._raised_at = self._firings
        elif not self._after(self._raised_last, RESPITE):
            return False
        self._raised_last = self._firings
        return True

    def _after(self, firing: int, seconds: float) -> bool:
        return self._firings - firing > seconds / PERIOD

    def _typed(self, frame: FrameType | None) -> FrameType | None:
        while frame is not None and frame.f_code.co_filename != self.filename:
            frame = frame.f_back
        return frame


class _ThreadTimer(threading.Thread):
    """The same for systems without `setitimer`: a thread that raises in the main thread."""

    def __init__(self, timer: SoftTimer) -> None:
        super().__init__(daemon=True)
        self.timer = timer
        self.over = threading.Event()

    def run(self) -> None:
        import ctypes

        main = threading.main_thread().ident
        assert main is not None
        delay = self.timer.seconds
        while not self.over.wait(delay):
            delay = PERIOD
            if self.timer.due(sys._current_frames().get(main)):
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(main), ctypes.py_object(self.timer.error)
                )


def _delicate(frame: FrameType | None, typed: FrameType) -> bool:
    """Whether something between the running frame and the typed one must not be interrupted."""
    while frame is not None and frame is not typed:
        if frame.f_code.co_name in DELICATE:
            return True
        frame = frame.f_back
    return False


def _line(frame: FrameType) -> Span:
    line = max(1, frame.f_lineno or 1)
    return Span.in_line(line, 0, 0)


def place_of(error: BaseException, filename: str) -> Span | None:
    """Where an exception passed last in the file, as a whole line; `None` if nowhere."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return None if line is None else Span.in_line(line, 0, 0)
