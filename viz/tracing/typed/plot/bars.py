"""The bars that a word gives, one by one: `for bar in plt.bar(x, y): plt.text(bar.get_x(), …)`.

`DrawnBars` is what `bar`, `barh` and `hist` give; `said` what stands at the end of a bar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import numpy
import torch

from viz.tracing.typed.plot.drawn import DrawnMark
from viz.tracing.typed.plot.styles import color_of, text_of
from viz.tracing.typed.type_stand_ins import Frozen

_KIND: Final = r"[-+ ,0]?\d{0,2}(?:\.\d{1,2})?[defg%]?"
_FORMAT: Final = re.compile(
    rf"([^%{{}}]{{0,40}})(?:%({_KIND})|\{{(?::({_KIND}))?\}})((?:[^%{{}}]|%%){{0,40}})"
)
"""`%.2f`, `{:.2f}` and `{}`, with what stands around them."""


class DrawnBar(Frozen):
    """One bar: where its corner is, and how wide and high it is."""

    __slots__ = ("_again", "_of")
    _of: tuple[Any, Any, Any, Any]
    _again: tuple[Any, int]

    def __init__(self, sides: Any, paint: Any) -> None:
        object.__setattr__(self, "_of", sides)
        object.__setattr__(self, "_again", paint)

    def get_x(self) -> Any:
        """Its left side."""
        return self._of[0]

    def get_y(self) -> Any:
        """Its lower side."""
        return self._of[1]

    def get_width(self) -> Any:
        """From its left side to its right one."""
        return self._of[2]

    def get_height(self) -> Any:
        """From its lower side to its upper one."""
        return self._of[3]

    def get_xy(self) -> tuple[Any, Any]:
        """Its lower left corner."""
        return self._of[:2]

    def __repr__(self) -> str:
        x, y, width, height = map(float, self._of)
        return f"Rectangle(xy=({x:g}, {y:g}), width={width:g}, height={height:g}, angle=0)"

    def _nothing(self, *_given: Any, **_words: Any) -> None:
        """A word for looks that all bars of a row have in common here."""

    set_edgecolor = set_alpha = set_linewidth = set_hatch = set_label = set_zorder = _nothing

    def set_color(self, color: Any) -> None:
        """A colour of its own."""
        again, place = self._again
        if again is not None:
            again(shade=(place, color_of(color)))

    set_facecolor = set_color


def _fit(lengths: Any) -> bool:
    """Whether whole numbers are none of those that only Python has."""
    return bool(numpy.all(numpy.abs(numpy.array(lengths, float)) < 2.0**63))


class DrawnBars(DrawnMark):
    """A row of bars, which is one mark of the figure."""

    __slots__ = ("_of",)
    _of: tuple[Any, Any, Any, float, bool]

    def __init__(
        self, drawn: DrawnMark, given: Any, stands: bool = True, whole: Any = (False, True)
    ) -> None:
        super().__init__(drawn._again)
        places, lengths, begins, width = given
        found, from_ = (
            numpy.array(each, int if is_whole and _fit(each) else float)
            for each, is_whole in zip((lengths, begins), whole, strict=True)
        )
        starts = numpy.broadcast_to(from_, found.shape)
        object.__setattr__(self, "_of", (numpy.array(places, float), found, starts, width, stands))

    def __len__(self) -> int:
        return len(self._of[1])

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[each] for each in range(len(self))[place]]
        places, lengths, starts, width, stands = self._of
        at, length, start = places[place] - width / 2, lengths[place], starts[place]
        sides = (at, start, width, length) if stands else (start, at, length, width)
        return DrawnBar(sides, (self._again, range(len(self))[place]))


def ends(bars: DrawnBars, share: float = 1.0) -> list[tuple[float, float, Any]]:
    """The middle of each one's end, or a share of the way there, and its length."""
    places, lengths, starts, _, stands = bars._of
    rows = zip(places, starts + share * lengths, lengths, strict=True)
    return [(*((at, end) if stands else (end, at)), length) for at, end, length in rows]


def are_whole(lengths: Any) -> bool:
    """Whether all are whole numbers, which are written without a point."""
    if isinstance(lengths, numpy.ndarray | numpy.generic):
        return lengths.dtype.kind in "iu"
    if isinstance(lengths, torch.Tensor):
        return not lengths.dtype.is_floating_point
    if type(lengths) in (list, tuple, type({}.values())):
        return all(type(each) is int for each in lengths)
    return type(lengths) is int


def said(form: Any, length: Any) -> str:
    """A length as `fmt="%.2f"`, `"{:.2f}"` or a function writes it."""
    if callable(form):
        return text_of(form(length))
    found = _FORMAT.fullmatch(text_of(form))
    if found is None:
        raise ValueError("this format is not read here: use fmt='%.2f' or '{:.2f}'")
    kind = found[2] or found[3] or "g"
    number = int(length) if kind.endswith("d") else float(length)
    told = format(number, kind if kind[-1] in "defg%" else f"{kind}g")
    return found[1] + told + found[4].replace("%%", "%")
