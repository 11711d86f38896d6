"""What a word that draws gives back, and what moves it.

`DrawnMark` is the `line` of `line, = plt.plot(x)`: what it is given later replaces its points.
`animation` is `matplotlib.animation.FuncAnimation`: its frames are drawn one after the other, at
most `MOST_FRAMES`, and what the last of them drew is what the page shows.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final

from viz.tracing.typed.plot.styles import Style, series, text_of
from viz.tracing.typed.type_stand_ins import Frozen

MOST_FRAMES: Final = 1_000
FRAMES: Final = 100
"""Frames of an animation that does not say how many."""


class DrawnMark(Frozen):
    """What a word that draws gives: `line, = plt.plot(x)`, `plt.colorbar(image)`."""

    __slots__ = ("_again",)
    _again: Callable[..., Any] | None

    def __init__(self, again: Callable[..., Any] | None = None) -> None:
        object.__setattr__(self, "_again", again)

    def __iter__(self) -> Iterator[DrawnMark]:
        return iter([self])

    def __getitem__(self, place: int) -> DrawnMark:
        return [self][place]

    def __len__(self) -> int:
        return 1

    def __repr__(self) -> str:
        return "<drawn>"

    def _change(self, **changes: Any) -> bool:
        """Whether there was something to change."""
        if self._again is not None:
            self._again(**changes)
        return self._again is not None

    def set_data(self, x: Any, y: Any = None) -> None:
        """Other points: `set_data(x, y)`, `set_data([x, y])`."""
        across, up = (series(each)[0] for each in (x if y is None else (x, y)))
        if len(across) != len(up):
            raise ValueError("x and y must have same first dimension")
        self._change(x=across, y=up)

    def set_xdata(self, x: Any) -> None:
        """The same heights at other places."""
        self._change(x=series(x)[0])

    def set_ydata(self, y: Any) -> None:
        """Other heights at the same places."""
        self._change(y=series(y)[0])

    def set_offsets(self, offsets: Any) -> None:
        """Other points, each a pair."""
        columns = series(list(offsets) if isinstance(offsets, zip) else offsets)
        self._change(x=columns[0], y=columns[1])

    def set_text(self, s: Any) -> None:
        """Other words."""
        self._change(label=text_of(s))

    set_label = set_text

    def set_color(self, color: Any) -> None:
        """Another colour."""
        self._change(color=Style.of(color=color).color)

    def _nothing(self, *_given: Any, **_words: Any) -> None:
        """A word for looks that the page has by itself."""

    set_alpha = set_linewidth = set_marker = set_markersize = _nothing


class DrawnRow(DrawnMark):
    """Several lines of one word: `first, second = plt.plot(x, y, x, z)`."""

    __slots__ = ("_row",)
    _row: list[DrawnMark]

    def __init__(self, row: list[DrawnMark]) -> None:
        super().__init__(row[-1]._again)
        object.__setattr__(self, "_row", row)

    def __iter__(self) -> Iterator[DrawnMark]:
        return iter(self._row)

    def __getitem__(self, place: int) -> DrawnMark:
        return self._row[place]

    def __len__(self) -> int:
        return len(self._row)


def row_of(row: list[DrawnMark]) -> DrawnMark:
    """What a word gives that has drawn some lines."""
    if not row:
        return DrawnMark()
    return row[0] if len(row) == 1 else DrawnRow(row)


class Animation(Frozen):
    """An animation that was drawn; no film is written."""

    __slots__ = ()

    def save(self, *_given: Any, **_ways: Any) -> None:
        """No file is written here."""

    def to_jshtml(self, *_given: Any, **_ways: Any) -> str:
        """Nothing: the figure is drawn as it is."""
        return ""

    to_html5_video = to_jshtml

    def __repr__(self) -> str:
        return "<an animation, drawn as its last frame>"


def animation(
    _fig: Any, func: Any, frames: Any = None, init_func: Any = None, fargs: Any = None, **_ways: Any
) -> Animation:
    """`FuncAnimation`: calls the function with every frame, the last one stays."""
    if init_func is not None:
        init_func()
    if callable(frames):
        frames = frames()
    if frames is None or isinstance(frames, int):
        frames = range(FRAMES if frames is None else frames)
    for frame in itertools.islice(frames, MOST_FRAMES):
        func(frame, *(fargs or ()))
    return Animation()
