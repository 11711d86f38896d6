"""One child: put on every layer, answer one job, end.

Runs right after the fork from the warm parent, and never returns. The job is read here and
nowhere else: what one user typed is never in the memory from which another's child is forked.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, NoReturn

from viz.records import Span
from viz.sandbox.child.timers import SoftTimer, place_of
from viz.sandbox.confinement.layers import ANSWER, LAYERS, NOTES, Confinement, die_with_parent
from viz.sandbox.wire.answers import Stopped, encoded, framed
from viz.sandbox.wire.exit_codes import BROKEN, NOT_CONFINED, OUT_OF_MEMORY
from viz.sandbox.wire.orders import allowance_of
from viz.sandbox.wire.rounds import note
from viz.tracing.round_news import listen
from viz.tracing.runnable import TYPED
from viz.tracing.stopping import STOPPABLE, TimeIsUp, limit_memory, rescued

Answering = Callable[[bytes], bytes]
NICE: Final = 5
"""How far a child steps back: whoever forks, kills and serves comes before whoever computes."""

QUIET: Final = 25
"""Milliseconds without a job after which a child that waits rehearses: one before it may be at
work, and where jobs come faster than that the processor is needed for them.
"""


@dataclass(frozen=True)
class Errand:
    """What a child is forked for: three descriptors, its layers, its caps, who answers.

    The address space of `confinement` is what its parent holds: the job says how much more.
    """

    job: int
    answer: int
    notes: int
    layers: tuple[str, ...]
    confinement: Confinement
    answering: Answering


def wait(
    orders: socket.socket,
    parent: int,
    errand: Callable[[int, int, int], Errand],
    rehearse: Callable[[], object],
) -> NoReturn:
    """The life of a child that was forked in advance: it waits for its job's descriptors.

    A fork copies no memory but as it is written to, piece by piece: that takes most of a short
    run's time. So a child that has nothing to do yet rehearses, and finds its memory copied.
    """
    try:
        die_with_parent(Confinement(parent, 0, 0))
        os.closerange(NOTES + 1, orders.fileno())
        os.closerange(orders.fileno() + 1, 1 << 20)
        asked = select.poll()
        asked.register(orders, select.POLLIN)
        if not asked.poll(QUIET):
            rehearse()
        _, descriptors, _, _ = socket.recv_fds(orders, 1, 3)
        if len(descriptors) == 3:
            run(errand(*descriptors))
    finally:
        os._exit(0)  # nobody needs this child any more


def run(errand: Errand) -> NoReturn:
    """The child's whole life, once it has its descriptors."""
    status = BROKEN
    try:
        status = _answered(errand)
    except MemoryError:
        status = OUT_OF_MEMORY
    finally:
        os._exit(status)


def _answered(errand: Errand) -> int:
    if hasattr(os, "nice"):
        os.nice(NICE)
    may, job = allowance_of(_read(errand.job))
    os.dup2(errand.answer, ANSWER, inheritable=False)
    os.dup2(errand.notes, NOTES, inheritable=False)
    sys.stdin = sys.stdout = sys.stderr = None
    SoftTimer(may, TYPED, TimeIsUp, _give_up, STOPPABLE).start()
    holds = errand.confinement.address_space
    caps = replace(errand.confinement, address_space=holds + may.memory)
    limit_memory(may.memory)
    try:
        for layer in errand.layers:
            LAYERS[layer](caps)
    except OSError as error:
        _note(f"{layer}: {error}")
        return NOT_CONFINED
    # an answer lives for milliseconds: collecting garbage costs more than it gives back,
    # unless the run is large
    gc.set_threshold(100_000)
    listen(_note_rounds)
    try:
        _write(errand.answering(job))
    except TimeIsUp as stop:  # raised where nobody catches it: while a typed object says its text
        _write(encoded(Stopped(place_of(stop, TYPED))))
    except Exception as error:
        if isinstance(error, MemoryError):
            raise
        _note(f"{type(error).__name__}: {error}")
        return BROKEN
    return 0


def _give_up(line: Span | None) -> NoReturn:
    """The typed code swallowed every `TimeIsUp`: say what was done and where it is, and end."""
    told = encoded(Stopped(line))
    with contextlib.suppress(Exception):  # the typed code may be anywhere: then its line must do
        if (answer := rescued(line)) is not None:
            told = encoded(answer)
    _write(told)
    os._exit(0)


def _read(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read()


def _write(answer: bytes) -> None:
    left = memoryview(framed(answer))
    while left:
        left = left[os.write(ANSWER, left) :]


def _note_rounds(done: int, of: int) -> None:
    os.write(NOTES, note(done, of))


def _note(text: str) -> None:
    os.write(NOTES, text.encode("utf-8", "replace")[:1_000])
