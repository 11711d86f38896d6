"""A one-shot worker: a process that warms up, answers the one job on its input, and ends.

For systems without `fork` or without Linux's layers (macOS, Windows). What confines it: the
allowlist, the caps on resources that the system has, and the clock. The line inside a long C call
is named by a watchdog thread of Python's fault handler.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import math
import os
import sys
import time

from viz.records import Span
from viz.sandbox.child.timers import SoftTimer, place_of
from viz.sandbox.wire.answers import Stopped, encoded
from viz.sandbox.wire.exit_codes import BROKEN, OUT_OF_MEMORY
from viz.sandbox.wire.orders import Orders, allowance_of

READY = b"r"
"""The first byte on the worker's output: it is warm."""


def main(orders: str) -> None:
    """The worker's whole life."""
    given = Orders.of(orders)
    from viz.sandbox.child.rehearsal import rehearse
    from viz.tracing.runnable import TYPED
    from viz.tracing.stopping import STOPPABLE, TimeIsUp

    module, _, name = given.answering.partition(":")
    answering = getattr(importlib.import_module(module), name)
    rehearse(answering)
    # the descriptors are kept apart from `sys.stdout`, to which typed text could print
    answer, notes = os.dup(1), os.fdopen(os.dup(2), "wb", buffering=0)
    os.write(answer, READY)
    order = sys.stdin.buffer.read()
    if not order:
        os._exit(0)  # nobody wants this worker any more
    allowed, job = allowance_of(order)
    faulthandler.enable(notes, all_threads=False)
    _watchdog(allowed.seconds + given.notice - given.soft, notes.fileno())
    _cap(given)
    sys.stdin = sys.stdout = sys.stderr = None

    def give_up(line: Span | None) -> None:
        _write(answer, encoded(Stopped(line)))
        os._exit(0)

    SoftTimer(allowed, TYPED, TimeIsUp, give_up, STOPPABLE).start()
    status = BROKEN
    try:
        _write(answer, answering(job))
        status = 0
    except TimeIsUp as stop:  # raised where nobody catches it
        give_up(place_of(stop, TYPED))
    except MemoryError:
        status = OUT_OF_MEMORY
    finally:
        os._exit(status)


def _watchdog(seconds: float, notes: int) -> None:
    faulthandler.dump_traceback_later(seconds, file=notes)


def _cap(given: Orders) -> None:
    """Caps what the system lets a process cap; `resource` does not exist on Windows."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        ("RLIMIT_CPU", math.ceil(time.process_time()) + given.processor),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NPROC", 0),
        ("RLIMIT_DATA", _held() + given.memory),
    ):
        # macOS knows some of these and refuses some values
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, what), (most, most))


def _held() -> int:
    """Bytes that this process may hold already; a generous figure where nobody tells."""
    with contextlib.suppress(OSError), open("/proc/self/statm") as file:  # noqa: PTH123
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 1 << 30


def _write(descriptor: int, answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(descriptor, left) :]
