"""Question and program → the record that answers it: what the sandbox's child calls.

`QUESTIONS` has a row for each kind of question that `viz.records` knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import torch
from msgspec.structs import replace

from viz.records import (
    Answer,
    Curve,
    CurveQuestion,
    Failure,
    Input,
    Jacobian,
    JacobianQuestion,
    Program,
    Question,
    Span,
    Surface,
    SurfaceQuestion,
    Trace,
    TraceQuestion,
)
from viz.tracing.calculus.curve import sample_curve
from viz.tracing.calculus.jacobian import all_derivatives
from viz.tracing.calculus.surface import sample_surface
from viz.tracing.hints.fitting_starts import fitting_starts, floating_starts
from viz.tracing.recording.trace import record
from viz.tracing.recording.useless import WHOLE
from viz.tracing.runnable import Runnable
from viz.tracing.stopping import rescuing

_EXPRESSION: Final = Program(
    "sin(x)*y + x**2", "expression", (Input("x", "1.5"), Input("y", "torch.ones(2).sum()"))
)
_FUNCTION: Final = Program(
    "def f(a):\n    b = a * 2\n    while b.norm() < 10:\n        b = b * 2\n    return b.sum()\n",
    "function",
    (Input("a", "torch.randn(3)"),),
    "f",
)
_SCRIPT: Final = Program(
    "x = torch.arange(4.0, requires_grad=True)\ny = 2 * torch.dot(x, x)\nprint(y)\ny.backward()\n"
    "x.grad",
    "script",
    cells=(Span(1, 0, 5, 6),),
)
_FAILING: Final = Program(
    "def f(x):\n    return x @ torch.ones(3)\n", "function", (Input("x", "[1, 2]"),), "f"
)


@dataclass(frozen=True)
class QuestionKind:
    """How a kind of question is answered.

    `function` takes the program, the question and the value of its `gradient`; `rehearsals` are
    questions that use, before anything is confined, whatever answering may need from the system.
    """

    function: Callable[[Runnable, Any, torch.Tensor | None], Answer]
    rehearsals: tuple[Question, ...]
    unfinished: Callable[[Any, Failure], Answer]
    """The record of a question whose run could not be ended otherwise than with its process."""


def _traced(runnable: Runnable, question: TraceQuestion, gradient: torch.Tensor | None) -> Trace:
    trace = record(runnable, order=question.order, gradient=gradient, seed=question.seed)
    if trace.failure is None:
        return trace
    failure = trace.failure
    if starts := floating_starts(runnable, question.inputs):
        failure = WHOLE if failure.type == WHOLE.type else failure
    else:
        starts = fitting_starts(runnable, failure)
    return replace(trace, failure=replace(failure, starts=starts)) if starts else trace


QUESTIONS: Final[dict[type[Question], QuestionKind]] = {
    TraceQuestion: QuestionKind(
        _traced,
        (
            TraceQuestion(_EXPRESSION, {}, order=2),
            TraceQuestion(_FUNCTION, {}),
            TraceQuestion(_SCRIPT, {}),
            TraceQuestion(_FAILING, {}),
        ),
        lambda question, failure: Trace(question.program, failure=failure),
    ),
    CurveQuestion: QuestionKind(
        sample_curve,
        (
            CurveQuestion(_EXPRESSION, {}, -1.0, 1.0, points=50),
            CurveQuestion(_FUNCTION, {}, -1.0, 1.0, points=20, along="a[0]"),
        ),
        lambda question, failure: Curve((), ((),) * (question.order + 1), failure=failure),
    ),
    SurfaceQuestion: QuestionKind(
        sample_surface,
        (SurfaceQuestion(_EXPRESSION, {}, (-1.0, 1.0), (-1.0, 1.0), points=5),),
        lambda _, failure: Surface((), (), (), (), (), failure=failure),
    ),
    JacobianQuestion: QuestionKind(
        all_derivatives,
        (JacobianQuestion(_FUNCTION, {}, order=1), JacobianQuestion(_EXPRESSION, {}, order=2)),
        lambda question, failure: Jacobian((), (), question.order, failure=failure),
    ),
}


def answer(question: Question, runnable: Runnable, gradient: torch.Tensor | None = None) -> Answer:
    """The record that answers `question`; `gradient` is the value of the question's own text."""
    kind = QUESTIONS[type(question)]

    def unfinished(line: Span | None) -> Answer:
        return kind.unfinished(question, Failure("TimeIsUp", "", line))

    with rescuing(unfinished):
        return kind.function(runnable, question, gradient)
