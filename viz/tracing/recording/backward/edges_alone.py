"""Backward calls that are given edges of the graph alone: `torch.autograd.backward(edge)`.

A mode hears of calls that have a tensor among what they are given. For the others torch's own way
into the engine has a stand-in, for as long as a run is recorded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import torch
from torch.overrides import TorchFunctionMode, _get_current_function_mode_stack

from viz.tracing.recording.backward.pass_draft import Request

_run_backward: Final[Callable[..., Any]] = torch.autograd.graph._engine_run_backward
_functions_up: Callable[[], list[TorchFunctionMode]] = _get_current_function_mode_stack
_lock: Final = threading.Lock()
_hearing: Final[list[EdgesAlone]] = []


class EdgesAlone:
    """Hands such calls to `record` while one of these modes is the last that is up."""

    def __init__(self, record: Callable[[Request], Any], *modes: TorchFunctionMode) -> None:
        self.record, self.modes = record, modes

    def begin(self) -> None:
        """Hears from here on."""
        with _lock:
            _hearing.append(self)
            torch.autograd._engine_run_backward = _stand_in  # type: ignore

    def end(self) -> None:
        """Hears no more."""
        del self.record  # it holds what holds this
        with _lock:
            _hearing.remove(self)
            if not _hearing:
                torch.autograd._engine_run_backward = _run_backward  # type: ignore


def _stand_in(roots: Any, *rest: Any, **options: Any) -> Any:
    run = partial(_run_backward, roots, *rest, **options)
    gradients, retain, create, inputs = rest[:4]
    up = _functions_up()[-1:]
    listener = next((each for each in _hearing if up and up[0] in each.modes), None)
    given = (*roots, *inputs)
    heard = any(isinstance(each, torch.Tensor) for each in given)
    if listener is None or heard or any(map(_batched, gradients)):
        return run()
    adds = options.get("accumulate_grad", False)
    return listener.record(
        Request(
            run,
            "backward" if adds else "grad",
            list(roots),
            gradients,
            retain,
            create,
            () if adds else inputs,
            bool(inputs),
        )
    )


def _batched(gradient: Any) -> bool:
    """Whether a gradient holds several, as those of `is_grads_batched` do."""
    return gradient is not None and torch._C._functorch.is_legacy_batchedtensor(gradient)
