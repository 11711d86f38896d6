"""What a node knows of its own derivative: local derivatives, saved tensors.

Both are read off autograd's own nodes, before a backward run frees what they hold: a node applied
to ones gives its local derivatives, and its `_saved_…` attributes what it kept for that.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

import torch

from viz.records import Saved, Tensor
from viz.tracing.recording.graph import Draft, Use
from viz.tracing.recording.tensor_summary import quiet, summary

_TENSOR = torch.Tensor


class Kind(NamedTuple):
    """What is known of a type of node."""

    saved: tuple[tuple[str, str], ...]
    """(attribute, name) of what it keeps."""
    applicable: bool
    """Whether it tells the shapes of its outputs, so that it can be applied to ones."""
    native: bool
    """Whether it is written in C++."""


_KINDS: dict[type, Kind] = {}


def capture(drafts: Iterable[Draft]) -> None:
    """Writes down, while autograd still has its buffers, each node's local derivatives and
    saved tensors. Call it inside `quiet()`.
    """
    for draft in drafts:
        fn = draft.fn
        if draft.captured or fn is None or draft.kind == "leaf":
            continue
        draft.captured = True
        kind = _KINDS.get(type(fn)) or _learnt(type(fn))
        if kind.saved:
            draft.saved = _saved(fn, kind)
        if kind.applicable:
            _local_derivatives(draft, fn, kind)


def _learnt(type_: type) -> Kind:
    names = dir(type_)
    saved = tuple(
        (name, name.removeprefix("_saved_")[:80]) for name in names if name.startswith("_saved_")
    )
    kind = _KINDS[type_] = Kind(
        () if type_.__name__ == "CopySlices" else saved,
        "_input_metadata" in names,
        not issubclass(type_, torch._C._FunctionBase),
    )
    return kind


def _local_derivatives(draft: Draft, fn: Any, kind: Kind) -> None:
    inputs, value = draft.inputs, draft.value
    alone = draft.alone and value is not None and value.values is not None
    outputs = () if alone else fn._input_metadata
    if kind.native:
        draft.outputs = 1 if alone else len(outputs)
    if not any(inputs):
        return
    try:
        if alone:
            found = fn(_kept_ones(value.shape, value.dtype))  # type: ignore[union-attr]
        else:
            found = fn(*[torch.ones(tuple(meta.shape), dtype=meta.dtype) for meta in outputs])
    except (RuntimeError, TypeError):
        # freed or overwritten buffers, a node that only the engine can run, or a result that was
        # only expanded and has more elements than there is memory: not recorded
        return
    if not isinstance(found, tuple):
        found = (found,)
    for use, gradient in zip(inputs, found, strict=False):
        if use is not None and gradient is not None:
            use.local = fitted(gradient, use)


@lru_cache(maxsize=64)
def _kept_ones(shape: tuple[int, ...], dtype: str) -> torch.Tensor:
    """Ones to apply a node to; no node writes into the gradient that it receives."""
    return torch.ones(shape, dtype=getattr(torch, dtype))


def fitted(gradient: torch.Tensor, use: Use) -> Tensor:
    """A gradient in the shape of the edge's source: the engine sums what was broadcast."""
    wanted = use.source.value if use.output_index == 0 else use.source.output(use.output_index)
    if wanted is None:
        return summary(gradient)
    if gradient.shape == wanted.shape:
        return summary(gradient, wanted.shape)
    with quiet(), suppress(RuntimeError):  # not a broadcast of the source: shown as it is
        return summary(gradient.sum_to_size(wanted.shape))
    return summary(gradient)


def _saved(fn: Any, kind: Kind) -> tuple[Saved, ...]:
    found = []
    for attribute, name in kind.saved:
        try:
            value = getattr(fn, attribute)
        except RuntimeError:
            continue  # freed, or changed in place since
        found.append(
            Saved(name, summary(value) if isinstance(value, _TENSOR) else _readable(value))
        )
    return tuple(found)


def _readable(value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    return str(value)[:200]
