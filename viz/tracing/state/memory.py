"""Memory of tensors: its bytes, read off at once, and what a write into it makes of a leaf; and
when Python's memory is not looked through.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
from collections.abc import Callable, Iterator
from typing import Final

import torch

bytes_at: Final[Callable[[int, int], bytes]] = ctypes.string_at
"""A copy of as many bytes at an address, which the caller knows to be there."""


def storage_of(tensor: torch.Tensor) -> torch.UntypedStorage | None:
    """A tensor's memory; `None` where there is none to read."""
    if tensor.is_nested and tensor.layout == torch.jagged:
        tensor = vars(tensor)["_values"]
    if tensor.is_meta or tensor.layout != torch.strided or wraps(tensor):
        return None
    try:
        return tensor.untyped_storage()
    except (NotImplementedError, RuntimeError, ValueError):
        return None


def is_where(tensor: torch.Tensor, data: torch.Tensor) -> bool:
    """Whether a tensor lies in memory where another does, in the same layout, as far as torch tells
    it: of a nested one it does not.
    """
    if not tensor.is_quantized:
        return tensor.is_nested or tensor.is_set_to(data)
    one, other = (
        (each.untyped_storage().data_ptr(), each.storage_offset(), each.shape, each.stride())
        for each in (tensor, data)
    )
    return one == other


def wraps(tensor: torch.Tensor) -> bool:
    """Whether it is of a class that wraps other tensors and has no memory of its own."""
    return torch._C._dispatch_keys(tensor).has(torch._C.DispatchKey.Python)


def leaf_again(tensor: torch.Tensor) -> None:
    """Makes a leaf, or a view of one, what it was before something computed was written into it, as
    into a cache of keys and values; a view that a graph still holds stays a result.
    """
    base = tensor._base
    if base is None:
        tensor.detach_()
        return
    if base.grad_fn is not None:
        base.detach_()
    fresh = base.as_strided(tensor.shape, tensor.stride(), tensor.storage_offset())
    with contextlib.suppress(RuntimeError):  # held from C++ too
        torch._C._swap_tensor_impl(tensor, fresh)


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection while thousands of records are made: it would look at all of torch."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
