"""The check of a formula runs beside the page: what never ends there is stopped and said."""

from __future__ import annotations

import math
import time
from contextlib import suppress

import pytest

from viz.drawing.figures.checks.formula_check import formula_check
from viz.errors import DrawingFailed
from viz.records import Curve

X = tuple(0.3 + 0.01 * k for k in range(50))


def curve(f, slope) -> Curve:
    return Curve(X, (tuple(map(f, X)), tuple(map(slope, X))))


def test_it_agrees_and_disagrees_as_the_check_itself() -> None:
    found = formula_check("sin(x)", curve(math.sin, math.cos), {})
    assert found is not None
    assert found.agrees
    assert found.latex == (r"\sin{\left(x \right)}", r"\cos{\left(x \right)}")
    wrong = formula_check("sin(x)", curve(math.sin, math.sin), {})
    assert wrong is not None
    assert not wrong.agrees


@pytest.mark.parametrize("source", ["x if x > 0 else 1", "while True: pass", "f(", "exp(x"])
def test_what_is_no_formula_is_none(source: str) -> None:
    assert formula_check(source, curve(math.sin, math.cos), {}) is None


@pytest.mark.parametrize(
    "source",
    [
        "abs(sin(exp(exp(12)))-1/3)*x",
        "exp(exp(exp(exp(3))))*x",
        "exp(exp(exp(exp(exp(exp(2))))))*x",
        "sigmoid(sigmoid(sigmoid(sigmoid(sigmoid(sigmoid(x))))))",
        "x**(40**40)",
    ],
)
def test_what_would_not_end_is_stopped_or_has_no_formula(source: str) -> None:
    mine, since = time.process_time(), time.monotonic()
    with suppress(DrawingFailed):
        assert formula_check(source, curve(math.sin, math.cos), {}, seconds=2.0) is None
    assert time.monotonic() - since < 15
    assert time.process_time() - mine < 1.0  # of this process: the work was elsewhere
    assert formula_check("cos(x)", curve(math.cos, math.sin), {}) is not None
