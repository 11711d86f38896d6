"""What `color=`, `c=`, `cmap=` and `alpha=` say of bars and points that are not all of one colour.

`Style` has one colour for a whole mark; `named` and `shades` colour its parts one by one. Of a
program's own maps (`ListedColormap(['r', '#00ff00'])`, `from_list`) points have the very colours;
for heights and pictures the page takes the nearest map that it has.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy
import torch

from viz.records import Mark
from viz.tracing.typed.plot.colormaps import (
    LISTED,
    NAMES,
    ColorMap,
    css_of,
    get_cmap,
    is_row,
    stops_of,
)
from viz.tracing.typed.plot.styles import color_of, map_of, series, thinned
from viz.tracing.typed.type_stand_ins import Frozen


def named(given: dict[str, Any], parts: int) -> dict[str, Any]:
    """`color=["red", "blue"]` as a field of a `Mark` with so many parts; nothing for one colour."""
    told = given.get("color", given.get("c"))
    if not isinstance(told, list | tuple) or not told or parts == 0:
        return {}
    if all(isinstance(each, int | float) for each in told):
        return {}  # red, green and blue of all
    return {"shades": _spread([color_of(each) for each in told], parts)}


def shades(given: dict[str, Any], parts: int) -> dict[str, Any]:
    """The same of points, where numbers may stand for colours: `c=labels, cmap="viridis"`."""
    told = given.get("c")
    if not isinstance(told, list | tuple | numpy.ndarray | torch.Tensor):
        return named(given, parts)
    values = list(told) if isinstance(told, list | tuple) else series(told.ravel())[0]
    if len(values) != parts or not all(isinstance(each, int | float) for each in values):
        return named(given, parts)
    colors = map_of(given.get("cmap"))
    found: Any = given.get("cmap")
    if not is_row(found):
        if colors not in LISTED:
            return {"z": thinned(values), "colors": colors or "viridis"}
        found = get_cmap(colors)
    known = [each for each in values if math.isfinite(each)] or [0.0]
    low = min(known)
    share = (len(found) - 1) / ((max(known) - low) or 1.0)
    places = [round((each - low) * share) if math.isfinite(each) else None for each in values]
    told = [None if place is None else css_of(found(place)) for place in places]
    return {"shades": _spread(told, parts)}


def shaded(mark: Mark, place: int, color: str | None) -> tuple[str | None, ...]:
    """The colours of a mark's parts, of which one has another."""
    held = list(mark.shades or (None,) * len(mark.x))
    if place < len(held):
        held[place] = color
    return tuple(held)


def _spread(colors: list[str | None], parts: int) -> tuple[str | None, ...]:
    """One for each part, from the first on again where there are fewer, thinned as they are."""
    kept = thinned(list(range(parts)))
    return tuple(colors[int(place) % len(colors)] for place in kept)


def opacity(given: dict[str, Any]) -> dict[str, Any]:
    """`alpha=0.5` as a field of a `Mark`."""
    alpha = given.get("alpha")
    return {"alpha": min(max(float(alpha), 0.0), 1.0)} if isinstance(alpha, int | float) else {}


MOST: Final = 1_000
"""Colours of one map."""
_USUAL: Final = {
    "red": "#ff0000", "green": "#008000", "blue": "#0000ff", "yellow": "#ffff00",
    "cyan": "#00ffff", "magenta": "#ff00ff", "black": "#000000", "white": "#ffffff",
    "orange": "#ffa500", "purple": "#800080", "brown": "#a52a2a", "pink": "#ffc0cb",
    "lightblue": "#add8e6", "lightgreen": "#90ee90", "salmon": "#fa8072", "lime": "#00ff00",
    "darkblue": "#00008b", "darkgreen": "#006400", "darkred": "#8b0000", "navy": "#000080",
    "gold": "#ffd700", "skyblue": "#87ceeb", "lightcoral": "#f08080", "royalblue": "#4169e1",
    "darkorange": "#ff8c00", "cornflowerblue": "#6495ed", "teal": "#008080", "tomato": "#ff6347",
}  # fmt: skip
"""How red, green and blue the usual names are; any other counts as grey."""


def _written(color: Any) -> str:
    """A colour as six digits."""
    css = str(color_of(color))
    if css.startswith("#"):
        return css if len(css) == 7 else "#" + "".join(2 * each for each in css[1:])
    return _USUAL.get(css, "#808080")


def _made(colors: Any, *, listed: bool) -> ColorMap:
    if isinstance(colors, str):
        colors = [colors]
    stops = tuple(_written(each) for each in list(colors)[:MOST])
    stops = stops if len(stops) > 1 else (stops[0], stops[0])
    known = [f"{name}{end}" for name in sorted(NAMES) for end in ("", "_r")]
    near = min(known, key=lambda name: _apart(stops, stops_of(get_cmap(name), len(stops))))
    return ColorMap(near, stops, listed=listed)


def _apart(these: tuple[str, ...], those: tuple[str, ...]) -> int:
    """How far the colours of two maps are from each other."""
    pairs = zip(map(_parts, these), map(_parts, those), strict=True)
    return sum((a - b) ** 2 for one, other in pairs for a, b in zip(one, other, strict=True))


def _parts(color: str) -> list[int]:
    return [int(color[place : place + 2], 16) for place in (1, 3, 5)]


def listed(colors: Any, *_name: Any, **_ways: Any) -> ColorMap:
    """`ListedColormap(colors)`: a row of colours."""
    return _made(colors, listed=True)


class SegmentedMaps(Frozen):
    """`LinearSegmentedColormap`, of which `from_list` makes maps."""

    __slots__ = ()

    def from_list(self, _name: Any, colors: Any, *_ways: Any, **_named: Any) -> ColorMap:
        """A map between colours, evenly."""
        rows = [each[1] if _is_placed(each) else each for each in colors]
        return _made(rows, listed=False)


def _is_placed(value: Any) -> bool:
    """Whether it is a pair of a place and a colour."""
    return isinstance(value, tuple | list) and len(value) == 2


class Maps(Frozen):
    """`matplotlib.colormaps`: the maps by name."""

    __slots__ = ()

    def __getitem__(self, name: Any) -> ColorMap:
        return get_cmap(name)

    def get_cmap(self, cmap: Any) -> ColorMap:
        """The same."""
        return get_cmap(cmap)
