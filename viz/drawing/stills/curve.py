"""A curve as a still picture: f and its derivatives over one axis.

Its heights and its gaps are those of the figure; what leaves them is cut off.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import Final

from viz.drawing.figures.curve.figure import dots, joined, window
from viz.drawing.figures.palette import DASHES, Palette, palette
from viz.drawing.figures.scale import share
from viz.drawing.stills.marks import Disc, Frame, Label, Point, Still, StillMark, Stroke, ways
from viz.drawing.texts import PRIMES, number
from viz.records import Curve

WIDTH: Final = 640
HEIGHT: Final = 360
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 30, 34
TICKS: Final = 6
MOST: Final = sys.float_info.max
FAR: Final = 9e3
"""Points beyond which a line is straight enough."""
DOT: Final = 4.0
"""A dot's radius; smaller where there are `MANY`."""
MANY: Final = 12
_DASHES: Final = {"solid": (), "dash": (6, 4), "dashdot": (7, 3, 2, 3), "dot": (2, 3)}
_FRAME: Final[Frame] = (LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM)


def curve_still(curve: Curve, *, dark: bool = False) -> Still:
    """The curve with its axes."""
    colours = palette(dark)
    low, high = (max(-MOST, min(end, MOST)) for end in window(curve))
    start, stop = (curve.x[0], curve.x[-1]) if curve.x else (0.0, 1.0)
    stop = stop if stop > start else start + 1.0
    marks = [*_grid(start, stop, low, high, colours)]
    for order in range(len(curve.derivatives)):
        xs, ys = joined(curve, order)
        points = (_place(x, y, start, stop, low, high) for x, y in zip(xs, ys, strict=True))
        colour, dash = colours.orders[order], _DASHES[DASHES[order]]
        marks += [Stroke(way, colour, 1.8, dash=dash) for way in ways(points, _FRAME)]
        marks += _dots(curve, order, (start, stop, low, high), colours)
        marks.append(Label(LEFT + 44 * order, 19, PRIMES[order], colour))
    marks.append(Label(WIDTH - RIGHT, 19, curve.along, colours.muted, "end"))
    return Still(WIDTH, HEIGHT, colours.paper, tuple(marks))


def _dots(
    curve: Curve, order: int, ends: tuple[float, float, float, float], colours: Palette
) -> Iterator[StillMark]:
    """Open dots for one-sided values, filled ones for PyTorch's answers, as in the figure."""
    sides, answers = dots(curve, order)
    left, top, right, bottom = _FRAME
    radius = DOT if max(len(sides), len(answers)) < MANY else DOT * 0.6
    for found, is_open in ((sides, True), (answers, False)):
        for gap, y in found:
            x, down = _place(gap.start, y, *ends)
            if left <= x <= right and top <= down <= bottom:
                yield Disc(x, down, radius, colours.orders[order])
                if is_open:
                    yield Disc(x, down, radius - 1.6, colours.paper)


def _place(x: float, y: float | None, start: float, stop: float, low: float, high: float) -> Point:
    across = LEFT + share(x, start, stop) * (WIDTH - LEFT - RIGHT)
    if y is None:
        return across, math.nan
    down = HEIGHT - BOTTOM - share(y, low, high) * (HEIGHT - TOP - BOTTOM)
    return across, min(max(down, -FAR), FAR)


def _grid(
    start: float, stop: float, low: float, high: float, colours: Palette
) -> Iterator[StillMark]:
    """The lines at round numbers, and these numbers."""
    left, top, right, bottom = _FRAME
    for x in ticks(start, stop):
        at, _ = _place(x, low, start, stop, low, high)
        yield Stroke(((at, top), (at, bottom)), colours.muted, opacity=0.18 if x else 0.6)
        yield Label(at, HEIGHT - 14, number(x), colours.muted, "middle")
    for y in ticks(low, high):
        _, at = _place(start, y, start, stop, low, high)
        yield Stroke(((left, at), (right, at)), colours.muted, opacity=0.18 if y else 0.6)
        yield Label(LEFT - 6, at + 4, number(y), colours.muted, "end")


def ticks(low: float, high: float) -> list[float]:
    """Round numbers between two others, about `TICKS` of them."""
    rough = high / TICKS - low / TICKS
    if not sys.float_info.min < rough < math.inf:  # below it there are no round numbers
        return []
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough * 0.999)
    first = math.ceil(low / step)
    return [step * place for place in range(first, first + 2 * TICKS) if step * place <= high]
