"""What the backward formulas compute in a differentiable backward call, node by node.

Such a call records nodes of its own. The gradients that pass between the formulas are the values of
some of them, the sums of what arrives from several sides those of others; what is inside a formula
comes from a shadow run of it (`inner_values`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch

from viz.tracing.recording.nodes.drafts import Draft, node_of
from viz.tracing.recording.nodes.inner_values import seen_of_formula
from viz.tracing.recording.nodes.tensor_summary import quiet, summary

_number = torch.autograd._get_sequence_nr  # type: ignore[attr-defined]


class FormulaRun(NamedTuple):
    """A node's backward formula at work: what came in, what it passed on, and the numbers of the
    nodes that were recorded meanwhile (from `start` up to and without `stop`).
    """

    draft: Draft
    came: tuple[torch.Tensor | None, ...]
    passed: tuple[torch.Tensor | None, ...]
    start: int
    stop: int


class Formulas:
    """Watches the formulas of one backward call."""

    def __init__(self) -> None:
        self._done: list[FormulaRun] = []
        self._started: dict[Draft, int] = {}

    @contextmanager
    def on(self, reached: Iterable[Draft]) -> Iterator[None]:
        """Hooks before and behind each node while the call runs."""
        handles: list[Any] = []
        try:
            for draft in reached:
                if draft.fn is not None and draft.kind != "leaf":
                    handles += self._hooks(draft)
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _hooks(self, draft: Draft) -> tuple[Any, Any]:
        def before(_: Any) -> None:
            self._started[draft] = _number()

        def behind(passed: Any, came: Any) -> None:
            start = self._started.get(draft, 0)
            self._done.append(FormulaRun(draft, came, passed, start, _number()))

        return draft.fn.register_prehook(before), draft.fn.register_hook(behind)

    def give_values(self, made: Sequence[Draft]) -> None:
        """Gives the nodes that the call recorded their values."""
        made = sorted(made, key=lambda draft: draft.fn._sequence_nr())
        numbers = [draft.fn._sequence_nr() for draft in made]
        known = dict(self._between())
        with quiet():
            for draft in made:
                if draft.fn in known:
                    _give(draft, known[draft.fn])
        for formula in self._done:
            inside = made[bisect_left(numbers, formula.start) : bisect_left(numbers, formula.stop)]
            native = not isinstance(formula.draft.fn, torch._C._FunctionBase)
            if native and any(draft.value is None for draft in inside):
                seen_of_formula(formula.draft, formula.came, inside)
        with quiet():
            _sums(made, known)
        self._done.clear()

    def _between(self) -> Iterator[tuple[Any, torch.Tensor]]:
        """(node, its result) for each gradient that passed from one formula to the next."""
        for formula in self._done:
            for tensor in (*formula.came, *formula.passed):
                fn = None if tensor is None else node_of(tensor)
                if tensor is not None and fn is not None:
                    yield fn, tensor


def _give(draft: Draft, tensor: torch.Tensor) -> None:
    if draft.output(tensor.output_nr) is None:
        draft.give(tensor.output_nr, summary(tensor))


def _sums(made: Iterable[Draft], known: dict[Any, torch.Tensor]) -> None:
    """What arrives from more than two sides is summed up two by two: the sums on the way."""
    for draft in made:
        if draft.value is None and draft.op == "AddBackward0":
            parts = [known.get(fn) for fn, _ in draft.fn.next_functions]
            if len(parts) == 2 and parts[0] is not None and parts[1] is not None:
                total = known[draft.fn] = parts[0] + parts[1]
                draft.give(0, summary(total))
