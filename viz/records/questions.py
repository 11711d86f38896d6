"""The questions that may be asked of a program; a record answers each.

Input texts and `gradient` are typed text too: they are checked like the source and evaluated only
in the sandbox's child.
"""

from __future__ import annotations

from typing import Annotated, Final, Generic, Literal, TypeVar

from msgspec import Meta

from viz.records.base import (
    MAX_INPUTS,
    MAX_ORDER,
    MAX_SAMPLES,
    MAX_SEED,
    MAX_SIDE,
    MAX_STEPS,
    Name,
    Record,
    Typed,
)
from viz.records.curves import Curve, Jacobian, Surface
from viz.records.program import Program
from viz.records.trace import Trace

Answer = Trace | Curve | Surface | Jacobian
A = TypeVar("A")

Texts = Annotated[dict[Name, Typed], Meta(max_length=MAX_INPUTS)]
Seed = Annotated[int, Meta(ge=0, le=MAX_SEED)]


class Walk(Record, frozen=True):
    """Steps from a place, each by the derivatives there.

    "descent": x − rate·f′ (of two numbers by both partial derivatives); "newton": x − f/f′, which
    looks for a root of f along one number.
    """

    start: Annotated[tuple[float, ...], Meta(min_length=1, max_length=2)]
    method: Literal["descent", "newton"] = "descent"
    rate: float = 0.1
    steps: Annotated[int, Meta(ge=0, le=MAX_STEPS)] = 20


class Asks(Record, Generic[A], frozen=True):
    """A question about a program and its inputs' texts; `A` is the record that answers it.

    Each kind has a `seed` for its run's random numbers, and may have a `gradient`.
    """

    program: Program
    inputs: Texts


class TraceQuestion(Asks[Trace], frozen=True, tag="trace"):
    """What does one run record? `order` k records the k-th derivative's graph."""

    seed: Seed = 0
    order: Annotated[int, Meta(ge=1, le=MAX_ORDER)] = 1
    gradient: Typed | None = None


class CurveQuestion(Asks[Curve], frozen=True, tag="curve"):
    """How do f and its derivatives run along one number?

    `along` names an input or one element of it (`x[1, 2]`), `None` for the first; `of` as in
    `Curve`; `points` is the number of even samples that the curve starts from; `at` are further x
    between `start` and `stop` that get a sample of their own; with fewer than eight even samples no
    others are added. `walk` are steps to be taken along with it.
    """

    start: float
    stop: float
    seed: Seed = 0
    points: Annotated[int, Meta(ge=2, le=MAX_SAMPLES)] = 1_000
    order: Annotated[int, Meta(ge=0, le=MAX_ORDER)] = 1
    along: Name | None = None
    of: Name = "value"
    gradient: Typed | None = None
    at: Annotated[tuple[float, ...], Meta(max_length=200)] = ()
    walk: Walk | None = None


class SurfaceQuestion(Asks[Surface], frozen=True, tag="surface"):
    """How does f run over two numbers?

    `along` as in `CurveQuestion`, twice; `of` and `gradient` as there.
    """

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    seed: Seed = 0
    points: Annotated[int, Meta(ge=2, le=MAX_SIDE)] = 60
    along: tuple[Name, Name] | None = None
    of: Name = "value"
    walk: Walk | None = None
    gradient: Typed | None = None


class JacobianQuestion(Asks[Jacobian], frozen=True, tag="jacobian"):
    """What are all first (`order` 1) or second (`order` 2) derivatives?"""

    seed: Seed = 0
    order: Literal[1, 2] = 1
    gradient: Typed | None = None


Question = TraceQuestion | CurveQuestion | SurfaceQuestion | JacobianQuestion

ANSWERS: Final[dict[type[Question], type[Answer]]] = {
    TraceQuestion: Trace,
    CurveQuestion: Curve,
    SurfaceQuestion: Surface,
    JacobianQuestion: Jacobian,
}
"""Question → the record that answers it: the one list of the kinds of question.

`viz.tracing.questions.QUESTIONS` says what answers each and what rehearses it, and
`viz.page.lower.TABS` where it is shown."""
