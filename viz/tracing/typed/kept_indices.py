"""Indices that a pass backward trusts are out of the program's reach.

Max pooling's writes to the places that it has kept, an embedding's that counts its indices reads
there, and neither asks whether they lie within the tensor. What is written into the kept ones past
torch's own count of changes (by an array that shares their memory, by `.data`) would so be written
anywhere. All other functions that keep an index look at it again.

`keep_indices_apart()` changes torch in place, for processes that run typed text and end.
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
def keep_indices_apart() -> None:
    """From now on nobody has the indices that a graph keeps of a pooling or an embedding."""
    for module, name in _POOLS:
        setattr(module, name, _copying(getattr(module, name)))
    torch.embedding = _apart(torch.embedding)


def _copying(pool: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(pool)
    def pooled(*given: Any, **options: Any) -> Any:
        values, indices = pool(*given, **options)
        return values, _copied(indices)

    del pooled.__wrapped__
    return pooled


def _apart(embedding: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(embedding)
    def embedded(weight: Any, indices: Any, *given: Any, **options: Any) -> Any:
        counts = options.get("scale_grad_by_freq", given[1] if len(given) > 1 else False)
        return embedding(weight, _copied(indices) if counts else indices, *given, **options)

    del embedded.__wrapped__
    return embedded


def _copied(indices: torch.Tensor) -> torch.Tensor:
    with torch._C.DisableTorchFunction():
        return indices.clone()
