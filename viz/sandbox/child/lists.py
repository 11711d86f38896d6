"""Lists that are compared, or written to by steps, while the program changes them.

Python's C code holds no reference to the last two items that `a < b` compares, and trusts the room
that a list had before it asked for what is stored by `a[::2] = values`. A typed `__lt__` that
empties a, an iterator that empties it, and C goes on in memory that was given back. Python 3.12.5
and later ask again; for those before, `compare_copies()` has every list of this process compared as
a copy and stored into from a list, whoever asks: operators, `sorted`, `max`, tuples with lists in
them.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import sys
from collections.abc import Callable
from typing import Any, Final

MENDED: Final = (3, 12, 5)
"""The Python that does so itself."""
_POINTER: Final = ctypes.sizeof(ctypes.c_void_p)
_COMPARISON: Final = 25 * _POINTER
"""Where a type has the function that compares, `tp_richcompare`; alike in Python 3.8 to 3.13."""
_MAPPING: Final = 14 * _POINTER
"""Where it has the functions of a mapping, `tp_as_mapping`."""
_STORING: Final = 2 * _POINTER
"""Where among these is the one that stores, `mp_ass_subscript`."""


class _Asking:
    """A class of Python's: what C calls of it looks for the methods under their names."""

    def __lt__(self, other: object) -> Any: ...
    def __setitem__(self, at: object, value: object) -> None: ...


def _word(at: int) -> ctypes.c_void_p:
    return ctypes.c_void_p.from_address(at)


def _comparing(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def copies(self: Any, other: Any) -> Any:
        return compare([*self], [*other]) if isinstance(other, list) else NotImplemented

    return copies


def _storing(store: Callable[[Any, Any, Any], None]) -> Callable[[Any, Any, Any], None]:
    def listed(self: Any, at: Any, value: Any) -> None:
        if type(at) is slice and at.step is not None and hasattr(type(value), "__iter__"):
            value = [*value]
        store(self, at, value)

    return listed


@functools.cache
def compare_copies() -> None:
    """From now on no list changes under C's hands, in this process."""
    if sys.version_info >= MENDED:
        return
    (held,) = gc.get_referents(vars(list))
    for name in ("__lt__", "__le__", "__gt__", "__ge__"):
        held[name] = _comparing(held[name])
    held["__setitem__"] = _storing(held["__setitem__"])
    ours, asking = id(list), id(_Asking)
    _word(ours + _COMPARISON).value = _word(asking + _COMPARISON).value
    storing = _word(asking + _MAPPING).value, _word(ours + _MAPPING).value
    assert storing[0] and storing[1]
    _word(storing[1] + _STORING).value = _word(storing[0] + _STORING).value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(list))
