"""What typed code gets in place of numpy's arrays and of torch's types.

- `Array`: the plain numbers of a tensor, as `x.detach().numpy()` gives them: indexed, sliced,
  iterated, printed in numpy's look, used in arithmetic and plotted; none of numpy's other ways
  (files, buffers, strides).
- `numpy_of(tensor)`: the `Array` of a tensor; raises torch's own error when it requires grad.
- `TypeName`: a type for annotations, `isinstance` and printing that cannot be changed or followed
  to its module.
- `TypingName`: a name of `typing`, for annotations.
"""

from __future__ import annotations

import builtins
import operator
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

import numpy
import torch

from viz.program.allowlist.words import words

_SET = object.__setattr__


class Frozen:
    """An object whose attributes are set once; typed code may not write them."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} cannot be set here")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{name} cannot be deleted here")


class Array(Frozen):
    """The numbers of a tensor without gradient: numpy's look and arithmetic, nothing else."""

    __slots__ = ("_values",)
    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]
    _values: numpy.ndarray[Any, Any]

    def __init__(self, values: Any) -> None:
        _SET(self, "_values", numpy.asarray(values))

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each side."""
        return cast(tuple[int, ...], self._values.shape)

    @property
    def ndim(self) -> int:
        """The number of sides."""
        return self._values.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._values.size

    @property
    def dtype(self) -> str:
        """The elements' type by name."""
        return str(self._values.dtype)

    @property
    def T(self) -> Array:
        """The transposed array."""
        return Array(self._values.T)

    def tolist(self) -> Any:
        """The numbers as nested lists."""
        return self._values.tolist()

    def item(self) -> Any:
        """The only element as a Python number; raises `ValueError` if there are more."""
        return self._values.item()

    def copy(self) -> Array:
        """The same numbers, no longer those of the tensor."""
        return Array(self._values.copy())

    def astype(self, kind: Any) -> Array:
        """The numbers as `float`, `int`, `bool` or a type's name."""
        if kind not in (float, int, bool, complex) and str(kind) not in _KINDS:
            raise TypeError("astype takes float, int, bool or the name of a number's type")
        return Array(self._values.astype(kind if isinstance(kind, type) else str(kind)))

    def reshape(self, *shape: Any) -> Array:
        """The numbers in another shape."""
        return Array(self._values.reshape(*shape))

    def flatten(self) -> Array:
        """The numbers in one row, copied."""
        return Array(self._values.flatten())

    def ravel(self) -> Array:
        """The numbers in one row."""
        return Array(self._values.ravel())

    def sum(self, axis: int | None = None) -> Any:
        """The sum of all elements or along one side."""
        return plain(self._values.sum(axis=axis))

    def mean(self, axis: int | None = None) -> Any:
        """The mean of all elements or along one side."""
        return plain(self._values.mean(axis=axis))

    def min(self, axis: int | None = None) -> Any:
        """The smallest element, or those along one side."""
        return plain(self._values.min(axis=axis))

    def max(self, axis: int | None = None) -> Any:
        """The largest element, or those along one side."""
        return plain(self._values.max(axis=axis))

    def __getitem__(self, index: Any) -> Any:
        return plain(self._values[_unwrapped(index)])

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Any]:
        return map(plain, iter(self._values))

    def __contains__(self, value: Any) -> bool:
        return bool((self._values == _unwrapped(value)).any())

    def __bool__(self) -> bool:
        return bool(self._values)

    def __float__(self) -> float:
        return float(self._values)

    def __int__(self) -> int:
        return int(self._values)

    def __repr__(self) -> str:
        return repr(self._values)

    def __str__(self) -> str:
        return str(self._values)

    def __format__(self, spec: str) -> str:
        return format(self._values, spec)


_KINDS: Final = frozenset(
    words("float16 float32 float64 int8 int16 int32 int64 uint8 bool complex64 complex128")
)


def plain(value: Any) -> Any:
    """A numpy result for typed code: arrays wrapped, single elements as Python numbers."""
    if isinstance(value, numpy.ndarray):
        return Array(value)
    return value.item() if isinstance(value, numpy.generic) else value


def _unwrapped(value: Any) -> Any:
    if isinstance(value, Array):
        return value._values
    return tuple(map(_unwrapped, value)) if isinstance(value, tuple) else value


def _arithmetic(operation: Callable[..., Any], swapped: bool) -> Callable[[Array, Any], Any]:
    """A method of `Array` for an operator; numbers, lists and other arrays may stand beside it."""

    def method(self: Array, other: Any) -> Any:
        if not isinstance(other, Array | bool | int | float | complex | list | tuple):
            return NotImplemented
        left, right = self._values, _unwrapped(other)
        return plain(operation(right, left) if swapped else operation(left, right))

    return method


def _sign(operation: Callable[[Any], Any]) -> Callable[[Array], Any]:
    return lambda self: plain(operation(self._values))


for _name in ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"]:
    setattr(Array, f"__{_name}__", _arithmetic(getattr(operator, _name), swapped=False))
    setattr(Array, f"__r{_name}__", _arithmetic(getattr(operator, _name), swapped=True))
for _name in ["lt", "le", "eq", "ne", "gt", "ge"]:
    setattr(Array, f"__{_name}__", _arithmetic(getattr(operator, _name), swapped=False))
for _name in ["neg", "pos", "abs", "invert"]:
    setattr(Array, f"__{_name}__", _sign(getattr(operator, _name)))


def numpy_of(tensor: torch.Tensor, *, force: bool = False) -> Array:
    """The numbers of a tensor, sharing its memory as `Tensor.numpy` does.

    Raises torch's own `RuntimeError` or `TypeError` where `Tensor.numpy` does: a tensor that
    requires grad says that `detach()` is missing.
    """
    with torch._C.DisableTorchFunction():
        return Array(torch._C.TensorBase.numpy(tensor, force=force))


def keep_arrays_from_typed_code() -> None:
    """From now on `Tensor.numpy` gives typed code an `Array`, and everybody else numpy's own.

    For processes that run typed text and end: torch itself is changed. Typed code is known by its
    frame's builtins, which are not Python's.
    """

    def numpy_method(tensor: torch.Tensor, *, force: bool = False) -> Any:
        """The tensor's numbers."""
        values = torch._C.TensorBase.numpy(tensor, force=force)
        typed = sys._getframe(1).f_builtins is not builtins.__dict__
        return Array(values) if typed and isinstance(values, numpy.ndarray) else values

    torch.Tensor.numpy = numpy_method  # type: ignore[method-assign, assignment]


class TypeName(Frozen):
    """A type as typed code sees it: for `isinstance`, annotations and printing."""

    __slots__ = ("_made", "_type")
    _type: type
    _made: Callable[..., Any] | None

    def __init__(self, real: type, made: Callable[..., Any] | None = None) -> None:
        _SET(self, "_type", real)
        _SET(self, "_made", made)

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, self._type)

    def __call__(self, *values: Any, **options: Any) -> Any:
        if self._made is None:
            raise TypeError(f"{self!r} cannot be called here")
        return self._made(*values, **options)

    def __or__(self, other: object) -> TypeName:
        return self

    __ror__ = __or__

    @property
    def __name__(self) -> str:
        return self._type.__name__

    def __eq__(self, other: object) -> bool:
        return self._type is (other._type if isinstance(other, TypeName) else other)

    def __hash__(self) -> int:
        return hash(self._type)

    def __repr__(self) -> str:
        return repr(self._type)


class TypingName(Frozen):
    """A name of `typing` in an annotation: `Optional[int]`; what is within its brackets is nothing.

    The real ones compile texts that they are given.
    """

    __slots__ = ("_name",)
    _name: str

    def __init__(self, name: str) -> None:
        _SET(self, "_name", name)

    def __getitem__(self, _of: object) -> TypingName:
        return self

    def __call__(self, *_of: Any, **_ways: Any) -> TypingName:
        return self

    def __or__(self, other: object) -> TypingName:
        return self

    __ror__ = __or__

    def __repr__(self) -> str:
        return f"typing.{self._name}"
