"""numpy's number types for typed code: stand-ins for its classes, and the dtypes that are let in.

- `KINDS`: what stands for `np.float32` and its siblings: called, given as `dtype`, compared.
- `dtype_of(given)`: the dtype that is meant; raises `TypeError` for parts with names, raw memory
  and dates.
- `typed(function, place)`: a function of numpy's whose `dtype` is looked at first. A typed sequence
  that it is given is read before numpy begins; and texts are made of a list that is out of reach of
  what says them.

The classes themselves stay out of reach: what they say of objects is C, which asks nothing of whom
it is given (`np.float64.view`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy

from viz.program.allowlist import numpy_names
from viz.tracing.typed.plain_sequences import SEQUENCES, apart
from viz.tracing.typed.type_stand_ins import TypeName

_HELD: Final = frozenset("biufcOUS")
"""Numbers, texts and the program's own objects."""
_OF_PYTHON: Final = (bool, int, float, complex, str, object)


class NumpyType(TypeName):
    """A number type of numpy's: `np.float32`. What looks for a dtype finds it as `dtype`."""

    __slots__ = ("dtype",)
    dtype: numpy.dtype[Any]

    def __init__(self, real: type[numpy.generic]) -> None:
        super().__init__(real, real)
        object.__setattr__(self, "dtype", numpy.dtype(real))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, numpy.dtype):
            return bool(self.dtype == other)
        return super().__eq__(other)

    def __hash__(self) -> int:
        return super().__hash__()


def dtype_of(given: Any) -> numpy.dtype[Any]:
    """The dtype that `given` means; raises `TypeError` for one that is not let in."""
    if isinstance(given, NumpyType | numpy.dtype):
        found = given if isinstance(given, numpy.dtype) else given.dtype
    elif type(given) is str or any(given is each for each in _OF_PYTHON):
        found = numpy.dtype(given)
    elif given is None:
        found = numpy.dtype(float)
    elif isinstance(given, type):
        found = numpy.dtype(object)
    else:
        raise TypeError(f"a dtype is np.float64, 'float32', int, …, no {type(given).__name__}")
    if found.kind not in _HELD or found.names is not None or found.subdtype is not None:
        raise TypeError(f"arrays of {found.name[:40]} are not made here: use numbers or texts")
    return found


def _out_of_reach(given: tuple[Any, ...], kind: Any) -> tuple[Any, ...]:
    """What a function is given, as numpy may walk it while typed code runs."""
    if isinstance(kind, numpy.dtype) and kind.kind in "US":
        return tuple(map(apart, given))
    if SEQUENCES:
        return tuple(list(each) if type(each) in SEQUENCES else each for each in given)
    return given


def typed(function: Callable[..., Any], place: int | None) -> Callable[..., Any]:
    """The function, its `dtype` looked at first: the argument of that name, or at that place."""

    @functools.wraps(function)
    def of_plain_kind(*given: Any, **options: Any) -> Any:
        kind = None
        if options.get("dtype") is not None:
            options["dtype"] = kind = dtype_of(options["dtype"])
        if place is not None and len(given) > place and given[place] is not None:
            kind = dtype_of(given[place])
            given = (*given[:place], kind, *given[place + 1 :])
        return function(*_out_of_reach(given, kind), **options)

    del of_plain_kind.__wrapped__
    return of_plain_kind


def _real(kind: Any) -> Any:
    """The class that a stand-in stands for, else what was given, if it is a dtype."""
    if isinstance(kind, TypeName):
        return kind._type
    return dtype_of(kind)


def issubdtype(arg1: Any, arg2: Any) -> bool:
    """Whether a number type is of a kind: `np.issubdtype(a.dtype, np.floating)`."""
    return bool(numpy.issubdtype(_real(arg1), _real(arg2)))


def can_cast(from_: Any, to: Any, casting: Any = "safe") -> bool:
    """Whether numbers of one type can become those of another."""
    return numpy.can_cast(_described(from_), dtype_of(to), casting)


def promote_types(type1: Any, type2: Any) -> numpy.dtype[Any]:
    """The type that both fit into."""
    return numpy.promote_types(dtype_of(type1), dtype_of(type2))


def result_type(*given: Any) -> numpy.dtype[Any]:
    """The type of what reckons with all of these."""
    plain = (numpy.ndarray, numpy.generic, bool, int, float, complex)
    return numpy.result_type(*(x if isinstance(x, plain) else dtype_of(x) for x in given))


def finfo(dtype: Any) -> Any:
    """The limits of a floating type, as `np.finfo`."""
    return numpy.finfo(_described(dtype))


def iinfo(int_type: Any) -> Any:
    """The limits of an integer type, as `np.iinfo`."""
    return numpy.iinfo(_described(int_type))


def _described(given: Any) -> numpy.dtype[Any]:
    """The dtype of an array or a number, or the one that is meant."""
    return dtype_of(given.dtype if isinstance(given, numpy.ndarray | numpy.generic) else given)


def _kinds() -> dict[str, TypeName]:
    kinds: dict[Any, TypeName] = {}
    for name in sorted(numpy_names.KINDS):
        real = getattr(numpy, name)
        kinds.setdefault(real, NumpyType(real))
    found = {name: kinds[getattr(numpy, name)] for name in numpy_names.KINDS}
    return found | {name: TypeName(getattr(numpy, name)) for name in numpy_names.ABSTRACT_KINDS}


KINDS: Final[Mapping[str, TypeName]] = _kinds()
NDARRAY: Final = TypeName(numpy.ndarray)
DTYPE: Final = TypeName(numpy.dtype, dtype_of)
TYPES: Final[Mapping[type, TypeName]] = {
    each._type: each for each in (*KINDS.values(), NDARRAY, DTYPE)
}
"""numpy's classes, with what typed code has in their place."""
