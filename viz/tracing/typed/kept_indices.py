"""Indices that a pass backward trusts are out of the program's reach.

Max pooling's writes to the places that it has kept, an embedding's that counts its indices reads
there, and neither asks whether they lie within the tensor. What is written into the kept ones past
torch's own count of changes (by an array that shares their memory, by `.data`) would so be written
anywhere. So would what a hook unpacks, of the program's own or of a checkpoint that runs something
else the second time: such a call saves its tensors past all hooks. All other functions that keep an
index look at it again.

`ctc_loss` reads the probability of each target without asking whether there is such a class: here
it asks (`RuntimeError`), and keeps targets of its own.

The fused steps of optimizers do not look at the sizes of their state, which a program can set: they
are refused.

`keep_indices_apart()` changes torch in place, for processes that run typed text and end.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import torch

_autograd: Any = torch._C._autograd
_POOLS: Final = (
    (torch, "max_pool1d_with_indices"),
    (torch._C._nn, "max_pool2d_with_indices"),
    (torch._C._nn, "max_pool3d_with_indices"),
    (torch, "adaptive_max_pool1d"),
    (torch._C._nn, "adaptive_max_pool2d"),
    (torch._C._nn, "adaptive_max_pool3d"),
)


_WITHOUT_INDICES: Final = ("max_pool1d", "max_pool2d", "max_pool3d")
"""The poolings of torch's own that give values alone, and keep their indices all the same."""


@functools.cache
def keep_indices_apart() -> None:
    """From now on nobody has the indices that a graph keeps of a pooling or an embedding."""
    for module, name in _POOLS:
        setattr(module, name, _copying(getattr(module, name)))
    for name in _WITHOUT_INDICES:
        setattr(torch, name, _saving_past_hooks(getattr(torch, name)))
    torch.embedding = _apart(torch.embedding)
    torch.ctc_loss = _of_classes(torch.ctc_loss)
    for name in ("adam", "adamw", "sgd", "adagrad"):
        setattr(torch, f"_fused_{name}_", _not_fused)


def _not_fused(*_given: Any, **_options: Any) -> NoReturn:
    raise RuntimeError("fused=True is not possible here: leave it out")


@contextmanager
def _past_hooks() -> Iterator[None]:
    """Within, what a graph saves is packed by nobody."""
    held = []
    while (top := _autograd._top_saved_tensors_default_hooks(False)) is not None:
        held.append(top)
        _autograd._pop_saved_tensors_default_hooks()
    try:
        yield
    finally:
        for pack, unpack in reversed(held):
            _autograd._push_saved_tensors_default_hooks(pack, unpack)


def _copying(pool: Callable[..., Any]) -> Callable[..., Any]:
    saving = _saving_past_hooks(pool)

    @functools.wraps(pool)
    def pooled(*given: Any, **options: Any) -> Any:
        values, indices = saving(*given, **options)
        return values, _copied(indices)

    del pooled.__wrapped__
    return pooled


def _saving_past_hooks(pool: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(pool)
    def pooled(*given: Any, **options: Any) -> Any:
        with _past_hooks():
            return pool(*given, **options)

    del pooled.__wrapped__
    return pooled


def _apart(embedding: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(embedding)
    def embedded(weight: Any, indices: Any, *given: Any, **options: Any) -> Any:
        counts = options.get("scale_grad_by_freq", given[1] if len(given) > 1 else False)
        if not counts:
            return embedding(weight, indices, *given, **options)
        with _past_hooks():
            return embedding(weight, _copied(indices), *given, **options)

    del embedded.__wrapped__
    return embedded


def _of_classes(loss: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(loss)
    def ctc_loss(
        log_probs: Any, targets: Any, inputs: Any, lengths: Any, *given: Any, **options: Any
    ) -> Any:
        inputs, lengths = (
            _copied(each) if isinstance(each, torch.Tensor) else tuple(each)
            for each in (inputs, lengths)
        )
        targets = _copied(targets)
        with torch._C.DisableTorchFunction():
            _demand_classes(targets, log_probs.shape[-1] if log_probs.ndim else 0)
            for each in (inputs, lengths):
                if (torch.as_tensor(each) < 0).any():
                    raise RuntimeError("the lengths of ctc_loss are not negative: use 0 or more")
        with _past_hooks():
            return loss(log_probs, targets, inputs, lengths, *given, **options)

    del ctc_loss.__wrapped__
    return ctc_loss


def _demand_classes(targets: torch.Tensor, count: int) -> None:
    if targets.numel() and not bool(((targets >= 0) & (targets < count)).all()):
        raise RuntimeError(f"the targets of ctc_loss are numbers of classes: use 0 to {count - 1}")


def _copied(indices: torch.Tensor) -> torch.Tensor:
    with torch._C.DisableTorchFunction():
        return indices.clone()
