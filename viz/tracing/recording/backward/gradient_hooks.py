"""Hooks on autograd's nodes, which see gradients pass by in the engine's own execution order.

A hook behind a node sees what came in and what went on, and costs a Python call, a dictionary and
a handle each. Most nodes get along with less: one function in front of all of them, in one
dictionary that they share, sees what came in; and where a result was used once, what its user
passed on is what came in at its node, so that nothing needs to look behind the user; nor behind one
that only moves what it receives (`nodes.moves`). In front of a leaf it stands for the time of a
call only.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import msgspec
import torch

from viz.records import Tensor
from viz.tracing.recording.backward.hook_changes import HookedDraft, changed_on_the_way
from viz.tracing.recording.nodes.drafts import Draft, Use
from viz.tracing.recording.nodes.local_derivatives import fitted
from viz.tracing.recording.nodes.moves import moved
from viz.tracing.recording.nodes.tensor_summary import summary

LAST_PASSED: Final = 8
"""Gradients that are remembered while they are on their way to the next nodes."""
Gradients = tuple[Tensor | None, ...]
_node_at_work = torch._C._current_autograd_node


class StepDraft(msgspec.Struct, eq=False, gc=False):
    """One node's step: what it received, and what it passed on (nothing while that is not known:
    then it is to be settled).
    """

    draft: Draft
    received: Gradients
    passed: Gradients
    settled: bool = True


class StepDrafts:
    """The steps of one backward call, in order."""

    def __init__(self) -> None:
        self.steps: list[StepDraft] = []
        self.first: dict[Any, tuple[torch.Tensor | None, ...]] = {}
        """What nodes passed on that the program has in hand, before hooks of its own saw it."""
        self.edges: list[HookedDraft] = []
        self.moving: set[Draft] = set()
        """Those that only move what came in, to where others' gradients come in as well."""
        self.paused = False
        """Another look goes backward through the same nodes."""
        self.passed: deque[tuple[torch.Tensor, Tensor]] = deque(maxlen=LAST_PASSED)
        """What nodes that are looked behind passed on last, and large ones that only move on."""

    def behind(self, draft: Draft) -> Any:
        """Hangs a hook behind a node that writes down its step; the handle to take it off again.

        The hook sees what came in as well: no node writes into the gradient that it receives.
        """

        def after(passed: Any, came: Any) -> None:
            if self.paused:
                return
            received = tuple([self.summary_of(gradient) for gradient in came])
            went: list[Tensor | None] = []
            for use, gradient in zip(draft.inputs, passed, strict=False):
                contribution = None
                if use is not None:
                    if gradient is not None:
                        contribution = fitted(gradient, use)
                        self.passed.append((gradient, contribution))
                    use.contribution = contribution
                went.append(contribution)
            if draft.fn in self.first:
                self.edges += changed_on_the_way(draft, self.first.pop(draft.fn), passed)
            self.steps.append(StepDraft(draft, received, tuple(went)))

        return draft.fn.register_hook(after)

    def settle(self) -> None:
        """What a node passed on that nobody watched: what came in at those that it passed it to."""
        received: dict[Draft, Gradients] = {}
        for step in self.steps:
            received[step.draft] = step.draft.gradients = step.received
        moving = self.moving
        for step in self.steps:
            if not step.settled:
                step.settled = True
                draft = step.draft
                moves = draft.moves if draft in moving else None
                passed: list[Tensor | None] = []
                for use in draft.inputs:
                    came = None
                    if use is not None:
                        if moves is not None:
                            came = moved(step.received[0], moves[len(passed)])
                        elif (there := received.get(use.source)) is not None:
                            came = there[use.output_index]
                        use.contribution = came
                    passed.append(came)
                step.passed = tuple(passed)

    def summary_of(
        self, gradient: torch.Tensor | None, shape: tuple[int, ...] | None = None
    ) -> Tensor | None:
        """A gradient's summary; that of a step before when the very same tensor comes on.

        `shape` is the gradient's, where it is known.
        """
        if gradient is None:
            return None
        if self.passed:
            for passed, contribution in self.passed:
                if passed is gradient and (
                    gradient.is_nested or contribution.shape == gradient.shape
                ):
                    return contribution
        return summary(gradient, shape)


class _Hung(NamedTuple):
    """What hangs on the nodes for the time of one backward call."""

    quick: dict[Any, Draft]
    """Those that are seen from in front alone, by autograd's own."""
    leaves: list[tuple[Any, Any]]
    """The leaves among them, and what hung there before."""
    handles: list[Any]


class Hooks:
    """The hooks of one run; `suspicious` is set when the typed code may have hung its own."""

    def __init__(self, by_fn: dict[Any, Draft]) -> None:
        self.suspicious = False
        self._by_fn = by_fn
        self._drafts = StepDrafts()
        self._at_work: Draft | None = None
        self._in_hand: set[Any] = set()
        self._quick: dict[Any, Draft] = {}
        self._fronted: set[Draft] = set()
        self.in_front: dict[int, Any] = {0: self._received}
        """The dictionary of hooks that the nodes share."""
        self._front: Any = torch.empty(0)  # torch takes it from a tensor's hooks
        self._front._backward_hooks = self.in_front
        self._handles: list[Any] = []

    @contextmanager
    def on(
        self, steps: StepDrafts, reached: Iterable[Draft], shared: set[Draft], *, every: bool
    ) -> Iterator[None]:
        """Writes the steps of the nodes that a backward call reaches into `steps`.

        `shared` are those that receive more than one contribution; `every` puts a hook behind
        each node (a call for some inputs only does not run the nodes of those inputs).
        """
        hung = _Hung({}, [], [])
        self._hang(steps, reached, shared, hung, every=every or self.suspicious)
        outer = (self._drafts, self._at_work, self._quick)
        self._drafts, self._at_work, self._quick = steps, None, hung.quick
        try:
            for leaf, _ in hung.leaves:
                leaf._backward_hooks = self.in_front
            yield
        except BaseException:
            self._take_back()
            raise
        finally:
            for leaf, hooks in hung.leaves:
                leaf._backward_hooks = hooks
            self._drafts, self._at_work, self._quick = outer
            for handle in hung.handles:
                handle.remove()
            steps.settle()

    def _hang(
        self,
        steps: StepDrafts,
        reached: Iterable[Draft],
        shared: set[Draft],
        hung: _Hung,
        *,
        every: bool,
    ) -> None:
        fronted, front, quick = self._fronted, self._front, hung.quick
        for draft in reached:
            fn = draft.fn
            if fn is None:
                continue
            alone = not every and draft.outputs == 1
            if alone and not (alone := _used_alone(draft.inputs, shared)) and draft.moves:
                steps.moving.add(draft)
                alone = True
            if alone:
                quick[fn] = draft
                if draft.kind == "leaf":
                    leaf = fn.variable
                    hung.leaves.append((leaf, leaf._backward_hooks))
                    continue
            else:
                hung.handles.append(steps.behind(draft))
                if every or draft.kind == "leaf":
                    continue
            if draft not in fronted:
                fronted.add(draft)
                fn._register_hook_dict(front)

    def pause(self, paused: bool) -> None:
        """Writes nothing down of what runs while another look is part of a backward call."""
        self._drafts.paused = paused

    def handed_out(self, node: Any) -> None:
        """Somebody has autograd's own node in hand, and may hang hooks on it that change gradients:
        what it passes on is seen before they do.
        """
        self.suspicious = True
        if node is None or node in self._in_hand:
            return
        self._in_hand.add(node)

        def first(passed: Any, _: Any) -> None:
            self._drafts.first[node] = passed

        self._handles.append(node.register_hook(first))

    def release(self) -> None:
        """Takes off what stands in front of the nodes, and behind those that were handed out."""
        self.in_front.clear()
        for handle in self._handles:
            handle.remove()

    def _received(self, gradient: torch.Tensor | None) -> None:
        if self._drafts.paused:
            return
        node = _node_at_work()
        draft = self._at_work = self._quick.get(node)
        if draft is None:
            self._at_work = self._by_fn.get(node)
            return
        value, drafts = draft.value, self._drafts
        shape = None if value is None else value.shape  # the engine sees to it
        if gradient is None or drafts.passed:
            received = drafts.summary_of(gradient, shape)
        else:
            received = summary(gradient, shape)
        if draft.moves is not None and received is not None and received.values is None:
            drafts.passed.append((gradient, received))  # type: ignore[arg-type]
        drafts.steps.append(StepDraft(draft, (received,), (), False))

    def _take_back(self) -> None:
        """Takes back the step of the node that raised, if it was written down before it ran."""
        steps = self._drafts.steps
        last = steps[-1] if steps else None
        if last is not None and not last.settled and last.draft is self._at_work:
            steps.pop()


def _used_alone(inputs: Iterable[Use | None], shared: set[Draft]) -> bool:
    """Whether each result that went into a node is used there alone; also of a node of which it is
    known how many it has."""
    for use in inputs:
        if use is not None:
            source = use.source
            if not source.outputs or source in shared:
                return False
    return True
