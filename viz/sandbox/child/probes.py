"""What the self-test tries in a child: each probe does one thing that no child may do.

A probe that is refused or killed shows that a layer holds; one that succeeds is a hole, and the
page says so.
"""

from __future__ import annotations

import errno
import mmap
import os
import socket
import sys
import tempfile
from collections.abc import Callable
from typing import Final

from viz.sandbox.wire.answers import Probe, Reached, SelfTest

TOO_MUCH: Final = 4 << 30
"""Bytes that no child may have."""


def reached(test: SelfTest) -> Reached:
    """Whether the probe succeeded."""
    try:
        PROBES[test.probe]()
    except (OSError, MemoryError, ValueError):
        return Reached(False)
    return Reached(True)


def _file() -> None:
    """Reads the interpreter, writes a new file."""
    with open(sys.executable, "rb") as file:  # noqa: PTH123 - the plainest way in
        file.read(1)
    with tempfile.TemporaryFile() as file:
        file.write(b"reached")


def _network() -> None:
    """Talks to this machine; an answer of any kind but a refusal to ask counts."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
        tcp.settimeout(0.2)
        try:
            tcp.connect(("127.0.0.1", 9))
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EPERM):
                raise


def _process() -> None:
    """Starts another process."""
    if not hasattr(os, "fork"):
        raise OSError(errno.ENOSYS, "no fork here")
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _signal() -> None:
    """Reaches the parent with a signal that does nothing."""
    os.kill(os.getppid(), 0)


def _code() -> None:
    """Takes memory that could become machine code."""
    if not hasattr(mmap, "PROT_EXEC"):
        raise OSError(errno.ENOSYS, "no mmap of this kind here")
    mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_EXEC).close()


def _memory() -> None:
    """Takes more memory than any child may have."""
    bytes(TOO_MUCH)


PROBES: Final[dict[Probe, Callable[[], None]]] = {
    "file": _file,
    "network": _network,
    "process": _process,
    "signal": _signal,
    "code": _code,
    "memory": _memory,
}
