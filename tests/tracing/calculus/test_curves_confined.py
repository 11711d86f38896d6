"""Curves, surfaces and Jacobians of typed text, where no file can be opened any more.

Whatever the sampling imports or opens late fails here and nowhere else.
"""

import math

import pytest
import torch

COURSE = """def f(a):
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    return b if b.sum() > 0 else 100 * b
"""

PROGRAMS = {
    "smooth": "sin(x) * x**2",
    "kink": "abs(x) * x",
    "pole": "1 / x",
    "domain": "log(x) + sqrt(x)",
    "jumps": "floor(x) + x % 2",
    "branch": "x if x > 0.3 else x**2",
    "python's max": "max(x, 0)",
    "items": "x.item() * x",
    "whole numbers": "x ** int(abs(x) + 1)",
    "random": "torch.rand_like(x) + torch.nn.functional.dropout(x * torch.ones(3)).sum()",
    "matrix": "torch.linalg.det(torch.eye(2) * x + torch.ones(2, 2))",
    "softmax": "torch.softmax(torch.stack([x, 2 * x, x**2]), 0)[0]",
    "in place": "def f(x):\n    y = torch.zeros(2)\n    y[0] = x\n    return y.sum()",
    "own gradient": "torch.autograd.grad(x**3, x, create_graph=True)[0]",
    "fast": "sin(1 / x)",
    "detached": "(x * x).detach()",
    "the course's": COURSE,
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("order", [0, 1, 4])
def test_a_curve_is_answered(sandbox, name, order):
    found = sandbox.curve(PROGRAMS[name], -3, 4, points=150, order=order)
    assert found.failure is None
    assert len(found.derivatives) == order + 1
    assert sum(map(math.isfinite, found.derivatives[0])) > 0.5 * len(found.x)


@pytest.mark.parametrize("name", ["smooth", "jumps", "pole", "fast"])
def test_a_curve_at_the_limit_of_samples_is_answered(sandbox, name):
    assert len(sandbox.curve(PROGRAMS[name], -9, 10, points=4_000).x) == 4_000


def test_a_failure_names_the_line(sandbox):
    source = "def f(x):\n    if x < 0:\n        raise ValueError('no')\n    return x"
    found = sandbox.curve(source, -1, 1, points=50)
    assert (found.failure.type, found.failure.span.line) == ("ValueError", 3)
    assert found.gaps[0].reason == "ValueError: no"


def test_a_loop_without_end_is_stopped_with_its_line(sandbox):
    source = "def f(x):\n    while True:\n        x = x + 1\n    return x"
    found = sandbox.curve(source, -1, 1, points=50)
    assert found.failure.type == "TimeIsUp"
    assert found.failure.span.line in (2, 3)
    assert found.x == ()


SLOW = """def f(x):
    v = x.item()
    for k in range(20000):
        v += 1
    return x * 2
"""


def test_slow_samples_are_shown_as_far_as_time_reaches(sandbox):
    found = sandbox.curve(SLOW, -1, 1, points=4000)
    assert found.failure.type == "TimeIsUp"
    assert 2 < len(found.x) < 4000
    assert set(found.derivatives[1]) == {2.0}


def test_a_surface_and_a_jacobian_are_answered(sandbox):
    found = sandbox.surface("(1 - x)**2 + (y if y > 0 else -y)", (-1, 1), (-1, 1), points=20)
    assert found.failure is None
    assert found.value[0][-1] == 1.0
    text = {"x": "torch.arange(4.0)"}
    blocks = sandbox.jacobian("x * x", inputs=text, gradient="torch.ones(4)").blocks
    assert blocks[0].product.values == (0.0, 2.0, 4.0, 6.0)


NET = """
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(1, 4)

    def forward(self, x):
        return torch.tanh(self.hidden(x.reshape(1))).sum()

net = Net()

def f(x=0.5):
    return net(x)
"""
WEIGHTS = """
w = torch.tensor([[0.1, 0.2], [0.3, 0.4]])
layers = [w, {"b": torch.tensor([0.7, -0.3])}]

def f(x=0.5):
    v = torch.stack([x, x * x])
    return (layers[0] @ v + layers[1]["b"]).sum() + (w * x).sum()
"""


def test_a_module_made_at_the_top_is_sampled(sandbox):
    """Its weights are float32 where they are made; the samples are float64."""
    found = sandbox.curve(NET, -2, 2, points=50)
    assert found.failure is None
    assert found.batched
    assert all(map(math.isfinite, found.derivatives[1]))
    traced = sandbox.trace(NET, inputs={"x": "0.5"})
    at = min(range(len(found.x)), key=lambda place: abs(found.x[place] - 0.5))
    near = found.derivatives[0][at] + found.derivatives[1][at] * (0.5 - found.x[at])
    assert near == pytest.approx(traced.value.values[0], abs=1e-3)


def test_weights_made_at_the_top_keep_float64s_precision(sandbox):
    found = sandbox.curve(WEIGHTS, -2, 2, points=20)
    single = [float(torch.tensor(number)) for number in (0.1, 0.2, 0.3, 0.4, 0.7, -0.3)]
    a, b, c, d, e, g = single
    for x, value in zip(found.x, found.derivatives[0], strict=True):
        exact = (a + c) * x + (b + d) * x * x + e + g + (a + b + c + d) * x
        assert value == pytest.approx(exact, rel=1e-14, abs=1e-14)


@pytest.mark.parametrize(
    ("body", "slope"),
    [
        ("w = torch.ones(3, dtype=torch.float32)\n    return (x * w) @ torch.ones(3)", "3"),
        ("w = torch.FloatTensor([1.0, 2.0])\n    return (x * w) @ torch.ones(2)", "3"),
        ("w = torch.arange(3).float()\n    return torch.stack([x, x, x * x]) @ w", "1 + 4 * x"),
        ("w = torch.ones(2).type(torch.float32)\n    return torch.stack([x, x]).dot(w)", "2"),
        ("w = torch.ones(2).type('torch.FloatTensor')\n    return w.dot(torch.stack([x, x]))", "2"),
        ("return (m(x.float().reshape(1, 1)) / m.weight).sum()", "1"),
        # torch tells of these with other words, and with another exception
        ("return 2 * x + 0 * nn.RNN(1, 1)(x.float().reshape(1, 1))[0].sum()", "2"),
        (
            "w = torch.ones(1, dtype=torch.float32)\n"
            "    return w.scatter(0, torch.tensor([0]), x[None]).square().sum()",
            "2 * x",
        ),
        (
            "w = torch.zeros(2, dtype=torch.float)\n    w[0] = x * x\n    return w @ ones(2)",
            "2 * x",
        ),
        (
            "w = torch.from_numpy(np.ones(2, dtype=np.float32))\n"
            "    return w @ torch.stack([x, x])",
            "2",
        ),
        (
            "w = torch.ones(2).float()\n    if x > 0:\n        return torch.stack([x, x]) @ w\n"
            "    return -(torch.stack([x, x * x]) @ w)",
            "2 if x > 0 else -1 - 2 * x",
        ),
    ],
)
def test_code_that_asks_for_float32_is_sampled_in_float64(sandbox, body, slope):
    """Its own run is float32 throughout; beside float64 samples torch refuses both together."""
    begin = "import numpy as np\nm = nn.Linear(1, 1)\n"
    source = f"{begin}\ndef f(x=0.5):\n    {body}\n"
    assert sandbox.trace(source).failure is None
    found = sandbox.curve(source, -2, 2, points=20)
    assert found.failure is None
    for x, value in zip(found.x, found.derivatives[1], strict=True):
        if x not in (gap.start for gap in found.gaps):
            expected = eval(slope, {"x": x})  # noqa: S307 - the table above
            assert value == pytest.approx(expected, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    "given",
    ["[x * x, 2]", "{'y': x * x}", "(2, [x * x])", "torch.distributions.Poisson(x * x)"],
)
def test_of_a_container_the_first_tensor_is_looked_at_as_in_the_graph(sandbox, given):
    source = f"def f(x=0.5):\n    return {given}\n"
    assert sandbox.trace(source).failure is None
    found = sandbox.curve(source, 1, 2, points=20)
    assert found.failure is None
    for x, value in zip(found.x, found.derivatives[1], strict=True):
        assert value == pytest.approx(2 * x, rel=1e-12)
