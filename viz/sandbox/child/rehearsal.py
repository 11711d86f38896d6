"""Everything that a child might do for the first time is done once in the warm parent.

The first use of many parts of torch imports modules and opens files, which a confined child may
not. So the parent asks itself each question about programs of its own before it forks anyone.
"""

from __future__ import annotations

from typing import Final

from viz.records import (
    CurveQuestion,
    Input,
    JacobianQuestion,
    Program,
    Question,
    Span,
    SurfaceQuestion,
    TraceQuestion,
)
from viz.sandbox.child.child import Answering
from viz.sandbox.wire.answers import KINDS, encoded_job
from viz.tracing.typed.warm import warm

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

QUESTIONS: Final[tuple[Question, ...]] = (
    TraceQuestion(_EXPRESSION, {}, order=2),
    TraceQuestion(_FUNCTION, {}),
    TraceQuestion(_SCRIPT, {}),
    TraceQuestion(_FAILING, {}),
    CurveQuestion(_EXPRESSION, {}, -1.0, 1.0, points=50),
    CurveQuestion(_FUNCTION, {}, -1.0, 1.0, points=20, along="a[0]"),
    SurfaceQuestion(_EXPRESSION, {}, (-1.0, 1.0), (-1.0, 1.0), points=5),
    JacobianQuestion(_FUNCTION, {}, order=1),
    JacobianQuestion(_EXPRESSION, {}, order=2),
)


def rehearse(answering: Answering) -> None:
    """Warms torch, then answers each kind of question once; raises if an answer is broken."""
    warm()
    for question in QUESTIONS:
        answer = answering(encoded_job(question))
        if answer[:1] in KINDS:
            raise RuntimeError(f"the rehearsal of a {type(question).__name__} failed: {answer!r}")
