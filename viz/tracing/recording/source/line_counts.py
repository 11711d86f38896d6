"""How often each line with a statement ran."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from types import FrameType
from typing import Any

from viz.records import Line
from viz.tracing.source_map import BareMap, SourceMap

_WITHIN = frozenset(("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"))
"""Frames that are a part of a statement, not a function of their own."""


class LineCounter:
    """Counts the lines of one program while it is entered; leaves a debugger's tracing alone.

    While `counting`, whoever runs much Python of its own in between does it with `sys.settrace`
    off, and sets `tracing` again afterwards.
    """

    def __init__(self, source: SourceMap) -> None:
        self.source = source
        self._heads = source.heads
        self.counts: defaultdict[int, int] = defaultdict(int)  # a third of a `Counter`'s time
        self.counting = False
        self._counted = False
        # Python calls a trace function without holding it: it must live longer than each call
        self.tracing: Callable[..., Any] | None = None

    def __enter__(self) -> LineCounter:
        if sys.gettrace() is None and not isinstance(self.source, BareMap):
            self.counting = self._counted = True
            self.tracing = self.entered
            sys.settrace(self.tracing)
        return self

    def __exit__(self, *_: object) -> None:
        if self.counting:
            self.counting = False
            sys.settrace(None)
            self.tracing = None  # it holds what holds it

    def pause(self) -> None:
        """Counts nothing until `resume`."""
        if self.counting:
            sys.settrace(None)

    def resume(self, ran: Counter[int]) -> None:
        """Counts again; `ran` is how often lines ran meanwhile."""
        if self._counted:
            for line, times in ran.items():
                self.counts[line] += times
        if self.counting:
            frame: FrameType | None = sys._getframe(1)
            while frame is not None:  # functions that were entered meanwhile
                frame.f_trace = frame.f_trace or self.entered(frame)
                frame = frame.f_back
            sys.settrace(self.tracing)

    def record(self) -> tuple[Line, ...]:
        """The count of each statement's line; empty when nothing was counted."""
        if not self._counted:
            return ()
        lines = self.source.statement_lines
        outer = set(lines) - self.source.inner_lines
        if not any(self.counts[line] for line in outer):
            # what stands around a function ran before the run: not told, rather than "did not run"
            lines = [line for line in lines if line not in outer]
        return tuple(Line(line, self.counts[line]) for line in lines)

    def entered(self, frame: FrameType, *_: Any) -> Any:
        """What Python calls for each function that begins."""
        if frame.f_code.co_filename != self.source.filename or not self.source.owns(frame):
            return None
        if frame.f_code.co_name in _WITHIN:
            return None
        first = self.source.first_line - 1
        counts, heads = self.counts, self._heads
        within: dict[int, bool] = {}  # by instruction: each is looked up once
        before = 0

        def line(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal before
            if event == "line":
                number = frame.f_lineno - first
                if number > before:
                    counts[number] += 1
                elif number < before:
                    if before > heads.get(number, 0):
                        counts[number] += 1
                else:
                    at = frame.f_lasti
                    if at not in within:
                        within[at] = self.source.comprehends(frame.f_code, at)
                    if not within[at]:
                        counts[number] += 1
                before = number
            return line

        return line
