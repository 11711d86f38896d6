"""A model as boxes: what one call of a module made is one card, called by the module's path.

`depth` counts the calls of modules within each other: at 1 the parts of the model itself
(`encoder`, `layers.0`), at 2 what is in these. A card opens to the next level; what an opened
module computes itself stands beside its parts. A module that is called several times has a box for
each call (`cell (2/3)`). Parameters lie in the box of their module; those that several boxes use
stand before them, a module's together; inputs, and leaves with other names, never lie in a box.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Final

from viz.drawing.folding.items import Boxed, Card, Item, Repeat, Unit, cards_of, folded_throughout
from viz.drawing.folding.library_calls import library_calls
from viz.drawing.folding.module_calls import Around, Box, chains, levels
from viz.records import Trace

LEAST: Final = 4
"""Equal blocks, one behind the other, that are folded."""
Units = Sequence[Sequence[int]]
Within = Box | str | None
"""Where a unit lies: in a call of a module, among the parameters of the module with this path that
stand before its boxes, or in neither."""


def in_modules(trace: Trace, together: Units, depth: int) -> tuple[Item, ...]:
    """The units, those of one call of a module at this depth together; equal blocks, one behind
    the other, as repeats.
    """
    return _Boxes(trace, chains(trace, list(chain(*together)))).items(together, depth)


PlacedUnit = tuple[Within, Sequence[int]]
"""A unit and where it lies."""


@dataclass(frozen=True)
class _Neighbours:
    """Neighbours that lie in one place, with the inputs and parameters that come before them: the
    former from `start` on, once it is `settled` in which order stands what is before all these.
    """

    start: int
    inputs: list[PlacedUnit]
    parameters: list[PlacedUnit]
    rest: list[PlacedUnit]
    settled: bool = True


class _Boxes:
    """One trace's units by the calls of modules that they belong to."""

    def __init__(self, trace: Trace, around: Mapping[int, Around]) -> None:
        self._trace, self._nodes = trace, trace.nodes
        self._around = around
        self._inputs = {each.name for each in trace.program.inputs}
        self._spans = {call.id: call.span for call in trace.calls}
        self._users: dict[int, set[int]] = {}
        for edge in trace.edges:
            self._users.setdefault(int(edge.source[1:]), set()).add(int(edge.target[1:]))
        met = dict.fromkeys(box for boxes in around.values() for box in boxes)
        calls: dict[int, list[int]] = {}
        for box in sorted(met, key=lambda box: box.number):
            calls.setdefault(box.module, []).append(box.number)
        self._turns = {
            number: f" ({turn}/{len(numbers)})" if len(numbers) > 1 else ""
            for numbers in calls.values()
            for turn, number in enumerate(numbers, start=1)
        }
        self._opened = {box.number for boxes in around.values() for box in boxes[:-1]}

    def items(self, together: Units, depth: int) -> tuple[Item, ...]:
        """The units as items, of one level and those below. What one place in the code made round
        after round is a loop; else, blocks are equal that do the same."""
        found = tuple(self._items(together, depth))
        found = folded_throughout(found, LEAST, self._nodes, set(), self._with_place)
        return folded_throughout(found, LEAST, self._nodes, set())

    def _with_place(self, item: Item) -> Hashable:
        """What makes two equal, and where in the code they were made."""
        if isinstance(item, Repeat):
            return ("repeat", *map(self._with_place, item.rounds[0]))
        calls = (self._nodes[place].call for place in item.places)
        return (item.token, next((self._spans.get(call) for call in calls if call), None))

    def _items(self, together: Units, depth: int) -> Iterator[Item]:
        placed = self._sorted(together, depth)
        boxed = (_in_box(pair) or not self._is_source(pair[1]) for pair in placed)
        first = next((at for at, after in enumerate(boxed) if after), len(placed))
        # parameters that several boxes use stand before all that is computed: the first round of a
        # loop is like the others then
        placed[first:] = sorted(placed[first:], key=lambda pair: not isinstance(pair[0], str))
        for within, stretch in groupby(placed, key=lambda pair: pair[0]):
            units = [unit for _, unit in stretch]
            if isinstance(within, Box):
                yield self._boxed(within, units, depth)
            elif within is None or len(units) == 1:
                yield from self._alone(units)
            else:
                yield _parameters(within, tuple(chain(*units)))

    def _alone(self, units: Units) -> Iterator[Item]:
        """The units one by one; what is the inside of a library's function together."""
        units = sorted(units, key=self._is_source, reverse=True) if self._called(units) else units
        together = library_calls(self._trace, units)
        at = 0
        while at < len(units):
            name, count = together.get(at, ("", 1))
            places = tuple(chain(*units[at : at + count]))
            if name:
                inner = tuple(cards_of(map(self._unit, units[at : at + count])))
                card = Card("group", places, cards=inner, title=name)
                yield Boxed(card, (name, self._token(places)))
            else:
                yield self._unit(places)
            at += count

    def _called(self, units: Units) -> bool:
        """Whether a library's function made some of these; its inputs come before all of it."""
        computed = [unit for unit in units if not self._is_source(unit)]
        return bool(library_calls(self._trace, computed))

    def _unit(self, places: Sequence[int]) -> Unit:
        return Unit(tuple(places), self._token(places))

    def _boxed(self, box: Box, units: Units, depth: int) -> Boxed:
        places = tuple(chain(*units))
        inner = tuple(cards_of(self._inside(units, depth)))
        card = inner[0] if len(inner) == 1 else Card("group", places, cards=inner)
        token = (re.sub(r"\d+", "#", box.title), box.kind, self._token(places))
        return Boxed(replace(card, title=self._title(box), module=box.kind), token)

    def _title(self, box: Box) -> str:
        return f"{box.title}{self._turns[box.number]}"

    def _inside(self, units: Units, depth: int) -> tuple[Item, ...]:
        if self._deeper(units, depth):
            return self.items(units, depth + 1)
        return tuple(map(self._unit, units))

    def _token(self, places: Iterable[int]) -> str:
        """What makes two equal: their operations; parameters and what is given do not count."""
        nodes = (self._nodes[place] for place in places)
        return ",".join(node.op for node in nodes if node.kind != "leaf" and node.op)

    def _sorted(self, together: Units, depth: int) -> list[PlacedUnit]:
        """Each unit with where it lies; what a box uses from outside comes before it, not within,
        parameters last."""
        found: list[PlacedUnit] = []
        going = _Neighbours(0, [], [], [])
        for within, unit, following in self._placed(together, depth):
            outside = self._is_outside((within, unit))
            if not going.rest or going.rest[-1][0] != following:
                self._end(found, going)
                # among inputs alone there is time until one comes to stand before another
                start = len(found) if outside else self._parameters_last(found)
                going = _Neighbours(start, [], [], [(within, unit)], settled=not outside)
            elif (within is following is None) or not outside:
                going.rest.append((within, unit))  # in no box: it stays with its round
            elif within is None:
                going.inputs.append((within, unit))
            else:
                going.parameters.append((within, unit))
        self._end(found, going)
        return found

    def _end(self, found: list[PlacedUnit], going: _Neighbours) -> None:
        """Puts a stretch behind all others, what it uses from outside before it."""
        start = going.start
        between = bool(going.inputs or going.parameters)
        if not going.settled and (between or not all(map(self._is_outside, going.rest))):
            start = self._parameters_last(found)
        if between:
            found[start:] = [*going.inputs, *found[start:], *going.parameters]
        found += going.rest

    def _is_outside(self, placed: PlacedUnit) -> bool:
        """Whether it is an input or a parameter that lies in no box."""
        return self._is_source(placed[1]) and not _in_box(placed)

    def _parameters_last(self, found: list[PlacedUnit]) -> int:
        """Puts the parameters among the last inputs behind the others; where they begin."""
        first = len(found)
        while first and self._is_outside(found[first - 1]):
            first -= 1
        found[first:] = sorted(found[first:], key=lambda pair: pair[0] is not None)
        return first + sum(within is None for within, _ in found[first:])

    def _placed(
        self, together: Units, depth: int
    ) -> Iterator[tuple[Within, Sequence[int], Box | None]]:
        """Each unit, where it lies, and where the next one lies that is computed."""
        following: Box | None = None
        placed: list[tuple[Within, Sequence[int], Box | None]] = []
        for unit in reversed(together):
            if self._is_source(unit):
                placed.append((self._of_source(unit[0], following, depth), unit, following))
            else:
                following = self._box(unit[-1], depth)
                placed.append((following, unit, following))
        return reversed(placed)

    def _of_source(self, place: int, following: Box | None, depth: int) -> Within:
        """In the box that comes next, if nothing else uses it; before, if it is a parameter."""
        node = self._nodes[place]
        users = {user: self._box(user, depth) for user in self._users.get(place, ())}
        boxes = set(users.values())
        own = {box for user, box in users.items() if self._is_within(node.name, user, depth)}
        named = [box for box in own if box is not None]
        if len(boxes) > 1:
            return min(named, key=lambda box: box.number).title if named else None
        return following if following in (named if node.name else boxes) else None

    def _is_within(self, name: str | None, user: int, depth: int) -> bool:
        """Whether a parameter is part of the box that its user lies in at this depth, or of one
        within: a part that two modules hold has the path of the first."""
        around = self._around.get(user, ())
        return any(self._is_part(name, box) for box in around[min(depth, len(around)) - 1 :])

    def _is_part(self, name: str | None, box: Box) -> bool:
        """Whether a parameter's or buffer's name lies below a module's path, whatever stands
        before; below an outermost one lies all that is not handed in."""
        if not box.path:
            return name is not None and name not in self._inputs
        return name is not None and f".{box.path}." in f".{name}"

    def _is_source(self, unit: Sequence[int]) -> bool:
        node = self._nodes[unit[0]]
        return node.kind == "leaf" or (node.kind == "constant" and not node.call)

    def _box(self, place: int, depth: int) -> Box | None:
        """The call at this depth that a place lies in; of one that calls others not what it
        computes itself."""
        around = self._around.get(place, ())
        if len(around) >= depth:
            return around[depth - 1]
        return around[-1] if around and around[-1].number not in self._opened else None

    def _deeper(self, units: Units, depth: int) -> bool:
        inner = {self._box(unit[-1], depth + 1) for unit in units if not self._is_source(unit)}
        return len(inner) > 1


def _parameters(path: str, places: tuple[int, ...]) -> Boxed:
    """Parameters of one module that several boxes use, as a card."""
    inner = tuple(Card("operation", (place,)) for place in places)
    return Boxed(Card("group", places, cards=inner, title=path), ("parameters", *places))


def _in_box(placed: tuple[Within, Sequence[int]]) -> bool:
    return isinstance(placed[0], Box)


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
