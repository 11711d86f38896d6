"""Question and program → the record that answers it: what the sandbox's child calls."""

from __future__ import annotations

import torch

from viz.records import (
    Curve,
    CurveQuestion,
    Jacobian,
    JacobianQuestion,
    Question,
    Surface,
    SurfaceQuestion,
    Trace,
    TraceQuestion,
)
from viz.tracing.recording.trace import record
from viz.tracing.runnable import Runnable

Answer = Trace | Curve | Surface | Jacobian


def answer(question: Question, runnable: Runnable, gradient: torch.Tensor | None = None) -> Answer:
    """The record that answers `question`; `gradient` is the value of the question's own text."""
    match question:
        case TraceQuestion():
            return record(runnable, order=question.order, gradient=gradient, seed=question.seed)
        case CurveQuestion():
            from viz.tracing.calculus.curve import sample_curve

            return sample_curve(runnable, question, gradient)
        case SurfaceQuestion():
            from viz.tracing.calculus.surface import sample_surface

            return sample_surface(runnable, question, gradient)
        case JacobianQuestion():
            from viz.tracing.calculus.jacobian import all_derivatives

            return all_derivatives(runnable, question, gradient)
