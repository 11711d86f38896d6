"""Tensor → `viz.records.Tensor`: what a tensor holds at this moment, written down at once.

A record of a value must not change when an in-place operation changes the tensor later, and must
not appear in the recording itself: call it with the recorder's modes off (`quiet`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import torch

from viz.records import MAX_VALUES, Number, Tensor

_wrapped = torch._C._functorch.is_functorch_wrapped_tensor
_STRIDED = torch.strided
_DTYPES = {
    dtype: str(dtype).removeprefix("torch.")
    for dtype in vars(torch).values()
    if isinstance(dtype, torch.dtype)
}


@contextmanager
def quiet() -> Iterator[None]:
    """No mode sees, and no graph records, what happens in here."""
    with torch._C.DisableTorchFunction(), torch._C._DisableTorchDispatch(), torch.no_grad():
        yield


def summary(tensor: torch.Tensor) -> Tensor:
    """What `tensor` holds now."""
    dtype = _DTYPES[tensor.dtype]
    shape = tuple(tensor.shape)
    if tensor.layout is not _STRIDED or tensor.is_quantized or _wrapped(tensor):
        return Tensor(shape, dtype, None, None, None, None, tensor.requires_grad)
    if not shape:
        value: Any = tensor.tolist()
        parts = (value.real, value.imag) if tensor.is_complex() else (value,)
        return Tensor((), dtype, parts, None, None, None, tensor.requires_grad)
    if tensor.numel() <= MAX_VALUES:
        values = _flat(tensor, len(shape))
        return Tensor(shape, dtype, values, None, None, None, tensor.requires_grad)
    low, high, mean = _range(tensor)
    return Tensor(shape, dtype, None, low, high, mean, tensor.requires_grad)


def number(value: Number, dtype: str) -> Tensor:
    """A Python number as a record; `dtype` is its Python type's name."""
    return Tensor((), dtype, (_bounded(value),))


def _bounded(value: Number) -> Number:
    """Integers beyond 64 bits do not fit the record; as floats they do, within rounding."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
    return value


def _parts(value: Any) -> tuple[Number, ...]:
    return (value.real, value.imag) if isinstance(value, complex) else (value,)


def _flat(tensor: torch.Tensor, dimensions: int) -> tuple[Number, ...]:
    rows = tensor.tolist()
    for _ in range(dimensions - 1):
        rows = list(chain.from_iterable(rows))
    if tensor.is_complex():
        return tuple(chain.from_iterable(_parts(value) for value in rows))
    return tuple(rows)


def _range(tensor: torch.Tensor) -> tuple[float, float, float] | tuple[None, None, None]:
    """Minimum, maximum, mean of a large tensor; not defined for complex numbers."""
    if tensor.is_complex():
        return None, None, None
    with quiet():
        numbers = tensor.detach().to(torch.float64)
        low, high = torch.aminmax(numbers)
        return low.item(), high.item(), numbers.mean().item()
