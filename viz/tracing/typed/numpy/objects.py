"""Arrays of the program's own objects are compared in a copy.

While numpy compares two objects it holds no reference to them. A typed `__lt__` that writes into
the array has it go on with memory that was given back, and the process dies of it. The copy is out
of the program's reach.

- `COMPARING`: the functions of numpy's that compare objects where they lie, by name.
- `method(array, name)`: the same as a method, for a name in `METHODS`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy

IN_PLACE: Final = ("sort", "partition")
"""The methods that change the array."""


def _safely(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def of_copies(*given: Any, **ways: Any) -> Any:
        return function(*map(_copied, given), **ways)

    del of_copies.__wrapped__
    return of_copies


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, numpy.ndarray) and value.dtype.hasobject else value


COMPARING: Final[Mapping[str, Callable[..., Any]]] = {
    name: _safely(getattr(numpy, name))
    for name in ("argmax", "argmin", "argsort", "argpartition", "searchsorted", "lexsort")
}

METHODS: Final = (*(name for name in COMPARING if name != "lexsort"), *IN_PLACE)


def method(of: Any, name: str) -> Any:
    """A method of an array's, of a number's or of a dtype's that compares."""
    if not isinstance(of, numpy.ndarray) or not of.dtype.hasobject:
        return getattr(of, name)
    if name not in IN_PLACE:
        return functools.partial(COMPARING[name], of)

    def in_place(*given: Any, **ways: Any) -> None:
        """Changes the array's order."""
        copied = of.copy()
        getattr(copied, name)(*given, **ways)
        of[...] = copied

    in_place.__name__ = in_place.__qualname__ = name
    return in_place
