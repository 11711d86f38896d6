"""The kernel's landlock: a child gives up every file, every TCP port, every foreign process.

Landlock holds where the filter on system calls might have a hole: a path that is opened is
refused, whoever asks. It does not cover `stat()` nor UDP.
"""

from __future__ import annotations

import ctypes
import os
import struct
from typing import Final

CREATE_RULESET: Final = 444
RESTRICT_SELF: Final = 446
VERSION_FLAG: Final = 1

FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""Landlock's version → number of file rights it knows, the lowest bits."""


def version(libc: ctypes.CDLL) -> int:
    """The kernel's landlock version; 0 where there is none."""
    return max(0, int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_FLAG)))


def ruleset(version: int) -> bytes:
    """The kernel's description of "nothing at all", as far as this version can say it."""
    files = (1 << FILE_RIGHTS[min(version, max(FILE_RIGHTS))]) - 1
    network = 0b11 if version >= 4 else 0
    scoped = 0b11 if version >= 6 else 0
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    return struct.pack("=QQQ", files, network, scoped)[:size]


def confine(libc: ctypes.CDLL) -> None:
    """Puts this process under an empty ruleset for good; needs no_new_privs. Raises `OSError`."""
    rules = ruleset(_known(version(libc)))
    descriptor = libc.syscall(CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), 0)
    _checked(descriptor)
    try:
        _checked(libc.syscall(RESTRICT_SELF, descriptor, 0))
    finally:
        os.close(descriptor)


def _known(version: int) -> int:
    if version < 1:
        raise OSError("this kernel has no landlock")
    return version


def _checked(result: int) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
