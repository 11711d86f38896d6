"""What typed code finds under the names of numpy that are not handed out as they are.

`NUMPY` has it by full name; what is not there is numpy's own function. Which names there are is
reviewed in `viz.program.allowlist.numpy_names`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy

from viz.program.allowlist import numpy_names
from viz.tracing.typed.numpy import kinds
from viz.tracing.typed.numpy.further import FURTHER
from viz.tracing.typed.numpy.kinds import DTYPE, KINDS, NDARRAY, dtype_of, typed
from viz.tracing.typed.numpy.objects import FUNCTIONS
from viz.tracing.typed.numpy.random import RANDOM
from viz.tracing.typed.numpy.strides import STRIDES
from viz.tracing.typed.numpy.ufuncs import Ufunc, clip
from viz.tracing.typed.type_stand_ins import Frozen


def empty(shape: Any, dtype: Any = None, order: Any = "C") -> Any:
    """`np.empty`, of zeros: memory that nobody has written is not shown."""
    return numpy.zeros(shape, dtype_of(dtype), order)


def empty_like(prototype: Any, dtype: Any = None, order: Any = "K", **ways: Any) -> Any:
    """`np.empty_like`, of zeros."""
    kind = None if dtype is None else dtype_of(dtype)
    return numpy.zeros_like(prototype, kind, order, **ways)


def pad(array: Any, pad_width: Any, mode: Any = "constant", **ways: Any) -> Any:
    """`np.pad`; raises `ValueError` for edges that nobody would have written."""
    if isinstance(mode, str) and mode == "empty":
        raise ValueError("mode 'empty' leaves the edges unwritten: use mode='constant'")
    return numpy.pad(array, pad_width, mode, **ways)


class Indexed(Frozen):
    """`np.r_`, `np.c_`, `np.s_`, `np.mgrid`, `np.ogrid`: arrays made by an index, never by a text,
    which numpy would look up in the caller's frame.
    """

    __slots__ = ("_of",)
    _of: Any

    def __init__(self, real: Any) -> None:
        object.__setattr__(self, "_of", real)

    def __repr__(self) -> str:
        return f"<numpy.{type(self._of).__name__} object>"

    def __getitem__(self, index: Any) -> Any:
        for each in index if isinstance(index, tuple) else (index,):
            if isinstance(each, str):
                raise TypeError("a text is no index here: use np.concatenate or np.stack")
        return self._of[index]


def ndindex(*shape: Any) -> Iterator[tuple[int, ...]]:
    """Every index of a shape, the last one counting fastest."""
    sides = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
    return itertools.product(*(range(side) for side in sides))


def ndenumerate(arr: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Every index of an array with the element there."""
    array = numpy.asarray(arr)
    return zip(ndindex(array.shape), array.flat, strict=True)


_FLAGS: Final = frozenset({"multi_index", "c_index", "f_index", "refs_ok", "zerosize_ok"})
_OPEN: Final = frozenset({"readonly", "readwrite", "writeonly"})


class Elements(Frozen):
    """`np.nditer` over one array: element after element, with its index."""

    __slots__ = ("_iterator",)
    _iterator: Any

    def __init__(
        self, op: Any, flags: Any = (), op_flags: Any = ("readonly",), order: Any = "K"
    ) -> None:
        if not isinstance(op, numpy.ndarray):
            op = numpy.asarray(op)
        ways = [each for part in op_flags for each in ([part] if isinstance(part, str) else part)]
        if not _FLAGS.issuperset(flags) or not _OPEN.issuperset(ways):
            raise ValueError("nditer takes the flags multi_index and readwrite here")
        iterator = numpy.nditer(op, list(flags), ways, order=order)  # type: ignore[arg-type]
        object.__setattr__(self, "_iterator", iterator)

    def __repr__(self) -> str:
        return "<numpy.nditer object>"

    @property
    def multi_index(self) -> tuple[int, ...]:
        """Where the element stands."""
        return self._iterator.multi_index  # type: ignore[no-any-return]

    @property
    def index(self) -> int:
        """Which element it is, counted from the first."""
        return int(self._iterator.index)

    @property
    def finished(self) -> bool:
        """Whether there is none left."""
        return bool(self._iterator.finished)

    @property
    def value(self) -> Any:
        """The element, as an array without sides."""
        return self._iterator.value

    def iternext(self) -> bool:
        """Goes on to the next; `False` after the last."""
        return bool(self._iterator.iternext())

    def reset(self) -> None:
        """Goes back to the first."""
        self._iterator.reset()

    def __getitem__(self, place: int) -> Any:
        return self._iterator[place]

    def __iter__(self) -> Elements:
        return self

    def __next__(self) -> Any:
        return next(self._iterator)

    def __enter__(self) -> Elements:
        return self

    def __exit__(self, *_error: object) -> None:
        self._iterator.close()


def vectorize(
    pyfunc: Any = None, otypes: Any = None, excluded: Any = None, signature: Any = None
) -> Any:
    """`np.vectorize`, as a function or a decorator."""
    dtypes = None if otypes is None else [dtype_of(each) for each in otypes]

    def made(function: Any) -> Callable[..., Any]:
        if not callable(function):
            raise TypeError("np.vectorize takes a function")
        return numpy.vectorize(
            lambda *given, **named: function(*given, **named),
            otypes=dtypes,
            excluded=excluded,
            signature=signature,
        ).__call__

    return made if pyfunc is None else made(pyfunc)


def set_printoptions(
    precision: Any = None,
    threshold: Any = None,
    edgeitems: Any = None,
    linewidth: Any = None,
    suppress: Any = None,
    nanstr: Any = None,
    infstr: Any = None,
    formatter: Any = None,
    sign: Any = None,
    floatmode: Any = None,
) -> None:
    """How arrays are printed from now on."""
    numpy.set_printoptions(
        precision, threshold, edgeitems, linewidth, suppress, nanstr, infstr, formatter,
        sign, floatmode,
    )  # fmt: skip


def min_scalar_type(a: Any) -> Any:
    """The smallest number type that holds a number."""
    return numpy.min_scalar_type(a)


_DTYPE_AT: Final[Mapping[str, int]] = {
    "arange": 3, "array": 1, "asanyarray": 1, "asarray": 1, "ascontiguousarray": 1,
    "asfortranarray": 1, "astype": 1, "cumprod": 2, "cumsum": 2, "eye": 3, "fromfunction": 2,
    "fromiter": 1, "full": 2, "full_like": 2, "geomspace": 4, "identity": 1, "indices": 1,
    "linspace": 5, "logspace": 5, "mean": 2, "nancumprod": 2, "nancumsum": 2, "nanmean": 2,
    "nanprod": 2, "nanstd": 2, "nansum": 2, "nanvar": 2, "ones": 1, "ones_like": 1, "prod": 2,
    "std": 2, "sum": 2, "trace": 4, "tri": 3, "var": 2, "zeros": 1, "zeros_like": 1,
}  # fmt: skip
"""Where a function takes its `dtype` without a name."""

_FUNCTIONS: Final[Mapping[str, Any]] = {
    **KINDS,
    **{name: Ufunc(getattr(numpy, name)) for name in numpy_names.UFUNCS},
    **{
        name: typed(getattr(numpy, name), _DTYPE_AT.get(name))
        for name in numpy_names.TYPED_FUNCTIONS
    },
    **{name: Indexed(getattr(numpy, name)) for name in ("r_", "c_", "s_", "mgrid", "ogrid")},
    **{
        name: getattr(kinds, name)
        for name in ("issubdtype", "can_cast", "promote_types", "result_type", "finfo", "iinfo")
    },
    **FUNCTIONS,
    "ndarray": NDARRAY,
    "dtype": DTYPE,
    "empty": empty,
    "empty_like": empty_like,
    "pad": pad,
    "clip": clip,
    "ndindex": ndindex,
    "ndenumerate": ndenumerate,
    "nditer": Elements,
    "vectorize": vectorize,
    "set_printoptions": set_printoptions,
    "min_scalar_type": min_scalar_type,
}

NUMPY: Final[Mapping[str, Any]] = {
    **{f"numpy.{name}": value for name, value in _FUNCTIONS.items()},
    **{f"numpy.random.{name}": value for name, value in RANDOM.items()},
    **FURTHER,
    **STRIDES,
    **{f"numpy.linalg.{name}": _FUNCTIONS[name] for name in ("matmul", "vecdot")},
}
"""What stands in for numpy's own, by full name."""
