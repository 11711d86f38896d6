"""What the tracing room runs: a function with its start values, or a script's cells.

A `Runnable` is made of a Python function (`of_function`, in this process) or, in the sandbox's
child only, of checked text. Typed frames are recognised by `filename`: every frame whose code has
that file name is the program's own, all others are libraries.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

from viz.records import MAX_NAME, MAX_SOURCE, Input, Plot, Program
from viz.tracing.source_map import code_of, source_of

TYPED = "<program>"
"""The file name under which typed text is compiled."""


CellCode = Callable[[], Any]
"""A script's cell: runs its statements, gives its last expression's value if it is to be shown."""


@dataclass
class Transcript:
    """What a run prints and plots; `print` and `plt` of the typed code write here, bounded."""

    printed: list[str] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)


@dataclass(frozen=True)
class Runnable:
    """A program that is ready to run.

    `inputs` are the start values in the order of `program.inputs`: plain tensors that do not
    require grad, or Python ints for integer inputs. `function` takes them (kinds "expression" and
    "function"); `cells` run one after the other (kind "script"), sharing `namespace`.
    """

    program: Program
    function: Callable[..., Any] | None
    inputs: tuple[torch.Tensor | int, ...] = ()
    cells: tuple[CellCode, ...] = ()
    namespace: dict[str, Any] = field(default_factory=dict)
    transcript: Transcript = field(default_factory=Transcript)
    filename: str = TYPED


class TimeIsUp(BaseException):
    """Raised in the typed code when its time is over; `except Exception` does not catch it."""


def of_function(function: Callable[..., Any], inputs: tuple[Any, ...]) -> Runnable:
    """A Runnable of a Python function of your own and its start values (tensors or numbers).

    Floats become 0-dim tensors, ints stay ints. Names are those of the parameters.
    """
    source, _ = source_of(function)
    starts = tuple(_start(value) for value in inputs)
    names = _parameter_names(function, len(inputs))
    program = Program(
        source=source[:MAX_SOURCE],
        kind="function",
        inputs=tuple(
            Input(name, str(value)[:1_000], isinstance(start, int))
            for name, value, start in zip(names, inputs, starts, strict=True)
        ),
        function=getattr(function, "__name__", type(function).__name__)[:MAX_NAME],
    )
    code = code_of(function)
    return Runnable(program, function, starts, filename=code.co_filename if code else "")


def _start(value: Any) -> torch.Tensor | int:
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return torch.as_tensor(value, dtype=None if isinstance(value, bool) else torch.float32)


def _parameter_names(function: Callable[..., Any], count: int) -> list[str]:
    try:
        names = list(inspect.signature(function).parameters)[:count]
    except (TypeError, ValueError):
        names = []
    return names + [f"x{place}" for place in range(len(names), count)]
