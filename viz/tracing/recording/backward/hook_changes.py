"""Gradients that hooks of the program's own changed: found by comparison, in one backward pass.

What came in at a node is the sum of what its users passed on, unless a hook on the tensor or in
front of the node gave another one; what a node passed on is what it computed, unless a hook behind
it did; and `.grad` grows by what came in, unless a hook after the accumulation wrote there. Large
gradients are known by minimum, maximum and mean only: of those a changed sum of several is not
told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import torch

from viz.records import MAX_NODES, Hooked, Tensor
from viz.tracing.recording.nodes.drafts import Draft
from viz.tracing.recording.nodes.local_derivatives import fitted

if TYPE_CHECKING:
    from viz.tracing.recording.backward.gradient_hooks import StepDraft

ROUNDING: Final = {"float16": 1e-2, "bfloat16": 6e-2, "float64": 1e-9, "complex128": 1e-9}
"""What the order of a sum may change, as a part of its largest element; of others `USUAL`."""
USUAL: Final = 1e-4
Sums = dict[tuple[Any, int], list[Tensor]]


class HookedDraft(NamedTuple):
    """A changed gradient under construction."""

    draft: Draft
    before: Tensor | None
    after: Tensor | None
    at: Literal["node", "edge", "grad"]
    place: int = 0

    def record(self) -> Hooked:
        """The finished change; its node has an id by now."""
        return Hooked(self.draft.id, self.before, self.after, self.at, self.place)


def hung(leaves: Iterable[Draft], reached: Iterable[Draft], since: int | None) -> bool:
    """Whether hooks may wait at what a pass reaches that the run has not seen hung: on a leaf, or
    in the part of the graph that was there before the sequence number `since`.
    """
    for draft in leaves:
        leaf = draft.fn.variable
        if leaf._backward_hooks or leaf._post_accumulate_grad_hooks:
            return True
    return since is not None and any(
        draft.kind != "leaf" and draft.fn is not None and draft.fn._sequence_nr() < since
        for draft in reached
    )


def changed_on_the_way(
    draft: Draft, first: Sequence[torch.Tensor | None], then: Sequence[torch.Tensor | None]
) -> Iterator[HookedDraft]:
    """Where what a node passed on was replaced behind it."""
    if first is then:
        return
    for use, old, new in zip(draft.inputs, first, then, strict=False):
        if use is None or old is new:
            continue
        before = None if old is None else fitted(old, use)
        after = None if new is None else fitted(new, use)
        if not _same(before, after):
            yield HookedDraft(draft, before, after, "edge", use.input_index)


def changed_at_nodes(
    steps: Iterable[StepDraft], seeds: Iterable[tuple[Draft, int, Tensor]]
) -> list[HookedDraft]:
    """Where something else came in than was sent; `seeds` are what the pass started from."""
    sent: Sums = {}
    for draft, index, seed in seeds:
        sent.setdefault((draft.fn, index), []).append(seed)
    found: list[HookedDraft] = []
    for step in steps:
        for index, after in enumerate(step.received):
            before = _sum(sent.get((step.draft.fn, index), ()))
            if before is not None and after is not None and not _same(before, after):
                found.append(HookedDraft(step.draft, before, after, "node", index))
        for use, gradient in zip(step.draft.inputs, step.passed, strict=False):
            if use is not None and gradient is not None and use.source.fn is not None:
                sent.setdefault((use.source.fn, use.output_index), []).append(gradient)
    return found[:MAX_NODES]


def changed_grads(
    steps: Iterable[StepDraft],
    before: Iterable[tuple[Draft, Tensor | None]],
    after: Iterable[tuple[Draft, Tensor | None]],
) -> list[HookedDraft]:
    """The leaves whose `.grad` is not what was there and came, since a hook wrote there."""
    received = {step.draft: step.received[0] for step in steps if step.received}
    found = []
    for (leaf, old), (_, new) in zip(before, after, strict=True):
        came = received.get(leaf)
        if came is None or not leaf.fn.variable._post_accumulate_grad_hooks:
            continue
        whole = _sum([came] if old is None else [old, came])
        if whole is not None and not _same(whole, new):
            found.append(HookedDraft(leaf, whole, new, "grad"))
    return found


def _sum(parts: Sequence[Tensor]) -> Tensor | None:
    """The sum of gradients of one place; `None` where it cannot be told."""
    if len(parts) < 2:
        return parts[0] if parts else None
    rows = [part.values for part in parts if part.values is not None]
    if len(rows) < len(parts) or len({(part.shape, len(part.values or ())) for part in parts}) > 1:
        return None
    return Tensor(parts[0].shape, parts[0].dtype, tuple(map(sum, zip(*rows, strict=True))))


def _same(one: Tensor | None, other: Tensor | None) -> bool:
    """Whether two gradients are equal up to the rounding of a sum in another order."""
    if one is None or other is None or one is other:
        return one is other
    left, right = _numbers(one), _numbers(other)
    if len(left) != len(right) or one.shape != other.shape:
        return False
    scale = max((abs(each) for each in left if math.isfinite(each)), default=0.0)
    allowed = max(ROUNDING.get(each.dtype, USUAL) for each in (one, other)) * scale
    return all(
        a == b or abs(a - b) <= allowed or (math.isnan(a) and math.isnan(b))
        for a, b in zip(left, right, strict=True)
    )


def _numbers(tensor: Tensor) -> Sequence[float]:
    if tensor.values is not None:
        return tensor.values
    return [each for each in (tensor.minimum, tensor.maximum, tensor.mean) if each is not None]
