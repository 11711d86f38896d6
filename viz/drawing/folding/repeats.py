"""Where a sequence repeats itself: rounds of a loop, layers of equal structure.

Linear in the length of the sequence: the only periods that are tried are distances at which equal
tokens were seen, the most frequent first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from operator import eq
from typing import Final

MOST_PERIODS: Final = 24
"""How many periods are tried on one sequence."""


@dataclass(frozen=True)
class Stretch:
    """Tokens from `start` on that say the same `period` of them over and over, `rounds` times."""

    start: int
    period: int
    rounds: int

    @property
    def stop(self) -> int:
        """The place after its last round."""
        return self.start + self.period * self.rounds


def repeats(tokens: Sequence[Hashable], least: int) -> tuple[Stretch, ...]:
    """Stretches of at least `least` (2 or more) rounds, in order and apart; short periods first."""
    known: dict[Hashable, int] = {}
    numbers = [known.setdefault(token, len(known)) for token in tokens]
    found: list[Stretch] = []
    for period in sorted(_periods(numbers)):
        for stretch in _of_period(numbers, period, least):
            # what is taken equals nothing any more
            numbers[stretch.start : stretch.stop] = range(-1 - stretch.start, -1 - stretch.stop, -1)
            found.append(stretch)
    return tuple(sorted(found, key=lambda stretch: stretch.start))


def _periods(tokens: Sequence[int]) -> list[int]:
    """Distances to the last and last but one equal token, the most frequent ones."""
    last: dict[int, tuple[int, int]] = {}
    seen: Counter[int] = Counter()
    for place, token in enumerate(tokens):
        near, far = last.get(token, (-1, -1))
        if near >= 0:
            seen[place - near] += 1
        if far >= 0:
            seen[place - far] += 1
        last[token] = (place, near)
    return [period for period, _ in seen.most_common(MOST_PERIODS)]


def _of_period(tokens: Sequence[int], period: int, least: int) -> list[Stretch]:
    # 1 where a token equals the one a period later; a run is a long stretch of these
    equal = bytes(map(eq, tokens, tokens[period:]))
    needed = b"\1" * (period * (least - 1))
    found: list[Stretch] = []
    start = equal.find(needed)
    while start >= 0:
        stop = equal.find(b"\0", start)
        length = (len(equal) if stop < 0 else stop) - start
        stretch = Stretch(start, period, length // period + 1)
        found.append(stretch)
        start = equal.find(needed, stretch.stop)
    return found
