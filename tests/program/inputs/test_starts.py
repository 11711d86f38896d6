"""Start values: chosen by use, and good enough that the function runs on them."""

from __future__ import annotations

import pytest
import torch

from viz.program import check
from viz.tracing.runnable import Transcript
from viz.tracing.typed.namespace import namespace

STARTS = {
    "x + 1": ["1.0"],
    "max(x, 0)": ["1.0"],
    "max(x)": ["torch.arange(4.0)"],
    "x.sum()": ["torch.arange(4.0)"],
    "x.sum(dim=1)": ["torch.randn(2, 3)"],
    "torch.softmax(x, 1)": ["torch.randn(2, 3)"],
    "torch.softmax(x, dim=-2)": ["torch.randn(2, 3)"],
    "x[0, 1] * x[1, 2]": ["torch.randn(2, 3)"],
    "x[1] * 2": ["torch.arange(4.0)"],
    "x.view(2, 3)": ["torch.arange(6.0)"],
    "x.reshape((-1, 4))": ["torch.arange(8.0)"],
    "torch.reshape(x, (3, 3))": ["torch.arange(9.0)"],
    "x.view(n, 2)": ["torch.arange(4.0)", "1.0"],
    "torch.cat([x, y])": ["torch.arange(4.0)", "torch.arange(4.0)"],
    "torch.stack([x, y])": ["1.0", "1.0"],
    "nn.Linear(5, 2)(x)": ["torch.randn(2, 5)"],
    "nn.Conv2d(3, 1, 2)(x)": ["torch.randn(1, 3, 6, 6)"],
    "nn.Conv1d(2, 1, 2)(x)": ["torch.randn(1, 2, 8)"],
    "nn.LayerNorm(4)(x)": ["torch.randn(2, 4)"],
    "nn.ReLU()(x)": ["1.0"],
    "F.conv2d(x, torch.ones(1, 1, 2, 2))": ["torch.randn(1, 1, 6, 6)"],
    "torch.linalg.det(A)": ["torch.randn(3, 3)"],
    "A.T @ x": ["torch.randn(3, 3)", "torch.randn(3, 3)"],
    "asin(x) + erfinv(y)": ["0.5", "0.5"],
    "acosh(x)": ["2.0"],
    "[u * 2 for u in x]": ["torch.arange(4.0)"],
    "torch.full((2,), 1.0) * x": ["1.0"],
    "F.cross_entropy(x, y)": ["torch.arange(4.0)", "torch.arange(4.0)"],
    "torch.zeros(n) + x": ["3", "1.0"],
}


@pytest.mark.parametrize("source", STARTS)
def test_a_start_value_follows_from_the_use_of_the_name(source: str) -> None:
    assert [each.start for each in check(source).inputs] == STARTS[source]


@pytest.mark.parametrize("source", [each for each in STARTS if each != "x.view(n, 2)"])
def test_the_function_runs_on_its_start_values(source: str) -> None:
    names = namespace(Transcript())
    for each in check(source).inputs:
        value = eval(compile(each.start, "<input>", "eval"), names)  # noqa: S307
        names[each.name] = value if each.integer else torch.as_tensor(value)
    eval(compile(source, "<program>", "eval"), names)  # noqa: S307


def test_unpacking_gives_as_many_numbers_as_names() -> None:
    program = check("def f(p):\n    a, b, c = p\n    return a * b + c")
    assert program.inputs[0].start == "torch.arange(1.0, 4.0)"
