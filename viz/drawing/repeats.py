"""Where a sequence repeats itself: rounds of a loop, layers of equal structure.

Linear in the length of the sequence: the only periods that are tried are distances at which equal
tokens were seen, the most frequent first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

MOST_PERIODS: Final = 24
"""How many periods are tried on one sequence."""


@dataclass(frozen=True)
class Run:
    """`rounds` equal stretches of `period` tokens each, one after the other from `start`."""

    start: int
    period: int
    rounds: int

    @property
    def stop(self) -> int:
        """The place after its last round."""
        return self.start + self.period * self.rounds


def runs(tokens: Sequence[Hashable], least: int) -> tuple[Run, ...]:
    """The runs of at least `least` rounds, in order and apart; short periods go first."""
    taken = bytearray(len(tokens))
    found: list[Run] = []
    for period in sorted(_periods(tokens)):
        for run in _of_period(tokens, taken, period, least):
            taken[run.start : run.stop] = b"\1" * (run.stop - run.start)
            found.append(run)
    return tuple(sorted(found, key=lambda run: run.start))


def _periods(tokens: Sequence[Hashable]) -> list[int]:
    """Distances to the last and last but one equal token, the most frequent ones."""
    last: dict[Hashable, tuple[int, int]] = {}
    seen: Counter[int] = Counter()
    for place, token in enumerate(tokens):
        near, far = last.get(token, (-1, -1))
        if near >= 0:
            seen[place - near] += 1
        if far >= 0:
            seen[place - far] += 1
        last[token] = (place, near)
    return [period for period, _ in seen.most_common(MOST_PERIODS)]


def _of_period(tokens: Sequence[Hashable], taken: bytearray, period: int, least: int) -> list[Run]:
    found: list[Run] = []
    start = 0
    while start + period < len(tokens):
        equal = _equal(tokens, taken, start, period)
        rounds = equal // period + 1
        if rounds >= least:
            found.append(Run(start, period, rounds))
            start += period * rounds
        else:
            start += equal + 1
    return found


def _equal(tokens: Sequence[Hashable], taken: bytearray, start: int, period: int) -> int:
    """How many tokens from `start` on equal the one a period later, nothing taken on the way."""
    place = start
    end = len(tokens) - period
    while (
        place < end
        and tokens[place] == tokens[place + period]
        and not taken[place]
        and not taken[place + period]
    ):
        place += 1
    return place - start
