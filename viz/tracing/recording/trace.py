"""A function and its inputs → `Trace`: what one run recorded, forward and backward.

`trace(f, 2.0)` runs a Python function of your own in this process; `record` runs any `Runnable`.
A run that fails part-way still returns what it recorded, with `failure`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec
import torch

from viz.errors import FunctionFailed, InputRejected
from viz.records import Cell, Failure, Span, Tensor, Trace, call_ids
from viz.tracing.hints.failures import failure_of
from viz.tracing.hints.messages import hint_for, without_grad
from viz.tracing.hints.shapes import shapes_at
from viz.tracing.recording.backward.leaf_rows import leaf_rows, leaves_among
from viz.tracing.recording.backward.own_passes import own_roots, went_backward_itself
from viz.tracing.recording.backward.passes import Passes
from viz.tracing.recording.backward.seeds import ones_like, starts
from viz.tracing.recording.forward.recorder import Recorder
from viz.tracing.recording.nodes.drafts import Draft, Output, node_of, output_of, returned
from viz.tracing.recording.nodes.functions import outputs_in, tensors_in
from viz.tracing.recording.nodes.local_derivatives import capture
from viz.tracing.recording.nodes.tensor_summary import quiet
from viz.tracing.recording.options import order_of, seed_of
from viz.tracing.recording.scripts.cells import run_cells, unfinished
from viz.tracing.recording.scripts.rounds import RoundWatch
from viz.tracing.recording.scripts.settings import settings_kept
from viz.tracing.recording.useless import useless
from viz.tracing.recording.warned import heard, warn_again, warn_uncalled
from viz.tracing.runnable import (
    TYPED,
    Runnable,
    of_function,
    otherwise,
    wrote_into_a_leaf,
)
from viz.tracing.source_map import source_of
from viz.tracing.state.memory import uncollected
from viz.tracing.stopping import TimeIsUp, out_of_memory, rescuing, stoppable
from viz.tracing.typed.loops import Loops
from viz.tracing.typed.numpy.random import seeded
from viz.tracing.untouched import untouched

RESERVE: Final = 48 << 20
"""Bytes that are kept for the record of a run that takes all the memory it may."""
MAX_UNFINISHED: Final = 1_000
"""Nodes told of a run that was stopped because its time was over."""


def trace(
    function: Callable[..., Any],
    *inputs: Any,
    order: int = 1,
    gradient: Any = None,
    seed: int = 0,
    requires_grad: Mapping[str, bool] | bool | None = None,
    partial: bool = False,
    **keywords: Any,
) -> Trace:
    """What autograd records of one run of a function or module; a compiled one runs as written.

    `inputs` and `keywords` are what it is called with: tensors, numbers, arrays, and containers of
    them. A float becomes a 0-dim tensor that requires grad, an array a tensor unless the function
    wants the array. As they are stay integers, inputs named in `requires_grad` with `False` (alone:
    all), and one without a derivative in torch. Nothing of yours changes: `viz.tracing.untouched`.

    `order` k records the graph of the k-th derivative (1 to 4). `gradient` is what the result's
    gradient starts from, in the result's shape; ones when it is `None`. Of a result with several
    tensors all are started from, and their gradients add up, unless `gradient` has the result's
    structure: `{"loss": 1.0}` goes backward from the loss alone. Random numbers are drawn from
    `seed`. Raises `InputRejected` for an order out of range, `FunctionFailed` with what was
    recorded when the function raises; with `partial` that comes back as a record with a `failure`.
    (A parameter called like an option: hand over a `functools.partial`.)
    """
    runnable = of_function(function, inputs, keywords, requires_grad)
    options = {"order": order, "gradient": gradient, "seed": seed}
    run, error, warned = _tried(runnable, function, inputs, keywords, options)
    try:
        warn_again(warned)
        if run.failure is None:
            warn_uncalled(source_of(function)[1])
        elif not partial:
            raise FunctionFailed(run) from error
        return run
    finally:
        error = None  # what it passed through leads back here, and to the caller's variables


def _tried(
    runnable: Runnable, function: Callable[..., Any], inputs: Any, keywords: Any, options: Any
) -> tuple[Trace, BaseException | None, list[warnings.WarningMessage]]:
    """The record, what ended the run and its warnings; with other inputs where it needs those."""
    found: Any = None

    def attempt(runnable: Runnable) -> tuple[Trace, BaseException | None]:
        around = [each for each, _ in runnable.around]
        with untouched(function, (inputs, keywords), around=around):
            return watched(runnable, **options)

    try:
        run, error = attempt(runnable)
        if wrote_into_a_leaf(error):
            run, error = attempt(runnable := replace(runnable, copied=True))
        for other in otherwise(runnable, error, function, inputs, keywords):
            if (found := attempt(other))[1] is None:
                (run, error), runnable = found, other
                break
        return run, error, runnable.transcript.warned
    finally:
        error = found = None


def record(
    runnable: Runnable, *, order: int = 1, gradient: torch.Tensor | None = None, seed: int = 0
) -> Trace:
    """The trace of one run; `gradient` and `order` as in `trace` (scripts do their own passes)."""
    with settings_kept():
        return watched(runnable, order=order, gradient=gradient, seed=seed)[0]


def watched(
    runnable: Runnable, *, order: int = 1, gradient: Any = None, seed: int = 0
) -> tuple[Trace, BaseException | None]:
    """The same with the exception that ended the run, `None` where none did; whoever asks keeps
    what the run may set for all of torch.
    """
    order, seed = order_of(order), seed_of(seed)
    with warnings.catch_warnings(), uncollected():
        warnings.simplefilter("ignore")
        torch.default_generator.manual_seed(seed)
        seeded(seed)
        return _recorded(runnable, order, gradient)


def _recorded(runnable: Runnable, order: int, gradient: Any) -> tuple[Trace, BaseException | None]:
    run = Run(runnable)
    try:
        with rescuing(run.rescued):
            if runnable.program.kind == "script":
                run.script()
            else:
                run.function(order, gradient)
        return run.finished(), run.error
    finally:
        run.released()


class Run:
    """One run of a program, while it is being recorded."""

    def __init__(self, runnable: Runnable) -> None:
        self.runnable = runnable
        self.source = runnable.source_map()
        self.recorder = Recorder(self.source)
        self.passes = Passes(self.recorder, guests=runnable.filename != TYPED)
        self.lines = self.recorder.lines
        self.graph = self.recorder.graph
        self.inputs: dict[str, torch.Tensor] = {}
        for tensor, name in runnable.held:
            self.graph.meet(tensor, name)
            if tensor.is_leaf:
                self.passes.around(tensor)
        self.recorder.sites.modules.around = {
            id(each): name
            for each, name in runnable.around
            if name and isinstance(each, torch.nn.Module)
        }
        self.outputs: list[Output] = []
        self.cells: list[Cell] = []
        self.failure: Failure | None = None
        self.error: BaseException | None = None
        self.counts: list[int] = []
        self.watch: RoundWatch | None = None
        # bytes, not a bytearray: Python leaves the first to the system, which gives it no page
        # before it is touched, and writes zeros over the second, for 20 ms
        self._reserve = bytes(RESERVE if runnable.filename == TYPED else 0)

    def function(self, order: int, gradient: Any) -> None:
        """Runs the function on its start values, then backward from what it returned."""
        arguments = self._arguments()
        self.recorder.sites.modules.begin(self.runnable.function)
        try:
            with heard(self.runnable), self.recorder, self.lines:
                result = self.runnable.function(*arguments)  # type: ignore[misc]
            self.recorder.let_go()
            returned = outputs_in(result)  # a container of the program's own may raise as well
            with quiet():
                self._returned(returned)
        except (Exception, TimeIsUp) as error:  # noqa: BLE001 — the typed code's own
            self.failure = self.failed(error)
            return
        roots = [tensor for _, tensor in returned if tensor.requires_grad]
        if not roots and order == 1 and gradient is None and (own := own_roots(self.passes.drafts)):
            self.outputs = self.outputs or [(draft, 0) for draft in own]
            self._reached(own)
            return
        self.failure = useless(self.runnable, result, returned, roots, self.recorder.decided())
        if self.failure is None:
            try:
                if gradient is None:
                    seeds = [ones_like(root) for root in roots]
                else:
                    roots, seeds = starts(result, gradient)
                self._backward(roots, seeds, order)
            except InputRejected:
                raise
            except (Exception, TimeIsUp) as error:  # noqa: BLE001 — a typed hook may raise anything
                self.failure = self.failed(error)

    def _returned(self, returned: list[tuple[str, torch.Tensor]]) -> None:
        """The outputs, in order. A result is called by its key, the first that it stands under; one
        of a tuple, an input and a parameter by the name of their own."""
        called: set[Output] = set()
        for name, tensor in returned:
            draft = self._output(tensor)
            if draft is not None:
                output = draft, output_of(draft, tensor)
                own = draft.called(output[1])
                computed = draft.kind not in ("leaf", "constant") and output not in called
                by_key = computed and name[:1] not in ("", "[")
                draft.call_output(output[1], name if by_key else own or name or None)
                if by_key:
                    called.add(output)

    def _output(self, tensor: torch.Tensor) -> Draft | None:
        draft = self.graph.origin(tensor)
        if draft is not None:
            self.outputs.append((draft, output_of(draft, tensor)))
        return draft

    def script(self) -> None:
        """Runs the cells one after the other; each backward call in them is a pass."""
        watch = RoundWatch(self.runnable.loops or Loops(), self.recorder, self.passes)
        self.watch = watch
        with self.recorder, watch, self.lines:
            last = run_cells(self.runnable, self.cells, self.failed)
        self.failure = next((cell.failure for cell in self.cells if cell.failure), None)
        found = [(root, 0) for draft in self.passes.drafts for root in draft.roots]
        for tensor in tensors_in(last):
            draft = self.graph.by_fn.get(node_of(tensor))
            if draft is not None:
                found.append((draft, output_of(draft, tensor)))
        self.outputs = list(dict.fromkeys(found))

    def failed(self, error: BaseException) -> Failure:
        """An exception of the typed code as the record holds it."""
        self.error = error
        self._reserve = b""
        found = failure_of(error, self.source)
        hint, mended = hint_for(
            found.type,
            found.message,
            self.source,
            found.span,
            self.passes.done_spans(),
            shapes_at(self.source, error, found.span),
        )
        if self.runnable.program.kind == "function" and self.runnable.filename != TYPED:
            hint = without_grad(found.message, self.inputs) or hint
        if isinstance(error, TimeIsUp) and self.watch is not None:
            hint = self.watch.unfinished(found.span) or hint
        if isinstance(error, TimeIsUp) or out_of_memory(error):
            self._cut()
        return msgspec.structs.replace(found, hint=hint, replacement=mended)

    def _cut(self) -> None:
        """What is left of the time, and of the memory, is for the answer: the beginning of the run,
        not all of it.
        """
        self.graph.cut(MAX_UNFINISHED)
        calls = [draft.call for draft in self.graph.nodes if draft.call is not None]
        calls += [draft.call for draft in self.passes.drafts if draft.call is not None]
        self.recorder.cut(max(calls, default=-1) + 1, MAX_UNFINISHED)

    def rescued(self, line: Span | None) -> Trace:
        """The record of a run that does not let itself be ended, as far as it is."""
        self.failure = msgspec.structs.replace(self.failed(TimeIsUp()), span=line)
        if self.runnable.program.kind == "script":
            self.cells = unfinished(self.runnable, self.cells, self.failure)
        return self._told()

    def finished(self) -> Trace:
        """The record; its beginning only if the time is up while it is written."""
        try:
            return self._whole()
        except TimeIsUp as error:
            self.failure = self.failure or self.failed(error)
            self._cut()
        return self._told()

    @stoppable
    def _whole(self) -> Trace:
        return self._told()

    def _told(self) -> Trace:
        with quiet():
            self.recorder.assigned.settle()
            capture(self.graph.nodes, trusting=not self.passes.hooks.suspicious)
        self._mark_outputs()
        self.graph.call_leaves(self.runnable.namespace_around)
        self.graph.pruned()
        ids = call_ids(len(self.recorder.calls))
        return Trace(
            program=self.runnable.program,
            nodes=tuple([draft.record(ids) for draft in self.graph.nodes]),
            edges=self.graph.edges(),
            calls=self.recorder.finished_calls(),
            decisions=self.recorder.finished_decisions(),
            passes=tuple(draft.record() for draft in self.passes.drafts),
            **returned(self.outputs),
            gradients=self._gradients(),
            cells=tuple(self.cells),
            printed=self.runnable.transcript.printed.since(),
            lines=self.lines.record(),
            failure=self.failure,
            truncated=self.graph.truncated,
            counts=tuple(self.counts),
            rounds=self.watch.record() if self.watch is not None else (),
            modules=tuple(self.recorder.sites.modules.calls),
            frozen=self.graph.frozen_names(self.runnable.held),
        )

    def released(self) -> None:
        """Unties what points at each other, so that the graph goes when the run goes and is not
        left to the garbage collector, whose visits would cost more than the recording.
        """
        self.graph.dissolved()
        self.passes.released()
        self.recorder.overrides.clear()
        self.recorder.forget()
        self.error = None

    # ── parts ──

    def _arguments(self) -> list[Any]:
        """Fresh leaves of the start values, named by input."""
        arguments: list[Any] = []
        for given, start in zip(self.runnable.program.inputs, self.runnable.inputs, strict=True):
            self.recorder.sites.modules.taken.add(given.name)
            if isinstance(start, torch.Tensor):
                value = start.clone().detach()
                differentiable = value.is_floating_point() or value.is_complex()
                if differentiable and given.name not in self.runnable.frozen:
                    value.requires_grad_(True)
                    for hook in self.runnable.hooks.get(given.name, ()):
                        value.register_hook(hook)  # type: ignore[no-untyped-call]
                    self.inputs[given.name] = value
                    self.passes.made_here.append(value)
                    self.graph.leaf(value, given.name)
                    if self.runnable.copied:
                        value = self._copy(value)
                else:
                    self.graph.know(value, "", given.name)
                arguments.append(value)
            else:
                arguments.append(start)
        return arguments

    def _copy(self, leaf: torch.Tensor) -> torch.Tensor:
        with self.recorder:
            copied = leaf.clone()
        self.recorder.sites.names.top = None  # the program is called from another frame
        return copied

    @stoppable
    def _backward(self, roots: list[torch.Tensor], seeds: list[torch.Tensor], order: int) -> None:
        """`order` − 1 differentiable passes, then the one that fills the leaves' `.grad`."""
        for _ in range(order - 1):
            _, reached = self._count(roots)
            inputs = list(self.inputs.values()) or leaves_among(reached, self.graph)
            found = self.passes.grad(
                roots, inputs, seeds, create_graph=True, allow_unused=True, materialize_grads=True
            )
            # zeros that stand in for an input that is not used have no node
            roots = [each for each in found if node_of(each) is not None]
            with quiet():
                for each in roots:
                    self._output(each)
            if not roots:
                return
            seeds = [ones_like(root) for root in roots]
        drafts, reached = self._count(roots)
        if order > 1 or not went_backward_itself(self.passes.drafts, drafts, reached):
            retain = self.passes.reaches_older(roots) or None
            self.passes.backward(roots, seeds, retain_graph=retain)

    def _count(self, roots: Iterable[torch.Tensor]) -> tuple[list[Draft], list[Draft]]:
        """Counts the nodes of the graph below some roots; the roots' drafts, and those nodes."""
        drafts = [draft for root in roots if (draft := self.graph.origin(root)) is not None]
        return drafts, self._reached(drafts)

    def _reached(self, roots: list[Draft]) -> list[Draft]:
        reached = self.graph.below(roots)[0]
        self.counts.append(len(reached))
        return reached

    def _mark_outputs(self) -> None:
        for draft, _ in self.outputs:
            draft.used = True  # a constant that is returned is shown as well
            if draft.kind == "operation":
                draft.kind = "output"

    def _gradients(self) -> dict[str, Tensor | None]:
        """Each leaf's `.grad` now, by name: `None` of what a run did not use, whatever it had."""
        with quiet():
            rows = leaf_rows(self.inputs, self.graph, self.runnable.held)
            return {
                name: None
                if tensor.grad is not None and tensor.grad is self.passes.before.get(id(tensor))
                else self.passes.gradient_of(tensor)
                for name, tensor in rows.items()
            }
