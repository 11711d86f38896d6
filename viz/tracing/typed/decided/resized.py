"""What `tensor.resize_` and `array.resize` are: another size in place, and no memory of others."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy
import torch

from viz.tracing.typed.decided.calls import demand_kept


def of_tensor(of: torch.Tensor) -> Callable[..., torch.Tensor]:
    def resize_(*size: Any, **ways: Any) -> torch.Tensor:
        """Another size in place; what is new in memory is zero, not what others have written."""
        with torch._C.DisableTorchFunction():
            alone = len(size) == 1 and isinstance(size[0], tuple | list)
            demand_kept(of, tuple(size[0] if alone else size))
            storage = of.untyped_storage()
            before = storage.nbytes()
            torch.Tensor.resize_(of, *size, **ways)
            if storage.nbytes() > before:
                held = torch.empty(0, dtype=torch.uint8).set_(storage)
                held[before:].zero_()
        return of

    return resize_


def of_array(of: numpy.ndarray[Any, Any]) -> Callable[..., None]:
    def resize(*new_shape: Any, refcheck: bool = True) -> None:
        """Another shape in place, of as many numbers: nothing moves in memory."""
        del refcheck
        if not (of.flags.c_contiguous or of.flags.f_contiguous):
            raise ValueError("resize only works on single-segment arrays")
        given = new_shape[0] if len(new_shape) == 1 else new_shape
        shape = tuple(map(operator.index, given if type(given) in (tuple, list) else (given,)))
        if min(shape, default=0) < 0 or math.prod(shape) != of.size:
            raise ValueError(f"an array keeps its {of.size} elements here: make another array")
        of.shape = shape

    return resize
