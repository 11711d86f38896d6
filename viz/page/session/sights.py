"""How the figures are looked at: what a link says of it, and what makes plotly show a figure so.

In a link `sight=map:-1,2,0,3;relief:1.5,-1.5,1,0,0,0`: figure by figure, of each axis that can be
zoomed where it begins and ends (in the axis's own units), of a scene the camera's `eye` and
`center`, as plotly has them. What the curve shows of x is its range.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

SightNumbers = tuple[float, ...]
Sight = tuple[str, SightNumbers]
"""A figure's key and its numbers."""
FOLLOWED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "map": ("xaxis", "yaxis"),
        "relief": ("scene",),
        "slices": ("xaxis", "xaxis2", "yaxis"),
    }
)
"""What of each figure of the page may be looked at otherwise."""


def fits(key: str, numbers: SightNumbers) -> bool:
    """Whether these are the numbers of that figure."""
    wanted = sum(6 if part == "scene" else 2 for part in FOLLOWED.get(key, ()))
    return len(numbers) == wanted > 0


def layout_of(key: str, numbers: SightNumbers) -> dict[str, Any]:
    """The parts of plotly's layout that show a figure so; none if there are no numbers."""
    if not numbers:
        return {}
    if FOLLOWED[key] == ("scene",):
        eye, center = (dict(zip("xyz", three, strict=True)) for three in (numbers[:3], numbers[3:]))
        return {"scene": {"camera": {"eye": eye, "center": center}}}
    ends = zip(FOLLOWED[key], numbers[::2], numbers[1::2], strict=True)
    return {part: {"range": [start, stop]} for part, start, stop in ends}
