"""What a node knows of its own derivative: local derivatives, saved tensors.

Both are read off autograd's own nodes, before a backward run frees what they hold: a node applied
to ones gives its local derivatives, and its `_saved_…` attributes what it kept for that. Of a
`torch.autograd.Function` in Python it is what `save_for_backward` and its `ctx` hold. What a hook
of the user's packed away (`saved_tensors_hooks`, checkpoints) is left alone: to unpack it would run
the user's code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from math import prod
from operator import attrgetter
from typing import Any, Final, NamedTuple

import torch

from viz.records import MAX_VALUES, Saved, Tensor
from viz.tracing.recording.nodes.drafts import Draft, Use
from viz.tracing.recording.nodes.tensor_summary import NESTED, quiet, summary
from viz.tracing.texts import readable, shortened

_TENSOR, _BYTES = torch.Tensor, torch.uint8
LARGE: Final = 1_024
"""Elements of a result up to which local derivatives are recorded."""
MOST_KEPT: Final = 30
"""Tensors, and attributes, that are shown of a function written in Python."""
_INTEGERS: Final = {int}
_TOLD: Final = (bool, int, float, str, torch.Tensor, torch.nn.Parameter)
"""Types of a function's own attributes that are shown."""


Known = dict[tuple[Any, ...], tuple[torch.Tensor, Tensor]]
"""Large saved tensors by where they are in memory; kept alive, so that no two share a place."""


class Kind(NamedTuple):
    """What is known of a type of node."""

    saved: tuple[str, ...]
    """The attributes that tell what it keeps."""
    names: tuple[str, ...]
    """What is kept in each of them."""
    read: Callable[[Any], Sequence[Any]]
    """What reads all of it at once; raises `RuntimeError` where some of it is gone."""
    packed: tuple[str, ...]
    """Attributes that tell whether a hook packed what it keeps."""
    applicable: bool
    """Whether it tells the shapes of its outputs, so that it can be applied to ones."""
    native: bool
    """Whether it is written in C++."""


_KINDS: dict[type, Kind] = {}


def capture(drafts: Iterable[Draft], *, trusting: bool = True) -> None:
    """Writes down, while autograd still has its buffers, each node's local derivatives and
    saved tensors. Call it inside `quiet()`. Not `trusting`: somebody may have packed what nodes
    saved after they were made.
    """
    known: Known = {}
    for draft in drafts:
        fn = draft.fn
        if draft.captured or fn is None or draft.kind == "leaf":
            continue
        draft.captured = True
        kind = _KINDS.get(type(fn)) or _learnt(type(fn))
        if not (trusting and draft.unpacked) and _is_packed(fn, kind):
            draft.outputs = len(fn._input_metadata) if kind.native else 0
            continue
        if kind.saved or not kind.native:
            draft.saved = tuple(
                [
                    Saved(name, None if each is None else _shown(each, draft, known))
                    for name, each in _held(fn, kind)
                    if not (isinstance(each, _TENSOR) and each.dtype is _BYTES and each.dim() == 1)
                ]
            )
        if kind.applicable:
            _local_derivatives(draft, fn, kind)


def kept(fn: Any, *, unpacked: bool = False) -> list[tuple[str, Any]]:
    """(name, what it is) of all that a node holds for its backward run and that can be had without
    running code of the user's; nothing of a node whose buffers are freed. `unpacked`: it is known
    that no hook packed anything.
    """
    kind = _KINDS.get(type(fn)) or _learnt(type(fn))
    if not unpacked and _is_packed(fn, kind):
        return []
    return [(name, value) for name, value in _held(fn, kind) if not is_workspace(value)]


def _held(fn: Any, kind: Kind) -> Iterable[tuple[str, Any]]:
    """The same with the scratch memory of kernels, of a node of which it is known that no hook
    packed anything.
    """
    if not kind.native:
        return _kept_in_python(fn)
    try:
        return zip(kind.names, kind.read(fn), strict=True)
    except RuntimeError:
        return _what_is_left(fn, kind)


def _what_is_left(fn: Any, kind: Kind) -> list[tuple[str, Any]]:
    """The same where some of it was freed, or changed in place since."""
    found = []
    for attribute, name in zip(kind.saved, kind.names, strict=True):
        with suppress(RuntimeError):
            found.append((name, getattr(fn, attribute)))
    return found


def _kept_in_python(fn: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    with suppress(RuntimeError):
        saved = fn.saved_tensors[:MOST_KEPT]
        found += [(f"saved_tensors[{place}]", each) for place, each in enumerate(saved)]
    own = [(name, each) for name, each in vars(fn).items() if type(each) in _TOLD]
    return found + [(shortened(name), each) for name, each in own[:MOST_KEPT]]


def is_workspace(value: Any) -> bool:
    """Whether it is a row of bytes that a kernel keeps for its backward run (of a recurrent layer
    on a CPU): its scratch memory, which differs from run to run.
    """
    return isinstance(value, _TENSOR) and value.dtype is torch.uint8 and value.dim() == 1


def is_freed(fn: Any) -> bool:
    """Whether a node's buffers are gone since a backward run freed them."""
    kind = _KINDS.get(type(fn)) or _learnt(type(fn))
    if _is_packed(fn, kind):
        return False
    try:
        for attribute in kind.packed:
            getattr(fn, attribute.removeprefix("_raw") if kind.native else "saved_tensors")
    except RuntimeError as error:  # or it was written into since
        return "have already been freed" in str(error)
    return False


def _is_packed(fn: Any, kind: Kind) -> bool:
    for attribute in kind.packed:
        try:
            raw = getattr(fn, attribute)
        except RuntimeError:
            continue  # freed
        for saved in raw if isinstance(raw, tuple) else (raw,):
            if getattr(saved, "unpack_hook", None) is not None:
                return True
    return False


def _learnt(type_: type) -> Kind:
    names = dir(type_)
    native = not issubclass(type_, torch._C._FunctionBase)
    saved = tuple(name for name in names if name.startswith("_saved_"))
    if type_.__name__ == "CopySlices" or not native:
        saved = ()
    kind = _KINDS[type_] = Kind(
        saved,
        tuple(name.removeprefix("_saved_")[:80] for name in saved),
        _reading(saved),
        tuple(name for name in names if name.startswith("_raw_saved_")),
        "_input_metadata" in names,
        native,
    )
    return kind


def _reading(attributes: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    """What reads some attributes, in a row."""
    if len(attributes) > 1:
        return attrgetter(*attributes)
    read = [attrgetter(attribute) for attribute in attributes]
    return lambda fn: [each(fn) for each in read]


def _local_derivatives(draft: Draft, fn: Any, kind: Kind) -> None:
    value, inputs = draft.value, draft.inputs
    if _is_nested(draft):
        return
    try:
        if draft.alone and value is not None and value.values is not None:
            draft.outputs = 1
            ones = _ONES.get((value.shape, value.dtype))
            found = fn(_new_ones(value.shape, value.dtype) if ones is None else ones)
        else:
            came = _ones_for(draft, fn, kind)
            found = fn(*came) if came else ()
    except Exception:  # noqa: BLE001 - a node called alone may raise anything: not recorded
        # freed or overwritten buffers, a node that only the engine can run (of a batch norm's
        # second derivative), a result that was only expanded and does not fit the memory
        return
    if type(found) is not tuple:
        found = (found,)
    for use, gradient in zip(inputs, found, strict=False):
        if use is not None and gradient is not None:
            use.local = fitted(gradient, use)


def _is_nested(draft: Draft) -> bool:
    """Whether a nested tensor goes in or comes out: torch has no ones of its shape, and the process
    dies in formulas that get others.
    """
    value = draft.value
    if value is not None and value.dtype.startswith(NESTED):
        return True
    for use in draft.inputs:
        if use is not None:
            value = use.source.output(use.output_index)
            if value is not None and value.dtype.startswith(NESTED):
                return True
    return False


def _ones_for(draft: Draft, fn: Any, kind: Kind) -> list[torch.Tensor]:
    """Ones in the shapes of a node's outputs; none if nobody reads its local derivatives."""
    outputs = fn._input_metadata
    if kind.native:
        draft.outputs = len(outputs)
    value = draft.value
    if _is_large(draft) or not any(draft.inputs):
        return []
    if len(outputs) == 1 and value is not None and value.values is not None:
        ones = _ONES.get((value.shape, value.dtype))
        return [_new_ones(value.shape, value.dtype) if ones is None else ones]
    return [_ones(tuple(meta.shape), meta.dtype) for meta in outputs]


def _is_large(draft: Draft) -> bool:
    """Whether a node's result is so large that nobody reads its local derivatives, which would
    cost a second backward run: they are not recorded.
    """
    value = draft.value
    return value is not None and value.values is None and prod(value.shape) > LARGE


_ONES: Final[dict[tuple[tuple[int, ...], str], torch.Tensor]] = {}
"""Ones to apply nodes to, by shape and type; no node writes into the gradient that it receives."""
MOST_ONES: Final = 64


def _ones(shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    if prod(shape) > LARGE:
        return torch.ones(shape, dtype=dtype)
    name = str(dtype).removeprefix("torch.")
    ones = _ONES.get((shape, name))
    return _new_ones(shape, name) if ones is None else ones


def _new_ones(shape: tuple[int, ...], dtype: str) -> torch.Tensor:
    if len(_ONES) >= MOST_ONES:
        _ONES.clear()
    ones = _ONES[shape, dtype] = torch.ones(shape, dtype=getattr(torch, dtype))
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


def _shown(value: Any, draft: Draft, known: Known) -> Any:
    """What a node kept; `known` are the large ones among what others kept, which share it often."""
    if not isinstance(value, _TENSOR):
        return _readable(value)
    if value.layout is not torch.strided or value.numel() <= MAX_VALUES:
        return summary(value)
    return _as_value(value, draft) or _once(value, known)


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


def _once(tensor: torch.Tensor, known: Known) -> Tensor:
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
        return str(value)[:200]  # sizes and strides: most of what is kept
    return _as_text(value)


def _as_text(value: Any) -> Any:
    if isinstance(value, float):
        return value
    if isinstance(value, int):
        return _readable(int(value))
    return readable(str(value))[:200]
