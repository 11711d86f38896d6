"""Sums and products of recorded tensors, as far as their elements were written down.

`None` where they were not: then nothing is shown rather than something made up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final

from viz.records import Number, Tensor

RELATIVE: Final = {"float16": 4e-3, "bfloat16": 3e-2, "float64": 1e-9}
ROUNDING: Final = 2e-5


def total(tensors: Iterable[Tensor | None]) -> Tensor | None:
    """The elementwise sum of tensors of one shape."""
    found: Tensor | None = None
    for tensor in tensors:
        if tensor is None:
            return None
        found = tensor if found is None else _elementwise(found, tensor, lambda a, b: a + b)
        if found is None:
            return None
    return found


def product(left: Tensor | None, right: Tensor | None) -> Tensor | None:
    """The elementwise product of tensors of one shape, or of a number and a tensor."""
    if left is None or right is None:
        return None
    return _elementwise(left, right, lambda a, b: a * b)


def close(left: Tensor | None, right: Tensor | None) -> bool:
    """Whether both are written down and equal up to their type's rounding."""
    if left is None or right is None or left.shape != right.shape:
        return False
    if left.values is None or right.values is None:
        return False
    if len(left.values) != len(right.values):
        return False
    scale = max((abs(value) for value in right.values if math.isfinite(value)), default=0.0)
    allowed = RELATIVE.get(right.dtype, ROUNDING) * max(float(scale), 1e-30)
    return all(_near(a, b, allowed) for a, b in zip(left.values, right.values, strict=True))


def _near(a: Number, b: Number, allowed: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or abs(a - b) <= allowed


def _elementwise(
    left: Tensor, right: Tensor, operation: Callable[[float, float], float]
) -> Tensor | None:
    if left.values is None or right.values is None or _complex(left) or _complex(right):
        return None
    if left.shape == right.shape:
        shape = left.shape
        pairs = list(zip(left.values, right.values, strict=True))
    elif left.size == 1 and len(left.shape) <= len(right.shape):
        shape = right.shape
        pairs = [(left.values[0], value) for value in right.values]
    elif right.size == 1 and len(right.shape) <= len(left.shape):
        shape = left.shape
        pairs = [(value, right.values[0]) for value in left.values]
    else:
        return None
    return Tensor(shape, right.dtype, tuple(operation(float(a), float(b)) for a, b in pairs))


def _complex(tensor: Tensor) -> bool:
    return tensor.dtype.startswith("complex")
