"""Where f or a derivative jumps, grows without bound, or begins to be undefined.

Each suspicious interval is narrowed: sampled inside, the part that stands out chosen, and again,
until it is as narrow as `NARROW` of the range. Whatever was only a sharp bend turns out smooth on
the way. What is left is told apart by a ladder of samples, each rung 16 times closer than the
last: over a jump the difference of the two sides stays, at a pole the steps do not shrink.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from viz.records import MAX_ORDER, Gap
from viz.tracing.calculus.grid import Grid, Lens
from viz.tracing.calculus.one_sided_limits import (
    defined,
    differ,
    limit,
    off,
    simplest,
    together,
    unbounded,
    without_rounding,
)
from viz.tracing.calculus.suspects import Places, rough, scales_of, strongest, suspects
from viz.tracing.calculus.zero_divisors import divided, holes
from viz.tracing.sampling.samples import Floats

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
INVISIBLE: Final = 3e-8
"""A jump less than this share of the whole row is nothing that anybody could see."""
SPACINGS: Final = 64
"""The least width of a narrowed interval, in distances between neighbouring numbers."""
AT_END: Final = 3.1
"""Widths that count as narrow: what stands out takes its two neighbours along, and rounding."""
BLURRED: Final = 1e3
"""A foretold root is looked at within this part of a narrow interval."""
CLOSEST: Final = 64.0
"""A ladder's last rung is at least so many times as far away as its first."""

Stretch = tuple[float, float]
Ways = tuple[int, int]
Kind = Literal["jump", "pole", "undefined", "kink"]


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


def singularities(lens: Lens, grid: Grid) -> tuple[list[Singularity], list[Stretch]]:
    """The singular places, ascending, and the stretches with too many of them to tell apart."""
    scales = scales_of(grid)
    paths, labels, standing = suspects(grid, scales)
    if not (len(paths) or len(labels) or len(standing) or divided(grid)):
        return [], []
    search = _Search.over(lens, grid, scales)
    paths, crowded = search.without_crowds(grid, paths)
    turned, unknown = _foreseen(search, grid, paths)
    x, last = grid.x.tolist(), len(grid.x) - 1
    by_path = search.narrowed([Bracket(x[i], x[i + 1]) for i in unknown], ways_only=True)
    around = [(max(i - 1, 0), min(i + 2, last)) for i in standing]
    around += [(i, i + 1) for i in labels]
    by_rows = search.narrowed([Bracket(x[i], x[j]) for i, j in around])
    dense = [*crowded, *by_path.dense, *by_rows.dense]
    found = turned + search.told([*by_path.found, *by_rows.found])
    found += _missing(search, grid, found, dense)
    return _distinct(found), dense


def looked_for(
    lens: Lens, grid: Grid, intervals: list[Stretch]
) -> tuple[list[Singularity], list[Stretch]]:
    """The same of some intervals only, each taken for suspicious."""
    search = _Search.over(lens, grid, scales_of(grid))
    narrowed = search.narrowed([Bracket(low, high) for low, high in intervals])
    return _distinct(search.told(narrowed.found)), list(narrowed.dense)


def _distinct(found: list[Singularity]) -> list[Singularity]:
    """The singular places, ascending; of those too near to be told apart the clearest.

    Where rounding makes derivatives rough, several narrow intervals around one place are found:
    each of them holds it within its width.
    """
    kept: list[Singularity] = []
    for one in sorted(found, key=lambda one: one.x):
        if kept and one.x - kept[-1].x <= (one.width + kept[-1].width) / 2:
            kept[-1] = min(kept[-1], one, key=_clearness)
        else:
            kept.append(one)
    return kept


def _clearness(one: Singularity) -> tuple[int, int]:
    """Smaller for what is of a lower order, then for the number with fewer digits."""
    return MAX_ORDER + 1 if one.gap is None else one.gap.order, len(repr(one.x))


def _missing(
    search: _Search, grid: Grid, found: list[Singularity], dense: list[Stretch]
) -> list[Singularity]:
    """The places where something divides by zero though the samples around show nothing of it."""
    poles = [(one.x, one.x) for one in found if one.gap is not None and one.gap.kind == "pole"]
    roots = [
        (low, high)
        for low, high in holes(search.lens, grid, search.width, dense + poles)
        if not any(low <= one.x + one.width and one.x - one.width <= high for one in found)
    ]
    places = [search.place(low, high) for low, high in _apart(roots, 2 * search.width)]
    return [one for one, _ in _told(search.lens, places, search.scales) if one.gap is not None]


def _foreseen(search: _Search, grid: Grid, paths: Places) -> tuple[list[Singularity], list[int]]:
    """The changes of path that a comparison foretold, and the intervals where it did not.

    A comparison that turns over has a root; the line through its margins finds it at once if they
    are linear. Whether it is there is checked by the paths on both sides of it.
    """
    blur = search.width / BLURRED
    known = [i for i in paths.tolist() if len(grid.turns) and np.isfinite(grid.turns[i])]
    known = known[:BRACKETS]
    places = [search.place(grid.turns[i] - blur, grid.turns[i] + blur) for i in known]
    turned: list[Singularity] = []
    lens = search.lens.of_patience(search.lens.sampler.longest + 2)  # right there none is longer
    unknown = sorted(set(paths.tolist()) - set(known))
    told = list(_told(lens, places, search.scales))
    for i, (one, ways) in zip(known, told, strict=False):
        if ways == (grid.way[i], grid.way[i + 1]):
            turned.append(one)
        else:
            unknown.append(i)
    return turned, sorted(unknown)


@dataclass(frozen=True)
class _Narrowed:
    """What narrowing came to: `found` are the narrow intervals, `dense` the stretches too full."""

    found: tuple[Stretch, ...] = ()
    dense: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class _Search:
    """What a search goes by: intervals are narrowed to `width`, rows are measured by `scales`."""

    lens: Lens
    scales: Floats
    ends: Stretch
    step: float
    width: float

    @classmethod
    def over(cls, lens: Lens, grid: Grid, scales: Floats) -> _Search:
        """A search over a whole grid."""
        ends = float(grid.x[0]), float(grid.x[-1])
        extent = ends[1] - ends[0]
        width = max(NARROW * extent, SPACINGS * float(np.spacing(np.abs(grid.x).max())))
        return cls(lens, scales, ends, extent / (len(grid.x) - 1), width)

    def narrowed(self, brackets: list[Bracket], *, ways_only: bool = False) -> _Narrowed:
        """Looks into the brackets, then into what stands out in them, until they are narrow."""
        first = True
        brackets, dense = _as_many(brackets)
        found: list[Stretch] = []
        while brackets and self.lens.sampler.time_is_up is None:
            coming: list[Bracket] = []
            for one, part in _looked_into(
                self.lens, brackets, self.width, ways_only, glance=first and ways_only
            ):
                places = strongest(part, self.scales)
                crowd = np.count_nonzero(np.diff(part.way)) if ways_only else len(places)
                if first and crowd > MANY:
                    if ways_only or rough(part, self.scales):
                        dense.append((one.low, one.high))
                    continue
                narrow, wide = self._parted(one, part, places[:MANY])
                found += narrow
                coming += wide
            brackets, left_out = _as_many(coming)
            dense += left_out
            first = False
        return _Narrowed(tuple(found), tuple(dense))

    def without_crowds(self, grid: Grid, paths: Places) -> tuple[Places, list[Stretch]]:
        """The changes of path but those too many to tell apart; the stretches of those.

        Only an interval between two others that change is suspected of it: there a loop takes
        ever more rounds, and looking at it as at a single change would be dear.
        """
        among = set(paths.tolist())
        suspected = [i for i in sorted(among) if i - 1 in among and i + 1 in among][:BRACKETS]
        if not suspected or self.lens.sampler.alone:
            return paths, []
        dense: list[Stretch] = []
        brackets = [Bracket(float(grid.x[i]), float(grid.x[i + 1])) for i in suspected]
        looked = _looked_into(self.lens, brackets, self.width, ways_only=True, glance=True)
        for i, (one, part) in zip(suspected, looked, strict=False):
            if np.count_nonzero(np.diff(part.way)) > MANY:
                dense.append((one.low, one.high))
                among.remove(i)
        return np.array(sorted(among), dtype=np.intp), dense

    def place(self, low: float, high: float) -> _Place:
        """A narrow interval, ready to be looked at."""
        return _Place.of(low, high, self.width, self.step, self.ends)

    def told(self, narrow: Sequence[Stretch]) -> list[Singularity]:
        """What is at the intervals that were narrowed."""
        places = [self.place(low, high) for low, high in _apart(narrow, 2 * self.width)]
        return [one for one, _ in _told(self.lens, places, self.scales)]

    def _parted(
        self, one: Bracket, part: Grid, places: list[tuple[int, int]]
    ) -> tuple[list[Stretch], list[Bracket]]:
        """What stands out in a bracket: the intervals that are narrow now, and those to go on with.

        One that became no smaller counts as narrow: there is nothing more to see in it.
        """
        narrow: list[Stretch] = []
        wide: list[Bracket] = []
        for i, j in places:
            smaller = Bracket(float(part.x[i]), float(part.x[j]))
            if smaller.width <= AT_END * self.width or smaller.width >= one.width:
                narrow.append((smaller.low, smaller.high))
            else:
                wide.append(smaller)
        return narrow, wide


def _as_many(brackets: list[Bracket]) -> tuple[list[Bracket], list[Stretch]]:
    """As many as can be told apart in one view; where the others are, it stays unresolved."""
    return brackets[:BRACKETS], [(one.low, one.high) for one in brackets[BRACKETS:]]


def _looked_into(
    lens: Lens, brackets: list[Bracket], width: float, ways_only: bool, glance: bool
) -> Iterator[tuple[Bracket, Grid]]:
    """Each bracket with samples inside: many at once are cheap in a batch, and dear one by one.

    A `glance` is enough to see that an interval has too many paths.
    """
    inner = 8 if lens.sampler.alone or glance else max(15, min(255, LANES // len(brackets)))
    parts = [
        np.linspace(one.low, one.high, min(inner + 2, 1 + max(4, round(one.width / width))))
        for one in brackets
    ]
    grid = lens.at(np.concatenate(parts), ways_only=ways_only)
    ends = np.cumsum([len(part) for part in parts])
    if len(grid.x) < ends[-1]:  # time is up
        return
    for one, part, end in zip(brackets, parts, ends.tolist(), strict=True):
        yield one, grid.cut(slice(end - len(part), end))


def _apart(narrow: Sequence[Stretch], width: float) -> Iterator[Stretch]:
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
        rungs = reach * np.geomspace(1, max(step / 4 / reach, CLOSEST), RUNGS)
        ratio = float(rungs[1] / rungs[0])
        left = x - rungs[::-1][rungs[::-1] <= x - ends[0]]
        right = x + rungs[rungs <= ends[1] - x]
        return cls(x, reach, ratio, left, right)

    def moved(self) -> _Place:
        """The same place with its rungs elsewhere."""
        left, right = (self.x + 0.73 * (side - self.x) for side in (self.left, self.right))
        return replace(self, left=left, right=right)

    @property
    def samples(self) -> Floats:
        return np.concatenate([self.left, [self.x], self.right])


def _told(lens: Lens, places: list[_Place], scales: Floats) -> Iterator[tuple[Singularity, Ways]]:
    """What is at each narrow interval, by the ladders on its two sides, and the paths there."""
    if not places:
        return
    told = list(_read(lens, places, scales))
    doubtful = [place for place, (one, _) in zip(places, told, strict=False) if _may_be_noise(one)]
    again = (one for one, _ in _read(lens, [one.moved() for one in doubtful], scales))
    second = {one.x: one.gap for one in again}
    for one, ways in told:
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


def _read(lens: Lens, places: list[_Place], scales: Floats) -> Iterator[tuple[Singularity, Ways]]:
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


def _gap(place: _Place, answers: Floats, left: Floats, right: Floats, scales: Floats) -> Gap | None:
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
        from_left, from_right = (limit(side, order, place.ratio, scale) for side in (left, right))
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
