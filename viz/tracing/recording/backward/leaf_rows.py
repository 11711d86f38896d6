"""The leaves of a run: those that have a row among its gradients, and those that nodes lead to."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from viz.tracing.recording.nodes.drafts import Draft
from viz.tracing.recording.nodes.graph import Graph
from viz.tracing.runnable import distinct


def leaf_rows(
    inputs: dict[str, torch.Tensor], graph: Graph, held: Iterable[tuple[torch.Tensor, str]]
) -> dict[str, torch.Tensor]:
    """The leaves, an input first; one without a name goes by its id.

    No two leaves share a row, and a leaf that was written into has one; one that a custom
    Function's formula made for itself has none. A parameter that the function holds and did not use
    has one as well.
    """
    rows = {id(tensor): (name, tensor) for name, tensor in inputs.items()}
    given = set(rows)
    for leaf, tensor in graph.variables.items():
        if leaf.id and leaf not in graph.passing:
            row = rows.setdefault(id(tensor), (leaf.name or leaf.id, tensor))
            if leaf.name and id(tensor) not in given:  # a name that it got later is its own
                rows[id(tensor)] = (leaf.name, row[1])
    for tensor, name in held:
        unmet = name and id(tensor) not in rows and tensor.requires_grad
        if unmet and isinstance(tensor, torch.nn.Parameter):
            rows[id(tensor)] = (name, tensor)
    names = distinct([name for name, _ in rows.values()])
    return dict(zip(names, (tensor for _, tensor in rows.values()), strict=True))


def leaves_among(reached: Iterable[Draft], graph: Graph) -> list[torch.Tensor]:
    """The leaves among some nodes, each once: what a function without inputs that require grad is
    differentiated by more than once."""
    variables = graph.variables
    found = {id(variables[each]): variables[each] for each in reached if each in variables}
    return list(found.values())
