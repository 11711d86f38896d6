"""The derivatives of a batch of results, whose lanes never touch each other, by autograd."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import torch

from viz.tracing.sampling.batch_modes import NeedsPoints
from viz.tracing.sampling.samples import Floats
from viz.tracing.sampling.tape import End
from viz.tracing.stopping import TimeIsUp, breathing, freed_in_stretches
from viz.tracing.texts import own_words

OUTLIVED: Final = "escaped from inside a function being vmapped"
"""What torch says of a batched tensor whose `vmap` is over."""
NO_CONNECTION: Final = "autograd keeps no connection from the input to the result"


class Derived(NamedTuple):
    """`rows` of a batch: f and its orders, or f, ∂x, ∂y; NaN where autograd gives none.

    `lacks` is the order from which autograd has no derivative (0: it has all) and `lack` why;
    `stop` that the time was up before all of them were made.
    """

    rows: Floats
    lacks: int = 0
    lack: str = ""
    stop: TimeIsUp | None = None


def derived(
    result: torch.Tensor,
    values: list[torch.Tensor],
    depends: bool,
    height: int,
    *,
    keep: bool,
    batched: bool = False,
) -> Derived:
    """The rows of a result, f first; `keep` leaves its graph to be gone through again.
    What runs only on the way back and wants a tensor of a `batched` run, as a checkpoint does that
    computes anew, raises `NeedsPoints`.

    `depends` tells whether the result comes from what varies: without a way back to it, a result
    that does lacks its derivative, and another has the derivative zero.
    """
    rows = np.full((height, values[0].numel()), np.nan)
    rows[0] = numbers(result)
    if len(values) == 2:
        return _partial(result, values, rows, depends, keep, batched)
    current = result
    for order in range(1, height):
        try:
            slope = _derivatives(current, values, again=order < height - 1, keep=keep)[0]
        except RuntimeError as error:
            return Derived(rows, order, _lack(error, batched))
        except TimeIsUp as stop:
            return Derived(rows, stop=stop)
        if slope is None and (depends if order == 1 else not level(rows[order - 1])):
            return Derived(rows, order, NO_CONNECTION)
        if slope is None:
            rows[order:] = 0.0
            break
        rows[order] = numbers(slope)
        current = slope
    return Derived(rows)


def derived_together(ends: list[End], values: list[torch.Tensor]) -> Floats | None:
    """f and f′ of the results of several ways, each in its own lanes, by one backward run.

    In each lane only its own way gets a gradient, the others zero, and zero times a number adds
    nothing. `None` where it might: where something is not finite, or a way has no derivative.
    """
    known: set[Any] = set()
    if len(values) > 1 or not all(end.depends and _reaches(end.result, known) for end in ends):
        return None
    rows = np.full((2, values[0].numel()), np.nan)
    weights = [torch.zeros_like(end.result) for end in ends]
    for end, weight in zip(ends, weights, strict=True):
        weight[end.lanes] = 1.0
        rows[0, end.lanes] = numbers(end.result)[end.lanes]
    breathing(*(end.result for end in ends))
    try:
        (slope,) = torch.autograd.grad(
            [end.result for end in ends], values, weights, retain_graph=True
        )
    except RuntimeError:  # told for each way on its own
        return None
    rows[1] = numbers(slope)
    lanes = np.concatenate([end.lanes for end in ends])
    return rows if np.isfinite(rows[:, lanes]).all() else None


def _reaches(result: torch.Tensor, known: set[Any]) -> bool:
    """Whether a graph goes back to what varies; `known` are nodes that do, and grows.

    In a pointwise run the only leaves of one dimension are those that vary: held inputs that take
    part are single numbers.
    """
    seen: set[Any] = set()
    trail: list[tuple[Any, Iterator[Any]]] = [(None, iter([(result.grad_fn, 0)]))]
    while trail:
        for node, _ in trail[-1][1]:
            leaf = getattr(node, "variable", None)
            if node in known or (leaf is not None and leaf.dim() == 1):
                way = [node for node, _ in trail[1:]]
                freed_in_stretches(way)
                known.update(way)
                return True
            if node is not None and node not in seen:
                seen.add(node)
                trail.append((node, iter(node.next_functions)))
                break
        else:
            trail.pop()
    return False


def _lack(error: RuntimeError, batched: bool) -> str:
    if batched and OUTLIVED in str(error):
        raise NeedsPoints from None
    return own_words(error)


def _partial(
    result: torch.Tensor,
    values: list[torch.Tensor],
    rows: Floats,
    depends: bool,
    keep: bool,
    batched: bool,
) -> Derived:
    try:
        slopes = _derivatives(result, values, again=False, keep=keep)
    except RuntimeError as error:
        return Derived(rows, 1, _lack(error, batched))
    except TimeIsUp as stop:
        return Derived(rows, stop=stop)
    if depends and all(slope is None for slope in slopes):
        return Derived(rows, 1, NO_CONNECTION)
    for row, slope in enumerate(slopes, 1):
        rows[row] = 0.0 if slope is None else numbers(slope)
    return Derived(rows)


def _derivatives(
    current: torch.Tensor, values: list[torch.Tensor], *, again: bool, keep: bool
) -> tuple[torch.Tensor | None, ...]:
    if not current.requires_grad:
        return (None,) * len(values)
    breathing(current)
    return torch.autograd.grad(
        current,
        values,
        torch.ones_like(current),
        retain_graph=again or keep,
        create_graph=again,
        allow_unused=True,
    )


def level(row: Floats) -> bool:
    """Whether a row is constant, or so in parts, as the derivative of relu: its slope is zero."""
    return len(row) < 4 or 4 * len(set(row.tolist())) <= len(row)


def numbers(tensor: torch.Tensor) -> Floats:
    """A tensor's numbers in one row."""
    plain = tensor.detach().to(torch.float64)
    if plain._is_zerotensor():  # autograd's stand-in for zeros has no memory of its own
        return np.zeros(plain.numel())
    row: Floats = plain.numpy().reshape(-1)
    return row
