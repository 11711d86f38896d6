"""What a still picture is made of: strokes, patches, discs and labels at places; and its SVG.

Points from the upper left corner, a point a pixel wide; colours are hexadecimal text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from viz.drawing.texts import printable

Point = tuple[float, float]
Frame = tuple[float, float, float, float]
"""Left, top, right, bottom."""
FONT_SIZE: Final = 12.0


@dataclass(frozen=True)
class Stroke:
    """A line through points; `dash` are the lengths of what is drawn and left out by turns."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Patch:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius: float
    colour: str


@dataclass(frozen=True)
class Label:
    """A text on its base line, which begins, ends or has its middle at x."""

    x: float
    y: float
    text: str
    colour: str
    anchor: Literal["start", "middle", "end"] = "start"


StillMark = Stroke | Patch | Disc | Label


@dataclass(frozen=True)
class Still:
    """A picture: its size, its ground, and its marks, later ones above."""

    width: float
    height: float
    paper: str
    marks: tuple[StillMark, ...]

    def svg(self) -> str:
        """The picture as an SVG of its own."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="{self.width:g}" height="{self.height:g}" role="img" '
            f'font-family="Helvetica, Arial, sans-serif" font-size="{FONT_SIZE:g}">'
        )
        paper = Patch(0, 0, self.width, self.height, self.paper)
        return "".join([head, *map(_svg, (paper, *self.marks)), "</svg>"])


def _svg(mark: StillMark) -> str:
    match mark:
        case Stroke():
            way = "L".join(f"{x:.2f} {y:.2f}" for x, y in mark.points)
            dash = " ".join(f"{each:g}" for each in mark.dash) or None
            look = {"stroke": mark.colour, "stroke-width": f"{mark.width:g}"}
            more = {"stroke-opacity": f"{mark.opacity:g}", "stroke-dasharray": dash}
            return _element("path", d=f"M{way}", fill="none", **look, **more)
        case Patch():
            sides = {"width": f"{mark.width:.1f}", "height": f"{mark.height:.1f}"}
            return _element("rect", x=f"{mark.x:.1f}", y=f"{mark.y:.1f}", **sides, fill=mark.colour)
        case Disc():
            place = {"cx": f"{mark.x:.1f}", "cy": f"{mark.y:.1f}", "r": f"{mark.radius:g}"}
            return _element("circle", **place, fill=mark.colour)
        case Label():
            look = {"fill": mark.colour, "text-anchor": mark.anchor}
            begin = _element("text", x=f"{mark.x:.1f}", y=f"{mark.y:.1f}", **look)
            return f"{begin.removesuffix('/>')}>{escape(printable(mark.text))}</text>"


def _element(kind: str, **attributes: str | None) -> str:
    told = (f'{name}="{value}"' for name, value in attributes.items() if value is not None)
    return f"<{kind} {' '.join(told)}/>"


# ── what lies within a frame ──


def ways(points: Iterable[Point], frame: Frame) -> Iterator[tuple[Point, ...]]:
    """The parts of a line that lie within a frame; where a point is missing (NaN) it is lifted."""
    way: list[Point] = []
    before: Point | None = None
    for point in points:
        here = point if all(map(math.isfinite, point)) else None
        part = None if before is None or here is None else within(before, here, frame)
        if way and (part is None or way[-1] != part[0]):
            yield tuple(way)
            way = []
        if part is not None:
            way.extend(part[1:] if way else part)
        before = here
    if way:
        yield tuple(way)


def within(start: Point, stop: Point, frame: Frame) -> tuple[Point, Point] | None:
    """The part of a straight line that lies within a frame, by Liang and Barsky."""
    (x, y), (right, down) = start, (stop[0] - start[0], stop[1] - start[1])
    enters, leaves = 0.0, 1.0
    left, top, farthest, bottom = frame
    for step, room in (
        (-right, x - left),
        (right, farthest - x),
        (-down, y - top),
        (down, bottom - y),
    ):
        if step == 0:
            if room < 0:
                return None
        elif step < 0:
            enters = max(enters, room / step)
        else:
            leaves = min(leaves, room / step)
    if enters > leaves:
        return None
    first = start if enters == 0 else (x + enters * right, y + enters * down)
    return first, stop if leaves == 1 else (x + leaves * right, y + leaves * down)
