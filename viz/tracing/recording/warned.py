"""What a function of one's own is warned of while it is recorded, and telling it afterwards.

Torch warns at the innermost Python frame, which is the recorder's while it makes a call of the
program's: the place that is told is the program's own line.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any, Final

from viz.program.definitions.uncalled import named_only
from viz.records import MAX_NAME
from viz.tracing.runnable import TYPED, Runnable
from viz.tracing.source_map import SourceMap

_OURS: Final = str(Path(__file__).parent)
_OF_OURS: Final = "Using `torch.compile(module)` when there are global hooks on modules"
"""What torch says of the hook by which modules are noted before they are called."""


@contextmanager
def heard(runnable: Runnable) -> Iterator[None]:
    """Keeps what a function of one's own is warned of; typed code has a `warnings` of its own."""
    if runnable.filename == TYPED:
        yield
        return
    found = runnable.transcript.warned

    def show(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any
    ) -> None:
        place = _place() if filename.startswith(_OURS) else (filename, lineno)
        found.append(warnings.WarningMessage(message, category, *place))

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = show  # type: ignore[assignment]
        yield


def _place() -> tuple[str, int]:
    """The line below the recorder's frames that a warning is meant for."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and not frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    while frame is not None and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame is not None else (_OURS, 1)


def warn_uncalled(source: SourceMap) -> None:
    """Tells the caller of statements that only name a method: `optimizer.step`, `y.backward`."""
    for name, line in _uncalled(source):
        said = f"{name} is not called, so it does nothing: write {name}()"
        warnings.warn_explicit(said, UserWarning, source.filename, source.first_line + line - 1)


@lru_cache(maxsize=32)
def _uncalled(source: SourceMap) -> tuple[tuple[str, int], ...]:
    found = named_only(ast.walk(source.tree))
    return tuple((ast.unparse(each)[:MAX_NAME], each.lineno) for each in found)


def warn_again(found: Iterable[warnings.WarningMessage]) -> None:
    """Tells the caller what the function was warned of, each once, by the filters that hold there:
    while it ran nothing was to be told that only its recording gave rise to.
    """
    told = {(str(one.message), one.category, one.filename, one.lineno): one for one in found}
    for one in told.values():
        if str(one.message).startswith(_OF_OURS):
            continue
        warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
