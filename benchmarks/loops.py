"""Loops of training, recorded against plain torch, side by side in one run.

    python3 benchmarks/run.py loops

The rounds between the first and the last ones run without the recorder. What one of them costs is
the difference between a long and a short loop of the same kind, divided by the rounds that it has
more; both record the same number of rounds. CPU time of one thread, medians of turns (ours, plain,
ours, …). Asked: at most 1.3 times plain torch.
"""

from __future__ import annotations

import contextlib
import io
import statistics

import torch

from benchmarks.curves import seconds
from benchmarks.report.findings import tell
from viz.program.checking import check
from viz.records import TraceQuestion
from viz.sandbox.child.compiled import runnable
from viz.tracing.recording.trace import record
from viz.tracing.typed.namespace import namespace

TURNS = 5
SHORT = 200
POLYNOMIAL = """\
import torch
import math
x = torch.linspace(-math.pi, math.pi, 2000)
y = torch.sin(x)
a, b, c, d = [torch.randn((), requires_grad=True) for _ in range(4)]
for t in range({rounds}):
    loss = (a + b * x + c * x ** 2 + d * x ** 3 - y).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        for p in (a, b, c, d):
            p -= 1e-6 * p.grad
            p.grad = None
"""
NETWORK = """\
import torch
x, y = torch.randn(64, 1000), torch.randn(64, 10)
model = torch.nn.Sequential(
    torch.nn.Linear(1000, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10)
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
for t in range({rounds}):
    loss = torch.nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
SMALL = """\
import torch
x = torch.randn(8, 2)
y = x @ torch.tensor([2.0, -3.4])
w = torch.zeros(2, requires_grad=True)
for t in range({rounds}):
    loss = ((x @ w - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.03 * w.grad
        w.grad.zero_()
"""
PROGRAMS = {
    "a polynomial, 2,000 rounds": (POLYNOMIAL, 2000),
    "a network with Adam, 500 rounds": (NETWORK, 500),
    "two weights, 2,000 rounds": (SMALL, 2000),
}


def ours(source: str) -> float:
    """Seconds of the recorded run."""
    question = TraceQuestion(check(source), {}, 0, 1, None)
    ready = runnable(question, namespace)
    return seconds(lambda: record(ready))


def plain(source: str) -> float:
    """Seconds of the same program without anybody watching."""
    code = compile(source, "<plain>", "exec")
    torch.manual_seed(0)
    with contextlib.redirect_stdout(io.StringIO()):
        return seconds(lambda: exec(code, {}))  # noqa: S102 - the programs above


def main() -> None:
    """Prints one row for each program."""
    torch.set_num_threads(1)
    print(f"{'':34}{'plain':>9}{'ours':>9}{'whole':>8}{'a round between':>17}")
    for name, (source, rounds) in PROGRAMS.items():
        long, short = (
            source.replace("{rounds}", str(rounds)),
            source.replace("{rounds}", str(SHORT)),
        )
        times = [(ours(long), ours(short), plain(long), plain(short)) for _ in range(TURNS)]
        a, b, c, d = (statistics.median(row) for row in zip(*times, strict=True))
        tell("viz.trace", name, a / c, "× plain torch")
        between = (a - b) / (c - d)
        print(f"{name:34}{c:8.3f}s{a:8.3f}s{a / c:8.2f}{between:17.2f}")


if __name__ == "__main__":
    main()
