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


X = "X = torch.randn(9, 2)\n"
MEETING = {
    X + "y = torch.randn(9)\ndef f(w): return ((X @ w - y)**2).mean()": ["torch.arange(2.0)"],
    X + "def f(w, b): return (X @ w + b - torch.ones(9, 1)).mean()": ["torch.randn(2, 1)", "1.0"],
    X + "y = torch.randn(9, 1)\ndef f(w):\n    p = torch.mm(X, w)\n    return F.mse_loss(p, y)": [
        "torch.randn(2, 1)"
    ],
    X + "def f(W, b, V): return torch.sigmoid(torch.tanh(X @ W + b) @ V).sum()": [
        *("torch.randn(2, 2)", "1.0", "torch.randn(2, 2)")
    ],
    "n, d = 50, 4\nX = torch.randn(n, d)\ndef f(w): return X.matmul(w).sum()": [
        "torch.arange(4.0)"
    ],
    "def f(x): return x.mm(torch.ones(4, 2)).sum() + torch.ones(3, 2).mm(x).sum()": [
        "torch.randn(2, 4)"
    ],
    "A = torch.eye(2)\ndef f(x): return 0.5 * x @ A @ x": ["torch.arange(2.0)"],
    "def f(x):\n    H = torch.diag(torch.ones(2))\n    return torch.dot(x, torch.mv(H, x))": [
        "torch.arange(2.0)"
    ],
    "A = torch.eye(2)\ndef f(x): return x.t() @ A @ x": ["torch.randn(2, 1)"],
    "def f(q): return (torch.ones(5, 4) @ q.T).sum()": ["torch.randn(2, 4)"],
    "s = torch.ones(2)\ndef f(W):\n    h = s\n    for _ in range(3):\n        h = W @ h\n"
    "    return h.sum()": ["torch.randn(2, 2)"],
    "def f(W):\n    s = torch.ones(2)\n    s = W @ s\n    return s.sum()": ["torch.randn(2, 2)"],
    "def f(x): return torch.dot(x, torch.tensor([1., 2., 3.]))": ["torch.arange(3.0)"],
    "def f(x): return F.linear(x, torch.ones(4, 5)).sum()": ["torch.randn(2, 5)"],
    "def f(x): return F.conv2d(x, torch.ones(1, 3, 2, 2)).sum()": ["torch.randn(1, 3, 6, 6)"],
    "def f(b): return torch.linalg.solve(torch.eye(2), b).sum()": ["torch.arange(2.0)"],
    "def f(p): return F.binary_cross_entropy(p, torch.ones(2))": ["torch.rand(2)"],
    "c = nn.BCELoss()\ndef f(z): return c(torch.sigmoid(z), torch.ones(2))": ["torch.arange(2.0)"],
    "def f(z): return F.cross_entropy(z, torch.tensor([4, 0]))": ["torch.randn(2, 5)"],
    "def f(z): return F.cross_entropy(z.unsqueeze(0), torch.tensor([2]))": ["torch.arange(3.0)"],
    "m = nn.Linear(3, 2)\ndef f(x): return F.cross_entropy(m(x), torch.tensor([1]))": [
        "torch.randn(1, 3)"
    ],
    "def f(x): return torch.stack([x, torch.ones(3)]).sum()": ["torch.arange(3.0)"],
    "def f(x): return torch.einsum('ij,jk->ik', x, torch.ones(4, 2)).sum()": ["torch.randn(3, 4)"],
    "def f(x): return torch.bmm(x, torch.ones(2, 4, 5)).sum()": ["torch.randn(2, 2, 4)"],
    "def f(x): return F.layer_norm(x, (5,)).sum()": ["torch.randn(2, 5)"],
    "def f(x): return x[0] * x[5]": ["torch.arange(6.0)"],
    "def f(x): return x[3, 2] * x[0, -1]": ["torch.randn(4, 3)"],
    "def f(x):\n    a, b, c = x.shape\n    return x.sum() / a": ["torch.randn(2, 3, 4)"],
    "def f(x):\n    n = x.shape[1] + x.size(1)\n    return x.sum() / n": ["torch.randn(2, 3)"],
    "m = nn.LSTM(5, 6)\ndef f(x): return m(x)[0].sum()": ["torch.randn(2, 5)"],
    "m = nn.Embedding(5, 3)\ndef f(i): return m(i).sum()": ["torch.tensor([0, 1])"],
    "def f(q, k, v): return F.scaled_dot_product_attention(q, k, v).sum()": ["torch.randn(2, 3)"]
    * 3,
    "def f(x, A): return (A @ x).sum()": ["torch.randn(3, 3)"] * 2,
    "def f(x): return (x @ torch.ones(-3)).sum()": ["torch.randn(3, 3)"],
    "def f(x): return (x @ torch.ones(10**9, 10**9)).sum()": ["torch.randn(3, 3)"],
    f"def f(x): return x @ torch.ones({'9' * 6}, {'9,' * 900}).flatten()": ["torch.randn(3, 3)"],
    "def f(x): return x @ torch.eye()": ["torch.randn(3, 3)"],
    f"def f(x): return x @ torch.arange(-1{'0' * 400}, 5)": ["torch.randn(3, 3)"],
    f"def f(x): return F.cross_entropy(x, torch.tensor([{'9' * 4_300}]))": ["torch.randn(1, 3)"],
}
"""Functions beside whose inputs something of a known shape stands."""
NEVER = {
    each
    for each in MEETING
    if any(one in each for one in ("-3", "10**9", "-10", "999999", "eye()"))
}


@pytest.mark.parametrize("source", MEETING)
def test_a_start_fits_what_the_input_meets(source: str) -> None:
    program = check(source)
    assert [each.start for each in program.inputs] == MEETING[source]
    if source not in NEVER:
        names = namespace(Transcript())
        exec(compile(source, "<program>", "exec"), names)  # noqa: S102
        starts = [eval(each.start, names) for each in program.inputs]  # noqa: S307
        assert torch.isfinite(names[program.function or ""](*starts)).all()


def test_unpacking_gives_as_many_numbers_as_names() -> None:
    program = check("def f(p):\n    a, b, c = p\n    return a * b + c")
    assert program.inputs[0].start == "torch.arange(1.0, 4.0)"
