"""The graph while it grows: drafts of nodes, and the uses that join them.

Autograd's own nodes are found by walking `next_functions` with a stack (a chain of 20,000
operations is no deeper than one of two), and are kept alive here: their Python wrappers are
re-used, so that `id()` would merge nodes. What autograd does not know (constants, results without
a `grad_fn`) is remembered by tensor.

Direction: a `Use` goes from an input to its result, as the forward run did. Drafts are numbered in
the order met.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

import torch

from viz.records import MAX_NODES, Edge, Node, NodeKind, Port, Saved, Tensor
from viz.tracing.summary import quiet, summary

_probe: Any = torch.ones((), requires_grad=True).expand(1).grad_fn
AccumulateGrad: Any = type(_probe.next_functions[0][0])
"""The type of autograd's node that adds a gradient into a leaf's `.grad`."""

_SAVED: dict[type, tuple[str, ...]] = {}


class Draft:
    """A node under construction; `fn` is autograd's own node, `None` where it has none."""

    __slots__ = (
        "call",
        "captured",
        "fn",
        "gradients",
        "in_place",
        "inputs",
        "kind",
        "name",
        "number",
        "op",
        "order",
        "saved",
        "values",
        "view",
    )

    def __init__(self, number: int, kind: NodeKind, op: str, fn: Any = None) -> None:
        self.number = number
        self.kind: NodeKind = kind
        self.op = op
        self.fn = fn
        self.name: str | None = None
        self.call: int | None = None
        self.values: dict[int, Tensor] = {}
        self.gradients: tuple[Tensor | None, ...] = ()
        self.saved: tuple[Saved, ...] = ()
        self.inputs: tuple[Use | None, ...] = ()
        self.captured = False
        self.order = 0
        self.in_place = False
        self.view = False

    @property
    def id(self) -> str:
        return f"n{self.number}"

    def record(self) -> Node:
        """The finished node."""
        gradients = self.gradients
        return Node(
            self.id,
            self.kind,
            self.op,
            self.name,
            None if self.call is None else f"c{self.call}",
            self.values.get(0),
            gradients[0] if gradients else None,
            self.saved,
            self._further_outputs(),
            self.order,
            self.in_place,
            self.view,
        )

    def _further_outputs(self) -> tuple[Port, ...]:
        known = max(len(self.gradients), max(self.values, default=0) + 1)
        if known < 2:
            return ()
        gradients = self.gradients + (None,) * (known - len(self.gradients))
        return tuple(Port(self.values.get(place), gradients[place]) for place in range(1, known))


class Use:
    """An edge under construction."""

    __slots__ = (
        "contribution",
        "differentiable",
        "input_index",
        "local",
        "output_index",
        "source",
        "target",
    )

    def __init__(
        self, source: Draft, target: Draft, input_index: int, output_index: int, smooth: bool
    ) -> None:
        self.source = source
        self.target = target
        self.input_index = input_index
        self.output_index = output_index
        self.differentiable = smooth
        self.local: Tensor | None = None
        self.contribution: Tensor | None = None

    def record(self) -> Edge:
        """The finished edge."""
        return Edge(
            self.source.id,
            self.target.id,
            self.input_index,
            self.differentiable,
            self.local,
            self.contribution,
            self.output_index,
        )


class Known:
    """What is known of a tensor that autograd has no node for: its draft, or how to make one."""

    __slots__ = ("call", "draft", "name", "op", "ref", "version")

    def __init__(self, tensor: torch.Tensor, op: str = "", name: str | None = None) -> None:
        self.ref = weakref.ref(tensor)
        self.version = tensor._version
        self.op = op
        self.name = name
        self.call: int | None = None
        self.draft: Draft | None = None


class Graph:
    """All drafts and uses of one run."""

    def __init__(self) -> None:
        self.nodes: list[Draft] = []
        self.uses: list[Use] = []
        self.by_fn: dict[Any, Draft] = {}
        self.known: dict[int, Known] = {}
        self.variables: list[torch.Tensor] = []
        self.operations = 0
        self.truncated = False
        self.order = 0

    # ── where a tensor comes from ──

    def origin(self, tensor: torch.Tensor) -> Draft | None:
        """The draft whose result a tensor is; made now for a leaf or a constant not yet met.

        `None` when the record is full.
        """
        if not tensor.requires_grad:
            return self._constant(tensor)
        fn = tensor.grad_fn
        if fn is None:
            return self.leaf(tensor)
        draft = self.by_fn.get(fn)
        if draft is None:
            self.adopt([fn])
            draft = self.by_fn.get(fn)
        if draft is not None and tensor.output_nr not in draft.values:
            draft.values[tensor.output_nr] = summary(tensor)
        return draft

    def know(self, tensor: torch.Tensor, op: str = "", name: str | None = None) -> Known:
        """Remembers a tensor without a node; it gets one when something uses it."""
        known = self.known[id(tensor)] = Known(tensor, op, name)
        return known

    def knowledge(self, tensor: torch.Tensor) -> Known | None:
        """What is remembered of exactly this tensor."""
        known = self.known.get(id(tensor))
        return known if known is not None and known.ref() is tensor else None

    def leaf(self, tensor: torch.Tensor, name: str | None = None) -> Draft | None:
        """The draft of a leaf; a new one when the leaf was written into since it was last met."""
        known = self.knowledge(tensor)
        if known is None:
            known = self.know(tensor, name=name)
        draft = known.draft
        if draft is not None and draft.kind == "leaf" and known.version == tensor._version:
            return draft
        leaf = self.add("leaf", "AccumulateGrad")
        if leaf is None:
            return None
        leaf.name, leaf.call = known.name, known.call
        leaf.values[0] = summary(tensor)
        if draft is not None and draft.kind != "constant":
            self.join(draft, leaf, 0)
        known.draft, known.version = leaf, tensor._version
        self.variables.append(tensor)
        return leaf

    def _constant(self, tensor: torch.Tensor) -> Draft | None:
        """The draft of a tensor without a gradient; a new one when its value has changed since."""
        known = self.knowledge(tensor) or self.know(tensor)
        before = known.draft
        if before is not None and known.version == tensor._version:
            return before
        draft = self.add("constant", known.op)
        if draft is None:
            return None
        draft.name, draft.call = known.name, known.call
        draft.values[0] = summary(tensor)
        if before is not None and before.kind == "detached":
            self.join(before, draft, 0)
        known.draft, known.version = draft, tensor._version
        return draft

    # ── what autograd recorded ──

    def adopt(self, roots: Iterable[Any], call: int | None = None) -> list[Draft]:
        """Takes in all of autograd's nodes below `roots` that are not yet known, oldest first."""
        if self.truncated:
            return []
        found = self._unknown(roots)
        drafts = []
        for fn, _ in found:
            draft = self.add("operation", type(fn).__name__, fn)
            if draft is None:
                break
            draft.call, draft.order = call, self.order
            self.by_fn[fn] = draft
            drafts.append(draft)
        for draft, (_, inputs) in zip(drafts, found, strict=False):
            draft.inputs = tuple(
                [self._input(draft, index, *source) for index, source in enumerate(inputs)]
            )
        return drafts

    def _unknown(self, roots: Iterable[Any]) -> list[tuple[Any, tuple[Any, ...]]]:
        """(node, its next functions) for each node not yet known, by autograd's own numbers."""
        found: dict[Any, tuple[Any, ...]] = {}
        stack = list(roots)
        accumulate, by_fn = AccumulateGrad, self.by_fn
        while stack:
            fn = stack.pop()
            if fn is None or fn in by_fn or type(fn) is accumulate or fn in found:
                continue
            found[fn] = fn.next_functions
            for source, _ in found[fn]:
                stack.append(source)
        if len(found) < 2:
            return list(found.items())
        return sorted(found.items(), key=lambda item: item[0]._sequence_nr())

    def _input(self, draft: Draft, index: int, fn: Any, output: int) -> Use | None:
        if fn is None:
            return None
        if type(fn) is AccumulateGrad:
            source = self.leaf(fn.variable)
            if source is not None:
                source.fn = fn
                self.by_fn[fn] = source
        else:
            source = self.by_fn.get(fn)
        return None if source is None else self.join(source, draft, index, output, True)

    # ── growing ──

    def add(self, kind: NodeKind, op: str, fn: Any = None) -> Draft | None:
        """A new draft; `None` beyond `MAX_NODES` operations, or twice as many other nodes."""
        operations = self.operations + (kind == "operation")
        others = len(self.nodes) + 1 - operations
        if operations > MAX_NODES or others > 2 * MAX_NODES:
            self.truncated = True
            return None
        self.operations = operations
        draft = Draft(len(self.nodes), kind, op, fn)
        self.nodes.append(draft)
        return draft

    def join(
        self, source: Draft, target: Draft, index: int, output: int = 0, smooth: bool = False
    ) -> Use:
        """A new use of `source`'s output by `target`."""
        use = Use(source, target, index, output, smooth)
        self.uses.append(use)
        return use

    def below(self, roots: Iterable[Draft]) -> list[Draft]:
        """The drafts that a backward run from `roots` can reach, roots included."""
        seen: dict[Draft, None] = {}
        stack = list(roots)
        while stack:
            draft = stack.pop()
            if draft not in seen:
                seen[draft] = None
                stack.extend(use.source for use in draft.inputs if use is not None)
        return list(seen)

    def cut(self, most: int) -> None:
        """Keeps the first `most` nodes only: an endless loop need not be told whole."""
        if len(self.nodes) > most:
            self.truncated = True
            self.nodes = self.nodes[:most]
            self._keep_uses_between_nodes()

    def pruned(self) -> None:
        """Drops constants that nothing uses, and numbers the rest anew in the order met."""
        used = {use.source for use in self.uses if use.target.kind != "constant"}
        chained: dict[Draft, list[Draft]] = {}
        for use in self.uses:
            if use.target.kind == "constant":
                chained.setdefault(use.target, []).append(use.source)
        stack = [draft for draft in used if draft.kind == "constant"]
        while stack:
            for source in chained.get(stack.pop(), ()):
                if source not in used:
                    used.add(source)
                    stack.append(source)
        self.nodes = [draft for draft in self.nodes if draft.kind != "constant" or draft in used]
        self._keep_uses_between_nodes()
        for number, draft in enumerate(self.nodes):
            draft.number = number

    def _keep_uses_between_nodes(self) -> None:
        kept = set(self.nodes)
        self.uses = [use for use in self.uses if use.source in kept and use.target in kept]


# ── what a node knows of its own derivative ───────────────────────────────────────────────────


def capture(drafts: Iterable[Draft]) -> None:
    """Writes down, while autograd still has its buffers, each node's local derivatives and
    saved tensors. Call it inside `quiet()`.
    """
    for draft in drafts:
        if not draft.captured and draft.kind != "leaf" and draft.fn is not None:
            draft.captured = True
            draft.saved = tuple(_saved(draft.fn))
            _local_derivatives(draft)


def _local_derivatives(draft: Draft) -> None:
    if not any(draft.inputs) or not hasattr(draft.fn, "_input_metadata"):
        return
    metadata = draft.fn._input_metadata
    try:
        found = draft.fn(*[_ones(tuple(meta.shape), meta.dtype) for meta in metadata])
    except (RuntimeError, TypeError):
        # freed or overwritten buffers, or a node that only the engine can run: not recorded
        return
    for use, gradient in zip(
        draft.inputs, found if isinstance(found, tuple) else (found,), strict=False
    ):
        if use is not None and gradient is not None:
            use.local = fitted(gradient, use)


@lru_cache(maxsize=64)
def _ones(shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    """Ones to apply a node to; no node writes into the gradient that it receives."""
    return torch.ones(shape, dtype=dtype)


def fitted(gradient: torch.Tensor, use: Use) -> Tensor:
    """A gradient in the shape of the edge's source: the engine sums what was broadcast."""
    return summary(fitting(gradient, use))


def fitting(gradient: torch.Tensor, use: Use) -> torch.Tensor:
    """`gradient` summed to the shape of the edge's source output, as the engine does."""
    wanted = use.source.values.get(use.output_index)
    if wanted is not None and tuple(gradient.shape) != wanted.shape:
        with quiet(), suppress(RuntimeError):  # not a broadcast of the source: shown as it is
            return gradient.sum_to_size(wanted.shape)
    return gradient


def _saved(fn: Any) -> Iterator[Saved]:
    kind = type(fn)
    if kind not in _SAVED:
        names = dir(kind) if kind.__name__ != "CopySlices" else ()
        _SAVED[kind] = tuple(name for name in names if name.startswith("_saved_"))
    for name in _SAVED[kind]:
        try:
            value = getattr(fn, name)
        except RuntimeError:
            continue  # freed, or changed in place since
        yield Saved(name.removeprefix("_saved_")[:80], _saved_value(value))


def _saved_value(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return summary(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    return str(value)[:200]
