"""The value of every node, also inside a composite call (`linear`, `norm`).

While an operation is dispatched, its node already has its number: what the first dispatch at a
number gives is the node's own result, if shape and dtype agree and nothing has written into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from viz.tracing.graph import Draft
from viz.tracing.summary import summary

_number = torch.autograd._get_sequence_nr  # type: ignore[attr-defined]


class Values(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Keeps, for the call under way, what the first dispatch at each node's number gave."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen: dict[int, tuple[Any, Any]] = {}

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
                self.seen[place] = (result, _versions(result))
        return result

    def of(self, draft: Draft) -> None:
        """Gives a draft inside a composite its value, if what was seen is surely its own."""
        result, versions = self.seen.get(draft.fn._sequence_nr(), (None, None))
        results = result if isinstance(result, tuple | list) else (result,)
        metadata = draft.fn._input_metadata
        if versions is None or versions != _versions(result) or len(results) < len(metadata):
            return
        for place, (value, meta) in enumerate(zip(results, metadata, strict=False)):
            if _fits(value, meta) and place not in draft.values:
                draft.values[place] = summary(value)


def _versions(result: Any) -> tuple[int, ...]:
    results: Iterable[Any] = result if isinstance(result, tuple | list) else (result,)
    return tuple(each._version if isinstance(each, torch.Tensor) else 0 for each in results)


def _fits(value: Any, metadata: Any) -> bool:
    """Whether a dispatched result can be the node's own: same shape and dtype."""
    return (
        isinstance(value, torch.Tensor)
        and tuple(value.shape) == tuple(metadata.shape)
        and value.dtype == metadata.dtype
    )
