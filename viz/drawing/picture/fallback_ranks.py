"""`ranked`: positions for any view at once, where Graphviz would take too long.

Cards stand in ranks along the run: each one rank behind the last of its inputs, what has no input
right before its first use. Within a rank they are ordered by where their neighbours stand (the
barycentre heuristic of Sugiyama, Tagawa and Toda, 1981), then drawn towards them as far as there
is room. Arrows are single curves; those that pass over ranks swing out beside the run, the farther
the longer they are, now to one side and now to the other, and may still run behind cards, which
Graphviz avoids. The time grows with cards and arrows: 400 cards take some hundredths of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from statistics import fmean
from typing import Final

from viz.drawing.display import Direction, Display
from viz.drawing.picture.cards import Face, between_ranks
from viz.drawing.picture.positions import Point, Positions, Route
from viz.drawing.view import GraphView, ViewEdge

BETWEEN_CARDS: Final = 24.0
BENDING: Final = 12.0
"""Points that curves need between two ranks, beside the texts on them."""
HEAD: Final = 7.0
SWEEPS: Final = 6
SWING: Final = 60.0
PASSED: Final = 26.0
FARTHEST: Final = 900.0
"""How far arrows that pass over ranks swing out: at least, more with each rank, at most."""
PORTS: Final = 0.7
"""Part of a card's side on which its arrows end."""


def ranked(view: GraphView, display: Display, faces: Mapping[str, Face]) -> Positions:
    """Where the view's cards and arrows go; the origin is at the top left."""
    direction = display.direction
    sizes = {node.id: _turned(faces[node.id].outer, direction) for node in view.nodes}
    ends = [(edge.source, edge.target) for edge in view.edges]
    rows = _ordered(_ranks([node.id for node in view.nodes], ends), ends)
    across = _across(rows, sizes, ends)
    along, length = _along(rows, sizes, between_ranks(display) + BENDING)
    rank = {id: at for at, row in enumerate(rows) for id in row}
    places = {id: (along[id], across[id]) for id in sizes}
    single = {node.id for node in view.nodes if node.single}
    routes = dict(_routes(view.edges, places, sizes, rank, single))
    first, last = _extent(places, sizes, routes)
    width, height = _turned((length, last - first), direction)
    return Positions(
        width,
        height,
        {id: _turned((x, y - first), direction) for id, (x, y) in places.items()},
        {id: _placed(route, first, direction) for id, route in routes.items()},
    )


def _extent(
    places: Mapping[str, Point], sizes: Mapping[str, Point], routes: Mapping[str, Route]
) -> tuple[float, float]:
    """From where to where cards and arrows reach across the run."""
    reached = [places[id][1] + side * sizes[id][1] / 2 for id in places for side in (-1, 1)]
    # a curve stays within a quarter of its control points' distance from the middle of its ends
    reached += [route.middle[1] for route in routes.values()]
    return min(reached, default=0.0), max(reached, default=0.0)


def _placed(route: Route, first: float, direction: Direction) -> Route:
    def placed(point: Point) -> Point:
        return _turned((point[0], point[1] - first), direction)

    label = placed(route.label) if route.label is not None else None
    return Route(tuple(map(placed, route.points)), placed(route.tip), label)


def _turned(pair: Point, direction: Direction) -> Point:
    """(along the run, across it) as (x, y) and back."""
    return pair if direction == "LR" else (pair[1], pair[0])


# --- which rank ----------------------------------------------------------------------------------


def _neighbours(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return found


def _ranks(ids: Sequence[str], ends: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The cards by rank. A view lists inputs before results, so one walk finds the longest way."""
    sources = _neighbours((target, source) for source, target in ends)
    targets = _neighbours(ends)
    rank: dict[str, int] = {}
    for id in ids:
        rank[id] = max((rank.get(source, -1) + 1 for source in sources.get(id, ())), default=0)
    for id in ids:
        if id not in sources and id in targets:
            rank[id] = max(0, min(rank[target] for target in targets[id]) - 1)
    rows: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for id in ids:
        rows[rank[id]].append(id)
    return [row for row in rows if row]


# --- in which order, and where -------------------------------------------------------------------


def _ordered(rows: list[list[str]], ends: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Each rank in the order of its neighbours' places, swept there and back."""
    before, after = _neighbours((target, source) for source, target in ends), _neighbours(ends)
    place = {id: at - len(row) / 2 for row in rows for at, id in enumerate(row)}
    for sweep in range(SWEEPS):
        beside = after if sweep % 2 else before
        for row in rows if beside is before else rows[::-1]:
            row.sort(key=lambda id: _mean(beside.get(id, ()), place, place[id]))
            place.update({id: at - len(row) / 2 for at, id in enumerate(row)})
    return rows


def _mean(ids: Sequence[str], place: Mapping[str, float], otherwise: float) -> float:
    return fmean(place[id] for id in ids) if ids else otherwise


def _across(
    rows: Sequence[Sequence[str]], sizes: Mapping[str, Point], ends: Sequence[tuple[str, str]]
) -> dict[str, float]:
    """Each card's middle across the run, near its neighbours, without overlaps."""
    before, after = _neighbours((target, source) for source, target in ends), _neighbours(ends)
    place: dict[str, float] = {}
    for row in rows:
        place.update(_spread(row, sizes, [0.0] * len(row)))
    for sweep in range(SWEEPS):
        beside = after if sweep % 2 else before
        for row in rows if beside is before else rows[::-1]:
            wanted = [_mean(beside.get(id, ()), place, place[id]) for id in row]
            place.update(_spread(row, sizes, wanted))
    return place


def _spread(
    row: Sequence[str], sizes: Mapping[str, Point], wanted: Sequence[float]
) -> dict[str, float]:
    """The cards of a rank in their order, each as near to its wanted place as the others let it:
    those that would overlap stand together around the mean of what they want."""
    blocks: list[tuple[list[str], float, float]] = []  # cards, extent, middle of the block
    for id, at in zip(row, wanted, strict=True):
        blocks.append(([id], sizes[id][1] + BETWEEN_CARDS, at))
        while len(blocks) > 1 and _overlap(blocks[-2], blocks[-1]):
            one, other = blocks[-2:]
            blocks[-2:] = [_merged(one, other)]
    place = {}
    for ids, extent, middle in blocks:
        at = middle - extent / 2
        for id in ids:
            place[id] = at + (sizes[id][1] + BETWEEN_CARDS) / 2
            at += sizes[id][1] + BETWEEN_CARDS
    return place


def _overlap(one: tuple[list[str], float, float], other: tuple[list[str], float, float]) -> bool:
    return one[2] + one[1] / 2 > other[2] - other[1] / 2


def _merged(
    one: tuple[list[str], float, float], other: tuple[list[str], float, float]
) -> tuple[list[str], float, float]:
    extent = one[1] + other[1]
    # where the first of the joint block would have its start, weighed by the cards that want it
    starts = (one[2] - one[1] / 2, other[2] - other[1] / 2 - one[1])
    weights = (len(one[0]), len(other[0]))
    start = (starts[0] * weights[0] + starts[1] * weights[1]) / sum(weights)
    return [*one[0], *other[0]], extent, start + extent / 2


def _along(
    rows: Sequence[Sequence[str]], sizes: Mapping[str, Point], between: float
) -> tuple[dict[str, float], float]:
    """Each card's middle along the run, and the length of the whole."""
    place: dict[str, float] = {}
    at = 0.0
    for row in rows:
        depth = max(sizes[id][0] for id in row)
        place.update(dict.fromkeys(row, at + depth / 2))
        at += depth + between
    return place, max(0.0, at - between)


# --- arrows --------------------------------------------------------------------------------------


def _routes(
    edges: Sequence[ViewEdge],
    places: Mapping[str, Point],
    sizes: Mapping[str, Point],
    rank: Mapping[str, int],
    single: Set[str],
) -> Iterable[tuple[str, Route]]:
    """One curve for each arrow; those of one card leave and arrive beside each other."""
    leaving = _ports(((edge.source, edge.target, edge.id) for edge in edges), places, sizes)
    arriving = _ports(((edge.target, edge.source, edge.id) for edge in edges), places, sizes)
    side = -1.0
    for edge in edges:
        (x, y), (to_x, to_y) = places[edge.source], places[edge.target]
        start = (x + sizes[edge.source][0] / 2, y + leaving[edge.id])
        tip = (to_x - sizes[edge.target][0] / 2, to_y + arriving[edge.id])
        passed = rank[edge.target] - rank[edge.source] - 1
        swing = min(PASSED * passed + SWING, FARTHEST) * side if passed > 0 else 0.0
        side = -side if passed > 0 else side
        counted = len(edge.records) > 1 and {edge.source, edge.target} <= single
        yield edge.id, _curve(start, tip, swing, counted=counted)


def _ports(
    ends: Iterable[tuple[str, str, str]], places: Mapping[str, Point], sizes: Mapping[str, Point]
) -> dict[str, float]:
    """By arrow: how far from the card's middle it ends, in the order of what it leads to."""
    at_card: dict[str, list[tuple[float, str]]] = {}
    for card, other, arrow in ends:
        at_card.setdefault(card, []).append((places[other][1], arrow))
    found = {}
    for card, arrows in at_card.items():
        room = PORTS * sizes[card][1] / len(arrows)
        for at, (_, arrow) in enumerate(sorted(arrows)):
            found[arrow] = (at - (len(arrows) - 1) / 2) * room
    return found


def _curve(start: Point, tip: Point, swing: float, *, counted: bool) -> Route:
    end = (tip[0] - HEAD, tip[1])
    bend = max((end[0] - start[0]) / (4 if swing else 2), HEAD)
    first, second = (start[0] + bend, start[1] + swing), (end[0] - bend, end[1] + swing)
    route = Route((start, first, second, end), tip)
    if not counted:
        return route
    x, y = route.middle
    return Route(route.points, tip, (x, y - 8.0))
