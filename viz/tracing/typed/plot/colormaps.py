"""Colour maps and norms as typed code meets them: `plt.cm.viridis`, `plt.Normalize(0, 1)`.

A map is known by its name, which the page draws with; called, it gives `Color`s, which say no
numbers: they are near those of matplotlib, not equal to them.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy
import torch

from viz.program.allowlist.words import words
from viz.tracing.typed.type_stand_ins import Frozen, numpy_of

_STOPS: Final = {
    "viridis": "#440154 #414487 #2a788e #22a884 #7ad151 #fde725",
    "plasma": "#0d0887 #7e03a8 #cc4778 #f89540 #f0f921",
    "inferno": "#000004 #57106e #bc3754 #f98e09 #fcffa4",
    "magma": "#000004 #51127c #b73779 #fc8961 #fcfdbf",
    "gray": "#000000 #ffffff",
    "Greys": "#ffffff #000000",
    "jet": "#000080 #0000ff #00ffff #ffff00 #ff0000 #800000",
    "hot": "#000000 #ff0000 #ffff00 #ffffff",
    "coolwarm": "#3b4cc0 #dddddd #b40426",
    "RdBu": "#67001f #f7f7f7 #053061",
    "Blues": "#f7fbff #6baed6 #08306b",
    "Reds": "#fff5f0 #fb6a4a #67000d",
    "Greens": "#f7fcf5 #74c476 #00441b",
    "rainbow": "#8000ff #00b5eb #80ffb4 #ffb360 #ff0000",
    "Spectral": "#9e0142 #fee08b #ffffbf #e6f598 #5e4fa2",
    "tab10": "#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf",
}
NAMES: Final = frozenset(_STOPS)


class Color(Frozen):
    """One colour of a map."""

    __slots__ = ("_css",)
    _css: str

    def __init__(self, css: str) -> None:
        object.__setattr__(self, "_css", css)

    def __repr__(self) -> str:
        return "<color>"


def css_of(color: Color) -> str:
    """A colour as CSS has it."""
    return color._css


class ColorMap(Frozen):
    """A colour map: its name, and the colours between its ends."""

    __slots__ = ("_name", "_stops")
    _name: str
    _stops: tuple[str, ...]

    def __init__(self, name: str, stops: tuple[str, ...]) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_stops", stops)

    def __call__(self, x: Any, *_alpha: Any, **_ways: Any) -> Any:
        """The colour of a number between 0 and 1, or of each of several; a whole number counts."""
        if isinstance(x, torch.Tensor):
            x = numpy_of(x)
        if isinstance(x, numpy.ndarray) and x.ndim:
            return [self(each) for each in x.tolist()]
        if isinstance(x, list | tuple):
            return [self(each) for each in x]
        listed = self._name == "tab10" and isinstance(x, int)
        return Color(self._stops[x % 10] if listed else _between(self._stops, float(x)))

    def __str__(self) -> str:
        return self._name

    def __repr__(self) -> str:
        return f"<color map {self._name}>"


def _between(stops: tuple[str, ...], share: float) -> str:
    at = (min(max(share, 0.0), 1.0) if math.isfinite(share) else 0.0) * (len(stops) - 1)
    low = min(int(at), len(stops) - 2)
    parts = [
        round(int(one, 16) + (int(other, 16) - int(one, 16)) * (at - low))
        for one, other in zip(_channels(stops[low]), _channels(stops[low + 1]), strict=True)
    ]
    return "#" + "".join(f"{each:02x}" for each in parts)


def _channels(color: str) -> list[str]:
    return [color[place : place + 2] for place in (1, 3, 5)]


def get_cmap(name: Any = "viridis", _lut: Any = None) -> ColorMap:
    """The map of a name; raises `ValueError` for one that is not known here."""
    text = str(name)
    bare = text.removesuffix("_r")
    if bare not in NAMES:
        raise ValueError(f"{text[:40]!r} is not a color map known here: use {', '.join(_STOPS)}")
    stops = tuple(words(_STOPS[bare]))
    return ColorMap(text, stops[::-1] if text != bare else stops)


class Normalize(Frozen):
    """`plt.Normalize(vmin, vmax)`: numbers between two as shares of the way."""

    __slots__ = ("_high", "_low")
    _low: float | None
    _high: float | None

    def __init__(self, vmin: Any = None, vmax: Any = None, **_ways: Any) -> None:
        object.__setattr__(self, "_low", None if vmin is None else float(vmin))
        object.__setattr__(self, "_high", None if vmax is None else float(vmax))

    def __call__(self, value: Any) -> Any:
        """The shares."""
        held = numpy.asarray(numpy_of(value) if isinstance(value, torch.Tensor) else value, float)
        low = held.min() if self._low is None else self._low
        high = held.max() if self._high is None else self._high
        shares = (held - low) / (high - low) if high != low else held * 0
        return shares if shares.ndim else float(shares)
