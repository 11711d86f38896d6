"""A surface as a plain SVG, for where nothing runs scripts: a map with its gradient field.

The darker a cell, the higher f there; a cell where f is not defined is left out. Arrows point
uphill, the longest where f is steepest.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from viz.drawing.figures.curve.still import label, ticks
from viz.drawing.figures.palette import Palette, mixed, palette
from viz.drawing.figures.scale import share
from viz.drawing.texts import number
from viz.records import Surface

WIDTH: Final = 560
HEIGHT: Final = 460
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 30, 34
CELLS: Final = 50
"""Cells along each side, at most."""
ARROWS: Final = 10
"""Arrows along each side."""


def surface_still(surface: Surface, *, dark: bool = False) -> str:
    """The surface as an SVG of its own."""
    colours = palette(dark)
    heights = [height for row in surface.value for height in row if math.isfinite(height)]
    low, high = (min(heights), max(heights)) if heights else (0.0, 0.0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" font-family="Helvetica, Arial, sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours.paper}"/>',
        *_cells(surface, low, high, colours),
        *_axes(surface, colours),
        f'<clipPath id="map"><rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
        f'height="{HEIGHT - TOP - BOTTOM}"/></clipPath><g clip-path="url(#map)">',
        *_arrows(surface, colours),
        "</g>",
    ]
    title = f"f: {number(low)} … {number(high)}" if heights else "f: –"
    parts.append(label(LEFT, 19, title, colours.forward, "start"))
    parts.append(label(WIDTH - RIGHT, 19, " →, ".join(surface.along) + " ↑", colours.muted, "end"))
    return "".join([*parts, "</svg>"])


def _cells(surface: Surface, low: float, high: float, colours: Palette) -> Iterator[str]:
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
                yield (
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide + 0.3:.1f}" '
                    f'height="{tall + 0.3:.1f}" fill="{tone}"/>'
                )


def _axes(surface: Surface, colours: Palette) -> Iterator[str]:
    for x in ticks(*_span(surface.x)):
        yield label(_across(surface, x), HEIGHT - 14, number(x), colours.muted, "middle")
    for y in ticks(*_span(surface.y)):
        yield label(LEFT - 6, _down(surface, y) + 4, number(y), colours.muted, "end")


def _arrows(surface: Surface, colours: Palette) -> Iterator[str]:
    """The gradient field; each arrow's head is a dot."""
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
        yield (
            f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{colours.backward}"/>'
            f'<circle cx="{to_x:.1f}" cy="{to_y:.1f}" r="1.8" fill="{colours.backward}"/>'
        )


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
