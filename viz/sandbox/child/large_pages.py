"""The warm parent's memory in large pages: a fork copies a table of them, and so does an exit.

Of pages of 4 kB a warm parent has sixty thousand, and copying and dropping their table costs each
child more than what most programs compute. What a child writes is copied in small pages all the
same. Linux only, from 6.1 on; elsewhere nothing happens.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Final

MADV_COLLAPSE: Final = 25
SIZE: Final = Path("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size")


def gather() -> None:
    """Puts this process's own memory into large pages; what cannot be stays as it is."""
    libc = ctypes.CDLL(None)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        size = int(SIZE.read_text())
        for start in whole(Path("/proc/self/maps").read_text(), size):
            libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), MADV_COLLAPSE)


def whole(maps: str, size: int) -> Iterator[int]:
    """Where the large pages begin that lie wholly in writable memory of no file."""
    for row in maps.splitlines():
        words = row.split()
        if words[1] != "rw-p" or (len(words) > 5 and words[5] != "[heap]"):
            continue
        start, stop = (int(word, 16) for word in words[0].split("-"))
        yield from range(-(-start // size) * size, stop - size + 1, size)
