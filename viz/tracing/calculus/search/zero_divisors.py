"""Where what divides is zero: there f may have a hole that no sample shows.

`holes(lens, grid)` gives the roots of the divisors between samples, narrowed to the width that
is asked for. Whether f has a hole there is for others to tell: it may have a pole, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from viz.tracing.calculus.search.grid import Grid, Lens
from viz.tracing.sampling.samples import Floats

MOST: Final = 64
"""Roots that are looked for in one view."""
INSIDE: Final = 17
"""Samples of an interval in one round."""
ROUNDS: Final = 14
TOUCHES: Final = 0.02
"""A divisor that turns back comes as near to zero as this share of what it is beside, or less."""


class _Root(NamedTuple):
    """A stretch in which a divisor is zero, and which divisor."""

    key: int
    low: float
    high: float


def zeros(x: Floats, divisor: Floats) -> Iterator[tuple[float, float]]:
    """The stretches in which a divisor changes its sign, or touches zero, between its samples."""
    with np.errstate(all="ignore"):
        left, right = divisor[:-1], divisor[1:]
        for i in np.flatnonzero(left * right < 0).tolist():
            yield float(x[i]), float(x[i + 1])
        for i in np.flatnonzero(divisor == 0).tolist():
            yield float(x[max(i - 1, 0)]), float(x[min(i + 1, len(x) - 1)])
        before, middle, after = np.abs(divisor[:-2]), np.abs(divisor[1:-1]), np.abs(divisor[2:])
        signs = np.sign(divisor)
        same = (signs[:-2] == signs[1:-1]) & (signs[1:-1] == signs[2:])
        bend = before - 2 * middle + after
        lowest = middle - (after - before) ** 2 / (8 * bend)
        turned = same & (middle <= before) & (middle <= after) & (bend > 0)
        near = lowest <= TOUCHES * np.maximum(before, after)
        for i in np.flatnonzero(turned & near).tolist():
            yield float(x[i]), float(x[i + 2])


def divided(grid: Grid) -> bool:
    """Whether any divisor may be zero between the samples."""
    return any(next(zeros(grid.x, row), None) is not None for _, row in grid.divisors)


def holes(
    lens: Lens, grid: Grid, width: float, known: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Narrow stretches around the roots of divisors, but for those in what is `known` already."""
    roots = [
        _Root(key, low, high)
        for key, row in grid.divisors
        for low, high in zeros(grid.x, row)
        if not any(low <= stop and start <= high for start, stop in known)
    ]
    for _ in range(ROUNDS if len(roots) <= MOST else 0):
        open_ = [root for root in roots if root.high - root.low > width]
        if not open_ or lens.sampler.time_is_up is not None:
            break
        closed = [root for root in roots if root.high - root.low <= width]
        roots = closed + list(_narrowed(lens, open_))
    return sorted({(root.low, root.high) for root in roots if root.high - root.low <= width})


def _narrowed(lens: Lens, roots: list[_Root]) -> Iterator[_Root]:
    parts = [np.linspace(root.low, root.high, INSIDE) for root in roots]
    grid = lens.at(np.concatenate(parts), ways_only=True)
    rows = dict(grid.divisors)
    for place, (root, x) in enumerate(zip(roots, parts, strict=True)):
        if root.key in rows:
            row = rows[root.key][place * INSIDE : (place + 1) * INSIDE]
            for low, high in list(zeros(x, row))[:1]:
                yield _Root(root.key, low, high)
