"""Where f or a derivative jumps, grows without bound, or begins to be undefined.

Each suspicious interval is narrowed: sampled inside, the part that stands out chosen, and again,
until it is as narrow as `NARROW` of the range, and as `NARROWEST`. Whatever was only a sharp bend
turns out smooth on the way. What is left is told apart by a ladder of samples, each rung a constant
factor closer than the last: over a jump the difference of the two sides stays, at a pole the steps
do not shrink.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from viz.records import MAX_ORDER
from viz.tracing.calculus.search.grid import Grid, Lens
from viz.tracing.calculus.search.ladders import LadderPlace, Singularity, told
from viz.tracing.calculus.search.suspects import SamplePlaces, rough, scales_of, strongest, suspects
from viz.tracing.calculus.search.zero_divisors import divided, holes
from viz.tracing.sampling.samples import Floats

NARROW: Final = 2e-10
"""Width of a narrowed interval, relative to the range."""
NARROWEST: Final = 4e-9
"""It is no wider than on a range of 20, the usual one: from far away every bend is a jump."""
MANY: Final = 4
"""More changes than this in one narrow interval are not chased: the stretch is unresolved."""
BRACKETS: Final = 256
"""Intervals that are narrowed at once."""
LANES: Final = 4_096
"""Samples of one round, all intervals together."""
SPACINGS: Final = 64
"""The least width of a narrowed interval, in distances between neighbouring numbers."""
AT_END: Final = 3.1
"""Widths that count as narrow: what stands out takes its two neighbours along, and rounding."""
BLURRED: Final = 1e3
"""A foretold root is looked at within this part of a narrow interval."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class Bracket:
    """An interval with something in it."""

    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


def singularities(lens: Lens, grid: Grid) -> tuple[list[Singularity], list[Interval]]:
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
    lens: Lens, grid: Grid, intervals: list[Interval]
) -> tuple[list[Singularity], list[Interval]]:
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
    search: _Search, grid: Grid, found: list[Singularity], dense: list[Interval]
) -> list[Singularity]:
    """The places where something divides by zero though the samples around show nothing of it."""
    poles = [(one.x, one.x) for one in found if one.gap is not None and one.gap.kind == "pole"]
    roots = [
        (low, high)
        for low, high in holes(search.lens, grid, search.width, dense + poles)
        if not any(low <= one.x + one.width and one.x - one.width <= high for one in found)
    ]
    places = [search.place(low, high) for low, high in _apart(roots, 2 * search.width)]
    return [one for one, _ in told(search.lens, places, search.scales) if one.gap is not None]


def _foreseen(
    search: _Search, grid: Grid, paths: SamplePlaces
) -> tuple[list[Singularity], list[int]]:
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
    seen = list(told(lens, places, search.scales))
    for i, (one, ways) in zip(known, seen, strict=False):
        if ways == (grid.way[i], grid.way[i + 1]):
            turned.append(one)
        else:
            unknown.append(i)
    return turned, sorted(unknown)


@dataclass(frozen=True)
class _Narrowed:
    """What narrowing came to: `found` are the narrow intervals, `dense` the stretches too full."""

    found: tuple[Interval, ...] = ()
    dense: tuple[Interval, ...] = ()


@dataclass(frozen=True)
class _Search:
    """What a search goes by: intervals are narrowed to `width`, rows are measured by `scales`."""

    lens: Lens
    scales: Floats
    ends: Interval
    step: float
    width: float

    @classmethod
    def over(cls, lens: Lens, grid: Grid, scales: Floats) -> _Search:
        """A search over a whole grid."""
        ends = float(grid.x[0]), float(grid.x[-1])
        extent = ends[1] - ends[0]
        spacing = float(np.spacing(np.abs(grid.x).max()))
        width = max(min(NARROW * extent, NARROWEST), SPACINGS * spacing)
        return cls(lens, scales, ends, extent / (len(grid.x) - 1), width)

    def narrowed(self, brackets: list[Bracket], *, ways_only: bool = False) -> _Narrowed:
        """Looks into the brackets, then into what stands out in them, until they are narrow."""
        first = True
        brackets, dense = _as_many(brackets)
        found: list[Interval] = []
        while brackets and self.lens.sampler.time_is_up is None:
            coming: list[Bracket] = []
            grid, parts = _looked_into(
                self.lens, brackets, self.width, ways_only, glance=first and ways_only
            )
            standing = strongest(grid, parts, self.scales)
            for one, part, places in zip(brackets, parts, standing, strict=False):
                crowd = _ways_changed(grid, part) if ways_only else len(places)
                if first and crowd > MANY:
                    if ways_only or rough(grid.cut(part), self.scales):
                        dense.append((one.low, one.high))
                    continue
                narrow, wide = self._parted(one, grid.x[part], places[:MANY])
                found += narrow
                coming += wide
            brackets, left_out = _as_many(coming)
            dense += left_out
            first = False
        return _Narrowed(tuple(found), tuple(dense))

    def without_crowds(
        self, grid: Grid, paths: SamplePlaces
    ) -> tuple[SamplePlaces, list[Interval]]:
        """The changes of path but those too many to tell apart; the stretches of those.

        Only an interval between two others that change is suspected of it: there a loop takes
        ever more rounds, and looking at it as at a single change would be dear.
        """
        among = set(paths.tolist())
        suspected = [i for i in sorted(among) if i - 1 in among and i + 1 in among][:BRACKETS]
        if not suspected or self.lens.sampler.alone:
            return paths, []
        dense: list[Interval] = []
        brackets = [Bracket(float(grid.x[i]), float(grid.x[i + 1])) for i in suspected]
        looked, parts = _looked_into(self.lens, brackets, self.width, ways_only=True, glance=True)
        for i, one, part in zip(suspected, brackets, parts, strict=False):
            if _ways_changed(looked, part) > MANY:
                dense.append((one.low, one.high))
                among.remove(i)
        return np.array(sorted(among), dtype=np.intp), dense

    def place(self, low: float, high: float) -> LadderPlace:
        """A narrow interval, ready to be looked at."""
        return LadderPlace.of(low, high, self.width, self.step, self.ends)

    def told(self, narrow: Sequence[Interval]) -> list[Singularity]:
        """What is at the intervals that were narrowed."""
        places = [self.place(low, high) for low, high in _apart(narrow, 2 * self.width)]
        return [one for one, _ in told(self.lens, places, self.scales)]

    def _parted(
        self, one: Bracket, x: Floats, places: list[tuple[int, int]]
    ) -> tuple[list[Interval], list[Bracket]]:
        """What stands out in a bracket: the intervals that are narrow now, and those to go on with.

        One that became no smaller counts as narrow: there is nothing more to see in it.
        """
        narrow: list[Interval] = []
        wide: list[Bracket] = []
        for i, j in places:
            smaller = Bracket(float(x[i]), float(x[j]))
            if smaller.width <= AT_END * self.width or smaller.width >= one.width:
                narrow.append((smaller.low, smaller.high))
            else:
                wide.append(smaller)
        return narrow, wide


def _as_many(brackets: list[Bracket]) -> tuple[list[Bracket], list[Interval]]:
    """As many as can be told apart in one view; where the others are, it stays unresolved."""
    return brackets[:BRACKETS], [(one.low, one.high) for one in brackets[BRACKETS:]]


def _ways_changed(grid: Grid, part: slice) -> int:
    """How often the path changes in a part of a grid."""
    return int(np.count_nonzero(np.diff(grid.way[part])))


def _looked_into(
    lens: Lens, brackets: list[Bracket], width: float, ways_only: bool, glance: bool
) -> tuple[Grid, list[slice]]:
    """Samples inside the brackets, and where each one's are: none of them when time is up.

    Many at once are cheap in a batch, and dear one by one. A `glance` is enough to see that an
    interval has too many paths.
    """
    inner = 8 if lens.sampler.alone or glance else max(15, min(255, LANES // len(brackets)))
    parts = [
        np.linspace(one.low, one.high, min(inner + 2, 1 + max(4, round(one.width / width))))
        for one in brackets
    ]
    grid = lens.at(np.concatenate(parts), ways_only=ways_only)
    ends = np.cumsum([len(part) for part in parts])
    if len(grid.x) < ends[-1]:
        return grid, []
    each = zip(parts, ends.tolist(), strict=True)
    return grid, [slice(end - len(part), end) for part, end in each]


def _apart(narrow: Sequence[Interval], width: float) -> Iterator[Interval]:
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
