"""Lists, sets and deques that the program changes while C goes through them.

C asks the program's own `__eq__`, `__lt__` and iterators what they say, and goes on with what it
knew before: the last two items of `a < b` and the item that `deque.index` compares, though nobody
holds them any more, the room that a list had before `a[::2] = values`, the place that it has found
free in a set. A process that goes on in memory that was given back may be made to do anything.
Newer Pythons ask again; for those before each of these looks at a copy, or refuses, whoever asks:
operators, `sorted`, tuples with lists in them.

`hold_lists()` and `hold_sets()` change this for all of this process; the second makes each `add`
slower. Operators are slots of a type, which no Python code may set for C's types. So the slot is
written: it then does what it does for every class with such a method in Python, which is to look
that up.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import sys
from collections import deque
from collections.abc import Callable
from typing import Any, Final

LISTS_MENDED: Final = (3, 12, 5)
"""The Python whose lists and deques hold what they compare."""
SETS_MENDED: Final = (3, 14, 3)
"""The Python whose sets look at a free place again."""
_WORD: Final = ctypes.sizeof(ctypes.c_void_p)
_COMPARISON: Final = (25, 0)
"""Where a type has what compares, `tp_richcompare`, in words; alike in Python 3.8 to 3.14."""
_STORING: Final = (14, 2)
"""Where it has what stores items: `mp_ass_subscript` in the table that the 14th word leads to."""
_JOINING: Final = ((12, 27), (12, 28))
"""Where it has `^=` and `|=`."""


class _InPython:
    """A class of Python's: what C calls of it looks for the methods under their names."""

    def __lt__(self, other: object) -> Any: ...
    def __setitem__(self, at: object, value: object) -> None: ...
    def __ior__(self, other: object) -> Any: ...
    def __ixor__(self, other: object) -> Any: ...


def _slot(kind: type, place: tuple[int, int]) -> ctypes.c_void_p:
    """A word of a type, or of one of its tables."""
    at, within = place
    word = ctypes.c_void_p.from_address(id(kind) + at * _WORD)
    return ctypes.c_void_p.from_address(word.value + within * _WORD) if within else word  # type: ignore[operator]


def _replace(kind: type, methods: dict[str, Any], *places: tuple[int, int]) -> None:
    """Gives one of C's types methods of Python's, which its slots ask for."""
    (held,) = gc.get_referents(vars(kind))
    held.update(methods)
    for place in places:
        _slot(kind, place).value = _slot(_InPython, place).value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


# ── lists ──


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


def _index(self: Any, value: Any, *within: Any) -> int:
    """Where the value is first; raises `ValueError` if it is not there."""
    try:
        return [*self].index(value, *within)
    except ValueError:
        raise ValueError(f"{value!r} is not in deque") from None


_index.__name__ = _index.__qualname__ = "index"


@functools.cache
def hold_lists() -> None:
    """From now on no list and no deque changes under C's hands, in this process."""
    if sys.version_info >= LISTS_MENDED:
        return
    compared = {name: _comparing(vars(list)[name]) for name in ("__lt__", "__le__")}
    compared |= {name: _comparing(vars(list)[name]) for name in ("__gt__", "__ge__")}
    stored = {"__setitem__": _storing(vars(list)["__setitem__"])}
    _replace(list, compared | stored, _COMPARISON, _STORING)
    _replace(deque, {"index": _index})


# ── sets ──

_GROWING: Final[set[int]] = set()
"""The sets that something is being added to, by number; none of these is the program's."""
_WHOLE: Final = (set, frozenset, dict, list, tuple, str)
"""What C goes through without asking the program for the next item."""


def _growing(grow: Callable[..., Any], whole: bool = True) -> Callable[..., Any]:
    """A method that adds to a set, once at a time."""
    note, forget = _GROWING.add, _GROWING.discard  # as they are before they are replaced

    def once(self: Any, *given: Any) -> Any:
        if not whole:
            given = tuple(
                [*each] if type(each) not in _WHOLE and hasattr(type(each), "__iter__") else each
                for each in given
            )
        number = id(self)
        if number in _GROWING:
            raise RuntimeError("Set changed size while something was added to it")
        note(number)
        try:
            return grow(self, *given)
        finally:
            forget(number)

    once.__name__ = once.__qualname__ = grow.__name__
    return once


@functools.cache
def hold_sets() -> None:
    """From now on nothing is added to a set to which something is being added, in this process."""
    if sys.version_info >= SETS_MENDED:
        return
    own = vars(set)
    one = {name: _growing(own[name]) for name in ("add", "__ior__", "__ixor__")}
    many = ("update", "symmetric_difference_update")
    _replace(set, one | {name: _growing(own[name], whole=False) for name in many}, *_JOINING)
