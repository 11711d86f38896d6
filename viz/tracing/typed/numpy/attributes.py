"""What arrays, numbers and dtypes of numpy say when names are asked of them that lead too far.

The names mean something harmless on other objects (`tensor.view`, `parameter.data`), so whose they
are is decided when they are read: `typed.attributes` asks `attribute(of, name)` for those in
`WATCHED`. On numpy's objects

- `data`, the memory itself, and all of these of a class raise `AttributeError`; that of a masked
  array is the array beneath,
- `view` and `astype` look at the dtype first,
- `base` is an array or `None`, never another owner of the memory,
- `type` of a dtype is the stand-in that `np.float64` is,
- `clip` shows no memory that nobody has written, as `np.clip`,
- what compares (`sort`, `argmax`, …) looks at a copy of objects (`objects`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy

from viz.tracing.typed.numpy import objects
from viz.tracing.typed.numpy.kinds import TYPES, dtype_of
from viz.tracing.typed.numpy.ufuncs import clip
from viz.tracing.typed.type_stand_ins import TypeName

_ARRAY, _NUMBER, _DTYPE = numpy.ndarray, numpy.generic, numpy.dtype
line_of: Final[Callable[[type], tuple[type, ...]]] = type.__dict__["__mro__"].__get__
"""A class and those above it, whatever the class itself answers."""


def is_numpy_s(of: Any) -> bool:
    """Whether an object is an array, a number or a dtype of numpy's, or a class of these."""
    kind = of if isinstance(of, type) else type(of)
    line = line_of(kind)
    return _ARRAY in line or _NUMBER in line or _DTYPE in line  # asked at each `a.b = c`


def attribute(of: Any, name: str) -> Any:
    """The attribute of one of numpy's objects, for a name in `WATCHED`."""
    if isinstance(of, type) or name not in dir(type(of)):
        raise AttributeError(f"{getattr(of, '__name__', type(of).__name__)} has no {name} here")
    return WATCHED[name](of)


def _data(of: Any) -> Any:
    if isinstance(of, numpy.ma.MaskedArray):
        return numpy.asarray(of)
    raise AttributeError("the memory of an array is not shown here: use the array itself")


def _view(of: Any) -> Callable[..., Any]:
    def view(dtype: Any = None) -> Any:
        """The same memory, its bits read as another number type."""
        return of.view() if dtype is None else of.view(dtype_of(dtype))

    return view


def _astype(of: Any) -> Callable[..., Any]:
    def astype(dtype: Any, order: Any = "K", casting: Any = "unsafe", **ways: Any) -> Any:
        """The values as another number type."""
        return of.astype(dtype_of(dtype), order, casting, **ways)

    return astype


def _base(of: Any) -> Any:
    return of.base if isinstance(of, numpy.ndarray) and type(of.base) is numpy.ndarray else None


def _type(of: Any) -> Any:
    return TYPES.get(of.type) or TypeName(of.type)


def _clip(of: Any) -> Any:
    return functools.partial(clip, of)


WATCHED: Final[Mapping[str, Callable[[Any], Any]]] = {
    "data": _data,
    "view": _view,
    "astype": _astype,
    "base": _base,
    "type": _type,
    "clip": _clip,
    **{name: functools.partial(objects.method, name=name) for name in objects.METHODS},
}
"""Names that are looked at, with what an object of numpy's answers."""
