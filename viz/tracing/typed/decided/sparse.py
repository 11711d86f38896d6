"""Sparse tensors as typed code meets them: made with a look at their indices, which stay apart.

What reckons with a sparse tensor trusts its indices. So `torch.sparse_coo_tensor` asks whether they
lie within the size and keeps a copy of its own, `tensor.indices()` gives a copy, and what turns a
sparse tensor in place is refused: `detach()` has the same indices and another size. Other layouts
than that of coordinates are not made here. Raises torch's own `RuntimeError` and `ValueError`.

`keep_sparse_apart()` changes torch in place, for processes that run typed text and end.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import torch

_MADE: Final[Callable[..., torch.Tensor]] = torch.sparse_coo_tensor


def sparse_coo_tensor(
    indices: Any,
    values: Any = None,
    size: Any = None,
    *,
    dtype: torch.dtype | None = None,
    device: Any = None,
    requires_grad: bool = False,
    is_coalesced: bool | None = None,
    check_invariants: bool | None = None,
) -> torch.Tensor:
    """A tensor of the values at these places, zero everywhere else."""
    del is_coalesced, check_invariants
    if values is None:
        return _MADE(indices, dtype=dtype, device=device, requires_grad=requires_grad)
    with torch._C.DisableTorchFunction():
        places = torch.as_tensor(indices).to(torch.int64).clone()
    given = (places, values) if size is None else (places, values, tuple(size))
    return _MADE(
        *given, dtype=dtype, device=device, requires_grad=requires_grad, check_invariants=True
    )


def of_old(dtype: torch.dtype) -> Callable[..., torch.Tensor]:
    """`torch.sparse.FloatTensor(indices, values, size)`."""

    def made(indices: Any, values: Any, size: Any = None) -> torch.Tensor:
        return sparse_coo_tensor(indices, values, size, dtype=dtype)

    return made


def to_sparse(of: torch.Tensor) -> Callable[..., torch.Tensor]:
    """`tensor.to_sparse`: by coordinates alone."""

    def sparse(sparse_dim: int | None = None) -> torch.Tensor:
        """The same tensor, its zeros left out."""
        return of.to_sparse() if sparse_dim is None else of.to_sparse(int(sparse_dim))

    return sparse


@functools.cache
def keep_sparse_apart() -> None:
    """From now on nobody has the indices that a sparse tensor keeps."""
    indices_of = torch._C.TensorBase.indices

    def indices(self: torch.Tensor) -> torch.Tensor:
        """The places of the values, a column each: a copy."""
        with torch._C.DisableTorchFunction():
            return indices_of(self).clone()

    setattr(torch.Tensor, "indices", indices)  # noqa: B010
    for name in ("t_", "transpose_", "swapaxes_", "swapdims_"):
        setattr(torch.Tensor, name, _of_dense(getattr(torch.Tensor, name)))


def _of_dense(turn: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(turn)
    def turned(self: torch.Tensor, *given: Any, **ways: Any) -> Any:
        if isinstance(self, torch.Tensor) and self.layout is not torch.strided:
            raise RuntimeError("a sparse tensor is not turned in place here: use x = x.t()")
        return turn(self, *given, **ways)

    del turned.__wrapped__
    return turned


SPARSE: Final[Mapping[str, Any]] = {
    "torch.sparse_coo_tensor": sparse_coo_tensor,
    "torch.sparse.FloatTensor": of_old(torch.float32),
    "torch.sparse.DoubleTensor": of_old(torch.float64),
    "torch.sparse.LongTensor": of_old(torch.int64),
}
"""What stands in for names of torch, by full name."""
