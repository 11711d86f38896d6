"""`formula_check`: the symbolic check of a curve, by a process with limits of time and memory.

What a line of text spells may keep sympy busy for ever (`exp(exp(exp(exp(3))))*x`), so the page's
own process never works a formula out (`viz.drawing.workers`). Answers are kept: while x is dragged
the same question comes again and again.
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec
from cachetools import LRUCache

from viz.drawing.workers import AllBusy, WorkerEnded, Workers
from viz.errors import N_, DrawingBusy, DrawingFailed, problem
from viz.records import Curve

AGREES: Final = 1e-8
"""Relative distance up to which rounding explains the difference."""
SECONDS: Final = 5.0
"""Time that one check may take."""
MEMORY: Final = 1_500_000_000
"""Bytes of address space of the process."""
LARGEST: Final = 200_000
"""Bytes of an answer: formulas that are longer nobody reads."""


@dataclass(frozen=True)
class Symbolic:
    """f and its derivatives as LaTeX, and how far autograd's samples are from each."""

    latex: tuple[str, ...]
    worst: tuple[float, ...]

    @property
    def agrees(self) -> bool:
        """Whether every order agrees within rounding."""
        return all(distance <= AGREES for distance in self.worst)


_workers: Final = Workers(
    Path(__file__).with_name("symbolic_worker.py"),
    (str(MEMORY),),
    workers=1,
    most=LARGEST,
    turns=200,
)
atexit.register(_workers.close)
_kept: LRUCache[bytes, Symbolic | None] = LRUCache(64)
_lock: Final = Lock()


def formula_check(
    source: str, curve: Curve, values: Mapping[str, float], *, seconds: float = SECONDS
) -> Symbolic | None:
    """As `symbolic`; `None` where there is no formula. Raises `DrawingFailed` when working it out
    takes too long or too much memory.
    """
    question = msgspec.msgpack.encode((source, curve, dict(values)))
    with _lock:
        if question in _kept:
            return _kept[question]
    try:
        ok, body = _workers.answer({}, question, seconds)
    except AllBusy:
        raise DrawingBusy(
            problem(N_("Too many formulas are being worked out."), N_("Try again in a moment."))
        ) from None
    except WorkerEnded:
        raise _endless() from None
    found = msgspec.msgpack.decode(body, type=Symbolic | None) if ok else None
    with _lock:
        _kept[question] = found
    return found


def _endless() -> DrawingFailed:
    return DrawingFailed(
        problem(
            N_("Working out the formula takes too long, so it was stopped."),
            N_("The comparison with differences beside it needs no formula; or use a shorter one."),
        )
    )
