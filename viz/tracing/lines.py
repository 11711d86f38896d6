"""How often each line with a statement ran."""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType
from typing import Any

from viz.records import Line
from viz.tracing.spans import SourceMap


class LineCounter:
    """Counts the lines of one program while it is entered; leaves a debugger's tracing alone.

    While `counting`, whoever runs much Python of its own in between does it with `sys.settrace`
    off, and sets `entered` again afterwards.
    """

    def __init__(self, source: SourceMap) -> None:
        self.source = source
        self.counts: Counter[int] = Counter()
        self.counting = False
        self._counted = False

    def __enter__(self) -> LineCounter:
        if sys.gettrace() is None:
            self.counting = self._counted = True
            sys.settrace(self.entered)
        return self

    def __exit__(self, *_: object) -> None:
        if self.counting:
            self.counting = False
            sys.settrace(None)

    def record(self) -> tuple[Line, ...]:
        """The count of each statement's line; empty when nothing was counted."""
        if not self._counted:
            return ()
        return tuple(Line(line, self.counts[line]) for line in self.source.statement_lines())

    def entered(self, frame: FrameType, *_: Any) -> Any:
        """What Python calls for each function that begins."""
        if frame.f_code.co_filename != self.source.filename or not self.source.owns(frame):
            return None
        first = self.source.first_line - 1
        counts = self.counts

        def line(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line":
                counts[frame.f_lineno - first] += 1
            return line

        return line
