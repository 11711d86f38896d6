"""What a pass backward trusts is out of the program's reach: indices, and the shapes of all it has.

Max pooling's writes to the places that it has kept, an embedding's that counts its indices reads
there, one whose gradient is sparse hands them on, and none asks whether they lie within the tensor.
What is written into the kept ones past torch's own count of changes (by an array that shares their
memory, by `.data`) would so be written anywhere. So would what a hook unpacks, of the program's own
or of a checkpoint that runs something else the second time: such a call saves its tensors past all
hooks. All other functions that keep an index look at it again.

Whatever else a hook unpacks is a tensor like the one that was packed (`saved_tensors_hooks`): few
passes backward ask whether another one has the shape that they count on.

A packed sequence's sizes never rise and none is below one, or padding it writes before the memory
of its lengths: `pad_packed_sequence` asks (`RuntimeError`).

`scaled_dot_product_attention` reads as many keys as there are values: here it asks whether they are
there (`RuntimeError`).

`ctc_loss` reads the probability of each target without asking whether there is such a class: here
it asks (`RuntimeError`), and keeps targets of its own.

The fused steps of optimizers do not look at the sizes of their state, which a program can set: they
are refused.

`keep_indices_apart()` changes torch in place, for processes that run typed text and end.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import torch
from torch.autograd import graph
from torch.nn import functional

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
    padded = torch._VF._pad_packed_sequence
    torch._VF._pad_packed_sequence = _of_falling_sizes(padded)
    torch.ctc_loss = _of_classes(torch.ctc_loss)
    attention = functional.scaled_dot_product_attention
    functional.scaled_dot_product_attention = _of_as_many_keys(attention)
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
        sparse = options.get("sparse", given[2] if len(given) > 2 else False)
        if not counts and not sparse:
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


def _of_falling_sizes(padded: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(padded)
    def _pad_packed_sequence(data: Any, batch_sizes: Any, *given: Any, **options: Any) -> Any:
        with torch._C.DisableTorchFunction():
            sizes = batch_sizes.tolist()
        if any(size < 1 for size in sizes) or any(map(operator.lt, sizes, sizes[1:])):
            raise RuntimeError(
                "the batch sizes of a packed sequence are 1 or more and never rise: use them as"
                " packed"
            )
        return padded(data, batch_sizes, *given, **options)

    del _pad_packed_sequence.__wrapped__
    return _pad_packed_sequence


def _of_as_many_keys(attention: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(attention)
    def scaled_dot_product_attention(
        query: Any, key: Any, value: Any, *given: Any, **ways: Any
    ) -> Any:
        both = isinstance(key, torch.Tensor) and isinstance(value, torch.Tensor)
        if both and key.shape[-2:-1] != value.shape[-2:-1]:
            raise RuntimeError(
                "scaled_dot_product_attention takes as many keys as values: use one of shape"
                f" {(*value.shape[:-1], *key.shape[-1:])} for the key, not {tuple(key.shape)}"
            )
        return attention(query, key, value, *given, **ways)

    del scaled_dot_product_attention.__wrapped__
    return scaled_dot_product_attention


# ── hooks of saved tensors ──

_FORMATS: Final = (torch.contiguous_format, torch.channels_last, torch.channels_last_3d)
_DIMENSIONS: Final = {torch.channels_last: 4, torch.channels_last_3d: 5}


def _format_of(tensor: torch.Tensor) -> Any:
    """How its numbers lie in memory, as far as there is a word for it."""
    fitting = (each for each in _FORMATS if _DIMENSIONS.get(each, tensor.ndim) == tensor.ndim)
    return next((each for each in fitting if tensor.is_contiguous(memory_format=each)), None)


def saved_tensors_hooks(pack_hook: Any, unpack_hook: Any) -> Any:
    """`torch.autograd.graph.saved_tensors_hooks`: what is unpacked has the shape, the number type
    and the layout of what was packed (`RuntimeError`).
    """

    def pack(tensor: Any) -> Any:
        with torch._C.DisableTorchFunction():
            dense = tensor.layout is torch.strided
            kind = (tensor.shape, tensor.dtype, tensor.layout, tensor.device)
            lies = _format_of(tensor) if dense else None
        return kind, lies, pack_hook(tensor)

    def unpack(packed: Any) -> Any:
        kind, lies, held = packed
        value = unpack_hook(held)
        if not isinstance(value, torch.Tensor):
            return value  # torch itself says that it is none
        with torch._C.DisableTorchFunction():
            found = (value.shape, value.dtype, value.layout, value.device)
            if found != kind:
                raise RuntimeError(
                    f"a hook unpacked a tensor of shape {tuple(found[0])} and {found[1]}: use one"
                    f" of shape {tuple(kind[0])} and {kind[1]}, as it was packed"
                )
            return value if lies is None else value.contiguous(memory_format=lies)

    return graph.saved_tensors_hooks(pack, unpack)


KEPT: Final[Mapping[str, Any]] = {
    "torch.autograd.graph.saved_tensors_hooks": saved_tensors_hooks,
}
"""What stands in for names of torch, by full name."""
