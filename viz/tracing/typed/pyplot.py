"""The typed code's `plt`: it draws nothing and writes down what would be drawn.

`Pyplot(transcript)` understands the words of matplotlib that a course uses: `plot` with format
strings and labels, `scatter`, `axhline`, `axvline`, titles, legends, grids, and one row of
drawing areas. `transcript.plots` holds the `Plot` of every figure at any moment, whether `show()`
has been called or not; after `show()` or `end_figure(plt)` the next word begins a new figure.

Longer series than `MAX_SAMPLES` are thinned evenly. Raises `ValueError` and `TypeError` as
matplotlib would for series that do not fit.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from msgspec import structs

from viz.records import Axes, Mark, Plot
from viz.tracing.runnable import Transcript
from viz.tracing.typed.pyplot_styles import Style, series, text_of, thinned
from viz.tracing.typed.type_stand_ins import Frozen

MAX_MARKS: Final = 50
MAX_AXES: Final = 8
MAX_PLOTS: Final = 8

MarkKind = Literal["line", "scatter", "horizontal", "vertical"]


class _AreaDraft:
    """What has been drawn into one area so far, and the figure that shows it."""

    def __init__(self, figure: _Sheet) -> None:
        self.figure = figure
        self.marks: list[Mark] = []
        self.labels: dict[str, str] = {}
        self.legend = False
        self.grid = False

    def add(self, kind: MarkKind, x: list[float], y: list[float], style: Style) -> None:
        """One more mark; raises `ValueError` if there are too many or x and y do not fit."""
        if kind in ("line", "scatter") and len(x) != len(y):
            raise ValueError(
                "x and y must have same first dimension, but have shapes "
                f"({len(x)},) and ({len(y)},)"
            )
        if len(self.marks) >= MAX_MARKS:
            raise ValueError(f"at most {MAX_MARKS} lines fit into one drawing area")
        mark = Mark(
            kind, thinned(x), thinned(y), style.label, style.color, style.dash, style.marker
        )
        self.marks.append(mark)
        self.figure.written()

    def say(self, word: str, text: Any) -> None:
        """Sets a title or an axis' label."""
        self.labels[word] = text_of(text)
        self.figure.written()

    def record(self) -> Axes:
        """The area as a record."""
        return Axes(
            marks=tuple(self.marks),
            title=self.labels.get("title", ""),
            xlabel=self.labels.get("xlabel", ""),
            ylabel=self.labels.get("ylabel", ""),
            legend=self.legend,
            grid=self.grid,
        )


class _Sheet:
    """One figure: its drawing areas, and its place among the transcript's plots."""

    def __init__(self, transcript: Transcript, areas: int = 1) -> None:
        if not 1 <= areas <= MAX_AXES:
            raise ValueError(f"a figure has between 1 and {MAX_AXES} drawing areas")
        self.transcript = transcript
        self.place: int | None = None
        self.drawings = [_AreaDraft(self) for _ in range(areas)]
        self.areas = [Area(each) for each in self.drawings]

    def written(self) -> None:
        """Writes the figure as it is now into the transcript."""
        if self.place is None:
            if len(self.transcript.plots) >= MAX_PLOTS:
                raise ValueError(f"at most {MAX_PLOTS} figures are shown")
            self.place = len(self.transcript.plots)
            self.transcript.plots.append(Plot(()))
        self.transcript.plots[self.place] = Plot(tuple(each.record() for each in self.drawings))


class Area(Frozen):
    """One drawing area: what `plt.subplots()` gives as `ax`."""

    __slots__ = ("_drawing",)
    _drawing: _AreaDraft

    def __init__(self, drawing: _AreaDraft) -> None:
        object.__setattr__(self, "_drawing", drawing)

    def plot(self, *values: Any, **words: Any) -> None:
        """Lines: `plot(y)`, `plot(x, y)`, `plot(x, y, 'r--', x2, y2, 'b-', label='f')`."""
        rest = list(values)
        while rest:
            given = [rest.pop(0)]
            if rest and not isinstance(rest[0], str):
                given.append(rest.pop(0))
            form = rest.pop(0) if rest and isinstance(rest[0], str) else ""
            self._lines(given, Style.of(form, **words))

    def _lines(self, given: list[Any], style: Style) -> None:
        columns = series(given[-1])
        places = [float(place) for place in range(len(columns[0]))]
        xs = series(given[0]) if len(given) == 2 else [places]
        for number, y in enumerate(columns):
            self._drawing.add("line", xs[min(number, len(xs) - 1)], y, style)

    def scatter(self, x: Any, y: Any, *_sizes: Any, **words: Any) -> None:
        """Points."""
        style = Style.of(**({"marker": "o", "linestyle": "none"} | words))
        for column, row in zip(series(x), series(y), strict=True):
            self._drawing.add("scatter", column, row, style)

    def axhline(self, y: float = 0, **words: Any) -> None:
        """A horizontal line at y."""
        self._drawing.add("horizontal", [], [float(y)], Style.of(**words))

    def axvline(self, x: float = 0, **words: Any) -> None:
        """A vertical line at x."""
        self._drawing.add("vertical", [float(x)], [], Style.of(**words))

    def legend(self, labels: Any = (), **_words: Any) -> None:
        """Shows the legend; labels given here go to the lines in their order."""
        self._drawing.legend = True
        named = [mark for mark in self._drawing.marks if mark.kind in ("line", "scatter")]
        for mark, label in zip(named, labels, strict=False):
            place = self._drawing.marks.index(mark)
            self._drawing.marks[place] = structs.replace(mark, label=text_of(label))
        self._drawing.figure.written()

    def grid(self, visible: bool = True, **_words: Any) -> None:
        """Shows or hides the grid."""
        self._drawing.grid = bool(visible)
        self._drawing.figure.written()

    def set_title(self, text: Any, **_words: Any) -> None:
        """The area's title."""
        self._drawing.say("title", text)

    def set_xlabel(self, text: Any, **_words: Any) -> None:
        """The name of the horizontal axis."""
        self._drawing.say("xlabel", text)

    def set_ylabel(self, text: Any, **_words: Any) -> None:
        """The name of the vertical axis."""
        self._drawing.say("ylabel", text)


class Figure(Frozen):
    """What `plt.figure()` and `plt.subplots()` give as `fig`."""

    __slots__ = ("_sheet",)
    _sheet: _Sheet

    def __init__(self, sheet: _Sheet) -> None:
        object.__setattr__(self, "_sheet", sheet)

    def suptitle(self, text: Any, **_words: Any) -> None:
        """The figure's title stands above its first area."""
        self._sheet.drawings[0].say("title", text)

    def tight_layout(self, **_words: Any) -> None:
        """The page leaves room by itself."""


class _Desk:
    """The figure that `plt` draws into at the moment."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.sheet: _Sheet | None = None
        self.current = 0

    def new(self, areas: int = 1) -> _Sheet:
        """A new figure."""
        self.sheet, self.current = _Sheet(self.transcript, areas), 0
        return self.sheet

    @property
    def area(self) -> Area:
        """The drawing area that is drawn into."""
        return (self.sheet or self.new()).areas[self.current]


class Pyplot(Frozen):
    """The words that typed code may say to `plt`; each goes to the current drawing area."""

    __slots__ = ("_desk",)
    _desk: _Desk

    def __init__(self, transcript: Transcript) -> None:
        object.__setattr__(self, "_desk", _Desk(transcript))

    def figure(self, *_number: Any, **_words: Any) -> Figure:
        """A new figure."""
        return Figure(self._desk.new())

    def subplots(self, nrows: int = 1, ncols: int = 1, **_words: Any) -> tuple[Figure, Any]:
        """A figure with areas in one row: one area, a list of them, or a list of rows."""
        sheet = self._desk.new(int(nrows) * int(ncols))
        if len(sheet.areas) == 1:
            return Figure(sheet), sheet.areas[0]
        if nrows == 1 or ncols == 1:
            return Figure(sheet), list(sheet.areas)
        rows = [sheet.areas[row * ncols : (row + 1) * ncols] for row in range(nrows)]
        return Figure(sheet), rows

    def subplot(self, *place: int, **_words: Any) -> Area:
        """Takes up one area of the figure: `subplot(1, 2, 1)` or `subplot(121)`."""
        rows, columns, number = place if len(place) == 3 else map(int, str(int(*place)))
        desk = self._desk
        if desk.sheet is None or len(desk.sheet.areas) != rows * columns:
            desk.new(rows * columns)
        if not 1 <= number <= rows * columns:
            raise ValueError(f"num must be an integer with 1 <= num <= {rows * columns}")
        desk.current = number - 1
        return desk.area

    def show(self, **_words: Any) -> None:
        """Ends the figure; the next word begins a new one."""
        self._desk.sheet = None

    def tight_layout(self, **_words: Any) -> None:
        """The page leaves room by itself."""

    def plot(self, *values: Any, **words: Any) -> None:
        """Lines in the current area."""
        self._desk.area.plot(*values, **words)

    def scatter(self, x: Any, y: Any, *sizes: Any, **words: Any) -> None:
        """Points in the current area."""
        self._desk.area.scatter(x, y, *sizes, **words)

    def axhline(self, y: float = 0, **words: Any) -> None:
        """A horizontal line in the current area."""
        self._desk.area.axhline(y, **words)

    def axvline(self, x: float = 0, **words: Any) -> None:
        """A vertical line in the current area."""
        self._desk.area.axvline(x, **words)

    def legend(self, labels: Any = (), **words: Any) -> None:
        """The current area's legend."""
        self._desk.area.legend(labels, **words)

    def grid(self, visible: bool = True, **words: Any) -> None:
        """The current area's grid."""
        self._desk.area.grid(visible, **words)

    def title(self, text: Any, **words: Any) -> None:
        """The current area's title."""
        self._desk.area.set_title(text, **words)

    suptitle = title

    def xlabel(self, text: Any, **words: Any) -> None:
        """The name of the current area's horizontal axis."""
        self._desk.area.set_xlabel(text, **words)

    def ylabel(self, text: Any, **words: Any) -> None:
        """The name of the current area's vertical axis."""
        self._desk.area.set_ylabel(text, **words)


def end_figure(plt: Pyplot) -> None:
    """Ends the figure that is being drawn, as the end of a notebook's cell does."""
    plt.show()
