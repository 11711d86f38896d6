"""Every code cell of the course's chapter on automatic differentiation, as typed, by value."""

import pytest

from tests.programs import CONTROL_FLOW

FIRST = """\
import torch

x = torch.arange(4.0)
x
# %%
x.requires_grad_(True)  # 等价于x=torch.arange(4.0,requires_grad=True)
x.grad  # 默认值是None
# %%
y = 2 * torch.dot(x, x)
y
# %%
y.backward()
x.grad
# %%
x.grad == 4 * x
# %%
# 在默认情况下,PyTorch会累积梯度,我们需要清除之前的值
x.grad.zero_()
y = x.sum()
y.backward()
x.grad
# %%
x.grad.zero_()
y = x * x
# 等价于y.backward(torch.ones(len(x)))
y.sum().backward()
x.grad
# %%
x.grad.zero_()
y = x * x
u = y.detach() # 将y作为常数,而不是关于x的函数
z = u * x

z.sum().backward()
x.grad == u
# %%
x.grad.zero_()
y.sum().backward()
x.grad == 2 * x
"""

SHOWN = [
    "tensor([0., 1., 2., 3.])",
    None,
    "tensor(28., grad_fn=<MulBackward0>)",
    "tensor([ 0.,  4.,  8., 12.])",
    "tensor([True, True, True, True])",
    "tensor([1., 1., 1., 1.])",
    "tensor([0., 2., 4., 6.])",
    "tensor([True, True, True, True])",
    "tensor([True, True, True, True])",
]

PLOT = """\
import torch
import matplotlib.pyplot as plt

x = torch.arange(-10, 10, 0.1, requires_grad=True)
y = torch.sin(x)
y.backward(torch.ones_like(y))
d = x.grad
x = x.detach().numpy()
y = y.detach().numpy()
d = d.numpy()
plt.plot(x, y, 'b-', label = 'f(x)')
plt.plot(x, d, 'r--', label = 'df(x)')
plt.xlabel('x')
plt.ylabel('f(x)')
plt.legend()
plt.show()
"""


def values(run, name):
    return run.gradients[name].values


def test_the_first_cells_show_what_the_chapter_shows(sandbox):
    run = sandbox.trace(FIRST)
    assert run.failure is None
    assert [cell.shown for cell in run.cells] == SHOWN
    assert [each.call is not None for each in run.passes] == [True] * 5


def test_each_pass_knows_the_leaves_before_and_after(sandbox):
    run = sandbox.trace(FIRST)
    found = [
        (each.leaves_before[0].gradient, each.leaves_after[0].gradient.values)
        for each in run.passes
    ]
    assert found[0] == (None, (0.0, 4.0, 8.0, 12.0))
    assert [(before.values, after) for before, after in found[1:]] == [
        ((0.0,) * 4, (1.0, 1.0, 1.0, 1.0)),
        ((0.0,) * 4, (0.0, 2.0, 4.0, 6.0)),
        ((0.0,) * 4, (0.0, 1.0, 4.0, 9.0)),
        ((0.0,) * 4, (0.0, 2.0, 4.0, 6.0)),
    ]


def test_a_gradient_that_was_read_later_has_its_value_of_then(sandbox):
    run = sandbox.trace(FIRST)
    read = [node.value.values for node in run.nodes if node.name == "x.grad"]
    assert read == [(0.0, 4.0, 8.0, 12.0), (0.0, 1.0, 4.0, 9.0), (0.0, 2.0, 4.0, 6.0)]


@pytest.mark.parametrize(
    ("a", "value", "gradient"),
    [
        ("2.0", 1024.0, 512.0),
        ("-1.0", -102400.0, 102400.0),
        ("999.0", 1998.0, 2.0),
        ("0.001", 1048.576, 1048576.0),
    ],
)
def test_control_flow(sandbox, a, value, gradient):
    run = sandbox.trace(CONTROL_FLOW, inputs={"a": a})
    assert run.value.values[0] == pytest.approx(value, rel=1e-6)
    assert values(run, "a") == (gradient,)


@pytest.mark.parametrize("seed", range(5))
def test_control_flow_of_a_random_number(sandbox, seed):
    script = CONTROL_FLOW + (
        "a = torch.randn(size=(), requires_grad=True)\nd = f(a)\nd.backward()\na.grad == d / a\n"
    )
    run = sandbox.trace(script, seed=seed)
    assert run.failure is None
    assert run.cells[-1].shown == "tensor(True)"


def test_backward_twice_fails_with_torchs_words_and_its_mended_version_runs(sandbox):
    script = "x = torch.arange(4.0, requires_grad=True)\ny = 2 * torch.dot(x, x)\ny.backward()\n"
    run = sandbox.trace(script + "x.grad\n# %%\ny.backward()\nx.grad\n")
    assert run.cells[0].shown == "tensor([ 0.,  4.,  8., 12.])"
    assert run.failure.type == "RuntimeError"
    assert run.failure.message.startswith("Trying to backward through the graph a second time")
    assert run.failure.span.line == 6
    assert "retain_graph" in str(run.failure.hint)
    mended = sandbox.trace(run.failure.replacement)
    assert mended.failure is None
    assert values(mended, "x") == (0.0, 8.0, 16.0, 24.0)


def test_retained_graph_adds_up(sandbox):
    run = sandbox.trace(
        "x = torch.arange(4.0, requires_grad=True)\n"
        "y = 2 * torch.dot(x, x)\n"
        "y.backward(retain_graph=True)\nprint(x.grad)\ny.backward()\nprint(x.grad)\n"
    )
    assert run.printed == "tensor([ 0.,  4.,  8., 12.])\ntensor([ 0.,  8., 16., 24.])\n"
    assert [each.freed for each in run.passes] == [False, True]


def test_a_vector_without_a_gradient_fails_and_its_mended_version_runs(sandbox):
    script = CONTROL_FLOW + "a = torch.randn((4), requires_grad=True)\nd = f(a)\nd.backward()\n"
    run = sandbox.trace(script)
    assert run.failure.message == "grad can be implicitly created only for scalar outputs"
    mended = sandbox.trace(run.failure.replacement)
    assert mended.failure is None
    assert len(set(values(mended, "a"))) == 1


@pytest.mark.parametrize("size", ["(4)", "(2, 3)"])
def test_vectors_and_matrices_with_a_gradient(sandbox, size):
    script = CONTROL_FLOW + (
        f"a = torch.randn({size}, requires_grad=True)\nd = f(a)\n"
        "d.backward(torch.ones_like(d))\na.grad == d / a\n"
    )
    run = sandbox.trace(script)
    assert run.failure is None
    (factor,) = set(values(run, "a"))
    d = next(node for node in run.nodes if node.id in run.outputs)
    assert d.value.values[0] == pytest.approx(factor * run.nodes[0].value.values[0], rel=1e-6)


def test_an_exponential_with_a_loop_is_its_own_derivative(sandbox):
    run = sandbox.trace(
        "def f(a):\n    b = torch.exp(a)\n    while b.norm() < 100:\n        b = b * 3\n"
        "    if b.sum() > 0:\n        c = b\n    else:\n        c = 100 * b\n    return c\n"
        "a = torch.randn((), requires_grad=True)\nd = f(a)\nd.backward(torch.ones_like(d))\n"
        "print(a, d, a.grad)\na.grad == d\n"
    )
    assert run.cells[-1].shown == "tensor(True)"
    assert run.printed.count("tensor(") == 3


def test_the_plot_of_sine_and_its_derivative(sandbox):
    run = sandbox.trace(PLOT)
    assert run.failure is None
    (axes,) = run.cells[0].plots[0].axes
    assert [(mark.label, mark.dash) for mark in axes.marks] == [
        ("f(x)", "solid"),
        ("df(x)", "dash"),
    ]
    assert axes.legend
    assert axes.marks[1].y[100] == pytest.approx(1.0, abs=1e-5)
