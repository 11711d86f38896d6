"""What is known of a batch of samples: values, derivatives, paths, failures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from viz.tracing.sampling.batch_modes import Fork

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Forks = tuple[Fork, ...]

DONE: Final = 0
FAILED: Final = 1
NOT_RUN: Final = 2


@dataclass
class Samples:
    """n samples: `rows` is (orders, or f and its partial derivatives) × n, NaN where there is none.

    `way` is the index of each sample's path; `state` one of DONE, FAILED, NOT_RUN; `reason` the
    index of its failure, -1 for none; `lacks` the order from which autograd has no derivative of
    it, 0 if it has all.
    """

    rows: Floats
    way: Ints
    state: Ints
    reason: Ints
    lacks: Ints
    margins: list[tuple[Ints, Floats]]
    """For each split of a batch by a comparison: the samples, and how far each was from it."""
    divisors: dict[int, list[tuple[Ints, Floats]]]
    """What was divided by, call for call: the samples, and the divisor of each."""

    @classmethod
    def unknown(cls, height: int, lanes: int) -> Samples:
        """Nothing known yet."""
        return cls(
            np.full((height, lanes), np.nan),
            np.full(lanes, -1),
            np.full(lanes, NOT_RUN),
            np.full(lanes, -1),
            np.zeros(lanes, int),
            [],
            {},
        )

    def first(self, count: int) -> Samples:
        """The first of them; of what was noted on the way only what concerns them."""
        return Samples(
            self.rows[:, :count],
            self.way[:count],
            self.state[:count],
            self.reason[:count],
            self.lacks[:count],
            [_first(noted, count) for noted in self.margins],
            {
                call: [_first(noted, count) for noted in parts]
                for call, parts in self.divisors.items()
            },
        )


def _first(noted: tuple[Ints, Floats], count: int) -> tuple[Ints, Floats]:
    places, numbers = noted
    mine = places < count
    return places[mine], numbers[mine] if np.ndim(numbers) else numbers


def coarse_first(group: Ints) -> Iterator[int]:
    """All of a group, from coarse to fine: whatever ends it, the samples are spread evenly."""
    yield from map(int, group[:1])
    step = 1 << len(group).bit_length()
    while step > 1:
        yield from map(int, group[step // 2 :: step])
        step //= 2
