"""How much one run may take, and all runs together: seconds, bytes, places.

Times are processor time of the child, so that a busy machine fails no honest program; waiting for
a place is no part of them. `WALL` times as much by the clock on the wall ends a run as well; what
the kernel let it stand ready beside others is no part of that either, up to `STARVED` times.
Memory is what a child may take beyond what the warm parent holds already, as address space: the
kernel refuses more, so a typed `torch.ones(10**10)` is an ordinary exception in the typed code.
"""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

MB = 1 << 20
LEAST_MEMORY = 192 * MB
"""A child that may take less cannot build a large trace."""


OWN: Final = 30.0
"""Seconds that a script has where nobody but oneself types: a loop of 100,000 rounds ends in it."""
LARGE: Final = 2048 * MB
"""What a run may hold, gradients included, for the networks of textbooks: VGG has 554 MB of
weights.
"""
RUN_MEMORY: Final = "AUTOGRAD_EXPLORER_RUN_MEMORY"
"""The environment's variable that says how many MB a run may hold, instead of `LARGE`."""


def usual_limits(public: bool = True) -> Limits:
    """Those of a server, as its environment wants them. Raises `ValueError` for no number.

    `public`: strangers type there as well.
    """
    text = os.environ.get(RUN_MEMORY, "").strip()
    if text and not (text.isascii() and text.isdecimal() and int(text) * MB >= LEAST_MEMORY):
        least = LEAST_MEMORY // MB
        raise ValueError(f"{RUN_MEMORY} must be a number of MB, at least {least}: not {text!r}")
    usual = Limits(large=int(text) * MB if text else None)
    if public:
        return usual
    return replace(usual, scripts=OWN, processor=math.ceil(OWN) + 2)


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
    - `large` bytes for one of `larges` children at a time, where half of what the places leave of
      `together` is enough for at least twice `memory` (`None`: at most `LARGE`; a number is taken
      as it is where the machine has it);
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
    large: int | None = None
    larges: int = 0
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

        Only where each run may have all of its `memory` are there places for long runs, and large
        runs.
        """
        free = free_memory()
        together = free // 2 if self.together is None else self.together
        places = max(1, min(self.places, together // LEAST_MEMORY))
        memory = max(LEAST_MEMORY, min(self.memory, together // places))
        spare = together - places * memory
        if self.large is None:
            large = min(LARGE, memory + spare // 2)
            large = large if large >= 2 * memory else memory
        else:
            large = max(memory, min(self.large, free - (places - 1) * memory))
        more = large - memory
        long = max(0, min(self.long, (spare - more) // memory))
        left = spare - more - long * memory
        larges = min(places, 1 + max(0, left) // more) if more else 0
        return replace(
            self,
            places=places,
            long=long,
            memory=memory,
            together=together,
            large=large,
            larges=larges,
        )

    def bytes_of(self, large: bool) -> int:
        """What a run may hold."""
        return self.large if large and self.large else self.memory


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
