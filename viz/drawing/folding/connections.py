"""From cards in the making to a view: which node a card shows, and the arrows between cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from viz.drawing.folding.items import Boxed, Card
from viz.drawing.folding.modules import common
from viz.drawing.formulas.symbols import Symbol, symbols
from viz.drawing.view import FurtherOutput, GraphView, ViewEdge, ViewNode
from viz.records import Call, Node, Trace

OUTPUTS: Final = 4
"""Further outputs of a card that are told."""
GIVEN: Final = ("leaf", "constant")
"""Kinds of what was not computed."""
Outflow = dict[tuple[str, int], tuple[int, int, int]]
"""(node, place of its output) → its rank: of the highest a card shows the value."""
PARALLEL: Final = 4
"""Arrows drawn between the same two nodes; more than that become one."""
NAMED: Final = 50
"""Different operations that a folded card can name."""


def connected(trace: Trace, cards: Sequence[Card], pairs: Iterable[tuple[int, int]]) -> GraphView:
    """The view of these cards; `pairs` are the drawn edges as places in `trace.nodes`."""
    drawn = set(pairs)
    card = {f"n{place}": made.id for made in cards for place in made.places}
    leaving = _leaving(trace, card)
    calls = {call.id: call for call in trace.calls}
    outputs = set(trace.outputs)
    named, made_by = symbols(trace), Counter(node.call for node in trace.nodes)
    first = {edge.target: named[edge.source] for edge in trace.edges if edge.input_index == 0}
    nodes: list[ViewNode] = []
    for made in cards:
        uses = leaving.get(made.id, {})
        shown = _shown(trace, made, uses)
        node = _node(
            trace, made, shown, calls, outputs, named[shown.id], alone=made_by[shown.call] == 1
        )
        raised = str(first.get(shown.id, "")) if shown.op.startswith("Pow") else ""
        nodes.append(replace(node, further=_further(trace, node, uses), raised=raised))
    edges = tuple(_edges(trace, card, drawn, {node.id for node in nodes if node.single}))
    return GraphView(
        tuple(nodes), edges, card, recorded=len(trace.nodes), truncated=trace.truncated
    )


def _leaving(trace: Trace, card: dict[str, str]) -> dict[str, Outflow]:
    """By card: the outputs of its nodes that are used outside or returned."""
    found: dict[str, Outflow] = {}

    def use(id: str, place: int) -> None:
        rank = (_worth(trace.node(id)), int(id[1:]), -place)
        found.setdefault(card[id], {})[id, place] = rank

    for edge in trace.edges:
        if edge.source in card and edge.target in card and card[edge.source] != card[edge.target]:
            use(edge.source, edge.output_index)
    for node, place in trace.returned():
        if node.id in card:
            use(node.id, place)
    return found


def _shown(trace: Trace, made: Card, uses: Outflow) -> Node:
    """Of what leaves a card what tells most; of a card that only numbers leave what it computes."""
    telling = _of_last_box(made, uses) or uses
    last = _last(trace, made)
    if not telling:
        return last
    found = trace.node(max(telling, key=telling.__getitem__)[0])
    return last if _worth(last) > _worth(found) == 0 else found


def _of_last_box(made: Card, uses: Outflow) -> Outflow:
    """Of what leaves a stack of modules' boxes what its last box gives, not what stands beside."""
    if made.kind != "stack" or not made.title:
        return {}
    last = next(item for item in made.rounds[-1] if isinstance(item, Boxed) and item.card.module)
    ids = {f"n{place}" for place in last.places}
    return {use: rank for use, rank in uses.items() if use[0] in ids}


def _worth(node: Node) -> int:
    """What autograd follows tells more than what is computed beside it, that more than a number."""
    return 2 if node.kind in ("operation", "output") else int(node.kind == "detached")


def _last(trace: Trace, made: Card) -> Node:
    """What a card shows of which nothing is used."""
    nodes = [trace.nodes[place] for place in reversed(made.places)]
    return max(nodes, key=_worth)


def _further(trace: Trace, node: ViewNode, uses: Outflow) -> tuple[FurtherOutput, ...]:
    """What leaves a card besides what it shows, if it stands for one operation or one module."""
    if node.kind == "stack" or (node.kind == "group" and not node.title):
        return ()
    found: list[FurtherOutput] = []
    for id, output in sorted(uses, key=lambda use: (int(use[0][1:]), use[1])):
        one = trace.node(id)
        if (id == node.shown.id and not output) or one.kind in GIVEN:
            continue
        port = one.port(output)
        place = output + 1 if node.single else len(found) + 2
        found.append(FurtherOutput(port.name or "", place, port.value, port.gradient))
    return tuple(found[:OUTPUTS])


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
        title=made.title or (_module(records, trace, calls) if kind == "group" else ""),
        module=made.module,
        parameters=_parameters(trace, made),
        frozen=_frozen(trace, made),
    )


def _module(records: tuple[str, ...], trace: Trace, calls: dict[str, Call]) -> str:
    """The innermost module that made all of these nodes, empty where there is none."""
    made_by = {trace.node(id).call for id in records}
    return common(calls[call].scope for call in made_by if call is not None)


def _parameters(trace: Trace, made: Card) -> tuple[str, ...]:
    """The names of a card of nothing but a module's parameters, as that module calls them."""
    nodes = [trace.nodes[place] for place in made.places]
    if made.kind != "group" or not made.title or any(node.kind not in GIVEN for node in nodes):
        return ()
    names = (f".{node.name or ''}".rpartition(f".{made.title}.")[2] for node in nodes)
    return tuple(names)[:NAMED]


def _frozen(trace: Trace, made: Card) -> bool:
    nodes = [trace.nodes[place] for place in made.places]
    return any(node.frozen for node in nodes) and all(node.kind != "leaf" for node in nodes)


def _operations(trace: Trace, made: Card) -> tuple[str, ...]:
    """What a card stands for, in the order met: the different operations; of neighbours put
    together those that are in no module's box, and the boxes' paths; of a stack's rounds likewise,
    and the boxes' classes where they are known.
    """
    if made.kind == "group" and not made.title:
        inner = ((card.title,) if card.title else _operations(trace, card) for card in made.cards)
        return tuple(dict.fromkeys(chain.from_iterable(inner)))[:NAMED]
    if not made.rounds:
        return _different(trace, made.places)
    names: list[str] = []
    for first, last in zip(made.rounds[0], made.rounds[-1], strict=False):
        if isinstance(first, Boxed) and isinstance(last, Boxed) and first.card.title:
            paths = " … ".join(dict.fromkeys((first.card.title, last.card.title)))
            names.append(first.card.module or paths)
        else:
            names += _different(trace, first.everything())
    return tuple(dict.fromkeys(names))[:NAMED]


def _different(trace: Trace, places: Iterable[int]) -> tuple[str, ...]:
    ops = (trace.nodes[place] for place in places)
    return tuple(dict.fromkeys(node.op for node in ops if node.kind not in GIVEN))[:NAMED]


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
