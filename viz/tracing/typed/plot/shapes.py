"""Shapes that matplotlib's words ask for, as rows of numbers: steps, arrows, bins; figures cut by
names: `GridSpec(2, 3)[0, 1]`, `plt.subplot_mosaic("AB;CC")`, where a part that reaches over
several places stands at its first one.
"""

from __future__ import annotations

import itertools
import math
import operator
from typing import Any, Final

import numpy

from viz.records import MAX_AXES, MAX_GRID
from viz.tracing.typed.type_stand_ins import Frozen

MAX_BINS: Final = 1_000
_NAN: Final = math.nan
NumberRow = list[float]
Cells = numpy.ndarray[Any, Any]


def steps(x: NumberRow, y: NumberRow) -> tuple[NumberRow, NumberRow]:
    """A line that keeps its height until the next place."""
    xs = [value for pair in itertools.pairwise(x) for value in pair]
    ys = [value for each in y[1:] for value in (each, each)]
    return ([*x[:1], *xs[1:], *x[-1:]] if xs else x), ([*y[:1], *ys[:-1], *y[-1:]] if xs else y)


def pieces(ends: list[tuple[float, float, float, float]]) -> tuple[NumberRow, NumberRow]:
    """Straight pieces as one line with gaps."""
    xs = [value for left, _, right, _ in ends for value in (float(left), float(right), _NAN)]
    ys = [value for _, low, _, high in ends for value in (float(low), float(high), _NAN)]
    return xs, ys


def errors(x: NumberRow, y: NumberRow, off: NumberRow) -> tuple[NumberRow, NumberRow]:
    """A piece from below to above each point."""
    offs = off * len(x) if len(off) == 1 else off
    ends = zip(x, y, offs, strict=True)
    return pieces([(at, height - by, at, height + by) for at, height, by in ends])


def mesh(columns: int, rows: int) -> tuple[list[NumberRow], list[NumberRow]]:
    """The places of a grid's cells."""
    places = [[float(column) for column in range(columns)] for _ in range(rows)]
    return places, [[float(row)] * columns for row in range(rows)]


def arrows(x: NumberRow, y: NumberRow, u: NumberRow, v: NumberRow) -> tuple[NumberRow, NumberRow]:
    """Arrows as one line with gaps, the longest about as long as their places are apart."""
    longest = max((math.hypot(*each) for each in zip(u, v, strict=True)), default=0.0)
    spread = max([max(each) - min(each) for each in (x, y) if each], default=0.0) or 1.0
    scale = spread / max(math.sqrt(len(x)), 1.0) / (longest or 1.0)
    xs: NumberRow = []
    ys: NumberRow = []
    for at, height, right, up in zip(x, y, u, v, strict=True):
        dx, dy = right * scale, up * scale
        tip = (at + dx, height + dy)
        xs += [at, tip[0], tip[0] - 0.3 * dx - 0.15 * dy, tip[0], tip[0] - 0.3 * dx + 0.15 * dy]
        ys += [height, tip[1], tip[1] - 0.3 * dy + 0.15 * dx, tip[1], tip[1] - 0.3 * dy - 0.15 * dx]
        xs.append(_NAN)
        ys.append(_NAN)
    return xs, ys


def counted(
    values: Any, bins: Any, range_: Any, words: dict[str, Any]
) -> tuple[NumberRow, NumberRow]:
    """How many values lie in each bin, and the bins' edges; raises `ValueError` for too many."""
    cut = bins if isinstance(bins, int | str) else [float(each) for each in bins]
    if isinstance(cut, int) and not 1 <= cut <= MAX_BINS:
        raise ValueError(f"a histogram has between 1 and {MAX_BINS} bins")
    flat = numpy.asarray(values, dtype=float).ravel()
    between = None if range_ is None else (float(range_[0]), float(range_[1]))
    if cut == "auto":
        cut = max(1, min(MAX_BINS, round(math.sqrt(flat.size))))
    counts, edges = numpy.histogram(flat, cut, between, density=bool(words.get("density")))
    return counts.astype(float).tolist(), edges.tolist()


def image(values: Any) -> Cells:
    """Rows of numbers; colours become their brightness."""
    grid = numpy.asarray(values, dtype=float)
    if grid.ndim == 3 and grid.shape[-1] in (1, 3, 4):
        grid = grid[..., :3].mean(-1)
    if grid.ndim != 2 or not grid.size:
        raise TypeError(f"Invalid shape {grid.shape} for image data")
    return grid


def middles(first: float, last: float, count: int) -> NumberRow:
    """The middles of as many cells between two sides."""
    width = (last - first) / count
    return [first + width * (place + 0.5) for place in range(count)]


def heights(*given: Any) -> tuple[NumberRow, NumberRow, Cells]:
    """Columns' places, rows' places and the rows, of `(z)` or `(x, y, z)`."""
    grid = numpy.asarray(given[-1], dtype=float)
    if grid.ndim != 2 or min(grid.shape) < 2:
        raise TypeError("Input z must be at least a (2, 2) shaped array")
    if len(given) < 3:
        x, y = numpy.arange(grid.shape[1]), numpy.arange(grid.shape[0])
    else:
        x, y = (numpy.asarray(each, dtype=float) for each in given[:2])
        if x.ndim == y.ndim == 2 and x[0, 0] == x[0, -1]:  # places by rows: meshgrid's "ij"
            x, y, grid = x.T, y.T, grid.T
        x = x[0] if x.ndim == 2 else x
        y = y[:, 0] if y.ndim == 2 else y
    if (len(y), len(x)) != grid.shape:
        raise TypeError("x and y do not fit the shape of z")
    return x.astype(float).tolist(), y.astype(float).tolist(), grid


def coarser(
    x: NumberRow, y: NumberRow, grid: Cells
) -> tuple[NumberRow, NumberRow, list[NumberRow]]:
    """At most `MAX_GRID` cells: every second row and column is left out until they fit."""
    while len(x) * len(y) > MAX_GRID:
        x, y, grid = x[::2], y[::2], grid[::2, ::2]
    return x, y, grid.tolist()


class GridPlace(Frozen):
    """One place of a grid: rows, columns and its number, from 1 on."""

    __slots__ = ("_cut",)
    _cut: tuple[int, int, int]

    def __init__(self, rows: int, columns: int, number: int) -> None:
        object.__setattr__(self, "_cut", (rows, columns, number))


class GridSpec(Frozen):
    """`GridSpec(rows, columns)`: its items are places for `fig.add_subplot`."""

    __slots__ = ("_side",)
    _side: tuple[int, int]

    def __init__(self, nrows: int = 1, ncols: int = 1, *_figure: Any, **_ways: Any) -> None:
        sides = operator.index(nrows), operator.index(ncols)
        if min(sides) < 1 or sides[0] * sides[1] > MAX_AXES:
            raise ValueError(f"a figure has between 1 and {MAX_AXES} drawing areas")
        object.__setattr__(self, "_side", sides)

    def __getitem__(self, place: Any) -> GridPlace:
        rows, columns = self._side
        if isinstance(place, tuple):
            row, column = (_first(part, side) for part, side in zip(place, self._side, strict=True))
            return GridPlace(rows, columns, row * columns + column + 1)
        return GridPlace(rows, columns, _first(place, rows * columns) + 1)

    def update(self, **_ways: Any) -> None:
        """How far the areas lie apart is the page's affair."""


def _first(part: Any, side: int) -> int:
    """The first place of an index or of a slice; raises `IndexError` where there is none."""
    if isinstance(part, slice):
        return range(side)[part][0]
    return range(side)[operator.index(part)]


def cut_of(place: tuple[Any, ...]) -> tuple[int, int, int]:
    """Rows, columns and number of `(1, 2, 1)`, `(121,)` or of a grid's place."""
    if len(place) == 1 and isinstance(place[0], GridPlace):
        return place[0]._cut
    rows, columns, number = place if len(place) == 3 else map(int, str(int(*place)))
    return int(rows), int(columns), number if isinstance(number, int) else int(number[0])


def mosaic_of(mosaic: Any) -> tuple[int, int, dict[Any, int]]:
    """Rows, columns and the first place of each name, `.` aside; raises `ValueError`."""
    if isinstance(mosaic, str):
        lines = [each.strip() for each in mosaic.replace(";", "\n").splitlines()]
        rows = [list(each) for each in lines if each]
    else:
        rows = [list(each) for each in mosaic]
    if not rows or len({len(row) for row in rows}) != 1:
        raise ValueError("All of the rows must be the same length")
    names = [name for row in rows for name in row]
    return len(rows), len(rows[0]), {name: names.index(name) for name in names if name != "."}
