"""Backward calls: what each node received and passed on, in autograd's own execution order.

`Passes` stands in for `backward` and `grad` while the typed code runs. During each call it hangs
hooks on the nodes that the call can reach; the order in which they run is the order of the
playback. Before the run, while autograd still has its buffers, local derivatives and saved tensors
are written down.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import Any, Final, NamedTuple

import torch
from torch.autograd.graph import GradientEdge

from viz.records import MAX_NODES, MAX_ORDER, MAX_VALUES, Span, Tensor
from viz.tracing.recording.backward.edges_alone import EdgesAlone
from viz.tracing.recording.backward.formulas_at_work import Formulas
from viz.tracing.recording.backward.gradient_hooks import Hooks, StepDraft
from viz.tracing.recording.backward.hook_changes import (
    HookedDraft,
    changed_at_nodes,
    changed_grads,
    hung,
)
from viz.tracing.recording.backward.nested_calls import NestedCalls, written_in_python
from viz.tracing.recording.backward.pass_draft import PassDraft, Request
from viz.tracing.recording.forward.recorder import Recorder
from viz.tracing.recording.nodes.drafts import Draft, node_of
from viz.tracing.recording.nodes.inner_values import read_off_rest
from viz.tracing.recording.nodes.local_derivatives import capture
from viz.tracing.recording.nodes.tensor_summary import quiet, summary

MAX_PASSES = 100
_AS_IT_IS = nullcontext()
_sequence_number = torch.autograd._get_sequence_nr  # type: ignore[attr-defined]
_BACKWARD: Any = torch.Tensor.backward
_REGISTER_HOOK: Any = torch.Tensor.register_hook
_GRAD_FN: Any = vars(torch._C.TensorBase)["grad_fn"].__get__


class Reach(NamedTuple):
    """What a backward call can reach; of a leaf that was written into, only its latest draft."""

    drafts: list[Draft]
    shared: set[Draft]
    """Those that receive more than one contribution at an output."""
    leaves: list[Draft]
    """Those into whose `.grad` it adds, in the order met."""


class Passes:
    """Records every backward call of a run; `overrides` are the functions it stands in for.

    `guests`: the run may reach tensors that were there before it. Their `.grad` is laid aside when
    a backward call first reaches them, so that the record holds what this run leaves, and is put
    back by `released`.
    """

    def __init__(self, recorder: Recorder, *, guests: bool = False) -> None:
        self._guests = guests
        self._since: int = _sequence_number()
        self._aside: dict[int, tuple[torch.Tensor, torch.Tensor | None]] = {}
        # by identity, and not held: a training loop makes all of them anew in each round
        self._gradients: dict[int, tuple[weakref.ref[torch.Tensor], Any, Tensor]] = {}
        self.before: dict[int, torch.Tensor | None] = {}
        """The gradient that each leaf around the run had before it."""
        self.made_here: list[torch.Tensor] = []
        self.held: list[torch.Tensor] = []
        """Leaves that the run made itself; parameters around it that have a gradient."""
        self.recorder = recorder
        self._watching: list[Recorder] = [recorder]
        self.graph = recorder.graph
        self.drafts: list[PassDraft] = []
        self._begun = False
        self.hooks = Hooks(recorder.graph.by_fn)
        self._calls: dict[Any, Callable[..., Any]] = {
            torch.Tensor.backward: self._tensor_backward,
            torch.autograd.backward: self.backward,
            torch.autograd.grad: self.grad,
        }
        self._nested = NestedCalls(self._calls)
        self._edges_alone = EdgesAlone(self._run, recorder, self._nested)
        self._edges_alone.begin()
        recorder.pause_hooks = self.hooks.pause
        recorder.overrides.update(
            self._calls
            | {
                torch.Tensor.register_hook: self._register_hook,
                _GRAD_FN: self._grad_fn,
            }
        )

    def reaches_older(self, roots: Iterable[torch.Tensor]) -> bool:
        """Whether a backward run meets nodes from before this run: they must not be freed."""
        if self._older is None:
            return False
        drafts = [draft for root in roots if (draft := self.graph.origin(root)) is not None]
        return any(
            draft.fn is not None and draft.kind != "leaf" and draft.fn._sequence_nr() < self._since
            for draft in self.graph.below(drafts)[0]
        )

    @property
    def _older(self) -> int | None:
        """The number below which nodes were there before this run; `None` where it met none."""
        return self._since if self._guests and self.graph.oldest < self._since else None

    def released(self) -> None:
        """Takes the hooks off, and gives back the gradients that were laid aside."""
        self._edges_alone.end()
        self.hooks.release()
        self._calls.clear()  # they hold what holds them
        self._watching.clear()  # typed hooks live as long as autograd's nodes
        for leaf, gradient in self._aside.values():
            leaf.grad = gradient
        self._aside.clear()

    def around(self, leaf: torch.Tensor) -> None:
        """Notes the gradient of a leaf around the run."""
        gradient = self.before[id(leaf)] = leaf.grad
        if gradient is not None and isinstance(leaf, torch.nn.Parameter):
            self.held.append(leaf)

    def _lay_aside(self, leaves: Iterable[torch.Tensor]) -> None:
        own = set(map(id, self.made_here))
        for leaf in leaves:
            if id(leaf) not in self._aside and id(leaf) not in own:
                gradient = leaf.grad
                before = self.before.get(id(leaf), gradient)
                self._aside[id(leaf)] = (leaf, before)
                if gradient is before:  # else the run gave it, unseen, as in a thread of its own
                    leaf.grad = None

    def done_spans(self) -> tuple[Span, ...]:
        """Where the typed calls stand whose backward run came to its end."""
        calls = [each.call for each in self.drafts if each.done and each.call is not None]
        sites = [self.recorder.calls[call].site for call in calls]
        return tuple(site.span for site in sites if site is not None and site.span is not None)

    # ── what stands in for torch's own ──

    def _tensor_backward(
        self,
        tensor: torch.Tensor,
        gradient: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        def run() -> None:
            _BACKWARD(tensor, gradient, retain_graph, create_graph, inputs)

        self._run(
            Request(
                run,
                "backward",
                [tensor],
                gradient,
                retain_graph,
                create_graph,
                partial=inputs is not None,
            )
        )

    def backward(
        self,
        tensors: Any,
        grad_tensors: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        **options: Any,
    ) -> None:
        """`torch.autograd.backward`, recorded."""

        def run() -> None:
            torch.autograd.backward(tensors, grad_tensors, retain_graph, create_graph, **options)

        roots = _listed(tensors)
        self._run(
            Request(
                run,
                "backward",
                roots,
                grad_tensors,
                retain_graph,
                create_graph,
                partial=bool(options),
            )
        )

    def grad(
        self,
        outputs: Any,
        inputs: Any,
        grad_outputs: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        **options: Any,
    ) -> Any:
        """`torch.autograd.grad`, recorded."""

        def run() -> Any:
            return torch.autograd.grad(
                outputs, inputs, grad_outputs, retain_graph, create_graph, **options
            )

        if options.get("is_grads_batched"):
            return run()
        roots, wanted = _listed(outputs), _listed(inputs)
        return self._run(
            Request(run, "grad", roots, grad_outputs, retain_graph, create_graph, wanted, True)
        )

    def _register_hook(self, tensor: torch.Tensor, hook: Callable[[Any], Any]) -> Any:
        """A typed hook runs inside the backward call, where torch has no mode: it gets it back."""
        self.hooks.suspicious = True
        watching = self._watching  # not the recorder, whose graph holds the node with the hook

        def recorded(gradient: torch.Tensor) -> Any:
            with watching[0] if watching else _AS_IT_IS:
                return hook(gradient)

        return _REGISTER_HOOK(tensor, recorded)

    def _grad_fn(self, tensor: torch.Tensor) -> Any:
        node = tensor.grad_fn
        self.hooks.handed_out(node)
        return node

    # ── one run ──

    def _run(self, request: Request) -> Any:
        if len(self.drafts) >= MAX_PASSES or (self.graph.truncated and request.kind == "grad"):
            return request.run()
        draft = self._prepared(request)
        reach = self._reached(draft.roots)
        reached, functions = reach.drafts, written_in_python(reach.drafts)
        self.hooks.suspicious |= hung(reach.leaves, reached, self._older)
        with quiet():
            if self._guests:
                self._lay_aside(leaf.fn.variable for leaf in reach.leaves)
                if functions:  # a formula in Python, such as a checkpoint's, may reach others
                    self._lay_aside([*self.graph.variables.values(), *self.held])
            read_off_rest(self.graph, reached)
            capture(reached, trusting=not self.hooks.suspicious)
            draft.before = self._leaf_gradients(reach.leaves)
        if self._begun:
            draft.order = min(max((each.order for each in reached), default=0) + 1, MAX_ORDER)
        self._begun = True
        if functions:
            for leaf in reach.leaves:
                leaf.outputs = 0  # they may hang hooks of their own on it while the call runs
        outer, self.graph.order = self.graph.order, draft.order
        self.graph.passes_under_way += 1
        every, formulas = request.partial or request.create, Formulas()
        try:
            watching = self.hooks.on(draft.steps, reached, reach.shared, every=every)
            at_work = formulas.on(reached) if request.create else _AS_IT_IS
            nested = self._nested.on(functions) if functions else _AS_IT_IS
            with watching, nested, at_work:
                result = request.run()
            self._finish(draft, reach, result, request, formulas)
            if functions:
                self._tell_leaves_behind(draft)
            draft.done = True
        finally:
            self.graph.order = outer
            self.graph.passes_under_way -= 1
            if draft.steps.steps or draft.done:
                self.drafts.append(draft)
        return result

    def _reached(self, roots: list[Draft]) -> Reach:
        below, shared = self.graph.below(roots)
        leaves = [each for each in below if each.kind == "leaf" and each.fn is not None]
        leaves.sort(key=lambda draft: draft.number)
        latest = {each.fn: each for each in leaves}
        if len(latest) < len(leaves):
            leaves = [each for each in leaves if latest[each.fn] is each]
            below = [each for each in below if latest.get(each.fn, each) is each]
        return Reach(below, shared, leaves)

    def _prepared(self, request: Request) -> PassDraft:
        given = _listed(request.gradients) or [None] * len(request.roots)
        roots: list[tuple[Draft, Tensor | None]] = []
        for tensor, gradient in zip(request.roots, given, strict=False):
            origin = self._root(tensor) if getattr(tensor, "requires_grad", True) else None
            if origin is not None:
                with quiet():
                    seed = summary(gradient) if isinstance(gradient, torch.Tensor) else None
                roots.append((origin, seed))
        draft = PassDraft(roots)
        draft.kind = request.kind
        draft.freed = not request.retained
        call = self.recorder.sites.of(request.kind)
        if call.spot is not None and not self.recorder.full:
            backward = request.kind == "backward"
            call.function = "torch.Tensor.backward" if backward else "torch.autograd.grad"
            self.recorder.calls.append(call)
            draft.call = len(self.recorder.calls) - 1
        return draft

    def _root(self, tensor: torch.Tensor) -> Draft | None:
        """Where a run starts; a leaf that it starts from has a turn as well."""
        draft = self.graph.origin(tensor)
        if draft is not None and draft.fn is None:
            with quiet(), torch.enable_grad():
                self.graph.gathered(draft, torch.autograd.graph.get_gradient_edge(tensor).node)
        return draft

    def _finish(
        self,
        draft: PassDraft,
        reach: Reach,
        result: Any,
        request: Request,
        formulas: Formulas,
    ) -> None:
        visited = {step.draft for step in draft.steps.steps}
        results = result if isinstance(result, tuple) else ()
        with quiet():
            for tensor, gradient in zip(request.wanted, results, strict=False):
                origin = self.graph.origin(tensor)
                if origin is not None and origin not in visited and gradient is not None:
                    _received(origin, tensor.output_nr, summary(gradient), draft)
            draft.after = self._leaf_gradients(reach.leaves)
        if self.hooks.suspicious and not self.graph.truncated:
            draft.hooked = self._hooked(draft, request.roots)
        if request.create or result is not None:
            self._taken_in(result, reach.leaves, draft.call, formulas)

    def _tell_leaves_behind(self, draft: PassDraft) -> None:
        """What came back to leaves that a formula in Python reached, and no step tells of."""
        told, leaves = {id(leaf.fn.variable) for leaf, _ in draft.after}, self.graph.variables
        with quiet():
            for leaf, tensor in leaves.items():
                if id(tensor) not in told and not leaf.gradients and tensor.grad is not None:
                    leaf.gradients = (self.gradient_of(tensor),)

    def _hooked(self, draft: PassDraft, roots: Sequence[torch.Tensor]) -> list[HookedDraft]:
        """The gradients that hooks changed in this pass."""
        steps = draft.steps.steps
        seeds = []
        for root, given in zip(roots, draft.gradients, strict=False):
            origin = self.graph.origin(root)
            alone = isinstance(root, torch.Tensor) and not root.shape
            if origin is not None and (alone or given is not None):
                seeds.append((origin, root.output_nr, given or Tensor((), "float32", (1.0,))))
        found = changed_at_nodes(steps, seeds) + changed_grads(steps, draft.before, draft.after)
        return (draft.steps.edges + found)[:MAX_NODES]

    def gradient_of(self, leaf: torch.Tensor) -> Tensor | None:
        """What has come back to a leaf by now; the same record as long as nobody adds to it."""
        gradient = leaf.grad
        if gradient is None:
            return None
        known = self._gradients.get(id(gradient))
        looked = (gradient._version, self._glance(gradient))
        if known is None or known[0]() is not gradient or known[1] != looked:
            known = (weakref.ref(gradient), looked, summary(gradient))
            self._gradients[id(gradient)] = known
        return known[2]

    def _glance(self, gradient: torch.Tensor) -> list[Any] | None:
        """Its numbers, of many a few and their sum, where the program goes on after its own
        backward call: what it writes by `.data`, or by an array on the same memory, is counted
        nowhere.
        """
        ours = not self.drafts or self.drafts[-1].call is None
        if ours or gradient.layout is not torch.strided or gradient.is_nested:
            return None
        numbers = gradient.detach().reshape(-1)
        if len(numbers) <= MAX_VALUES:
            return numbers.tolist()
        return [*numbers[:: len(numbers) // GLANCED].tolist(), numbers.sum().item()]

    def _leaf_gradients(self, leaves: Iterable[Draft]) -> list[tuple[Draft, Tensor | None]]:
        return [(leaf, self.gradient_of(leaf.fn.variable)) for leaf in leaves]

    def _taken_in(
        self, result: Any, leaves: list[Draft], call: int | None, formulas: Formulas
    ) -> None:
        """The nodes that a differentiable backward call recorded itself, with their values."""
        produced = [each for each in _produced(result, leaves) if node_of(each) is not None]
        made = self.graph.adopt([each.grad_fn for each in produced], call)
        with quiet():
            for tensor in produced:
                self.graph.origin(tensor)
        formulas.give_values(made)


GLANCED: Final = 8
"""Numbers of a large gradient that are looked at one by one for changes that nobody counts."""


def _received(draft: Draft, output: int, gradient: Tensor, pass_: PassDraft) -> None:
    """`grad` catches a gradient where it was asked for: the node itself does not run."""
    draft.gradients = gradients = (None,) * output + (gradient,)
    pass_.steps.steps.append(StepDraft(draft, gradients, ()))


def _produced(result: Any, leaves: list[Draft]) -> list[torch.Tensor]:
    """The gradients that a backward call gave: its result, or what is in `.grad` now."""
    if result is not None:
        return [each for each in _listed(result) if isinstance(each, torch.Tensor)]
    tensors = (draft.fn.variable for draft in leaves)
    return [leaf.grad for leaf in tensors if leaf.grad is not None]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return [value] if isinstance(value, torch.Tensor | GradientEdge) else list(value)
