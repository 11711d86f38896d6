"""A notebook's cells, run top to bottom: what each printed, showed, drew, and where one failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from viz.records import MAX_TEXT, Cell, Failure
from viz.tracing.runnable import Runnable, TimeIsUp
from viz.tracing.standins_plots import Pyplot, end_figure
from viz.tracing.texts import readable


def run_cells(
    runnable: Runnable, failed: Callable[[BaseException], Failure]
) -> tuple[tuple[Cell, ...], Any]:
    """Runs the cells; after a failed one the rest does not run.

    Gives what the cells showed, and the value that was shown last.
    """
    done: list[Cell] = []
    stopped, last = False, None
    transcript = runnable.transcript
    for span, cell in zip(runnable.program.cells, runnable.cells, strict=True):
        if stopped:
            done.append(Cell(span, ran=False))
            continue
        printed, plots = len(transcript.printed), len(transcript.plots)
        shown: str | None = None
        failure: Failure | None = None
        try:
            value = cell()
            if value is not None:
                last, shown = value, _shown(value)
        except (Exception, TimeIsUp) as error:  # noqa: BLE001 — the typed code's own
            stopped, failure = True, failed(error)
        text = "".join(transcript.printed[printed:])[:MAX_TEXT]
        drawn = tuple(transcript.plots[plots:])[:8]
        if isinstance(plt := runnable.namespace.get("plt"), Pyplot):
            end_figure(plt)
        done.append(Cell(span, True, text, shown, drawn, failure))
    return tuple(done), last


def _shown(value: Any) -> str:
    with torch._C.DisableTorchFunction():
        return readable(repr(value))[:MAX_TEXT]
