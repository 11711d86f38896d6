"""How often each line with a statement ran."""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType
from typing import Any

from viz.records import Line
from viz.tracing.spans import SourceMap


class LineCounter:
    """Counts the lines of one program while it is entered; leaves a debugger's tracing alone."""

    def __init__(self, source: SourceMap) -> None:
        self.source = source
        self.counts: Counter[int] = Counter()
        self.counting = False

    def __enter__(self) -> LineCounter:
        if sys.gettrace() is None:
            self.counting = True
            sys.settrace(self.entered)
        return self

    def __exit__(self, *_: object) -> None:
        self.pause()

    def pause(self) -> None:
        """Stops watching: what runs now is the recorder's own, and watching costs at each call."""
        if self.counting:
            sys.settrace(None)

    def resume(self) -> None:
        """Watches again; frames under way go on being counted."""
        if self.counting:
            sys.settrace(self.entered)

    def record(self) -> tuple[Line, ...]:
        """The count of each statement's line; empty when nothing was counted."""
        if not self.counting:
            return ()
        return tuple(Line(line, self.counts[line]) for line in self.source.statement_lines())

    def entered(self, frame: FrameType, *_: Any) -> Any:
        if frame.f_code.co_filename != self.source.filename or not self.source.owns(frame):
            return None
        first = self.source.first_line - 1
        counts = self.counts

        def line(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line":
                counts[frame.f_lineno - first] += 1
            return line

        return line
