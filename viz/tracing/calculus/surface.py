"""Surfaces: f over two numbers, with its gradient field.

`surface(function, x_range, y_range)` samples a Python function of your own; `sample_surface` the
same of a prepared program. `value[row][column]` is f(x[column], y[row]). float64; each sample is
what a run of its own would give. A sample that fails or is not finite holds NaN.

Errors: `InputRejected` for an `along`, `of` or range that does not fit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
import torch

from viz.errors import N_, InputRejected, problem
from viz.records import Failure, Surface, SurfaceQuestion
from viz.tracing.calculus.curve import failure_in, let_go_of, source_map
from viz.tracing.calculus.descent import walked
from viz.tracing.calculus.own_failure import chosen, told
from viz.tracing.calculus.search.grid import plain
from viz.tracing.recording.options import samples
from viz.tracing.runnable import TYPED, Runnable, copying, of_function, wrote_into_a_leaf
from viz.tracing.sampling.sampler import Sampler
from viz.tracing.sampling.samples import Floats
from viz.tracing.sampling.varying import Looked, Varying, numbers_that_vary, span_of_range, varying
from viz.tracing.state.one_look import by_itself
from viz.tracing.untouched import untouched

Field = tuple[tuple[float, ...], ...]


def surface(
    function: Callable[..., Any],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    *,
    points: int = 60,
    partial: bool = False,
) -> Surface:
    """f(x, y) and its two partial derivatives on a grid of `points` × `points`.

    f is called with two numbers, 0-dim float64 tensors; of a larger result the sum is shown. Raises
    `InputRejected` for ranges or `points` that do not fit, `FunctionFailed` where f raises
    everywhere; where it does in some places, NaN stands there, and a warning says why. With
    `partial` what there is comes back in any case.
    """
    x_range, y_range = _pair("x_range", x_range), _pair("y_range", y_range)
    runnable = of_function(function, (x_range[0], y_range[0]))
    points = samples(points)
    question = SurfaceQuestion(runnable.program, {}, x_range, y_range, points=points)
    try:
        with untouched(function, float64=True):
            found, error = _sampled_surface(runnable, question)
            if wrote_into_a_leaf(error):
                found, error = _sampled_surface(copying(runnable), question)
        return told(found, error, source_map(runnable), partial=partial)
    finally:
        error = None  # what it passed through leads back here, and to the caller's variables


@by_itself()
def _pair(name: str, given: Any) -> tuple[float, float]:
    """The two ends of a range."""
    try:
        start, stop = map(float, given)
    except (TypeError, ValueError, RuntimeError):
        raise InputRejected(
            problem(
                N_("{name} is not a pair of numbers: {given}."),
                N_("Write where it starts and where it stops: (-1, 1)."),
                name=name,
                given=repr(given)[:80],
            )
        ) from None
    return start, stop


def sample_surface(
    runnable: Runnable, question: SurfaceQuestion, gradient: torch.Tensor | None = None
) -> Surface:
    """The answer to a question for a surface; see the module."""
    return _sampled_surface(runnable, question, gradient)[0]


def _sampled_surface(
    runnable: Runnable, question: SurfaceQuestion, gradient: torch.Tensor | None = None
) -> tuple[Surface, BaseException | None]:
    """The surface, and what some of its samples ended with."""
    if runnable.function is None:
        words = "a script has no inputs that could vary"
        return Surface((), (), (), (), (), failure=Failure("TypeError", words)), None
    varied = _two(runnable, question.along)
    xs = np.linspace(*span_of_range(*question.x_range), question.points)
    ys = np.linspace(*span_of_range(*question.y_range), question.points)
    places = cache(lambda: source_map(runnable))
    sampler = Sampler(
        runnable,
        varied,
        Looked(question.of, gradient),
        seed=question.seed,
        owns=lambda frame: places().owns(frame),
    )
    columns, rows = np.meshgrid(xs, ys)
    found = sampler(columns.ravel(), rows.ravel()).rows
    found[~np.isfinite(found)] = np.nan
    value, dx, dy = (_field(row, len(xs)) for row in found)
    walk = walked(sampler, question.walk)
    along = (varied[0].name, varied[1].name)
    if runnable.filename != TYPED:
        chosen(sampler.parts)
    failure = failure_in(sampler, places())
    axes = (tuple(xs.tolist()), tuple(ys.tolist()))
    return Surface(*axes, value, dx, dy, along, failure, walk), let_go_of(sampler)


TOO_FEW: Final = (
    (
        N_("A surface needs two numbers that vary; here there is none."),
        N_("Give the function two parameters that hold floating-point numbers."),
    ),
    (
        N_("A surface needs two numbers that vary; here there is one."),
        N_("Give the function a second parameter that holds a floating-point number."),
    ),
)
"""What is said by how many numbers vary."""


def _two(runnable: Runnable, along: tuple[str, str] | None) -> tuple[Varying, Varying]:
    """The two numbers that vary: those named, else the first two there are."""
    if along is None:
        names = numbers_that_vary(runnable, 2)
        if len(names) < 2:
            raise InputRejected(problem(*TOO_FEW[len(names)]))
        along = (names[0], names[1])
    first, second = varying(runnable, along[0]), varying(runnable, along[1])
    if first.name == second.name:
        raise InputRejected(
            problem(
                N_("Both directions name {name}."),
                N_("Let two different numbers vary."),
                name=first.name,
            )
        )
    return first, second


def _field(row: Floats, width: int) -> Field:
    return tuple(map(plain, row.reshape(-1, width)))
