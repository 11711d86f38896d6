"""What typed code gets in place of the types of torch, numpy and `typing`.

- `Frozen`: an object whose attributes typed code may not write.
- `numpy_of(tensor)`: a tensor's array; raises torch's own error when it requires grad.
- `tensor_of`: `torch.Tensor(2, 3)`, of zeros; `device`: `torch.device` of a kind that may be named.
- `TypeName`: a type for annotations, `isinstance` and printing that cannot be changed or followed
  to its module.
- `TypingName`: a name of `typing`, for annotations; `Abstract`: one of `collections.abc`.
"""

from __future__ import annotations

import collections.abc
from collections.abc import Callable
from typing import Any, Final

import numpy
import torch

from viz.program.allowlist import allowed

_SET = object.__setattr__


class Frozen:
    """An object whose attributes are set once; typed code may not write them."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} cannot be set here")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{name} cannot be deleted here")


def plain_text(value: Any) -> str:
    """A text as C reads it, which an enumeration of texts may say otherwise in its `__str__`; of
    anything else what `str` gives, asked once.
    """
    return str.__str__(value if isinstance(value, str) else str(value))


def nothing(*_given: Any, **_options: Any) -> None:
    """What is set for other devices, or written where nobody reads, has no effect here."""


def numpy_of(tensor: torch.Tensor) -> numpy.ndarray[Any, Any]:
    """The numbers of a tensor, sharing its memory, with no call of the record."""
    with torch._C.DisableTorchFunction():
        return torch._C.TensorBase.numpy(tensor)


def tensor_of(*values: Any, dtype: torch.dtype | None = None, requires_grad: bool = False) -> Any:
    """`torch.Tensor([1, 2])`, `torch.Tensor(2, 3)`, `torch.FloatTensor(…)`."""
    kind = dtype or torch.get_default_dtype()
    size = values[0] if len(values) == 1 and isinstance(values[0], torch.Size) else values
    if all(isinstance(each, int | numpy.integer) for each in size) and (size or not values):
        made = torch.zeros(tuple(size) or (0,), dtype=kind)
    else:
        made = torch.as_tensor(_only(values), dtype=kind).detach().clone()
    return made.requires_grad_() if requires_grad else made


def _only(values: tuple[Any, ...]) -> Any:
    if len(values) != 1:
        torch.FloatTensor(*values)  # torch's own words, if it does not take them either
        raise TypeError("it takes a size, or one list of numbers")
    if isinstance(values[0], int | float):
        raise TypeError("new(): data must be a sequence (got float)")
    return values[0]


NAMEABLE: Final = frozenset({"cpu", "cuda", "mps", "xpu"})
"""Kinds of devices that may be named; what uses one that is not there hears so from torch."""


def device(type: Any, index: int | None = None) -> torch.device:
    """A device by its name, as torch makes it whether it is there or not; raises `RuntimeError`
    for a kind that no program of a notebook means.
    """
    made = torch.device(type) if index is None else torch.device(type, index)
    if made.type not in NAMEABLE:
        raise RuntimeError("there is only the device 'cpu' here")
    return made


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

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """`torch.Tensor.exp`: the method that a tensor has by this name, asked of the class."""
        if self._type is torch.Tensor and name in _METHODS:
            return OfTensor(name)
        raise AttributeError(f"type object {self._type.__name__!r} has no attribute {name!r}")

    def __call__(self, *values: Any, **options: Any) -> Any:
        if self._made is None:
            raise TypeError(f"{self!r} cannot be called here")
        return self._made(*values, **options)

    def __or__(self, other: object) -> EitherType:
        return EitherType((self, other))

    def __ror__(self, other: object) -> EitherType:
        return EitherType((other, self))

    @property
    def __name__(self) -> str:
        return self._type.__name__

    def __eq__(self, other: object) -> bool:
        return self._type is (other._type if isinstance(other, TypeName) else other)

    def __hash__(self) -> int:
        return hash(self._type)

    def __repr__(self) -> str:
        return repr(self._type)


_METHODS: Final = frozenset(
    name
    for name in allowed.ATTRIBUTES["Tensor"]
    if callable(getattr(torch.Tensor, name, None)) and not name.startswith("_")
)


class OfTensor(Frozen):
    """A method that was asked of `torch.Tensor` itself: of a tensor it is what the tensor gives by
    this name, and it takes nothing else. A function in all that shows.
    """

    __slots__ = ("_name",)
    _name: str

    def __init__(self, name: str) -> None:
        _SET(self, "_name", name)

    def __call__(self, of: Any, /, *given: Any, **options: Any) -> Any:
        if torch.Tensor not in type(of).__mro__:
            raise TypeError(
                f"descriptor {self._name!r} for 'torch._C.TensorBase' objects doesn't apply to a"
                f" {type(of).__name__!r} object"
            )
        return getattr(of, self._name)(*given, **options)

    def __repr__(self) -> str:
        return f"<method {self._name!r} of 'torch._C.TensorBase' objects>"


class EitherType(Frozen):
    """Several types, one of them a stand-in: `int | torch.Tensor`."""

    __slots__ = ("_kinds",)
    _kinds: tuple[Any, ...]

    def __init__(self, kinds: tuple[Any, ...]) -> None:
        _SET(self, "_kinds", tuple(type(None) if each is None else each for each in kinds))

    def __instancecheck__(self, value: object) -> bool:
        return any(isinstance(value, each) for each in self._kinds)

    def __or__(self, other: object) -> EitherType:
        return EitherType((*self._kinds, other))

    def __ror__(self, other: object) -> EitherType:
        return EitherType((other, *self._kinds))

    def __repr__(self) -> str:
        return " | ".join(getattr(each, "__name__", repr(each)) for each in self._kinds)


class Abstract(Frozen):
    """A name of `collections.abc`: for annotations, and `isinstance(x, Iterable)`."""

    __slots__ = ("_name",)
    _name: str

    def __init__(self, name: str) -> None:
        _SET(self, "_name", name)

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, getattr(collections.abc, self._name))

    def __getitem__(self, _of: object) -> Abstract:
        return self

    def __or__(self, other: object) -> EitherType:
        return EitherType((self, other))

    def __ror__(self, other: object) -> EitherType:
        return EitherType((other, self))

    def __repr__(self) -> str:
        return f"<class 'collections.abc.{self._name}'>"


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
