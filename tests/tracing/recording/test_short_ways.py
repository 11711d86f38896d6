"""What is recorded the short way (by a node's type and shapes, by what moves a gradient, by what a
composite call's nodes kept) is what the long way tells: every node applied, hooked, run once more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.overrides import TorchFunctionMode

import viz
from viz.tracing.recording.nodes import inner_values, local_derivatives, node_types

torch.manual_seed(1)
X, Y = torch.randn(2, 3), torch.randn(2, 3)
STEPS = torch.randn(4, 2, 3)
LARGE = torch.randn(20, 30)
MANY = torch.randint(-9, 9, (9, 12)).float()  # sums of these are exact in every order
WEIGHT = torch.randint(-9, 9, (12, 12)).float()
FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[torch.Tensor, ...]]] = {
    "sums": (lambda x, y: (x + y) - (y - x) + x + y[0], (X, Y)),
    "factors": (lambda x, y: torch.add(x, y, alpha=2.5) + torch.add(x, y, alpha=-1) - x, (X, Y)),
    "parts": (lambda x, y: x[0] + x[1] + y[:, 1:].sum() + sum(x.unbind(1)).sum(), (X, Y)),
    "parts of many": (lambda x: x[0] + x[1] + x[:, 2].sum(), (LARGE,)),
    "orders": (lambda x, y: (x.t() + y.permute(1, 0)).t() - x.view(3, 2).t().reshape(2, 3), (X, Y)),
    "joined": (
        lambda x, y: torch.stack([x, y, x]) + torch.cat([x, y], 1).view(1, 2, 6)[..., :3],
        (X, Y),
    ),
    "residual": (
        lambda x, w: (x - F.linear(x, w) + x.t().contiguous().view(9, 12) - (2 * x - x[0])) + -x,
        (MANY, WEIGHT),
    ),
    "two layers": (lambda x, w: F.linear(F.linear(x, w), w)[:, None] - x[:, None], (MANY, WEIGHT)),
    "types": (lambda x, y: (x.double() + y) - x + x.half(), (X, Y)),
    "products": (lambda x, y: x * y * x + y[0] * x * 2.0 + (x * y[:1]).sum(), (X, Y)),
    "not a number": (lambda x, y: (x * float("nan") + y) * x - x / 0, (X, Y)),
    "numbers": (
        lambda x, y: x * 2 + x * 2.0 - y / 2 + x.double() * 2 + (y.half() * 2.0 / 3) * -1 + 2 * y,
        (X, Y),
    ),
    "numbers of complex ones": (
        lambda x, y: (torch.complex(x, y) * 2.0 / 2 * 2).real * 2.0,
        (X, Y),
    ),
    "numbers beyond": (
        lambda x: x.exp() * 2**63 + x.sin() * (2**63 + 1) + x.cos() * 1e-40 / 1e300,
        (X.double(),),
    ),
    "zeros": (lambda x, y: (x - x) * -y + (y - y) * -0.0 + y * 0.0, (X, Y)),
    "written into": (lambda x, y: (x * 2).add_(y).mul_(y) + x, (X, Y)),
    "nothing": (lambda x, y: x[:0] + y[:0], (X, Y)),
    "linear": (lambda x, y: F.linear(x, y, y[:, 0][:2]) + F.linear(x[0], y), (X, Y)),
    "rnn": (nn.RNN(3, 4), (STEPS,)),
    "rnn, both ways": (nn.RNN(3, 4, bidirectional=True, batch_first=True), (STEPS,)),
    "lstm's cell": (nn.LSTMCell(3, 4), (X,)),
    "float64": (nn.RNN(3, 4).double(), (STEPS.double(),)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("order", [1, 2])
def test_both_ways_tell_the_same(name: str, order: int, monkeypatch: pytest.MonkeyPatch) -> None:
    function, given = FUNCTIONS[name]
    short = [viz.trace(function, *given, order=order).to_json() for _ in range(2)]
    monkeypatch.setattr(node_types, "_TYPES", {})
    monkeypatch.setattr(node_types, "BY_SHAPE", frozenset())
    monkeypatch.setattr(node_types, "ONE_OUTPUT", frozenset())
    monkeypatch.setattr(local_derivatives, "_factors", lambda _: False)
    monkeypatch.setattr(local_derivatives, "_factor_of", lambda *_: None)
    monkeypatch.setattr(inner_values, "computed", lambda *_: False)
    assert short == [viz.trace(function, *given, order=order).to_json()] * 2


def test_a_step_of_a_gru_is_computed_from_what_it_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its product is written into what it came from: no second run tells its value."""
    monkeypatch.setattr("viz.tracing.recording.forward.intake.seen_again", pytest.fail)
    run = viz.trace(nn.GRU(3, 4), STEPS)
    for node in run.nodes:
        assert node.value is not None
        if node.op == "MulBackward0":
            other, own = (torch.tensor(kept.value.values) for kept in node.saved)  # type: ignore[union-attr]
            assert (own * other).tolist() == list(node.value.values or ())


class _Tenfold(TorchFunctionMode):
    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.Tensor.mul:
            args = (args[0], args[1] * 10)
        return func(*args, **(kwargs or {}))


class _Box:
    def __init__(self, held: torch.Tensor) -> None:
        self.held = held

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return func(args[0].held, args[1] * 10)


def test_a_number_that_others_change_tells_nothing_of_other_products() -> None:
    def factor(function: Callable[..., Any]) -> Any:
        run = viz.trace(function, 0.0)
        return [each.local.values for each in run.edges if each.local][-1]

    assert factor(lambda x: torch.mul(_Box(x.exp().log()), 7.5)) == (75.0,)
    assert factor(lambda x: torch.mul(x.exp().log(), 7.5)) == (7.5,)
    with _Tenfold():
        assert factor(lambda x: x.exp().log() * 8.5) == (85.0,)
    assert factor(lambda x: x.exp().log() * 8.5) == (8.5,)


def test_classes_that_a_function_makes_anew_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_types, "MOST_TYPES", 5)
    monkeypatch.setattr(node_types, "_TYPES", {})

    def f(x: torch.Tensor) -> Any:
        class Twice(torch.autograd.Function):
            @staticmethod
            def forward(_: Any, x: torch.Tensor) -> torch.Tensor:
                return 2 * x

            @staticmethod
            def backward(_: Any, gradient: torch.Tensor) -> torch.Tensor:
                return 2 * gradient

        return Twice.apply(x)  # type: ignore[no-untyped-call]

    for _ in range(9):
        gradient = viz.trace(f, 1.0).gradients["x"]
        assert gradient is not None
        assert gradient.values == (2.0,)
    assert len(node_types._TYPES) <= 5
