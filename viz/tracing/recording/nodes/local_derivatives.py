"""What a node knows of its own derivative: local derivatives, saved tensors.

Both are read off autograd's own nodes, before a backward run frees what they hold: a node applied
to ones gives its local derivatives, and `saved_tensors` tells what it kept for that. Of a node that
keeps no tensor of the run (of a sum, a view, a tensor times a plain number) both follow from its
type, shapes and that number, and are found out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final, NamedTuple

import torch

from viz.records import MAX_VALUES, Saved, Tensor
from viz.tracing.recording.nodes.drafts import Draft, Use
from viz.tracing.recording.nodes.moves import REAL, Moves, moves_of
from viz.tracing.recording.nodes.node_types import NodeType, type_of
from viz.tracing.recording.nodes.saved_tensors import as_it_is, held_by, is_packed
from viz.tracing.recording.nodes.tensor_summary import NESTED, quiet, summary
from viz.tracing.texts import readable

_TENSOR, _BYTES = torch.Tensor, torch.uint8
TINY, HUGE = 1e-30, 2.0**63
"""What a factor is between whose record is found out once."""
_INTEGERS: Final = {int}
_EXACT: Final = frozenset((int, bool, tuple, type(None)))


Summarised = dict[tuple[Any, ...], tuple[torch.Tensor, Tensor]]
"""Large saved tensors by where they are in memory; kept alive, so that no two share a place."""


def capture(drafts: Iterable[Draft], *, trusting: bool = True) -> None:
    """Writes down, while autograd still has its buffers, each node's local derivatives and
    saved tensors. Call it inside `quiet()`. Not `trusting`: somebody may have packed what nodes
    saved after they were made.
    """
    with as_it_is():
        _captured(drafts, trusting)


def _captured(drafts: Iterable[Draft], trusting: bool) -> None:
    known: Summarised = {}
    for draft in drafts:
        fn = draft.fn
        if draft.captured or fn is None or draft.kind == "leaf":
            continue
        draft.captured = True
        kind = type_of(fn)
        if kind.by_shape:
            held = kind.read(fn)
            _found_out_once(draft, fn, kind, _shapes_of(draft, kind, held), held)
        elif kind.packed and not (trusting and draft.unpacked) and is_packed(fn, kind):
            draft.outputs = len(fn._input_metadata) if kind.native else 0
        elif draft.operand is not None and kind.scaling and trusting:
            _found_out_once(draft, fn, kind, _factor_of(draft, kind))
        else:
            _looked_at(draft, fn, kind, known)


def _looked_at(draft: Draft, fn: Any, kind: NodeType, known: Summarised) -> None:
    """Writes down what a node keeps, and what it gives for ones."""
    if kind.saved or not kind.native:
        saved = []
        for name, each in held_by(fn, kind):
            if not isinstance(each, _TENSOR):
                saved.append(Saved(name, _readable(each)))
            elif each.dtype is not _BYTES or each.dim() != 1:
                small = each.numel() <= MAX_VALUES
                saved.append(Saved(name, summary(each) if small else _shown(each, draft, known)))
        draft.saved = tuple(saved)
    if kind.applicable and not (kind.product and _factors(draft)):
        _local_derivatives(draft, fn, kind)


_NOT_ASKED: Final = object()


class _Captured(NamedTuple):
    """What is written down of each node of one type, with the same shapes and sizes."""

    saved: tuple[Saved, ...]
    outputs: int
    local: tuple[Tensor | None, ...]
    moves: Moves | object | None = _NOT_ASKED


Key = tuple[Any, ...]
"""What a node's record follows from."""
_CAPTURED: Final[dict[Key, _Captured]] = {}
MOST_CAPTURED: Final = 1_000


def _found_out_once(
    draft: Draft, fn: Any, kind: NodeType, key: Key | None, held: Sequence[Any] | None = None
) -> None:
    """The same of a node that keeps no tensor of the run: of the thousands that a loop makes of
    one `key` it is found out once. `held` is what one keeps of which that follows from shapes.
    """
    found = None if key is None else _CAPTURED.get(key)
    if found is None:
        _looked_at(draft, fn, kind, {})
        if key is not None and draft.outputs:
            if len(_CAPTURED) >= MOST_CAPTURED:
                _CAPTURED.clear()
            local = tuple([None if use is None else use.local for use in draft.inputs])
            moves = None if held is None else _NOT_ASKED
            _CAPTURED[key] = _Captured(draft.saved, draft.outputs, local, moves)
        return
    if found.moves is _NOT_ASKED:  # whatever comes twice may come a thousand times
        moves = moves_of(fn, held, draft.value, draft.inputs)  # type: ignore[arg-type]
        found = _CAPTURED[key] = found._replace(moves=moves)  # type: ignore[index]
    draft.saved, draft.outputs, local, draft.moves = found  # type: ignore[assignment]
    for place, use in enumerate(draft.inputs):
        if use is not None:
            use.local = local[place]


def _factor_of(draft: Draft, kind: NodeType) -> Key | None:
    """What the record of a tensor times a plain number follows from; `None` for zero, of which
    there are two, for what torch may be told to take for zero, and for integers that only a float
    holds.
    """
    value, (factor,) = draft.value, draft.operand.values  # type: ignore[union-attr,misc]
    if value is None or not _is_read(value) or not TINY < abs(factor) < HUGE:
        return None
    return (kind.name, value.shape, value.dtype, draft.operand.dtype, factor)  # type: ignore[union-attr]


def _is_read(value: Tensor) -> bool:
    """Whether a result's numbers were looked at: of a tensor on the meta device, or of a class that
    wraps others, the formula may fail.
    """
    return value.values is not None or value.minimum is not None


def _shapes_of(draft: Draft, kind: NodeType, held: Sequence[Any]) -> Key | None:
    """What the record of a node that keeps no tensor follows from; `None` where that is not known,
    or where equal keys might stand for different records (1 and 1.0, 0.0 and -0.0).
    """
    value = draft.value
    if value is None or not _is_read(value) or not _EXACT.issuperset(map(type, held)):
        return None
    key = [kind.name, value.shape, value.dtype, *held]
    for use in draft.inputs:
        if use is None:
            key.append(None)
            continue
        place = use.output_index
        source = use.source.output(place) if place else use.source.value
        if source is None:
            return None
        key += (source.shape, source.dtype)
    return tuple(key)


def _factors(draft: Draft) -> bool:
    """Gives the uses of a product their local derivatives, the factors, which it kept. `False`, and
    nothing done, where it did not keep them, or one was broadcast or is of another type.
    """
    value = draft.value
    if value is None or value.values is None or value.dtype not in REAL:
        return False
    kept = [each.value for each in reversed(draft.saved)]  # self, other: each is the other's
    if len(kept) != 2 or len(draft.inputs) != 2:
        return False
    found: list[Tensor | None] = []
    for use, factor in zip(draft.inputs, reversed(kept), strict=True):
        if use is None:
            found.append(None)
            continue
        source = use.source.output(use.output_index)
        for each in (source, factor):
            if type(each) is not Tensor or each.shape != value.shape or each.dtype != value.dtype:
                return False
        found.append(Tensor(value.shape, value.dtype, factor.values))  # type: ignore[union-attr]
    draft.outputs = 1
    for use, derivative in zip(draft.inputs, found, strict=True):
        if use is not None:
            use.local = derivative
    return True


def _local_derivatives(draft: Draft, fn: Any, kind: NodeType) -> None:
    value, inputs = draft.value, draft.inputs
    if _is_nested(draft):
        return
    try:
        if value is not None and value.values is not None and (draft.alone or kind.one_output):
            draft.outputs = 1
            found = fn(_ones(value.shape, value.dtype))
        else:
            came = _ones_for(draft, fn, kind)
            found = fn(*came) if came else ()
    except Exception:  # noqa: BLE001 - a node called alone may raise anything: not recorded
        # freed or overwritten buffers, a node that only the engine can run (of a batch norm's
        # second derivative), a result that was only expanded and does not fit the memory
        return
    if type(found) is tuple:
        for use, gradient in zip(inputs, found, strict=False):
            if use is not None and gradient is not None:
                use.local = fitted(gradient, use)
    elif inputs and inputs[0] is not None and found is not None:
        inputs[0].local = fitted(found, inputs[0])


def _is_nested(draft: Draft) -> bool:
    """Whether a nested tensor goes in or comes out: torch has no ones of its shape, and the process
    dies in formulas that get others.
    """
    value = draft.value
    if value is not None and value.dtype.startswith(NESTED):
        return True
    for use in draft.inputs:
        if use is not None:
            place = use.output_index
            value = use.source.output(place) if place else use.source.value
            if value is not None and value.dtype.startswith(NESTED):
                return True
    return False


def _ones_for(draft: Draft, fn: Any, kind: NodeType) -> list[torch.Tensor]:
    """Ones in the shapes of a node's outputs; none if nobody reads its local derivatives."""
    outputs = fn._input_metadata
    if kind.native:
        draft.outputs = len(outputs)
    value = draft.value
    if _is_large(draft) or not any(draft.inputs):
        return []
    if len(outputs) == 1 and value is not None and value.values is not None:
        return [_ones(value.shape, value.dtype)]
    if any(meta.device.type == "meta" for meta in outputs):
        return []  # of numbers that are nowhere, formulas give what happens to be in fresh memory
    return [_ones(tuple(meta.shape), str(meta.dtype).removeprefix("torch.")) for meta in outputs]


def _is_large(draft: Draft) -> bool:
    """Whether a node's result is so large that its numbers are not written down: nobody reads its
    local derivatives, which would cost a second backward run. They are not recorded.
    """
    value = draft.value
    return value is not None and value.values is None and value.size > MAX_VALUES


_ONES: Final[dict[tuple[tuple[int, ...], str], torch.Tensor]] = {}
"""Ones to apply nodes to, by shape and type; no node writes into the gradient that it receives."""
MOST_ONES: Final = 64


def _ones(shape: tuple[int, ...], dtype: str) -> torch.Tensor:
    ones = _ONES.get((shape, dtype))
    if ones is None:
        ones = torch.ones(shape, dtype=getattr(torch, dtype))
        if ones.numel() <= MAX_VALUES:
            if len(_ONES) >= MOST_ONES:
                _ONES.clear()
            _ONES[shape, dtype] = ones
    return ones


def fitted(gradient: torch.Tensor, use: Use) -> Tensor:
    """A gradient in the shape of the edge's source: the engine sums what was broadcast."""
    wanted = use.source.value if use.output_index == 0 else use.source.output(use.output_index)
    if gradient.is_nested:
        return summary(gradient)
    if wanted is None or gradient.shape == wanted.shape:
        return summary(gradient, None if wanted is None else wanted.shape)
    with quiet(), suppress(RuntimeError):  # not a broadcast of the source: shown as it is
        return summary(gradient.sum_to_size(wanted.shape))
    return summary(gradient)


def _shown(kept: torch.Tensor, draft: Draft, known: Summarised) -> Tensor:
    """What a node kept that is large; `known` are the large ones among what others kept, which
    share it often.
    """
    if kept.layout is not torch.strided or kept.is_nested or _is_wrapped(kept):
        return summary(kept)
    return _as_value(kept, draft) or _once(kept, known)


_is_wrapped: Final = torch._C._functorch.is_functorch_wrapped_tensor
"""Whether it is a tensor within `vjp` or its like, which has no memory of its own."""


def _as_value(tensor: torch.Tensor, draft: Draft) -> Tensor | None:
    """The value of a node that kept its own result, or one of its inputs: it is written down."""
    fn = tensor.grad_fn
    if fn is None:
        return None
    if fn is draft.fn:
        value = draft.output(tensor.output_nr)
    else:
        sources = (use.source for use in draft.inputs if use is not None and use.source.fn is fn)
        source = next(sources, None)
        value = None if source is None else source.output(tensor.output_nr)
    if value is None or value.minimum is None or value.shape != tensor.shape:
        return None
    return value if value.requires_grad else None


def _once(tensor: torch.Tensor, known: Summarised) -> Tensor:
    """The summary of a large tensor; of one that another node kept as well the same one."""
    where = (tensor.data_ptr(), tensor.shape, tensor.stride(), tensor.dtype, tensor.requires_grad)
    found = known.get(where)
    if found is None:
        found = known[where] = (tensor, summary(tensor))
    return found[1]


def _readable(value: Any) -> Any:
    kind = type(value)
    if kind is int:
        return value if -(2**63) <= value < 2**63 else str(value)
    if kind is bool or kind is float or value is None:
        return value
    if kind is tuple and set(map(type, value)) <= _INTEGERS:
        return _spelled(value)  # sizes and strides: most of what is kept
    return _as_text(value)


@lru_cache(maxsize=MOST_CAPTURED)
def _spelled(sizes: tuple[int, ...]) -> str:
    return str(sizes)[:200]


def _as_text(value: Any) -> Any:
    if isinstance(value, float):
        return value
    if isinstance(value, int):
        return _readable(int(value))
    return readable(str(value))[:200]
