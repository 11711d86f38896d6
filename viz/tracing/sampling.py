"""Where to sample a curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.records import Gap
from viz.tracing.batching import NOT_RUN, Floats, Ints


@dataclass
class Sampled:
    """The samples of a curve, x ascending, and its gaps."""

    x: Floats
    rows: Floats
    way: Ints
    gaps: tuple[Gap, ...]


def sampled(sampler: Any, start: float, stop: float, points: int) -> Sampled:
    """Even samples and the stretches where f is not defined."""
    x = np.linspace(start, stop, points)
    samples = sampler(x)
    done = samples.state != NOT_RUN
    x, rows, way = x[done], samples.rows[:, done], samples.way[done]
    rows[~np.isfinite(rows)] = np.nan
    return Sampled(x, rows, way, tuple(_undefined(x, rows[0])))


def _undefined(x: Floats, f: Floats) -> list[Gap]:
    bad = np.flatnonzero(np.isnan(f))
    parts = np.split(bad, np.flatnonzero(np.diff(bad) > 1) + 1) if len(bad) else []
    return [Gap("undefined", float(x[part[0]]), float(x[part[-1]])) for part in parts]
