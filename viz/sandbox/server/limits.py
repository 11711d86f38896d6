"""How much one run may take, and all runs together: seconds, bytes, places.

Times are processor time of the child, so that a busy machine fails no honest program; waiting for
a place is no part of them. `WALL` times as much by the clock on the wall ends a run as well; what
the kernel let it stand ready beside others is no part of that either, up to `STARVED` times.
Memory is what a child may take beyond what the warm parent holds already, as address space: the
kernel refuses more, so a typed `torch.ones(10**10)` is an ordinary exception in the typed code.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

MB = 1 << 20
LEAST_MEMORY = 192 * MB
"""A child that may take less cannot build a large trace."""


def usual_places(cores: int) -> int:
    """Runs at a time on a machine of so many cores."""
    return max(2, min(8, cores))


@dataclass(frozen=True)
class Limits:
    """The caps of one sandbox.

    - `soft` seconds: then `TimeIsUp` is raised in the typed code, again and again; a script has
      `scripts` seconds while nobody waits for its place, else `soft`; another run has `again` while
      somebody waits and all places are taken, and so has a script whose session ran into the clock
      of late;
    - `notice` seconds: then the child is made to name the line inside a long C call;
    - `hard` seconds: then it is killed; the kernel itself ends it after `processor` seconds;
    - `memory` bytes for a child, `together` for all children (`None`: half of what is free);
    - `answer` and `job` bytes: of what comes back and of what is asked;
    - `places` run at a time; a run that took `quick` seconds leaves its place for one of `long`
      further ones, behind all others, where there is one and memory for it;
    - `waiting` wait; who comes then is told `SandboxBusy`.
    """

    soft: float = 1.5
    notice: float = 2.1
    hard: float = 2.2
    scripts: float = 5.0
    again: float = 0.5
    processor: int = 7
    memory: int = 512 * MB
    together: int | None = None
    answer: int = 48 * MB
    job: int = 1 * MB
    places: int = usual_places(os.cpu_count() or 1)
    quick: float = 0.15
    long: int = 4 * places
    waiting: int = 64

    def allowed(self, kind: str) -> float:
        """Seconds of a program of this kind while nobody waits; later marks move with them."""
        return max(self.soft, self.scripts) if kind == "script" else self.soft

    def shared(self, kind: str, late: bool) -> float:
        """Seconds that are left when somebody waits; `late`: its session ran into the clock."""
        patient = kind == "script" and not late
        return self.soft if patient else min(self.soft, self.again)

    def fitted(self) -> Limits:
        """The same with so many places and so much memory each that all fit together.

        Only where each run may have all of its `memory` are there places for long runs.
        """
        together = free_memory() // 2 if self.together is None else self.together
        places = max(1, min(self.places, together // LEAST_MEMORY))
        memory = max(LEAST_MEMORY, min(self.memory, together // places))
        long = max(0, min(self.long, together // memory - places))
        return replace(self, places=places, long=long, memory=memory, together=together)


def free_memory() -> int:
    """Bytes that this process and its children may still take, as the system tells it."""
    free = [_of_system(), *_of_cgroup(Path("/sys/fs/cgroup"))]
    return min(free)


def _of_system() -> int:
    meminfo = Path("/proc/meminfo")
    if sys.platform == "linux" and meminfo.exists():
        rows = dict(line.split(":", 1) for line in meminfo.read_text().splitlines())
        if "MemAvailable" in rows:
            return int(rows["MemAvailable"].split()[0]) * 1024
    return 4096 * MB


def _of_cgroup(root: Path) -> list[int]:
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        try:
            most, now = (root / limit).read_text().strip(), (root / used).read_text().strip()
        except OSError:
            continue
        if most.isdecimal() and now.isdecimal():
            return [max(0, int(most) - int(now))]
    return []
