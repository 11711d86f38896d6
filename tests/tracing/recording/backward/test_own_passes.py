"""A function that goes backward itself: what it did is shown, and no further pass through it."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import pytest
import torch

from viz import trace


def once(x: torch.Tensor) -> torch.Tensor:
    y = x * x
    y.backward()
    return y


def retained(x: torch.Tensor) -> torch.Tensor:
    y = x * x
    y.backward(retain_graph=True)
    return y


def further(x: torch.Tensor) -> torch.Tensor:
    y = x * x
    y.backward()
    return y + 1


def asked(x: torch.Tensor) -> torch.Tensor:
    y = x * x
    torch.autograd.grad(y, x)
    return y


def another(x: torch.Tensor) -> torch.Tensor:
    (x * x).backward()
    return x * x * x


def without_buffers(x: torch.Tensor) -> torch.Tensor:
    y = x + 1
    y.backward()
    return y + 1


@pytest.mark.parametrize(
    ("function", "passes", "gradient"),
    [
        (once, ["c1"], 4.0),
        (retained, ["c1"], 4.0),
        (further, ["c1"], 4.0),
        (asked, ["c1"], None),
        (another, ["c1", None], 16.0),
        (without_buffers, ["c1", None], 2.0),
    ],
)
def test_what_the_function_did_is_shown(
    function: Callable[[torch.Tensor], torch.Tensor],
    passes: list[str | None],
    gradient: float | None,
) -> None:
    run = trace(function, 2.0)
    assert [each.call for each in run.passes] == passes
    found = run.gradients["x"]
    assert (found and found.values) == (None if gradient is None else (gradient,))


def test_a_graph_that_was_freed_is_told() -> None:
    assert "1 backward pass of its own, which freed the graph" in repr(trace(once, 2.0))
    assert "freed" not in repr(trace(retained, 2.0)) + repr(trace(lambda x: x * x, 2.0))


@pytest.mark.parametrize(
    "give_back",
    [
        lambda loss, _: loss.item(),
        lambda *_: None,
        lambda _, x: x.grad,
        lambda loss, _: float(loss.detach()),
    ],
)
def test_a_training_step_is_shown_whatever_it_gives_back(
    give_back: Callable[..., object],
) -> None:
    layer = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(layer.parameters())
    before = layer.weight.detach().clone()

    def step(x: torch.Tensor) -> object:
        optimizer.zero_grad()
        loss = layer(x).square().sum()
        loss.backward()
        optimizer.step()
        return give_back(loss, x)

    run = trace(step, torch.ones(1, 2))
    assert run.failure is None
    assert [run.node(root).name for root in run.passes[0].roots] == ["loss"]
    assert set(run.outputs) <= {node.id for node in run.nodes}
    assert run.outputs
    assert run.counts[0] > 4
    assert torch.equal(layer.weight, before)
    assert not optimizer.state
    assert layer.weight.grad is None


def emptied(gradient: torch.Tensor) -> None:
    gradient.data = torch.zeros_like(gradient)


UNCOUNTED: dict[str, Callable[[torch.Tensor], object]] = {
    ".data.zero_()": lambda gradient: gradient.data.zero_(),
    ".numpy()": lambda gradient: gradient.numpy().fill(0.0),
    ".data =": emptied,
}


@pytest.mark.parametrize("how", UNCOUNTED)
@pytest.mark.parametrize("size", [2, 100])
def test_what_is_written_into_a_gradient_by_ways_that_nobody_counts_is_seen(
    how: str, size: int
) -> None:
    def function(x: torch.Tensor) -> None:
        for _ in range(2):
            (x * x).sum().backward()
            assert x.grad is not None
            UNCOUNTED[how](x.grad)

    run = trace(function, torch.ones(size))
    found = run.gradients["x"]
    before = run.passes[1].leaves_before[0].gradient
    assert found is not None
    assert before is not None
    kept = [each.values or (each.minimum, each.maximum) for each in (found, before)]
    assert {*kept[0], *kept[1]} == {0.0}


def test_one_number_of_many_is_seen_too() -> None:
    def function(x: torch.Tensor) -> None:
        for _ in range(2):
            (x * x).sum().backward()
            assert x.grad is not None
            x.grad.data[5] = 90.0

    run = trace(function, torch.ones(100))
    before = run.passes[1].leaves_before[0].gradient
    maxima = [each and each.maximum for each in (run.gradients["x"], before)]
    assert maxima == [90.0, 90.0]


def test_gradients_of_earlier_rounds_are_let_go() -> None:
    """A loop over a model of some hundred megabytes held all of them in the end."""
    alive: list[int] = []
    made: list[weakref.ref[torch.Tensor]] = []

    def train(x: torch.Tensor) -> torch.Tensor:
        for _round in range(4):
            x.grad = None
            y = (x * x).sum()
            y.backward()
            assert x.grad is not None
            made.append(weakref.ref(x.grad))
            alive.append(sum(each() is not None for each in made))
        return y

    run = trace(train, torch.ones(3))
    assert alive == [1, 1, 1, 1]
    assert run.gradients["x"].values == (2.0, 2.0, 2.0)


def from_edges(x: torch.Tensor) -> torch.Tensor:
    """Torch takes edges of the graph in the place of tensors."""
    first, second = x.split([1, 2])
    y = (second.exp() * second).sum() + first.sum()
    edges = [torch.autograd.graph.get_gradient_edge(each) for each in (second, x)]
    inner, outer = torch.autograd.grad(y, edges, create_graph=True)
    return (inner * second).sum() + outer.sum()


def test_edges_of_the_graph_are_taken_for_tensors() -> None:
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    from_edges(x).backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    run = trace(from_edges, x.detach())
    assert run.gradients["x"] is not None
    assert run.gradients["x"].values == tuple(x.grad.tolist())
    assert [pass_.kind for pass_ in run.passes] == ["grad", "backward"]
