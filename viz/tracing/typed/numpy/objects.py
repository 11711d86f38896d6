"""What lies in an array of the program's own objects stays alive as long as the run.

While numpy reckons with objects it holds no reference to them. A typed `__lt__` or `__radd__` that
writes into the array would have it go on with memory that was given back, and with whatever the
program has laid there since. So what is written over is kept (`REPLACED`), wherever typed code can
write into an array; and what compares looks at a copy, which is out of the program's reach.

- `writing(to)` stands for `to` in `to[i] = …` and `del to[i]`, `changing(to)` in `to[i] += …`;
  `kept(array, value)` keeps what is in the array, and gives the value, in `array += value`.
- `FUNCTIONS`: the functions of numpy's that compare objects, or write into arrays, by name.
- `method(array, name)`: the same as a method, for a name in `METHODS`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy

IN_PLACE: Final = ("sort", "partition")
"""The methods that change the array's order."""
REPLACED: Final[list[Any]] = []
"""What was written over in arrays of objects."""


def holds_objects(value: Any) -> bool:
    """Whether numpy keeps Python's objects in it: an array, an element of one with fields."""
    return isinstance(value, numpy.ndarray | numpy.generic) and value.dtype.hasobject


def keep(*values: Any) -> None:
    """What is in arrays of objects now is not given back before the run is over."""
    for value in values:
        of = value.base if isinstance(value, numpy.flatiter) else value
        if holds_objects(of):
            REPLACED.append(of.copy())


def kept(array: Any, value: Any) -> Any:
    """The value, once what is in the array is kept."""
    keep(array)
    return value


class Writing:
    """An array of objects, or what may hold one, whose items are about to be replaced."""

    __slots__ = ("_to",)

    def __init__(self, to: Any) -> None:
        self._to = to

    def __getitem__(self, at: Any) -> Any:
        item = self._to[at]
        keep(item)
        return item

    def __setitem__(self, at: Any, value: Any) -> None:
        if isinstance(self._to, numpy.flatiter) or holds_objects(self._to):
            REPLACED.append(self._to[at])
            keep(REPLACED[-1])  # a part of an array is a view of it
        self._to[at] = value

    def __delitem__(self, at: Any) -> None:
        del self._to[at]


def writing(to: Any) -> Any:
    """What `to[i] = …` writes into."""
    return Writing(to) if isinstance(to, numpy.flatiter) or holds_objects(to) else to


def changing(to: Any) -> Any:
    """What `to[i] += …` changes: the item may be an array."""
    return Writing(to) if isinstance(to, list | dict | numpy.flatiter) else writing(to)


def _safely(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def of_copies(*given: Any, **ways: Any) -> Any:
        copied = {name: _copied(value) for name, value in ways.items()}
        return function(*map(_copied, given), **copied)

    del of_copies.__wrapped__
    return of_copies


def _copied(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_copied(each) for each in value]
    return value.copy() if holds_objects(value) else value


def _keeping(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def in_place(*given: Any, **ways: Any) -> Any:
        keep(*given, *ways.values())
        return function(*given, **ways)

    del in_place.__wrapped__
    return in_place


_COMPARING: Final = ("argmax", "argmin", "argsort", "argpartition", "searchsorted", "lexsort")
_WRITING: Final = (
    *("copyto", "fill_diagonal", "nan_to_num", "place", "put", "put_along_axis", "putmask"),
)
FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    **{name: _safely(getattr(numpy, name)) for name in _COMPARING},
    **{name: _keeping(getattr(numpy, name)) for name in _WRITING},
}
_FILLING: Final = ("fill", "put")
"""The methods that write over what is in the array."""

METHODS: Final = (*(name for name in _COMPARING if name != "lexsort"), *IN_PLACE, *_FILLING)


def method(of: Any, name: str) -> Any:
    """A method of an array's, of a number's or of a dtype's that compares."""
    if not isinstance(of, numpy.ndarray) or not holds_objects(of):
        return getattr(of, name)
    if name in _FILLING:
        return _keeping_first(of, name)
    if name not in IN_PLACE:
        return functools.partial(FUNCTIONS[name], of)

    def in_place(*given: Any, **ways: Any) -> None:
        """Changes the array's order."""
        copied = of.copy()
        getattr(copied, name)(*given, **ways)
        keep(of)
        of[...] = copied

    in_place.__name__ = in_place.__qualname__ = name
    return in_place


def _keeping_first(of: numpy.ndarray, name: str) -> Callable[..., None]:
    def filled(*given: Any, **ways: Any) -> None:
        """Writes over what is in the array."""
        keep(of)
        getattr(of, name)(*given, **ways)

    filled.__name__ = filled.__qualname__ = name
    return filled
