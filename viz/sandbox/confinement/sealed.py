"""Machine code that a library has made in this process stays as it is: no more can be written.

Torch's products of whole numbers make code as they run where the processor has AVX-512. The warm
parent has all of it made (`viz.tracing.typed.warm`), and then its memory is no longer writable, so
a child finds the code without being allowed to make any. Linux only; elsewhere nothing happens.
"""

from __future__ import annotations

import contextlib
import ctypes
from pathlib import Path
from typing import Final

PROT_READ_EXEC: Final = 1 | 4


def seal() -> None:
    """Takes the right to write from all memory that may be run; raises `OSError` if one refuses."""
    with contextlib.suppress(FileNotFoundError):
        for start, stop in writable_code(Path("/proc/self/maps").read_text()):
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(stop - start), PROT_READ_EXEC):
                raise OSError(ctypes.get_errno(), "memory with machine code stays writable")


def writable_code(maps: str) -> list[tuple[int, int]]:
    """Where the memory lies that may be written and run."""
    found = []
    for row in maps.splitlines():
        place, rights, *_ = row.split()
        if "w" in rights and "x" in rights:
            start, stop = (int(each, 16) for each in place.split("-"))
            found.append((start, stop))
    return found
