"""`wrapped`: a long picture in rows, as a text is; one that runs down in columns.

The picture is cut between cards, so often that it comes to have about a slide's shape. An arrow
that is cut leads from the end of its row through the space below to the beginning of the next.

`staggered`: many cards that hang on one other in several ranks. All inputs of one operation, and
all results that come from one card, stand in one rank otherwise: thirty of them make a strip that
nobody can read. (A picture that runs to the right has them below each other: there the arrows that
pass would take more room than is won.)
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from viz.drawing.display import Direction, Display
from viz.drawing.picture.cards import between_ranks
from viz.drawing.picture.positions import Point, Positions, Route
from viz.drawing.view import GraphView, ViewEdge

SHAPE: Final = 16 / 9
"""A slide's width over its height."""
PAGE: Final = (770.0, 523.0)
"""Points of an A4 page within its margins, by length."""
LEGIBLE: Final = 0.4
"""How small a picture may become on a page: its text of 12 points then has five."""
EDGE: Final = 26.0
"""Points beside the rows, in which arrows turn."""
BETWEEN: Final = 26.0
LANE: Final = 7.0
"""Points between two rows, and more for each arrow that leads from one to the next."""
HALVINGS: Final = 40
SIDE_BY_SIDE: Final = 8
"""Cards that stand in one rank as they are."""
MOST: Final = 120
"""Cards of one picture that are spread: arrows that pass other ranks cost the layout time."""
GAP: Final = 24.5
"""Points between two cards of a rank."""

Bezier = tuple[Point, Point, Point, Point]


def wrapped(laid: Positions, sizes: Mapping[str, Point], direction: Direction) -> Positions:
    """The same cards and arrows in rows; `sizes` are the cards' widths and heights."""
    turn = _same if direction == "LR" else _turned
    length, depth = turn((laid.width, laid.height))
    shape = SHAPE if direction == "LR" else 1 / SHAPE
    wanted = max(1, round(math.sqrt(length / (depth + BETWEEN) / shape)))
    cards = [
        (turn(at)[0] - turn(sizes[id])[0] / 2, turn(at)[0] + turn(sizes[id])[0] / 2)
        for id, at in laid.nodes.items()
    ]
    cuts = _cuts(sorted(cards), length, wanted)
    if not cuts:
        return laid
    routes = {id: _turned_route(route, direction) for id, route in laid.routes.items()}
    rows = _rows(routes, cuts, length, depth)
    ways = {id: _turned_route(rows.route(id, route), direction) for id, route in routes.items()}
    width, height = turn(rows.size)
    nodes = {id: turn(rows.place(turn(at))) for id, at in laid.nodes.items()}
    return Positions(width, height, nodes, ways)


def legible(laid: Positions) -> bool:
    """Whether a page has room for a picture, whichever way it is turned."""
    sides = sorted((laid.width, laid.height), reverse=True)
    return all(side * LEGIBLE <= room for side, room in zip(sides, PAGE, strict=True))


def _same(point: Point) -> Point:
    return point


def _turned(point: Point) -> Point:
    return point[1], point[0]


def _turned_route(route: Route, direction: Direction) -> Route:
    if direction == "LR":
        return route
    label = _turned(route.label) if route.label is not None else None
    return Route(tuple(map(_turned, route.points)), _turned(route.tip), label)


def _cuts(cards: Sequence[tuple[float, float]], length: float, wanted: int) -> list[float]:
    """Where to cut: in the middle between cards, where that is nearest to equal rows."""
    free: list[float] = []
    reached = cards[0][1] if cards else 0.0
    for left, right in cards:
        if left > reached:
            free.append((left + reached) / 2)
        reached = max(reached, right)
    if not free:
        return []
    even = (length * row / wanted for row in range(1, wanted))
    return sorted({min(free, key=lambda cut: abs(cut - place)) for place in even})


def _rows(routes: Mapping[str, Route], cuts: Sequence[float], length: float, depth: float) -> _Rows:
    lanes: dict[tuple[str, int], tuple[int, int]] = {}
    most = 0
    parts = {id: _parts(route, cuts) for id, route in routes.items()}
    for cut in range(len(cuts)):
        passing = [(id, rows[cut]) for id, rows in parts.items() if cut in rows and cut + 1 in rows]
        # the lowest turns first: so none crosses another
        crossing = sorted(((pieces[-1][3][1], id) for id, pieces in passing), reverse=True)
        most = max(most, len(crossing))
        for lane, (_, id) in enumerate(crossing):
            lanes[id, cut] = (lane + 1, len(crossing) + 1)
    return _Rows((0.0, *cuts, length), depth, BETWEEN + LANE * most, lanes, parts)


def _parts(route: Route, cuts: Sequence[float]) -> dict[int, list[Bezier]]:
    """By row the pieces of a way that lie in it."""
    points = route.points
    rest: list[Bezier] = [
        (points[at], points[at + 1], points[at + 2], points[at + 3])
        for at in range(0, len(points) - 1, 3)
    ]
    found: dict[int, list[Bezier]] = {}
    for row in range(bisect_right(cuts, points[0][0]), bisect_right(cuts, points[-1][0])):
        found[row], rest = _split(rest, cuts[row])
    found[bisect_right(cuts, points[-1][0])] = rest
    return found


def _split(pieces: list[Bezier], at: float) -> tuple[list[Bezier], list[Bezier]]:
    """The pieces before and behind a place of the run that they pass."""
    place = next(number for number, piece in enumerate(pieces) if piece[3][0] >= at)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        before = _halves(pieces[place], middle)[0][3][0] < at
        low, high = (middle, high) if before else (low, middle)
    left, right = _halves(pieces[place], high)
    return [*pieces[:place], left], [right, *pieces[place + 1 :]]


def _halves(piece: Bezier, t: float) -> tuple[Bezier, Bezier]:
    """A curve in two, by de Casteljau's algorithm."""
    first = [_between(*pair, t) for pair in pairwise(piece)]
    second = [_between(*pair, t) for pair in pairwise(first)]
    middle = _between(second[0], second[1], t)
    return (piece[0], first[0], second[0], middle), (middle, second[1], first[2], piece[3])


def _between(start: Point, end: Point, t: float) -> Point:
    return start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])


@dataclass(frozen=True)
class _Rows:
    """Rows of a picture that runs to the right: where each begins and ends before it is cut, how
    deep it is, the space below; each cut arrow's lane there, of how many; the arrows' parts."""

    ends: tuple[float, ...]
    depth: float
    below: float
    lanes: Mapping[tuple[str, int], tuple[int, int]]
    parts: Mapping[str, Mapping[int, list[Bezier]]]

    @property
    def size(self) -> Point:
        """Of the whole, along and across."""
        count = len(self.ends) - 1
        longest = max(end - start for start, end in pairwise(self.ends))
        return longest + 2 * EDGE, count * self.depth + (count - 1) * self.below

    def place(self, point: Point, row: int | None = None) -> Point:
        """Where a point comes to lie."""
        if row is None:
            row = bisect_right(self.ends[1:-1], point[0])
        return point[0] - self.ends[row] + EDGE, point[1] + row * (self.depth + self.below)

    def route(self, id: str, route: Route) -> Route:
        """An arrow's way through its rows."""
        points: list[Point] = []
        for row, pieces in self.parts[id].items():
            moved = [[self.place(point, row) for point in piece] for piece in pieces]
            if points:
                points += self._turn(points[-1], moved[0][0], self.lanes[id, row - 1], row - 1)
            else:
                points = [moved[0][0]]
            points += [point for piece in moved for point in piece[1:]]
        last = max(self.parts[id])
        label = self.place(route.label) if route.label is not None else None
        return Route(tuple(points), self.place(route.tip, last), label)

    def _turn(self, start: Point, end: Point, lane: tuple[int, int], row: int) -> list[Point]:
        """From the end of a row to the beginning of the next."""
        part = lane[0] / lane[1]
        y = row * (self.depth + self.below) + self.depth + self.below * part
        right, left = start[0] + EDGE * part, end[0] - EDGE * (1 - part)
        back = [(right, start[1]), (right, y), (start[0], y)]
        along = [_between(back[-1], (end[0], y), t) for t in (1 / 3, 2 / 3, 1)]
        return [*back, *along, (left, y), (left, end[1]), end]


# ── many that hang on one ──


def staggered(view: GraphView, sizes: Mapping[str, Point], display: Display) -> dict[str, int]:
    """How many ranks an arrow spans, by its id, of those that lead from or to an end: a card that
    hangs on one other by one arrow. `sizes` are the cards' widths and heights."""
    if display.direction == "LR":
        return {}
    degree = Counter(end for edge in view.edges for end in (edge.source, edge.target))
    hanging: dict[tuple[str, bool], list[ViewEdge]] = {}
    for edge in view.edges:
        for end, hub in ((edge.source, edge.target), (edge.target, edge.source)):
            if degree[end] == 1:
                hanging.setdefault((hub, hub == edge.target), []).append(edge)
    many = {hub: edges for hub, edges in hanging.items() if len(edges) > SIDE_BY_SIDE}
    if sum(map(len, many.values())) > MOST:
        return {}
    longer: dict[str, int] = {}
    for (_, before), edges in many.items():
        ends = [sizes[edge.source if before else edge.target] for edge in edges]
        ranks = _ranks(ends, display)
        for place, edge in enumerate(edges):
            rank = place % ranks  # neighbours below each other: so their arrows pass between
            longer[edge.id] = ranks - rank if before else 1 + rank
    return longer


def _ranks(cards: list[Point], display: Display) -> int:
    """Over how many ranks cards of these sizes are spread."""
    width, height = (sum(axis) / len(cards) for axis in zip(*cards, strict=True))
    arrows = len(cards) * GAP  # which pass beside the cards
    ranks = 1
    while len(cards) / ranks * (width + GAP) + arrows > (
        SHAPE * (ranks + 1) * (height + between_ranks(display))
    ):
        ranks += 1
    return ranks
