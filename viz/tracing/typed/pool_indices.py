"""Where max pooling found its largest values, handed out as a copy.

Its backward pass writes to the places that it has kept, and asks of none whether it lies within the
tensor. What is written into the kept ones past torch's own count of changes (by an array that
shares their memory, by `.data`) would so be written anywhere. All other functions that keep an index
look at it again.

`copy_pool_indices()` changes torch in place, for processes that run typed text and end.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

import torch

_POOLS: Final = (
    (torch, "max_pool1d_with_indices"),
    (torch._C._nn, "max_pool2d_with_indices"),
    (torch._C._nn, "max_pool3d_with_indices"),
    (torch, "adaptive_max_pool1d"),
    (torch._C._nn, "adaptive_max_pool2d"),
    (torch._C._nn, "adaptive_max_pool3d"),
)


@functools.cache
def copy_pool_indices() -> None:
    """From now on nobody has the indices that a pooling keeps."""
    for module, name in _POOLS:
        setattr(module, name, _copying(getattr(module, name)))


def _copying(pool: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(pool)
    def pooled(*given: Any, **options: Any) -> Any:
        values, indices = pool(*given, **options)
        with torch._C.DisableTorchFunction():
            return values, indices.clone()

    del pooled.__wrapped__
    return pooled
