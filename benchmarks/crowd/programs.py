"""What virtual learners type: eight kinds of programs, and hostile ones; each with a constant."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.programs import CONTROL_FLOW

LOOP = CONTROL_FLOW.replace("a * 2", "a * {c}")
SCRIPT = """x = torch.arange({c}, requires_grad=True)
y = 2 * torch.dot(x, x)
y.backward()
x.grad
# %%
x.grad.zero_()
y = x.sum()
y.backward()
x.grad
"""
NET = """x = torch.tensor([0.5, -1.0, {c}])
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
loss = (net(x) - 1.0).pow(2).sum()
loss.backward()
"""


@dataclass(frozen=True)
class Kind:
    """A kind of program: its text with a constant `{c}`, its inputs, what the link says."""

    name: str
    source: str
    texts: dict[str, Callable[[random.Random], str]] = field(default_factory=dict)
    link: dict[str, str] = field(default_factory=dict)


def number(dice: random.Random) -> str:
    return f"{dice.uniform(0.1, 4):.3f}"


def vector(dice: random.Random) -> str:
    return f"torch.arange(4.0) * {dice.uniform(0.1, 4):.3f}"


KINDS = (
    Kind("scalar", "sin(x)*x**2 + {c}*x", {"x": number}),
    Kind("control flow", LOOP, {"a": number}),
    Kind("vector", "def f(x):\n    return {c} * torch.dot(x, x)", {"x": vector}),
    Kind("script", SCRIPT),
    Kind("network", NET),
    Kind("surface", "def f(x, y):\n    return x**2 + {c} * y**2 + sin(x * y)",
         {"x": number, "y": number}, {"tab": "surface"}),
    Kind("loop of 100",
         "def f(x):\n    for i in range(100):\n        x = torch.sin(x) * {c}\n    return x",
         {"x": number}),
    Kind("error", "def f(x):\n    return torch.ones(2, 3) @ torch.ones(2, 3) * x * {c}",
         {"x": number}),
)  # fmt: skip
BAD = (
    "def f(x):\n    while True:\n        x = x + {c}\n    return x",
    "def f(x):\n    for i in range(10**9):\n        x = torch.sin(x) * {c}\n    return x",
    "def f(x):\n    return (torch.ones(10**9) * x * {c}).sum()",
    "def f(x):\n    a = [x * {c}]\n    for i in range(60):\n        a = a + a\n    return a[0]",
)
