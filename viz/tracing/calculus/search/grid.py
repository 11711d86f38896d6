"""The samples of a curve in order: x and, for each, what the sampler said."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from viz.tracing.sampling.batch_modes import MAX_DECISIONS
from viz.tracing.sampling.sampler import Sampler
from viz.tracing.sampling.samples import DONE, NOT_RUN, Floats, Ints, Samples

Depth = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Lens:
    """The sampler as a stage looks through it: with so many decisions that a run may take."""

    sampler: Sampler
    patience: int = MAX_DECISIONS

    def of_patience(self, decisions: int) -> Lens:
        """The same with at most so many decisions."""
        return Lens(self.sampler, min(self.patience, decisions))

    def at(self, x: Floats, *, ways_only: bool = False) -> Grid:
        """The samples at x; those that time did not allow are left out."""
        ask = self.sampler.ways_at if ways_only else self.sampler
        return Grid.made(self.sampler, x, ask(x, patience=self.patience), ways_only=ways_only)


@dataclass(frozen=True)
class Grid:
    """Samples at ascending x.

    `rows` may be blanked where a derivative does not exist; `answers` stay what PyTorch said.
    The other columns are those of `viz.tracing.sampling.sampler.Samples`.
    """

    x: Floats
    rows: Floats
    answers: Floats
    way: Ints
    state: Ints
    reason: Ints
    lacks: Ints
    divisors: list[tuple[int, Floats]] = field(default_factory=list)
    """What was divided by at each sample, and which division it was; NaN where it was none."""
    turns: Floats = field(default_factory=lambda: np.zeros(0))
    """For each interval: where a comparison is expected to turn over, NaN if that is not known."""

    @classmethod
    def made(cls, sampler: Sampler, x: Floats, found: Samples, *, ways_only: bool = False) -> Grid:
        """The samples at x as the sampler found them."""
        columns = (x, found.rows, found.way, found.state, found.reason, found.lacks)
        if (found.state == NOT_RUN).any():
            done = found.state != NOT_RUN
            columns = (x[done], found.rows[:, done], *(column[done] for column in columns[2:]))
        x, rows, way, state, reason, lacks = columns
        divisors, turns = [], np.zeros(0)
        if len(x) == len(found.way):  # else what was divided by and compared counts other samples
            divisors = list(_divisors(len(x), found.divisors))
            turns = _turns(x, found.margins) if found.margins else turns
        grid = cls(x, rows, rows.copy(), way, state, reason, lacks, divisors, turns)
        if sampler.alone and not ways_only:
            grid._settle_constants()
        return grid

    def joined(self, *others: Grid) -> Grid:
        """The samples of all, ascending; of several at one x the first stays."""
        grids = [self, *others]
        x = np.concatenate([grid.x for grid in grids])
        order = np.argsort(x, kind="stable")
        order = order[np.concatenate([[True], np.diff(x[order]) > 0])]
        return Grid(
            x[order],
            np.concatenate([grid.rows for grid in grids], axis=1)[:, order],
            np.concatenate([grid.answers for grid in grids], axis=1)[:, order],
            *(
                np.concatenate([getattr(grid, name) for grid in grids])[order]
                for name in ("way", "state", "reason", "lacks")
            ),
        )

    def without(self, places: list[tuple[float, float]]) -> Grid:
        """The samples that are farther than its reach from each of the places."""
        kept = np.ones(len(self.x), bool)
        for x, reach in places:
            kept &= np.abs(self.x - x) > reach
        return self.cut(kept)

    def cut(self, where: slice | Mask | npt.NDArray[np.intp]) -> Grid:
        """The samples of a stretch; of numbers in lines, a stack of as many stretches."""
        return Grid(
            self.x[where],
            self.rows[:, where],
            self.answers[:, where],
            self.way[where],
            self.state[where],
            self.reason[where],
            self.lacks[where],
        )

    @property
    def depth(self) -> Depth:
        """How many rows of each sample are finite, counted from f up; 0: f is not defined."""
        finite = np.isfinite(self.rows)
        if finite.all():
            return np.full(self.x.shape, len(self.rows))
        depth: Depth = finite.cumprod(axis=0).sum(axis=0)
        return depth

    def _settle_constants(self) -> None:
        """Samples that ran alone: where no way to x is known but f is constant, f′ is zero."""
        for way in set(self.way.tolist()):
            mine = (self.way == way) & (self.state == DONE)
            loose = mine & (self.lacks == 1)
            values = self.rows[0, mine]
            if loose.any() and len(values) > 1 and (values == values[0]).all():
                self.rows[1:, loose] = self.answers[1:, loose] = 0.0
                self.lacks[loose] = 0


def plain(row: Floats) -> tuple[float, ...]:
    """A row as Python floats; every NaN is the same one, so that equal rows compare equal."""
    if np.isnan(row).any():
        return tuple(math.nan if value != value else value for value in row.tolist())
    return tuple(row.tolist())


def _divisors(
    count: int, found: dict[int, list[tuple[Ints, Floats]]]
) -> Iterator[tuple[int, Floats]]:
    for key, parts in found.items():
        row = np.full(count, np.nan)
        for places, values in parts:
            row[places] = values
        yield key, row


def _turns(x: Floats, margins: list[tuple[Ints, Floats]]) -> Floats:
    """Between neighbours that a comparison separated: the root of the line through its margins."""
    turns = np.full(len(x) - 1, np.nan)
    for places, values in margins:
        margin = np.full(len(x), np.nan)
        margin[places] = values
        left, right = margin[:-1], margin[1:]
        with np.errstate(all="ignore"):
            crossing = left * right <= 0
            turns[crossing] = (x[:-1] + np.diff(x) * left / (left - right))[crossing]
    return turns
