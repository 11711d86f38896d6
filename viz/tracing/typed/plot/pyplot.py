"""The typed code's `plt`: it draws nothing and writes down what would be drawn.

`Pyplot(transcript)` understands the words of matplotlib that a course uses, each said to the
current drawing area (`areas`). `transcript.plots` holds the `Plot` of every figure at any
moment, whether `show()` has been called or not; after `show()` or `end_figure(plt)` the next word
begins a new figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any, Final

from viz.program.allowlist.words import words as listed
from viz.tracing.runnable import Transcript
from viz.tracing.typed.part import Part
from viz.tracing.typed.plot.areas import Area, Sheet
from viz.tracing.typed.plot.colored import Maps
from viz.tracing.typed.plot.colormaps import NAMES, Normalize, get_cmap
from viz.tracing.typed.plot.drawn import DrawnMark
from viz.tracing.typed.plot.further import circle, polygon, rectangle
from viz.tracing.typed.plot.shapes import GridSpec, cut_of, mosaic_of
from viz.tracing.typed.plot.silent import Canvas, StyleSheets
from viz.tracing.typed.plot.styles import map_of
from viz.tracing.typed.type_stand_ins import Frozen

__all__ = ["Pyplot", "end_figure", "is_drawn"]


COLOR_MAPS: Final = Part(
    "matplotlib.cm",
    {each: get_cmap(each) for name in NAMES for each in (name, f"{name}_r")}
    | {"get_cmap": get_cmap},
)


class Areas(Frozen):
    """The areas of a figure: `axes[0]`, `axes[0, 1]`, `axes.flat`, `for ax in axes`."""

    __slots__ = ("_rows",)
    _rows: list[Any]

    def __init__(self, rows: list[Any]) -> None:
        object.__setattr__(self, "_rows", rows)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, tuple):
            found: Any = self
            for each in place:
                found = found[each]
            return found
        found = self._rows[place]
        return Areas(found) if isinstance(found, list) else found

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self._rows)))

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        first = self._rows[0]
        return (len(self._rows), *((len(first),) if isinstance(first, list) else ()))

    @property
    def flat(self) -> Areas:
        """All of them in one row."""
        rows = [each if isinstance(each, list) else [each] for each in self._rows]
        return Areas([area for row in rows for area in row])

    def flatten(self) -> Areas:
        """The same."""
        return self.flat

    ravel = flatten


class Figure(Frozen):
    """What `plt.figure()` and `plt.subplots()` give as `fig`."""

    __slots__ = ("_desk", "_sheet")
    _desk: _Desk
    _sheet: Sheet

    def __init__(self, desk: _Desk, sheet: Sheet) -> None:
        object.__setattr__(self, "_desk", desk)
        object.__setattr__(self, "_sheet", sheet)

    @property
    def axes(self) -> list[Area]:
        """Its drawing areas."""
        return list(self._sheet.areas)

    def get_axes(self) -> list[Area]:
        """The same."""
        return self.axes

    def suptitle(self, text: Any, **_words: Any) -> None:
        """The title above all of its areas."""
        self._sheet.name(text)

    def add_subplot(self, *place: Any, **_words: Any) -> Area:
        """One area of the figure: `add_subplot(1, 2, 1)` or `add_subplot(121)`."""
        return self._desk.subplot(*(place or (111,)))

    def subplots(self, nrows: int = 1, ncols: int = 1, squeeze: bool = True, **_words: Any) -> Any:
        """The figure's areas."""
        rows, columns = int(nrows), int(ncols)
        return _areas(self._desk.new(rows, columns), rows, columns, squeeze)

    def subplot_mosaic(self, mosaic: Any, **_words: Any) -> dict[Any, Area]:
        """The figure's areas by name."""
        rows, columns, names = mosaic_of(mosaic)
        areas = self._desk.new(rows, columns).areas
        return {name: areas[place] for name, place in names.items()}

    def add_gridspec(self, nrows: int = 1, ncols: int = 1, **_ways: Any) -> GridSpec:
        """A grid, of which `add_subplot` takes places."""
        return GridSpec(nrows, ncols)

    @property
    def dpi(self) -> float:
        """Points in an inch."""
        return 100.0

    def colorbar(self, mappable: Any = None, *_given: Any, ax: Any = None, **_words: Any) -> None:
        """Shows which number has which colour."""
        if not (isinstance(mappable, DrawnMark) and mappable._change(colorbar=True)):
            (ax if isinstance(ax, Area) else self._desk.area).colorbar()

    def _nothing(self, *_given: Any, **_words: Any) -> None:
        """A word for what the page does by itself, and for files, which are not written."""

    tight_layout = savefig = set_size_inches = subplots_adjust = show = legend = _nothing
    set_figwidth = set_figheight = set_facecolor = text = supxlabel = supylabel = _nothing
    autofmt_xdate = set_dpi = set_tight_layout = set_constrained_layout = _nothing
    delaxes = align_labels = _nothing

    def gca(self, **words: Any) -> Area:
        """The area that is drawn into; it takes no words any more."""
        for word in words:
            raise TypeError(f"FigureBase.gca() got an unexpected keyword argument {word!r}")
        return self._desk.area

    def add_axes(self, *_place: Any, **_words: Any) -> Area:
        """The figure's area."""
        return self._sheet.areas[0]

    @property
    def canvas(self) -> Canvas:
        """What it is drawn on."""
        return Canvas()

    def clf(self) -> None:
        """Takes away what has been drawn."""
        for area in self._sheet.areas:
            area.cla()

    clear = clf


def _areas(sheet: Sheet, rows: int, columns: int, squeeze: bool) -> Any:
    """One area, a row or a column of them, or rows; not squeezed always rows."""
    if squeeze and len(sheet.areas) == 1:
        return sheet.areas[0]
    if squeeze and (rows == 1 or columns == 1):
        return Areas(list(sheet.areas))
    return Areas([sheet.areas[row * columns : (row + 1) * columns] for row in range(rows)])


class _Desk:
    """The figure that `plt` draws into at the moment."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.sheet: Sheet | None = None
        self.current = 0
        self.colors: str | None = None

    def new(self, rows: int = 1, columns: int = 1) -> Sheet:
        """A new figure."""
        self.sheet, self.current = Sheet(self.transcript, rows, columns, self.colors), 0
        return self.sheet

    def color(self, name: str) -> None:
        """The map of what is drawn as colours from now on, and of the last such drawing."""
        self.colors = name
        if self.sheet is not None:
            self.sheet.colors = name
            drawing = self.sheet.drawings[self.current]
            drawn = [place for place, mark in enumerate(drawing.marks) if mark.colors or mark.z]
            for place in drawn[-1:]:
                drawing.change(place, drawing.marks[place], colors=map_of(name))

    def subplot(self, *place: Any) -> Area:
        """Takes up one area of the figure, of a new one if it is cut otherwise."""
        rows, columns, number = cut_of(place)
        if self.sheet is None or len(self.sheet.areas) != rows * columns:
            self.new(rows, columns)
        if not 1 <= number <= rows * columns:
            raise ValueError(f"num must be an integer with 1 <= num <= {rows * columns}")
        self.current = number - 1
        return self.area

    @property
    def area(self) -> Area:
        """The drawing area that is drawn into: its figure is there, also if a word then fails."""
        sheet = self.sheet or self.new()
        if sheet.place is None:
            sheet.written()
        return sheet.areas[self.current]


class RcParams(Frozen):
    """`plt.rcParams`: what is set has no effect, and can be read again."""

    __slots__ = ("_values",)
    _values: dict[str, Any]

    def __init__(self) -> None:
        object.__setattr__(self, "_values", {})

    def __setitem__(self, name: str, value: Any) -> None:
        self._values[name] = value

    def __getitem__(self, name: str) -> Any:
        return self._values.get(name)

    def update(self, values: Any) -> None:
        """Several at once."""
        self._values.update(values)


class Pyplot(Frozen):
    """The words that typed code may say to `plt`; each goes to the current drawing area."""

    __slots__ = ("_desk", "rcParams", "style")
    _desk: _Desk
    rcParams: RcParams
    style: StyleSheets

    def __init__(self, transcript: Transcript) -> None:
        object.__setattr__(self, "_desk", _Desk(transcript))
        object.__setattr__(self, "rcParams", RcParams())
        object.__setattr__(self, "style", StyleSheets())

    def figure(self, *_number: Any, **_words: Any) -> Figure:
        """A new figure."""
        return Figure(self._desk, self._desk.new())

    def subplots(
        self, nrows: int = 1, ncols: int = 1, squeeze: bool = True, **_words: Any
    ) -> tuple[Figure, Any]:
        """A figure with its areas: one area, a row of them, or rows of them."""
        rows, columns = int(nrows), int(ncols)
        sheet = self._desk.new(rows, columns)
        return Figure(self._desk, sheet), _areas(sheet, rows, columns, squeeze)

    def subplot(self, *place: Any, **_words: Any) -> Area:
        """Takes up one area of the figure: `subplot(1, 2, 1)` or `subplot(121)`."""
        return self._desk.subplot(*place)

    def subplot_mosaic(self, mosaic: Any, **_words: Any) -> tuple[Figure, dict[Any, Area]]:
        """A figure with its areas by name."""
        figure = self.figure()
        return figure, figure.subplot_mosaic(mosaic)

    GridSpec = staticmethod(GridSpec)
    Normalize = staticmethod(Normalize)
    Rectangle = staticmethod(rectangle)
    Circle = staticmethod(circle)
    Polygon = staticmethod(polygon)
    get_cmap = staticmethod(get_cmap)

    @property
    def colormaps(self) -> Maps:
        """The same, as a dictionary."""
        return Maps()

    @property
    def cm(self) -> Part:
        """The colour maps by name."""
        return COLOR_MAPS

    def gca(self, **words: Any) -> Area:
        """The area that is drawn into; it takes no words any more."""
        for word in words:
            raise TypeError(f"gca() got an unexpected keyword argument {word!r}")
        return self._desk.area

    def gcf(self) -> Figure:
        """The figure that is drawn into."""
        sheet = self._desk.sheet or self._desk.new()
        return Figure(self._desk, sheet)

    def axes(self, *_place: Any, **_words: Any) -> Area:
        """The area that is drawn into."""
        return self._desk.area

    def sca(self, ax: Area) -> None:
        """Takes up an area of the figure."""
        if self._desk.sheet is not None and ax in self._desk.sheet.areas:
            self._desk.current = self._desk.sheet.areas.index(ax)

    def colorbar(self, mappable: Any = None, *given: Any, **words: Any) -> None:
        """Shows which number has which colour."""
        self.gcf().colorbar(mappable, *given, **words)

    def show(self, *_given: Any, **_words: Any) -> None:
        """Ends the figure; the next word begins a new one."""
        self._desk.sheet = None

    def _nothing(self, *_given: Any, **_words: Any) -> None:
        """A word for what the page does by itself, and for files, which are not written."""

    def suptitle(self, text: Any, **words: Any) -> None:
        """The title above all areas of the figure."""
        self.gcf().suptitle(text, **words)

    def clf(self) -> None:
        """Takes away what has been drawn into the figure, if there is one."""
        if self._desk.sheet is not None:
            self.gcf().clf()

    def ion(self, *_given: Any, **_words: Any) -> Any:
        """The same; what is given back may begin a `with`."""
        return nullcontext()

    ioff = xkcd = rc_context = ion
    tight_layout = savefig = close = draw = pause = rc = subplots_adjust = _nothing
    switch_backend = minorticks_on = minorticks_off = locator_params = setp = _nothing
    ticklabel_format = autoscale = box = rcdefaults = draw_if_interactive = clim = _nothing
    delaxes = figtext = figlegend = waitforbuttonpress = set_loglevel = _nothing

    def set_cmap(self, cmap: Any) -> None:
        """The map of colours from now on."""
        self._desk.color(str(cmap))

    def get_fignums(self) -> list[int]:
        """The figures that are open: the one that is drawn into, if there is one."""
        return [] if self._desk.sheet is None else [1]

    def subplot2grid(self, shape: Any, loc: Any, *_spans: Any, **_words: Any) -> Area:
        """The area of a grid's row and column."""
        rows, columns = (int(each) for each in shape)
        row, column = (int(each) for each in loc)
        return self._desk.subplot(rows, columns, row * columns + column + 1)


def _said(word: str) -> Callable[..., Any]:
    of_area = getattr(Area, word)

    def say(self: Pyplot, *given: Any, **words: Any) -> Any:
        return of_area(self._desk.area, *given, **words)

    say.__name__ = say.__qualname__ = word
    say.__doc__ = of_area.__doc__
    return say


def _colored(name: str) -> Callable[[Pyplot], None]:
    def color(self: Pyplot) -> None:
        self._desk.color(name)

    color.__name__ = color.__qualname__ = name
    color.__doc__ = f"The map of colours from now on: {name}."
    return color


_MAPS: Final = listed(
    "autumn bone cool copper gray hot hsv inferno jet magma nipy_spectral pink plasma spring summer"
    " viridis winter"
)
for _map in _MAPS:
    setattr(Pyplot, _map, _colored(_map))
_SAID: Final = {
    **{
        word: word
        for word in listed(
            "plot semilogx semilogy loglog step errorbar scatter hlines vlines quiver axhline"
            " axvline bar barh hist fill_between axvspan imshow matshow contour contourf"
            " stem fill arrow axhspan pcolormesh text annotate legend cla grid axis clabel margins"
            " tick_params boxplot hist2d axline bar_label pie stackplot stairs pcolor"
            " fill_betweenx twinx twiny"
        )
    },
    **{
        word: f"set_{word}"
        for word in listed("title xlabel ylabel xlim ylim xticks yticks xscale yscale")
    },
}
"""The words of `plt` that its current area is told, and what the area calls them."""
for _word, _of_area in _SAID.items():
    setattr(Pyplot, _word, _said(_of_area))


def is_drawn(value: Any) -> bool:
    """Whether a value is what a word that draws gives: nothing to be shown beside the drawing."""
    last = value[-1] if type(value) is tuple and value else value
    return isinstance(last, DrawnMark | Area | Figure | Areas)


def end_figure(plt: Pyplot) -> None:
    """Ends the figure that is being drawn, as the end of a notebook's cell does."""
    plt.show()
