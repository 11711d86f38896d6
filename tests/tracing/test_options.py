"""Options of the public functions: what is clearly meant is taken, the rest is told by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from viz import curve, graph_of, jacobian, surface, trace
from viz.errors import InputRejected

X = torch.ones(2, requires_grad=True)
NET = torch.nn.Linear(2, 2)
Y = NET(X)
Z = Y.relu()


def square(x: Any) -> Any:
    return x * x


MEANT: dict[str, Callable[[], Any]] = {
    "tensors one after the other": lambda: graph_of(Y, Z, modules=NET),
    "a dictionary behind them": lambda: graph_of(Y, {"x": X}, NET),
    "tensors from a generator": lambda: graph_of(each for each in (Y, Z)),
    "pairs as names": lambda: graph_of(Y, names=NET.named_parameters()),
    "a list among the names": lambda: graph_of(Y, names={"inputs": [X], "bias": None}),
    "pairs as modules": lambda: graph_of(Y, modules=[("net", NET)]),
    "no module, no name": lambda: graph_of(Y, modules=[], names={}),
    "no input at all": lambda: trace(NET, X, requires_grad=False),
    "a whole float": lambda: curve(square, 0, 1, points=5e0, order=1.0),  # type: ignore[arg-type]
    "ends as tensors": lambda: curve(square, torch.tensor(0.0), torch.ones(1), points=5),  # type: ignore[arg-type]
    "a list as gradient": lambda: jacobian(square, X, gradient=[1.0, 2.0]),
}
UNCLEAR: dict[str, Callable[[], Any]] = {
    "names=": lambda: graph_of(Y, names={X: "x"}),  # type: ignore[dict-item]
    "“net” in names=": lambda: graph_of(Y, names={"net": NET}),
    "modules= takes modules, not Parameter": lambda: graph_of(Y, modules=NET.parameters()),  # type: ignore[arg-type]
    "modules= takes modules, not 3": lambda: graph_of(Y, modules=3),  # type: ignore[arg-type]
    "modules= takes modules, not 1": lambda: graph_of(Y, modules={1: NET}),  # type: ignore[dict-item]
    "There is no tensor": lambda: graph_of(Y, NET, NET),
    "order is not a whole number": lambda: trace(square, 1.0, order="2"),  # type: ignore[arg-type]
    "seed is not a whole number": lambda: trace(square, 1.0, seed=None),  # type: ignore[arg-type]
    "is too large for a seed": lambda: trace(square, 1.0, seed=1 << 64),
    "requires_grad= takes": lambda: trace(square, 1.0, requires_grad=["x"]),  # type: ignore[arg-type]
    "no input 0": lambda: trace(square, 1.0, requires_grad={0: False}),  # type: ignore[dict-item]
    "start is not a number": lambda: curve(square, torch.zeros(2), 1),  # type: ignore[arg-type]
    "points is not a whole number": lambda: curve(square, 0, 1, points=2.5),  # type: ignore[arg-type]
    "y_range is not a pair": lambda: surface(square, (0, 1), 2),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("ask", MEANT.values(), ids=MEANT)
def test_what_is_clearly_meant_is_taken(ask: Callable[[], Any]) -> None:
    ask()


@pytest.mark.parametrize(("words", "ask"), UNCLEAR.items(), ids=UNCLEAR)
def test_the_rest_is_told_by_its_name(words: str, ask: Callable[[], Any]) -> None:
    with pytest.raises(InputRejected, match=words):
        ask()


def test_false_is_for_all_inputs_and_names_reach_into_lists() -> None:
    assert sorted(trace(NET, X, requires_grad=False).gradients) == ["bias", "weight"]
    named = graph_of(Y, Z, {"inputs": [X]}, modules=NET)
    assert {"inputs[0]", "weight", "bias"} <= {node.name for node in named.nodes}
    assert len(named.outputs) == 2
