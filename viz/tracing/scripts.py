"""A notebook's cells, run top to bottom: what each printed, showed, drew, and where one failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from viz.records import MAX_TEXT, Cell, Failure
from viz.tracing.runnable import CompiledCell, Runnable, TimeIsUp


def run_cells(runnable: Runnable, failed: Callable[[BaseException], Failure]) -> tuple[Cell, ...]:
    """Runs the cells in the runnable's namespace; after a failed one the rest does not run."""
    done: list[Cell] = []
    stopped = False
    for span, cell in zip(runnable.program.cells, runnable.cells, strict=True):
        if stopped:
            done.append(Cell(span, ran=False))
            continue
        printed, plots = len(runnable.transcript.printed), len(runnable.transcript.plots)
        shown, failure = _run(cell, runnable.namespace, failed)
        stopped = failure is not None
        text = "".join(runnable.transcript.printed[printed:])[:MAX_TEXT]
        drawn = tuple(runnable.transcript.plots[plots:])[:8]
        done.append(Cell(span, True, text, shown, drawn, failure))
    return tuple(done)


def _run(
    cell: CompiledCell, namespace: dict[str, Any], failed: Callable[[BaseException], Failure]
) -> tuple[str | None, Failure | None]:
    """The shown value of the last expression, or why the cell failed."""
    try:
        if cell.body is not None:
            exec(cell.body, namespace)  # noqa: S102 — the sandbox's child: the one place for it
        value = eval(cell.last, namespace) if cell.last is not None else None  # noqa: S307
        return None if value is None else _shown(value), None
    except (Exception, TimeIsUp) as error:  # noqa: BLE001 — the typed code's own
        return None, failed(error)


def _shown(value: Any) -> str:
    with torch._C.DisableTorchFunction():
        return repr(value)[:MAX_TEXT]
