"""The graph while it grows: drafts of nodes, and the uses that join them.

Autograd's own nodes are found by walking `next_functions` with a stack (a chain of 20,000
operations is no deeper than one of two), and are kept alive here: their Python wrappers are
re-used, so that `id()` would merge nodes. What autograd does not know (constants, results without
a `grad_fn`) is remembered by tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch.autograd.graph import GradientEdge

from viz.records import MAX_NODES, Edge, NodeKind, Tensor, node_ids
from viz.tracing.reach import names_in
from viz.tracing.recording.nodes.drafts import (
    AccumulateGrad,
    Draft,
    Known,
    Use,
    below,
    gathers,
    node_of,
    op_of,
)
from viz.tracing.recording.nodes.tensor_summary import TORCHS_OWN, summary, summary_of, writes
from viz.tracing.runnable import distinct
from viz.tracing.texts import shortened

_FUNCTORCH: Any = torch._C._functorch
NamedBy = Callable[[torch.Tensor, str | None], str | None]
"""What the code calls a leaf that may have a name already."""


def _as_named(_: torch.Tensor, name: str | None) -> str | None:
    return name


def _nowhere(_draft: Draft, _inner: int) -> int | None:
    """Tells of a custom Function's node and a call inside it which call applied the Function."""
    return None


def _transforms(leaf: torch.Tensor) -> torch.Tensor | None:
    """What a leaf stands for that a transform made (`torch.func.vjp`); `None` for all others."""
    if not _FUNCTORCH.is_functorch_wrapped_tensor(leaf):
        return None
    inner: torch.Tensor = _FUNCTORCH.get_unwrapped(leaf)
    return inner


def _handed_on(draft: Draft) -> bool:
    return not draft.used and draft.op == "view_as" and draft.kind == "detached"


class Graph:
    """All drafts and uses of one run."""

    def __init__(self, most: int = MAX_NODES) -> None:
        self.most = most
        """Operations that it takes in, and half as many as its other nodes."""
        self.nodes: list[Draft] = []
        self.uses: list[Use] = []
        self.by_fn: dict[Any, Draft] = {}
        self.known: dict[int, Known] = {}
        self.called: dict[Any, str] = {}
        """Names of results that were there before the run, by autograd's node."""
        self.variables: dict[Draft, torch.Tensor] = {}
        self.passes_under_way = 0
        self.passing: set[Draft] = set()
        """Leaves that somebody made for its own use: a formula while a pass ran, a transform."""
        self.frozen: dict[Draft, torch.Tensor] = {}
        """Constants that are parameters."""
        self.operations = 0
        self.truncated = False
        self.order = 0
        self.oldest = 1 << 63
        """The lowest sequence number of the nodes that it took in by walking."""
        self._below: tuple[Any, tuple[list[Draft], set[Draft]]] = (None, ([], set()))
        self.known_as: NamedBy = _as_named
        self.applied_at: Callable[[Draft, int], int | None] = _nowhere

    # ── where a tensor comes from ──

    def origin(self, tensor: torch.Tensor | GradientEdge) -> Draft | None:
        """The draft whose result a tensor is, or that an edge of the graph names; made now for a
        leaf or a constant not yet met.

        `None` when the record is full.
        """
        if isinstance(tensor, GradientEdge):
            return self._at(tensor.node)
        fn = node_of(tensor)
        if fn is None:
            return self.leaf(tensor) if gathers(tensor) else self._constant(tensor)
        draft = self.by_fn.get(fn)
        if draft is None:
            self.adopt([fn])
            draft = self.by_fn.get(fn)
        if draft is not None and draft.output(tensor.output_nr) is None:
            draft.give(tensor.output_nr, summary(tensor))
        if draft is not None and draft.call is None and isinstance(fn, torch._C._FunctionBase):
            self._applied(draft, tensor)
        return draft

    def _applied(self, draft: Draft, tensor: torch.Tensor) -> None:
        """Gives a custom Function's node the place where the Function was applied, and the name:
        its `forward` made the tensor, and knows of both."""
        known = self.knowledge(tensor)
        if known is None or known.call is None or known.draft is None:
            return
        draft.call = self.applied_at(draft, known.call)
        draft.name, known.draft.name = draft.name or known.draft.name, None

    def _at(self, fn: Any) -> Draft | None:
        """The draft of one of autograd's nodes; of a leaf's, the leaf."""
        if type(fn) is AccumulateGrad:
            leaf = self.leaf(fn.variable)
            if leaf is not None and self.by_fn.get(fn) is not leaf:
                self.gathered(leaf, fn)
        elif fn not in self.by_fn:
            self.adopt([fn])
        return self.by_fn.get(fn)

    def know(self, tensor: torch.Tensor, op: str = "", name: str | None = None) -> Known:
        """Remembers a tensor without a node; it gets one when something uses it."""
        known = self.known[id(tensor)] = Known(tensor, op, name)
        return known

    def meet(self, tensor: torch.Tensor, name: str) -> None:
        """Learns what a tensor is called that was there before the run."""
        fn = node_of(tensor)
        if fn is None:
            self.know(tensor, name=shortened(name) or None)
        elif name:
            self.called.setdefault(fn, shortened(name))

    def knowledge(self, tensor: torch.Tensor) -> Known | None:
        """What is remembered of exactly this tensor."""
        known = self.known.get(id(tensor))
        return known if known is not None and known.ref() is tensor else None

    def leaf(self, tensor: torch.Tensor, name: str | None = None) -> Draft | None:
        """The draft of a leaf; a new one when the leaf was written into since it was last met."""
        known = self.known.get(id(tensor))
        if known is None or known.ref() is not tensor:
            known = self.know(tensor, name=name)
        draft, version = known.draft, writes(tensor)
        if draft is not None and draft.kind == "leaf" and known.version == version:
            return draft
        leaf = self.add("leaf", "AccumulateGrad")
        if leaf is None:
            return None
        if not known.path:
            known.name = self.known_as(tensor, known.name)
        leaf.name = known.name
        wrapped = _transforms(tensor)
        if wrapped is not None and (inner := self.knowledge(wrapped)) is not None:
            leaf.name = leaf.name or inner.name
        if wrapped is not None or (leaf.name is None and self.passes_under_way):
            self.passing.add(leaf)
        leaf.call, leaf.value = known.call, summary_of(tensor, known.op)
        if draft is not None and draft.kind != "constant":
            self.join(draft, leaf, 0)
        leaf.outputs = int(type(tensor) in TORCHS_OWN)
        known.draft, known.version = leaf, version
        self.variables[leaf] = tensor
        return leaf

    def _constant(self, tensor: torch.Tensor) -> Draft | None:
        """The draft of a tensor without a gradient; a new one when its value has changed since."""
        known = self.knowledge(tensor) or self.know(tensor)
        before = known.draft
        if before is not None and known.version == writes(tensor):
            return before
        draft = self.add("constant", known.op)
        if draft is None:
            return None
        draft.name, draft.call = known.name, known.call
        draft.value = summary_of(tensor, known.op)
        if before is not None and before.kind == "detached":
            self.join(before, draft, 0)
        known.draft, known.version = draft, writes(tensor)
        if isinstance(tensor, torch.nn.Parameter):
            draft.frozen = True
            self.frozen[draft] = tensor
        return draft

    # ── what autograd recorded ──

    def adopt(self, roots: Iterable[Any], call: int | None = None) -> list[Draft]:
        """Takes in all of autograd's nodes below `roots` that are not yet known, oldest first."""
        if self.truncated:
            return []
        return self.take_in(self._unknown(roots), call)

    def take_in(
        self, found: list[tuple[Any, tuple[Any, ...]]], call: int | None = None
    ) -> list[Draft]:
        """Takes in nodes, each with its next functions, oldest first."""
        if not found:
            return []
        self.oldest = min(self.oldest, found[0][0]._sequence_nr())
        drafts = []
        called, room = self.called, self.operations + len(found) <= self.most
        for fn, _ in found:
            if not (room and len(self.nodes) < self.most) and self._full("operation"):
                break
            name = called.get(fn) if called else None
            drafts.append(self.operation(op_of(fn), fn, name, call))
        for draft, (_, inputs) in zip(drafts, found, strict=False):
            draft.inputs = [
                None if fn is None else self._input(draft, place, fn, output)
                for place, (fn, output) in enumerate(inputs)
            ]
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
            found[fn] = sources = fn.next_functions
            stack += [source for source, _ in sources]
        if len(found) == 1:
            return list(found.items())
        return sorted(found.items(), key=lambda item: item[0]._sequence_nr())

    def _input(self, draft: Draft, index: int, fn: Any, output: int) -> Use | None:
        source = self._at(fn) if type(fn) is AccumulateGrad else self.by_fn.get(fn)
        if source is None:
            return None
        use = Use(source, draft, index, output, True)
        self.uses.append(use)
        source.used = True
        return use

    def gathered(self, leaf: Draft, fn: Any) -> None:
        """Tells by which node of autograd's a leaf gathers its gradient."""
        before = self.by_fn.get(fn)
        if before is not None and before is not leaf:
            before.outputs = leaf.outputs = 0  # what comes back belongs to both of them
        leaf.fn = fn
        self.by_fn[fn] = leaf

    # ── growing ──

    def add(self, kind: NodeKind, op: str) -> Draft | None:
        """A new draft that autograd has no node for; `None` if the record is full."""
        nodes = self.nodes
        if len(nodes) >= self.most and self._full(kind):
            return None
        draft = Draft(len(nodes), kind, op)
        nodes.append(draft)
        return draft

    def _full(self, kind: NodeKind) -> bool:
        """Whether a node would be beyond `most` operations, or twice as many other nodes."""
        operations = self.operations + (kind == "operation")
        full = operations > self.most or len(self.nodes) + 1 - operations > 2 * self.most
        self.truncated |= full
        return full

    def operation(
        self,
        op: str,
        fn: Any,
        name: str | None = None,
        call: int | None = None,
        value: Tensor | None = None,
    ) -> Draft:
        """A new draft of autograd's node `fn`; only where there is room."""
        nodes = self.nodes
        place, order = len(nodes), self.order
        draft = Draft(place, "operation", op, fn, name, call, value, order=order)
        self.operations += 1
        nodes.append(draft)
        self.by_fn[fn] = draft
        return draft

    def join(self, source: Draft, target: Draft, index: int, output: int = 0) -> Use:
        """A new use of `source`'s output by `target`, of which autograd knows nothing."""
        use = Use(source, target, index, output)
        self.uses.append(use)
        if target.kind != "constant":
            source.used = True
        return use

    def below(self, roots: Iterable[Draft]) -> tuple[list[Draft], set[Draft]]:
        """The drafts that a backward run from `roots` can reach, roots included; and those that
        receive more than one contribution at an output, a root's own gradient too. Both are to be
        read only.
        """
        found = tuple(dict.fromkeys(roots))
        key = (found, len(self.nodes), len(self.uses))
        if self._below[0] != key:
            self._below = (key, below(found))
        return self._below[1]

    def cut(self, most: int) -> None:
        """Keeps the first `most` nodes only: an endless loop need not be told whole."""
        if more := len(self.nodes) > most:
            self.truncated = True
            for draft in self.nodes[most:]:
                draft.id = ""  # the record may have been begun with more of them
            self.nodes = self.nodes[:most]
        self._keep_uses_between_nodes()  # what was interrupted may have left others
        if more:
            for draft in self.nodes:
                draft.used = False
            for use in self.uses:
                use.source.used |= use.target.kind != "constant"

    def call_leaves(self, around: Mapping[str, Any]) -> None:
        """Leaves that nothing else names, behind a graph that somebody held, are called what they
        are called in the namespace `around`.
        """
        nameless = [each for each in self.variables if not each.name and each not in self.passing]
        if nameless and around:
            names = names_in(around, {id(self.variables[leaf]) for leaf in nameless})
            for leaf in nameless:
                leaf.name = shortened(names.get(id(self.variables[leaf]), "")) or None

    def pruned(self) -> None:
        """Drops constants that nothing uses, and views that torch takes of what a custom Function
        hands on as it came; settles the ids of the rest in the order met."""
        unused = [draft for draft in self.nodes if not draft.used]
        if any(map(_handed_on, unused)):
            self.nodes = [draft for draft in self.nodes if not _handed_on(draft)]
            self._keep_uses_between_nodes()
        if any(draft.kind == "constant" for draft in unused):
            self._mark_what_constants_came_from()
            self.nodes = [draft for draft in self.nodes if draft.used or draft.kind != "constant"]
            self._keep_uses_between_nodes()
        for draft, id in zip(self.nodes, node_ids(len(self.nodes)), strict=True):
            draft.id = id

    def frozen_names(self, held: Iterable[tuple[torch.Tensor, str]]) -> tuple[str, ...]:
        """The names of parameters that do not require grad: those met, and the others among what
        is held. Ids are settled by then.
        """
        rows = {id(each): draft.name or draft.id for draft, each in self.frozen.items() if draft.id}
        for tensor, name in held:
            if name and not tensor.requires_grad and isinstance(tensor, torch.nn.Parameter):
                rows.setdefault(id(tensor), name)
        return tuple(distinct(list(rows.values())))[: self.most]

    def edges(self) -> tuple[Edge, ...]:
        """The finished edges; ids are settled by then."""
        return tuple(
            [
                Edge(
                    use.source.id,
                    use.target.id,
                    use.input_index,
                    use.differentiable,
                    use.local,
                    use.contribution,
                    use.output_index,
                )
                for use in self.uses
            ]
        )

    def dissolved(self) -> None:
        """Lets the drafts and uses go that point at each other."""
        for draft in self.by_fn.values():
            draft.inputs = ()
        self.called.clear()
        self._below = (None, ([], set()))
        self.frozen.clear()
        self.passing.clear()
        self.known_as = _as_named
        self.applied_at = _nowhere

    def _mark_what_constants_came_from(self) -> None:
        """A constant that only constants use is used if one of those is."""
        came: dict[Draft, list[Draft]] = {}
        for use in self.uses:
            if use.target.kind == "constant":
                came.setdefault(use.target, []).append(use.source)
        stack = [draft for draft in came if draft.used]
        while stack:
            for source in came.get(stack.pop(), ()):
                if not source.used:
                    source.used = True
                    stack.append(source)

    def _keep_uses_between_nodes(self) -> None:
        kept = set(self.nodes)
        self.uses = [use for use in self.uses if use.source in kept and use.target in kept]
