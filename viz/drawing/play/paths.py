"""The ways by which a node reaches the end: each path's product, their number and their sum.

A gradient is the sum over all paths of the products of the local derivatives along each. There may
be more paths than could ever be listed (2^n after n times `x = x + x`): a few are listed, all are
counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from viz.drawing.play.pass_index import Backward, Term
from viz.records import Tensor

LISTED: Final = 6
LONGEST: Final = 400
"""Edges of a path that is listed; a longer one is only counted."""
TRIED: Final = 4_000
"""Steps that the search for paths takes at most."""


@dataclass(frozen=True)
class Way:
    """One path: its nodes from the start to the end, its local derivatives, and their product."""

    nodes: tuple[str, ...]
    factors: tuple[float, ...]
    product: float


@dataclass(frozen=True)
class Ways:
    """The paths of a node: some of them, their number, and the sum over all."""

    listed: tuple[Way, ...]
    count: int
    total: float | None

    @property
    def count_text(self) -> str:
        """The number of paths, as a power of ten where it has more than nine digits."""
        if self.count < 10**9:
            return str(self.count)
        return f"10^{math.floor(self.count.bit_length() * math.log10(2))}"


def counts(backward: Backward) -> dict[str, int]:
    """How many paths lead from each node to where the pass started."""
    found: dict[str, int] = {}
    # the pass's own order: every node has its turn after all that use its result
    for step in backward.pass_.steps:
        ends = 1 if step.node in backward.seeds else 0
        terms = backward.terms.get(step.node, ())
        found[step.node] = ends + sum(found.get(term.edge.target, 0) for term in terms)
    return found


def ways(backward: Backward, node: str, counted: dict[str, int]) -> Ways | None:
    """The node's paths, `None` if it has none; listed only where all derivatives are numbers.

    `counted` is `counts(backward)`.
    """
    if not counted.get(node):
        return None
    listed = _listed(backward, node)
    if any(way is None for way in listed):
        return Ways((), counted[node], None)
    received = backward.received.get(node, ())
    total = _number(received[0]) if received else None
    return Ways(tuple(way for way in listed if way is not None), counted[node], total)


@dataclass(slots=True)
class _PartOfWay:
    """Where a path under search has come to: the edge that led there, and from where."""

    node: str
    length: int = 1
    factor: float = 1.0
    before: _PartOfWay | None = None

    def back(self) -> Iterator[_PartOfWay]:
        """All that it has come through, from here to the start."""
        part: _PartOfWay | None = self
        while part is not None:
            yield part
            part = part.before


def _listed(backward: Backward, node: str) -> list[Way | None]:
    """The first few paths, depth first; `None` for one whose derivatives are not numbers."""
    found: list[Way | None] = []
    stack = [_PartOfWay(node)]
    for _ in range(TRIED):
        if not stack or len(found) == LISTED:
            break
        last = stack.pop()
        if last.node in backward.seeds:
            found.append(_way(last, _number(backward.seeds[last.node])))
        if last.length > LONGEST:
            continue
        for term in reversed(backward.terms.get(last.node, ())):
            factor = _factor(term)
            if factor is None:
                return [None]
            stack.append(_PartOfWay(term.edge.target, last.length + 1, factor, last))
    return found


def _way(end: _PartOfWay, seed: float | None) -> Way:
    passed = list(end.back())[::-1]
    factors = tuple(part.factor for part in passed[1:])
    start = 1.0 if seed is None else seed
    return Way(tuple(part.node for part in passed), factors, start * math.prod(factors))


def _factor(term: Term) -> float | None:
    if not term.elementwise or term.contribution.shape != ():
        return None
    return _number(term.edge.local)


def _number(tensor: Tensor | None) -> float | None:
    if tensor is None or tensor.shape != () or tensor.values is None or len(tensor.values) != 1:
        return None
    return float(tensor.values[0])
