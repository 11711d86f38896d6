"""One backward call while it is being recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch

from viz.records import LeafGradient, Pass, Step, Tensor
from viz.tracing.recording.backward.gradient_hooks import StepDrafts
from viz.tracing.recording.backward.hook_changes import HookedDraft
from viz.tracing.recording.nodes.drafts import Draft


@dataclass(frozen=True)
class Request:
    """A backward call that was asked for; `run` does it, `wanted` are the inputs of `grad`."""

    run: Callable[[], Any]
    kind: Literal["backward", "grad"]
    roots: list[torch.Tensor]
    gradients: Any
    retain: bool | None
    create: bool
    wanted: Sequence[torch.Tensor] = ()
    partial: bool = False
    """For some inputs only: what else could be reached does not run."""

    @property
    def retained(self) -> bool:
        """Whether it keeps the graph: `retain_graph`, which by default is `create_graph`."""
        return bool(self.create if self.retain is None else self.retain)


class PassDraft:
    """A backward call under construction."""

    def __init__(self, roots: list[tuple[Draft, Tensor | None]]) -> None:
        self.roots = [root for root, _ in roots]
        self.gradients = [gradient for _, gradient in roots]
        self.steps = StepDrafts()
        self.before: list[tuple[Draft, Tensor | None]] = []
        self.after: list[tuple[Draft, Tensor | None]] = []
        self.freed = True
        self.call: int | None = None
        self.done = False
        self.kind: Literal["backward", "grad"] = "backward"
        self.order = 1
        self.hooked: list[HookedDraft] = []

    def record(self) -> Pass:
        """The finished pass; nodes without an id are not in the record."""
        roots = [each for each in zip(self.roots, self.gradients, strict=True) if each[0].id]
        return Pass(
            tuple([root.id for root, _ in roots]),
            tuple([gradient for _, gradient in roots]),
            tuple(
                [
                    Step(step.draft.id, step.received, step.passed)
                    for step in self.steps.steps
                    if step.draft.id
                ]
            ),
            _leaves(leaf for leaf in self.before if leaf[0].id),
            _leaves(leaf for leaf in self.after if leaf[0].id),
            self.freed,
            None if self.call is None else f"c{self.call}",
            self.kind,
            self.order,
            tuple([change.record() for change in self.hooked if change.draft.id]),
        )


def _leaves(gradients: Iterable[tuple[Draft, Tensor | None]]) -> tuple[LeafGradient, ...]:
    return tuple(LeafGradient(leaf.id, leaf.name or leaf.id, each) for leaf, each in gradients)
