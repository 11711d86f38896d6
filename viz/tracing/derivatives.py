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

from viz.records import MAX_VALUES, Saved, Tensor
from viz.tracing.graph import Draft, Use
from viz.tracing.summary import quiet, summaries, summary

_TENSOR = torch.Tensor
_DTYPES = {str(each).removeprefix("torch."): each for each in (torch.float32, torch.float64)}


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
    reading = Reading()
    for draft in drafts:
        fn = draft.fn
        if draft.captured or fn is None or draft.kind == "leaf":
            continue
        draft.captured = True
        kind = _KINDS.get(type(fn)) or _learnt(type(fn))
        if kind.saved:
            reading.saved(draft, fn, kind)
        if kind.applicable:
            _local_derivatives(draft, fn, kind, reading)
    reading.finish()


class Reading:
    """What was captured and is yet to be read; small tensors wait, to be read many in one go.

    No typed code runs and no node is applied in earnest before `finish`, so that nothing writes
    into what waits.
    """

    def __init__(self) -> None:
        self._tensors: list[torch.Tensor] = []
        self._uses: list[Use] = []
        self._kept: list[torch.Tensor] = []
        self._saved: list[tuple[Draft, list[tuple[str, Any]]]] = []

    def local(self, use: Use, gradient: torch.Tensor) -> None:
        """A local derivative."""
        wanted = use.source.value if use.output_index == 0 else use.source.output(use.output_index)
        if wanted is None or wanted.values is None or gradient.shape != wanted.shape:
            use.local = fitted(gradient, use)
        else:
            self._uses.append(use)
            self._tensors.append(gradient)

    def saved(self, draft: Draft, fn: Any, kind: Kind) -> None:
        """What a node keeps."""
        found: list[tuple[str, Any]] = []
        for attribute, name in kind.saved:
            try:
                value = getattr(fn, attribute)
            except RuntimeError:
                continue  # freed, or changed in place since
            if not isinstance(value, _TENSOR):
                value = _plain(value)
            elif value.numel() > MAX_VALUES:
                value = summary(value)
            else:
                self._kept.append(value)
            found.append((name, value))
        self._saved.append((draft, found))

    def finish(self) -> None:
        """Reads what waits."""
        for use, local in zip(self._uses, summaries(self._tensors), strict=True):
            use.local = local
        kept = iter(summaries(self._kept))
        for draft, found in self._saved:
            draft.saved = tuple(
                [
                    Saved(name, next(kept) if isinstance(value, _TENSOR) else value)
                    for name, value in found
                ]
            )


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


def _local_derivatives(draft: Draft, fn: Any, kind: Kind, reading: Reading) -> None:
    shapes = _outputs(draft, fn)
    if kind.native:
        draft.outputs = len(shapes)
    inputs = draft.inputs
    if not any(inputs):
        return
    try:
        found = fn(*[_ones(*shape) for shape in shapes])
    except (RuntimeError, TypeError):
        # freed or overwritten buffers, a node that only the engine can run, or a result that was
        # only expanded and has more elements than there is memory: not recorded
        return
    if not isinstance(found, tuple):
        found = (found,)
    for use, gradient in zip(inputs, found, strict=False):
        if use is not None and gradient is not None:
            reading.local(use, gradient)


def _outputs(draft: Draft, fn: Any) -> list[tuple[tuple[int, ...], torch.dtype]]:
    """(shape, dtype) of each output of a node."""
    value = draft.value
    if draft.alone and value is not None and value.dtype in _DTYPES:
        return [(value.shape, _DTYPES[value.dtype])]
    return [(tuple(meta.shape), meta.dtype) for meta in fn._input_metadata]


def _ones(shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    """Ones to apply a node to; no node writes into the gradient that it receives."""
    if len(shape) < 2 and shape <= (MAX_VALUES,):
        return _kept_ones(shape, dtype)
    return torch.ones(shape, dtype=dtype)


@lru_cache(maxsize=64)
def _kept_ones(shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    return torch.ones(shape, dtype=dtype)


def fitted(gradient: torch.Tensor, use: Use) -> Tensor:
    """A gradient in the shape of the edge's source: the engine sums what was broadcast."""
    wanted = use.source.value if use.output_index == 0 else use.source.output(use.output_index)
    if wanted is not None and gradient.shape != wanted.shape:
        with quiet(), suppress(RuntimeError):  # not a broadcast of the source: shown as it is
            return summary(gradient.sum_to_size(wanted.shape))
    return summary(gradient)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    return str(value)[:200]
