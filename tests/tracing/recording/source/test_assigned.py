"""What a function of somebody else's gives is called by the variable that holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.autograd import Function

import viz
from viz.records import Trace
from viz.sandbox import Sandbox
from viz.tracing.recording.trace import MAX_UNFINISHED

ATTENTION = nn.MultiheadAttention(4, 2, batch_first=True)
RECURRENT = nn.LSTM(4, 2)
LONG = nn.Sequential(*[nn.Tanh() for _ in range(MAX_UNFINISHED + 100)])
ADAPTIVE = nn.AdaptiveLogSoftmaxWithLoss(4, 10, [3])


class Halves(Function):
    """Two results."""

    @staticmethod
    def forward(_: Any, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return x * 2, x * 3

    @staticmethod
    def backward(_: Any, *given: torch.Tensor) -> torch.Tensor:
        return given[0] * 2 + given[1] * 3


class ByNumpy(Function):
    """A result of which torch sees no call."""

    @staticmethod
    def forward(_: Any, x: torch.Tensor) -> torch.Tensor:
        return torch.as_tensor(np.sin(x.detach().numpy()))

    @staticmethod
    def backward(_: Any, *given: torch.Tensor) -> torch.Tensor:
        return given[0]


class InPlace(Function):
    """What it was given, written into."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        x.add_(1)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(_: Any, *given: torch.Tensor) -> torch.Tensor:
        return given[0]


def early(x: torch.Tensor) -> torch.Tensor:
    first = x.sin()
    first.cos()
    return first


def several(x: torch.Tensor) -> list[torch.Tensor]:
    return [x.sin(), x.cos()]


def by_key(x: torch.Tensor) -> dict[str, torch.Tensor]:
    return {"low": x.sin(), "high": x.cos()}


def attended(x: torch.Tensor) -> Any:
    y, w = ATTENTION(x, x, x)
    return y.sum() + w.sum()


def attended_alone(x: torch.Tensor) -> Any:
    y, _ = ATTENTION(x, x, x)
    return y.sum()


def remembered(x: torch.Tensor) -> Any:
    o, (h, c) = RECURRENT(x[0])  # unbatched: what it computes is squeezed at last
    return o.sum() + h.sum() * c.sum()


def adapted(x: torch.Tensor) -> Any:
    out, loss = ADAPTIVE(x[0], torch.tensor([1, 4, 7]))
    return out.sum() + loss


def halved(x: torch.Tensor) -> Any:
    a, b = Halves.apply(x)
    return (a * b).sum()


def by_numpy(x: torch.Tensor) -> Any:
    s = ByNumpy.apply(x)
    return s.sum()


def written(x: torch.Tensor) -> Any:
    y = x * 2
    z = InPlace.apply(y)
    return z.sum()


def first_of_two(x: torch.Tensor) -> Any:
    y = early(x)
    for _ in range(2):
        y = early(y)
    return y.sum()


def listed(x: torch.Tensor) -> Any:
    ys = several(x)
    one, *rest = several(x)
    return ys[0].sum() + ys[1].sum() + one.sum() + rest[0].sum()


def keyed(x: torch.Tensor) -> Any:
    out = by_key(x)
    return out["low"].sum() + out["high"].sum()


def never_used(x: torch.Tensor) -> Any:
    y = early(x)
    return [y, x * 2]


@pytest.mark.parametrize(
    ("function", "named"),
    [
        (attended, ["w", "y"]),
        (attended_alone, ["y"]),
        (remembered, ["o", "h", "c"]),
        (adapted, ["out", "loss"]),
        (halved, ["a, b"]),
        (by_numpy, ["s"]),
        (written, ["y", "z"]),
        (first_of_two, ["y", "y", "y"]),
        (listed, ["ys[0]", "ys[1]", "one", "*rest"]),
        (keyed, ["out['low']", "out['high']"]),
        (never_used, ["y"]),
    ],
)
def test_results_are_called_by_what_holds_them(
    function: Callable[..., Any], named: list[str]
) -> None:
    run = viz.trace(function, torch.rand(1, 3, 4))
    assert names_in(run) == named
    calls = {call.id: call for call in run.calls}
    for node in run.nodes:
        if node.name in named and node.call is not None:
            assert calls[node.call].span is not None


def test_the_value_is_the_one_that_the_variable_holds() -> None:
    held: dict[str, torch.Tensor] = {}

    def attending(x: torch.Tensor) -> Any:
        y, w = ATTENTION(x, x, x)
        held.update(y=y.detach(), w=w.detach())
        return y.sum() + w.sum()

    run = viz.trace(attending, torch.rand(1, 3, 4))
    for name, tensor in held.items():
        (node,) = (node for node in run.nodes if node.name == name)
        assert node.value is not None
        assert node.value.shape == tuple(tensor.shape)
        assert node.value.values == pytest.approx(tensor.flatten().tolist())


OWN = {
    "a model and a loss": (
        "w = torch.tensor(2., requires_grad=True)\ndef model(x):\n    return w*x\n"
        "def loss_fn(y, t):\n    d = y - t\n    return d.mean()\n"
        "y_pred = model(torch.ones(2))\nloss = loss_fn(y_pred, 1.0)\nloss.backward()",
        ["y_pred", "d", "loss"],
    ),
    "a module": (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.fc = nn.Linear(2, 1)\n    def forward(self, x):\n"
        "        return torch.sigmoid(self.fc(x))\n"
        "net = Net()\nout = net(torch.ones(2))\nout.backward()",
        ["out"],
    ),
    "what calls another": (
        "x = torch.ones(2, requires_grad=True)\ndef inner(v):\n    return v.sin()\n"
        "def outer(v):\n    return inner(v)\ny = outer(x)\ny.sum().backward()",
        ["y"],
    ),
    "again and again": (
        "x = torch.ones(2, requires_grad=True)\ndef twice(v):\n    return v*2\n"
        "h = x\nfor _ in range(2):\n    h = twice(h)\nh.sum().backward()",
        ["h", "h"],
    ),
    "a name of its own stays": (
        "x = torch.ones(2, requires_grad=True)\ndef pair(v):\n    u = v.sin()\n"
        "    return u, v.cos()\np, q = pair(x)\n(p*q).sum().backward()",
        ["u", "q"],
    ),
    "two outputs of one node": (
        "class Halves(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        return x*2, x*3\n    @staticmethod\n    def backward(ctx, g, h):\n"
        "        return g*2 + h*3\nx = torch.ones(2, requires_grad=True)\n"
        "a, b = Halves.apply(x)\n(a*b).sum().backward()",
        ["a, b"],
    ),
    "what fails on the way": (
        "x = torch.ones(2, requires_grad=True)\ndef f(v):\n    v.sin()\n    raise ValueError\n"
        "def g(v):\n    return v.cos()\ntry:\n    y = f(x)\nexcept ValueError:\n    y = g(x)\n"
        "y.sum().backward()",
        ["y"],
    ),
}


@pytest.mark.parametrize("kind", OWN)
def test_what_a_function_of_one_s_own_returns_has_the_variable_s_name(
    sandbox: Sandbox, kind: str
) -> None:
    source, named = OWN[kind]
    assert names_in(sandbox.trace(source)) == named


def test_a_record_that_is_cut_has_no_name_beyond_its_end() -> None:
    def filling(x: torch.Tensor) -> Any:
        y = LONG(x)
        raise MemoryError(y.shape)

    run = viz.trace(filling, torch.ones(2), partial=True)
    assert run.failure is not None
    assert run.failure.type == "MemoryError"
    assert len(run.nodes) == MAX_UNFINISHED
    assert names_in(run) == []


def names_in(run: Trace) -> list[str]:
    """What is computed and has a name, in order."""
    return [node.name for node in run.nodes if node.name and node.kind in ("operation", "output")]
