"""What a graph is folded from: single nodes, composites, and repeats of these.

A composite is a stretch of nodes that one call made (`linear` makes a transpose and an addmm).
A repeat is a chain of equal rounds; its rounds may hold repeats themselves. A card stands for a
stretch of these.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Literal

from viz.drawing.folding.order import ordered
from viz.drawing.folding.repeats import repeats
from viz.records import Call, Node, Trace

DEEPEST: Final = 4
"""How deep repeats may lie in each other."""


@dataclass(frozen=True)
class Unit:
    """One node, or the nodes of one call; `places` are their places in `trace.nodes`."""

    places: tuple[int, ...]
    token: Hashable

    def everything(self) -> Iterator[int]:
        """The places of all its nodes."""
        yield from self.places


@dataclass(frozen=True)
class Repeat:
    """Equal rounds, one after the other."""

    rounds: tuple[tuple[Item, ...], ...]
    token: Hashable

    def everything(self) -> Iterator[int]:
        """The places of all its nodes."""
        for items in self.rounds:
            for item in items:
                yield from item.everything()


@dataclass(frozen=True)
class Boxed:
    """A card that is one item among others: a module's box."""

    card: Card
    token: Hashable

    @property
    def places(self) -> tuple[int, ...]:
        """The places of all its nodes."""
        return self.card.places

    def everything(self) -> Iterator[int]:
        """The same, one by one."""
        yield from self.card.places


Item = Unit | Boxed | Repeat


@dataclass(frozen=True)
class Rules:
    """When two nodes count as equal, and from how many rounds on a repeat is folded."""

    least: int
    same_place: bool


@dataclass(frozen=True)
class Card:
    """A card in the making: the places in `trace.nodes`, and what it opens to."""

    kind: Literal["operation", "call", "stack", "group"]
    places: tuple[int, ...]
    rounds: tuple[tuple[Item, ...], ...] = ()
    cards: tuple[Card, ...] = ()
    closes: str | None = None
    title: str = ""
    """The path of the module that it stands for, where it does."""
    module: str = ""
    """That module's class, where it is known."""

    @property
    def id(self) -> str:
        """The id of its first recorded node."""
        return f"n{self.places[0]}"

    @property
    def group(self) -> str:
        """What opens this group of cards."""
        return f"{self.id}~{len(self.places)}"


GENTLE: Final = Rules(least=5, same_place=True)
HARD: Final = Rules(least=4, same_place=False)
FEW: Final = Rules(least=3, same_place=True)


def units(trace: Trace, places: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The nodes in order, those that one call made in succession together."""
    order, sources = ordered(places, pairs)
    together: list[list[int]] = []
    for place in order:
        at = None if place in sources else _same_call(trace.nodes, together, place, sources)
        if at is None:
            together.append([place])
        else:
            # sources between move before the unit: nothing comes before them
            unit = together.pop(at)
            unit.append(place)
            together.append(unit)
    return together


def _same_call(
    nodes: Sequence[Node], together: Sequence[Sequence[int]], place: int, sources: set[int]
) -> int | None:
    """Where the last computed unit stands, if the call that made it made this node too."""
    at = len(together) - 1
    while at >= 0 and together[at][0] in sources:
        at -= 1
    call = nodes[place].call
    same = call is not None and at >= 0 and nodes[together[at][-1]].call == call
    return at if same else None


def items(trace: Trace, together: Sequence[Sequence[int]], rules: Rules) -> tuple[Item, ...]:
    """The units with their repeats found, inner ones first."""
    made_by = {call.id: _made_by(call, rules) for call in trace.calls}
    # only a graph that is too large otherwise folds its inputs away
    inputs = {given.name for given in trace.program.inputs} if rules.same_place else set()
    found: tuple[Item, ...] = tuple(
        Unit(tuple(places), _token(trace.nodes, made_by, places)) for places in together
    )
    return folded_throughout(found, rules.least, trace.nodes, inputs)


def _made_by(call: Call, rules: Rules) -> str:
    return f"{call.function} {call.span if rules.same_place else ''}"


def _token(nodes: Sequence[Node], made_by: dict[str, str], places: Sequence[int]) -> str:
    """What makes two units equal: what made them, and their operations. One string: thousands
    of small tuples would keep the garbage collector busy."""
    # that a result is returned does not make its operation another one
    kinds = (nodes[place].kind.replace("output", "operation") for place in places)
    ops = (nodes[place].op for place in places)
    operations = ",".join(f"{kind} {op}" for kind, op in zip(kinds, ops, strict=True))
    return f"{made_by.get(nodes[places[0]].call or '', '')}|{operations}"


def _named(stretch: Sequence[Item], nodes: Sequence[Node], inputs: set[str]) -> bool:
    """Whether a stretch is no loop to a reader, but numbers, or leaves that have names: the
    program's inputs, or nothing but leaves and constants."""
    inside = [nodes[place] for item in stretch for place in item.everything()]
    if all(node.kind == "constant" and not node.op for node in inside):
        return True
    leaves = [node for node in inside if node.kind == "leaf" and node.name is not None]
    if leaves and all(node.kind in ("leaf", "constant") for node in inside):
        return True
    return any(leaf.name in inputs for leaf in leaves)


def fitting(ways: Iterable[tuple[Item, ...]], limit: int) -> list[Card]:
    """The cards of the first of several ways of folding that has room; where rounds are so long
    that none has, without their last one, and of the last way if need be."""
    tried: list[tuple[Item, ...]] = []
    cards: list[Card] = []
    for found in ways:
        cards = list(cards_of(found))
        if len(cards) <= limit:
            return cards
        tried.append(found)
    for found in tried:
        cards = list(cards_of(found, last=False))
        if len(cards) <= limit:
            break
    return cards


def cards_of(found: Iterable[Item], *, last: bool = True) -> Iterator[Card]:
    """Repeats as their first round, a stack and, unless it lies in there, their last round; the
    others as they are."""
    for item in found:
        if isinstance(item, Repeat):
            yield from cards_of(item.rounds[0], last=last)
            yield stack_of(item.rounds[1:-1] if last else item.rounds[1:])
            if last:
                yield from cards_of(item.rounds[-1])
        elif isinstance(item, Boxed):
            yield item.card
        else:
            yield Card("operation" if len(item.places) == 1 else "call", item.places)


def stack_of(rounds: tuple[tuple[Item, ...], ...], closes: str | None = None) -> Card:
    """Several rounds as one card, called by their boxes where each is nothing but one module's;
    else by what is in a round.
    """
    places = tuple(inner_places(rounds))
    computed = [[item for item in items if item.token] for items in rounds]
    boxes = [item.card for items in computed for item in items if isinstance(item, Boxed)]
    alone = len(boxes) == len(rounds) and all(len(items) == 1 for items in computed)
    title = module = ""
    if alone and boxes[0].module and len({box.module for box in boxes}) == 1:
        title = " … ".join(dict.fromkeys((boxes[0].title, boxes[-1].title)))
        module = boxes[0].module
    return Card("stack", places, rounds=rounds, closes=closes, title=title, module=module)


def inner_places(rounds: Iterable[Iterable[Item]]) -> Iterator[int]:
    """The places of all nodes in some rounds."""
    return (place for items in rounds for item in items for place in item.everything())


def folded_throughout(
    found: tuple[Item, ...],
    least: int,
    nodes: Sequence[Node],
    inputs: set[str],
    token: Callable[[Item], Hashable] = attrgetter("token"),
) -> tuple[Item, ...]:
    """The items with their repeats found, inner ones first; `token` tells which items are equal."""
    for _ in range(DEEPEST):
        shorter = _folded(found, least, nodes, inputs, token)
        if len(shorter) == len(found):
            break
        found = shorter
    return found


def _folded(
    found: tuple[Item, ...],
    least: int,
    nodes: Sequence[Node],
    inputs: set[str],
    token: Callable[[Item], Hashable],
) -> tuple[Item, ...]:
    """The items with equal rounds, one after the other, as repeats: at least so many."""
    shorter: list[Item] = []
    done = 0
    for stretch in repeats([token(item) for item in found], least):
        if _named(found[stretch.start : stretch.stop], nodes, inputs):
            continue
        shorter.extend(found[done : stretch.start])
        rounds = tuple(
            found[start : start + stretch.period]
            for start in range(stretch.start, stretch.stop, stretch.period)
        )
        # how often it went round is not part of what it is: outer rounds may differ in it
        shorter.append(Repeat(rounds, ("repeat", *(item.token for item in rounds[0]))))
        done = stretch.stop
    shorter.extend(found[done:])
    return tuple(shorter)
