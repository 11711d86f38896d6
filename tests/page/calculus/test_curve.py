"""The point on the curve: what the trace knows of it, and what only the curve knows."""

from __future__ import annotations

import math

import pytest
import torch

from viz import curve, trace
from viz.page.calculus.curve import ends_of, known
from viz.page.calculus.curve_tools import other_name
from viz.page.calculus.numbers import numbers_of
from viz.page.session.view import WIDEST, usual_range
from viz.program import read
from viz.records import Input, Node, Program, Tensor, Trace


def first_of_two(x):
    a = x * 2
    b = x * 3
    return b, a


def second_first(x):
    a = x * 2
    b = x * 3
    return a, b


def constant_first(x):
    return torch.ones(()), x * 2


def one(x):
    return x * x


@pytest.mark.filterwarnings("ignore:the result is 2 tensors")
@pytest.mark.parametrize("function", [one, first_of_two, second_first, constant_first])
def test_what_is_known_at_the_point_lies_on_the_curve(function) -> None:
    run, drawn = trace(function, 1.5), curve(function, 0.0, 3.0, points=13)
    value, slope = known(run, drawn, numbers_of(run)[0])
    at = drawn.x.index(1.5)
    assert value in (None, pytest.approx(drawn.derivatives[0][at]))
    assert slope in (None, pytest.approx(drawn.derivatives[1][at]))
    assert (function is one) == (value is not None)


@pytest.mark.parametrize(
    "run", [trace(one, 1.5, order=2), trace(one, 1.5, gradient=torch.tensor(4.0)), None]
)
def test_another_backward_pass_says_nothing_of_the_curve_s_slope(run) -> None:
    number = numbers_of(trace(one, 1.5))[0]
    assert known(run, curve(one, 0.0, 3.0, points=13), number) == (None, None)


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("f", "cos(x)", "g"),
        ("f", "def sine(x):\n    return sin(x)", "sine"),
        ("g", "cos(x)", "h"),
        ("f", "def f(x):\n    return sin(x)", "f₂"),
        ("f", "def a_name_too_long_for_a_legend(x):\n    return sin(x)", "g"),
    ],
)
def test_a_second_function_has_a_name_of_its_own(first: str, second: str, name: str) -> None:
    assert other_name(read(second), first) == name


def test_a_number_of_a_vector_s_sum_is_the_curve_s_alone() -> None:
    run = trace(lambda x: x * torch.ones(2), 1.5)
    drawn = curve(lambda x: (x * torch.ones(2)).sum(), 0.0, 3.0, points=13)
    assert known(run, drawn, numbers_of(run)[0]) == (None, None)


@pytest.mark.parametrize(
    ("value", "gradient", "expected"),
    [
        (Tensor((2,), "float32", (1.0, 2.0)), Tensor((2,), "float32", (3.0, 4.0)), [3.0, 4.0]),
        (Tensor((2,), "float32", (1.0, 2.0)), Tensor((2,), "float32", (3.0,)), [None, None]),
        (Tensor((2,), "float32", (1.0, 2.0)), Tensor((), "float32", (3.0,)), [None, None]),
        (Tensor((2, 2), "float32", (1.0,)), None, []),
        (Tensor((2**62,) * 2, "float32", (1.0,)), None, []),
        (Tensor((0,), "float32", (1.0,)), None, []),
    ],
)
def test_numbers_of_a_forged_record(value, gradient, expected) -> None:
    leaf = Node("n0", "leaf", "AccumulateGrad", "x", value=value, gradient=gradient)
    run = Trace(Program("x", "expression", (Input("x", "1.0"),)), (leaf,))
    assert [number.gradient for number in numbers_of(run)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-5 … 5", (-5.0, 5.0)),
        ("[0, 1]", (0.0, 1.0)),
        ("−2.5;1e3", (-2.5, 1000.0)),
        ("3 to -3", (-3.0, 3.0)),
        ("-.5 … .25", (-0.5, 0.25)),
        ("1", None),
        ("1 … 1", None),
        ("1 2 3", None),
        ("a … b", None),
        ("0 … 1e999", None),
        ("-1e308 … 1e308", None),
        ("", None),
    ],
)
def test_a_range_as_it_is_typed(text, expected) -> None:
    assert ends_of(text) == expected


@pytest.mark.parametrize(("value", "half"), [(0, 5), (-5, 5), (5.5, 10), (1e308, WIDEST)])
def test_the_range_around_a_number_is_finite(value, half) -> None:
    """WIDEST does not reach the largest numbers of all, whose range would have no length."""
    assert usual_range(float(value)) == (-half, half)
    assert math.isfinite(2 * half)
