"""What is at a place, by the ladders of samples on its two sides.

Each rung is a constant factor farther away than the one before: over a jump the difference of the
two sides stays, at a pole the steps do not shrink.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from viz.records import Gap
from viz.tracing.calculus.search.grid import Grid, Lens
from viz.tracing.calculus.search.one_sided_limits import (
    INVISIBLE,
    defined,
    differ,
    limit,
    off,
    simplest,
    together,
    unbounded,
    without_rounding,
)
from viz.tracing.sampling.samples import Floats

RUNGS: Final = 8
"""Rungs of the ladder on each side."""
CLOSEST: Final = 64.0
"""A ladder's last rung is at least so many times as far away as its first."""

WayPair = tuple[int, int]
Kind = Literal["jump", "pole", "undefined", "kink"]


@dataclass(frozen=True)
class Singularity:
    """A place and what it is: `gap` is `None` at a mere boundary of a path or of the domain."""

    x: float
    width: float
    samples: Grid
    gap: Gap | None


@dataclass(frozen=True)
class LadderPlace:
    """A narrow interval with the ladders of samples on its two sides."""

    x: float
    reach: float
    ratio: float
    left: Floats
    right: Floats

    @classmethod
    def of(
        cls, low: float, high: float, width: float, step: float, ends: tuple[float, float]
    ) -> LadderPlace:
        x = simplest(float(low), float(high))
        reach = 4 * max(width, high - low)
        rungs = reach * np.geomspace(1, max(step / 4 / reach, CLOSEST), RUNGS)
        ratio = float(rungs[1] / rungs[0])
        left = x - rungs[::-1][rungs[::-1] <= x - ends[0]]
        right = x + rungs[rungs <= ends[1] - x]
        return cls(x, reach, ratio, left, right)

    def moved(self) -> LadderPlace:
        """The same place with its rungs elsewhere."""
        left, right = (self.x + 0.73 * (side - self.x) for side in (self.left, self.right))
        return replace(self, left=left, right=right)

    @property
    def samples(self) -> Floats:
        return np.concatenate([self.left, [self.x], self.right])


def told(
    lens: Lens, places: list[LadderPlace], scales: Floats
) -> Iterator[tuple[Singularity, WayPair]]:
    """What is at each narrow interval, by the ladders on its two sides, and the paths there."""
    if not places:
        return
    seen = list(_read(lens, places, scales))
    doubtful = [place for place, (one, _) in zip(places, seen, strict=False) if _may_be_noise(one)]
    again = (one for one, _ in _read(lens, [one.moved() for one in doubtful], scales))
    second = {one.x: one.gap for one in again}
    for one, ways in seen:
        if one.gap is None or not _may_be_noise(one):
            yield one, ways
        elif one.gap.order:
            yield (one if second.get(one.x) else replace(one, gap=None)), ways
        else:
            other = second.get(one.x, one.gap)
            yield (one if other and other.kind == "pole" else replace(one, gap=other)), ways


def _may_be_noise(one: Singularity) -> bool:
    """Rounding scatters derivatives more than values: what they show is looked at twice.

    So is a pole of f with a hole's answer: (1 − cos x)/x² scatters beside zero and has none.
    """
    if one.gap is None:
        return False
    nothing = one.gap.answer is not None and math.isnan(one.gap.answer)
    return one.gap.order > 0 or (one.gap.kind == "pole" and nothing)


def _read(
    lens: Lens, places: list[LadderPlace], scales: Floats
) -> Iterator[tuple[Singularity, WayPair]]:
    if not places:
        return
    ladders = lens.at(np.concatenate([one.samples for one in places]))
    ends = np.cumsum([len(one.samples) for one in places])
    if len(ladders.x) < ends[-1]:  # time is up
        return
    for one, end in zip(places, ends.tolist(), strict=True):
        ladder = ladders.cut(slice(end - len(one.samples), end))
        middle = len(one.left)
        sides = ladder.rows[:, :middle][:, ::-1], ladder.rows[:, middle + 1 :]
        for side in sides:  # where f has no value, what PyTorch answers is no derivative of it
            side[np.logical_or.accumulate(np.isnan(side), axis=0)] = np.nan
        gap = _gap(one, ladder.rows[:, middle], *sides, scales)
        samples = ladder.cut(slice(max(middle - 1, 0), middle + 2))
        ways = int(samples.way[0]), int(samples.way[-1])
        yield Singularity(one.x, 2 * one.reach, samples, gap), ways


def _gap(
    place: LadderPlace, answers: Floats, left: Floats, right: Floats, scales: Floats
) -> Gap | None:
    """The first row that is not as it should be; columns run from the place outwards."""
    for order in range(len(answers)):
        rows = [without_rounding(side[order], order, place.ratio) for side in (left, right)]
        sides = [row for row in rows if len(row) and defined(row)]
        if not sides:
            return None
        answer = math.nan if np.isnan(answers[order]) else float(answers[order])
        at_end = not (left.shape[1] and right.shape[1])
        kind = _kind(order, answer, sides, INVISIBLE * scales[order], at_end)
        if kind is None:
            continue
        scale = float(scales[order])
        from_left, from_right = (
            limit(side, order, place.ratio, scale, answer) for side in (left, right)
        )
        if kind == "undefined":
            from_left, from_right = together(from_left, from_right, scale)
        said = None if kind == "pole" and _only_near(answer, sides) else answer
        return Gap(kind, place.x, place.x, order, from_left, from_right, said)
    return None


def _only_near(answer: float, sides: list[Floats]) -> bool:
    """Whether an answer at a pole is as great as its neighbours: it tells how near the place is."""
    return math.isfinite(answer) and abs(answer) >= min(abs(float(side[0])) for side in sides)


def _kind(
    order: int, answer: float, sides: list[Floats], least: float, at_end: bool
) -> Kind | None:
    """What a row shows; at an end of the range it has one side only."""
    if any(unbounded(side, order) for side in sides):
        return "pole"
    if len(sides) < 2:
        jumps = at_end and np.isfinite(answer) and off(answer, sides[0], sides[0], least)
        return ("kink" if order else "jump") if jumps else None
    if differ(sides[0], sides[1], least):
        return "kink" if order else "jump"
    if not off(answer, sides[0], sides[1], least):
        return None
    if np.isnan(answer):
        return "undefined"
    return "kink" if order else "jump"
