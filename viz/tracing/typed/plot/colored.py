"""What `color=`, `c=`, `cmap=` and `alpha=` say of bars and points that are not all of one colour.

`Style` has one colour for a whole mark; `named` and `shades` colour its parts one by one.
"""

from __future__ import annotations

from typing import Any

import numpy
import torch

from viz.records import Mark
from viz.tracing.typed.plot.colormaps import LISTED, css_of, get_cmap
from viz.tracing.typed.plot.styles import color_of, map_of, series, thinned


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
    if colors not in LISTED:
        return {"z": thinned(values), "colors": colors or "viridis"}
    found, low = get_cmap(colors), min(values)
    share = (len(found) - 1) / ((max(values) - low) or 1.0)
    return {"shades": _spread([css_of(found(round((n - low) * share))) for n in values], parts)}


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
