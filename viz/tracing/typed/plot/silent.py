"""Words of an area and of a figure that change nothing here, and those said by way of others.

A curve or points in space are shown from above: x and y of them. Boxes (`boxplot`) are drawn with
lines, counts over two axes (`hist2d`) as a picture.
"""

from __future__ import annotations

from typing import Any

import numpy

from viz.tracing.typed.plot.drawn import DrawnMark
from viz.tracing.typed.plot.styles import numbers, series
from viz.tracing.typed.type_stand_ins import Frozen, nothing


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
