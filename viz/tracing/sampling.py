"""Where to sample a curve, and what its samples say: joined, smooth, defined, resolved?

`sampled(sampler, start, stop, points)` starts from even samples, finds the places where f or a
derivative jumps, grows without bound or is not defined (`viz.tracing.singular`), and adds samples
where the curve bends, up to `MAX_SAMPLES`. Where it changes faster than the samples can show, the
stretch is marked as unresolved. The same question always gets the same samples: what is spent is
counted in samples and runs, never in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from viz.records import MAX_SAMPLES, Gap
from viz.tracing.batching import Sampler
from viz.tracing.grid import Grid, plain
from viz.tracing.samples import FAILED, Floats
from viz.tracing.singular import Singularity, singularities
from viz.tracing.suspects import calm, height

Mask = npt.NDArray[np.bool_]

BEND: Final = 0.002
"""Greatest distance between curve and drawn line, as a share of the figure's height."""
UNRESOLVED: Final = 0.05
"""From this distance on, what would be drawn is not the curve."""
ROUNDS: Final = 5
"""Times that samples are added between samples."""
FEWEST: Final = 8
"""Fewer even samples than these ask for values, not for a curve."""
FINEST: Final = 256
"""Parts into which an interval of the even samples may be divided."""


def sampled(
    sampler: Sampler, start: float, stop: float, points: int, at: Sequence[float] = ()
) -> tuple[Grid, tuple[Gap, ...]]:
    """The samples, x ascending, and the gaps from left to right."""
    grid = Grid.of(sampler, np.linspace(start, stop, points))
    if points < FEWEST or (len(sampler.ways) == 1 and not sampler.stopped and calm(grid, BEND)):
        grid = _with(sampler, grid, at, start, stop)
        return _thinned(grid, _Closed(np.zeros(0), [], []), at), ()
    even = grid.x
    sampler.patience = min(sampler.patience, 4 * sampler.longest + 64)
    found, dense = singularities(sampler, grid)
    if found:
        grid = grid.without([(one.x, one.width / 2) for one in found])
        for one in found:
            grid = grid.joined(one.samples)
    grid = _with(sampler, grid, at, start, stop)
    closed = _Closed(np.array([one.x for one in found]), found, dense)
    grid, blurred = _bent(sampler, grid, even, closed)
    stretches = _merged(dense + blurred)
    gaps = [one.gap for one in found if one.gap is not None]
    gaps = [gap for gap in gaps if not _covered(gap, stretches)]
    gaps += [Gap("unresolved", low, high) for low, high in stretches]
    grid = _thinned(grid, closed, at)
    _blank(grid, gaps)
    gaps += list(_undefined(sampler, grid, found))
    return grid, tuple(sorted(gaps, key=lambda gap: (gap.start, gap.stop, gap.order)))


def _with(sampler: Sampler, grid: Grid, at: Sequence[float], start: float, stop: float) -> Grid:
    inside = sorted({float(x) for x in at if start <= x <= stop})
    return grid.joined(Grid.of(sampler, np.array(inside))) if inside else grid


@dataclass(frozen=True)
class _Closed:
    """Where no sample is added: across singular places and in stretches given up."""

    places: Floats
    found: list[Singularity]
    dense: list[tuple[float, float]]

    def crossed(self, x: Floats) -> Mask:
        """The intervals that hold a singular place, end at one, or are given up."""
        crossed = np.zeros(len(x) - 1, bool)
        for side in ("left", "right"):
            crossed[np.clip(np.searchsorted(x, self.places, side) - 1, 0, len(x) - 2)] = True
        for low, high in self.dense:
            crossed |= (x[:-1] >= low) & (x[1:] <= high)
        return crossed

    def beside(self, x: Floats) -> Mask:
        """The intervals next to a singular place: no line shows a pole's foot."""
        beside = np.zeros(len(x) - 1, bool)
        for one in self.found:
            near = np.abs(x - one.x) <= one.width
            beside |= near[1:] | near[:-1]
        return beside


def _bent(
    sampler: Sampler, grid: Grid, even: Floats, closed: _Closed
) -> tuple[Grid, list[tuple[float, float]]]:
    """The grid with samples added where the curve bends, and the stretches that stay unresolved."""
    if len(even) < 2 or len(grid.rows) < 2 or not np.isfinite(grid.rows[:2]).any():
        return grid, []
    finest = (even[-1] - even[0]) / (len(even) - 1) / FINEST
    rounds = ROUNDS if sampler.alone == 0 else 1
    for _ in range(rounds):
        added = _between(grid, closed, finest, MAX_SAMPLES - len(grid.x))
        if not len(added) or sampler.time_is_up is not None:
            break
        grid = grid.joined(Grid.of(sampler, added))
    return grid, list(_blurred(grid, closed))


def _between(grid: Grid, closed: _Closed, finest: float, room: int) -> Floats:
    """New samples: the middle thirds of the intervals whose line is too far from the curve."""
    bends, scale = _bends(grid, closed)
    widths = np.diff(grid.x)
    chosen = np.flatnonzero((bends > BEND * scale) & (widths > 2 * finest))
    if 2 * len(chosen) > room:  # too many: the worst first
        chosen = np.sort(chosen[np.argsort(-bends[chosen], kind="stable")[: room // 2]])
    left, width = grid.x[chosen], widths[chosen]
    return np.concatenate([left + width / 3, left + 2 * width / 3])


def _bends(grid: Grid, closed: _Closed) -> tuple[Floats, float]:
    """How far the curve is from the line in each interval, and the height of the figure.

    By values and slopes: the cubic through both ends leaves the line by h·Δf′/8, and misses the
    values by the residual when it is not the curve either.
    """
    f, slope = grid.rows[0], grid.rows[1]
    low, high = height(f)
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


def _blurred(grid: Grid, closed: _Closed) -> Iterator[tuple[float, float]]:
    """The stretches whose samples do not show the curve, neighbours joined."""
    bends, scale = _bends(grid, closed)
    bad = np.flatnonzero((bends > UNRESOLVED * scale) & ~closed.beside(grid.x))
    for part in np.split(bad, np.flatnonzero(np.diff(bad) > 3) + 1):
        if len(part) > 2:
            yield float(grid.x[part[0]]), float(grid.x[part[-1] + 1])


def _merged(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The stretches, ascending, those that touch as one."""
    merged: list[tuple[float, float]] = []
    for low, high in sorted(stretches):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return merged


def _covered(gap: Gap, stretches: list[tuple[float, float]]) -> bool:
    return any(low <= gap.start and gap.stop <= high for low, high in stretches)


def _thinned(grid: Grid, closed: _Closed, at: Sequence[float]) -> Grid:
    """At most `MAX_SAMPLES` samples: too many are left out evenly, none beside a singular place."""
    excess = len(grid.x) - MAX_SAMPLES
    if excess <= 0:
        return grid
    asked = set(at)
    wanted = np.array([x in asked for x in grid.x.tolist()])
    for one in closed.found:
        wanted |= np.abs(grid.x - one.x) <= one.width
    free = np.flatnonzero(~wanted)
    kept = np.ones(len(grid.x), bool)
    kept[free[np.linspace(0, len(free) - 1, excess).astype(int)]] = False
    return grid.cut(kept)


def _blank(grid: Grid, gaps: list[Gap]) -> None:
    """Writes NaN where a derivative does not exist, whatever PyTorch answers there."""
    grid.rows[~np.isfinite(grid.rows)] = np.nan
    for gap in gaps:
        if gap.start < gap.stop:
            continue
        first = gap.order + (gap.kind == "jump")
        grid.rows[first:, grid.x == gap.start] = np.nan


def _undefined(sampler: Sampler, grid: Grid, found: list[Singularity]) -> Iterator[Gap]:
    """The stretches where f, or a derivative of a defined f, has no value."""
    known = {one.x: one.gap.order for one in found if one.gap is not None}
    depth = np.isfinite(grid.rows).cumprod(axis=0).sum(axis=0)
    for order in range(len(grid.rows)):
        bad = np.flatnonzero(depth == order)
        for part in np.split(bad, np.flatnonzero(np.diff(bad) > 1) + 1):
            alone = len(part) == 1 and known.get(float(grid.x[part[0]]), order + 1) <= order
            if len(part) and not alone:
                yield _stretch(sampler, grid, part, order, found)


def _stretch(
    sampler: Sampler,
    grid: Grid,
    part: npt.NDArray[np.intp],
    order: int,
    found: list[Singularity],
) -> Gap:
    start, stop = float(grid.x[part[0]]), float(grid.x[part[-1]])
    for one in found:  # the boundary itself is known better than the samples beside it
        start = one.x if abs(one.x - start) <= one.width else start
        stop = one.x if abs(one.x - stop) <= one.width else stop
    middle = part[len(part) // 2]
    reason = ""
    if grid.state[middle] == FAILED and grid.reason[middle] >= 0:
        kind, words = list(sampler.failures)[grid.reason[middle]]
        reason = f"{kind}: {words}"[:1_000]
    elif 0 < grid.lacks[middle] <= order:
        reason = sampler.lack[:1_000]
    (answer,) = plain(grid.answers[order, middle : middle + 1])
    return Gap("undefined", start, stop, order, answer=None if reason else answer, reason=reason)
