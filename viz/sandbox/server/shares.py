"""What each address and each session took of late, and who comes first because of that.

A share is an address's, then a session's: whoever opens many pages gets no more by it. What was
taken is counted in seconds of a place and halves every `HALF_LIFE` seconds; apart from it what was
taken by runs that ran into the clock, for those go behind everybody else's questions.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

HALF_LIFE: Final = 20.0
"""Seconds after which half of what somebody took is forgotten."""
AS_LATER: Final = 0.25
"""Seconds by which a question counts as asked later, for each second that its session, or its
address, took: what learners differ in puts nobody off, what a crowd took puts it behind."""
LATE_SESSION: Final = 0.4
"""Seconds of runs that ran into the clock, after which a session goes behind the others."""
LATE_ADDRESS: Final = 4.0
"""The same of all sessions of an address: a class behind one is not judged by one loop."""
LATE_PART: Final = 0.5
"""The part of an address's runs that they are then: nor is a class judged by a few of many."""
KNOWN: Final = 4_096
"""Addresses, and sessions, that are remembered: those that were seen last."""


class Who(Protocol):
    """Somebody who asks."""

    @property
    def address(self) -> str:
        """Where from, empty where that is not known."""

    @property
    def session(self) -> object:
        """In which open page."""


@dataclass
class Taken:
    """Seconds of a place and how many runs, in all and into the clock, `at` a moment."""

    at: float
    seconds: float = 0.0
    late: float = 0.0
    runs: float = 0.0
    late_runs: float = 0.0

    def until(self, now: float) -> Taken:
        """The same at a later moment."""
        left = 0.5 ** (max(0.0, now - self.at) / HALF_LIFE)
        return Taken(
            now, self.seconds * left, self.late * left, self.runs * left, self.late_runs * left
        )


class Ledger:
    """What somebody took, by name; one that is not known took nothing."""

    def __init__(self) -> None:
        self._taken: OrderedDict[object, Taken] = OrderedDict()

    def of(self, name: object, now: float) -> Taken:
        """What this one took, as it counts now."""
        return self._taken.get(name, Taken(now)).until(now)

    def add(self, name: object, now: float, seconds: float, late: bool) -> None:
        """Counts a run."""
        taken = self.of(name, now)
        taken.seconds += seconds
        taken.runs += 1
        if late:
            taken.late += seconds
            taken.late_runs += 1
        self._taken[name] = taken
        self._taken.move_to_end(name)
        while len(self._taken) > KNOWN:
            self._taken.popitem(last=False)


class Shares:
    """The ledgers of all addresses and sessions; used under the queue's lock.

    Moments are seconds of one clock; those who are compared are ranked at the same one.
    """

    def __init__(self) -> None:
        self._addresses = Ledger()
        self._sessions = Ledger()

    def charge(self, who: Who, now: float, seconds: float, late: bool) -> None:
        """A run that ends now held a place for so long; `late`: it ran into the clock."""
        self._addresses.add(who.address, now, seconds, late)
        self._sessions.add(who.session, now, seconds, late)

    def late(self, who: Who, now: float, lasting: Sequence[float] = ()) -> bool:
        """Whether this one's runs ran into the clock of late.

        `lasting`: the seconds for which long runs of its address hold places already; a crowd of
        them is known before the clock has ended the first.
        """
        if self._sessions.of(who.session, now).late > LATE_SESSION:
            return True
        taken = self._addresses.of(who.address, now)
        known = who.address != ""  # else it is everybody's
        late_runs, runs = taken.late_runs + len(lasting), taken.runs + len(lasting)
        often = late_runs > LATE_PART * runs
        return known and often and taken.late + sum(lasting) > LATE_ADDRESS

    def handicap(self, who: Who, now: float) -> float:
        """Seconds by which this one's question counts as asked later than it was."""
        address, session = self._addresses.of(who.address, now), self._sessions.of(who.session, now)
        return AS_LATER * (address.seconds + session.seconds)
