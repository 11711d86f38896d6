"""Curves, surfaces and Jacobians: f and its derivatives over one, two or all inputs."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from msgspec import Meta

from viz.records.base import (
    MAX_MATRIX,
    MAX_ORDER,
    MAX_SAMPLES,
    MAX_SIDE,
    MAX_STEPS,
    Count,
    Measured,
    Name,
    SampleNumbers,
    Shape,
)
from viz.records.shown import shown
from viz.records.trace import Decision, Failure, Tensor

WalkSteps = Annotated[
    tuple[Annotated[tuple[float, ...], Meta(min_length=3, max_length=5)], ...],
    Meta(max_length=MAX_STEPS + 1),
]
"""A walk: at each step the place (one or two numbers), f there, and its derivatives there."""


def _failed(failure: Failure | None) -> str:
    return "" if failure is None else f"; {failure.type}: {failure.message[:80]}"


def _check_ascends(places: tuple[float, ...]) -> None:
    """Raises `ValueError` for places out of order or not finite."""
    if not all(map(operator.le, places, places[1:])):
        raise ValueError("the samples are not in order")
    if not all(map(math.isfinite, places[:1] + places[-1:])):
        raise ValueError("a sample stands at no finite place")


class Gap(Measured, frozen=True):
    """A place where a curve is not joined, or not smooth.

    `start == stop` is a point, else a stretch of x. Kinds: "jump" (f has two limits), "pole" (f
    grows without bound), "undefined" (f is NaN or fails), "kink" (f is joined, its derivative of
    `order` jumps), "unresolved" (f oscillates faster than the samples can show). `left` and
    `right` are the one-sided values of the derivative of `order` (0: of f itself); `answer` is
    what PyTorch answers at the point itself. `reason` names the exception of a stretch that failed.
    """

    kind: Literal["jump", "pole", "undefined", "kink", "unresolved"]
    start: float
    stop: float
    order: Annotated[int, Meta(ge=0, le=MAX_ORDER)] = 0
    left: float | None = None
    right: float | None = None
    answer: float | None = None
    reason: Annotated[str, Meta(max_length=1_000)] = ""


class Path(Measured, frozen=True):
    """One way through the code's decisions, and the stretches of x that took it."""

    decisions: Annotated[tuple[Decision, ...], Meta(max_length=1_000)]
    stretches: Annotated[tuple[tuple[float, float], ...], Meta(max_length=MAX_SAMPLES)]


class Curve(Measured, frozen=True, gc=True, weakref=True):
    """f and its derivatives along one number.

    `x` ascends, n samples in float64; `derivatives` is (order + 1) × n, row 0 is f itself. A
    sample where a derivative is not defined holds NaN. `along` names what varies: an input (`x`)
    or one element of it (`x[1, 2]`); `of` what is shown of the result: "value", "sum", an
    element (`[0, 1]`) or "gradient" (the product with `gradient=`). `random`: the function draws
    random numbers (each sample from the same seed); `batched`: no sample had to be run on its
    own; `runs`: how often the function was run; `walk`: the steps that the question asked for, each
    (x, f, f′).
    """

    x: SampleNumbers
    derivatives: Annotated[tuple[SampleNumbers, ...], Meta(max_length=MAX_ORDER + 1)]
    along: Name = "x"
    of: Name = "value"
    paths: Annotated[tuple[Path, ...], Meta(max_length=MAX_SAMPLES)] = ()
    gaps: Annotated[tuple[Gap, ...], Meta(max_length=MAX_SAMPLES)] = ()
    failure: Failure | None = None
    random: bool = False
    batched: bool = True
    runs: Count = 0
    walk: WalkSteps = ()

    def __repr__(self) -> str:
        stretch = f" from {self.x[0]:.6g} to {self.x[-1]:.6g}" if self.x else ""
        return (
            f"Curve along {self.along}{stretch}: {len(self.x):,} samples of f"
            f"{' and its derivatives up to order ' if len(self.derivatives) > 1 else ''}"
            f"{max(len(self.derivatives) - 1, 0) or ''}{_failed(self.failure)}"
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return shown(self)

    def __post_init__(self) -> None:
        if any(len(row) != len(self.x) for row in self.derivatives):
            raise ValueError(f"a derivative does not have {len(self.x)} samples")
        _check_ascends(self.x)


class Surface(Measured, frozen=True, gc=True, weakref=True):
    """f over two numbers, with its gradient field.

    `value[row][column]` is f(x[column], y[row]); `dx` and `dy` are its partial derivatives;
    `walk` has the steps that the question asked for, each (x, y, f, ∂f/∂x, ∂f/∂y).
    """

    x: Annotated[tuple[float, ...], Meta(max_length=MAX_SIDE)]
    y: Annotated[tuple[float, ...], Meta(max_length=MAX_SIDE)]
    value: Annotated[tuple[tuple[float, ...], ...], Meta(max_length=MAX_SIDE)]
    dx: Annotated[tuple[tuple[float, ...], ...], Meta(max_length=MAX_SIDE)]
    dy: Annotated[tuple[tuple[float, ...], ...], Meta(max_length=MAX_SIDE)]
    along: tuple[Name, Name] = ("x", "y")
    failure: Failure | None = None
    walk: WalkSteps = ()

    def __repr__(self) -> str:
        along = f"{self.along[0]} and {self.along[1]}"
        return (
            f"Surface over {along}: f and its gradient at {len(self.x)} × {len(self.y)} places"
            f"{_failed(self.failure)}"
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return shown(self)

    def __post_init__(self) -> None:
        for field in (self.value, self.dx, self.dy):
            if len(field) != len(self.y) or any(len(row) != len(self.x) for row in field):
                raise ValueError(f"a field is not {len(self.y)} × {len(self.x)}")
        _check_ascends(self.x)
        _check_ascends(self.y)


class Block(Measured, frozen=True):
    """The derivatives of the flattened result with respect to one flattened input.

    `shape` is (result's size, input's size); `values` are its rows, `None` when a side is longer
    than `MAX_MATRIX` (then `summary` stands in). `input_shape` is the input's own shape.
    """

    name: Name
    shape: tuple[Count, Count]
    input_shape: Shape
    values: Annotated[tuple[tuple[float, ...], ...], Meta(max_length=MAX_MATRIX)] | None
    summary: Tensor | None = None
    product: Tensor | None = None
    """vᵀJ for the asked `gradient=` v, as `backward` left it in `.grad`."""

    def __post_init__(self) -> None:
        rows, columns = self.shape
        matrix = self.values
        if matrix is not None and (
            len(matrix) != rows or any(len(row) != columns for row in matrix)
        ):
            raise ValueError(f"a matrix is not {rows} × {columns}")


class Jacobian(Measured, frozen=True, gc=True, weakref=True):
    """All first derivatives (`order` 1) or, of a scalar, all second ones (`order` 2: the Hessian).

    `blocks` has one entry for each input (order 1), or one for each pair, row by row (order 2,
    named ``x, y``).
    """

    output_shape: Shape
    blocks: Annotated[tuple[Block, ...], Meta(max_length=1_024)]
    order: Literal[1, 2] = 1
    value: Tensor | None = None
    vector: Tensor | None = None
    failure: Failure | None = None

    def __repr__(self) -> str:
        blocks = ", ".join(f"{each.name} {each.shape[0]} × {each.shape[1]}" for each in self.blocks)
        kind = "Hessian" if self.order == 2 else "Jacobian"
        return f"{kind}: {blocks[:160] or 'nothing'}{_failed(self.failure)}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return shown(self)

    def tensors(self) -> Iterator[Tensor]:
        """Every tensor in it."""
        held = [self.value, self.vector]
        held += [each for block in self.blocks for each in (block.summary, block.product)]
        return (tensor for tensor in held if tensor is not None)
