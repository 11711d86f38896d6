"""Gradient descent and Newton's method, step by step, by the function's own derivatives.

A step is (place, f there, derivatives there). A walk ends after its steps, where it stays, where f
is not defined, where Newton's method meets a slope of zero, or when it leaves what floating-point
numbers hold.
"""

from __future__ import annotations

import math

import numpy as np

from viz.records import Walk, WalkSteps
from viz.tracing.sampling.sampler import Sampler
from viz.tracing.sampling.samples import DONE


def walked(sampler: Sampler, walk: Walk | None) -> WalkSteps:
    """The places that a walk visits, the start included; none without a walk."""
    if walk is None or len(walk.start) != len(sampler.varied):
        return ()
    place: tuple[float, ...] | None = walk.start
    steps: list[tuple[float, ...]] = []
    while place is not None and len(steps) <= walk.steps and all(map(math.isfinite, place)):
        found = sampler(*(np.array([number]) for number in place))
        seen = found.rows[: len(place) + 1, 0].tolist()
        if found.state[0] != DONE or not all(map(math.isfinite, seen)):
            break
        steps.append((*place, *seen))
        after = _next(walk, place, seen[0], seen[1:])
        place = None if after == place else after
    return tuple(steps)


def _next(
    walk: Walk, place: tuple[float, ...], value: float, slopes: list[float]
) -> tuple[float, ...] | None:
    if walk.method == "descent":
        return tuple(x - walk.rate * slope for x, slope in zip(place, slopes, strict=True))
    if len(place) > 1 or slopes[0] == 0.0:
        return None
    return (place[0] - value / slopes[0],)
