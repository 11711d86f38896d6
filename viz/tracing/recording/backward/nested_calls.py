"""Backward calls inside a custom Function's `backward`: passes of their own.

While a pass runs, no mode of the recorder's is up: what a node computes is not the program's. A
node that the program wrote itself (`torch.autograd.Function`) may call `backward` or `grad` in
turn; so from before it to behind it a mode is up that knows these calls alone. Functions that torch
wrote in Python (checkpoints, modules' hooks) are torch's own affair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from torch.autograd.function import BackwardCFunction
from torch.overrides import TorchFunctionMode, _get_current_function_mode_stack

from viz.tracing.recording.nodes.drafts import Draft
from viz.tracing.state.one_look import LookingMode

_functions_up: Callable[[], list[TorchFunctionMode]] = _get_current_function_mode_stack


class NestedCalls(LookingMode):
    """Hands the calls of `stand_ins` to what stands in for them, and all others on."""

    def __init__(self, stand_ins: Mapping[Any, Callable[..., Any]]) -> None:
        super().__init__()
        self._stand_ins = stand_ins

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        return self._stand_ins.get(func, func)(*args, **(kwargs or {}))

    @contextmanager
    def on(self, functions: Iterable[BackwardCFunction]) -> Iterator[None]:
        """Is up while one of these nodes runs that the program wrote, and down after a failure."""
        handles: list[Any] = []
        for fn in functions:
            if _own(fn):
                handles += (fn.register_prehook(self._before), fn.register_hook(self._behind))
        try:
            yield
        finally:
            while self in _functions_up()[-1:]:  # the node raised
                self._behind()
            for handle in handles:
                handle.remove()

    def _before(self, _: Any) -> None:
        self.__enter__()  # type: ignore[no-untyped-call]

    def _behind(self, *_: Any) -> None:
        self.__exit__(None, None, None)  # type: ignore[no-untyped-call]


def written_in_python(reached: Iterable[Draft]) -> list[BackwardCFunction]:
    """The nodes among these whose formula is Python, be it the program's or torch's own."""
    return [each.fn for each in reached if isinstance(each.fn, BackwardCFunction)]


def _own(node: BackwardCFunction) -> bool:
    """Whether the program wrote the node itself."""
    home = type(node)._forward_cls.__module__  # type: ignore[attr-defined]
    return not (home == "torch" or home.startswith("torch."))
