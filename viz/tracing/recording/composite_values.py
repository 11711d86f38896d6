"""The value of every node, also inside a composite call (`linear`, `norm`).

While an operation is dispatched, its node already has its number: what the first dispatch at a
number gives is the node's own result, if shape and dtype agree. It is summarised at once, because
a composite may write into it a moment later.
"""

from __future__ import annotations

from typing import Any

import torch
from msgspec.structs import replace
from torch.utils._python_dispatch import TorchDispatchMode

from viz.records import Tensor
from viz.tracing.recording.graph import Draft
from viz.tracing.recording.tensor_summary import summary

_number = torch.autograd._get_sequence_nr  # type: ignore[attr-defined]


class Values(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Keeps, for the call under way, what the first dispatch at each node's number gave."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen: dict[int, tuple[Tensor | None, ...]] = {}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here: torch need not wrap the handler, which costs at each op."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        with torch._C.DisableTorchFunction():
            result = func(*args, **(kwargs or {}))
            place = _number() - 1
            if place not in self.seen:
                results = result if isinstance(result, tuple | list) else (result,)
                self.seen[place] = tuple(
                    summary(each) if isinstance(each, torch.Tensor) else None for each in results
                )
        return result

    def of(self, draft: Draft) -> None:
        """Gives a draft inside a composite its value, if what was seen is surely its own."""
        seen = self.seen.get(draft.fn._sequence_nr(), ())
        for place, (value, meta) in enumerate(zip(seen, draft.fn._input_metadata, strict=False)):
            if value is not None and draft.output(place) is None and _fits(value, meta):
                draft.give(place, replace(value, requires_grad=True))


def _fits(value: Tensor, metadata: Any) -> bool:
    """Whether a dispatched result can be the node's own: same shape and dtype."""
    return value.shape == tuple(metadata.shape) and str(metadata.dtype) == f"torch.{value.dtype}"
