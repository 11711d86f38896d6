"""What recording a run costs, against plain torch and against the peers, in one run.

The function is a chain of n operations, `x = sin(x) * 1.01`, on three numbers, forward and
backward. Each contender has a process of its own, because torchlens wraps torch's functions once
it is imported. There it takes turns with the plain run, so that both meet the same moods of the
machine: a ratio is the median of those of neighbours, a time the median of processor time. What a
figure covers:

- `viz.trace`: everything on, as the page has it: every call with its place, every value, every
  gradient, local derivative and contribution in execution order;
- `torchviz`: forward, backward, and the DOT text; no values;
- `torchlens`: forward values, backward with gradients; no local derivatives, no source columns.

Run it with `python3 benchmarks/run.py tracing`, which installs the peers.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import torch

from benchmarks.report.findings import tell

SIZES = (10, 100, 1_000, 10_000)
CONTENDERS = ("viz.trace", "torchviz", "torchlens")
PATIENCE = 120.0
"""Seconds: a contender that took longer than a tenth of this is not asked at ten times the size."""

Function = Callable[[torch.Tensor], torch.Tensor]


def chain(operations: int) -> Function:
    """A function of `operations` operations, half of them sines, half products."""

    def function(x: torch.Tensor) -> torch.Tensor:
        for _ in range(operations // 2):
            x = torch.sin(x) * 1.01
        return x.sum()

    return function


def start() -> torch.Tensor:
    return torch.tensor([0.5, 1.0, 1.5])


def plain(function: Function) -> None:
    """Forward and backward, nothing written down."""
    function(start().requires_grad_()).backward()  # type: ignore[no-untyped-call]


def explorer(function: Function) -> None:
    import viz

    record = viz.trace(function, start())
    if record.failure is not None or record.truncated:
        raise RuntimeError(f"not recorded: {record.failure}")


def torchviz(function: Function) -> None:
    from torchviz import make_dot

    x = start().requires_grad_()
    result = function(x)
    make_dot(result, params={"x": x})
    result.backward()  # type: ignore[no-untyped-call]


def torchlens(function: Function) -> None:
    import torchlens as lens
    from torchlens.options import CaptureOptions

    class Model(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return function(x)

    options = CaptureOptions(save_grads=True, backward_ready=True)
    log: Any = lens.trace(Model(), start().requires_grad_(), capture=options)
    log.log_backward(log[log.output_layers[0]].out)


RUNS: dict[str, Callable[[Function], None]] = {
    "viz.trace": explorer,
    "torchviz": torchviz,
    "torchlens": torchlens,
}


def timed(run: Callable[[Function], None], function: Function) -> float:
    """Processor seconds of one run."""
    begin = time.process_time()
    run(function)
    return time.process_time() - begin


def measured(contender: str, operations: int) -> dict[str, Any]:
    """Medians of the plain run's seconds, the contender's, and their ratio, over as many turns as
    fit in about four seconds, at least three; or the name of what the contender raised.
    """
    torch.set_num_threads(1)
    function = chain(operations)
    turns: list[tuple[float, float]] = []
    try:
        plain(function)
        RUNS[contender](function)
        while len(turns) < 3 or (sum(map(sum, turns)) < 4.0 and len(turns) < 200):
            turns.append((timed(plain, function), timed(RUNS[contender], function)))
            if turns[0][1] > PATIENCE / 10:
                break
    except Exception as error:  # a peer's failure at a size is its result
        if contender == "viz.trace":
            raise
        return {"plain": timed(plain, function), "error": type(error).__name__}
    return {
        "plain": statistics.median(one for one, _ in turns),
        "seconds": statistics.median(other for _, other in turns),
        "ratio": statistics.median(other / one for one, other in turns),
    }


def in_own_process(contender: str, operations: int) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", __file__, contender, str(operations)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise RuntimeError(answer.stderr)
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return result


def cell(result: dict[str, Any] | None) -> str:
    if result is None:
        return "not asked: too slow"
    if "error" in result:
        return str(result["error"])
    return f"{result['seconds'] * 1000:,.1f} ms {result['ratio']:7,.1f}×"


def main() -> None:
    print("Forward and backward of a chain of n operations; × is the ratio to plain torch.\n")
    print(f"{'n':>7} {'plain':>12}" + "".join(f"{name:>24}" for name in CONTENDERS), flush=True)
    slow: set[str] = set()
    for operations in SIZES:
        results: dict[str, dict[str, Any] | None] = {}
        for contender in CONTENDERS:
            if contender in slow:
                results[contender] = None
                continue
            result = in_own_process(contender, operations)
            results[contender] = result
            if result.get("seconds", 0.0) > PATIENCE / 10:
                slow.add(contender)
        first = results["viz.trace"]
        assert first is not None
        row = "".join(f"{cell(results[name]):>24}" for name in CONTENDERS)
        for name, found in results.items():
            if found is not None and "ratio" in found:
                tell(name, operations, found["ratio"], "× plain torch")
        print(f"{operations:>7,} {first['plain'] * 1000:>9,.2f} ms{row}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
