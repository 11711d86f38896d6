"""The states of Python's and numpy's global random numbers, and the way back to them.

Each writes its 624 words one by one into a list or tuple when it is asked for them, which takes
longer than all the rest that is noted of a process. So the words are compared in memory with those
that were read last: as long as nobody drew from them they need not be asked for again. A normal
number that a generator keeps for the next time is no part of them: Python's is compared as well,
while numpy has one it is asked each time.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from viz.tracing.state.memory import bytes_at

_SIZE: Final = 4 * 625
"""Bytes of a Mersenne Twister in memory: its 624 words and its place among them."""
_TWISTER: Final[Any] = random.Random.__base__
"""Python's generator itself: words and place follow what every object begins with."""
_HEAD: Final = object.__basicsize__
_GLOBAL: Final[Any] = random.getstate.__self__  # type: ignore[attr-defined]
_LAST: dict[str, Any] = {}
"""The states that were read last, and the bytes in memory that go with them."""


def numpys_noted() -> Callable[[], None]:
    """Notes numpy's state; what is given back puts it back, where it has changed."""
    now = _numpys_words()
    if now is None or now != _LAST.get("numpy's words"):
        state: Any = np.random.get_state(legacy=False)
        _LAST["numpy's words"] = None if state["has_gauss"] else now
        _LAST["numpy's"] = state
    words, state = _LAST["numpy's words"], _LAST["numpy's"]

    def put_back() -> None:
        if words is None or _numpys_words() != words:
            np.random.set_state(state)

    return put_back


def _numpys_words() -> bytes | None:
    """The words and the place; `None` if the global generator is of another kind."""
    generator: Any = np.random.get_bit_generator()  # type: ignore[attr-defined]
    if type(generator) is not np.random.MT19937:
        return None
    return bytes_at(generator.ctypes.state_address, _SIZE)


def pythons_noted() -> Callable[[], None]:
    """The same of Python's."""
    now = _pythons_words()
    if now != _LAST.get("Python's words"):
        state = random.getstate()
        found = (
            array("I", state[1][:-1]).tobytes() in now[0]
        )  # another Python may lay them out anew
        _LAST["Python's words"] = now if found else None
        _LAST["Python's"] = state
    words, state = _LAST["Python's words"], _LAST["Python's"]

    def put_back() -> None:
        if words is None or _pythons_words() != words:
            random.setstate(state)

    return put_back


def _pythons_words() -> tuple[bytes, float | None]:
    """The words and the place, and the normal number that is kept."""
    return (
        bytes_at(id(_GLOBAL) + _HEAD, _TWISTER.__basicsize__ - _HEAD),
        _GLOBAL.gauss_next,
    )
