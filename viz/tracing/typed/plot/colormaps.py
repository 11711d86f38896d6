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
    "bwr": "#0000ff #fffefe #ff0000",
    "seismic": "#00004c #0101ff #fffdfd #fe0000 #800000",
    "RdYlBu": "#a50026 #f98e52 #feffc0 #8ec2dc #313695",
    "RdYlGn": "#a50026 #f98e52 #feffbe #84ca66 #006837",
    "cividis": "#00224e #434e6c #7d7c78 #bcae6c #fee838",
    "YlGnBu": "#ffffd9 #c6e9b4 #40b5c4 #225da8 #081d58",
    "cool": "#00ffff #ff00ff",
    "bone": "#000000 #4a4a67 #95aeb5 #ffffff",
    "spring": "#ff00ff #ffff00",
    "summer": "#008066 #ffff66",
    "autumn": "#ff0000 #ffff00",
    "winter": "#0000ff #00ff80",
    "copper": "#000000 #3f2819 #7e5033 #bd784c #fc9f65 #ffc77f",
    "hsv": "#ff0000 #fcf500 #08ff00 #00fff6 #0010ff #ee00ff #ff0018",
    "pink": "#1e0000 #a16868 #d0ac94 #e9e9b6 #ffffff",
    "PiYG": "#8e0152 #e897c4 #f7f7f6 #9acd61 #276419",
    "Purples": "#fcfbfd #9e9ac8 #3f007d",
    "Oranges": "#fff5eb #fd8c3b #7f2704",
    "binary": "#ffffff #000000",
    "turbo": "#30123b #4685fa #1ae4b6 #a4fc3c #faba39 #e4450a #7a0403",
    "terrain": "#333399 #01cc66 #fefe98 #815e56 #ffffff",
    "twilight": "#e2d9e2 #7ba1c2 #5e43a5 #2f1436 #8e2c50 #c68a6d #e2d9e2",
    "YlOrRd": "#ffffcc #fed976 #fd8c3c #e2191c #800026",
    "YlGn": "#ffffe5 #d9f0a3 #77c679 #228343 #004529",
    "PuBu": "#fff7fb #d0d1e6 #73a9cf #056faf #023858",
    "nipy_spectral": "#000000 #0000b9 #00a4bb #00bc00 #ccf900 #ff2d00 #cccccc",
    "Set1": "#e41a1c #377eb8 #4daf4a #984ea3 #ff7f00 #ffff33 #a65628 #f781bf #999999",
    "Set2": "#66c2a5 #fc8d62 #8da0cb #e78ac3 #a6d854 #ffd92f #e5c494 #b3b3b3",
    "Paired": "#a6cee3 #1f78b4 #b2df8a #33a02c #fb9a99 #e31a1c #fdbf6f"
    " #ff7f00 #cab2d6 #6a3d9a #ffff99 #b15928",
    "Dark2": "#1b9e77 #d95f02 #7570b3 #e7298a #66a61e #e6ab02 #a6761d #666666",
}
LISTED: Final = frozenset({"tab10", "Set1", "Set2", "Paired", "Dark2"})
"""Maps that are a row of colours, which a whole number counts."""
NAMES: Final = frozenset(_STOPS)


class Color(Frozen):
    """One colour of a map."""

    __slots__ = ("_css",)
    _css: str

    def __init__(self, css: str) -> None:
        object.__setattr__(self, "_css", css)

    def __repr__(self) -> str:
        return "<color>"


def stops_of(colors: ColorMap, count: int) -> tuple[str, ...]:
    """So many of a map's colours, evenly."""
    return tuple(_between(colors._stops, place / (count - 1)) for place in range(count))


def is_row(colors: Any) -> bool:
    """Whether a map is a row of colours, which a whole number counts."""
    return isinstance(colors, ColorMap) and colors._is_row


def css_of(color: Color) -> str:
    """A colour as CSS has it."""
    return color._css


class ColorMap(Frozen):
    """A colour map: its name, and the colours between its ends."""

    __slots__ = ("_is_row", "_name", "_stops")
    _name: str
    _stops: tuple[str, ...]
    _is_row: bool

    def __init__(self, name: str, stops: tuple[str, ...], *, listed: bool | None = None) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_stops", stops)
        object.__setattr__(self, "_is_row", name in LISTED if listed is None else listed)

    def __call__(self, x: Any, *_alpha: Any, **_ways: Any) -> Any:
        """The colour of a number between 0 and 1, or of each of several; a whole number counts."""
        if isinstance(x, torch.Tensor):
            x = numpy_of(x)
        if isinstance(x, numpy.ndarray) and x.ndim:
            return [self(each) for each in x.tolist()]
        if isinstance(x, list | tuple):
            return [self(each) for each in x]
        listed = self._is_row and isinstance(x, int)
        return Color(
            self._stops[x % len(self._stops)] if listed else _between(self._stops, float(x))
        )

    def __len__(self) -> int:
        return len(self._stops)

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
