"""A model as boxes: what one call of a module made is one card, called by the module's path.

`depth` counts the levels of the path: at 1 the parts of the model itself (`encoder`, `layers.0`),
at 2 what is in these. A card opens to the next level. Parameters lie in the box of their module;
inputs, and leaves with other names, never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from viz.drawing.folding.items import Boxed, Card, Item, Unit, cards_of, folded
from viz.records import Trace

LEAST: Final = 4
"""Equal blocks, one behind the other, that are folded."""
Units = Sequence[Sequence[int]]


def levels(scope: str) -> list[str]:
    """The levels of a module's path; a number belongs to the list that it counts (`layers.0`)."""
    return re.findall(r"[^.\d][^.]*\.\d+(?=\.|$)|[^.]+", scope)


def in_modules(trace: Trace, together: Units, depth: int) -> tuple[Item, ...]:
    """The units, those of one call of a module at this depth together; equal blocks, one behind
    the other, as repeats.
    """
    scopes = {call.id: levels(call.scope) for call in trace.calls}
    return _Boxes(trace, scopes).items(together, depth)


class _Boxes:
    """One trace's units by the modules that they belong to."""

    def __init__(self, trace: Trace, scopes: dict[str, list[str]]) -> None:
        self._nodes = trace.nodes
        self._scopes = scopes
        self._users: dict[int, set[int]] = {}
        for edge in trace.edges:
            self._users.setdefault(int(edge.source[1:]), set()).add(int(edge.target[1:]))

    def items(self, together: Units, depth: int) -> tuple[Item, ...]:
        """The units as items, of one level and those below."""
        return folded(tuple(self._items(together, depth)), LEAST, self._nodes, set())

    def _items(self, together: Units, depth: int) -> Iterator[Item]:
        for box, stretch in groupby(self._sorted(together, depth), key=lambda pair: pair[0]):
            units = [unit for _, unit in stretch]
            if not box or len(units) == 1:
                yield from (Unit(tuple(unit), self._token(unit)) for unit in units)
                continue
            places = tuple(place for unit in units for place in unit)
            inner = tuple(cards_of(self._inside(units, depth)))
            card = Card("group", places, cards=inner, title=box)
            yield Boxed(card, (re.sub(r"\d+", "#", box), self._token(places)))

    def _inside(self, units: Units, depth: int) -> tuple[Item, ...]:
        if self._deeper(units, depth):
            return self.items(units, depth + 1)
        return tuple(Unit(tuple(unit), self._token(unit)) for unit in units)

    def _token(self, places: Iterable[int]) -> str:
        """What makes two equal: their operations; parameters and constants do not count."""
        nodes = (self._nodes[place] for place in places)
        return ",".join(node.op for node in nodes if node.kind not in ("leaf", "constant"))

    def _sorted(self, together: Units, depth: int) -> list[tuple[str, Sequence[int]]]:
        """Each unit with its box; what a box uses from outside comes before it, not within."""
        boxes = self._boxes(together, depth)
        found: list[tuple[str, Sequence[int]]] = []
        start = 0
        for place, (box, unit) in enumerate(zip(boxes, together, strict=True)):
            outside = not box and self._is_source(unit)
            if outside and found and found[-1][0] == self._next(boxes, together, place):
                found.insert(start, (box, unit))
                start += 1
                continue
            if not found or found[-1][0] != box:
                start = len(found)
            found.append((box, unit))
        return found

    def _next(self, boxes: Sequence[str], together: Units, place: int) -> str:
        """The box of the next unit that is computed."""
        later = range(place + 1, len(boxes))
        return next((boxes[at] for at in later if not self._is_source(together[at])), "")

    def _boxes(self, together: Units, depth: int) -> list[str]:
        """The box of each unit, empty for none; a source takes that of the unit that it precedes,
        if it may lie in there."""
        found = ["" if self._is_source(unit) else self._box(unit, depth) for unit in together]
        following = ""
        for place in range(len(together) - 1, -1, -1):
            if not self._is_source(together[place]):
                following = found[place]
            elif following and self._may_lie_in(together[place][0], following, depth):
                found[place] = following
        return found

    def _is_source(self, unit: Sequence[int]) -> bool:
        node = self._nodes[unit[0]]
        return node.kind == "leaf" or (node.kind == "constant" and not node.call)

    def _box(self, unit: Sequence[int], depth: int) -> str:
        call = self._nodes[unit[-1]].call
        return ".".join(self._scopes.get(call or "", [])[:depth])

    def _may_lie_in(self, place: int, box: str, depth: int) -> bool:
        node = self._nodes[place]
        if node.name is not None:
            return node.kind == "leaf" and node.name.startswith(f"{box}.")
        users = self._users.get(place, set())
        return all(self._box([user], depth) == box for user in users)

    def _deeper(self, units: Units, depth: int) -> bool:
        return len({self._box(unit, depth + 1) for unit in units if not self._is_source(unit)}) > 1


def common(scopes: Iterable[str]) -> str:
    """The innermost module that all paths lie in, empty where there is none."""
    paths = [levels(scope) for scope in set(scopes)]
    if not paths:
        return ""
    shared = []
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return ".".join(shared)
