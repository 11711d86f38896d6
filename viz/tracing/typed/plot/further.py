"""Words of a drawing area that others are said with: stems, arrows, looks; `matplotlib.patches` and
`matplotlib.lines`: outlines, before they are drawn, and what a legend names without drawing it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy

from viz.tracing.typed.plot.drawn import DrawnMark
from viz.tracing.typed.plot.styles import Style, series
from viz.tracing.typed.type_stand_ins import Frozen

AROUND: Final = 48
"""Corners of a circle."""


class Looks(Frozen):
    """`ax.spines`, `ax.xaxis`: what the page has by itself."""

    __slots__ = ()

    def __getitem__(self, _name: Any) -> Looks:
        return self

    def values(self) -> list[Looks]:
        """The one that stands for all."""
        return [self]

    def _nothing(self, *_given: Any, **_words: Any) -> None:
        """A word for looks that the page has by itself."""

    set_visible = set_color = set_linewidth = set_position = set_bounds = set_label_text = _nothing
    set_major_locator = set_minor_locator = set_major_formatter = set_ticks_position = _nothing
    set_label_position = set_ticklabels = set_tick_params = set_minor_formatter = _nothing
    set_ticks = set_inverted = _nothing


class PatchShape(Frozen):
    """A rectangle, circle or polygon, before it is drawn."""

    __slots__ = ("_corners", "_words")
    _corners: tuple[list[float], list[float]]
    _words: dict[str, Any]

    def __init__(self, x: list[float], y: list[float], words: dict[str, Any]) -> None:
        object.__setattr__(self, "_corners", (x, y))
        object.__setattr__(self, "_words", words)

    def __repr__(self) -> str:
        return "<patch>"


def rectangle(xy: Any, width: float, height: float, **words: Any) -> PatchShape:
    """`plt.Rectangle((x, y), width, height)`."""
    left, low = float(xy[0]), float(xy[1])
    right, high = left + float(width), low + float(height)
    return PatchShape([left, right, right, left, left], [low, low, high, high, low], words)


def circle(xy: Any, radius: float = 5, **words: Any) -> PatchShape:
    """`plt.Circle((x, y), radius)`."""
    turns = [2 * math.pi * place / AROUND for place in range(AROUND + 1)]
    x, y, r = float(xy[0]), float(xy[1]), float(radius)
    return PatchShape(
        [x + r * math.cos(each) for each in turns],
        [y + r * math.sin(each) for each in turns],
        words,
    )


def polygon(xy: Any, _closed: bool = True, **words: Any) -> PatchShape:
    """`Polygon([(x, y), …])`."""
    xs, ys = series(xy)
    return PatchShape([*xs, xs[0]], [*ys, ys[0]], words)


MOST: Final = 10_000
"""Corners of what is round."""
_STEP: Final = 7.5
"""Degrees between two corners of what is round."""


def _turned(xs: list[float], ys: list[float], angle: float) -> tuple[list[float], list[float]]:
    """Places turned around zero, by degrees."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    pairs = list(zip(xs, ys, strict=True))
    return [x * cos - y * sin for x, y in pairs], [x * sin + y * cos for x, y in pairs]


def _round(
    across: float, up: float, between: tuple[float, float] = (0.0, 360.0)
) -> tuple[list[float], list[float]]:
    """Part of an ellipse around zero, between two angles in degrees."""
    low, high = between
    steps = max(1, min(MOST, math.ceil(abs(high - low) / _STEP)))
    turns = [math.radians(low + (high - low) * place / steps) for place in range(steps + 1)]
    return [across * math.cos(each) for each in turns], [up * math.sin(each) for each in turns]


def _moved(xy: Any, xs: list[float], ys: list[float], words: dict[str, Any]) -> PatchShape:
    x, y = float(xy[0]), float(xy[1])
    return PatchShape([x + each for each in xs], [y + each for each in ys], words)


def ellipse(xy: Any, width: float, height: float, *, angle: float = 0, **words: Any) -> PatchShape:
    """`Ellipse((x, y), width, height, angle=30)`."""
    across, up = float(width) / 2, float(height) / 2
    return _moved(xy, *_turned(*_round(across, up), float(angle)), words)


def arc(
    xy: Any,
    width: float,
    height: float,
    *,
    angle: float = 0,
    theta1: float = 0,
    theta2: float = 360,
    **words: Any,
) -> PatchShape:
    """A part of an ellipse."""
    drawn = _round(float(width) / 2, float(height) / 2, (float(theta1), float(theta2)))
    return _moved(xy, *_turned(*drawn, float(angle)), words)


def wedge(center: Any, r: float, theta1: float, theta2: float, **words: Any) -> PatchShape:
    """A piece of a circle."""
    xs, ys = _round(float(r), float(r), (float(theta1), float(theta2)))
    return _moved(center, [0.0, *xs, 0.0], [0.0, *ys, 0.0], words)


def regular(
    xy: Any, numVertices: int, *, radius: float = 5, orientation: float = 0, **words: Any
) -> PatchShape:
    """`RegularPolygon((x, y), 6, radius=1)`: a corner above, the others beside it."""
    count, first = int(numVertices), math.pi / 2 + float(orientation)
    turns = [first + 2 * math.pi * place / count for place in range(count + 1)]
    r = float(radius)
    return _moved(
        xy, [r * math.cos(each) for each in turns], [r * math.sin(each) for each in turns], words
    )


def boxed(xy: Any, width: float, height: float, *_style: Any, **words: Any) -> PatchShape:
    """`FancyBboxPatch((x, y), width, height)`: its corners stay sharp here."""
    return rectangle(xy, width, height, **words)


def straight(x: float, y: float, dx: float, dy: float, **words: Any) -> PatchShape:
    """`Arrow(x, y, dx, dy)`: a line from (x, y), as far as (dx, dy)."""
    return _moved((x, y), [0.0, float(dx)], [0.0, float(dy)], words)


def between(posA: Any, posB: Any, **words: Any) -> PatchShape:
    """`FancyArrowPatch((x, y), (u, v))`: a straight line."""
    ends = (posA, posB)
    return PatchShape([float(each[0]) for each in ends], [float(each[1]) for each in ends], words)


def named(**words: Any) -> PatchShape:
    """`Patch(color='r', label='first')`: what a legend names."""
    return PatchShape([], [], words)


def line2d(xdata: Any, ydata: Any, *_looks: Any, **words: Any) -> PatchShape:
    """`Line2D([0, 1], [0, 1], color='r')`, for `add_line` or a legend."""
    return PatchShape(series(xdata)[0], series(ydata)[0], words)


PATCHES: Final[Mapping[str, Callable[..., PatchShape]]] = {
    "Rectangle": rectangle,
    "Circle": circle,
    "Polygon": polygon,
    "Ellipse": ellipse,
    "Arc": arc,
    "Wedge": wedge,
    "RegularPolygon": regular,
    "FancyBboxPatch": boxed,
    "FancyArrowPatch": between,
    "Arrow": straight,
    "Patch": named,
}


class FurtherWords(Frozen):
    """What an area says with its other words."""

    __slots__ = ()

    plot: Any
    vlines: Any
    fill_between: Any
    contour: Any
    contourf: Any
    _drawing: Any
    set_xticks: Any
    set_yticks: Any

    def stem(self, *values: Any, **_words: Any) -> DrawnMark:
        """Points on stalks: `stem(y)`, `stem(x, y)`."""
        rows = [series(each)[0] for each in values[:2] if not isinstance(each, str)]
        heights = rows[-1]
        places = rows[0] if len(rows) > 1 else [float(each) for each in range(len(heights))]
        self.vlines(places, 0.0, heights)
        drawn: DrawnMark = self.plot(places, heights, "o")
        return drawn

    def fill(self, x: Any, y: Any, *_form: Any, **words: Any) -> DrawnMark:
        """A polygon."""
        drawn: DrawnMark = self._drawing.add(
            "fill", series(x)[0], series(y)[0], Style.of(**line_words(words))
        )
        return drawn

    def arrow(self, x: float, y: float, dx: float, dy: float, **words: Any) -> DrawnMark:
        """An arrow from (x, y), as far as (dx, dy)."""
        at, up, right, high = float(x), float(y), float(dx), float(dy)
        tip = (at + right, up + high)
        barbs = [
            (tip[0] - 0.2 * right - side * high, tip[1] - 0.2 * high + side * right)
            for side in (0.1, -0.1)
        ]
        xs = [at, tip[0], barbs[0][0], tip[0], barbs[1][0]]
        ys = [up, tip[1], barbs[0][1], tip[1], barbs[1][1]]
        drawn: DrawnMark = self.plot(xs, ys, **line_words(words))
        return drawn

    def add_patch(self, p: Any) -> Any:
        """The outline of a patch; raises `TypeError` for anything else."""
        if not isinstance(p, PatchShape):
            raise TypeError(f"a patch is no {type(p).__name__}")
        self.plot(*p._corners, **line_words(p._words))
        return p

    add_artist = add_patch

    def axhspan(self, ymin: float, ymax: float, *_ends: Any, **words: Any) -> DrawnMark:
        """A band from ymin to ymax; as wide as what is drawn."""
        xs = [x for mark in self._drawing.marks for x in mark.x] or [0.0, 1.0]
        drawn: DrawnMark = self.fill_between([min(xs), max(xs)], [ymin] * 2, [ymax] * 2, **words)
        return drawn

    def plot_surface(self, *values: Any, **words: Any) -> DrawnMark:
        """A surface, seen from above."""
        drawn: DrawnMark = self.contourf(*values, **words)
        return drawn

    def plot_wireframe(self, *values: Any, **words: Any) -> DrawnMark:
        """The same by lines of equal height."""
        drawn: DrawnMark = self.contour(*values, **words)
        return drawn

    def _side(self, side: str, limits: Any) -> Any:
        """Sets from where to where an axis goes, and tells it; where nothing was ever said what is
        drawn is told with a margin, as matplotlib has it.
        """
        if limits is not None:
            self._drawing.look(**{f"{side}lim": limits})
            return limits
        if (held := self._drawing.looks.get(f"{side}lim")) is not None:
            return held
        drawn = [n for mark in self._drawing.marks for n in getattr(mark, side) if math.isfinite(n)]
        low, high = min(drawn, default=0.0), max(drawn, default=1.0)
        margin = 0.05 * (high - low) if drawn else 0.0
        return (numpy.float64(low - margin), numpy.float64(high + margin))

    def get_xlim(self) -> Any:
        """From where to where the horizontal axis goes."""
        return self._side("x", None)

    def get_ylim(self) -> Any:
        """The same, of the vertical axis."""
        return self._side("y", None)

    def set_xticklabels(self, labels: Any, *_fonts: Any, **_words: Any) -> None:
        """The words at the marks of the horizontal axis."""
        self.set_xticks(self._tick_places("xticks", labels), labels)

    def set_yticklabels(self, labels: Any, *_fonts: Any, **_words: Any) -> None:
        """The words at the marks of the vertical axis."""
        self.set_yticks(self._tick_places("yticks", labels), labels)

    def _tick_places(self, side: str, labels: Any) -> Any:
        held = self._drawing.looks.get(side)
        return list(range(len(list(labels)))) if held is None else held.at

    @property
    def spines(self) -> Looks:
        """The frame."""
        return Looks()

    xaxis = yaxis = zaxis = spines

    def get_xticklabels(self, *_given: Any, **_words: Any) -> list[Any]:
        """None that could be turned or coloured one by one: the page has its own."""
        return []

    get_yticklabels = get_xticklabels


def line_words(words: dict[str, Any]) -> dict[str, Any]:
    """The words of a patch that a line takes."""
    color = words.get("color", words.get("edgecolor", words.get("ec", words.get("facecolor"))))
    kept = {name: words[name] for name in ("label", "linestyle", "ls") if name in words}
    return kept | ({} if color in (None, "none") else {"color": color})
