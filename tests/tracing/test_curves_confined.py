"""Curves, surfaces and Jacobians of typed text, where no file can be opened any more.

Whatever the sampling imports or opens late fails here and nowhere else.
"""

import math

import pytest

from viz import Sandbox

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


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


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
