"""Words of an area and of a figure that change nothing here, charts that are drawn by way of its
other words, and what an area tells of its looks.

A curve or points in space are shown from above: x and y of them. Boxes (`boxplot`) are drawn with
lines, counts over two axes (`hist2d`) as a picture.
"""

from __future__ import annotations

import itertools
import math
from contextlib import nullcontext
from typing import Any, Final

import numpy

from viz.tracing.typed.plot.drawn import DrawnMark
from viz.tracing.typed.plot.further import Looks, PatchShape
from viz.tracing.typed.plot.styles import Style, numbers, series, text_of
from viz.tracing.typed.type_stand_ins import Frozen, nothing

_ROUND: Final = 60
"""Corners of a whole pie."""


class ChartWords(Frozen):
    """`pie`, `stackplot`, `stairs`, `fill_betweenx`, and titles read again."""

    __slots__ = ()

    plot: Any
    text: Any
    fill: Any
    fill_between: Any
    pcolormesh: Any
    twinx: Any
    xaxis: Any
    add_patch: Any
    _drawing: Any

    def pie(
        self, x: Any, _explode: Any = None, labels: Any = None, colors: Any = None, **words: Any
    ) -> tuple[Any, ...]:
        """Shares of a whole, against the clock from the right."""
        parts = series(x)[0]
        whole = sum(parts) if words.get("normalize", True) else 1.0
        at = math.radians(float(words.get("startangle", 0)))
        slices, told, said = [], [], []
        for place, part in enumerate(parts):
            end = at + 2 * math.pi * part / (whole or 1.0)
            count = max(1, math.ceil(_ROUND * part / (whole or 1.0)))
            turns = [at + (end - at) * step / count for step in range(count + 1)]
            name = None if labels is None else text_of(labels[place])
            look = {"color": colors[place % len(colors)]} if colors is not None else {}
            xs, ys = [math.cos(each) for each in turns], [math.sin(each) for each in turns]
            slices.append(self.fill([0, *xs, 0], [0, *ys, 0], label=name, **look))
            middle = ((at + end) / 2, 100 * part / (whole or 1.0))
            told.append(_beside(self, middle[0], 1.1, name or ""))
            if (form := words.get("autopct")) is not None:
                share = form(middle[1]) if callable(form) else str(form) % middle[1]
                said.append(_beside(self, middle[0], 0.6, share))
            at = end
        self._drawing.look(equal=True, bare=True)
        return (slices, told, said) if words.get("autopct") is not None else (slices, told)

    def stackplot(self, x: Any, *args: Any, labels: Any = (), **words: Any) -> list[DrawnMark]:
        """Each series on top of those before it."""
        xs = series(x)[0]
        low, drawn = [0.0] * len(xs), []
        rows = [row for each in args for row in _rows(each)]
        colors = words.get("colors")
        for place, row in enumerate(rows):
            high = [one + other for one, other in zip(low, row, strict=True)]
            look = {"label": labels[place]} if place < len(labels) else {}
            look |= {} if colors is None else {"color": colors[place % len(colors)]}
            drawn.append(self.fill_between(xs, low, high, **look))
            low = high
        return drawn

    def stairs(self, values: Any, edges: Any = None, **words: Any) -> DrawnMark:
        """Heights between edges."""
        heights = series(values)[0]
        sides = [float(each) for each in range(len(heights) + 1)]
        sides = sides if edges is None else series(edges)[0]
        xs = [each for pair in itertools.pairwise(sides) for each in pair]
        ys = [each for height in heights for each in (height, height)]
        look = {
            each: words[each] for each in ("color", "label", "linestyle", "ls") if each in words
        }
        drawn: DrawnMark = self.plot(xs, ys, **look)
        return drawn

    def fill_betweenx(self, y: Any, x1: Any, x2: Any = 0, **words: Any) -> DrawnMark:
        """What lies between two lines, along the vertical axis."""
        ys, left, right = series(y)[0], series(x1)[0], series(x2)[0]
        left, right = (each * len(ys) if len(each) == 1 else each for each in (left, right))
        outline = ([*left, *reversed(right)], [*ys, *reversed(ys)])
        drawn: DrawnMark = self._drawing.add("fill", *outline, Style.of(**words))
        return drawn

    def pcolor(self, *values: Any, **words: Any) -> DrawnMark:
        """The same as `pcolormesh`."""
        drawn: DrawnMark = self.pcolormesh(*values, **words)
        return drawn

    def add_line(self, line: Any) -> PatchShape:
        """Draws a `Line2D`."""
        drawn: PatchShape = self.add_patch(line)
        return drawn

    def twiny(self) -> Any:
        """A second line of the same area has the same axis here."""
        return self.twinx()

    def get_title(self) -> str:
        """The area's title."""
        return str(self._drawing.looks.get("title") or "")

    def get_xlabel(self) -> str:
        """The name of the horizontal axis."""
        return str(self._drawing.looks.get("xlabel") or "")

    def get_ylabel(self) -> str:
        """The name of the vertical axis."""
        return str(self._drawing.looks.get("ylabel") or "")

    def get_xscale(self) -> str:
        """`linear` or `log`."""
        return "log" if self._drawing.looks.get("xlog") else "linear"

    def get_yscale(self) -> str:
        """The same, of the vertical axis."""
        return "log" if self._drawing.looks.get("ylog") else "linear"

    def get_xaxis(self) -> Looks:
        """The horizontal axis."""
        held: Looks = self.xaxis
        return held

    get_yaxis = get_xaxis

    def has_data(self) -> bool:
        """Whether something has been drawn."""
        return bool(self._drawing.marks)


def _beside(area: ChartWords, angle: float, far: float, text: Any) -> Any:
    return area.text(far * math.cos(angle), far * math.sin(angle), text, ha="center")


def _rows(values: Any) -> list[list[float]]:
    """One series, or several in the rows of a table."""
    if isinstance(values, list | tuple) and values and not hasattr(values[0], "__len__"):
        return series(values)
    return [series(each)[0] for each in values] if _is_table(values) else series(values)


def _is_table(values: Any) -> bool:
    return getattr(values, "ndim", 2) == 2


class SilentWords(Frozen):
    """What an area is told and has by itself, and what it says with its other words."""

    __slots__ = ()

    plot: Any
    scatter: Any
    pcolormesh: Any
    plot_surface: Any
    contour: Any
    fill: Any
    axis: Any
    _drawing: Any

    def plot3D(self, xs: Any, ys: Any, *_zs: Any, **words: Any) -> DrawnMark:
        """A curve in space, from above."""
        drawn: DrawnMark = self.plot(xs, ys, **words)
        return drawn

    def scatter3D(self, xs: Any, ys: Any, *_zs: Any, **words: Any) -> DrawnMark:
        """Points in space, from above."""
        drawn: DrawnMark = self.scatter(xs, ys, **words)
        return drawn

    def plot_wireframe(self, X: Any, Y: Any, Z: Any, **_words: Any) -> DrawnMark:
        """A surface."""
        drawn: DrawnMark = self.plot_surface(X, Y, Z)
        return drawn

    def contour3D(self, X: Any, Y: Any, Z: Any, *given: Any, **words: Any) -> DrawnMark:
        """Lines of equal height, from above."""
        drawn: DrawnMark = self.contour(X, Y, Z, *given, **words)
        return drawn

    def hist2d(self, x: Any, y: Any, bins: Any = 10, **words: Any) -> DrawnMark:
        """How many points lie in each place of a grid."""
        counts, across, up = numpy.histogram2d(series(x)[0], series(y)[0], bins)
        ways = {name: words[name] for name in ("cmap",) if name in words}
        drawn: DrawnMark = self.pcolormesh(across[:-1], up[:-1], counts.T, **ways)
        return drawn

    def boxplot(self, x: Any, *_ways: Any, **_words: Any) -> None:
        """A box from quarter to quarter of each series, with the median and the ends."""
        rows = [numbers(each) for each in x] if _is_nested(x) else [numbers(x)]
        for place, row in enumerate(rows, 1):
            low, first, middle, third, high = (
                float(each) for each in numpy.percentile(row, (0, 25, 50, 75, 100))
            )
            left, right = place - 0.25, place + 0.25
            self.plot([left, right, right, left, left], [first, first, third, third, first])
            self.plot([left, right], [middle, middle])
            self.plot([place, place], [low, first])
            self.plot([place, place], [third, high])

    def axline(self, xy1: Any, xy2: Any = None, *, slope: Any = None, **words: Any) -> DrawnMark:
        """A line through a point, by another one or by its slope."""
        x, y = (float(each) for each in xy1)
        rise = float(slope) if xy2 is None else (float(xy2[1]) - y) / (float(xy2[0]) - x)
        xs = [each for mark in self._drawing.marks for each in mark.x] or [x - 1, x + 1]
        ends = [min(xs), max(xs)]
        drawn: DrawnMark = self.plot(ends, [y + rise * (each - x) for each in ends], **words)
        return drawn

    def get_xlim(self) -> tuple[float, float]:
        """From where to where the horizontal axis goes."""
        return self._ends("xlim", "x")

    def get_ylim(self) -> tuple[float, float]:
        """The same, of the vertical axis."""
        return self._ends("ylim", "y")

    def _ends(self, side: str, values: str) -> tuple[float, float]:
        held = self._drawing.looks.get(side)
        if held is not None:
            return (float(held[0]), float(held[1]))
        marks = self._drawing.marks
        found = [each for mark in marks for each in (mark.x if values == "x" else mark.y)]
        return (float(min(found)), float(max(found))) if found else (0.0, 1.0)

    set_zlabel = set_zlim = set_zlim3d = set_zticks = view_init = set_box_aspect = nothing
    set_prop_cycle = invert_xaxis = label_outer = locator_params = ticklabel_format = nothing
    set_xbound = set_ybound = set_frame_on = set_axis_off = set_axis_on = set_xmargin = nothing
    set_zorder = set_rasterized = autoscale_view = minorticks_off = text2D = nothing
    set_xlim3d = set_ylim3d = set_zscale = nothing


def _is_nested(values: Any) -> bool:
    return isinstance(values, list | tuple) and bool(values) and hasattr(values[0], "__len__")


class Canvas(Frozen):
    """`fig.canvas`: the page draws by itself."""

    __slots__ = ()

    draw = draw_idle = flush_events = mpl_connect = set_window_title = nothing


class StyleSheets(Frozen):
    """`plt.style`: the page has its own."""

    __slots__ = ()

    def use(self, *_names: Any) -> None:
        """Nothing is changed by it."""

    def context(self, *_names: Any, **_ways: Any) -> Any:
        """A `with` that changes nothing."""
        return nullcontext()

    @property
    def available(self) -> list[str]:
        """The names of styles."""
        return ["default", "ggplot", "seaborn-v0_8", "dark_background", "fivethirtyeight"]
