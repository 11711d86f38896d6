"""A curve as a plain SVG: f and its derivatives over one axis, where nothing runs scripts.

Gaps stay gaps. Far outliers (beside a pole) do not set the scale: what leaves it is cut off.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from viz.drawing.figures.palette import DASHES, palette
from viz.drawing.figures.scale import share
from viz.drawing.texts import PRIMES, number, printable
from viz.records import Curve

WIDTH: Final = 640
HEIGHT: Final = 360
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 30, 34
TICKS: Final = 6
OUTLYING: Final = 0.02
"""The part of the samples at either end that does not set the scale when it lies far out."""
_DASHES: Final = {"solid": "", "dash": "6 4", "dashdot": "7 3 2 3", "dot": "2 3"}


def still(curve: Curve, *, dark: bool = False) -> str:
    """The curve as an SVG of its own."""
    colours = palette(dark)
    finite = [value for row in curve.derivatives for value in row if math.isfinite(value)]
    low, high = _scale(finite)
    start, stop = (curve.x[0], curve.x[-1]) if curve.x else (0.0, 1.0)
    stop = stop if stop > start else start + 1.0

    def across(x: float) -> float:
        return LEFT + share(x, start, stop) * (WIDTH - LEFT - RIGHT)

    def down(y: float) -> float:
        return HEIGHT - BOTTOM - share(y, low, high) * (HEIGHT - TOP - BOTTOM)

    frame = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" font-family="Helvetica, Arial, sans-serif" font-size="12">',
        f'<clipPath id="inside"><rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
        f'height="{HEIGHT - TOP - BOTTOM}"/></clipPath>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours.paper}"/>',
    ]
    for x in ticks(start, stop):
        frame.append(_line(across(x), TOP, across(x), HEIGHT - BOTTOM, colours.muted, x == 0))
        frame.append(label(across(x), HEIGHT - 14, number(x), colours.muted, "middle"))
    for y in ticks(low, high):
        frame.append(_line(LEFT, down(y), WIDTH - RIGHT, down(y), colours.muted, y == 0))
        frame.append(label(LEFT - 6, down(y) + 4, number(y), colours.muted, "end"))
    for order, row in enumerate(curve.derivatives):
        way = "".join(_ways(((across(x), down(y)) for x, y in zip(curve.x, row, strict=True))))
        dash = _DASHES[DASHES[order]]
        frame.append(
            f'<path d="{way}" fill="none" stroke="{colours.orders[order]}" stroke-width="1.8" '
            f'stroke-dasharray="{dash or "none"}" clip-path="url(#inside)"/>'
        )
        frame.append(label(LEFT + 44 * order, 19, PRIMES[order], colours.orders[order], "start"))
    frame.append(label(WIDTH - RIGHT, 19, curve.along, colours.muted, "end"))
    return "".join([*frame, "</svg>"])


def ticks(low: float, high: float) -> list[float]:
    """Round numbers between two others, about `TICKS` of them."""
    rough = high / TICKS - low / TICKS
    if not sys.float_info.min < rough < math.inf:  # below it there are no round numbers
        return []
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough * 0.999)
    first = math.ceil(low / step)
    return [step * place for place in range(first, first + 2 * TICKS) if step * place <= high]


def _scale(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest y that is shown."""
    if not values:
        return -1.0, 1.0
    ordered = sorted(values)
    cut = int(len(ordered) * OUTLYING)
    low, high = ordered[cut], ordered[-1 - cut]
    room = (high - low) or abs(high) or 1.0
    # what is a little beyond is no outlier
    low, high = max(ordered[0], low - room), min(ordered[-1], high + room)
    most = sys.float_info.max
    return max(low - 0.05 * room, -most), min(high + 0.05 * room, most)


def _ways(points: Iterable[tuple[float, float]]) -> Iterator[str]:
    """The path's commands; where a sample is missing it is lifted."""
    pen = "M"
    for x, y in points:
        if math.isfinite(y):
            yield f"{pen}{x:.2f} {min(max(y, -9e3), 9e3):.2f}"
            pen = "L"
        else:
            pen = "M"


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, zero: bool) -> str:
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" '
        f'stroke-opacity="{0.6 if zero else 0.18}"/>'
    )


def label(x: float, y: float, text: str, colour: str, anchor: str) -> str:
    """An SVG's text, whatever characters it holds."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">'
        f"{escape(printable(text))}</text>"
    )
