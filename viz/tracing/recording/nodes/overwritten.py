"""What was written into past autograd's back: under `no_grad`, through `.data` and `.detach()`.

No node tells of it, and whoever uses the tensor later computes with what is there then. So the node
shows that, and keeps what was there before among what it saved, under `BEFORE`; a leaf is a new
leaf from then on. What numpy writes into a tensor's memory is not heard of.
"""

from __future__ import annotations

import weakref
from typing import Final

import torch

from viz.records import Saved
from viz.tracing.recording.nodes.drafts import Draft, gathers, node_of
from viz.tracing.recording.nodes.graph import Graph
from viz.tracing.recording.nodes.tensor_summary import summary

BEFORE: Final = "value before it was overwritten"
MOST_ALIASES: Final = 20
"""Aliases of aliases that are followed."""


class Aliases:
    """Which tensors were made, without a node, on the memory of others."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._sources: dict[int, tuple[weakref.ref[torch.Tensor], weakref.ref[torch.Tensor]]] = {}

    def learn(self, made: torch.Tensor, source: torch.Tensor) -> None:
        """`made` came of `source` and may look into its memory."""
        if made is not source:
            owner = self._source(source)  # what lies between may be gone when it is asked for
            self._sources[id(made)] = (
                weakref.ref(made),
                weakref.ref(source if owner is None else owner),
            )

    def _source(self, made: torch.Tensor) -> torch.Tensor | None:
        ref, source = self._sources.get(id(made), (None, None))
        return source() if ref is not None and source is not None and ref() is made else None

    def written(self, tensor: torch.Tensor) -> None:
        """Somebody wrote into a tensor: what shows the values of its memory shows them anew."""
        for each in self._owners(tensor):
            fn = node_of(each)
            draft = self._graph.by_fn.get(fn) if fn is not None else None
            if draft is not None:
                _shows_anew(draft, each)
            elif fn is None and each is not tensor and gathers(each):
                known = self._graph.knowledge(each)
                if known is not None:
                    known.version = -1

    def _owners(self, tensor: torch.Tensor) -> list[torch.Tensor]:
        """The tensor, what it is a view of, and what that is an alias of."""
        found = [tensor]
        for each in found:
            for one in (each._base, self._source(each)):
                if one is not None and len(found) < MOST_ALIASES and _share(one, tensor):
                    found.append(one)
        return found


def _share(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two tensors look into the same memory; what has none to tell does not,
    nor does a parameter that is still to get its shape."""
    try:
        return one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()
    except (NotImplementedError, RuntimeError, ValueError):
        return False


def _shows_anew(draft: Draft, tensor: torch.Tensor) -> None:
    before, now = draft.output(tensor.output_nr), summary(tensor)
    # by their texts: two that are not a number are not equal
    if before is not None and repr(before) != repr(now):
        draft.give(tensor.output_nr, now)
        draft.overwritten = draft.overwritten or Saved(BEFORE, before)
