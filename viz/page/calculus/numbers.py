"""The numbers of a program that a curve may run along: an input, or one element of a tensor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import Final

from viz.records import Node, Program, Tensor, Trace

MOST: Final = 64
"""Numbers that are offered."""


@dataclass(frozen=True)
class OfferedNumber:
    """One number: `along` as questions name it, and where it stands now.

    `around` are the texts before and after the number in the input's text: an element of a tensor
    is set by writing the whole tensor. `gradient` is its part of the input's gradient.
    """

    along: str
    input: str
    value: float
    gradient: float | None
    around: tuple[str, str]
    scalar: bool


def numbers_of(trace: Trace) -> tuple[OfferedNumber, ...]:
    """Every number of the inputs that can vary, at most `MOST` of them."""
    leaves = {node.name: node for node in trace.nodes if node.kind == "leaf" and node.name}
    found: list[OfferedNumber] = []
    for name in _varying(trace.program):
        leaf = leaves.get(name)
        if leaf is not None and leaf.value is not None:
            found += _elements(name, leaf, leaf.value)
    return tuple(found[:MOST])


def _varying(program: Program) -> tuple[str, ...]:
    return tuple(input.name for input in program.inputs if not input.integer)


def _elements(name: str, leaf: Node, value: Tensor) -> list[OfferedNumber]:
    flat = _real(value)
    if not flat or not all(map(math.isfinite, flat)):
        return []
    slopes = leaf.gradient
    gradients = _real(slopes) if slopes is not None and slopes.shape == value.shape else []
    places = list(product(*map(range, value.shape)))
    return [
        OfferedNumber(
            along=name + (f"[{', '.join(map(str, place))}]" if place else ""),
            input=name,
            value=flat[index],
            gradient=gradients[index] if gradients else None,
            around=_around(flat, value.shape, index),
            scalar=not place,
        )
        for index, place in enumerate(places)
    ]


def _real(tensor: Tensor) -> list[float]:
    """Its numbers; none where they are not real or not one for each place of its shape."""
    fits = tensor.values is not None and len(tensor.values) == tensor.size
    return (
        list(map(float, tensor.values or ())) if fits and tensor.dtype.startswith("float") else []
    )


def _around(flat: list[float], shape: tuple[int, ...], index: int) -> tuple[str, str]:
    """The tensor's text, cut where the element stands."""
    mark = "\0"
    texts = [repr(one) for one in flat]
    texts[index] = mark
    before, _, after = _nested(texts, shape).partition(mark)
    return before, after


def _nested(texts: list[str], shape: tuple[int, ...]) -> str:
    if not shape:
        return texts[0]
    step = len(texts) // shape[0]
    rows = (texts[start : start + step] for start in range(0, len(texts), step))
    return f"[{', '.join(_nested(list(row), shape[1:]) for row in rows)}]"
