"""Values inside a composite call that nothing kept, computed once more node by node.

Of a node whose operation is known by name (a sum, a product of matrices, a split) the result is
computed from what went in, by the same function of torch on the same tensors: those that other
nodes of the call kept, leaves, and what was computed here before. So the steps of a recurrent layer
need not be run again as a whole beside the real ones, under a mode that sees each operation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import torch
from msgspec.structs import replace

from viz.tracing.recording.nodes.drafts import AccumulateGrad, Draft
from viz.tracing.recording.nodes.node_types import ONE_OUTPUT
from viz.tracing.recording.nodes.tensor_summary import TORCHS_OWN, known_shape, quiet, summary

Tensors = dict[tuple[Any, int], torch.Tensor]
"""Tensors by autograd's node that they come from, and by which of its outputs they are."""
Given = Callable[[int], torch.Tensor]
"""What went into a node at a place; raises `NotKnown`."""
Results = torch.Tensor | Sequence[torch.Tensor]
MOST_ELEMENTS: Final = 1 << 20
"""Of a tensor that is held here until all of the call are computed."""


class NotKnown(LookupError):
    """What went into a node is not to be had here, or was not computed as it is here."""


def usable(tensor: torch.Tensor) -> bool:
    """Whether something may be computed of a tensor: of one of torch's own, and not huge."""
    return (
        type(tensor) in TORCHS_OWN
        and tensor.layout is torch.strided
        and not tensor.is_nested
        and tensor.numel() <= MOST_ELEMENTS
    )


def _kept(kept: torch.Tensor | None, given: Given, place: int) -> torch.Tensor:
    if kept is None:
        return given(place)
    if not usable(kept):
        raise NotKnown
    return kept


def _alike(one: torch.Tensor, other: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Two operands of one type: of others the result's depends on where they came from."""
    if one.dtype is not other.dtype:
        raise NotKnown
    return one, other


def _unscaled(fn: Any, given: Given) -> tuple[torch.Tensor, torch.Tensor]:
    """The operands of a sum without a factor, with which a kernel may round once or twice."""
    if fn._saved_alpha != 1:
        raise NotKnown
    return _alike(given(0), given(1))


def _addmm(fn: Any, given: Given) -> torch.Tensor:
    if fn._saved_alpha != 1 or fn._saved_beta != 1:
        raise NotKnown
    left, right = _kept(fn._saved_mat1, given, 1), _kept(fn._saved_mat2, given, 2)
    return torch.addmm(given(0), left, right)


def _split(fn: Any, given: Given) -> Results:
    parts: Results = torch.split(given(0), fn._saved_split_size, fn._saved_dim)
    return parts


def _reshaped(fn: Any, given: Given) -> torch.Tensor:
    shape = known_shape(fn._input_metadata[0])
    if shape is None:
        raise NotKnown
    return given(0).reshape(shape)


COMPUTED: Final[dict[str, Callable[[Any, Given], Results]]] = {
    "AddBackward0": lambda fn, given: torch.add(*_unscaled(fn, given)),
    "SubBackward0": lambda fn, given: torch.sub(*_unscaled(fn, given)),
    "MulBackward0": lambda fn, given: torch.mul(
        *_alike(_kept(fn._saved_self, given, 0), _kept(fn._saved_other, given, 1))
    ),
    "MmBackward0": lambda fn, given: torch.mm(
        _kept(fn._saved_self, given, 0), _kept(fn._saved_mat2, given, 1)
    ),
    "AddmmBackward0": _addmm,
    "TBackward0": lambda _, given: given(0).t(),
    "ViewBackward0": _reshaped,
    "UnsafeViewBackward0": _reshaped,
    "SplitBackward0": _split,
    "UnsafeSplitBackward0": _split,
    "UnbindBackward0": lambda fn, given: given(0).unbind(fn._saved_dim),
    "StackBackward0": lambda fn, given: torch.stack(
        [given(place) for place in range(len(fn.next_functions))], fn._saved_dim
    ),
}
"""How what a node gave is computed once more, by its name."""
_SEVERAL: Final = frozenset(COMPUTED) - ONE_OUTPUT
_OPERANDS: Final = {"MulBackward0": ("_saved_self", "_saved_other")}
"""Nodes that kept what went in, place by place, though it was written into since: as a copy that
does not tell where it came from.
"""


def computed(drafts: Sequence[Draft], tensors: Tensors) -> bool:
    """Gives the nodes of a composite call, in the order of the run, the values that they lack.

    `tensors` are those that are known; what is computed is added. `False`, and nothing given, if
    some cannot be computed.
    """
    for draft in drafts:
        known = COMPUTED if draft.value is None else ONE_OUTPUT
        if draft.op not in known and draft.op not in _SEVERAL:
            return False
    found: list[tuple[Draft, Sequence[torch.Tensor]]] = []
    with quiet():
        operands: Tensors | None = None
        for draft in drafts:
            several = draft.op in _SEVERAL
            if not several and (draft.op not in COMPUTED or (draft.fn, 0) in tensors):
                continue
            try:
                found.append((draft, _results(draft.op, draft.fn, tensors)))
            except (NotKnown, RuntimeError):
                if draft.value is not None and not several:
                    continue
                if operands is None:
                    operands = _operands(drafts)
                kept = operands.get((draft.fn, 0))
                if kept is None or several:
                    return False
                tensors[draft.fn, 0] = kept
                found.append((draft, (kept,)))
        for draft, results in found:
            for place, result in enumerate(results):
                if draft.output(place) is None:
                    draft.give(place, replace(summary(result), requires_grad=True))
    return True


def _operands(drafts: Sequence[Draft]) -> Tensors:
    """What `_OPERANDS` kept, by where it came from."""
    found: Tensors = {}
    for draft in drafts:
        for source, attribute in zip(
            draft.fn.next_functions, _OPERANDS.get(draft.op, ()), strict=False
        ):
            with suppress(RuntimeError):
                kept = getattr(draft.fn, attribute)
                if source[0] is not None and kept is not None and usable(kept):
                    found[source] = kept
    return found


def _results(op: str, fn: Any, tensors: Tensors) -> Sequence[torch.Tensor]:
    """What a node gave, which later ones find in `tensors`."""
    sources = fn.next_functions

    def given(place: int) -> torch.Tensor:
        source = sources[place]
        tensor = tensors.get(source)
        if tensor is None:
            if type(source[0]) is not AccumulateGrad or not usable(source[0].variable):
                raise NotKnown
            tensor = tensors[source] = source[0].variable.detach()
        return tensor

    made = COMPUTED[op](fn, given)
    results = (made,) if isinstance(made, torch.Tensor) else made
    for place, each in enumerate(results):
        tensors.setdefault((fn, place), each)
    return results
