"""Do the samples show the curve? Where it bends, where it is closed, where it is not resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from viz.records import MAX_ORDER
from viz.tracing.calculus.search.grid import Grid, Lens, Mask
from viz.tracing.calculus.search.ladders import Singularity
from viz.tracing.calculus.search.probes import places
from viz.tracing.calculus.search.suspects import WIGGLES, SamplePlaces, height
from viz.tracing.sampling.samples import Floats

BEND: Final = 0.002
"""Greatest distance between curve and drawn line, as a share of the figure's height."""
UNRESOLVED: Final = 0.05
"""From this distance on, what would be drawn is not the curve."""
RIPPLE: Final = 0.02
"""The same of a derivative, as a share of its own height."""
RIPPLES: Final = 4
"""Neighbouring intervals in which a derivative is not resolved, more than an end of one makes."""
NEAR: Final = 0.0015
"""Share of the range, on both sides of a singular place, in which derivatives are not refined."""
CONSTANT: Final = 1e-12
"""What f changes by, as a share of its size, if it is constant but for rounding."""
CHASED: Final = 128
"""Single intervals that are looked into once more though they are hardly worse than a bend."""
LEAP: Final = 0.2
"""A share of the slopes' height that the slope does not change over one interval alone."""
SPOTS: Final = 64
"""Samples among which one alone can stand out."""
SAMPLED: Final = 8
"""Intervals that are looked into to tell small steps from a derivative that was left out."""


@dataclass(frozen=True)
class Closed:
    """Where no sample is added: across singular places and in stretches given up."""

    heights: list[tuple[float, float]]
    """The lowest and highest value of each row's even samples: more come where it is steep."""
    found: list[Singularity]
    dense: list[tuple[float, float]]

    @property
    def tall(self) -> tuple[float, float]:
        """That of f itself."""
        return self.heights[0]

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
        lows, highs = np.array(self.dense or np.zeros((0, 2))).T
        first, stop = np.searchsorted(x, lows), np.searchsorted(x, highs, "right") - 1
        return crossed | _from_to(len(crossed), first, stop)

    def beside(self, x: Floats) -> Mask:
        """The intervals next to a singular place: no line shows a pole's foot."""
        places, widths = self.places, np.array([one.width for one in self.found])
        first = np.searchsorted(x, places - widths)
        stop = np.searchsorted(x, places + widths, "right")
        return _from_to(len(x) - 1, np.where(first < stop, first - 1, stop), stop)

    def near(self, x: Floats) -> Mask:
        """The intervals so near a singular place that rounding makes the derivatives rough.

        There the terms of derivatives cancel, the more the nearer one looks.
        """
        reach = NEAR * float(x[-1] - x[0])
        first = np.searchsorted(x, self.places - reach)
        return _from_to(len(x) - 1, first - 1, np.searchsorted(x, self.places + reach))


def _from_to(count: int, first: SamplePlaces, stop: SamplePlaces) -> Mask:
    """Of so many intervals those from a `first` one up to its `stop`."""
    first, stop = np.clip(first, 0, count), np.clip(stop, 0, count)
    edges = np.zeros(count + 1, np.intp)
    np.add.at(edges, first[first < stop], 1)
    np.add.at(edges, stop[first < stop], -1)
    within: Mask = np.cumsum(edges[:-1]) > 0
    return within


def heights(grid: Grid, found: list[Singularity]) -> list[tuple[float, float]]:
    """The heights of the rows of the even samples: beside poles only those of their bulk.

    Without a pole a peak counts however rare it is: it is what there is to see.
    """
    poles = [one.gap.order for one in found if one.gap is not None and one.gap.kind == "pole"]
    known: list[tuple[float, float]] = []
    values = grid.rows[0][np.isfinite(grid.rows[0])]
    least = rounding = CONSTANT * float(np.abs(values).max()) if len(values) else 0.0
    for order, row in enumerate(grid.rows):
        low, high = float(row.min()), float(row.max())
        if not np.isfinite(high - low) or any(pole <= order for pole in poles):
            low, high = height(row)
        if high - low < least:  # rounding is not the height of a constant
            low, high = low - least, high + least
        known.append((low, high))
        extent = float(grid.x[-1] - grid.x[0])
        rounding *= WIGGLES / extent
        least = max((high - low) / extent, rounding)
    return known


def between(grid: Grid, closed: Closed, finest: float, room: int) -> Floats:
    """New samples: the middle thirds of the intervals whose line is too far from the curve."""
    widths = np.diff(grid.x)
    worst = np.zeros(len(widths))
    for order, (bend, least) in enumerate(((BEND, 2.0), *[(RIPPLE, 4.0)] * MAX_ORDER)):
        if order < len(grid.rows):
            bends, scale = _bends(grid, closed, order)
            with np.errstate(all="ignore"):
                share = np.nan_to_num(bends / (bend * scale))
            if order:  # rounding would only be seen the better
                share[closed.near(grid.x)] = 0.0
            worst = np.maximum(worst, np.where(widths > least * finest, share, 0.0))
    chosen = np.flatnonzero(worst > 1)
    if 2 * len(chosen) > room:  # too many: the worst first
        chosen = np.sort(chosen[np.argsort(-worst[chosen], kind="stable")[: room // 2]])
    left, width = grid.x[chosen], widths[chosen]
    return np.concatenate([left + width / 3, left + 2 * width / 3])


def _bends(grid: Grid, closed: Closed, order: int) -> tuple[Floats, float]:
    """How far a row is from its line in each interval, and the height of the figure.

    By values and slopes: the cubic through both ends leaves the line by h·Δf′/8, and misses the
    values by the residual when it is not the curve either. The last row has no slopes: there the
    neighbours tell.
    """
    row = grid.rows[order]
    low, high = closed.heights[order]
    scale = high - low
    widths = np.diff(grid.x)
    with np.errstate(all="ignore"):
        if order + 1 < len(grid.rows):
            slope = grid.rows[order + 1]
            bow = np.abs(widths * np.diff(slope)) / 8
            miss = np.abs(np.diff(row) - widths * (slope[1:] + slope[:-1]) / 2)
            bends = np.maximum(bow, miss)
        else:
            bends = _bows(widths, row)
        bends = np.minimum(bends, 1e3 * scale)
        above = np.minimum(row[1:], row[:-1]) > high + scale
        below = np.maximum(row[1:], row[:-1]) < low - scale
    bends[above | below | closed.crossed(grid.x)] = 0.0
    return np.nan_to_num(bends, nan=0.0), scale


def _bows(widths: Floats, row: Floats) -> Floats:
    """How far the parabola through three neighbours leaves the line, in each interval."""
    share = widths[:-1] / (widths[:-1] + widths[1:])
    off = np.abs(row[1:-1] - (1 - share) * row[:-2] - share * row[2:]) / 4
    bows = np.zeros(len(widths))
    bows[:-1] = off * np.minimum(share / (1 - share), 1)
    bows[1:] = np.fmax(bows[1:], off * np.minimum((1 - share) / share, 1))
    return bows


def unresolved(
    grid: Grid, closed: Closed
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Where the samples do not show the curve: stretches, and single intervals between others.

    The worst come first; of those that are hardly worse than a bend only some are given.
    """
    if len(grid.rows) < 2 or len(grid.x) < 3:
        return [], []
    bends, scale = _bends(grid, closed, 0)
    stretches: list[tuple[float, float]] = []
    single: list[tuple[float, tuple[float, float]]] = []
    for part in _runs((bends > 2 * BEND * scale) & ~closed.beside(grid.x)):
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


def _runs(bad: Mask) -> Iterator[SamplePlaces]:
    """The intervals that are bad, those with hardly another between them together."""
    places = np.flatnonzero(bad)
    for part in np.split(places, np.flatnonzero(np.diff(places) > 3) + 1):
        if len(part):
            yield part


def rippled(grid: Grid, closed: Closed, order: int) -> list[tuple[float, float]]:
    """The stretches in which a derivative changes faster than the samples can show."""
    if len(grid.x) < 3:
        return []
    bends, scale = _bends(grid, closed, order)
    bad = (bends > UNRESOLVED * scale) & ~closed.beside(grid.x)
    near = closed.near(grid.x)
    return [
        (float(grid.x[part[0]]), float(grid.x[part[-1] + 1]))
        for part in _runs(bad)
        if np.count_nonzero(~near[part]) > RIPPLES
    ]


def kinked(grid: Grid, closed: Closed) -> list[tuple[float, float]]:
    """The intervals over which the slope leaps, though f itself is well enough shown.

    A sample right at a kink has a slope between those of its sides: there two intervals leap.
    """
    if len(grid.rows) < 2 or len(grid.x) < SPOTS:
        return []
    low, high = height(grid.rows[1])
    taken = closed.crossed(grid.x) | closed.beside(grid.x)
    with np.errstate(all="ignore"):
        steps = np.nan_to_num(np.diff(grid.rows[1]))
        both = np.abs(steps[1:-2] + steps[2:-1])
    sizes = np.abs(steps)
    around = np.maximum(np.concatenate([[0.0], sizes[:-1]]), np.concatenate([sizes[1:], [0.0]]))
    odd = (sizes > LEAP * (high - low)) & (sizes / 2 > around) & ~taken
    found = [(float(grid.x[i]), float(grid.x[i + 1])) for i in np.flatnonzero(odd)]
    outside = np.maximum(sizes[:-3], sizes[3:])
    odd = (both > LEAP * (high - low)) & (both / 4 > outside) & ~(taken[1:-2] | taken[2:-1])
    odd &= np.minimum(sizes[1:-2], sizes[2:-1]) > both / 4
    return found + [(float(grid.x[i + 1]), float(grid.x[i + 3])) for i in np.flatnonzero(odd)]


def aliased(lens: Lens, grid: Grid, closed: Closed) -> list[tuple[float, float]]:
    """The stretch in which samples between the samples are nowhere near the line, if there is one.

    Steps that come as fast as the samples look like slow ones; nothing in the samples tells.
    """
    if len(grid.x) < SPOTS:
        return []
    low, high = closed.tall
    x, before = places(grid.x)
    free = ~(closed.crossed(grid.x) | closed.beside(grid.x))[before]
    x, before = x[free], before[free]
    there = lens.at(x, ways_only=True)
    if len(there.x) < len(x):  # time is up
        return []
    f, left, right = grid.rows[0], grid.x[before], grid.x[before + 1]
    with np.errstate(all="ignore"):
        line = f[before] + (x - left) / (right - left) * (f[before + 1] - f[before])
        hits = np.flatnonzero(np.abs(there.rows[0] - line) > UNRESOLVED * (high - low))
    if len(hits) < 4:
        return []
    if 2 * (hits[-1] - hits[0]) > len(left):
        return [(float(grid.x[0]), float(grid.x[-1]))]
    return [(float(left[max(hits[0] - 1, 0)]), float(right[min(hits[-1] + 1, len(left) - 1)]))]


def stairs(lens: Lens, grid: Grid, closed: Closed) -> list[tuple[float, float]]:
    """The stretches that climb by steps too small and too many to be seen one by one.

    There f changes and its derivative says nothing of it. So it is of a function whose derivative
    autograd was told to leave out; a closer look at some intervals tells the two apart.
    """
    if len(grid.rows) < 2 or len(grid.x) < SAMPLED or lens.sampler.alone:
        return []
    low, high = closed.tall
    with np.errstate(all="ignore"):
        f, slope = grid.rows[0], grid.rows[1]
        rest = np.nan_to_num(np.diff(f) - np.diff(grid.x) * (slope[1:] + slope[:-1]) / 2)
        beyond = (np.minimum(f[1:], f[:-1]) > 2 * high - low) | (
            np.maximum(f[1:], f[:-1]) < 2 * low - high
        )
    rest = np.clip(rest, low - high, high - low)
    rest[beyond | closed.crossed(grid.x) | closed.beside(grid.x)] = 0.0
    climbed = np.cumsum(rest)
    if climbed.max() - climbed.min() <= UNRESOLVED * (high - low):
        return []
    steep = np.argsort(-np.abs(rest), kind="stable")[:SAMPLED]
    if not all(_steps(lens, grid, int(i), rest[i]) for i in steep[rest[steep] != 0]):
        return []
    bad = np.flatnonzero(np.abs(rest) > 0.2 * np.abs(rest[steep]).mean())
    return [(float(grid.x[i]), float(grid.x[i + 1])) for i in bad]


def _steps(lens: Lens, grid: Grid, i: int, rest: float) -> bool:
    """Whether what an interval leaves unexplained happens at few places in it."""
    inside = lens.at(np.linspace(grid.x[i], grid.x[i + 1], 33))
    if len(inside.rows) < 2 or len(inside.x) < 33:
        return False
    with np.errstate(all="ignore"):
        f, slope = inside.rows[0], inside.rows[1]
        parts = np.abs(np.diff(f) - np.diff(inside.x) * (slope[1:] + slope[:-1]) / 2)
    return bool(np.sort(parts)[-3:].sum() > 0.8 * abs(rest))
