"""How many learners so many cores hold, from the measured cost of an answer.

    python benchmarks/planning.py [--page 0.05] [--sandbox 0.08] [--cores 2 4 8 16]

Measure the two costs with `benchmarks/learners.py` (processor seconds of the page and of the
sandbox for each answer: its cores divided by its answers a second). A simulation then lets learners
act on one replica: each thinks for `--think` seconds on average (exponentially), then waits for an
answer, which takes a place in the sandbox and afterwards the page's process; both need a core, and
the page is one process, which does one thing at a time. A share of the questions runs into the
sandbox's clock. Work is not interrupted and is done in order of arrival, which is a little worse
than what an operating system does. A replica holds as many learners as keep the 95th percentile of
the wait under one second; learners stay with their replica, so replicas add up.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
from collections import deque
from dataclasses import dataclass, field

ASKED = 1.0
"""Seconds within which 95 of 100 answers shall come."""
CLOCK = 1.5
"""Processor seconds of a run that never ends (`viz/sandbox/server/limits.py`)."""
PLACES = 8
"""Runs at once, at most; else as many as there are cores."""
LEARNERS = (100, 1_000, 100_000)


@dataclass(frozen=True)
class Costs:
    """Processor seconds of an answer, seconds between a learner's actions, the hostile share."""

    page: float
    sandbox: float
    think: float
    hostile: float


@dataclass
class Replica:
    """One page with its sandbox on a machine of its own, as far as waiting is concerned."""

    cores: int
    costs: Costs
    dice: random.Random
    now: float = 0.0
    free: int = 0
    placed: int = 0
    drawing: bool = False
    runs: deque[float] = field(default_factory=deque)
    pages: deque[float] = field(default_factory=deque)
    events: list[tuple[float, int, str, float]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    count: int = 0

    def at(self, when: float, what: str, began: float) -> None:
        self.count += 1
        heapq.heappush(self.events, (when, self.count, what, began))

    def think(self) -> None:
        self.at(self.now + self.dice.expovariate(1 / self.costs.think), "ask", 0.0)

    def simulated(self, learners: int, seconds: float) -> list[float]:
        """The seconds that each answer took, the first tenth of the time left out."""
        self.free = self.cores
        for _ in range(learners):
            self.think()
        while self.events and self.now < seconds:
            self.now, _, what, began = heapq.heappop(self.events)
            match what:
                case "ask":
                    self.runs.append(self.now)
                case "run over":
                    self.free, self.placed = self.free + 1, self.placed - 1
                    self.pages.append(began)
                case "killed":
                    self.free, self.placed = self.free + 1, self.placed - 1
                    self.think()
                case _:
                    self.free, self.drawing = self.free + 1, False
                    if self.now > seconds / 10:
                        self.waits.append(self.now - began)
                    self.think()
            self.started()
        return self.waits

    def started(self) -> None:
        """Gives free cores away, to the page's own work first."""
        if self.free and self.pages and not self.drawing:
            self.free, self.drawing = self.free - 1, True
            cost = self.dice.gammavariate(2, self.costs.page / 2)
            self.at(self.now + cost, "shown", self.pages.popleft())
        while self.free and self.runs and self.placed < min(PLACES, max(2, self.cores)):
            self.free, self.placed = self.free - 1, self.placed + 1
            began = self.runs.popleft()
            if self.dice.random() < self.costs.hostile:
                self.at(self.now + CLOCK, "killed", began)
            else:
                cost = self.dice.gammavariate(2, self.costs.sandbox / 2)
                self.at(self.now + cost, "run over", began)


def wait(cores: int, learners: int, costs: Costs, seconds: float) -> float:
    """The 95th percentile of the seconds until an answer."""
    waits = sorted(Replica(cores, costs, random.Random(1)).simulated(learners, seconds))
    return waits[int(len(waits) * 0.95)] if waits else float("inf")


def held(cores: int, costs: Costs, seconds: float = 600.0) -> int:
    """The most learners whose 95th percentile stays under `ASKED`."""
    few, many = 0, 1
    while wait(cores, many, costs, seconds) < ASKED:
        few, many = many, many * 2
    while many - few > 1:
        middle = (few + many) // 2
        if wait(cores, middle, costs, seconds) < ASKED:
            few = middle
        else:
            many = middle
    return few


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--page", type=float, default=0.05)
    parser.add_argument("--sandbox", type=float, default=0.08)
    parser.add_argument("--think", type=float, default=3.0)
    parser.add_argument("--hostile", type=float, default=0.01)
    parser.add_argument("--cores", type=int, nargs="+", default=[2, 4, 8, 16])
    given = parser.parse_args()
    costs = Costs(given.page, given.sandbox, given.think, given.hostile)
    heads = "".join(f"{f'{learners:,}':>12}" for learners in LEARNERS)
    print(f"{'cores':>5} {'learners':>9} {'a core':>7}   replicas for{heads}")
    for cores in given.cores:
        most = held(cores, costs)
        needed = "".join(f"{-(-learners // most) if most else 0:>12,}" for learners in LEARNERS)
        print(f"{cores:>5} {most:>9} {most / cores:>7.1f}               {needed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
