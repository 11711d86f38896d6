"""The symbolic check: what it reads, what it refuses, and that it can disagree."""

import math

import pytest
import sympy

from viz.drawing.figures.checks.symbolic import symbolic
from viz.records import Curve

X = tuple(0.3 + 0.01 * k for k in range(200))


def sampled(text, order=2, **held):
    """A curve's record made by sympy with 30 digits, not by torch."""
    x = sympy.Symbol("x")
    expression = sympy.sympify(text).subs(held)
    rows = []
    for k in range(order + 1):
        exact = sympy.lambdify(x, sympy.diff(expression, x, k), "mpmath")
        rows.append(tuple(float(exact(at)) for at in X))
    return Curve(X, tuple(rows))


READ = {
    "sin(x)*x**2": "sin(x)*x**2",
    "torch.exp(-x**2 / 2)": "exp(-x**2/2)",
    "x.sin() ** 2": "sin(x)**2",
    "math.pi * x + e": "pi*x + E",
    "sigmoid(x)": "1/(1 + exp(-x))",
    "torch.pow(x, 3) - 0.5": "x**3 - 1/2",
    "log10(x) + log1p(x)": "log(x)/log(10) + log(1 + x)",
    "rsqrt(x) + reciprocal(x) + x.square()": "1/sqrt(x) + 1/x + x**2",
    "2**x + x**x": "2**x + x**x",
    "atan(x) * erf(x) - acosh(x + 2)": "atan(x)*erf(x) - acosh(x + 2)",
    "def f(x):\n    '''Words.'''\n    return x * tanh(x)": "x*tanh(x)",
    "import torch\ndef f(x):\n    return torch.cos(x)": "cos(x)",
}


@pytest.mark.parametrize("source", READ)
def test_the_written_derivatives_agree_with_exact_samples(source):
    found = symbolic(source, sampled(READ[source]), {})
    assert found.agrees
    assert len(found.latex) == len(found.worst) == 3


def test_the_derivative_in_latex():
    found = symbolic("x**2", sampled("x**2"), {})
    assert found.latex == ("x^{2}", "2 x", "2")


def test_inputs_that_hold_have_their_values():
    assert symbolic("a * x + b", sampled("a*x + b", a=2, b=3), {"a": 2.0, "b": 3.0}).agrees
    assert not symbolic("a * x + b", sampled("a*x + b", a=2, b=3), {"a": 2.0, "b": 4.0}).agrees


def test_an_input_called_e_is_the_input():
    assert symbolic("e * x", sampled("a*x", a=5), {"e": 5.0}).agrees


def test_a_wrong_curve_disagrees_and_says_by_how_much():
    found = symbolic("sin(x)", sampled("sin(x) + x/1000"), {})
    assert not found.agrees
    assert found.worst[1] == pytest.approx(1e-3, rel=0.1)


def test_samples_that_are_not_defined_are_left_out():
    exact = sampled("1/x", order=1)
    holes = tuple((math.nan, *row[1:]) for row in exact.derivatives)
    assert symbolic("1/x", Curve(X, holes), {}).agrees


@pytest.mark.parametrize(
    "source",
    [
        "x if x > 0 else -x",
        "x.item() * x",
        "torch.relu(x)",
        "unknown(x)",
        "x @ x",
        "x // 2",
        "[x, x][0]",
        "(lambda y: y)(x)",
        "__import__('os').system('true')",
        "x.__class__",
        "'x'",
        "True * x",
        "x + y",
        "sin(x, x)",
        "sin(x=x)",
        "x = 2",
        "def f(x):\n    y = x\n    return y",
        "def f(x):\n    return",
        "9**9**9",
        "x**(10**9)",
        "((9**9)**9)**9",
        "1e999 * x",
        "(" * 500 + "x" + ")" * 500,
        "+".join(["x"] * 2000),
        "",
        "x +",
    ],
)
def test_what_cannot_be_read_is_none(source):
    assert symbolic(source, sampled("x", order=1), {}) is None


def test_a_derivative_that_grows_too_long_is_left_out():
    text = "sin(x*sin(x*sin(x*sin(x*sin(x*sin(x*sin(x)))))))"
    rows = (tuple(math.sin(x) for x in X),) * 5
    found = symbolic(text, Curve(X, rows), {})
    assert 1 <= len(found.latex) < 5
