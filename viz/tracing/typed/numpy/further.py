"""What typed code finds in `np.char`, `np.ma` and `np.polynomial`.

Each is a function of numpy's whose arguments are looked at first: `np.char` takes texts, `np.ma`
and `np.polynomial` take numbers, as values, lists and arrays. Objects of the program's own stay
outside: numpy would ask them for methods while it holds on to their memory. Raises `TypeError`.

`FURTHER` has the stand-ins by full name; `np.ma.masked` is numpy's own. The methods of polynomials
and of masked arrays are reviewed by name, as all are.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy

from viz.program.allowlist import numpy_names
from viz.tracing.typed.plain_sequences import apart
from viz.tracing.typed.type_stand_ins import TypeName

_NUMBERS: Final = "biufc"
_TEXTS: Final = "U"
_AS_IT_IS: Final = (type(None), bool, int, str)


def _plain(value: Any, kinds: str) -> Any:
    """The value, a list as an array of its own; raises `TypeError` for what holds other things."""
    if type(value) in _AS_IT_IS or isinstance(value, numpy.ndarray | numpy.generic):
        read = numpy.asarray(value)
        if type(value) not in _AS_IT_IS and read.dtype.kind not in kinds + "b":
            raise TypeError(f"numpy takes numbers or texts here, no {read.dtype.name[:40]}")
        return value
    read = numpy.array(apart(value))
    if read.dtype.kind not in kinds + "b":
        raise TypeError(f"numpy takes numbers or texts here, no {type(value).__name__}")
    return read if isinstance(value, list | tuple) else read[()]


def _of_plain(function: Callable[..., Any], kinds: str) -> Callable[..., Any]:
    @functools.wraps(function, updated=())
    def of_plain(*given: Any, **options: Any) -> Any:
        values = [_plain(each, kinds) for each in given]
        return function(*values, **{name: _plain(each, kinds) for name, each in options.items()})

    del of_plain.__wrapped__
    return of_plain


class _Polynomial(numpy.polynomial.Polynomial):
    """A polynomial that is asked at numbers only."""

    def __call__(self, arg: Any) -> Any:
        numbers = arg if isinstance(arg, _Polynomial) else _plain(arg, _NUMBERS)
        return super().__call__(numbers)

    def convert(self, domain: Any = None, window: Any = None) -> Any:  # type: ignore[override]
        """The same over another domain, by itself over the whole line."""
        domain, window = (_plain(each, _NUMBERS) for each in (domain, window))
        return super().convert(domain=domain, window=window)


_Polynomial.__name__ = _Polynomial.__qualname__ = "Polynomial"


class _Polynomials(TypeName):
    """`np.polynomial.Polynomial`: makes polynomials of numbers; the class stays out of reach."""

    __slots__ = ("basis", "fit", "fromroots", "identity")
    basis: Any
    fit: Any
    fromroots: Any
    identity: Any

    def __init__(self) -> None:
        super().__init__(_Polynomial, _of_plain(_Polynomial, _NUMBERS))
        for name in ("basis", "fit", "fromroots", "identity"):
            object.__setattr__(self, name, _of_plain(getattr(_Polynomial, name), _NUMBERS))


POLYNOMIAL: Final = _Polynomials()


def _further(module: str, kinds: str) -> dict[str, Any]:
    real = importlib.import_module(module)
    names = numpy_names.LET_IN[module]
    found = {name: getattr(real, name) for name in names}
    return {
        f"{module}.{name}": _of_plain(value, kinds)
        for name, value in found.items()
        if callable(value) and not isinstance(value, type)
    }


_masked_array: Final = _of_plain(numpy.ma.array, _NUMBERS)

FURTHER: Final[Mapping[str, Any]] = {
    **_further("numpy.char", _TEXTS),
    **_further("numpy.ma", _NUMBERS),
    "numpy.ma.masked_array": _masked_array,  # numpy's own is a class
    **_further("numpy.polynomial.polynomial", _NUMBERS),
    **_further("numpy.polynomial.chebyshev", _NUMBERS),
    **_further("numpy.polynomial.legendre", _NUMBERS),
    **_further("numpy.polynomial.hermite", _NUMBERS),
    "numpy.polynomial.Polynomial": POLYNOMIAL,
    "numpy.polynomial.polynomial.Polynomial": POLYNOMIAL,
}
