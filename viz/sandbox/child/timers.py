"""The soft timer: when the time is over, `TimeIsUp` is raised in the typed code.

Time is processor time, so that a busy machine fails no honest program; `WALL` times as much by the
clock on the wall ends a run as well, once it is told (SIGVTALRM) that it had the processor when it
asked for it, and `Allowance.wall` seconds whatever it is told. The timer fires again and again, so
that typed `except:` and `finally` cannot swallow it for good: after `PATIENCE` seconds in which
typed code went on, `give_up` is called with the line, which ends the process. Where neither typed
code runs nor what may be stopped without it (the record is being written), nothing is raised.
"""

from __future__ import annotations

import signal
import sys
import threading
import time as clock
from collections.abc import Callable, Collection
from types import CodeType, FrameType, TracebackType
from typing import Final

from viz.records import Span
from viz.sandbox.wire.orders import WALL, Allowance

PERIOD: Final = 0.005
"""Seconds between two firings."""
RESPITE: Final = 0.05
"""Seconds from one `TimeIsUp` to the next, for what typed `except` and `finally` still do."""
PATIENCE: Final = 0.35
"""Seconds after the first `TimeIsUp` until the run is given up."""
PREFERENCE: Final = 0.15
"""Seconds during which the timer waits for a moment in a typed frame itself."""
DELICATE: Final = frozenset({"__enter__", "__exit__", "_push_mode", "_pop_mode"})
"""Functions that must not be left half done: what they put up would stay up, or go twice."""


class SoftTimer:
    """Raises `error` in frames of `filename` once `seconds` are over.

    Raised in the middle of a library's bookkeeping an exception may leave it half done, so for
    `PREFERENCE` seconds, all in all, only a firing that meets a typed frame on top raises; then any
    does that has a typed frame below it and no delicate one between. If no such moment comes for
    `PATIENCE` seconds, the run is given up. A frame of `stoppable` code counts as a typed one that
    is not on top, so that a line is told where there is one, except that it is never given up: the
    process's end is not far.
    """

    def __init__(
        self,
        time: Allowance,
        filename: str,
        error: type[BaseException],
        give_up: Callable[[Span | None], None],
        stoppable: Collection[CodeType] = (),
    ) -> None:
        self.time = time
        self.shared = False
        """Whether its share is over, by either clock, and somebody waits for its place."""
        self.idle = False
        """Whether it had the processor when it asked for it, and its time by the clock is over."""
        self._began = 0.0
        self._until = 0.0
        self.filename = filename
        self.error = error
        self.give_up = give_up
        self.stoppable = stoppable
        self._firings = 0
        self._preferred = 0
        self._stuck = 0
        self._raised_at: int | None = None
        self._raised_last = 0
        self._giving_up = False

    def start(self) -> None:
        """Arms the timer; in the main thread only. SIGUSR2 says that the place is shared."""
        self._began = clock.process_time()
        self._until = clock.monotonic() + self.time.wall - PERIOD
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGUSR2, self._share)
            signal.signal(signal.SIGVTALRM, self._ring)
            signal.signal(signal.SIGPROF, self._fire)
            signal.signal(signal.SIGALRM, self._fire)
            signal.setitimer(signal.ITIMER_PROF, self.time.shared, PERIOD)
            wall = min(self.time.shared * WALL, self.time.wall)
            signal.setitimer(signal.ITIMER_REAL, wall, PERIOD)
        else:
            _ThreadTimer(self).start()

    def _fire(self, _fired: int, frame: FrameType | None) -> None:
        if (self.over() or self.over_by_the_clock()) and self.due(frame):
            raise self.error().with_traceback(self._from(frame))

    def _from(self, frame: FrameType | None) -> TracebackType | None:
        """A traceback that begins in the nearest frame that is typed or may be stopped.

        On its way an exception is not noted in each frame: where Python's own call of a function
        that traces lines raises, it leaves the frame that is traced without a word.
        """
        below = self._below(frame)
        return below and TracebackType(None, below, below.f_lasti, below.f_lineno or 1)

    def over_by_the_clock(self) -> bool:
        """Whether it has used the time that it has on the wall."""
        return self.idle or clock.monotonic() > self._until

    def _ring(self, _signal: int, _frame: FrameType | None) -> None:
        self.idle = True

    def _share(self, _signal: int, _frame: FrameType | None) -> None:
        self.shared = True

    def over(self) -> bool:
        """Whether the run has used the processor time that it has."""
        # the kernel counts for its timers by ticks, and may be ahead of its own clock
        used = clock.process_time() - self._began
        return self.shared or used > self.time.seconds - PERIOD

    def due(self, frame: FrameType | None) -> bool:
        """Whether to raise at this firing, on top of `frame`."""
        self._firings += 1
        below = self._below(frame)
        if below is None or self._giving_up:
            self._raised_at, self._stuck = None, 0
            return False
        typed = below.f_code.co_filename == self.filename
        if typed and self._in_vain():
            self._giving_up = True  # which takes a while, on top of the typed frame
            self.give_up(_line(below))
        if not self._may_raise(frame, below, typed):
            self._stuck += 1
            return False
        if self._raised_at is None:
            self._raised_at = self._firings
        self._raised_last = self._firings
        return True

    def _may_raise(self, frame: FrameType | None, below: FrameType, typed: bool) -> bool:
        if self._raised_at is not None and not _over(self._firings - self._raised_last, RESPITE):
            return False
        if not (typed and below is frame) and not _over(self._preferred, PREFERENCE):
            self._preferred += 1
            return False
        return not _delicate(frame, below)

    def _in_vain(self) -> bool:
        """Whether the typed code swallowed every exception, or no moment to raise one came."""
        if self._raised_at is None:
            return _over(self._stuck, PREFERENCE + PATIENCE)
        return _over(self._firings - self._raised_at, PATIENCE)

    def _below(self, frame: FrameType | None) -> FrameType | None:
        """The nearest frame, from the one on top, that is typed or may be stopped."""
        while frame is not None and not (
            frame.f_code.co_filename == self.filename or frame.f_code in self.stoppable
        ):
            frame = frame.f_back
        return frame


def _over(firings: int, seconds: float) -> bool:
    return firings >= round(seconds / PERIOD)


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
        while not self.over.wait(PERIOD):
            if not self.timer.over() and not self.timer.over_by_the_clock():
                continue
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
