"""The layers that confine a child, each a function that puts this process under it for good.

The order matters: a change of user forgets the parent-death signal; landlock needs a descriptor,
so it comes before there may be none; the filter comes last, for it refuses the others' calls.
Applying a layer raises `OSError` where the system does not have it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from viz.sandbox.confinement import landlock, seccomp

ANSWER: Final = 3
"""The descriptor to which a child writes its answer."""
NOTES: Final = 4
"""The descriptor to which Python's fault handler names the line."""

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_NO_NEW_PRIVS: Final = 38
NOBODY: Final = 65534

libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Confinement:
    """What the layers need to know: the parent's id, and the caps in bytes and seconds."""

    parent: int
    address_space: int
    processor: int


def die_with_parent(confinement: Confinement) -> None:
    """The kernel kills this process when its parent dies."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != confinement.parent:
        raise ProcessLookupError("the parent died before its child could say so")


def be_killed_first(_: Confinement) -> None:
    """When the machine runs out of memory, the kernel ends children rather than the page."""
    with Path("/proc/self/oom_score_adj").open("w") as file:
        file.write("1000")


def be_nobody(_: Confinement) -> None:
    """Gives up root, if this process has it."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def gain_nothing(_: Confinement) -> None:
    """No new privileges by any program; no other process of this user may look into this one."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_DUMPABLE, 0)


def reach_no_files(_: Confinement) -> None:
    """Landlock with an empty ruleset."""
    landlock.confine(libc)


def close_descriptors(_: Confinement) -> None:
    """Only the answer's descriptor and the fault handler's stay open."""
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    os.closerange(0, ANSWER)
    os.closerange(NOTES + 1, min(highest, 1 << 20))


def take_little(confinement: Confinement) -> None:
    """Caps on memory, computing time, files, processes, core dumps and queues."""
    for what, most in (
        (resource.RLIMIT_AS, confinement.address_space),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # the first is a signal with a name, the second SIGKILL
    resource.setrlimit(resource.RLIMIT_CPU, (confinement.processor, confinement.processor + 1))


def ask_little(_: Confinement) -> None:
    """The kernel's filter on system calls."""
    seccomp.confine(libc, (ANSWER, NOTES))


Layer = Callable[[Confinement], None]

LAYERS: Final[dict[str, Layer]] = {
    "memory score": be_killed_first,
    "user": be_nobody,
    "parent death": die_with_parent,
    "privileges": gain_nothing,
    "landlock": reach_no_files,
    "descriptors": close_descriptors,
    "limits": take_little,
    "seccomp": ask_little,
}
"""Every layer by name, in the order in which they are put on."""


def _prctl(option: int, value: int) -> None:
    zero = ctypes.c_ulong(0)
    if libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
