"""Curves: f and its derivatives along one number.

`curve(function, start, stop)` samples a Python function of your own in this process;
`sample_curve(runnable, question)` answers the same question of a prepared program. Both give a
`Curve`: samples in float64, each equal to what a run of its own would give; places where the
curve is not joined or not smooth (`gaps`); the ways through the code's decisions (`paths`).

Errors: `InputRejected` for an `along`, `of` or range that does not fit. What the typed code
raises is the record's `failure`, and the reason of the gap where it happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import torch

from viz.errors import N_
from viz.records import (
    Curve,
    CurveQuestion,
    Decision,
    Failure,
    Message,
    Path,
    Span,
)
from viz.tracing.calculus.descent import walked
from viz.tracing.calculus.own_failure import chosen, told
from viz.tracing.calculus.search.grid import Grid, plain
from viz.tracing.calculus.search.refinement import sampled
from viz.tracing.hints.failures import failure_of
from viz.tracing.recording.options import number, order_of, samples
from viz.tracing.runnable import TYPED, Runnable, copying, of_function, wrote_into_a_leaf
from viz.tracing.sampling.sampler import Sampler
from viz.tracing.sampling.samples import Forks
from viz.tracing.sampling.varying import Looked, span_of_range, varying
from viz.tracing.source_map import SourceMap, source_of
from viz.tracing.untouched import untouched


def curve(
    function: Callable[..., Any],
    start: float,
    stop: float,
    *,
    points: int = 1_000,
    order: int = 1,
    partial: bool = False,
) -> Curve:
    """f and its derivatives up to `order` (0 to 4) over [start, stop], from `points` even samples.

    f is called with one number, a 0-dim float64 tensor; of a larger result the sum is shown. Raises
    `InputRejected` for a range, `points` or an `order` that does not fit, `FunctionFailed` where f
    raises at every x; where it does on a part, that part is a gap, and a warning says why. With
    `partial` what there is comes back in any case.
    """
    start, stop = number("start", start), number("stop", stop)
    runnable = of_function(function, (start,))
    points, order = samples(points), order_of(order, least=0)
    question = CurveQuestion(runnable.program, {}, start, stop, points=points, order=order)
    try:
        with untouched(function, float64=True):
            found, error = _sampled_curve(runnable, question)
            if wrote_into_a_leaf(error):
                found, error = _sampled_curve(copying(runnable), question)
        return told(found, error, source_map(runnable), partial=partial)
    finally:
        error = None  # what it passed through leads back here, and to the caller's variables


def sample_curve(
    runnable: Runnable, question: CurveQuestion, gradient: torch.Tensor | None = None
) -> Curve:
    """The answer to a question for a curve; see the module."""
    return _sampled_curve(runnable, question, gradient)[0]


def _sampled_curve(
    runnable: Runnable, question: CurveQuestion, gradient: torch.Tensor | None = None
) -> tuple[Curve, BaseException | None]:
    """The curve, and what some of its samples ended with."""
    if runnable.function is None:
        return _none(question, "TypeError", "a script has no inputs that could vary"), None
    start, stop = span_of_range(question.start, question.stop)
    places = cache(lambda: source_map(runnable))  # reading the source takes longer than sampling
    varied = varying(runnable, question.along)
    sampler = Sampler(
        runnable,
        (varied,),
        Looked(question.of, gradient),
        order=max(question.order, 1),  # the slope tells where to sample even if nobody asked
        seed=question.seed,
        owns=lambda frame: places().owns(frame),
    )
    grid, gaps = sampled(sampler, start, stop, question.points, question.at)
    walk = walked(sampler, question.walk)
    failure = failure_in(sampler, places())
    if runnable.filename != TYPED:
        chosen(sampler.parts)
    found = Curve(
        x=tuple(grid.x.tolist()),
        derivatives=tuple(map(plain, grid.rows[: question.order + 1])),
        along=varied.name,
        of=sampler.of,
        paths=tuple(_paths(sampler, places(), grid)) if any(sampler.ways) else (),
        gaps=tuple(gap for gap in gaps if gap.order <= question.order),
        failure=failure,
        random=sampler.random,
        batched=sampler.alone == 0,
        runs=sampler.runs,
        walk=walk,
    )
    return found, let_go_of(sampler)


def source_map(runnable: Runnable) -> SourceMap:
    """Where the typed code stands: its text for a checked program, its file for a function."""
    if runnable.function is not None and runnable.namespace == {}:
        source, places = source_of(runnable.function)
        if source:
            return places
    return SourceMap(runnable.program.source, runnable.filename)


def sampling_failure(error: BaseException, places: SourceMap) -> Failure:
    """An exception as the record shows it: its type, its own words, its place."""
    hint = None
    if type(error).__name__ == "TimeIsUp":
        hint = Message(N_("The samples that were done in time are shown."))
    return failure_of(error, places, hint)


def _stopped_by(sampler: Sampler) -> BaseException | None:
    """What stopped the sampling, else the first exception that a sample ended with."""
    errors = [sampler.time_is_up, *sampler.failures.values()]
    return next((error for error in errors if error is not None), None)


def failure_in(sampler: Sampler, places: SourceMap) -> Failure | None:
    """The same as the record shows it."""
    error = _stopped_by(sampler)
    return None if error is None else sampling_failure(error, places)


def let_go_of(sampler: Sampler) -> BaseException | None:
    """The same, which the sampler no longer holds: what it passed through holds the sampler."""
    error = _stopped_by(sampler)
    sampler.failures.clear()
    sampler.time_is_up = None
    return error


def _none(question: CurveQuestion, kind: str, message: str) -> Curve:
    return Curve((), ((),) * (question.order + 1), failure=Failure(kind, message))


def _paths(sampler: Sampler, places: SourceMap, grid: Grid) -> Iterator[Path]:
    """The ways that the samples took, each with the stretches of x that took it, left to right."""
    stretches: dict[int, list[tuple[float, float]]] = {}
    if not len(grid.way):
        return
    edges = np.flatnonzero(np.diff(grid.way)) + 1
    for part in np.split(np.arange(len(grid.way)), edges):
        ends = (float(grid.x[part[0]]), float(grid.x[part[-1]]))
        stretches.setdefault(int(grid.way[part[0]]), []).append(ends)
    ways = list(sampler.ways)
    for index, where in stretches.items():
        if index >= 0 and ways[index]:
            yield Path(tuple(_decisions(ways[index], places)), tuple(where))


def _decisions(way: Forks, places: SourceMap) -> Iterator[Decision]:
    rounds: Counter[Span | None] = Counter()
    for place, asked, outcome in way:
        site = None if place is None else places.site_at(*place)
        if site is None:
            yield Decision(None, outcome, asked)
            continue
        rounds[site.span] += 1
        iteration = rounds[site.span] if site.in_loop else None
        yield Decision(site.span, outcome, asked, site.statement, iteration=iteration)
