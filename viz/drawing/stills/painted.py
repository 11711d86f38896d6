"""A still picture in Graphviz's hands: its marks as the ground of a graph without cards.

Graphviz draws `_background` before the graph, in the language in which it tells its own drawings
(xdot): colours, lines, polygons, ellipses, texts. y goes up there. `painted` gives the DOT source,
whose positions are fixed (`nop2`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from viz.drawing.stills.marks import FONT_SIZE, Disc, Label, Patch, Point, Still, StillMark, Stroke
from viz.drawing.texts import printable

FONT: Final = "Helvetica"
PIECE: Final = 3_000
"""Characters, of at most four bytes each."""
_ALIGNED: Final = {"start": -1, "middle": 0, "end": 1}


def painted(still: Still, dpi: float | None = None) -> str:
    """The DOT source of a still picture; `dpi` are the pixels an inch of one in pixels."""
    paper = Patch(0, 0, still.width, still.height, still.paper)  # without it the margin is cut off
    marks = " ".join(" ".join(_told(mark, still.height)) for mark in (paper, *still.marks))
    box = f"0,0,{still.width:g},{still.height:g}"
    middle = f"{still.width / 2:g},{still.height / 2:g}"
    ground = f'bb="{box}" pad=0 margin=0 bgcolor="{still.paper}" _background={_quoted(marks)}'
    if dpi is not None:
        ground += f" dpi={dpi:g}"
    return (
        f'digraph {{ graph [{ground}] a [style=invis label="" width=0 height=0 pos="{middle}"] }}'
    )


def _quoted(text: str) -> str:
    """A long text in DOT: what stands in one pair of quotes may be 16 kB there."""
    pieces = (text[start : start + PIECE] for start in range(0, len(text), PIECE))
    return " + ".join('"' + piece.replace('"', '\\"') + '"' for piece in pieces) or '""'


def _text(text: str) -> str:
    """A text as xdot counts it: its bytes, then these. A backslash would end DOT's quotes."""
    shown = printable(text).replace("\\", "∖")
    return f"{len(shown.encode())} -{shown}"


def _told(mark: StillMark, height: float) -> Iterator[str]:
    match mark:
        case Stroke():
            opacity = "" if mark.opacity >= 1 else f"{round(mark.opacity * 255):02x}"
            yield f"c {_text(mark.colour + opacity)} S {_text(f'setlinewidth({mark.width:g})')}"
            for way in dashed(mark.points, mark.dash) if mark.dash else (mark.points,):
                yield f"L {len(way)} {_places(way, height)}"
        case Patch():
            right, low = mark.x + mark.width, mark.y + mark.height
            corners = ((mark.x, mark.y), (right, mark.y), (right, low), (mark.x, low))
            yield f"c {_text('#00000000')} C {_text(mark.colour)} P 4 {_places(corners, height)}"
        case Disc():
            yield f"c {_text(mark.colour)} C {_text(mark.colour)}"
            yield f"E {_places(((mark.x, mark.y),), height)} {mark.radius:g} {mark.radius:g}"
        case Label() if mark.text:
            yield f"c {_text(mark.colour)} F {FONT_SIZE:g} {_text(FONT)}"
            place = _places(((mark.x, mark.y),), height)
            yield f"T {place} {_ALIGNED[mark.anchor]} 0 {_text(mark.text)}"


def _places(points: Sequence[Point], height: float) -> str:
    return " ".join(f"{x:.2f} {height - y:.2f}" for x, y in points)


def dashed(points: Sequence[Point], lengths: Sequence[float]) -> Iterator[list[Point]]:
    """The dashes of a line: xdot has no lengths of its own."""
    way, turn, left = [points[0]], 0, lengths[0]
    for start, stop in pairwise(points):
        long, at = math.dist(start, stop), 0.0
        while long - at > left:
            at += left
            here = tuple(a + (b - a) * at / long for a, b in zip(start, stop, strict=True))
            if turn % 2 == 0:
                yield [*way, (here[0], here[1])]
            way, turn = [(here[0], here[1])], turn + 1
            left = lengths[turn % len(lengths)]
        left -= long - at
        way.append(stop)
    if turn % 2 == 0:
        yield way
