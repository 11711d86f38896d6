"""What a node saved for its backward run, read without running any code of the user's.

Autograd's own nodes tell it by their `_saved_…` attributes, a `torch.autograd.Function` in Python
by `save_for_backward` and its `ctx`. What a hook of the user's packed away (`saved_tensors_hooks`,
checkpoints) is left alone: to unpack it would run the user's code.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, Final

import torch

from viz.tracing.recording.nodes.node_types import NodeType, type_of
from viz.tracing.texts import shortened

MOST_KEPT: Final = 30
"""Tensors, and attributes, that are shown of a function written in Python."""
_PLAIN: Final = (bool, int, float, str)
_TOLD: Final = (*_PLAIN, torch.Tensor, torch.nn.Parameter, torch.dtype, torch.device)
_ROWS: Final = (tuple, list, torch.Size)
"""Types of a function's own attributes that are shown; of the rows those of plain values."""


def kept(fn: Any) -> list[tuple[str, Any]]:
    """(name, what it is) of all that a node holds for its backward run and that can be had without
    running code of the user's; nothing of a node whose buffers are freed.
    """
    kind = type_of(fn)
    if is_packed(fn, kind):
        return []
    with as_it_is():
        return [(name, value) for name, value in held_by(fn, kind) if not is_workspace(value)]


def as_it_is() -> AbstractContextManager[Any]:
    """Inside, what was saved of a class that wraps tensors is unpacked as that: without its class
    it has no memory, and to read it ends the process. A mode of the user's sees none of it.
    """
    if torch._C._len_torch_dispatch_stack():
        return nullcontext()
    guard: AbstractContextManager[Any] = torch._C._SetExcludeDispatchKeyGuard(
        torch._C.DispatchKey.Python, False
    )
    return guard


def held_by(fn: Any, kind: NodeType) -> Iterable[tuple[str, Any]]:
    """The same with the scratch memory of kernels, of a node of which it is known that no hook
    packed anything.
    """
    if not kind.native:
        return _kept_in_python(fn)
    try:
        return kind.named(fn)
    except RuntimeError:
        return _what_is_left(fn, kind)


def tensors_held_by(fn: Any, kind: NodeType) -> Iterable[Any]:
    """Of all that, what may be a tensor (or a list of some), or `None`."""
    try:
        if kind.native:
            return kind.tensors(fn)
    except RuntimeError:
        return [value for _, value in _what_is_left(fn, kind)]
    return [value for _, value in _kept_in_python(fn)]


def _what_is_left(fn: Any, kind: NodeType) -> list[tuple[str, Any]]:
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
    own = [(name, each) for name, each in vars(fn).items() if _is_told(each)]
    return found + [(shortened(name), each) for name, each in own[:MOST_KEPT]]


def _is_told(value: Any) -> bool:
    """Whether an attribute is shown: what can be written out without asking code of the user's."""
    if type(value) in _ROWS:
        return len(value) <= MOST_KEPT and all(type(each) in _PLAIN for each in value)
    return type(value) in _TOLD


def is_workspace(value: Any) -> bool:
    """Whether it is a row of bytes that a kernel keeps for its backward run (of a recurrent layer
    on a CPU): its scratch memory, which differs from run to run.
    """
    return isinstance(value, torch.Tensor) and value.dtype is torch.uint8 and value.dim() == 1


def is_freed(fn: Any) -> bool:
    """Whether a node's buffers are gone since a backward run freed them."""
    kind = type_of(fn)
    if is_packed(fn, kind):
        return False
    try:
        for attribute in kind.packed:
            getattr(fn, attribute.removeprefix("_raw") if kind.native else "saved_tensors")
    except RuntimeError as error:  # or it was written into since
        return "have already been freed" in str(error)
    return False


def is_packed(fn: Any, kind: NodeType) -> bool:
    for attribute in kind.packed:
        try:
            raw = getattr(fn, attribute)
        except RuntimeError:
            continue  # freed
        for saved in raw if isinstance(raw, tuple) else (raw,):
            if getattr(saved, "unpack_hook", None) is not None:
                return True
    return False
