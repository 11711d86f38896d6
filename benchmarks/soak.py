"""A soak of the sandbox: 10,000 jobs from 20 addresses, a tenth of them hostile, 8 at a time.

    python benchmarks/soak.py [--jobs 10000] [--at-a-time 8]

The hostile ones, from two of the addresses, are escapes, bombs, and endless runs whose visitor
leaves. Prints how each job ended, latencies of the good ones beside them and without, and what the
page's process and the warm parent held at the start and at the end. Ends with status 1 if a job was
lost, a good job got a wrong answer, a hostile one got out or was answered late, or anything grew.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import active_count

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.hostile.bombs.bombs import BOMBS
from tests.hostile.corpus import Outside, escapes
from viz.errors import ExplorerError, ProgramRejected, RunStopped, SandboxBusy
from viz.program import check
from viz.records import Program, TraceQuestion
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.supervisor import Forking
from viz.sandbox.server.turns import Turn

GOOD = [
    ("(x+y)*z", {"x": "-2", "y": "5", "z": "-4"}, (-12.0,)),
    ("2*torch.dot(x, x)", {"x": "torch.arange(4.0)"}, (28.0,)),
    ("def f(a):\n    b = a*2\n    while b < 1000: b = b*2\n    return b", {"a": "2"}, (1024.0,)),
    ("x.exp().log()", {"x": "0"}, (0.0,)),
]
ENDLESS = TraceQuestion(check("def f(x):\n    while True: x = x + 1"), {})
STAY = 0.3
"""Seconds after which the visitor of an endless run leaves."""
ADDRESSES = 20
HOSTILE = ("10.0.0.18", "10.0.0.19")
"""Addresses of the hostile ones; the others' are all visitors'."""
ALONE = 200
"""Good jobs that are asked first, with no hostile one beside them."""
IN_TIME = 60.0
"""Seconds in which every bomb is answered, its wait behind everybody else included."""
PARTS = 5
"""After each part of the jobs it is looked at what is held."""
SETTLE = 1.0
"""Seconds until the last child is reaped and counted."""


def running_bombs() -> list[tuple[str, str]]:
    """The bombs that the check lets pass: the others never come to the sandbox."""
    found = []
    for name, source in BOMBS.items():
        with suppress(ProgramRejected):
            check(source)
            found.append((name, source))
    return found


@dataclass(frozen=True)
class Held:
    """What a process holds: megabytes in memory, descriptors, children or threads."""

    memory: float
    descriptors: int
    others: int

    @classmethod
    def by(cls, pid: int | str) -> Held:
        process = Path(f"/proc/{pid}")
        rows = dict(
            line.split(":", 1) for line in (process / "smaps_rollup").read_text().splitlines()[1:]
        )
        own = int(rows["Rss"].split()[0]) / 1024
        number = process.resolve().name
        children = (process / "task" / number / "children").read_text().split()
        threads = active_count() if pid == "self" else 1
        return cls(own, len(list((process / "fd").iterdir())), len(children) + threads)

    def __str__(self) -> str:
        return f"{self.memory:.0f} MB, {self.descriptors} descriptors, {self.others} others"


class Soak:
    """The jobs, and what came of them."""

    def __init__(self, sandbox: Sandbox, raw: Sandbox, outside: Outside) -> None:
        self.sandbox, self.raw, self.outside = sandbox, raw, outside
        self.dice = random.Random(0)
        self.ended: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.alone: list[float] = []
        self.seconds_of_bombs: list[float] = []
        self.faults: list[str] = []
        self.escapes = list(escapes().items())
        self.bombs = running_bombs()
        self.dice.shuffle(self.bombs)

    def job(self, number: int) -> None:
        """One job: good nine times of ten, else an escape, a bomb, or one that is left alone."""
        began = time.perf_counter()
        which, hostile = divmod(number // 10, 3)
        if number % 10:
            self._good(number)
            self.seconds.append(time.perf_counter() - began)
        elif hostile == 0:
            self._escape(*self.escapes[which % len(self.escapes)])
        elif hostile == 1:
            self._bomb(*self.bombs[which % len(self.bombs)])
        else:
            self._leave(number)

    def undisturbed(self, number: int) -> None:
        """One good job, while there are no hostile ones."""
        began = time.perf_counter()
        self._good(number)
        self.alone.append(time.perf_counter() - began)

    def _good(self, number: int) -> None:
        source, texts, expected = GOOD[number % len(GOOD)]
        question = TraceQuestion(check(source), texts)
        address = f"10.0.0.{number % (ADDRESSES - len(HOSTILE))}"
        try:
            got = self.sandbox.ask(question, f"s{number}", address=address).value
        except ExplorerError as error:
            self.faults.append(f"good job {number}: {error}")
            self.ended[f"good: {type(error).__name__}"] += 1
            return
        if got is None or got.values != expected:
            self.faults.append(f"good job {number}: {got}")
        self.ended["good: answered"] += 1

    def _escape(self, name: str, source: str) -> None:
        """Without the allowlist, so that it is the layers that are tried."""
        question = TraceQuestion(Program(self.outside.filled(source), "script"), {})
        try:
            self.raw._run(question, Turn(object(), "soak"))
            self.ended["escape: held, answered"] += 1
        except ExplorerError as error:
            self.ended[f"escape: {type(error).__name__}"] += 1
        if got_out := self.outside.touched():
            self.faults.append(f"{name}: {got_out}")

    def _bomb(self, name: str, source: str) -> None:
        began = time.monotonic()
        try:
            question = TraceQuestion(check(source), {})
            self.sandbox.ask(question, name, address=HOSTILE[0])
            self.ended["bomb: answered"] += 1
        except SandboxBusy:
            self.ended["bomb: told to wait"] += 1
        except ExplorerError as error:
            self.ended[f"bomb: {type(error).__name__}"] += 1
        seconds = time.monotonic() - began
        self.seconds_of_bombs.append(seconds)
        if seconds >= IN_TIME:
            self.faults.append(f"{name}: answered after {seconds:.1f} s")

    def _leave(self, number: int) -> None:
        until = time.monotonic() + STAY
        try:
            self.sandbox.ask(
                ENDLESS,
                f"s{number}",
                wanted=lambda: time.monotonic() < until,
                address=HOSTILE[1],
            )
            self.faults.append(f"job {number}: an endless run was answered")
        except RunStopped:
            self.ended["left: stopped"] += 1


def held(*backends: Forking) -> list[Held]:
    """What this process and each warm parent hold, after all children are gone."""
    time.sleep(SETTLE)
    parents = [backend.parents._process for backend in backends]
    if any(parent is None or parent.poll() is not None for parent in parents):
        raise SystemExit("a warm parent did not live through it")
    return [Held.by("self"), *(Held.by(parent.pid) for parent in parents if parent is not None)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--at-a-time", type=int, default=8)
    given = parser.parse_args()
    limits = Limits(places=given.at_a_time).fitted()
    raw_limits = Limits(soft=0.5, notice=0.8, hard=0.9, places=given.at_a_time).fitted()
    outside = Outside()
    backends = Forking(limits), Forking(raw_limits, answering="tests.sandbox.raw:answering")
    with Sandbox.over(backends[0]) as sandbox, Sandbox.over(backends[1]) as raw:
        print(f"level {sandbox.level} and {raw.level}, {limits.places} places")
        soak = Soak(sandbox, raw, outside)
        with ThreadPoolExecutor(given.at_a_time) as pool:
            list(pool.map(soak.job, range(min(400, given.jobs // 5))))  # all caches are warm
            list(pool.map(soak.undisturbed, range(ALONE)))
            soak.ended.clear()
            soak.seconds.clear()
            soak.seconds_of_bombs.clear()
            course, took = [held(*backends)], 0.0
            share = given.jobs // PARTS
            for part in range(PARTS):
                began = time.monotonic()
                list(pool.map(soak.job, range(part * share, (part + 1) * share)))
                took += time.monotonic() - began
                course.append(held(*backends))
    outside.close()
    return report(soak, given.jobs, took, course)


def report(soak: Soak, jobs: int, took: float, course: list[list[Held]]) -> int:
    """Prints the figures; the process's exit status."""
    print(f"{jobs} jobs in {took:.0f} s: {jobs / took:.0f} jobs/s")
    for name, times in (("alone", soak.alone), ("beside hostile ones", soak.seconds)):
        seconds = sorted(times)
        for percent in (50, 95, 99):
            at = seconds[min(len(seconds) - 1, len(seconds) * percent // 100)]
            print(f"good jobs {name} p{percent}: {at * 1000:.0f} ms (with waiting for a place)")
    print(f"slowest bomb: {max(soak.seconds_of_bombs):.1f} s (with waiting)")
    for end, count in sorted(soak.ended.items()):
        print(f"{count:6} {end}")
    for place, name in enumerate(("page", "parent", "raw parent")):
        stages = [stage[place] for stage in course]
        print(f"{name}: {' -> '.join(map(str, stages))}")
        first, middle, last = stages[0], stages[-2], stages[-1]
        if last.descriptors > first.descriptors or last.others > first.others:
            soak.faults.append(f"{name}: descriptors or processes grew")
        # the largest answers set a high-water mark early on; a leak goes on growing
        if last.memory > middle.memory * 1.05 + 2:
            soak.faults.append(f"{name}: memory grew")
    if sum(soak.ended.values()) + len(soak.faults) < jobs:
        soak.faults.append(f"{jobs - sum(soak.ended.values())} jobs were lost")
    for fault in soak.faults[:20]:
        print("FAULT", fault)
    return bool(soak.faults)


if __name__ == "__main__":
    sys.exit(main())
