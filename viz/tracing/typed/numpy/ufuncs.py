"""`Ufunc`: a function of each element, as `np.exp` and `np.add` are, for typed code.

`clip` is one in all but name. Where `where=` leaves an element out and no `out=` is given, numpy
gives memory that nobody has written; here it is zero.
"""

from __future__ import annotations

from typing import Any

import numpy

from viz.tracing.typed.numpy.kinds import dtype_of
from viz.tracing.typed.numpy.objects import keep
from viz.tracing.typed.type_stand_ins import Frozen


class Ufunc(Frozen):
    """One of numpy's ufuncs, with the ways of calling it that typed code has."""

    __slots__ = ("_of",)
    _of: numpy.ufunc

    def __init__(self, real: numpy.ufunc) -> None:
        object.__setattr__(self, "_of", real)

    @property
    def __name__(self) -> str:
        return self._of.__name__

    def __repr__(self) -> str:
        return f"<ufunc {self._of.__name__!r}>"

    def __call__(self, *given: Any, **ways: Any) -> Any:
        out = ways.get("out") if len(given) <= self._of.nin else given[self._of.nin]
        if "where" not in ways or out is not None:
            return self._of(*given, **_plain(ways))
        where = ways.pop("where")
        results = self._of(*given, **_plain(ways))
        if isinstance(results, tuple):
            return tuple(_chosen(each, where) for each in results)
        return _chosen(results, where)

    def reduce(self, *given: Any, **ways: Any) -> Any:
        """All elements along a side taken together: `np.add.reduce(a)`."""
        return self._of.reduce(*given, **_plain(ways))

    def accumulate(self, *given: Any, **ways: Any) -> Any:
        """The same with every step on the way."""
        return self._of.accumulate(*given, **_plain(ways))

    def reduceat(self, *given: Any, **ways: Any) -> Any:
        """The same for parts of a side."""
        return self._of.reduceat(*given, **_plain(ways))

    def outer(self, a: Any, b: Any, **ways: Any) -> Any:
        """Each element of one with each of the other."""
        if "where" in ways:
            raise TypeError("outer takes no where= here: choose from its result with np.where")
        return self._of.outer(a, b, **_plain(ways))

    def at(self, *given: Any) -> None:
        """In place, at some elements, each time one is named: `np.add.at(a, [0, 0], 1)`."""
        keep(*given)
        self._of.at(*given)


def clip(a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **ways: Any) -> Any:
    """`np.clip`, which hands what else it is given to a ufunc."""
    where = ways.pop("where", True)
    clipped = numpy.clip(a, a_min, a_max, out, **_plain(ways))
    return clipped if where is True else _chosen(clipped, where)


def _plain(ways: dict[str, Any]) -> dict[str, Any]:
    if ways.get("dtype") is not None:
        ways["dtype"] = dtype_of(ways["dtype"])
    return ways


def _chosen(values: Any, where: Any) -> Any:
    """The values where they were asked for, zero elsewhere."""
    kind = numpy.asarray(values).dtype
    return numpy.where(numpy.asarray(where, dtype=bool), values, numpy.zeros((), kind))
