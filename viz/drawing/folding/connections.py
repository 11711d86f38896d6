"""From cards in the making to a view: which node a card shows, and the arrows between cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from viz.drawing.folding.items import Card
from viz.drawing.folding.modules import common
from viz.drawing.formulas.symbols import Symbol, symbols
from viz.drawing.view import GraphView, ViewEdge, ViewNode
from viz.records import Call, Node, Trace

PARALLEL: Final = 4
"""Arrows drawn between the same two nodes; more than that become one."""
NAMED: Final = 50
"""Different operations that a folded card can name."""


def connected(trace: Trace, cards: Sequence[Card], pairs: Iterable[tuple[int, int]]) -> GraphView:
    """The view of these cards; `pairs` are the drawn edges as places in `trace.nodes`."""
    drawn = set(pairs)
    card = {f"n{place}": made.id for made in cards for place in made.places}
    last = _last_used(trace, card)
    calls = {call.id: call for call in trace.calls}
    outputs = set(trace.outputs)
    named, made_by = symbols(trace), Counter(node.call for node in trace.nodes)
    nodes = tuple(
        _node(trace, made, shown, calls, outputs, named[shown.id], alone=made_by[shown.call] == 1)
        for made, shown in zip(cards, _shown(trace, cards, last), strict=True)
    )
    edges = tuple(_edges(trace, card, drawn, {node.id for node in nodes if node.single}))
    return GraphView(nodes, edges, card, recorded=len(trace.nodes), truncated=trace.truncated)


def _last_used(trace: Trace, card: dict[str, str]) -> dict[str, str]:
    """By card: its last node whose result is used outside, by operations rather than constants."""
    last: dict[str, tuple[bool, int]] = {}

    def use(id: str) -> None:
        node = trace.node(id)
        rank = (node.kind in ("operation", "output"), int(id[1:]))
        last[card[id]] = max(last.get(card[id], rank), rank)

    for edge in trace.edges:
        if edge.source in card and edge.target in card and card[edge.source] != card[edge.target]:
            use(edge.source)
    for id in trace.outputs:
        if id in card:
            use(id)
    return {made: f"n{place}" for made, (_, place) in last.items()}


def _shown(trace: Trace, cards: Iterable[Card], last: dict[str, str]) -> Iterable[Node]:
    for made in cards:
        yield trace.node(last.get(made.id, f"n{made.places[-1]}"))


def _node(
    trace: Trace,
    made: Card,
    shown: Node,
    calls: dict[str, Call],
    outputs: set[str],
    symbol: Symbol,
    *,
    alone: bool,
) -> ViewNode:
    records = tuple(f"n{place}" for place in made.places)
    kind = trace.nodes[made.places[0]].kind if len(records) == 1 else made.kind
    return ViewNode(
        id=made.id,
        kind=kind,
        records=records,
        shown=shown,
        symbol="" if symbol.number else str(symbol),
        call=calls.get(shown.call or ""),
        rounds=len(made.rounds),
        operations=_operations(trace, made),
        alone=alone,
        output=not outputs.isdisjoint(records),
        opens=_opens(made, kind),
        closes=made.closes,
        title=made.title or _module(records, trace, calls) if kind == "group" else "",
    )


def _module(records: tuple[str, ...], trace: Trace, calls: dict[str, Call]) -> str:
    """The innermost module that made all of these nodes, empty where there is none."""
    made_by = {trace.node(id).call for id in records}
    return common(calls[call].scope for call in made_by if call is not None)


def _operations(trace: Trace, made: Card) -> tuple[str, ...]:
    """The different operations in the order met."""
    places = made.places if not made.rounds else made.places[: len(made.places) // len(made.rounds)]
    ops = (trace.nodes[place] for place in places)
    names = dict.fromkeys(node.op for node in ops if node.kind not in ("constant", "leaf"))
    return tuple(names)[:NAMED]


def _opens(made: Card, kind: str) -> tuple[str, ...]:
    if kind == "call":
        return (made.id,)
    if kind == "stack":
        return (f"{made.id}+", f"{made.id}*")
    return (made.group,) if kind == "group" else ()


def _edges(
    trace: Trace, card: dict[str, str], drawn: set[tuple[int, int]], single: set[str]
) -> Iterable[ViewEdge]:
    """Between two single nodes each use is an arrow; else one arrow stands for all of them."""
    between: dict[tuple[str, str], list[int]] = {}
    for place, edge in enumerate(trace.edges):
        source, target = card.get(edge.source), card.get(edge.target)
        if source is None or target is None or source == target:
            continue
        if (int(edge.source[1:]), int(edge.target[1:])) in drawn:
            between.setdefault((source, target), []).append(place)
    for (source, target), places in between.items():
        apart = source in single and target in single and len(places) <= PARALLEL
        groups = [(place,) for place in places] if apart else [tuple(places)]
        for count, group in enumerate(groups):
            flows = any(trace.edges[place].differentiable for place in group)
            yield ViewEdge(f"e-{source}-{target}-{count}", source, target, group, flows)
