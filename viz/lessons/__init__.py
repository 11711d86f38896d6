"""The course's examples: small programs with the values that show what they are about.

Titles are English templates for the page to translate. Links name an example by its `key`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from viz.errors import N_


@dataclass(frozen=True)
class Example:
    """A program to start from; `inputs` are the texts of its inputs."""

    key: str
    title: str
    source: str
    inputs: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    order: int = 1


def _example(key: str, title: str, source: str, order: int = 1, **inputs: str) -> Example:
    return Example(key, title, source, MappingProxyType(inputs), order)


EXAMPLES: Final = (
    _example(
        "chain",
        N_("The chain rule: (x + y) · z"),
        "def f(x, y, z):\n    a = x + y\n    return a * z\n",
        x="-2.0",
        y="5.0",
        z="-4.0",
    ),
    _example("square", N_("A product with itself: sin(x) · x²"), "sin(x)*x**2", x="1.5"),
    _example(
        "fork",
        N_("Gradients add up where paths meet"),
        "def f(a, b):\n    c = a * b\n    d = sin(a)\n    return c + d\n",
        a="1.0",
        b="2.0",
    ),
    _example("dot", N_("A vector: 2 xᵀx"), "2*torch.dot(x, x)", x="torch.arange(4.0)"),
    _example(
        "detach",
        N_("Where the gradient stops: detach"),
        "def f(x):\n    y = x * x\n    u = y.detach()\n    z = u * x\n    return z.sum()\n",
        x="torch.arange(4.0)",
    ),
    _example(
        "loop",
        N_("Control flow: while and if"),
        "def f(a):\n"
        "    b = a * 2\n"
        "    while b.norm() < 1000:\n"
        "        b = b * 2\n"
        "    if b.sum() > 0:\n"
        "        c = b\n"
        "    else:\n"
        "        c = 100 * b\n"
        "    return c\n",
        a="2.0",
    ),
    _example("sine", N_("The derivative of sin, without writing cos"), "sin(x)", x="1.0", order=2),
    _example("kink", N_("A kink: what is the slope of |x| at 0?"), "abs(x)", x="0.0"),
    _example(
        "hill",
        N_("Two inputs: Himmelblau's hills"),
        "def f(x, y):\n    return (x**2 + y - 11)**2 + (x + y**2 - 7)**2\n",
        x="1.0",
        y="1.0",
    ),
    _example(
        "twice",
        N_("A script: backward twice"),
        "x = torch.arange(4.0, requires_grad=True)\n"
        "y = 2 * torch.dot(x, x)\n"
        "y.backward()\n"
        "x.grad\n"
        "# %%\n"
        "y.backward()\n"
        "x.grad\n",
    ),
    _example(
        "plot",
        N_("A script that plots sin and its derivative"),
        "import torch\n"
        "import matplotlib.pyplot as plt\n"
        "\n"
        "x = torch.arange(-10, 10, 0.1, requires_grad=True)\n"
        "y = torch.sin(x)\n"
        "y.backward(torch.ones_like(y))\n"
        "plt.plot(x.detach().numpy(), y.detach().numpy(), 'b-', label='f(x)')\n"
        "plt.plot(x.detach().numpy(), x.grad.numpy(), 'r--', label='df(x)')\n"
        "plt.xlabel('x')\n"
        "plt.legend()\n"
        "plt.show()\n",
    ),
    _example(
        "layer",
        N_("A small network and its loss"),
        "def f(x):\n"
        "    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))\n"
        "    return F.mse_loss(net(x), torch.zeros(2, 1))\n",
        x="torch.randn(2, 3)",
    ),
)
