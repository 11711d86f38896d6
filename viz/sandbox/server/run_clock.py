"""What one child has used of its time: processor seconds, and seconds by the clock on the wall.

A mark of `m` processor seconds is reached after `WALL * m` seconds by the clock as well, for a run
that sleeps uses no processor. What the kernel let the child stand ready while others had the
processor is left out of that (Linux tells it), so that a crowd fails no honest program; at most
`STARVED` times as long in all.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path

from viz.sandbox.wire.orders import STARVED, WALL


@dataclass
class RunClock:
    """The clock of one run, of process `pid`, 0 as long as that is not known."""

    pid: int = 0
    began: float = field(default_factory=time.monotonic)
    known: float = 0.0
    """Processor seconds when it was looked at last."""
    waited: float = 0.0
    """Seconds in which it stood ready, then."""
    before: float = 0.0
    """Processor seconds that it had used before: it was forked in advance and has rehearsed."""
    stood_before: float = 0.0
    """Seconds that it had stood ready before."""

    def start(self, pid: int) -> None:
        """The process is there: its time begins."""
        self.pid = pid
        self.began = time.monotonic()
        self.before, self.stood_before = self.used(), self.stood_ready()

    def used(self) -> float:
        """Seconds of processor time that the child has used, as long as it is there."""
        with contextlib.suppress(OSError):
            self.known = time.clock_gettime(_processor_clock(self.pid)) - self.before
        return self.known

    def passed(self) -> float:
        """Seconds by the clock since it began."""
        return time.monotonic() - self.began

    def until(self, mark: float) -> float:
        """Seconds until it may have used `mark`, at the soonest; at most 0: it has."""
        by_the_clock = mark * WALL - self.passed()
        if by_the_clock <= 0:
            by_the_clock += min(self.stood_ready(), self.passed() * (1 - 1 / STARVED))
        return min(mark - self.used(), by_the_clock)

    def over(self, mark: float) -> bool:
        """Whether it has used so much, also when it is gone."""
        return self.known >= mark or self.until(mark) <= 0

    def stood_ready(self) -> float:
        """Seconds in which it could have run and did not get the processor; 0 where none tells."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            told = Path(f"/proc/{self.pid}/schedstat").read_text().split()
            self.waited = int(told[1]) / 1e9 - self.stood_before
        return self.waited

    def look(self) -> None:
        """Notes both before the process goes."""
        self.used()
        if self.passed() > WALL * self.known:
            self.stood_ready()


def _processor_clock(pid: int) -> int:
    """The kernel's number for the clock of a process's processor time (CPUCLOCK_SCHED)."""
    return ~pid << 3 | 2
