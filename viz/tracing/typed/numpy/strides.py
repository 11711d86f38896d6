"""`np.lib.stride_tricks`: views over memory that the program's own arrays hold, and no other.

numpy's own `as_strided` takes any strides and reads what lies there. Here the ends of the view are
reckoned in Python's whole numbers, which do not overflow as numpy's do, and lie within the array
that owns the bytes. Raises `TypeError` for what holds no numbers, `ValueError` for a view that
would leave its array.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any, Final

import numpy

from viz.tracing.typed.plain_sequences import apart

_NUMBERS: Final = "biufc"


def _array(x: Any) -> Any:
    read = x if type(x) is numpy.ndarray else numpy.array(apart(x))
    if read.dtype.kind not in _NUMBERS:
        raise TypeError(f"numpy takes numbers or texts here, no {read.dtype.name[:40]}")
    return read


def _whole(given: Any) -> tuple[int, ...]:
    return tuple(operator.index(each) for each in apart(given))


def as_strided(
    x: Any, shape: Any = None, strides: Any = None, subok: Any = False, writeable: Any = True
) -> Any:
    """A view of another shape and other strides, in bytes, within the array's memory."""
    del subok
    array = _array(x)
    owner = array
    while type(owner.base) is numpy.ndarray:
        owner = owner.base
    owner = owner if owner.flags.c_contiguous else owner.T
    if not owner.flags.c_contiguous:
        raise ValueError("ndarray is not C-contiguous")
    sizes = array.shape if shape is None else _whole(shape)
    steps = array.strides if strides is None else _whole(strides)
    if len(sizes) != len(steps):
        raise ValueError("strides, if given, must be the same length as shape")
    if min(sizes, default=0) < 0:
        raise ValueError("negative dimensions are not allowed")
    if 0 in sizes:
        return numpy.zeros(sizes, array.dtype)
    begin = array.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    ways = [(size - 1) * step for size, step in zip(sizes, steps, strict=True)]
    first = begin + sum(way for way in ways if way < 0)
    last = begin + sum(way for way in ways if way > 0) + array.itemsize
    if first < 0 or last > owner.nbytes:
        raise ValueError("strides is incompatible with shape of requested array and size of buffer")
    view = numpy.ndarray(sizes, array.dtype, owner, begin, steps)
    if not writeable:
        view.flags.writeable = False
    return view


def sliding_window_view(
    x: Any, window_shape: Any, axis: Any = None, *, subok: Any = False, writeable: Any = False
) -> Any:
    """All windows of a size over an array."""
    del subok
    array = _array(x)
    window = _whole(window_shape if type(window_shape) in (list, tuple) else [window_shape])
    if axis is not None:
        axis = _whole(axis if type(axis) in (list, tuple) else [axis])
    found = numpy.lib.stride_tricks.sliding_window_view(array, window, axis)
    return as_strided(array, found.shape, found.strides, writeable=writeable)


STRIDES: Final[Mapping[str, Any]] = {
    f"numpy.lib.stride_tricks.{each.__name__}": each for each in (as_strided, sliding_window_view)
}
"""What stands in for numpy's own, by full name."""
