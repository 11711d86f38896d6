"""`fold`: the graph of a trace as few cards.

- Repeats (rounds of a loop, layers of equal structure) show their first and last round and one
  stack for those between; where that is too large, the last one lies in the stack.
- Composites (`linear`) are one card and open to their nodes.
- What is still larger than about `limit` cards is put together in stretches of neighbours.

Cards stand for stretches of one order of the run (see `order`), so the picture has no cycle that
the record does not have, and what could be reached can still be reached.

`opened` holds what a reader has opened, as a card's `opens` names it: ``n7`` a composite, ``n7+``
one round, ``n7*`` all rounds of its stack, ``n7~250`` a group. Unknown ones are ignored: they may
come from a link to an earlier program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from viz.drawing.display import Display
from viz.drawing.folding.connections import connected
from viz.drawing.folding.items import (
    FEW,
    GENTLE,
    HARD,
    Card,
    cards_of,
    fitting,
    inner_places,
    items,
    stack_of,
    units,
)
from viz.drawing.folding.modules import in_modules
from viz.drawing.view import GraphView
from viz.records import Trace

LIMIT: Final = 60
"""Cards of a picture that nobody has opened anything in."""
MOST: Final = 400
"""Cards that are ever laid out; beyond, neighbours are put together again."""
PER_CARD: Final = 4
"""Arrows of a picture for each of its cards."""
FEWEST: Final = 8
"""Cards to which no picture is narrowed further, however many arrows are left."""
MOST_ARROWS: Final = PER_CARD * MOST
"""Arrows that are ever laid out: they cost more than cards do."""
PARTS: Final = 20
"""Cards that a large group opens to."""


def fold(
    trace: Trace,
    *,
    opened: frozenset[str] = frozenset(),
    display: Display | None = None,
    limit: int = LIMIT,
    depth: int | None = None,
) -> GraphView:
    """The trace's graph as cards and arrows; about `limit` of them before anything is opened.

    With `depth` modules are boxes, see `viz.drawing.folding.modules`.
    """
    return folder(trace, display, limit, depth)(opened)


def folder(
    trace: Trace, display: Display | None = None, limit: int = LIMIT, depth: int | None = None
) -> Callable[[frozenset[str]], GraphView]:
    """What folds one trace as `fold` does, with this or that opened: what does not depend on that
    is done once."""
    places, pairs = _drawn(trace, display or Display())
    together = units(trace, places, pairs)
    if depth is None:
        base = fitting((items(trace, together, rules) for rules in (GENTLE, HARD, FEW)), limit)
    else:
        base = fitting([in_modules(trace, together, depth)], limit)

    def folded(opened: frozenset[str]) -> GraphView:
        def drawn(room: int) -> GraphView:
            cards = _expanded(_chunked(base, room), opened)
            return connected(trace, _chunked(cards, MOST), pairs)

        view = _narrowed(limit, drawn, lambda room, view: PER_CARD * max(room, len(view.nodes)))
        return replace(view, hidden=len(trace.nodes) - len(places))

    return folded


def unfolded(trace: Trace, display: Display | None = None) -> GraphView:
    """Every recorded node as a card of its own, up to `MOST` cards and `MOST_ARROWS` arrows;
    beyond, neighbours are grouped.
    """
    places, pairs = _drawn(trace, display or Display())
    order = [place for unit in units(trace, places, pairs) for place in unit]
    alone = [Card("operation", (place,)) for place in order]

    def drawn(room: int) -> GraphView:
        return connected(trace, _chunked(alone, room), pairs)

    view = _narrowed(MOST, drawn, lambda _room, _view: MOST_ARROWS)
    return replace(view, hidden=len(trace.nodes) - len(places))


def _narrowed(
    room: int, drawn: Callable[[int], GraphView], most: Callable[[int, GraphView], int]
) -> GraphView:
    """The view with room for so many cards; for half as many while it has more than `most` arrows,
    which cost the layout more than cards do.
    """
    view = drawn(room)
    while len(view.edges) > most(room, view) and room > FEWEST:
        room //= 2
        view = drawn(room)
    return view


def _drawn(trace: Trace, display: Display) -> tuple[list[int], list[tuple[int, int]]]:
    """The places of the nodes that are drawn, and each edge between them as a pair of places."""
    hidden = {
        kind
        for kind, wanted in (("constant", display.constants), ("detached", display.detached))
        if not wanted
    }
    drawn = [place for place, node in enumerate(trace.nodes) if node.kind not in hidden]
    kept = set(drawn)
    ends = ((int(edge.source[1:]), int(edge.target[1:])) for edge in trace.edges)
    return drawn, [pair for pair in ends if pair[0] in kept and pair[1] in kept]


def _expanded(cards: Iterable[Card], opened: frozenset[str]) -> list[Card]:
    """The cards with those that are opened replaced by what is in them."""
    if not opened:
        return list(cards)
    return [part for card in cards for part in _OPENING[card.kind](card, opened)]


def _open_nothing(card: Card, _: frozenset[str]) -> list[Card]:
    return [card]


def _open_call(card: Card, opened: frozenset[str]) -> list[Card]:
    if card.id not in opened:
        return [card]
    return [Card("operation", (place,), closes=card.id) for place in card.places]


def _open_group(card: Card, opened: frozenset[str]) -> list[Card]:
    if card.group not in opened:
        return [card]
    parts = card.cards if len(card.cards) <= 2 * PARTS else _chunked(card.cards, PARTS)
    return _expanded((replace(part, closes=card.group) for part in parts), opened)


def _open_stack(card: Card, opened: frozenset[str]) -> list[Card]:
    """Opened rounds as cards of their own, the stretches between as smaller stacks."""
    firsts = [f"n{next(iter(inner_places((items,))))}" for items in card.rounds]
    all_rounds = next((f"{first}*" for first in firsts if f"{first}*" in opened), None)
    cards: list[Card] = []
    closed = 0
    for place, first in enumerate(firsts):
        closes = f"{first}+" if f"{first}+" in opened else all_rounds
        if closes is None or len(cards) > MOST // 2:
            continue
        if closed < place:
            cards.append(stack_of(card.rounds[closed:place], card.closes))
        inner = cards_of(card.rounds[place])
        cards += _expanded((replace(part, closes=closes) for part in inner), opened)
        closed = place + 1
    if closed < len(firsts):
        cards.append(stack_of(card.rounds[closed:], card.closes))
    return cards


_OPENING = {
    "call": _open_call,
    "stack": _open_stack,
    "group": _open_group,
    "operation": _open_nothing,
}


def _chunked(cards: Sequence[Card], room: int) -> list[Card]:
    """At most `room` cards: the first and last quarter as they are, those between in groups."""
    if len(cards) <= room:
        return list(cards)
    ends = room // 4
    middle = cards[ends : len(cards) - ends]
    parts = room - 2 * ends
    bounds = [len(middle) * part // parts for part in range(parts + 1)]
    groups = [_group(middle[start:stop]) for start, stop in pairwise(bounds)]
    return [*cards[:ends], *groups, *cards[len(cards) - ends :]]


def _group(cards: Sequence[Card]) -> Card:
    if len(cards) == 1:
        return cards[0]
    places = tuple(place for card in cards for place in card.places)
    return Card("group", places, cards=tuple(cards), closes=cards[0].closes)
