"""`svg_of`: Graphviz's drawing operations as SVG, in the colours of the page.

Graphviz answers with outlines, curves and texts at places (its format `json`). Each becomes an
element that is written here: numbers as numbers, colours only where they are hexadecimal, texts
escaped. Black that stands on the page's own ground is the page's ink; where the program filled what
is behind, it stays black.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Final

import msgspec

from viz.drawing.figures.palette import palette
from viz.drawing.picture.text_width import width

PAD: Final = 4.0
"""Points around the graph, as Graphviz has them."""
SQUEEZED: Final = 1.15
"""How much wider than Graphviz counted a text may be before it is told how wide it is."""
_COLOR: Final = re.compile(r"#[0-9a-f]{6}(?:[0-9a-f]{2})?\Z")
_ANCHORS: Final = {"l": "start", "r": "end"}
_DASHES: Final = {"dashed": "5,2", "dotted": "1,5"}
_BLACK: Final = "#000000"
BACKSLASH: Final = "\\"
"""Graphviz writes one as two in its answer."""
Point = tuple[float, float]


class _Stop(msgspec.Struct):
    frac: float
    color: str


class _PenStroke(msgspec.Struct):
    """One thing that Graphviz draws, or a colour, a font or a style for those after it."""

    op: str
    color: str = ""
    points: list[Point] = []
    rect: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    pt: Point = (0.0, 0.0)
    align: str = "c"
    width: float = 0.0
    text: str = ""
    size: float = 14.0
    face: str = ""
    style: str = ""
    stops: list[_Stop] = []


_Strokes = list[_PenStroke]


class _LaidPart(msgspec.Struct, rename={name: f"_{name}_" for name in ("draw", "ldraw", "hdraw")}):
    """A node, a group or an edge, with what is drawn of it."""

    draw: _Strokes = []
    ldraw: _Strokes = []
    hdraw: _Strokes = []
    tdraw: _Strokes = msgspec.field(default_factory=list, name="_tdraw_")
    hldraw: _Strokes = msgspec.field(default_factory=list, name="_hldraw_")
    tldraw: _Strokes = msgspec.field(default_factory=list, name="_tldraw_")
    nodes: list[int] | None = None

    @property
    def lines(self) -> list[_Strokes]:
        return [self.draw, self.tdraw, self.hdraw]

    @property
    def words(self) -> list[_Strokes]:
        return [self.ldraw, self.hldraw, self.tldraw]


class _Laid(_LaidPart):
    bb: str = "0,0,0,0"
    objects: list[_LaidPart] = []
    edges: list[_LaidPart] = []
    bgcolor: str = ""


@dataclass(frozen=True)
class OwnPicture:
    """An SVG, and its size in points."""

    svg: str
    width: float
    height: float


def svg_of(answer: bytes, *, dark: bool = False) -> OwnPicture:
    """The picture; raises `msgspec.DecodeError` and `ValueError` for what is none of Graphviz's."""
    laid = msgspec.json.decode(answer, type=_Laid)
    left, low, right, high = map(float, laid.bb.split(","))
    colors = palette(dark)
    groups = [each for each in laid.objects if each.nodes is not None]
    nodes = [each for each in laid.objects if each.nodes is None]
    ground = bool(laid.bgcolor) or any(_fills(each) for each in groups)
    pen = _Pen(high, left, ground, colors.ink)
    body = [*pen.drawn(laid, ground=not laid.bgcolor)]
    for each in (*groups, *nodes, *laid.edges):
        body += pen.drawn(each)
    across, up = right - left + 2 * PAD, high - low + 2 * PAD
    if not all(math.isfinite(each) for each in (across, up)):
        raise ValueError("the picture has no size")
    paper = '<rect width="100%" height="100%" fill="#ffffff"/>' if ground else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across:.2f}" height="{up:.2f}"'
        f' viewBox="{-PAD:g} {-PAD:g} {across:.2f} {up:.2f}">'
        f"{''.join(pen.gradients)}{paper}{''.join(body)}</svg>"
    )
    return OwnPicture(svg, across, up)


def _fills(part: _LaidPart) -> bool:
    """Whether a part has a ground of its own, on which its words stand."""
    return any(each.op in "PEB" for each in part.draw)


@dataclass
class _Pen:
    """What Graphviz has said of colours and fonts so far, and how high the picture is."""

    high: float
    left: float
    literal: bool
    """Whether black stays black everywhere: the ground is the program's."""
    ink: str
    gradients: list[str] = field(default_factory=list)
    line: str = _BLACK
    fill: str = "none"
    style: str = ""
    size: float = 14.0
    face: str = ""

    def drawn(self, part: _LaidPart, *, ground: bool = False) -> Iterator[str]:
        """The elements of a part; of the whole graph not the ground, which is the page's."""
        for each in () if ground else part.lines:
            yield from self._elements(each, filled=False)
        filled = _fills(part) and not ground
        for each in part.words:
            yield from self._elements(each, filled=filled)

    def _elements(self, operations: _Strokes, *, filled: bool) -> Iterator[str]:
        self.style, self.line, self.fill = "", _BLACK, _BLACK
        for each in operations:
            if each.op in _SETS:
                self._set(each)
            elif each.op in "Ee":
                yield self._ellipse(each)
            elif each.op in "PpLBb":
                yield self._outline(each)
            elif each.op == "T":
                yield self._text(each, filled)

    def _set(self, said: _PenStroke) -> None:
        if said.op == "S":
            self.style = f"{self.style} {said.style}"[-200:]
        elif said.op == "F":
            self.size, self.face = said.size, said.face
        elif said.op == "C":
            self.fill = self._gradient(said) if said.stops else _color(said.color)
        else:
            self.line = _color(said.color or (said.stops[0].color if said.stops else ""))

    def _gradient(self, said: _PenStroke) -> str:
        name = f"g{len(self.gradients)}"
        stops = "".join(
            f'<stop offset="{each.frac:.3f}" stop-color="{_color(each.color)}"/>'
            for each in said.stops[:8]
        )
        self.gradients.append(f'<linearGradient id="{name}">{stops}</linearGradient>')
        return f"url(#{name})"

    def _inked(self, color: str, on_own_ground: bool = False) -> str:
        return self.ink if color == _BLACK and not (self.literal or on_own_ground) else color

    def _strokes(self, *, is_filled: bool) -> str:
        """How an outline is drawn, and what is in it."""
        said = [f'stroke="{self._inked(self.line)}"']
        said.append(f'fill="{self._inked(self.fill) if is_filled else "none"}"')
        dash = next((each for word, each in _DASHES.items() if word in self.style), None)
        said += [f'stroke-dasharray="{dash}"'] if dash else []
        wide = re.search(r"setlinewidth\((\d{1,3}(?:\.\d{1,3})?)\)", self.style)
        thick = wide[1] if wide else "2" if "bold" in self.style else ""
        return " ".join([*said, *([f'stroke-width="{thick}"'] if thick else [])])

    def _place(self, point: Point) -> str:
        return f"{point[0] - self.left:.2f},{self.high - point[1]:.2f}"

    def _ellipse(self, each: _PenStroke) -> str:
        x, y, across, up = each.rect
        return (
            f'<ellipse cx="{x - self.left:.2f}" cy="{self.high - y:.2f}" rx="{across:.2f}"'
            f' ry="{up:.2f}" {self._strokes(is_filled=each.op == "E")}/>'
        )

    def _outline(self, each: _PenStroke) -> str:
        places = [self._place(point) for point in each.points]
        if not places:
            return ""
        if each.op in "Pp":
            inside = self._strokes(is_filled=each.op == "P")
            return f'<polygon points="{" ".join(places)}" {inside}/>'
        if each.op == "L":
            return f'<polyline points="{" ".join(places)}" {self._strokes(is_filled=False)}/>'
        way = f"M{places[0]}C{' '.join(places[1:])}" if len(places) > 1 else f"M{places[0]}"
        return f'<path d="{way}" {self._strokes(is_filled=each.op == "B")}/>'

    def _text(self, each: _PenStroke, filled: bool) -> str:
        x, y = each.pt
        text = each.text.replace(2 * BACKSLASH, BACKSLASH)
        family = next((name for word, name in _FAMILIES if word in self.face), "sans-serif")
        tight = width(text, self.size) > SQUEEZED * each.width > 0
        held = f' textLength="{each.width:.2f}" lengthAdjust="spacingAndGlyphs"' if tight else ""
        anchor = _ANCHORS.get(each.align, "middle")
        return (
            f'<text x="{x - self.left:.2f}" y="{self.high - y:.2f}" text-anchor="{anchor}"'
            f' font-family="{family}" font-size="{self.size:.2f}"'
            f' fill="{self._inked(self.line, filled)}"{held}>{escape(text)}</text>'
        )


_SETS: Final = frozenset("cCFS")
_FAMILIES: Final = (
    ("Mono", "DejaVu Sans Mono, monospace"),
    ("Serif", "Times New Roman, DejaVu Serif, serif"),
)


def _color(text: str) -> str:
    """A colour that Graphviz says; one with no part left over it is none."""
    if _COLOR.match(text) is None:
        return _BLACK
    return "none" if text.endswith("00") and len(text) == 9 else text
