"""Do the samples show the curve? Where it bends, where it is closed, where it is not resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from viz.tracing.batching import Sampler
from viz.tracing.grid import Grid
from viz.tracing.samples import Floats
from viz.tracing.singular import Singularity
from viz.tracing.suspects import height

Mask = npt.NDArray[np.bool_]

BEND: Final = 0.002
"""Greatest distance between curve and drawn line, as a share of the figure's height."""
UNRESOLVED: Final = 0.05
"""From this distance on, what would be drawn is not the curve."""
CHASED: Final = 128
"""Single intervals that are looked into once more though they are hardly worse than a bend."""
LEAP: Final = 0.2
"""A share of the slopes' height that the slope does not change over one interval alone."""
SPOTS: Final = 64
"""Intervals in which the line is compared with one sample more."""
GOLDEN: Final = 0.6180339887
"""Where in an interval that sample is: no period of the samples' own comes back to it."""
SAMPLED: Final = 8
"""Intervals that are looked into to tell small steps from a derivative that was left out."""


@dataclass(frozen=True)
class Closed:
    """Where no sample is added: across singular places and in stretches given up."""

    tall: tuple[float, float]
    """The lowest and highest value of the even samples: more come where the curve is steep."""
    found: list[Singularity]
    dense: list[tuple[float, float]]

    @property
    def places(self) -> Floats:
        """The singular places."""
        return np.array([one.x for one in self.found])

    def crossed(self, x: Floats) -> Mask:
        """The intervals that hold a singular place, end at one, or are given up."""
        crossed = np.zeros(len(x) - 1, bool)
        places = self.places
        for side in ("left", "right") if len(places) else ():
            crossed[np.clip(np.searchsorted(x, places, side) - 1, 0, len(x) - 2)] = True
        for low, high in self.dense:
            crossed |= (x[:-1] >= low) & (x[1:] <= high)
        return crossed

    def beside(self, x: Floats) -> Mask:
        """The intervals next to a singular place: no line shows a pole's foot."""
        beside = np.zeros(len(x) - 1, bool)
        for one in self.found:
            first = np.searchsorted(x, one.x - one.width)
            last = np.searchsorted(x, one.x + one.width, "right")
            if first < last:
                beside[max(first - 1, 0) : last] = True
        return beside


def between(grid: Grid, closed: Closed, finest: float, room: int) -> Floats:
    """New samples: the middle thirds of the intervals whose line is too far from the curve."""
    bends, scale = _bends(grid, closed)
    widths = np.diff(grid.x)
    chosen = np.flatnonzero((bends > BEND * scale) & (widths > 2 * finest))
    if 2 * len(chosen) > room:  # too many: the worst first
        chosen = np.sort(chosen[np.argsort(-bends[chosen], kind="stable")[: room // 2]])
    left, width = grid.x[chosen], widths[chosen]
    return np.concatenate([left + width / 3, left + 2 * width / 3])


def _bends(grid: Grid, closed: Closed) -> tuple[Floats, float]:
    """How far the curve is from the line in each interval, and the height of the figure.

    By values and slopes: the cubic through both ends leaves the line by h·Δf′/8, and misses the
    values by the residual when it is not the curve either.
    """
    f, slope = grid.rows[0], grid.rows[1]
    low, high = closed.tall
    scale = high - low
    widths = np.diff(grid.x)
    with np.errstate(all="ignore"):
        bow = np.abs(widths * np.diff(slope)) / 8
        miss = np.abs(np.diff(f) - widths * (slope[1:] + slope[:-1]) / 2)
        bends = np.minimum(np.maximum(bow, miss), 1e3 * scale)
        above = np.minimum(f[1:], f[:-1]) > high + scale
        below = np.maximum(f[1:], f[:-1]) < low - scale
    bends[above | below | closed.crossed(grid.x)] = 0.0
    return np.nan_to_num(bends, nan=0.0), scale


def unresolved(
    grid: Grid, closed: Closed
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Where the samples do not show the curve: stretches, and single intervals between others.

    The worst come first; of those that are hardly worse than a bend only some are given.
    """
    if len(grid.rows) < 2 or len(grid.x) < 3:
        return [], []
    bends, scale = _bends(grid, closed)
    bad = np.flatnonzero((bends > 2 * BEND * scale) & ~closed.beside(grid.x))
    stretches: list[tuple[float, float]] = []
    single: list[tuple[float, tuple[float, float]]] = []
    for part in np.split(bad, np.flatnonzero(np.diff(bad) > 3) + 1):
        if len(part):
            ends = float(grid.x[part[0]]), float(grid.x[part[-1] + 1])
            worst = float(bends[part].max()) / scale
            if np.count_nonzero(bends[part] > UNRESOLVED * scale) > 2:
                stretches.append(ends)
            else:
                single.append((worst, ends))
    single.sort(reverse=True)
    return stretches, [
        ends for place, (worst, ends) in enumerate(single) if worst > UNRESOLVED or place < CHASED
    ]


def kinked(grid: Grid, closed: Closed) -> list[tuple[float, float]]:
    """The intervals over which the slope leaps, though f itself is well enough shown."""
    if len(grid.rows) < 2 or len(grid.x) < SPOTS:
        return []
    low, high = height(grid.rows[1])
    with np.errstate(all="ignore"):
        leap = np.nan_to_num(np.abs(np.diff(grid.rows[1])))
    around = np.maximum(np.roll(leap, 1), np.roll(leap, -1))
    odd = (leap > LEAP * (high - low)) & (leap / 2 > around)
    odd &= ~(closed.crossed(grid.x) | closed.beside(grid.x))
    return [(float(grid.x[i]), float(grid.x[i + 1])) for i in np.flatnonzero(odd)]


def aliased(sampler: Sampler, grid: Grid, closed: Closed) -> list[tuple[float, float]]:
    """The stretch in which samples between the samples are nowhere near the line, if there is one.

    Steps that come as fast as the samples look like slow ones; nothing in the samples tells.
    """
    if len(grid.x) < SPOTS or not closed.found or sampler.alone:
        return []
    low, high = closed.tall
    taken = closed.crossed(grid.x) | closed.beside(grid.x)
    even = np.linspace(grid.x[0], grid.x[-1], SPOTS + 2)[1:-1]
    chosen = np.clip(np.searchsorted(grid.x, even) - 1, 0, len(taken) - 1)
    # numpy's `unique` would import at its first call, which the sandbox forbids
    chosen = chosen[np.concatenate([[True], np.diff(chosen) > 0])]
    chosen = chosen[~taken[chosen]]
    left, right = grid.x[chosen], grid.x[chosen + 1]
    there = Grid.of(sampler, left + GOLDEN * (right - left), ways_only=True)
    if len(there.x) < len(chosen):  # time is up
        return []
    f = grid.rows[0]
    with np.errstate(all="ignore"):
        line = f[chosen] + GOLDEN * (f[chosen + 1] - f[chosen])
        hits = np.flatnonzero(np.abs(there.rows[0] - line) > UNRESOLVED * (high - low))
    if len(hits) < 4:
        return []
    if 2 * (hits[-1] - hits[0]) > len(left):
        return [(float(grid.x[0]), float(grid.x[-1]))]
    return [(float(left[max(hits[0] - 1, 0)]), float(right[min(hits[-1] + 1, len(left) - 1)]))]


def stairs(sampler: Sampler, grid: Grid, closed: Closed) -> list[tuple[float, float]]:
    """The stretches that climb by steps too small and too many to be seen one by one.

    There f changes and its derivative says nothing of it. So it is of a function whose derivative
    autograd was told to leave out; a closer look at some intervals tells the two apart.
    """
    if len(grid.rows) < 2 or len(grid.x) < SAMPLED or sampler.alone:
        return []
    low, high = closed.tall
    with np.errstate(all="ignore"):
        f, slope = grid.rows[0], grid.rows[1]
        rest = np.nan_to_num(np.diff(f) - np.diff(grid.x) * (slope[1:] + slope[:-1]) / 2)
    rest = np.clip(rest, low - high, high - low)
    rest[closed.crossed(grid.x) | closed.beside(grid.x)] = 0.0
    climbed = np.cumsum(rest)
    if climbed.max() - climbed.min() <= UNRESOLVED * (high - low):
        return []
    steep = np.argsort(-np.abs(rest), kind="stable")[:SAMPLED]
    if not all(_steps(sampler, grid, int(i), rest[i]) for i in steep[rest[steep] != 0]):
        return []
    bad = np.flatnonzero(np.abs(rest) > 0.2 * np.abs(rest[steep]).mean())
    return [(float(grid.x[i]), float(grid.x[i + 1])) for i in bad]


def _steps(sampler: Sampler, grid: Grid, i: int, rest: float) -> bool:
    """Whether what an interval leaves unexplained happens at few places in it."""
    inside = Grid.of(sampler, np.linspace(grid.x[i], grid.x[i + 1], 33))
    if len(inside.rows) < 2 or len(inside.x) < 33:
        return False
    with np.errstate(all="ignore"):
        f, slope = inside.rows[0], inside.rows[1]
        parts = np.abs(np.diff(f) - np.diff(inside.x) * (slope[1:] + slope[:-1]) / 2)
    return bool(np.sort(parts)[-3:].sum() > 0.8 * abs(rest))
