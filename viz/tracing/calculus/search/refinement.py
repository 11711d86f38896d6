"""Where to sample a curve, and what its samples say: joined, smooth, defined, resolved?

`sampled(sampler, start, stop, points)` starts from even samples, finds the places where f or a
derivative jumps, grows without bound or is not defined (`singularities`), and
adds samples where the curve bends, up to `MAX_SAMPLES`. Where it changes faster than the samples
can show, the stretch is marked as unresolved. The same question always gets the same samples: what
is spent is counted in samples and runs, never in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from viz.records import MAX_SAMPLES, Gap
from viz.tracing.calculus.search.grid import Grid, Lens, plain
from viz.tracing.calculus.search.ladders import Singularity
from viz.tracing.calculus.search.probes import Probes, probed, scales
from viz.tracing.calculus.search.resolution import (
    BEND,
    Closed,
    aliased,
    between,
    heights,
    kinked,
    rippled,
    stairs,
    unresolved,
)
from viz.tracing.calculus.search.singularities import Interval, looked_for, singularities
from viz.tracing.calculus.search.suspects import calm, only_rounding
from viz.tracing.calculus.search.zero_divisors import divided
from viz.tracing.sampling.sampler import Sampler
from viz.tracing.sampling.samples import FAILED

BESIDE: Final = 1e-5
"""Share of the range within which a singular place is told from one of a lower order."""
ROUNDS: Final = 5
"""Times that samples are added between samples."""
FEWEST: Final = 8
"""Fewer even samples than these ask for values, not for a curve."""
FEW: Final = 12
"""Up to so many unresolved stretches are told apart, else those that are near are one."""
MERGED: Final = 0.005
"""Share of the range that is near."""
FINEST: Final = 256
"""Parts into which an interval of the even samples may be divided."""
LONGER: Final = 4
"""A closer look may take so many times the decisions of the longest run among the even samples."""
LEAST_PATIENCE: Final = 64
"""And so many more: a run of a few decisions says little about its neighbours."""


@dataclass(frozen=True)
class _Analysis:
    """What is known of a curve so far; each stage gives a new one that knows more.

    `grid` are the samples, `closed` what was found, `doubted` the probes off their line and the
    intervals that they are in; `blurred` are stretches in which f is not resolved, and `crowds`
    those with too many kinks to tell apart.
    """

    lens: Lens
    even: Grid
    probes: Probes
    at: tuple[float, ...]
    grid: Grid
    closed: Closed
    doubted: tuple[tuple[float, Interval], ...] = ()
    blurred: tuple[Interval, ...] = ()
    crowds: tuple[Interval, ...] = ()

    def with_found(self, more: list[Singularity], dense: Sequence[Interval] = ()) -> _Analysis:
        """With more singular places, and the samples beside them."""
        closed = replace(
            self.closed, found=self.closed.found + more, dense=[*self.closed.dense, *dense]
        )
        return replace(self, grid=_beside(self.grid, more), closed=closed)


def sampled(
    sampler: Sampler, start: float, stop: float, points: int, at: Sequence[float] = ()
) -> tuple[Grid, tuple[Gap, ...]]:
    """The samples, x ascending, and the gaps from left to right."""
    lens = Lens(sampler)
    asked = tuple(sorted({float(x) for x in at if start <= x <= stop}))
    even = np.linspace(start, stop, points)
    if points < FEWEST:
        return _with(lens, lens.at(even), asked), ()
    grid, probes = probed(sampler, even)
    if len(grid.x) < FEWEST:  # time was up
        return grid, ()
    if _plainly_smooth(sampler, grid, probes) or only_rounding(grid):
        return _thinned(_with(lens, grid, asked), [], asked), ()
    lens = lens.of_patience(LONGER * sampler.longest + LEAST_PATIENCE)
    search = _Analysis(lens, grid, probes, asked, grid, Closed(heights(grid, []), [], []))
    for stage in STAGES:
        search = stage(search)
    return _told(search)


def _plainly_smooth(sampler: Sampler, grid: Grid, probes: Probes) -> bool:
    """Whether the even samples and the probes between them show that there is no more to find."""
    one_way = len(sampler.ways) == 1 and not sampler.stopped and not divided(grid)
    return one_way and calm(grid, BEND) and not probes.off(grid, scales(grid)).any()


def _located(search: _Analysis) -> _Analysis:
    """Stage 1: the singular places that the even samples tell of, with samples beside them."""
    found, dense = singularities(search.lens, search.even)
    closed = Closed(heights(search.even, found), found, dense)
    doubted = tuple(_doubted(search.even, search.probes, closed))
    grid = _beside(search.even, found)
    grid = _with(search.lens, grid, sorted({*search.at, *(x for x, _ in doubted)}))
    return replace(search, grid=grid, closed=closed, doubted=doubted)


def _bent(search: _Analysis) -> _Analysis:
    """Stage 2: samples added where the curve bends."""
    grid, x = search.grid, search.even.x
    if len(grid.rows) < 2 or not np.isfinite(grid.rows[:2]).any():
        return search
    finest = (x[-1] - x[0]) / (len(x) - 1) / FINEST
    sampler = search.lens.sampler
    for _ in range(ROUNDS if sampler.alone == 0 else 1):
        added = between(grid, search.closed, finest, MAX_SAMPLES - len(grid.x))
        if not len(added) or sampler.time_is_up is not None:
            break
        grid = grid.joined(search.lens.at(added))
    return replace(search, grid=grid)


def _looked_at_again(search: _Analysis) -> _Analysis:
    """Stage 3: single intervals whose line is still not the curve, each taken for suspicious."""
    blurred, single = unresolved(search.grid, search.closed)
    single += [ends for _, ends in search.doubted[:FEW]]
    if single:
        search = search.with_found(*looked_for(search.lens, search.grid, single))
        blurred, _ = unresolved(search.grid, search.closed)
    return replace(search, blurred=tuple(blurred))


def _kinks_of_slopes(search: _Analysis) -> _Analysis:
    """Stage 4: the intervals over which the slope leaps though f is well shown."""
    leaps = kinked(search.grid, search.closed)
    if not leaps:
        return search
    more, crowds = looked_for(search.lens, search.grid, leaps)
    return replace(search.with_found(more), crowds=tuple(crowds))


def _steps_too_fast(search: _Analysis) -> _Analysis:
    """Stage 5: stretches that change as fast as the samples come, or by steps too small to see."""
    lens, grid, closed = search.lens, search.grid, search.closed
    missed = aliased(lens, grid, closed) if search.doubted or closed.found else []
    return replace(search, blurred=(*search.blurred, *missed, *stairs(lens, grid, closed)))


STAGES: Final = (_located, _bent, _looked_at_again, _kinks_of_slopes, _steps_too_fast)
"""What a curve goes through that is not plainly smooth, in this order."""


def _told(search: _Analysis) -> tuple[Grid, tuple[Gap, ...]]:
    """What the search came to: the samples to be drawn, and the gaps from left to right."""
    grid, closed = search.grid, search.closed
    stretches = _merged([*closed.dense, *search.blurred], grid)
    gaps = [one.gap for one in closed.found if one.gap is not None]
    gaps = [gap for gap in _apart_from_rounding(gaps, grid) if not _covered(gap, stretches)]
    gaps += [Gap("unresolved", low, high) for low, high in stretches]
    gaps += _rippled(grid, closed, list(search.crowds), stretches)
    grid = _blanked(_thinned(grid, closed.found, search.at), gaps)
    gaps += list(_undefined(search.lens.sampler, grid, closed.found))
    return grid, tuple(sorted(gaps, key=lambda gap: (gap.start, gap.stop, gap.order)))


def _doubted(grid: Grid, probes: Probes, closed: Closed) -> list[tuple[float, tuple[float, float]]]:
    """The probes that are off the line though no singular place is beside them, and where."""
    if len(grid.x) <= probes.left[-1] + 1:  # time was up
        return []
    tall = [high - low for low, high in closed.heights]
    off = probes.off(grid, tall) & ~(closed.crossed(grid.x) | closed.beside(grid.x))[probes.left]
    return [
        (float(probes.x[k]), (float(grid.x[i]), float(grid.x[i + 1])))
        for k, i in zip(np.flatnonzero(off).tolist(), probes.left[off].tolist(), strict=True)
    ]


def _rippled(
    grid: Grid,
    closed: Closed,
    crowds: list[tuple[float, float]],
    stretches: list[tuple[float, float]],
) -> list[Gap]:
    """The stretches in which only derivatives are not resolved, each by its lowest order."""
    gaps: list[Gap] = []
    for order in range(1, len(grid.rows)):
        wide = _merged(rippled(grid, closed, order) + (crowds if order == 1 else []), grid)
        new = [Gap("unresolved", low, high, order) for low, high in wide]
        gaps += [gap for gap in new if not _covered(gap, stretches)]
        stretches = stretches + wide
    return gaps


def _beside(grid: Grid, found: list[Singularity]) -> Grid:
    """The grid with the samples at and right beside singular places, instead of those so near."""
    if not found:
        return grid
    grid = grid.without([(one.x, one.width / 2) for one in found])
    return grid.joined(*(one.samples for one in found))


def _with(lens: Lens, grid: Grid, at: Sequence[float]) -> Grid:
    """The grid with samples at places that somebody asks for, ascending."""
    return grid.joined(lens.at(np.array(at))) if len(at) else grid


def _merged(stretches: list[tuple[float, float]], grid: Grid) -> list[tuple[float, float]]:
    """The stretches, ascending, those that are near each other as one."""
    near = MERGED * float(grid.x[-1] - grid.x[0]) if len(stretches) > FEW else 0.0
    merged: list[tuple[float, float]] = []
    for low, high in sorted(stretches):
        if merged and low <= merged[-1][1] + near:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return merged


def _apart_from_rounding(gaps: list[Gap], grid: Grid) -> list[Gap]:
    """The gaps without those of a higher order right beside one of a lower.

    Near a place where f is singular the terms of its derivatives cancel, and rounding is left.
    """
    if not gaps:
        return []
    reach = BESIDE * float(grid.x[-1] - grid.x[0])
    return [
        gap
        for gap in gaps
        if not any(
            other.order < gap.order and 0 < abs(other.start - gap.start) <= reach for other in gaps
        )
    ]


def _covered(gap: Gap, stretches: list[tuple[float, float]]) -> bool:
    return any(low <= gap.start and gap.stop <= high for low, high in stretches)


def _thinned(grid: Grid, found: list[Singularity], at: Sequence[float]) -> Grid:
    """At most `MAX_SAMPLES` samples: too many are left out evenly, none beside a singular place."""
    excess = len(grid.x) - MAX_SAMPLES
    if excess <= 0:
        return grid
    asked = set(at)
    wanted = np.array([x in asked for x in grid.x.tolist()])
    for one in found:
        wanted |= np.abs(grid.x - one.x) <= one.width
    free = np.flatnonzero(~wanted)
    kept = np.ones(len(grid.x), bool)
    kept[free[np.linspace(0, len(free) - 1, excess).astype(int)]] = False
    return grid.cut(kept)


def _blanked(grid: Grid, gaps: list[Gap]) -> Grid:
    """The grid with NaN where a derivative does not exist, whatever PyTorch answers there."""
    rows = np.where(np.isfinite(grid.rows), grid.rows, np.nan)
    for gap in gaps:
        if gap.start < gap.stop:
            continue
        first = gap.order + (gap.kind == "jump")
        rows[first:, grid.x == gap.start] = np.nan
    # PyTorch answers 1/x for the slope of log(x) at −1 too, where there is nothing to have a slope
    rows[np.logical_or.accumulate(np.isnan(rows), axis=0)] = np.nan
    return replace(grid, rows=rows)


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
