"""A function that says `return` nowhere is told so, with its line and a mend that works."""

from __future__ import annotations

import ast

import pytest
import torch

from viz import trace
from viz.errors import FunctionFailed
from viz.tracing.hints.mends.clamps import clamp_for

WITHOUT_RETURN = {
    "def f(x):\n    y = x * 2": "def f(x):\n    y = x * 2\n    return y",
    "a = 2\ndef f(x):\n    x = x * a\n    x": (
        "a = 2\ndef f(x):\n    x = x * a\n    x\n    return x"
    ),
    "def f(x): y = x": "def f(x): y = x; return y",
    "def f(x): x**2": "def f(x): return x**2",
    "def f(x):\n    'doc'\n    x**2  # é": "def f(x):\n    'doc'\n    return x**2  # é",
    "def f(x):\n    print('f:', x**2)": "def f(x):\n    return x**2",
    "def f(x):\n    y = x**2\n    print(y)": "def f(x):\n    y = x**2\n    print(y)\n    return y",
    "def f(x):\n    y = x\n    y + 1": "def f(x):\n    y = x\n    return y + 1",
    "def f(x):\n    s = 0\n    for i in range(3):\n        s += x": (
        "def f(x):\n    s = 0\n    for i in range(3):\n        s += x\n    return s"
    ),
    "def f(x):\n    for i in range(3):\n        y = x": None,
    "def f(x):\n    if x > 0:\n        x**2\n    else:\n        -x": (
        "def f(x):\n    if x > 0:\n        return x**2\n    else:\n        return -x"
    ),
    "def f(x):\n    if x < 0:\n        y = -x": None,
    "def f(x):\n    if x < 0:\n        x = -x": (
        "def f(x):\n    if x < 0:\n        x = -x\n    return x"
    ),
    "def f(x):\n    a, b = x, x**2": "def f(x):\n    a, b = x, x**2\n    return a, b",
    "def f(x):\n    def g(y):\n        return y**2\n    g(x)": (
        "def f(x):\n    def g(y):\n        return y**2\n    return g(x)"
    ),
    "def f(x):\n    pass": None,
    "def f(x):\n    [].append(x)": None,
}


@pytest.mark.parametrize("source", WITHOUT_RETURN)
def test_a_function_without_return(sandbox, source):
    failure = sandbox.trace(source).failure
    assert failure is not None
    assert failure.message == "f has no return: it gives None"
    assert failure.span is not None
    assert source.split("\n")[failure.span.line - 1].startswith("def f")
    assert failure.replacement == WITHOUT_RETURN[source]
    if failure.replacement:
        assert sandbox.trace(failure.replacement).failure is None


GIVING_NOTHING = {
    "def f(x):\n    y = x**2\n    return": "def f(x):\n    y = x**2\n    return y",
    "def f(x):\n    return\n    x**2\n": "def f(x):\n    return x**2\n",
    "def f(x):\n    if x > 0:\n        return\n    x": None,
    "def f(x):\n    return": None,
}


@pytest.mark.parametrize("source", GIVING_NOTHING)
def test_a_return_that_gives_nothing(sandbox, source):
    failure = sandbox.trace(source).failure
    assert failure is not None
    assert failure.message == "the result is None, not a tensor"
    assert failure.replacement == GIVING_NOTHING[source]
    if failure.replacement:
        assert sandbox.trace(failure.replacement).failure is None


@pytest.mark.parametrize("source", ["3", "print(torch.ones(2))", ">>> x = torch.ones(2)\n>>> x"])
def test_what_is_no_function_does_not_fail(sandbox, source):
    trace = sandbox.trace(source)
    assert trace.failure is None
    assert trace.cells


@pytest.mark.parametrize(
    "source", ["math.sin(x) * 2", "import math\ndef f(x):\n    return math.exp(x)"]
)
def test_where_math_has_taken_a_number_torch_is_offered(sandbox, source):
    failure = sandbox.trace(source).failure
    assert failure is not None
    assert failure.span is not None
    assert source.split("\n")[failure.span.line - 1][failure.span.column :].startswith("math.")
    assert failure.replacement == source.replace("math.", "torch.")
    assert sandbox.trace(failure.replacement).failure is None


def test_math_of_plain_numbers_is_not_said_to_end_the_graph(sandbox):
    source = "import math\ndef f(x):\n    return torch.full((2,), math.sqrt(2 / 4))"
    assert "math" not in sandbox.trace(source).failure.message


OF_MATH = {
    "from math import sin, exp\ndef f(x):\n    return sin(x)*exp(x)": (
        "from math import sin, exp\ndef f(x):\n    return torch.sin(x)*torch.exp(x)"
    ),
    "import math as m\ndef f(x):\n    return m.sqrt(2)*m.sin(x)": (
        "import math as m\ndef f(x):\n    return m.sqrt(2)*torch.sin(x)"
    ),
    "math.log(x, 2)": "(torch.log(x)/math.log(2))",
    "math.floor(x)": "torch.floor(x)",
}
CUT = {
    "def f(x):\n    y = torch.tensor(x)\n    return y**2": "def f(x):\n    y = x\n    return y**2",
    "torch.tensor(x.item()**2)": "(x**2)",
    "x.detach().numpy()**2": "x**2",
    "float(x)**2": "(x)**2",
    "x.data*2": "x*2",
    "x > 0": None,
}


@pytest.mark.parametrize("source", OF_MATH | CUT)
def test_what_leads_out_of_the_graph_is_left_out(sandbox, source):
    failure = sandbox.trace(source, {"x": "1.5"}).failure
    assert failure is not None
    assert failure.replacement == (OF_MATH | CUT)[source]
    if failure.replacement:
        assert sandbox.trace(failure.replacement, {"x": "1.5"}).failure is None


LOOP = "def f(x):\n    h = 0\n    for i in [1, 2]:\n        "
# source, x, a piece of what helps, the mended program
PLAIN = [
    ("max(x,0)", "-1.0", "torch.clamp computes the same", "torch.clamp(x, min=0)"),
    ("min(-2, x)*2 + 1", "1.0", "torch.clamp", "torch.clamp(x, max=-2)*2 + 1"),
    (
        "def f(x):\n    return max(0, min(x*2, 1.5))  # é",
        "-1.0",
        "torch.clamp",
        "def f(x):\n    return torch.clamp(torch.clamp(x*2, max=1.5), min=0)  # é",
    ),
    ("max(0, min(x, 1))", "3.0", "torch.clamp", "torch.clamp(torch.clamp(x, max=1), min=0)"),
    (
        "def relu(v): return max(v, 0)\ndef f(x):\n    return relu(x)",
        "-1.0",
        "torch.clamp",
        "def relu(v): return torch.clamp(v, min=0)\ndef f(x):\n    return relu(x)",
    ),
    ("max(x, x*2, 4)", "1.0", "torch.maximum", None),
    (LOOP + "h = min(h + x, 0)\n    return h", "1.0", "torch.clamp",
     LOOP + "h = torch.clamp(h + x, max=0)\n    return h"),
    (LOOP + "h = min(h, 0) + x\n    return min(h, 0)", "1.0", "torch.maximum", None),
    ("x if x > 0 else 0", "-1.0", "torch.where", None),
    ("def f(x):\n    if x > 0:\n        return x\n    return 0.0", "-1.0", "A branch", None),
    ("x.item()*max(x, 0)", "-1.0", ".item()", "x*max(x, 0)"),
    ("print(x*2)", "1.0", "print shows", "(x*2)"),
    ("def f(x):\n    return print(x, x)", "1.0", "print shows", None),
]  # fmt: skip


def test_a_plain_number_is_told_with_what_gave_it(sandbox):
    for source, x, help, mended in PLAIN:
        failure = sandbox.trace(source, {"x": x}).failure
        assert failure is not None, source
        assert help in str(failure.hint), source
        assert failure.replacement == mended
        if mended:
            assert sandbox.trace(mended, {"x": x}).failure is None


F = "def f(x):\n    y = (x * x).sum()\n    "
# source, what helps, the mended program
UNCALLED = [
    (F + "y.backward\n    return x.grad", "not called", F + "y.backward()\n    return x.grad"),
    (F + "return y.backward", "return y.", F + "return y"),
    (F + "return y.item", "called it leaves the graph: return y.", F + "return y"),
    (F + "z = x.mean\n    return z", "x.mean lacks its brackets", F + "z = x.mean()\n    return z"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "help", "mended"), UNCALLED)
def test_a_method_that_is_not_called_is_named(sandbox, source, help, mended):
    failure = sandbox.trace(source).failure
    assert failure is not None
    assert help in str(failure.hint)
    assert failure.replacement == mended
    assert sandbox.trace(mended).failure is None


def test_what_is_spread_out_may_be_several_and_is_not_clamped():
    source = "max(0, *xs)"
    assert clamp_for(ast.parse(source).body[0].value, [source]) is None


def test_where_gradients_are_switched_off_that_is_said():
    for off in (torch.no_grad(), torch.inference_mode()):
        with off, pytest.raises(FunctionFailed, match="switched off here"):
            trace(lambda x: x * 2, 1.0)
