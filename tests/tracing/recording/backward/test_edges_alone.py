"""Backward calls that are given no tensor, only edges of the graph: passes like any other."""

from __future__ import annotations

import torch
from torch.autograd.graph import get_gradient_edge

from viz import trace

START = torch.tensor([1.0, 2.0])


def test_a_backward_call_of_an_edge_is_a_pass() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        z = (x * x).sum()
        torch.autograd.backward(get_gradient_edge(z), torch.tensor(2.0))
        return z

    engine = torch.autograd._engine_run_backward  # type: ignore[attr-defined]
    run = trace(f, START)
    (only,) = run.passes
    assert (only.kind, len(only.steps), only.call) == ("backward", 3, "c3")
    assert run.gradients["x"].values == (4.0, 8.0)  # type: ignore[union-attr]
    assert torch.autograd._engine_run_backward is engine  # type: ignore[attr-defined]


def test_the_gradient_of_an_edge_with_respect_to_another() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        z = (x * x).sum()
        (slope,) = torch.autograd.grad(
            get_gradient_edge(z), get_gradient_edge(x), create_graph=True
        )
        return (slope * slope).sum()

    run = trace(f, START)
    assert [each.kind for each in run.passes] == ["grad", "backward"]
    assert run.gradients["x"].values == (8.0, 16.0)  # type: ignore[union-attr]


def test_the_gradients_of_a_model_are_laid_aside() -> None:
    layer = torch.nn.Linear(2, 1)
    layer.weight.grad = before = torch.ones(1, 2)

    def f(x: torch.Tensor) -> torch.Tensor:
        y = layer(x)
        torch.autograd.backward(get_gradient_edge(y))
        return y

    run = trace(f, START)
    assert run.gradients["weight"].values == (1.0, 2.0)  # type: ignore[union-attr]
    assert layer.weight.grad is before
    assert before.tolist() == [[1.0, 1.0]]
