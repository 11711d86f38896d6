"""The state of numpy's global random numbers, and the way back to it.

numpy writes its 624 words one by one into a list when it is asked for them, which takes longer than
all the rest that is noted of a process. So the words are compared in memory with those that were
read last: as long as nobody drew from them they need not be asked for again. A normal number that
numpy keeps for the next time is no part of them: while there is one, numpy is asked each time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

_SIZE: Final = 4 * 625
"""Bytes of a Mersenne Twister in memory: its 624 words and its place among them."""
_LAST: dict[str, Any] = {}
"""The state that was read last, and the bytes in memory that go with it."""


class _InMemory:
    """The bytes at an address, as numpy takes them in."""

    def __init__(self, address: int, size: int) -> None:
        found = {"data": (address, True), "shape": (size,), "typestr": "|u1", "version": 3}
        self.__array_interface__ = found


def bytes_at(address: int, size: int) -> bytes:
    """A copy of the bytes at an address, which the caller knows to be there."""
    return np.array(_InMemory(address, size)).tobytes() if size else b""


def noted() -> Callable[[], None]:
    """Notes the state; what is given back puts it back, where it has changed."""
    now = _in_memory()
    if now is None or now != _LAST.get("bytes"):
        state: Any = np.random.get_state(legacy=False)
        _LAST.update(bytes=None if state["has_gauss"] else now, state=state)
    bytes_, state = _LAST["bytes"], _LAST["state"]

    def put_back() -> None:
        if bytes_ is None or _in_memory() != bytes_:
            np.random.set_state(state)

    return put_back


def _in_memory() -> bytes | None:
    """The words and the place; `None` if the global generator is of another kind."""
    generator: Any = np.random.get_bit_generator()  # type: ignore[attr-defined]
    if type(generator) is not np.random.MT19937:
        return None
    return bytes_at(generator.ctypes.state_address, _SIZE)
