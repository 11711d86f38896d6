"""Curves, surfaces and Jacobians against plain torch, side by side in one run.

    python3 benchmarks/run.py curves

Each pair is measured in turns (ours, theirs, ours, …), in CPU time of one thread, so that a busy
machine does not tell; shown are the medians and their ratio, and the ratio that is asked for where
there is one. Both sides end with Python numbers, as a record holds them.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch

from benchmarks.report.findings import tell
from viz.records import CurveQuestion
from viz.tracing.calculus.curve import curve, sample_curve, source_map
from viz.tracing.calculus.jacobian import jacobian
from viz.tracing.calculus.surface import surface
from viz.tracing.runnable import of_function
from viz.tracing.sampling.sampler import Sampler
from viz.tracing.sampling.varying import varying

START, STOP = -10.0, 10.0


class Pair(NamedTuple):
    """Two ways to the same numbers; `asked` is the ratio asked for, as words."""

    name: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any]
    asked: str = ""
    turns: int = 15


def course(a: torch.Tensor) -> torch.Tensor:
    """The control-flow function of the course."""
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    return b if b.sum() > 0 else 100 * b


def short(x: torch.Tensor) -> torch.Tensor:
    """A function of three operations."""
    return torch.sin(x) * x**2


def smooth(x: torch.Tensor) -> torch.Tensor:
    """A function of seven operations."""
    return torch.sin(x) * x**2 + torch.exp(-x * x)


def longer(x: torch.Tensor) -> torch.Tensor:
    """A function of some thirty operations."""
    total = x * 0
    for k in range(1, 7):
        total = total + torch.sin(k * x) * torch.exp(-(x**2) / (10 * k)) / k
    return total


def batched(function: Callable[..., Any], points: int, order: int) -> Callable[[], Any]:
    """What torch itself needs for f and its derivatives at all points at once, as numbers."""

    def run() -> Any:
        x = torch.linspace(START, STOP, points, dtype=torch.float64, requires_grad=True)
        rows = [function(x)]
        for _ in range(order):
            (slope,) = torch.autograd.grad(rows[-1].sum(), x, create_graph=len(rows) < order)
            rows.append(slope)
        return [row.tolist() for row in (x, *rows)]

    return run


def loop(function: Callable[..., Any], points: int) -> Callable[[], Any]:
    """f and f′ at each point by a run and a backward of its own."""

    def run() -> Any:
        found = []
        for x in torch.linspace(START, STOP, points, dtype=torch.float64):
            leaf = x.clone().requires_grad_()
            value = function(leaf)
            value.backward()
            assert leaf.grad is not None
            found.append((value.item(), leaf.grad.item()))
        return found

    return run


def asked_of(function: Callable[..., Any], points: int, order: int) -> Callable[[], Any]:
    """The curve of a prepared program, as the sandbox's child makes it."""
    runnable = of_function(function, (1.0,))
    question = CurveQuestion(runnable.program, {}, START, STOP, points=points, order=order)
    return lambda: sample_curve(runnable, question)


def samples_of(function: Callable[..., Any], points: int) -> Callable[[], Any]:
    """The samples alone, without looking for kinks and jumps."""
    runnable = of_function(function, (1.0,))
    varied = (varying(runnable, None),)
    owns = source_map(runnable).owns
    at = np.linspace(START, STOP, points)
    return lambda: Sampler(runnable, varied, owns=owns)(at)


def grid(side: int) -> Callable[[], Any]:
    """Rosenbrock's function and its gradient on a grid, by torch, as numbers."""

    def run() -> Any:
        line = torch.linspace(-2, 2, side, dtype=torch.float64)
        y, x = (part.requires_grad_() for part in torch.meshgrid(line, line, indexing="ij"))
        value = rosenbrock(x, y)
        slopes = torch.autograd.grad(value.sum(), (x, y))
        return [part.tolist() for part in (value, *slopes)]

    return run


def rosenbrock(x: Any, y: Any) -> Any:
    """Rosenbrock's banana."""
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def matrix(function: Callable[..., Any], x: torch.Tensor) -> Callable[[], Any]:
    """torch.func's Jacobian, as numbers."""
    return lambda: torch.func.jacrev(function)(x).tolist()


def pairs() -> list[Pair]:
    """All that is measured."""
    torch.manual_seed(0)
    weights, x = torch.randn(64, 64), torch.randn(64)

    def layer(x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(weights @ x)

    once = 3
    return [
        Pair("3 operations, 1,000 points, order 1", asked_of(short, 1_000, 1),
             batched(short, 1_000, 1), "at most 3"),
        Pair("7 operations, 1,000 points, order 1", asked_of(smooth, 1_000, 1),
             batched(smooth, 1_000, 1), "at most 3"),
        Pair("30 operations, 1,000 points, order 1", asked_of(longer, 1_000, 1),
             batched(longer, 1_000, 1), "at most 3"),
        Pair("the same by curve(), the source read too", lambda: curve(longer, START, STOP),
             batched(longer, 1_000, 1)),
        Pair("30 operations, 1,000 points, order 4", asked_of(longer, 1_000, 4),
             batched(longer, 1_000, 4)),
        Pair("control flow, 1,000 points, samples", samples_of(course, 1_000),
             loop(course, 1_000), "at most 1/5", once),
        Pair("control flow, 1,000 points, with its jumps", asked_of(course, 1_000, 1),
             loop(course, 1_000), "at most 1/5", once),
        Pair("control flow, 10,000 points, samples", samples_of(course, 10_000),
             loop(course, 10_000), "at most 1/20", once),
        Pair("surface 100 × 100", lambda: surface(rosenbrock, (-2, 2), (-2, 2), points=100),
             grid(100)),
        Pair("surface 200 × 200", lambda: surface(rosenbrock, (-2, 2), (-2, 2), points=200),
             grid(200)),
        Pair("Jacobian 64 × 64", lambda: jacobian(layer, x), matrix(layer, x)),
    ]  # fmt: skip


def seconds(run: Callable[[], Any]) -> float:
    """The CPU time of one call; what it leaves behind is collected before."""
    gc.collect()
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    """Measures every pair and prints a table."""
    torch.set_num_threads(1)
    print(f"{'':46} {'ours':>9} {'torch':>9}  {'ratio':>6}")
    for pair in pairs():
        pair.ours(), pair.theirs()
        both = [(seconds(pair.ours), seconds(pair.theirs)) for _ in range(pair.turns)]
        ours, theirs = (statistics.median(times) for times in zip(*both, strict=True))
        tell("ours", pair.name, ours / theirs, "× plain torch")
        print(
            f"{pair.name:46} {ours * 1e3:6.2f} ms {theirs * 1e3:6.2f} ms  {ours / theirs:6.3f}"
            f"  {pair.asked}"
        )


if __name__ == "__main__":
    main()
