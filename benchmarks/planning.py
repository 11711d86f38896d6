"""How many learners so many cores hold, from the measured cost of an answer.

    python benchmarks/planning.py [--page 0.05] [--sandbox 0.08] [--cores 2 4 8 16]

Measure the two costs with `benchmarks/learners.py` (processor seconds of the page and of the
sandbox for each answer: its cores divided by its answers a second). A simulation then lets learners
act on one replica: each thinks for `--think` seconds on average (exponentially), then waits for an
answer, which takes a place in the sandbox and afterwards the page's process, which does one thing
at a time. All that is due shares the cores by its weight, as the kernel does: the page first, then
runs, and behind them those that took longer than a quick one and left their place. A share of the
questions runs into the sandbox's clock. A replica holds as many learners as keep the 95th
percentile of the wait under one second; learners stay with their replica, so replicas add up.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from viz.sandbox.server.limits import Limits, usual_places

ASKED = 1.0
"""Seconds within which 95 of 100 answers shall come."""
LIMITS = Limits()
PAGE, RUN, LONG = 1024, 335, 70
"""The kernel's weights of the page's process, a child's (nice 5) and a long one's (nice 12)."""
NONE = 1e-9
"""Processor seconds that are none."""
LEARNERS = (100, 1_000, 100_000)


@dataclass(frozen=True)
class Costs:
    """Processor seconds of an answer, seconds between a learner's actions, the hostile share."""

    page: float
    sandbox: float
    think: float
    hostile: float


@dataclass(eq=False)
class Task:
    """Work that is due: its weight, the processor seconds left and used, when it was asked for."""

    weight: int
    left: float
    began: float
    endless: bool = False
    used: float = 0.0

    def due(self) -> float:
        """Processor seconds until something changes: it ends, or it turns out to be long."""
        quick = LIMITS.quick - self.used
        return min(self.left, quick) if self.weight == RUN and quick > NONE else self.left


@dataclass
class Replica:
    """One page with its sandbox on a machine of its own, as far as waiting is concerned."""

    cores: int
    costs: Costs
    dice: random.Random
    now: float = 0.0
    asked: list[float] = field(default_factory=list)
    queue: deque[Task] = field(default_factory=deque)
    placed: list[Task] = field(default_factory=list)
    apart: list[Task] = field(default_factory=list)
    pages: deque[Task] = field(default_factory=deque)
    waits: list[float] = field(default_factory=list)

    def think(self) -> None:
        heapq.heappush(self.asked, self.now + self.dice.expovariate(1 / self.costs.think))

    def simulated(self, learners: int, seconds: float) -> list[float]:
        """The seconds that each answer took, the first tenth of the time left out."""
        for _ in range(learners):
            self.think()
        while self.now < seconds:
            while self.queue and len(self.placed) < usual_places(self.cores):
                self.placed.append(self.queue.popleft())
            self.pass_time()
            if self.asked and self.asked[0] <= self.now + NONE:
                self.ask(heapq.heappop(self.asked))
            for task in self.at_work():
                self.look_at(task, seconds / 10)
        return self.waits

    def ask(self, now: float) -> None:
        endless = self.dice.random() < self.costs.hostile
        cost = LIMITS.soft if endless else self.dice.gammavariate(2, self.costs.sandbox / 2)
        self.queue.append(Task(RUN, cost, now, endless))

    def at_work(self) -> list[Task]:
        """All that has a place, and what the page does first."""
        return [*self.placed, *self.apart, *islice(self.pages, 1)]

    def pass_time(self) -> None:
        """Until the next thing happens; whoever is due gets his share of the cores meanwhile."""
        due = sorted(self.at_work(), key=lambda task: -task.weight)
        rates, free, weights = [], float(self.cores), sum(task.weight for task in due)
        for task in due:
            rates.append(min(1.0, free * task.weight / weights))
            free, weights = free - rates[-1], weights - task.weight
        next_asked = self.asked[0] - self.now if self.asked else float("inf")
        passed = min(
            [next_asked, *(task.due() / rate for task, rate in zip(due, rates, strict=True))]
        )
        self.now += passed
        for task, rate in zip(due, rates, strict=True):
            task.left, task.used = task.left - rate * passed, task.used + rate * passed

    def look_at(self, task: Task, warm: float) -> None:
        """What becomes of a task that has ended, or has turned out to be long."""
        if task.left <= NONE and task.weight == PAGE:
            self.pages.remove(task)
            if self.now > warm and not task.endless:
                self.waits.append(self.now - task.began)
            self.think()
        elif task.left <= NONE:
            (self.placed if task in self.placed else self.apart).remove(task)
            cost = self.dice.gammavariate(2, self.costs.page / 2)
            self.pages.append(Task(PAGE, cost, task.began, task.endless))
        elif task in self.placed and task.used >= LIMITS.quick - NONE:
            task.weight = LONG
            if len(self.apart) < 2 * usual_places(self.cores):
                self.placed.remove(task)
                self.apart.append(task)


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
