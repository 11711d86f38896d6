"""What the sandbox costs: the same question answered in a confined child and in this process.

Turn by turn, by the clock from the question to the record; the ratio falls as programs grow.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import cast

from benchmarks.page import chain
from benchmarks.report.findings import tell
from viz.program import read
from viz.records import Asks, CurveQuestion, Question, TraceQuestion
from viz.sandbox import Sandbox
from viz.sandbox.child.compiled import runnable
from viz.tracing.questions import answer
from viz.tracing.typed.namespace import namespace

TURNS = 25
SCALAR = "sin(x)*x**2 + exp(-x*x)"


def questions() -> dict[str, TraceQuestion | CurveQuestion]:
    """What is asked, by its name."""
    texts = {"x": "1.3"}
    return {
        "trace of 8 operations": TraceQuestion(read(SCALAR), texts),
        "trace of 100 operations": TraceQuestion(read(chain(100)), texts),
        "trace of 600 operations": TraceQuestion(read(chain(600)), texts),
        "curve of 1,000 points": CurveQuestion(read(SCALAR), {"x": "0.0"}, -5.0, 5.0),
    }


def here(question: Question) -> object:
    """The record, made in this process as a child makes it."""
    return answer(question, runnable(question, namespace), None)


def confined(sandbox: Sandbox, question: TraceQuestion | CurveQuestion) -> object:
    """The same by a confined child."""
    return sandbox.ask(cast(Asks[object], question))


def seconds(run: Callable[[], object]) -> float:
    """By the clock."""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def main() -> None:
    print(f"{'':28} {'here':>9} {'sandboxed':>10} {'ratio':>7}")
    with Sandbox() as sandbox:
        for name, question in questions().items():
            runs = partial(here, question), partial(confined, sandbox, question)
            turns = [[seconds(run) for run in runs] for _ in range(TURNS + 1)][1:]
            inside, outside = (statistics.median(times) for times in zip(*turns, strict=True))
            print(
                f"{name:28} {inside * 1e3:6.1f} ms {outside * 1e3:7.1f} ms {outside / inside:6.2f}×"
            )
            tell("in process", name, inside * 1e3, "ms")
            tell("sandboxed", name, outside * 1e3, "ms")


if __name__ == "__main__":
    main()
