"""Backward calls: what each node received and passed on, in autograd's own execution order.

`Passes` stands in for `backward` and `grad` while the typed code runs. For each node that a call
can reach it hangs a hook behind the node, which sees the gradient that came back and what the node
passed on; the order in which the hooks run is the order of the playback. Before the run, while
autograd still has its buffers, local derivatives and saved tensors are written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Literal

import torch

from viz.records import MAX_ORDER, LeafGradient, Pass, Span, Step, Tensor
from viz.tracing.graph import Draft, capture, fitted
from viz.tracing.intake import CallDraft
from viz.tracing.recorder import Recorder
from viz.tracing.summary import quiet, summary

MAX_PASSES = 100
_BACKWARD: Any = torch.Tensor.backward
_REGISTER_HOOK: Any = torch.Tensor.register_hook


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

    @property
    def retained(self) -> bool:
        """Whether the call keeps the graph: `retain_graph`, which by default is `create_graph`."""
        return bool(self.create if self.retain is None else self.retain)


class PassDraft:
    """A backward call under construction."""

    def __init__(self, roots: list[Draft], gradients: tuple[Tensor | None, ...]) -> None:
        self.roots = roots
        self.gradients = gradients
        self.passed: list[tuple[torch.Tensor, Tensor]] = []
        self.steps: list[tuple[Draft, tuple[Tensor | None, ...], tuple[Tensor | None, ...]]] = []
        self.before: list[tuple[Draft, Tensor | None]] = []
        self.after: list[tuple[Draft, Tensor | None]] = []
        self.freed = True
        self.call: int | None = None
        self.done = False
        self.kind: Literal["backward", "grad"] = "backward"
        self.order = 1

    def known(self, gradient: torch.Tensor | None) -> Tensor | None:
        """A gradient's summary; that of the last step when the very same tensor came on."""
        if gradient is None:
            return None
        for passed, contribution in self.passed:
            if passed is gradient and contribution.shape == tuple(gradient.shape):
                return contribution
        return summary(gradient)

    def record(self, alive: set[Draft]) -> Pass:
        """The finished pass, as far as its nodes are among those that the record keeps."""
        return Pass(
            tuple(root.id for root in self.roots if root in alive),
            self.gradients,
            tuple(Step(node.id, came, went) for node, came, went in self.steps if node in alive),
            _leaves(leaf for leaf in self.before if leaf[0] in alive),
            _leaves(leaf for leaf in self.after if leaf[0] in alive),
            self.freed,
            None if self.call is None else f"c{self.call}",
            self.kind,
            self.order,
        )


class Passes:
    """Records every backward call of a run; `overrides` are the functions it stands in for."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.graph = recorder.graph
        self.drafts: list[PassDraft] = []
        recorder.overrides.update(
            {
                torch.Tensor.backward: self._tensor_backward,
                torch.autograd.backward: self.backward,
                torch.autograd.grad: self.grad,
                torch.Tensor.register_hook: self._register_hook,
            }
        )

    def done_spans(self) -> tuple[Span, ...]:
        """Where the typed calls stand whose backward run came to its end."""
        calls = [each.call for each in self.drafts if each.done and each.call is not None]
        sites = [self.recorder.calls[call].place.site for call in calls]
        return tuple(site.span for site in sites if site is not None)

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

        self._run(Request(run, "backward", [tensor], gradient, retain_graph, create_graph))

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
        self._run(Request(run, "backward", roots, grad_tensors, retain_graph, create_graph))

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
            Request(run, "grad", roots, grad_outputs, retain_graph, create_graph, wanted)
        )

    def _register_hook(self, tensor: torch.Tensor, hook: Callable[[Any], Any]) -> Any:
        """A typed hook runs inside the backward call, where torch has no mode: it gets it back."""

        def recorded(gradient: torch.Tensor) -> Any:
            with self.recorder:
                return hook(gradient)

        return _REGISTER_HOOK(tensor, recorded)

    # ── one run ──

    def _run(self, request: Request) -> Any:
        if len(self.drafts) >= MAX_PASSES or (self.graph.truncated and request.kind == "grad"):
            return request.run()
        draft = self._prepared(request)
        reached = self._reached(draft.roots)
        with quiet():
            capture(reached)
            draft.before = _leaf_gradients(reached)
        draft.order = min(max((each.order for each in reached), default=0) + 1, MAX_ORDER)
        handles = [_hooked(each, draft) for each in reached if each.fn is not None]
        self.recorder.values.seen.clear()
        self.graph.order = draft.order
        try:
            with self.recorder.values if request.create else nullcontext():
                result = request.run()
            self._finish(draft, reached, result, request.wanted)
            draft.done = True
        finally:
            self.graph.order = 0
            for handle in handles:
                handle.remove()
            if draft.steps:
                self.drafts.append(draft)
        return result

    def _reached(self, roots: list[Draft]) -> list[Draft]:
        """What a run can reach; of a leaf that was written into, only its latest draft."""
        below = self.graph.below(roots)
        return [each for each in below if each.fn is None or self.graph.by_fn[each.fn] is each]

    def _prepared(self, request: Request) -> PassDraft:
        origins = [self.graph.origin(tensor) for tensor in request.roots if tensor.requires_grad]
        with quiet():
            seeds = tuple(
                summary(gradient) if isinstance(gradient, torch.Tensor) else None
                for gradient in (_listed(request.gradients) or [None] * len(request.roots))
            )
        draft = PassDraft([origin for origin in origins if origin is not None], seeds)
        draft.kind = request.kind
        draft.freed = not request.retained
        place = self.recorder.place(request.kind)
        if place.site is not None:
            draft.call = len(self.recorder.calls)
            name = "torch.Tensor.backward" if request.kind == "backward" else "torch.autograd.grad"
            self.recorder.calls.append(CallDraft(name, place))
        return draft

    def _finish(
        self, draft: PassDraft, reached: list[Draft], result: Any, wanted: Sequence[torch.Tensor]
    ) -> None:
        visited = {each for each, _, _ in draft.steps}
        results = result if isinstance(result, tuple) else ()
        with quiet():
            for tensor, gradient in zip(wanted, results, strict=False):
                origin = self.graph.origin(tensor)
                if origin is not None and origin not in visited and gradient is not None:
                    _received(origin, tensor.output_nr, summary(gradient), draft)
            draft.after = _leaf_gradients(reached)
        self._taken_in(result, reached, draft.call)

    def _taken_in(self, result: Any, reached: list[Draft], call: int | None) -> None:
        """The nodes that a differentiable backward call recorded itself, with their values."""
        produced = [each for each in _produced(result, reached) if each.grad_fn is not None]
        for draft in self.graph.adopt([each.grad_fn for each in produced], call):
            self.recorder.values.of(draft)
        with quiet():
            for tensor in produced:
                self.graph.origin(tensor)


def _hooked(draft: Draft, run: PassDraft) -> Any:
    """A hook after a node that writes down its turn; the handle that takes it off again.

    The hook sees what came in as well: no node writes into the gradient that it receives.
    """

    def after(passed: Any, came: Any) -> None:
        received = tuple(run.known(gradient) for gradient in came)
        draft.gradients = received
        went = []
        run.passed = []
        for use, gradient in zip(draft.inputs, passed, strict=False):
            contribution = None
            if use is not None and gradient is not None:
                use.contribution = contribution = fitted(gradient, use)
                run.passed.append((gradient, contribution))
            elif use is not None:
                use.contribution = None
            went.append(contribution)
        run.steps.append((draft, received, tuple(went)))

    return draft.fn.register_hook(after)


def _received(draft: Draft, output: int, gradient: Tensor, run: PassDraft) -> None:
    """`grad` catches a gradient where it was asked for: the node itself does not run."""
    gradients = (None,) * output + (gradient,)
    draft.gradients = gradients
    run.steps.append((draft, gradients, ()))


def _leaf_gradients(reached: Iterable[Draft]) -> list[tuple[Draft, Tensor | None]]:
    leaves = sorted(
        (draft for draft in reached if draft.kind == "leaf" and draft.fn is not None),
        key=lambda draft: draft.number,
    )
    return [
        (leaf, None if leaf.fn.variable.grad is None else summary(leaf.fn.variable.grad))
        for leaf in leaves
    ]


def _leaves(gradients: Iterable[tuple[Draft, Tensor | None]]) -> tuple[LeafGradient, ...]:
    return tuple(LeafGradient(leaf.id, leaf.name or leaf.id, each) for leaf, each in gradients)


def _produced(result: Any, reached: list[Draft]) -> list[torch.Tensor]:
    """The gradients that a backward call gave: its result, or what is in `.grad` now."""
    if result is not None:
        return [each for each in _listed(result) if isinstance(each, torch.Tensor)]
    leaves = (
        draft.fn.variable for draft in reached if draft.kind == "leaf" and draft.fn is not None
    )
    return [leaf.grad for leaf in leaves if leaf.grad is not None]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return [value] if isinstance(value, torch.Tensor) else list(value)
