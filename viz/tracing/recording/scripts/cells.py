"""A notebook's cells, run top to bottom: what each printed, showed, drew, and where one failed.

What torch warns of stands among the printed lines, as it does below a notebook's cell.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from typing import Any, Final

import torch

from viz.records import MAX_TEXT, Cell, Failure
from viz.tracing.runnable import Runnable, Transcript
from viz.tracing.stopping import Left, TimeIsUp
from viz.tracing.texts import readable
from viz.tracing.typed.own_graphs.drafts import is_shown
from viz.tracing.typed.plot.pyplot import Pyplot, end_figure, is_drawn

_BUILT_AT: Final = re.compile(r"\s*\(Triggered internally at .*\)", re.DOTALL)
_IDLE: Final = "Using backward() with create_graph=True will create a reference cycle"
"""A warning about memory that is not freed: a run ends before that matters."""


def run_cells(
    runnable: Runnable, done: list[Cell], failed: Callable[[BaseException], Failure]
) -> Any:
    """Runs the cells; after one that failed or left the program the rest does not run.

    What the cells showed is added to `done`; gives the value that was shown last.
    """
    with _warnings_printed(runnable.transcript, done):
        return _run_cells(runnable, done, failed)


def unfinished(runnable: Runnable, done: list[Cell], failure: Failure) -> list[Cell]:
    """All cells as they are told while one of them runs, which ends with this failure."""
    text = runnable.transcript.printed.since(runnable.transcript.told)
    running, *rest = runnable.program.cells[len(done) :]
    last = Cell(running, True, text, failure=failure)
    return [*done, last, *(Cell(span, ran=False) for span in rest)]


def _run_cells(
    runnable: Runnable, done: list[Cell], failed: Callable[[BaseException], Failure]
) -> Any:
    stopped, last = False, None
    transcript = runnable.transcript
    for span, cell in zip(runnable.program.cells, runnable.cells, strict=True):
        if stopped:
            done.append(Cell(span, ran=False))
            continue
        transcript.told, transcript.drawn = len(transcript.printed), len(transcript.plots)
        shown: str | None = None
        failure: Failure | None = None
        try:
            value = cell()
            if value is not None and not is_drawn(value) and not is_shown(value):
                last, shown = value, _shown(value)
        except Left:
            stopped = True
        except (Exception, TimeIsUp) as error:  # noqa: BLE001 — the typed code's own
            stopped, failure = True, failed(error)
        text = transcript.printed.since(transcript.told)
        drawn = tuple(transcript.plots[transcript.drawn :])[:8]
        marks = [mark for plot in drawn for area in plot.axes for mark in area.marks]
        transcript.points += sum(len(mark.y) + len(mark.z) for mark in marks)
        if isinstance(plt := runnable.namespace.get("plt"), Pyplot):
            end_figure(plt)
        done.append(Cell(span, True, text, shown, drawn, failure))
    return last


def _shown(value: Any) -> str:
    with torch._C.DisableTorchFunction():
        return readable(repr(value))[:MAX_TEXT]


@contextmanager
def _warnings_printed(transcript: Transcript, done: Sized) -> Iterator[None]:
    """Torch's warnings go among the printed lines, each text once in a cell."""
    seen: set[tuple[int, str]] = set()

    def show(message: Warning | str, *_: Any, **_named: Any) -> None:
        text = _BUILT_AT.sub("", str(message))
        if (len(done), text) in seen or text.startswith(_IDLE):
            return
        seen.add((len(done), text))
        transcript.printed.append(readable(f"UserWarning: {text}\n"))

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = show
        yield
