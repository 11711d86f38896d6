"""A surface as a still picture: a map with its gradient field.

The darker a cell, the higher f there; a cell where f is not defined is left out. Arrows point
uphill, the longest where f is steepest; each arrow's head is a dot.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from viz.drawing.figures.palette import Palette, mixed, palette
from viz.drawing.figures.scale import share
from viz.drawing.stills.curve import ticks
from viz.drawing.stills.marks import Disc, Frame, Label, Patch, Still, StillMark, Stroke, ways
from viz.drawing.texts import number
from viz.records import Surface

WIDTH: Final = 560
HEIGHT: Final = 460
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 30, 34
CELLS: Final = 50
"""Cells along each side, at most."""
ARROWS: Final = 10
"""Arrows along each side."""
_FRAME: Final[Frame] = (LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM)


def surface_still(surface: Surface, *, dark: bool = False) -> Still:
    """The map with its axes."""
    colours = palette(dark)
    heights = [height for row in surface.value for height in row if math.isfinite(height)]
    low, high = (min(heights), max(heights)) if heights else (0.0, 0.0)
    title = f"f: {number(low)} … {number(high)}" if heights else "f: –"
    marks = (
        *_cells(surface, low, high, colours),
        *_axes(surface, colours),
        *_arrows(surface, colours),
        Label(LEFT, 19, title, colours.forward),
        Label(WIDTH - RIGHT, 19, " →, ".join(surface.along) + " ↑", colours.muted, "end"),
    )
    return Still(WIDTH, HEIGHT, colours.paper, marks)


def _cells(surface: Surface, low: float, high: float, colours: Palette) -> Iterator[StillMark]:
    columns, rows = _chosen(len(surface.x), CELLS), _chosen(len(surface.y), CELLS)
    wide = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    tall = (HEIGHT - TOP - BOTTOM) / max(len(rows), 1)
    faint, full = colours.sequential[0][1], colours.sequential[-1][1]
    for up, row in enumerate(rows):
        for along, column in enumerate(columns):
            height = surface.value[row][column]
            if math.isfinite(height):
                tone = mixed(faint, full, 0.85 * share(height, low, high))
                x, y = LEFT + along * wide, HEIGHT - BOTTOM - (up + 1) * tall
                yield Patch(x, y, wide + 0.3, tall + 0.3, tone)


def _axes(surface: Surface, colours: Palette) -> Iterator[StillMark]:
    for x in ticks(*_span(surface.x)):
        yield Label(_across(surface, x), HEIGHT - 14, number(x), colours.muted, "middle")
    for y in ticks(*_span(surface.y)):
        yield Label(LEFT - 6, _down(surface, y) + 4, number(y), colours.muted, "end")


def _arrows(surface: Surface, colours: Palette) -> Iterator[StillMark]:
    """The gradient field; of an arrow that leaves the map the part within."""
    places = [
        (row, column)
        for row in _chosen(len(surface.y), ARROWS)
        for column in _chosen(len(surface.x), ARROWS)
        if math.isfinite(surface.dx[row][column]) and math.isfinite(surface.dy[row][column])
    ]
    lengths = (math.hypot(surface.dx[r][c], surface.dy[r][c]) for r, c in places)
    steepest = min(max(lengths, default=0.0), sys.float_info.max)
    for row, column in places if steepest > 0 else ():
        x, y = _across(surface, surface.x[column]), _down(surface, surface.y[row])
        longest = 0.8 * (WIDTH - LEFT - RIGHT) / ARROWS
        to_x = x + surface.dx[row][column] / steepest * longest
        to_y = y - surface.dy[row][column] / steepest * longest
        for way in ways(((x, y), (to_x, to_y)), _FRAME):
            if way[0] != way[-1]:
                yield Stroke(way, colours.backward)
                yield Disc(*way[-1], 1.8, colours.backward)


def _chosen(count: int, most: int) -> list[int]:
    """At most so many places among `count`, evenly apart."""
    if count <= most:
        return list(range(count))
    return [int((place + 0.5) * count / most) for place in range(most)]


def _span(places: Sequence[float]) -> tuple[float, float]:
    low, high = (places[0], places[-1]) if places else (0.0, 1.0)
    return low, high if high > low else low + 1.0


def _across(surface: Surface, x: float) -> float:
    return LEFT + share(x, *_span(surface.x)) * (WIDTH - LEFT - RIGHT)


def _down(surface: Surface, y: float) -> float:
    return HEIGHT - BOTTOM - share(y, *_span(surface.y)) * (HEIGHT - TOP - BOTTOM)
