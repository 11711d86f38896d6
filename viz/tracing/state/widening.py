"""Tensors in float64, as samples of a curve are: torch multiplies none by a float32 matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import torch
from torch.nn.parameter import UninitializedTensorMixin  # type: ignore[attr-defined]

from viz.tracing.state.memory import storage_of

LAZY: Final = torch.nn.modules.lazy.LazyModuleMixin


def widen(found: Iterable[Any]) -> None:
    """Gives each leaf of floats memory in float64; those that shared theirs do so still."""
    with torch._C.DisableTorchFunctionSubclass():
        leaves = [one for each in found for one in _leaves(each)]
        places = [_place(one) for one in leaves]
        shared = {place: None for place, uses in Counter(places).items() if place and uses > 1}
        memory: dict[tuple[int, torch.dtype], torch.Tensor] = {}
        for one, place in zip(leaves, places, strict=True):
            if place is None or place not in shared:
                one.data = one.data.double()
                continue
            if place not in memory:
                memory[place] = _all_of(one).double()
            one.data = memory[place].as_strided(one.shape, one.stride(), one.storage_offset())


def _leaves(each: Any) -> list[torch.Tensor]:
    found = [each] if isinstance(each, torch.Tensor) else []
    if isinstance(each, LAZY):
        found += waiting(each)
    return [one for one in found if one.is_leaf and one.is_floating_point()]


def waiting(module: Any) -> list[torch.Tensor]:
    """Parameters and buffers of a lazy layer that have no shape yet."""
    entries = [*module._parameters.values(), *module._buffers.values()]
    return [each for each in entries if isinstance(each, UninitializedTensorMixin)]


def _place(tensor: torch.Tensor) -> tuple[int, torch.dtype] | None:
    if isinstance(tensor, UninitializedTensorMixin):
        return None
    storage = storage_of(tensor)
    return (storage.data_ptr(), tensor.dtype) if storage is not None and storage.nbytes() else None


def _all_of(tensor: torch.Tensor) -> torch.Tensor:
    """All that is in a tensor's memory."""
    whole = torch.empty(0, dtype=tensor.dtype, device=tensor.device)
    return whole.set_(tensor.untyped_storage())
