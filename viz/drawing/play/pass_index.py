"""One backward pass as the player and the panel need it: who gave what to whom, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from viz.drawing.formulas.arithmetic import close, product
from viz.records import Edge, Hooked, Pass, Step, Tensor, Trace


@dataclass(frozen=True)
class Term:
    """One contribution to a node's gradient: through which edge, from what, by what."""

    place: int
    edge: Edge
    upstream: Tensor | None
    contribution: Tensor
    hooked: Hooked | None = None
    """The hook's work that changed it on the way."""

    @cached_property
    def elementwise(self) -> bool:
        """Whether the contribution is upstream × local, element by element: checked by number."""
        computed = self.contribution if self.hooked is None else self.hooked.before
        return close(product(self.upstream, self.edge.local), computed)


@dataclass(frozen=True)
class Backward:
    """A pass, indexed.

    - `terms`: by node, the contributions it received, in the order of the run.
    - `sent`: by place in `pass_.steps`, the contributions that step passed on.
    - `seeds`: by root, what the pass started from.
    - `hooked`: by node, place ("node", "edge", "grad") and index there, what hooks changed.
    """

    pass_: Pass
    terms: dict[str, list[Term]] = field(default_factory=dict)
    sent: dict[int, list[Term]] = field(default_factory=dict)
    received: dict[str, tuple[Tensor | None, ...]] = field(default_factory=dict)
    seeds: dict[str, Tensor | None] = field(default_factory=dict)
    hooked: dict[tuple[str, str, int], Hooked] = field(default_factory=dict)


def backward(trace: Trace, pass_: Pass, into: dict[str, list[int]]) -> Backward:
    """The pass with its contributions by edge; `into` is `inputs_of(trace)`."""
    indexed = Backward(pass_)
    for root, seed in zip(
        pass_.roots, [*pass_.gradients, *[None] * len(pass_.roots)], strict=False
    ):
        indexed.seeds[root] = seed
    indexed.hooked.update(((each.node, each.at, each.index), each) for each in pass_.hooked)
    for at, step in enumerate(pass_.steps):
        indexed.received[step.node] = step.gradients
        for term in _terms(trace.edges, step, into.get(step.node, ()), indexed.hooked):
            indexed.terms.setdefault(term.edge.source, []).append(term)
            indexed.sent.setdefault(at, []).append(term)
    return indexed


def inputs_of(trace: Trace) -> dict[str, list[int]]:
    """By node: the places in `trace.edges` of the edges that end there."""
    into: dict[str, list[int]] = {}
    for place, edge in enumerate(trace.edges):
        into.setdefault(edge.target, []).append(place)
    return into


def _terms(
    edges: Sequence[Edge],
    step: Step,
    places: Sequence[int],
    hooked: Mapping[tuple[str, str, int], Hooked],
) -> list[Term]:
    upstream = step.gradients[0] if len(step.gradients) == 1 else None
    found = []
    for place in places:
        edge = edges[place]
        index = edge.input_index
        given = step.contributions[index] if index < len(step.contributions) else None
        if given is None or not edge.differentiable:
            continue
        found.append(Term(place, edge, upstream, given, hooked.get((step.node, "edge", index))))
    return found
