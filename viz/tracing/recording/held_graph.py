"""The graph that a tensor already has, without a run: what `torchviz.make_dot` draws, as a `Trace`.

Autograd keeps less than a run shows. Shapes of all results are known; values where a node saved
them for its backward run, of leaves, of the tensors handed over and of those named. What nobody
kept is `None`: calls, decisions, passes. Nothing is computed backward and no buffer is freed, so
that `backward()` works afterwards as before; `.grad` is shown as it stands.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import Any, Final

import torch

from viz.errors import N_, InputRejected, problem
from viz.records import Program, Trace
from viz.tracing.reach import own_numbers
from viz.tracing.recording.nodes.drafts import (
    AccumulateGrad,
    Draft,
    Output,
    node_of,
    output_of,
    returned,
)
from viz.tracing.recording.nodes.functions import outputs_in
from viz.tracing.recording.nodes.graph import Graph
from viz.tracing.recording.nodes.local_derivatives import capture
from viz.tracing.recording.nodes.saved_tensors import kept
from viz.tracing.recording.nodes.tensor_summary import known_shape, quiet, summary, unread
from viz.tracing.recording.options import are_modules, members, named_tensors
from viz.tracing.runnable import distinct
from viz.tracing.state.memory import storage_of
from viz.tracing.stopping import freed_in_stretches
from viz.tracing.texts import shortened

MAX_HELD: Final = 200_000
"""Operations that are taken in, those nearest to the tensors; further ones: `truncated`."""
OPERANDS: Final = {
    "self": 0,
    "input": 0,
    "start": 0,
    "other": 1,
    "weight": 1,
    "mat1": 1,
    "vec": 1,
    "target": 1,
    "end": 1,
    "tensor1": 1,
    "batch1": 1,
    "exponent": 1,
    "mat2": 2,
    "tensor2": 2,
    "batch2": 2,
}
"""What a node calls the operands that it saved, and their usual place among its inputs."""

GivenModules = (
    torch.nn.Module
    | Mapping[str, torch.nn.Module]
    | Iterable[torch.nn.Module]
    | Iterable[tuple[str, torch.nn.Module]]
)


def graph_of(
    tensors: Any,
    *further: Any,
    names: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
    modules: GivenModules | None = None,
) -> Trace:
    """What autograd holds for a tensor, or for several: one after the other, or in a list, tuple
    or dict.

    `names` tells what tensors are called (inputs, a `state_dict`, and results on the way, whose
    values are then known as well), `modules` the modules whose parameters and buffers take part:
    one, several, or several by name. Behind the tensors a dictionary is `names`, a module
    `modules`. Raises `InputRejected` when there is no tensor in `tensors`.

    ```python
    loss = criterion(model(x), target)
    draw(graph_of(loss, names={"x": x}, modules=model))
    loss.backward()
    ```
    """
    given = [list(tensors) if isinstance(tensors, Iterator) else tensors]
    for each in further:
        if each is None:
            continue
        if modules is None and are_modules(each):
            modules = each
        elif names is None and isinstance(each, Mapping):
            names = each
        else:
            given.append(each)
    roots = [(key, own_numbers(root)) for each in given for key, root in outputs_in(each)]
    if not roots or not all(map(outputs_in, given)):
        help = N_("Hand over a tensor, or a list, tuple or dict with tensors.")
        if callable(tensors):
            help = N_("Call it first: graph_of(model(x)). Or let it run: trace(model, x).")
        raise InputRejected(problem(N_("There is no tensor whose graph could be shown."), help))
    called = [*named_tensors(names), *members(modules)]
    graph = Graph(MAX_HELD)
    try:
        with quiet():
            return _read(graph, roots, called)
    finally:
        graph.dissolved()


def _read(
    graph: Graph, roots: list[tuple[str, torch.Tensor]], called: list[tuple[str, torch.Tensor]]
) -> Trace:
    for (_, tensor), name in zip(called, distinct([name for name, _ in called]), strict=True):
        graph.meet(tensor, name)
    graph.take_in(_nearest(graph, [node_of(tensor) for _, tensor in roots]))
    _call_by_memory(graph, called)
    outputs = [
        (draft, output_of(draft, tensor))
        for name, tensor in roots
        if (draft := _root(graph, name, tensor))
    ]
    for tensor in [*(tensor for _, tensor in called), *(tensor for _, tensor in roots)]:
        _told(graph, tensor)
    recorded = [draft for draft in graph.by_fn.values() if draft.kind != "leaf"]
    for draft in recorded:
        _values_from(graph, draft)
    for draft in recorded:
        _shapes(draft)
    capture([draft for draft in graph.nodes if _may_be_asked(draft)])
    return _record(graph, outputs, called)


def _call_by_memory(graph: Graph, called: list[tuple[str, torch.Tensor]]) -> None:
    """Names leaves that have no name by tensors on the same memory: a `state_dict` holds such."""
    nameless = [leaf for leaf in graph.variables if leaf.name is None]
    if nameless:
        names = {_memory(tensor): name for name, tensor in reversed(called)}
        for leaf in nameless:
            name = names.get(_memory(graph.variables[leaf]))
            leaf.name = None if name is None else shortened(name)


def _memory(tensor: torch.Tensor) -> Any:
    """What only tensors share that are the same numbers in the same place."""
    storage = storage_of(tensor)
    if storage is None or not storage.nbytes():
        return id(tensor)
    layout: tuple[Any, ...] = ()  # of a nested tensor torch tells none
    if not tensor.is_nested:
        layout = (tensor.storage_offset(), tensor.shape, tensor.stride())
    return storage.data_ptr(), tensor.dtype, *layout


def _nearest(graph: Graph, roots: Iterable[Any]) -> list[tuple[Any, tuple[Any, ...]]]:
    """(node, its next functions) of at most `MAX_HELD` nodes, inputs before results."""
    found: dict[Any, tuple[Any, ...]] = {}
    waiting = deque(roots)
    while waiting:
        fn = waiting.popleft()
        if fn is None or fn in found or type(fn) is AccumulateGrad:
            continue
        if len(found) == MAX_HELD:
            graph.truncated = True
            break
        found[fn] = fn.next_functions
        waiting.extend(source for source, _ in found[fn])
    ordered = sorted(found.items(), key=lambda item: item[0]._sequence_nr())
    freed_in_stretches([fn for fn, _ in ordered])
    return ordered


def _root(graph: Graph, name: str, tensor: torch.Tensor) -> Draft | None:
    draft = graph.origin(tensor)
    if draft is not None:
        place = output_of(draft, tensor)
        draft.call_output(place, draft.called(place) or name or None)
        draft.used = True
    return draft


def _told(graph: Graph, tensor: torch.Tensor) -> None:
    """What a tensor that is at hand tells of its own node: its value, and a gradient it retains."""
    fn = node_of(tensor)
    if fn in graph.by_fn:
        draft = graph.by_fn[fn]
        draft.give(tensor.output_nr, summary(tensor))
        if tensor.retains_grad and tensor.grad is not None and tensor.output_nr == 0:
            draft.gradients = (summary(tensor.grad),)


# ── what nodes saved ──


def _values_from(graph: Graph, draft: Draft) -> None:
    """Gives values to a node, and to those before it, from what it saved; what does not require
    grad among that is an operand that autograd has no node for.
    """
    for name, value in kept(draft.fn):
        if not isinstance(value, torch.Tensor):
            continue
        source = graph.by_fn.get(node_of(value))
        if source is not None:
            if source.output(value.output_nr) is None:
                source.give(value.output_nr, summary(value))
        elif not value.requires_grad and (place := _place(draft, name)) is not None:
            constant = graph.origin(value)
            if constant is not None:
                graph.join(constant, draft, place)


def _place(draft: Draft, name: str) -> int | None:
    """Which input of a node an operand is that it saved under this name."""
    usual = OPERANDS.get(name)
    free = [place for place, use in enumerate(draft.inputs) if use is None]
    if usual is None or not free:
        return None
    return usual if usual in free else free[0] if len(free) == 1 else None


def _shapes(draft: Draft) -> None:
    """Of results whose values nobody saved the shape and the type are known."""
    for place, meta in enumerate(getattr(draft.fn, "_input_metadata", ())):
        shape = known_shape(meta) if draft.output(place) is None else None
        if shape is not None:
            draft.give(place, unread(shape, meta.dtype))


def _may_be_asked(draft: Draft) -> bool:
    """Whether a node can be asked for its local derivatives without running code of the user's,
    and without much work.
    """
    return draft.fn is not None and (draft.value is None or prod(draft.value.shape) < 2**20)


# ── the record ──


def _record(graph: Graph, outputs: list[Output], called: list[tuple[str, torch.Tensor]]) -> Trace:
    graph.pruned()
    roots = list(dict.fromkeys(draft for draft, _ in outputs))
    for draft in roots:
        if draft.kind == "operation":
            draft.kind = "output"
    rows = {
        id(tensor): (name, tensor)
        for name, tensor in called
        if tensor.requires_grad and tensor.is_leaf
    }
    for leaf, tensor in graph.variables.items():
        rows.setdefault(id(tensor), (leaf.name or leaf.id, tensor))
        if tensor.grad is not None:
            leaf.gradients = (summary(tensor.grad),)
    gradients = [None if each.grad is None else summary(each.grad) for _, each in rows.values()]
    names = distinct([name for name, _ in rows.values()])
    return Trace(
        program=Program("", "function"),
        nodes=tuple([draft.record(()) for draft in graph.nodes]),
        edges=graph.edges(),
        **returned(dict.fromkeys(outputs)),
        gradients=dict(zip(names, gradients, strict=True)),
        truncated=graph.truncated,
        counts=(len(graph.below(roots)[0]),),
        frozen=graph.frozen_names((tensor, name) for name, tensor in called),
    )
