"""Where Graphviz puts things: its `json0` answer as points, y downwards, origin at the top left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

Point = tuple[float, float]


class _Thing(msgspec.Struct):
    """A node or an edge in Graphviz's answer; groups have no position."""

    id: str = ""
    pos: str = ""
    lp: str = ""


class _Located(msgspec.Struct):
    bb: str
    objects: list[_Thing] = []
    edges: list[_Thing] = []


@dataclass(frozen=True)
class Route:
    """An arrow's way: a start, Bézier control points (three a piece), and where its head ends."""

    points: tuple[Point, ...]
    tip: Point
    label: Point | None = None

    @property
    def middle(self) -> Point:
        """The point half-way along (of the middle piece)."""
        pieces = (len(self.points) - 1) // 3
        start = 3 * ((pieces - 1) // 2)
        end = self.points[start + 3]
        if pieces % 2 == 0:
            return end
        a, b, c = self.points[start : start + 3]
        x, y = ((a[i] + 3 * b[i] + 3 * c[i] + end[i]) / 8 for i in (0, 1))
        return x, y

    @property
    def direction(self) -> Point:
        """Where the way leads at its middle, of any length."""
        pieces = (len(self.points) - 1) // 3
        start = 3 * ((pieces - 1) // 2)
        if pieces % 2 == 0:
            before, after = self.points[start + 2], self.points[start + 4]
        else:
            a, b, c, end = self.points[start : start + 4]
            before, after = (a[0] + b[0], a[1] + b[1]), (c[0] + end[0], c[1] + end[1])
        return after[0] - before[0], after[1] - before[1]


@dataclass(frozen=True)
class Positions:
    """Centres of nodes and ways of edges, by id, in points."""

    width: float
    height: float
    nodes: Mapping[str, Point]
    routes: Mapping[str, Route]


def positions(answer: bytes) -> Positions:
    """What `layout(…, "json0")` answered, as points."""
    laid = msgspec.json.decode(answer, type=_Located)
    _, _, width, height = map(float, laid.bb.split(","))
    nodes = {thing.id: _point(thing.pos, height) for thing in laid.objects if thing.pos}
    routes = {thing.id: _route(thing, height) for thing in laid.edges if thing.pos}
    return Positions(width, height, nodes, routes)


def _point(text: str, height: float) -> Point:
    x, y = text.split(",")
    return float(x), height - float(y)


def _route(thing: _Thing, height: float) -> Route:
    parts = thing.pos.split()
    tips = [part for part in parts if part.startswith("e,")]
    points = tuple(_point(part, height) for part in parts if part[:2] not in ("e,", "s,"))
    tip = _point(tips[0][2:], height) if tips else points[-1]
    return Route(points, tip, _point(thing.lp, height) if thing.lp else None)
