"""Samples at irregular places between the even ones: is the line that they suggest the curve?

What repeats itself as often as there are even samples looks to them like something slow and
smooth, and nothing in them tells. `Probes` are taken in the same batch, so that they cost next to
nothing; no period comes back to all of their places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt

from viz.tracing.calculus.search.grid import Grid, Mask
from viz.tracing.sampling.sampler import Sampler
from viz.tracing.sampling.samples import Floats

MOST: Final = 48
"""Intervals that are probed in one view."""
OFF: Final = 0.05
"""Distance between a probe and the line, as a share of the row's height, that refutes the line."""
LEAST: Final = 1e-4
"""Of f's size: what counts as a height even if f seems to be constant."""

_DRAWN: Final = Random(1684)  # drawn once: the same question always gets the same samples
OFFSETS: Final = (
    np.array([_DRAWN.uniform(0.15, 0.85) for _ in range(MOST)]),
    np.array([_DRAWN.uniform(0.15, 0.85) for _ in range(MOST)]),
)
"""Where in its interval each probe is, of a first and a second look."""


@dataclass(frozen=True)
class Probes:
    """`rows` at `x`, each in the interval that begins at the sample `left`, at that share of it."""

    x: Floats
    left: npt.NDArray[np.intp]
    share: Floats
    rows: Floats

    def off(self, grid: Grid, scales: Sequence[float]) -> Mask:
        """Which probes are not where the samples beside them lead; the grid must be the even one.

        A row is held against the cubic by its values and slopes, the last one against the line;
        `scales` are the rows' heights.
        """
        starts = grid.rows.take(self.left, axis=1)
        ends = grid.rows.take(self.left + 1, axis=1)
        width, last = grid.x[1] - grid.x[0], len(starts) - 1
        with np.errstate(all="ignore"):
            chords = ends - starts
            led = starts + self.share * chords
            first, second = width * starts[1:] - chords[:last], width * ends[1:] - chords[:last]
            rest = 1 - self.share
            led[:last] += self.share * rest * (rest * first - self.share * second)
            near = np.abs(self.rows - led) <= OFF * np.array(scales)[:, None]
            wrong: Mask = np.logical_or.reduce(~near & np.isfinite(led))
        return wrong


def scales(grid: Grid) -> list[float]:
    """The heights of finite rows, each at least what the row before it makes of the range."""
    low, high = grid.rows.min(axis=1).tolist(), grid.rows.max(axis=1).tolist()
    least = LEAST * max(abs(low[0]), abs(high[0]))
    known: list[float] = []
    for bottom, top in zip(low, high, strict=True):
        known.append(max(top - bottom, least))
        least = known[-1] / (grid.x[-1] - grid.x[0])
    return known


@cache
def _spread(intervals: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """Which of so many even intervals are probed, and where in each."""
    count = min(MOST, intervals)
    return (np.arange(count) * intervals) // count, OFFSETS[0][:count]


def places(x: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Further places to probe between any samples, and the sample before each of them."""
    step = (x[-1] - x[0]) / MOST
    left = np.searchsorted(x, x[0] + step * (np.arange(MOST) + 0.5), "right") - 1
    left = left[np.concatenate([[True], np.diff(left) > 0])]
    return x[left] + OFFSETS[1][: len(left)] * (x[left + 1] - x[left]), left


def probed(sampler: Sampler, even: Floats) -> tuple[Grid, Probes]:
    """The even samples and the probes between them, in one batch."""
    left, share = _spread(len(even) - 1)
    x = even[left] + share * (even[left + 1] - even[left])
    found = sampler(np.concatenate([even, x]))
    count = len(even)
    return Grid.made(sampler, even, found.first(count)), Probes(
        x, left, share, found.rows[:, count:]
    )
