"""Where f or a derivative jumps, grows without bound, or begins to be undefined.

Each suspicious interval is narrowed: sampled inside, the part that stands out chosen, and again,
until it is as narrow as `NARROW` of the range. Whatever was only a sharp bend turns out smooth on
the way. What is left is told apart by a ladder of samples, each rung 16 times closer than the
last: over a jump the difference of the two sides stays, at a pole the steps do not shrink.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from viz.records import Gap
from viz.tracing.batching import Sampler
from viz.tracing.grid import Grid
from viz.tracing.samples import Floats
from viz.tracing.suspects import Places, rough, scales_of, strongest, suspects

NARROW: Final = 2e-10
"""Width of a narrowed interval, relative to the range."""
MANY: Final = 4
"""More changes than this in one narrow interval are not chased: the stretch is unresolved."""
BRACKETS: Final = 256
"""Intervals that are narrowed at once."""
LANES: Final = 4_096
"""Samples of one round, all intervals together."""
RUNGS: Final = 8
"""Rungs of the ladder on each side."""
STAYS: Final = 0.9
"""Share of a difference that a rung must keep for the difference to count as a limit."""
INVISIBLE: Final = 3e-8
"""A jump less than this share of the whole row is nothing that anybody could see."""
SMALLEST: Final = 1e-8
"""A jump less than this share of the values around it is rounding."""


Ways = tuple[int, int]


@dataclass(frozen=True)
class Singularity:
    """A place and what it is: `gap` is `None` at a mere boundary of a path or of the domain."""

    x: float
    width: float
    samples: Grid
    gap: Gap | None


@dataclass(frozen=True)
class Bracket:
    """An interval with something in it."""

    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


def singularities(
    sampler: Sampler, grid: Grid
) -> tuple[list[Singularity], list[tuple[float, float]]]:
    """The singular places, ascending, and the stretches with too many of them to tell apart."""
    if len(grid.x) < 8:
        return [], []
    scales = scales_of(grid)
    paths, labels, standing = suspects(grid, scales)
    if not (len(paths) or len(labels) or len(standing)):
        return [], []
    ends = float(grid.x[0]), float(grid.x[-1])
    step = (ends[1] - ends[0]) / (len(grid.x) - 1)
    width = max(NARROW * (ends[1] - ends[0]), 64 * float(np.spacing(np.abs(grid.x).max())))
    search = _Search(sampler, scales, width)
    turned, unknown = _foreseen(sampler, grid, paths, scales, width)
    x, last = grid.x.tolist(), len(grid.x) - 1
    search.narrow([Bracket(x[i], x[i + 1]) for i in unknown], ways_only=True)
    around = [(max(i - 1, 0), min(i + 2, last)) for i in standing]
    around += [(i, i + 1) for i in labels]
    search.narrow([Bracket(x[i], x[j]) for i, j in around])
    places = [
        _Place.of(low, high, width, step, ends) for low, high in _apart(search.found, 2 * width)
    ]
    found = turned + [one for one, _ in _told(sampler, places, scales)]
    return sorted(found, key=lambda one: one.x), search.dense


def _foreseen(
    sampler: Sampler, grid: Grid, paths: Places, scales: Floats, width: float
) -> tuple[list[Singularity], list[int]]:
    """The changes of path that a comparison foretold, and the intervals where it did not.

    A comparison that turns over has a root; the line through its margins finds it at once if they
    are linear. Whether it is there is checked by the paths on both sides of it.
    """
    ends = float(grid.x[0]), float(grid.x[-1])
    step = (ends[1] - ends[0]) / (len(grid.x) - 1)
    known = [i for i in paths.tolist() if len(grid.turns) and np.isfinite(grid.turns[i])]
    known = known[:BRACKETS]
    places = [
        _Place.of(grid.turns[i] - width / 1e3, grid.turns[i] + width / 1e3, width, step, ends)
        for i in known
    ]
    turned: list[Singularity] = []
    patience = sampler.patience
    sampler.patience = min(patience, sampler.longest + 2)  # right there no path is longer
    unknown = sorted(set(paths.tolist()) - set(known))
    told = list(_told(sampler, places, scales))
    sampler.patience = patience
    for i, (one, ways) in zip(known, told, strict=False):
        if ways == (grid.way[i], grid.way[i + 1]):
            turned.append(one)
        else:
            unknown.append(i)
    return turned, sorted(unknown)


class _Search:
    """Narrows brackets: `found` are those at most `width` wide, `dense` those too full."""

    def __init__(self, sampler: Sampler, scales: Floats, width: float) -> None:
        self.sampler, self.scales, self.width = sampler, scales, width
        self.found: list[tuple[float, float]] = []
        self.dense: list[tuple[float, float]] = []

    def narrow(self, brackets: list[Bracket], *, ways_only: bool = False) -> None:
        """Looks into the brackets, then into what stands out in them, until they are narrow."""
        first = True
        brackets = brackets[:BRACKETS]
        while brackets and self.sampler.time_is_up is None:
            coming: list[Bracket] = []
            for one, part in _looked_into(
                self.sampler, brackets, self.width, ways_only, glance=first and ways_only
            ):
                places = strongest(part, self.scales)
                crowd = np.count_nonzero(np.diff(part.way)) if ways_only else len(places)
                if first and crowd > MANY:
                    if ways_only or rough(part, self.scales):
                        self.dense.append((one.low, one.high))
                else:
                    coming += self._go_on(one, part, places[:MANY])
            brackets, first = coming[:BRACKETS], False

    def _go_on(self, one: Bracket, part: Grid, places: list[tuple[int, int]]) -> Iterator[Bracket]:
        for i, j in places:
            smaller = Bracket(float(part.x[i]), float(part.x[j]))
            if smaller.width <= 3.1 * self.width or smaller.width >= one.width:
                self.found.append((smaller.low, smaller.high))
            else:
                yield smaller


def _looked_into(
    sampler: Sampler, brackets: list[Bracket], width: float, ways_only: bool, glance: bool
) -> Iterator[tuple[Bracket, Grid]]:
    """Each bracket with samples inside: many at once are cheap in a batch, and dear one by one.

    A `glance` is enough to see that an interval has too many paths.
    """
    inner = 8 if sampler.alone or glance else max(15, min(255, LANES // len(brackets)))
    parts = [
        np.linspace(one.low, one.high, min(inner + 2, 1 + max(4, round(one.width / width))))
        for one in brackets
    ]
    grid = Grid.of(sampler, np.concatenate(parts), ways_only=ways_only)
    ends = np.cumsum([len(part) for part in parts])
    if len(grid.x) < ends[-1]:  # time is up
        return
    for one, part, end in zip(brackets, parts, ends.tolist(), strict=True):
        yield one, grid.cut(slice(end - len(part), end))


def _apart(narrow: list[tuple[float, float]], width: float) -> Iterator[tuple[float, float]]:
    """The narrow intervals, ascending; those that touch are one place."""
    low = high = None
    for start, stop in sorted(narrow):
        if low is None or high is None:
            low, high = start, stop
        elif start - high <= width:
            high = max(high, stop)
        else:
            yield low, high
            low, high = start, stop
    if low is not None and high is not None:
        yield low, high


def simplest(low: float, high: float) -> float:
    """The number with the fewest decimals in an interval: the place that was meant."""
    middle = (low + high) / 2
    for decimals in range(18):
        number = round(middle, decimals)
        if low <= number <= high:
            return number + 0.0
    return middle


@dataclass(frozen=True)
class _Place:
    """A narrow interval with the ladders of samples on its two sides."""

    x: float
    reach: float
    ratio: float
    left: Floats
    right: Floats

    @classmethod
    def of(
        cls, low: float, high: float, width: float, step: float, ends: tuple[float, float]
    ) -> _Place:
        x = simplest(float(low), float(high))
        reach = 4 * max(width, high - low)
        rungs = reach * np.geomspace(1, max(step / 4 / reach, 64.0), RUNGS)
        ratio = float(rungs[1] / rungs[0])
        left = x - rungs[::-1][rungs[::-1] <= x - ends[0]]
        right = x + rungs[rungs <= ends[1] - x]
        return cls(x, reach, ratio, left, right)

    @property
    def samples(self) -> Floats:
        return np.concatenate([self.left, [self.x], self.right])


def _told(
    sampler: Sampler, places: list[_Place], scales: Floats
) -> Iterator[tuple[Singularity, Ways]]:
    """What is at each narrow interval, by the ladders on its two sides, and the paths there."""
    if not places:
        return
    ladders = Grid.of(sampler, np.concatenate([one.samples for one in places]))
    ends = np.cumsum([len(one.samples) for one in places])
    if len(ladders.x) < ends[-1]:  # time is up
        return
    for one, end in zip(places, ends.tolist(), strict=True):
        ladder = ladders.cut(slice(end - len(one.samples), end))
        middle = len(one.left)
        sides = ladder.rows[:, :middle][:, ::-1], ladder.rows[:, middle + 1 :]
        gap = _gap(one, ladder.rows[:, middle], *sides, scales)
        samples = ladder.cut(slice(max(middle - 1, 0), middle + 2))
        ways = int(samples.way[0]), int(samples.way[-1])
        yield Singularity(one.x, 2 * one.reach, samples, gap), ways


def _gap(place: _Place, answers: Floats, left: Floats, right: Floats, scales: Floats) -> Gap | None:
    """The first row that is not as it should be; columns run from the place outwards."""
    x = place.x
    for order in range(len(answers)):
        sides = [side[order] for side in (left, right) if side.shape[1] and defined(side[order])]
        if not sides:
            return None
        answer = math.nan if np.isnan(answers[order]) else float(answers[order])
        limits = (_limit(left, order, place.ratio), _limit(right, order, place.ratio))
        if any(unbounded(side) for side in sides):
            return Gap("pole", x, x, order, *limits, answer=answer)
        if len(sides) < 2:
            continue
        if differ(sides[0], sides[1], INVISIBLE * scales[order]):
            return Gap("kink" if order else "jump", x, x, order, *limits, answer=answer)
        if _off(answer, sides[0], sides[1], INVISIBLE * scales[order]):
            if np.isnan(answer):
                return Gap("undefined", x, x, order, *limits, answer=answer)
            return Gap("kink" if order else "jump", x, x, order, *limits, answer=answer)
    return None


def _limit(side: Floats, order: int, ratio: float) -> float | None:
    """The value that a side runs to, `None` where f is not defined on it.

    The first two rungs, `ratio` times apart, are drawn on as a line.
    """
    if side.shape[1] < 4 or not defined(side[order]):
        return None
    near, far = float(side[order, 0]), float(side[order, 1])
    if unbounded(side[order]):
        return float(np.copysign(np.inf, near))
    return near - (far - near) / (ratio - 1)


def defined(side: Floats) -> bool:
    """Whether a ladder has values, those right at the place included."""
    return len(side) >= 4 and bool(np.isfinite(side[:4]).all())


def unbounded(side: Floats) -> bool:
    """Whether the steps of a ladder towards the place do not shrink."""
    steps = np.abs(np.diff(side[:4]))
    size = np.abs(side[:4]).max()
    return bool(
        steps[0] > 1e-6 * size and steps[0] >= STAYS * steps[1] and steps[1] >= STAYS * steps[2]
    )


def differ(left: Floats, right: Floats, least: float) -> bool:
    """Whether two sides have different limits."""
    apart = np.abs(left[:2] - right[:2])
    size = max(np.abs(left).max(), np.abs(right).max())
    return bool(apart[0] > max(SMALLEST * size, least) and apart[0] >= STAYS * apart[1])


def _off(answer: float, left: Floats, right: Floats, least: float) -> bool:
    """Whether the value at the place is not the limit of its sides."""
    if not np.isfinite(answer):
        return True
    apart = abs(answer - left[0])
    size = max(np.abs(left).max(), np.abs(right).max(), abs(answer))
    return bool(apart > max(1e-4 * size, least) and apart > 4 * np.abs(left[1] - left[0]))
