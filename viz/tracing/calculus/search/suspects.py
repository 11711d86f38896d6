"""Which intervals between samples deserve a closer look.

The samples bring their derivatives along, so that each row of a curve can be held against the
next: over an interval h, f changes by h·(f′ left + f′ right)/2 up to a residual of order h³. A
residual that stands out from those three intervals away is suspicious: a jump, a pole, a kink,
or a bend that is too sharp for the samples. What stands out falsely costs a few samples more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from viz.tracing.calculus.search.grid import Grid, Mask
from viz.tracing.sampling.samples import Floats

STANDS_OUT: Final = 3.0
"""How many times the residuals around it a suspicious one is."""
NOTICEABLE: Final = 1e-8
"""Share of a row's height below which nothing is looked at."""
NOISE: Final = 1e-11
"""Rounding of the samples, relative to their size."""
WIGGLES: Final = 100
"""From order to order, rounding grows as that of so many wiggles over the range."""
ROUGH: Final = 1e-3
"""Share of f's height that the cubics between its samples may miss it by."""
OF_ALL: Final = 1e-4
"""Share of the whole extent of a row, rare spikes and all, that counts as its height at least."""
OF_MOST: Final = 1e6
"""How many times the height of most of a row such spikes may make it."""
OF_SIZE: Final = 1e-4
"""Share of f's size that counts as its height, or the rounding of a constant would."""
NEXT_TO_NOTHING: Final = 1e-9
"""Size up to which f may be what rounding leaves of a sum that is zero."""
APART: Final = 3
"""Intervals between a residual and those it is compared with."""

SamplePlaces = npt.NDArray[np.intp]


def calm(grid: Grid, bend: float) -> bool:
    """Whether an even grid of one path shows at a glance that nothing deserves a closer look.

    `bend` is the distance between curve and drawn line that is too much, as a share of the height.
    """
    rows = grid.rows
    if len(grid.x) < 16 or not np.isfinite(rows).all():
        return False
    width = (grid.x[-1] - grid.x[0]) / (len(grid.x) - 1)
    steps = rows[:, 1:] - rows[:, :-1]
    scale = rows[0].max() - rows[0].min()
    if np.abs(steps[1]).max() * width > 8 * bend * scale:
        return False
    for order, step in enumerate(steps):
        if order + 1 < len(rows):
            slope = rows[order + 1]
            signed = step - (slope[1:] + slope[:-1]) * (width / 2)
            if order == 0 and abs(signed.sum()) > 8 * bend * scale:
                return False
            rest = np.abs(signed)
        else:
            rest = np.abs(2 * step[1:-1] - step[2:] - step[:-2])
        if order == 0 and rest.max() > bend * scale:
            return False
        least = NOTICEABLE * (rows[order].max() - rows[order].min())
        if _any_out(rest, least):
            return False
    return True


def only_rounding(grid: Grid) -> bool:
    """Whether f is nothing but rounding, as the sum of what was normalised: next to zero, up and
    down between samples, and its slope tells nothing of that. Each interval would stand out.
    """
    if len(grid.rows) < 2 or len(grid.x) < 16 or not np.isfinite(grid.rows[:2]).all():
        return False
    if np.abs(grid.rows[0]).max() > NEXT_TO_NOTHING:
        return False
    steps = np.diff(grid.rows[0])
    turns = np.diff(np.sign(steps[steps != 0])) != 0
    if turns.sum() < len(steps) / 8:
        return False
    return bool(_residuals(grid.x, grid.rows, 0).sum() > np.abs(steps).sum() / 2)


def _any_out(rest: Floats, least: float) -> bool:
    if rest.max() <= least:
        return False
    limit = np.maximum(rest[: -2 * APART], rest[2 * APART :])
    if (rest[APART:-APART] > STANDS_OUT * limit + least).any():
        return True
    return bool(
        rest[:APART].max() > STANDS_OUT * rest[APART : 4 * APART].max() + least
        or rest[-APART:].max() > STANDS_OUT * rest[-4 * APART : -APART].max() + least
    )


def suspects(grid: Grid, scales: Floats) -> tuple[SamplePlaces, SamplePlaces, SamplePlaces]:
    """The intervals (by their left sample) to be looked into.

    Those over which only the path changes, those with another change of label, and those that
    stand out.
    """
    changed = _changed(grid)
    other = (np.diff(grid.depth) != 0) | (np.diff(grid.state) != 0)
    standing = np.zeros(len(changed), bool)
    for strength in strengths(grid, scales, wider=True):
        standing |= _peaks(strength)
    return (
        np.flatnonzero(changed & ~other),
        np.flatnonzero(changed & other),
        np.flatnonzero(standing & ~changed),
    )


def strongest(grid: Grid, parts: Sequence[slice], scales: Floats) -> list[list[tuple[int, int]]]:
    """For each part of a grid, a suspicious interval with samples inside: the stretches to go on
    with, as first and last sample, counted from the part's first.

    A change of label is one interval. What stands out takes its neighbours along: beside a pole
    the greatest residual may be next to it. Near one choice nothing else is looked at.
    """
    alike: dict[int, list[int]] = {}
    for number, part in enumerate(parts):
        alike.setdefault(part.stop - part.start, []).append(number)
    chosen: list[list[tuple[int, int]]] = [[] for _ in parts]
    for length, numbers in alike.items():
        starts = np.array([parts[number].start for number in numbers])
        stacked = grid.cut(starts[:, np.newaxis] + np.arange(length))
        for number, places in zip(numbers, _strongest_of(stacked, scales), strict=True):
            chosen[number] = places
    return chosen


def _strongest_of(stacked: Grid, scales: Floats) -> Iterator[list[tuple[int, int]]]:
    """The same of intervals with equally many samples, one in each line of the stack."""
    changes = _changed(stacked)
    strength = np.where(changes, np.inf, 0.0)
    for each in strengths(stacked, scales):
        strength = np.maximum(strength, each)
    ranked = np.argsort(-strength, kind="stable", axis=-1)[:, : 8 * APART]
    ranking = np.take_along_axis(strength, ranked, axis=-1) > 1
    last = changes.shape[-1]
    for places, count, changed in zip(
        ranked.tolist(), np.count_nonzero(ranking, axis=-1).tolist(), changes, strict=True
    ):
        chosen: list[int] = []
        for place in places[:count]:
            if all(abs(place - other) > APART for other in chosen):
                chosen.append(place)
        yield [
            (place, place + 1) if changed[place] else (max(place - 1, 0), min(place + 2, last))
            for place in chosen
        ]


def strengths(grid: Grid, scales: Floats, *, wider: bool = False) -> Iterator[Floats]:
    """For each row and interval: how far the residual stands out, above 1 if it does.

    `wider`: also from what is two intervals farther, lest two close places hide each other.

    Beside samples without a value nothing stands out: there is nothing to compare with. A grid may
    be a stack of intervals, one in each line; each is looked at by itself.
    """
    known = np.isfinite(grid.rows).any(axis=-1).cumprod(axis=0)
    rows = grid.rows[: int(known.any(axis=tuple(range(1, known.ndim))).sum())]
    if not known[: len(rows)].all():
        rows = np.where(known[: len(rows), ..., np.newaxis], rows, np.nan)
    with np.errstate(all="ignore"):
        for order in range(len(rows)):
            rest = _residuals(grid.x, rows, order)
            floor = _floor(grid.x, rows[order], NOTICEABLE * scales[order])
            if not (rest > floor).any():
                continue
            around = _greater(rest, APART)
            if wider:
                around = np.minimum(around, _greater(rest, APART + 2))
            yield np.nan_to_num(rest / (STANDS_OUT * around + floor))


def rough(grid: Grid, scales: Floats) -> bool:
    """Whether f itself, and not only the rounding of a derivative, is more than its samples."""
    with np.errstate(all="ignore"):
        return bool(np.nan_to_num(_residuals(grid.x, grid.rows, 0)).max() > ROUGH * scales[0])


def _greater(rest: Floats, apart: int) -> Floats:
    """Of the residuals so many intervals before and after, the greater one.

    At the ends, where one is missing, the greatest of some more: a single one may be near zero.
    """
    around = np.zeros(rest.shape)
    around[..., apart:] = rest[..., :-apart]
    around[..., :-apart] = np.maximum(around[..., :-apart], rest[..., apart:])
    if rest.shape[-1] > 4 * apart:
        around[..., :apart] = rest[..., apart : 4 * apart].max(axis=-1, keepdims=True)
        around[..., -apart:] = rest[..., -4 * apart : -apart].max(axis=-1, keepdims=True)
    return around


def _changed(grid: Grid) -> Mask:
    """The intervals over which the path, the exception or what is defined changes."""
    changed: Mask = (np.diff(grid.way) != 0) | (np.diff(grid.depth) != 0)
    if (stopped := grid.state.any(axis=-1, keepdims=True)).any():
        changed |= ((np.diff(grid.state) != 0) | (np.diff(grid.reason) != 0)) & stopped
    return changed


def _peaks(strength: Floats) -> Mask:
    """Of neighbours that stand out, those that do so most."""
    peak = strength > 1
    peak[1:] &= strength[1:] >= strength[:-1]
    peak[:-1] &= strength[:-1] >= strength[1:]
    return peak


def _residuals(x: Floats, rows: Floats, order: int) -> Floats:
    """What a row's change over each interval leaves unexplained, by size.

    Explained is what the next row says, and where there is none what the neighbours do.
    """
    row = rows[order]
    step = row[..., 1:] - row[..., :-1]
    if order + 1 == len(rows):
        return _unlike_neighbours(step)
    left, right = rows[order + 1][..., :-1], rows[order + 1][..., 1:]
    rest: Floats = np.absolute(step - (x[..., 1:] - x[..., :-1]) * (right + left) * 0.5)
    without = np.isnan(right) & np.isnan(left)
    if without.any():
        rest[without] = _unlike_neighbours(step)[without]
    return rest


def _unlike_neighbours(step: Floats) -> Floats:
    rest = np.zeros(step.shape)  # the first and last have one neighbour only: not comparable
    rest[..., 1:-1] = np.absolute(step[..., 1:-1] - 0.5 * (step[..., 2:] + step[..., :-2]))
    return rest


def _floor(x: Floats, row: Floats, floor: float) -> Floats:
    """What rounding explains: of the values and of x itself, beside what nobody could see."""
    size = np.abs(row)
    step = np.abs(row[..., 1:] - row[..., :-1])
    farthest = np.abs(x).max(axis=-1, keepdims=True)
    blur = 8 * farthest * np.finfo(float).eps / (x[..., 1:] - x[..., :-1])
    explained: Floats = floor + NOISE * np.maximum(size[..., 1:], size[..., :-1]) + blur * step
    return explained


def scales_of(grid: Grid) -> Floats:
    """The size of each row, at least what the row before it makes of the range.

    It is its height; a spike counts for something though it is rare. f's is at least a share of
    its size, and a derivative's what that makes of it, that the rounding of a constant does not
    count as a height.
    """
    scales: list[float] = []
    extent = float(grid.x[-1] - grid.x[0])
    rounding = 0.0
    for row in grid.rows:
        low, high = height(row)
        finite = row[np.isfinite(row)]
        whole = float(np.ptp(finite)) if len(finite) else 0.0
        own = max(high - low, min(OF_ALL * whole, OF_MOST * (high - low) or np.inf))
        if len(finite) and not scales:
            rounding = OF_SIZE * float(np.abs(finite).max())
        scales.append(max([own, rounding, *(scale / extent for scale in scales[-1:])]))
        rounding *= WIGGLES / extent
    return np.array(scales)


def height(row: Floats) -> tuple[float, float]:
    """The lowest and highest value of a row, of one with poles only of its bulk."""
    if not len(row):
        return 0.0, 1.0
    low, high = row.min(), row.max()
    if np.isfinite(low) and np.isfinite(high - low):
        middle = row.sum() / len(row)
        if high - low <= 30 * np.abs(row - middle).sum() / len(row):
            return float(low), float(high)
    finite = np.sort(row[np.isfinite(row)])
    if not len(finite):
        return 0.0, 1.0
    margin = len(finite) // 20
    inner_low, inner_high = finite[margin], finite[-1 - margin]
    bulk = inner_high - inner_low
    return float(max(finite[0], inner_low - bulk)), float(min(finite[-1], inner_high + bulk))
