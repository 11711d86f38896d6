"""Surfaces: published minima, sympy's gradients, control flow, walks."""

import math

import numpy as np
import pytest
import sympy
import torch
from scipy.optimize import rosen, rosen_der

from viz.errors import InputRejected
from viz.records import CurveQuestion, SurfaceQuestion, Walk
from viz.tracing.calculus.curve import sample_curve
from viz.tracing.calculus.surface import sample_surface, surface
from viz.tracing.runnable import of_function

approx = pytest.approx
X, Y = sympy.symbols("x y")

# name: the formula, and its published minima (place, value)
FUNCTIONS = {
    "Rosenbrock": ("(1 - x)**2 + 100*(y - x**2)**2", [((1, 1), 0)]),
    "Himmelblau": (
        "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
        [
            ((3, 2), 0),
            ((-2.805118, 3.131312), 0),
            ((-3.779310, -3.283186), 0),
            ((3.584428, -1.848126), 0),
        ],
    ),
    "Beale": (
        "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
        [((3, 0.5), 0)],
    ),
    "Booth": ("(x + 2*y - 7)**2 + (2*x + y - 5)**2", [((1, 3), 0)]),
    "Matyas": ("0.26*(x**2 + y**2) - 0.48*x*y", [((0, 0), 0)]),
    "three-hump camel": ("2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2", [((0, 0), 0)]),
    "six-hump camel": (
        "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2",
        [((0.0898420, -0.7126564), -1.0316285), ((-0.0898420, 0.7126564), -1.0316285)],
    ),
    "McCormick": (
        "sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1",
        [((-0.5471976, -1.5471976), -1.9132230)],
    ),
    "Goldstein-Price": (
        "(1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
        "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))",
        [((0, -1), 3)],
    ),
    "Easom": ("-cos(x)*cos(y)*exp(-(x - pi)**2 - (y - pi)**2)", [((math.pi, math.pi), -1)]),
    "Styblinski-Tang": (
        "(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2",
        [((-2.9035340, -2.9035340), -78.3323314)],
    ),
}


def by_torch(text):
    return eval(f"lambda x, y: {text}", dict(vars(torch)))  # noqa: S307 - the table above


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_gradients_are_sympys(name):
    text, _ = FUNCTIONS[name]
    found = surface(by_torch(text), (-2, 2), (-1.5, 2.5), points=9)
    assert found.failure is None
    formula = sympy.sympify(text, {"x": X, "y": Y})
    for field, part in zip(
        (found.value, found.dx, found.dy),
        (formula, sympy.diff(formula, X), sympy.diff(formula, Y)),
        strict=True,
    ):
        exact = sympy.lambdify((X, Y), part, "math")
        for y, row in zip(found.y, field, strict=True):
            assert row == approx([exact(x, y) for x in found.x], rel=1e-9, abs=1e-8)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_gradient_vanishes_at_the_published_minima(name):
    text, minima = FUNCTIONS[name]
    for (x, y), value in minima:
        found = surface(by_torch(text), (x, x + 1), (y, y + 1), points=2)
        assert found.value[0][0] == approx(value, abs=1e-6)
        assert math.hypot(found.dx[0][0], found.dy[0][0]) < 2e-4


def test_a_grid_of_two_hundred_is_scipys_rosenbrock():
    found = surface(by_torch(FUNCTIONS["Rosenbrock"][0]), (-2, 2), (-1, 3), points=200)
    grid = np.array(np.meshgrid(found.x, found.y))
    assert np.allclose(found.value, rosen(grid), rtol=1e-12)
    slopes = rosen_der(grid.reshape(2, -1)).reshape(grid.shape)
    assert np.allclose([found.dx, found.dy], slopes, rtol=1e-9, atol=1e-9)


def test_branches_are_taken_sample_by_sample():
    def function(x, y):
        return x * y if x > y else x - 3 * y

    found = surface(function, (-1, 1), (-1, 1), points=10)
    for row, y in enumerate(found.y):
        for column, x in enumerate(found.x):
            greater = x > y
            assert found.value[row][column] == (x * y if greater else x - 3 * y)
            assert found.dx[row][column] == (y if greater else 1.0)
            assert found.dy[row][column] == (x if greater else -3.0)


def test_undefined_samples_are_nan_and_failures_are_told():
    def function(x, y):
        if x < -0.5:
            raise ValueError("too far left")
        return torch.log(x) + y

    found = surface(function, (-1, 1), (0, 1), points=8, partial=True)
    assert (found.failure.type, found.failure.span.line) == ("ValueError", 3)
    assert [math.isnan(value) for value in found.value[0]] == [x <= 0 for x in found.x]


def test_two_elements_of_one_tensor_may_vary():
    runnable = of_function(lambda w: (w * torch.arange(3.0)).sum(), (torch.ones(3),))
    question = SurfaceQuestion(
        runnable.program, {}, (-1.0, 1.0), (-1.0, 1.0), points=3, along=("w[1]", "w[2]")
    )
    found = sample_surface(runnable, question)
    assert found.value[0] == (-3.0, -2.0, -1.0)
    assert (found.dx[1][1], found.dy[1][1]) == (1.0, 2.0)


@pytest.mark.parametrize(
    ("inputs", "along"),
    [((torch.tensor(1.0),), None), ((torch.tensor(1.0), torch.tensor(1.0)), ("x0", "x0"))],
)
def test_two_different_numbers_are_needed(inputs, along):
    runnable = of_function(lambda *x0: sum(x0), inputs)
    question = SurfaceQuestion(runnable.program, {}, (0.0, 1.0), (0.0, 1.0), along=along)
    with pytest.raises(InputRejected):
        sample_surface(runnable, question)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ((), "there is none. Give the function two parameters"),
        ((3, 4), "there is none. Give the function two parameters"),
        ((torch.tensor([]), torch.tensor(1j)), "there is none. Give the function two parameters"),
        ((3, 1.0), "there is one. Give the function a second parameter that holds a floating"),
    ],
)
def test_it_says_how_many_numbers_vary(inputs, said):
    runnable = of_function(lambda *x: sum(x), inputs)
    question = SurfaceQuestion(runnable.program, {}, (0.0, 1.0), (0.0, 1.0))
    with pytest.raises(InputRejected) as raised:
        sample_surface(runnable, question)
    assert said in str(raised.value)


def test_the_product_with_a_vector_is_weighted():
    """vᵀf of f = (x·y, x + y) with v = (2, −3)."""
    runnable = of_function(lambda x, y: torch.stack([x * y, x + y]), (1.0, 1.0))
    question = SurfaceQuestion(
        runnable.program, {}, (-1, 1), (-1, 1), points=3, of="gradient", gradient="[2.0, -3.0]"
    )
    found = sample_surface(runnable, question, torch.tensor([2.0, -3.0]))
    for y, row in zip(found.y, found.value, strict=True):
        assert row == tuple(2 * x * y - 3 * (x + y) for x in found.x)
    assert found.dx[0] == (-5.0,) * 3


def test_gradient_descent_steps_by_the_gradient():
    runnable = of_function(lambda x, y: x**2 + 3 * y**2, (1.0, 1.0))
    walk = Walk((2.0, -1.0), rate=0.1, steps=30)
    question = SurfaceQuestion(runnable.program, {}, (-3.0, 3.0), (-3.0, 3.0), points=4, walk=walk)
    steps = sample_surface(runnable, question).walk
    assert len(steps) == 31
    x, y = 2.0, -1.0
    for step in steps:
        assert step == approx((x, y, x * x + 3 * y * y, 2 * x, 6 * y))
        x, y = x - 0.1 * 2 * x, y - 0.1 * 6 * y


def test_newtons_method_finds_the_root_of_two():
    runnable = of_function(lambda x: x**2 - 2, (1.0,))
    walk = Walk((1.0,), method="newton", steps=6)
    question = CurveQuestion(runnable.program, {}, 0.0, 3.0, points=20, walk=walk)
    steps = sample_curve(runnable, question).walk
    x = 1.0
    for step in steps:
        assert step == approx((x, x * x - 2, 2 * x))
        x = x - (x * x - 2) / (2 * x)
    assert steps[-1][0] == approx(math.sqrt(2), abs=1e-15)


@pytest.mark.parametrize(
    ("function", "walk", "visited"),
    [
        (lambda x: x * 0 + 1, Walk((1.0,), method="newton"), 1),  # no slope to follow
        (torch.log, Walk((1.0,), rate=5.0), 1),  # the next place is outside the domain
        (lambda x: x**4, Walk((9.0,), rate=1.0, steps=200), 4),  # it blows up
    ],
)
def test_a_walk_ends_where_it_cannot_go_on(function, walk, visited):
    runnable = of_function(function, (1.0,))
    question = CurveQuestion(runnable.program, {}, 0.0, 2.0, points=20, walk=walk)
    steps = sample_curve(runnable, question).walk
    assert visited <= len(steps) < 12
    assert all(math.isfinite(number) for step in steps for number in step)
