"""What looking at models costs, against plain torch and against the peers, in one run.

Rows are the sum of the models that the tests hold, dozens of every kind: at the tests' sizes, so
small that what is paid once for each run counts most, and at `TIMES` the batch, in the dimension
that is the batch (`BATCH`; to lengthen a recurrent layer's sequence instead would make its graph
longer, not its tensors larger). Then models of a size that people work with, and long graphs of
tiny tensors, where each node's own cost is all there is: recurrent layers over hundreds of steps, a
chain of operations. Each contender has a process of its own, where it takes turns with a plain run,
forward and backward: a ratio is the median of those of neighbours, in processor time, on one
thread. Beside it stands how far the process's memory rose above that of the plain runs.

- `viz.trace`: everything on;
- `the least`: what a record of this kind asks of torch in any case, in Python that does nothing
  else: a function mode, a walk through the graph, a hook at every node, every node applied to ones
  for its local derivatives, and all of these numbers read. No name, no place, no record is made;
- `torchviz`: forward, backward, and the DOT text of the graph; no values;
- `torchview`: one forward run and the picture's DOT text; no backward run, no values;
- `torchlens`: values forward, gradients backward.

    python3 benchmarks/run.py models
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from benchmarks.report.findings import tell

Made = tuple[nn.Module, tuple[Any, ...]]
MODELS: dict[str, Callable[[], Made]] = import_module("tests.tracing.recording.models").MODELS
SECONDS = 6.0
"""For which a contender takes turns on one model, three turns at least."""
SUM, BATCHED = "sum", "sum of batches"
NOT_PLAIN = "in-place first"
"""Of the tests' models the one that writes into its input, which plain torch refuses of a leaf."""
TIMES = 256
BATCH = dict.fromkeys(("gru", "lstm", "attention", "encoder layer", "decoder layer"), 1)
"""The dimension of the tests' models that is the batch, where it is not the first."""
WITHOUT_BATCH = (
    "embedding bag",
    "in-place on slices",
    "gather and scatter",
    "recurrence by hand",
    "self-attention by hand",
    "graph convolution",
)
"""The tests' models of one sequence, one graph or a fixed number of rows: they stay as they are."""
DEAR = 0.005
"""Seconds of a plain run from which on a model's own ratio is told beside the sum's."""


def encoder(layers: int, width: int) -> Made:
    layer = nn.TransformerEncoderLayer(width, 4, 4 * width, batch_first=True)
    model = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
    return model, (torch.randn(8, 32, width),)


def mlp(width: int) -> Made:
    hidden = [nn.Linear(784, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU()]
    return nn.Sequential(*hidden, nn.Linear(width, 10)), (torch.randn(128, 784),)


def convolutions() -> Made:
    layers: list[nn.Module] = []
    for came, went in ((3, 16), (16, 32), (32, 32)):
        layers += [nn.Conv2d(came, went, 3, padding=1), nn.BatchNorm2d(went), nn.ReLU()]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10)]
    return nn.Sequential(*layers), (torch.randn(8, 3, 32, 32),)


class Chain(nn.Module):
    """A chain of operations, half of them sines, half products."""

    def __init__(self, operations: int) -> None:
        super().__init__()
        self.operations = operations

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for _ in range(self.operations // 2):
            x = torch.sin(x) * 1.01
        return x.sum()


class Cells(nn.Module):
    """An LSTM by its cell, step by step, as one writes it oneself."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(3, 4)

    def forward(self, steps: torch.Tensor) -> torch.Tensor:
        state = None
        for step in steps:
            state = self.cell(step, state)
        return state[0]  # type: ignore[index,no-any-return]


WORKING: dict[str, Callable[[], Made]] = {
    "MLP 784-512-512-10": lambda: mlp(512),
    "three convolutions, 32 × 32": convolutions,
    "LSTM, 2 layers, 20 steps": lambda: (
        nn.LSTM(32, 64, 2, batch_first=True),
        (torch.randn(8, 20, 32),),
    ),
    "encoder, 1 layer, width 64": lambda: encoder(1, 64),
    "encoder, 4 layers, width 128": lambda: encoder(4, 128),
    "encoder, 12 layers, width 256": lambda: encoder(12, 256),
}
LONG: dict[str, Callable[[], Made]] = {
    "GRU, 768 steps": lambda: (nn.GRU(3, 4), (torch.randn(768, 2, 3),)),
    "LSTM, 768 steps": lambda: (nn.LSTM(3, 4, num_layers=2), (torch.randn(768, 2, 3),)),
    "an LSTM's cell, 768 steps": lambda: (Cells(), (torch.randn(768, 2, 3),)),
    "recurrence by hand, 1,024 steps": lambda: (
        MODELS["recurrence by hand"]()[0],
        (torch.randn(1_024, 3),),
    ),
    "chain of 1,000 operations": lambda: (Chain(1_000), (torch.tensor([0.5, 1.0, 1.5]),)),
}
"""Long graphs of tiny tensors: torch does an LSTM's steps in one node, a GRU's in 14 each."""
OF_LONG = ("viz.trace", "the least")
"""Who is asked of long graphs: torchviz recurses and fails, torchlens takes minutes."""


def leaves(starts: Iterable[torch.Tensor]) -> list[torch.Tensor]:
    return [x.detach().requires_grad_(x.is_floating_point()) for x in starts]


def backward(result: Any) -> None:
    results = [each for each in tree_leaves(result) if isinstance(each, torch.Tensor)]
    roots = [each for each in results if each.requires_grad]
    torch.autograd.backward(roots, [torch.ones_like(each) for each in roots])


def plain(model: nn.Module, starts: tuple[Any, ...]) -> None:
    backward(model(*leaves(starts)))


def explorer(model: nn.Module, starts: tuple[Any, ...]) -> None:
    import viz

    viz.trace(model, *starts)


class Reading(TorchFunctionMode):
    """Reads what each call gives, and keeps nothing."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor):
            read(result)
        return result


def read(tensor: torch.Tensor | None) -> None:
    """The numbers of a small tensor, the least and the greatest of a large one."""
    if tensor is None or tensor.layout is not torch.strided or tensor._is_zerotensor():
        return
    if tensor.numel() <= 64:
        tensor.tolist()
    elif tensor.is_floating_point():
        torch.aminmax(tensor.detach())


def nodes_below(roots: Iterable[torch.Tensor]) -> list[Any]:
    found: dict[Any, None] = {}
    waiting: list[Any] = [root.grad_fn for root in roots]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in found:
            found[node] = None
            waiting += [further for further, _ in node.next_functions]
    return [node for node in found if hasattr(node, "_input_metadata")]


def least(model: nn.Module, starts: tuple[Any, ...]) -> None:
    with Reading():
        result = model(*leaves(starts))
    results = [each for each in tree_leaves(result) if isinstance(each, torch.Tensor)]
    front: Any = torch.empty(0)
    front._backward_hooks = {0: read}
    for node in nodes_below(results):
        node._register_hook_dict(front)
        with torch.no_grad(), suppress(Exception):  # some nodes run in the engine alone
            ones = [torch.ones(each.shape, dtype=each.dtype) for each in node._input_metadata]
            passed = node(*ones)
            for each in passed if isinstance(passed, tuple) else (passed,):
                read(each)
    backward(result)


def torchviz(model: nn.Module, starts: tuple[Any, ...]) -> None:
    from torchviz import make_dot

    result = model(*leaves(starts))
    roots = [each for each in tree_leaves(result) if isinstance(each, torch.Tensor)]
    make_dot(tuple(roots), params=dict(model.named_parameters()))
    backward(result)


def torchview(model: nn.Module, starts: tuple[Any, ...]) -> None:
    from torchview import draw_graph

    draw_graph(model, input_data=list(starts), device="cpu")


def torchlens(model: nn.Module, starts: tuple[Any, ...]) -> None:
    import torchlens as lens
    from torchlens.options import CaptureOptions

    options = CaptureOptions(save_grads=True, backward_ready=True)
    log: Any = lens.trace(model, leaves(starts), capture=options)
    log.log_backward(sum(log[each].out.sum() for each in log.output_layers))


CONTENDERS: dict[str, Callable[[nn.Module, tuple[Any, ...]], None]] = {
    "viz.trace": explorer,
    "the least": least,
    "torchviz": torchviz,
    "torchview": torchview,
    "torchlens": torchlens,
}


def timed(run: Callable[[nn.Module, tuple[Any, ...]], None], made: Made) -> float:
    """Processor seconds of one run; the gradients that it left go afterwards."""
    begin = time.process_time()
    run(*made)
    seconds = time.process_time() - begin
    made[0].zero_grad()
    return seconds


def turns(contender: str, make: Callable[[], Made], seconds: float) -> tuple[float, float, float]:
    """Medians of the plain run's seconds, the contender's, and their ratio."""
    torch.manual_seed(7)
    made, run = make(), CONTENDERS[contender]
    plain(*made)
    run(*made)
    pairs: list[tuple[float, float]] = []
    while len(pairs) < 3 or (sum(map(sum, pairs)) < seconds and len(pairs) < 50):
        pairs.append((timed(plain, made), timed(run, made)))
    return (
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(other / one for one, other in pairs),
    )


def memory() -> float:
    """The most that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def batched(name: str, times: int) -> Made:
    """One of the tests' models with so many times the batch."""
    model, starts = MODELS[name]()
    if name in WITHOUT_BATCH:
        return model, starts
    place = BATCH.get(name, 0)
    return model, tuple(
        each.repeat([times if dim == place else 1 for dim in range(each.dim())]) for each in starts
    )


def of_sum(contender: str, times: int = 1) -> dict[str, Any]:
    """The sum over the tests' models that the contender can do, and how many it cannot."""
    one = other = 0.0
    failed = 0
    dear: dict[str, float] = {}
    for name in MODELS:
        if name == NOT_PLAIN:
            continue
        try:
            first, second, ratio = turns(contender, partial(batched, name, times), 0.3)
        except Exception:  # a peer's failure is its result
            if contender == "viz.trace":
                raise
            failed += 1
            continue
        one, other = one + first, other + second
        if first > DEAR:
            dear[name] = ratio
    return {"plain": one, "seconds": other, "ratio": other / one, "failed": failed, "dear": dear}


def measured(contender: str, name: str) -> dict[str, Any]:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    if name in (SUM, BATCHED):
        return of_sum(contender, TIMES if name == BATCHED else 1)
    with suppress(ImportError):
        __import__(contender.partition(".")[0])
    torch.manual_seed(7)
    made = (WORKING | LONG)[name]()
    for _ in range(3):
        plain(*made)
    before = memory()
    one, other, ratio = turns(contender, lambda: made, SECONDS)
    return {"plain": one, "seconds": other, "ratio": ratio, "memory": memory() - before}


def in_own_process(contender: str, name: str) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", __file__, contender, name]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        if contender == "viz.trace":
            raise RuntimeError(answer.stderr)
        return {"error": (answer.stderr.splitlines() or ["it died"])[-1].partition(":")[0]}
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return result


def cell(result: dict[str, Any]) -> str:
    if "error" in result:
        return str(result["error"])[:26]
    text = f"{result['seconds'] * 1000:,.1f} ms {result['ratio']:5,.1f}×"
    if result.get("failed"):
        return f"{text} ({result['failed']} fail)"
    return f"{text} +{result['memory']:.0f} MB" if "memory" in result else text


def titled(name: str) -> str:
    count = len(MODELS) - 1
    return {SUM: f"sum of the tests' {count} models", BATCHED: f"the same, {TIMES} × batch"}.get(
        name, name
    )


def main() -> None:
    print("Forward and backward; × is the ratio to plain torch, MB what memory rose by.\n")
    print(f"{'':<32}{'plain':>10}" + "".join(f"{name:>28}" for name in CONTENDERS), flush=True)
    for name in (SUM, BATCHED, *WORKING, *LONG):
        asked = [each for each in CONTENDERS if name not in LONG or each in OF_LONG]
        results = [in_own_process(contender, name) for contender in asked]
        title = titled(name)
        for contender, each in zip(asked, results, strict=True):
            if "ratio" in each:
                tell(contender, title, each["ratio"], "× plain torch")
        cells = "".join(f"{cell(each):>28}" for each in results)
        print(f"{title:<32}{results[0]['plain'] * 1000:>7,.1f} ms{cells}", flush=True)
        for dear, ratio in results[0].get("dear", {}).items():
            print(f"  of these {dear:<33}{ratio:>28,.1f}×", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measured(sys.argv[1], sys.argv[2])))
    else:
        main()
