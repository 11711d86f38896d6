"""What a node passes on that only moves the gradient's numbers: known from what came in.

The backward formula of a sum hands on what it gets, that of a view or a transposition in another
shape or order, that of a difference with the sign changed. Nobody needs to look behind such a node.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from operator import itemgetter
from typing import Any, Final, NamedTuple

import torch

from viz.records import Tensor
from viz.tracing.recording.nodes.drafts import Use
from viz.tracing.recording.nodes.node_types import MOVING

REAL: Final = ("float32", "float64")


class Move(NamedTuple):
    """Where the numbers of a gradient go."""

    shape: tuple[int, ...]
    take: Callable[[tuple[Any, ...]], tuple[Any, ...]] | None
    """A row of numbers → the row that is passed on; `None`: the same."""
    turned: bool = False
    """Whether many numbers, of which the range alone is written down, change their sign."""


Moves = tuple[Move | None, ...]
"""What a node passes on to each of its inputs."""


def moved(gradient: Tensor | None, move: Move | None) -> Tensor | None:
    """What of a gradient that came in is passed on."""
    if gradient is None or move is None:
        return None
    values = gradient.values
    if move.take is None:
        if gradient.shape == move.shape and not move.turned:
            return gradient
    else:
        values = move.take(values)  # type: ignore[arg-type]
    low, high, mean = gradient.minimum, gradient.maximum, gradient.mean
    if move.turned and low is not None and high is not None and mean is not None:
        low, high, mean = -high, -low, -mean
    return Tensor(move.shape, gradient.dtype, values, low, high, mean)


def moves_of(
    fn: Any, held: Sequence[Any], value: Tensor, inputs: Sequence[Use | None]
) -> Moves | None:
    """How a node moves the numbers of the gradient of its `value`; `None` if that is not all that
    it does, or, of many numbers, if it does not pass on all of them. `held` are the attributes that
    it keeps.
    """
    name = type(fn).__name__
    if name not in MOVING or value.dtype not in REAL or (name in _SCALED and held[0] != 1):
        return None
    if value.values is None:
        return _of_many(name, value, inputs)
    dtype = getattr(torch, value.dtype)
    labels = torch.arange(1, prod(value.shape) + 1, dtype=dtype).reshape(value.shape)
    passed = fn(labels)
    gradients = passed if isinstance(passed, tuple) else (passed,)
    if len(gradients) != len(inputs):
        return None
    found: list[Move | None] = []
    for use, gradient in zip(inputs, gradients, strict=True):
        if gradient is None or use is None:
            found.append(None)
            continue
        source = use.source.output(use.output_index)
        if source is None or source.values is None or source.dtype != value.dtype:
            return None  # of another type the engine makes it
        if gradient.dtype is not dtype or tuple(gradient.shape) != source.shape:
            return None
        found.append(Move(source.shape, _taking(gradient.flatten().tolist(), labels.numel())))
    return tuple(found)


def _of_many(name: str, value: Tensor, inputs: Sequence[Use | None]) -> Moves | None:
    """The same of a node by its name, where only the range of the numbers is written down."""
    if name in _PICKING:
        return None
    found: list[Move | None] = []
    for place, use in enumerate(inputs):
        if use is None:
            found.append(None)
            continue
        source = use.source.output(use.output_index)
        if source is None or source.dtype != value.dtype or source.size != value.size:
            return None
        turned = name == "NegBackward0" or (name == "SubBackward0" and place == 1)
        found.append(Move(source.shape, None, turned))
    return tuple(found)


_PICKING: Final = frozenset(
    ("SelectBackward0", "SliceBackward0", "StackBackward0", "CatBackward0", "DiagonalBackward0")
)
"""Nodes that pass on zeros as well, or to each input a part."""
_SCALED: Final = ("AddBackward0", "SubBackward0")
"""What keeps a factor of the second operand first of all."""


def _taking(labels: list[float], count: int) -> Callable[[Any], tuple[Any, ...]] | None:
    places = [int(each) for each in labels]
    if places == list(range(1, count + 1)):
        return None
    if len(places) > 1 and min(places) > 0:
        taking: Callable[[Any], tuple[Any, ...]] = itemgetter(*[place - 1 for place in places])
        return taking
    return partial(_signed, tuple(places))


def _signed(places: tuple[int, ...], values: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(
        [0.0 if not at else values[at - 1] if at > 0 else -values[-at - 1] for at in places]
    )
