"""The point x₀ over the curve, with its tangent and the read-out, and the samples they come from.

The samples are a component of their own, which draws nothing: they stay the same while x₀ moves,
and are not sent again. The overlay sends back `range`, the stretch of x that is in sight.
"""

from __future__ import annotations

from typing import Literal

from viz.page.components.sent import Doubles, Sent, doubles
from viz.records import Curve

ROWS = 3
"""Derivatives that are sent: f, its slope, and the slope's slope, which joins slopes smoothly."""


class Overlay(Sent, frozen=True):
    """Where x₀ stands, and f and its slope there as the run recorded them.

    `target` is the key of the figure; an element of a tensor (`scalar` is false) is set by writing
    it between the two texts `around`. `function` is what f is called. `digits` is how many the
    read-out shows.
    """

    target: str
    name: str
    function: str
    input: str
    scalar: bool
    around: tuple[str, str]
    x: float
    value: float | None
    slope: float | None
    digits: int


class Break(Sent, frozen=True):
    """Where the curve of `order`, and all above it, are not joined."""

    order: int
    kind: Literal["jump", "pole", "undefined", "kink", "unresolved"]
    start: float
    stop: float


class CurveSamples(Sent, frozen=True):
    """A curve's samples: `derivatives` row by row, f first."""

    x: Doubles
    derivatives: tuple[Doubles, ...]
    gaps: tuple[Break, ...]


def samples(curve: Curve) -> CurveSamples:
    """What the read-out needs of a curve."""
    gaps = (Break(gap.order, gap.kind, gap.start, gap.stop) for gap in curve.gaps)
    rows = tuple(map(doubles, curve.derivatives[:ROWS]))
    return CurveSamples(doubles(curve.x), rows, tuple(gap for gap in gaps if gap.order < ROWS))
