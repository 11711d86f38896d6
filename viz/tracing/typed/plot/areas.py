"""One drawing area of the typed code's `plt`: what may be drawn into it, as records.

`Area` is what `plt.subplots()` gives as `ax`; `Sheet` is one figure with its areas. Every word that
draws writes the figure as it is into the transcript. Longer series than `MAX_SAMPLES` are thinned
evenly, larger grids than `MAX_GRID` too. Raises `ValueError` and `TypeError` as matplotlib would
for series that do not fit.
"""

from __future__ import annotations

import functools
import itertools
from typing import Any, Final

from msgspec import structs

from viz.records import MAX_AXES, MAX_MARKS, MAX_TICKS, Axes, Mark, MarkKind, Plot, Ticks
from viz.tracing.runnable import Transcript
from viz.tracing.typed.plot import shapes
from viz.tracing.typed.plot.bars import DrawnBars, are_whole
from viz.tracing.typed.plot.colored import named, opacity, shaded, shades
from viz.tracing.typed.plot.drawn import DrawnMark, row_of
from viz.tracing.typed.plot.further import FurtherWords
from viz.tracing.typed.plot.labels import LabelWords
from viz.tracing.typed.plot.places import new_place
from viz.tracing.typed.plot.silent import ChartWords, SilentWords
from viz.tracing.typed.plot.styles import (
    Style,
    gridded,
    limits,
    map_of,
    numbers,
    series,
    text_of,
    thinned,
)

MAX_POINTS: Final = 200_000
"""Numbers in one figure."""
MAX_BEFORE: Final = 600_000
"""Numbers in the figures of earlier cells, beside which a cell may draw its own."""


class AreaDraft:
    """What has been drawn into one area so far, and the figure that shows it."""

    def __init__(self, figure: Sheet) -> None:
        self.figure = figure
        self.marks: list[Mark] = []
        self.given: list[DrawnBars] = []
        self.looks: dict[str, Any] = {}

    def add(self, kind: MarkKind, x: Any, y: Any, style: Style, **more: Any) -> DrawnMark:
        """One more mark, the last of too many; raises `ValueError` if x and y do not fit."""
        if kind in ("line", "scatter", "bar", "barh") and len(x) != len(y):
            raise ValueError(
                "x and y must have same first dimension, but have shapes "
                f"({len(x)},) and ({len(y)},)"
            )
        if len(self.marks) >= MAX_MARKS:
            self.marks.pop()
            self.figure.transcript.told_once(MORE_LINES)
        held = [mark for each in self.figure.drawings for mark in each.marks]
        if sum(len(mark.y) + len(mark.z) for mark in held) > MAX_POINTS:
            raise ValueError(f"at most {MAX_POINTS} points fit into one figure")
        if self.figure.transcript.points > MAX_BEFORE:
            raise ValueError(f"at most {MAX_BEFORE} points fit into the figures of a script")
        named = (style.label, style.color, style.dash, style.marker)
        self.marks.append(Mark(kind, thinned(x), thinned(y), *named, **more))
        self.figure.written()
        return self.again(len(self.marks) - 1)

    def row(self, drawn: DrawnMark, *sides: Any) -> DrawnBars:
        """Bars one by one, kept for who asks the area for them."""
        self.given.append(DrawnBars(drawn, *sides))
        return self.given[-1]

    def again(self, place: int) -> DrawnMark:
        """What changes a mark."""
        return DrawnMark(functools.partial(self.change, place, self.marks[place]))

    def change(self, place: int, drawn: Mark, /, **changes: Any) -> None:
        """Other points, words or colours of a mark, if it has not been taken away."""
        if place >= len(self.marks) or self.marks[place].kind != drawn.kind:
            return
        if changes.pop("colorbar", False):
            self.look(colorbar=True)
        changes |= {side: thinned(changes[side]) for side in ("x", "y") if side in changes}
        if "shade" in changes:
            changes = {"shades": shaded(self.marks[place], *changes["shade"])}
        self.marks[place] = structs.replace(self.marks[place], **changes)
        self.figure.written()

    def look(self, **looks: Any) -> None:
        """Sets a title, an axis' label, its limits or ticks."""
        self.looks |= looks
        self.figure.written()

    def record(self) -> Axes:
        """The area as a record."""
        return Axes(marks=tuple(self.marks), **self.looks)


MORE_LINES: Final = f"… (of more than {MAX_MARKS} lines the first ones and the last are shown)\n"
"""What is printed where a program draws more lines into one area than are shown."""


class Sheet:
    """One figure: its drawing areas, and its place among the transcript's plots."""

    def __init__(
        self, transcript: Transcript, rows: int = 1, columns: int = 1, colors: str | None = None
    ) -> None:
        if not (rows >= 1 and columns >= 1 and rows * columns <= MAX_AXES):
            raise ValueError(f"a figure has between 1 and {MAX_AXES} drawing areas")
        self.transcript = transcript
        self.place: int | None = None
        self.columns = columns
        self.colors = colors
        self.title = ""
        self.drawings = [AreaDraft(self) for _ in range(rows * columns)]
        self.areas = [Area(each) for each in self.drawings]

    def written(self) -> None:
        """Writes the figure into the transcript."""
        if self.place is None:
            self.place = new_place(self.transcript)
        drawn = tuple(each.record() for each in self.drawings)
        self.transcript.plots[self.place] = Plot(drawn, self.columns, self.title)

    def name(self, text: Any) -> None:
        """Sets what stands above all areas."""
        self.title = text_of(text)
        self.written()


def _ticks(places: Any, texts: Any) -> Ticks | None:
    if places is None:
        return None
    at = [float(each) for each in numbers(places)][:MAX_TICKS]
    named = () if texts is None else tuple(text_of(each) for each in texts)[:MAX_TICKS]
    return Ticks(tuple(at), named)


class Area(FurtherWords, LabelWords, ChartWords, SilentWords):
    """One drawing area: what `plt.subplots()` gives as `ax`."""

    __slots__ = ("_drawing",)
    _drawing: AreaDraft

    def __init__(self, drawing: AreaDraft) -> None:
        object.__setattr__(self, "_drawing", drawing)

    # ── lines and points ──

    def plot(self, *values: Any, **words: Any) -> DrawnMark:
        """Lines: `plot(y)`, `plot(x, y)`, `plot(x, y, 'r--', x2, y2, 'b-', label='f')`."""
        rest, drawn = list(values), []
        while rest:
            given = [rest.pop(0)]
            if rest and not isinstance(rest[0], str):
                given.append(rest.pop(0))
            form = rest.pop(0) if rest and isinstance(rest[0], str) else ""
            drawn += self._lines(given, Style.of(form, **words))
        return row_of(drawn)

    def _lines(self, given: list[Any], style: Style) -> list[DrawnMark]:
        columns = series(given[-1])
        places = [float(place) for place in range(len(columns[0]))]
        xs = [places] if len(given) == 1 else self._places(given[0], "x")
        sides = ((xs[min(number, len(xs) - 1)], y) for number, y in enumerate(columns))
        return [self._drawing.add("line", *each, style) for each in sides]

    def _places(self, values: Any, side: str) -> list[list[float]]:
        """The places along an axis; names stand at 0, 1, 2, … and are written there."""
        if isinstance(values, list | tuple) and values and isinstance(values[0], str):
            self._drawing.look(**{f"{side}ticks": _ticks(range(len(values)), values)})
            return [[float(place) for place in range(len(values))]]
        return series(values)

    def semilogx(self, *values: Any, **words: Any) -> DrawnMark:
        """Lines over a logarithmic axis."""
        self._drawing.look(xlog=True)
        return self.plot(*values, **words)

    def semilogy(self, *values: Any, **words: Any) -> DrawnMark:
        """Lines beside a logarithmic axis."""
        self._drawing.look(ylog=True)
        return self.plot(*values, **words)

    def loglog(self, *values: Any, **words: Any) -> DrawnMark:
        """Lines between two logarithmic axes."""
        self._drawing.look(xlog=True, ylog=True)
        return self.plot(*values, **words)

    def step(self, x: Any, y: Any, **words: Any) -> DrawnMark:
        """A line of steps."""
        return self.plot(*shapes.steps(series(x)[0], series(y)[0]), **words)

    def errorbar(self, x: Any, y: Any, yerr: Any = 0, *_widths: Any, **words: Any) -> DrawnMark:
        """A line, and how far each point may be off."""
        xs, ys = series(x)[0], series(y)[0]
        self.plot(*shapes.errors(xs, ys, series(yerr)[0]), color="gray")
        return self.plot(xs, ys, words.pop("fmt", ""), **words)

    def scatter(self, x: Any, y: Any, *_sizes: Any, **words: Any) -> DrawnMark:
        """Points."""
        style = Style.of(**({"marker": "o", "linestyle": "none"} | words))
        xs, ys = ([value for row in series(each) for value in row] for each in (x, y))
        return self._drawing.add(
            "scatter", xs, ys, style, **opacity(words), **shades(words, len(xs))
        )

    def hlines(self, y: Any, xmin: Any, xmax: Any, *_colors: Any, **words: Any) -> DrawnMark:
        """Straight pieces from left to right."""
        ends = [(xmin, each, xmax, each) for each in series(y)[0]]
        return self.plot(*shapes.pieces(ends), **words)

    def vlines(self, x: Any, ymin: Any, ymax: Any, *_colors: Any, **words: Any) -> DrawnMark:
        """Straight pieces from below upwards."""
        xs, low, high = series(x)[0], series(ymin)[0], series(ymax)[0]
        low, high = (each * len(xs) if len(each) == 1 else each for each in (low, high))
        return self.plot(*shapes.pieces(list(zip(xs, low, xs, high, strict=True))), **words)

    def quiver(self, *values: Any, **words: Any) -> DrawnMark:
        """Arrows: `quiver(u, v)`, `quiver(x, y, u, v)`."""
        if len(values) < 4:
            u = numbers(values[0])
            x, y = shapes.mesh(len(u[0]), len(u))
            values = (x, y, *values)
        flat = [[n for row in series(each) for n in row] for each in values[:4]]
        return self.plot(*shapes.arrows(*flat), color=words.get("color", "black"))

    def axhline(self, y: float = 0, *_ends: Any, **words: Any) -> DrawnMark:
        """A horizontal line at y."""
        return self._drawing.add("horizontal", [], [float(y)], Style.of(**words))

    def axvline(self, x: float = 0, *_ends: Any, **words: Any) -> DrawnMark:
        """A vertical line at x."""
        return self._drawing.add("vertical", [float(x)], [], Style.of(**words))

    # ── areas ──

    def bar(
        self, x: Any, height: Any, width: Any = 0.8, bottom: Any = 0, **words: Any
    ) -> DrawnMark:
        """Bars that stand."""
        return self._bars("bar", "x", (x, height, width, bottom), words)

    def barh(self, y: Any, width: Any, height: Any = 0.8, left: Any = 0, **words: Any) -> DrawnMark:
        """Bars that lie."""
        return self._bars("barh", "y", (y, width, height, left), words)

    def _bars(self, kind: MarkKind, side: str, given: Any, words: dict[str, Any]) -> DrawnMark:
        places, lengths = self._places(given[0], side)[0], series(given[1])[0]
        lengths = lengths * len(places) if len(lengths) == 1 else lengths
        begins, width = series(given[3])[0], float(series(given[2])[0][0])
        from_ = thinned(begins * len(places) if len(begins) == 1 else begins)
        looks = opacity(words) | named(words, len(places)) | {"z": from_, "width": width}
        drawn = self._drawing.add(kind, places, lengths, Style.of(**words), **looks)
        sides, whole = (places, lengths, begins, width), (are_whole(given[1]), are_whole(given[3]))
        return self._drawing.row(drawn, sides, kind == "bar", whole)

    def hist(self, x: Any, bins: Any = 10, **words: Any) -> tuple[Any, Any, DrawnMark]:
        """How many values lie in each of some bins."""
        counts, edges = shapes.counted(numbers(x), bins, words.pop("range", None), words)
        middles = [(low + high) / 2 for low, high in itertools.pairwise(edges)]
        style, width, zeros = Style.of(**words), edges[1] - edges[0], (0.0,) * len(counts)
        looks = opacity(words) | {"z": zeros, "width": width}
        drawn = self._drawing.add("bar", middles, counts, style, **looks)
        return counts, edges, self._drawing.row(drawn, (middles, counts, [0.0], width))

    def fill_between(self, x: Any, y1: Any, y2: Any = 0, *_where: Any, **words: Any) -> DrawnMark:
        """What lies between two lines."""
        xs, low, high = series(x)[0], series(y1)[0], series(y2)[0]
        low, high = (each * len(xs) if len(each) == 1 else each for each in (low, high))
        outline = ([*xs, *reversed(xs)], [*low, *reversed(high)])
        return self._drawing.add("fill", *outline, Style.of(**words), **opacity(words))

    def axvspan(self, xmin: float, xmax: float, *_ends: Any, **words: Any) -> DrawnMark:
        """A band from xmin to xmax; as high as what is drawn."""
        ys = [y for mark in self._drawing.marks for y in mark.y] or [0.0, 1.0]
        return self.fill_between([xmin, xmax], [min(ys)] * 2, [max(ys)] * 2, **words)

    def imshow(self, image: Any, cmap: Any = None, **words: Any) -> DrawnMark:
        """Numbers as colours, the first row above."""
        grid = shapes.image(gridded(image))
        rows, columns, low = len(grid), len(grid[0]), words.get("origin") == "lower"
        sides = (-0.5, rows - 0.5) if low else (rows - 0.5, -0.5)
        left, right, bottom, top = words.get("extent") or (-0.5, columns - 0.5, *sides)
        xs = shapes.middles(float(left), float(right), columns)
        first, last = (bottom, top) if low else (top, bottom)
        ys = shapes.middles(float(first), float(last), rows)
        self._drawing.look(equal=words.get("aspect") != "auto", ylim=(float(bottom), float(top)))
        return self._heights("image", (xs, ys, grid), cmap)

    matshow = imshow

    def contour(self, *values: Any, cmap: Any = None, **_words: Any) -> DrawnMark:
        """Lines of equal height: `contour(z)`, `contour(x, y, z)`."""
        return self._heights("contour", shapes.heights(*map(gridded, values[:3])), cmap)

    def contourf(self, *values: Any, cmap: Any = None, **_words: Any) -> DrawnMark:
        """Heights as colours."""
        return self._heights("filled", shapes.heights(*map(gridded, values[:3])), cmap)

    def pcolormesh(self, *values: Any, cmap: Any = None, **_words: Any) -> DrawnMark:
        """Numbers as colours, over their places."""
        return self._heights("image", shapes.heights(*map(gridded, values[:3])), cmap)

    def _heights(self, kind: MarkKind, given: Any, colors: Any) -> DrawnMark:
        xs, ys, grid = shapes.coarser(*given)
        flat = tuple(value for row in grid for value in row)
        colors = self._drawing.figure.colors if colors is None else colors
        return self._drawing.add(kind, xs, ys, Style(), z=flat, colors=map_of(colors))

    # ── looks ──

    def grid(self, visible: Any = True, *_which: Any, **_words: Any) -> None:
        """Shows or hides the grid."""
        self._drawing.look(grid=visible is None or bool(visible))

    def set_title(self, text: Any, *_fonts: Any, **_words: Any) -> None:
        """The area's title."""
        self._drawing.look(title=text_of(text))

    def set_xlabel(self, text: Any, *_fonts: Any, **_words: Any) -> None:
        """The name of the horizontal axis."""
        self._drawing.look(xlabel=text_of(text))

    def set_ylabel(self, text: Any, *_fonts: Any, **_words: Any) -> None:
        """The name of the vertical axis."""
        self._drawing.look(ylabel=text_of(text))

    def set_xlim(self, *given: Any, **words: Any) -> Any:
        """From where to where the horizontal axis goes."""
        return self._side("x", limits(given, words, "left", "right"))

    def set_ylim(self, *given: Any, **words: Any) -> Any:
        """From where to where the vertical axis goes."""
        return self._side("y", limits(given, words, "bottom", "top"))

    def set_xticks(self, ticks: Any = None, labels: Any = None, **_words: Any) -> None:
        """The marks of the horizontal axis."""
        self._drawing.look(xticks=_ticks(ticks, labels))

    def set_yticks(self, ticks: Any = None, labels: Any = None, **_words: Any) -> None:
        """The marks of the vertical axis."""
        self._drawing.look(yticks=_ticks(ticks, labels))

    def set_xscale(self, value: Any, **_words: Any) -> None:
        """A "linear" or a "log" axis."""
        self._drawing.look(xlog=str(value) == "log")

    def set_yscale(self, value: Any, **_words: Any) -> None:
        """The same, of the vertical axis."""
        self._drawing.look(ylog=str(value) == "log")

    def set_aspect(self, aspect: Any, **_words: Any) -> None:
        """ "equal": one unit is as long to the right as upwards."""
        self._drawing.look(equal=str(aspect) in ("equal", "1"))

    def axis(self, *given: Any, **_words: Any) -> None:
        """`axis('equal')`, `axis('off')`, `axis([0, 1, 0, 1])`."""
        if given and isinstance(given[0], str | bool):
            bare = given[0] in ("off", False)
            self._drawing.look(equal=given[0] in ("equal", "square", "image"), bare=bare)
        elif given:
            left, right, bottom, top = (float(each) for each in given[0])
            self._drawing.look(xlim=(left, right), ylim=(bottom, top))

    def set(self, **words: Any) -> None:
        """`set(title=…, xlabel=…, xlim=…)`."""
        for name, value in words.items():
            if name not in _SET:
                raise AttributeError(f"Axes.set() got an unexpected keyword argument {name[:80]!r}")
            _SET[name](self, value)

    def colorbar(self) -> None:
        """Shows which number has which colour."""
        self._drawing.look(colorbar=True)

    def cla(self) -> None:
        """Takes away what has been drawn."""
        self._drawing.marks.clear()
        self._drawing.given.clear()
        self._drawing.looks.clear()
        self._drawing.figure.written()

    clear = cla

    def twinx(self) -> Area:
        """A second line of the same area has the same axis here."""
        return self

    def _nothing(self, *_given: Any, **_words: Any) -> None:
        """A word for looks that the page has by itself."""

    tick_params = margins = invert_yaxis = clabel = minorticks_on = _nothing
    set_facecolor = set_axisbelow = autoscale = relim = _nothing


_SET: Final = {
    name.removeprefix("set_"): function
    for name, function in vars(Area).items()
    if name.startswith("set_")
}
