"""The kernel's filter on system calls: what a child may still ask of the kernel.

A child may compute, take and give back memory, and write to two descriptors. Memory can never
become executable and no file can be mapped. A call that libraries try now and then is refused
(EPERM); any other call, a foreign machine's or an x32 number, kills the process.

The program is classic BPF, handed over by `prctl` through ctypes: no package is needed.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from typing import Final

from viz.sandbox.confinement.syscalls import ALLOWED, AUDIT_ARCH, NUMBERS, REFUSED

PR_SET_SECCOMP: Final = 22
SECCOMP_MODE_FILTER: Final = 2

KILL: Final = 0x80000000
REFUSE: Final = 0x00050000 | errno.EPERM
ALLOW: Final = 0x7FFF0000

LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
ANY_BIT: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
RETURN: Final = 0x06  # BPF_RET | BPF_K

NUMBER_AT: Final = 0
ARCH_AT: Final = 4
X32_BIT: Final = 0x40000000
PROT_EXEC: Final = 4
MAP_ANONYMOUS: Final = 0x20

Instruction = tuple[int, int, int, int]
"""code, jump if true, jump if false, constant"""


class _SockFprog(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def supported(machine: str | None = None) -> bool:
    """Whether the numbers of this machine's calls are known."""
    return (machine or platform.machine()) in NUMBERS


def program(machine: str, descriptors: tuple[int, ...]) -> bytes:
    """The filter for a machine; `write` only to these descriptors."""
    numbers = NUMBERS[machine]
    code: list[Instruction] = [
        (LOAD, 0, 0, ARCH_AT),
        (EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    if machine == "x86_64":
        code += [(AT_LEAST, 0, 1, X32_BIT), (RETURN, 0, 0, KILL)]
    code += _when(numbers["write"], _only_to(descriptors))
    code += _when(numbers["mprotect"], _never_executable())
    code += _when(numbers["mmap"], _anonymous_and_never_executable())
    for name in ALLOWED:
        code += _when(numbers[name], [(RETURN, 0, 0, ALLOW)])
    for name in REFUSED:
        if name in numbers:
            code += _when(numbers[name], [(RETURN, 0, 0, REFUSE)])
    code.append((RETURN, 0, 0, KILL))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def _when(number: int, then: list[Instruction]) -> list[Instruction]:
    return [(EQUAL, 0, len(then), number), *then]


def _argument(place: int) -> Instruction:
    """Loads the lower half of an argument; both machines are little-endian."""
    return (LOAD, 0, 0, 16 + 8 * place)


def _only_to(descriptors: tuple[int, ...]) -> list[Instruction]:
    checks = [
        instruction
        for descriptor in descriptors
        for instruction in ((EQUAL, 0, 1, descriptor), (RETURN, 0, 0, ALLOW))
    ]
    return [_argument(0), *checks, (RETURN, 0, 0, REFUSE)]


def _never_executable() -> list[Instruction]:
    return [
        _argument(2),
        (ANY_BIT, 0, 1, PROT_EXEC),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]


def _anonymous_and_never_executable() -> list[Instruction]:
    return [
        _argument(3),
        (ANY_BIT, 1, 0, MAP_ANONYMOUS),
        (RETURN, 0, 0, REFUSE),
        *_never_executable(),
    ]


def confine(libc: ctypes.CDLL, descriptors: tuple[int, ...]) -> None:
    """Puts this process under the filter for good; needs no_new_privs. Raises `OSError`."""
    machine = platform.machine()
    if not supported(machine):
        raise OSError(errno.ENOSYS, f"the call numbers of {machine} are not known")
    code = program(machine, descriptors)
    filter = _SockFprog(len(code) // 8, code)
    result = libc.prctl(
        PR_SET_SECCOMP,
        ctypes.c_ulong(SECCOMP_MODE_FILTER),
        ctypes.byref(filter),
        ctypes.c_ulong(0),
        ctypes.c_ulong(0),
    )
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
