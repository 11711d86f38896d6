"""A function that fails in a curve, a surface or a Jacobian: raised, with what helps."""

import math
import warnings
from functools import partial

import pytest
import torch

from viz import curve, hessian, jacobian, surface
from viz.errors import FunctionFailed, InputRejected

LAYER = torch.nn.Linear(3, 2)


def failing(x):
    y = x * 2
    raise LookupError(f"no row for {y.dim()} dimensions")


def failing_right(x, y=0.0):
    if x > 0.5:
        raise LookupError("no such row")
    return x * x + y


SQUARES = torch.ones(3)
FAILED = {
    "curve": (partial(curve, failing, -1, 1), "line 3, column 5: LookupError: no row for 0"),
    "surface": (
        partial(surface, lambda x, y: failing(x) * y, (-1, 1), (0, 1), points=3),
        "LookupError: no row for 0",
    ),
    "jacobian": (partial(jacobian, failing, SQUARES), "line 3, column 5: LookupError: no row for"),
    "hessian": (partial(hessian, failing, SQUARES), "LookupError: no row for 1 dimensions"),
    "a layer's curve": (partial(curve, LAYER, -1, 1), r"Give it the shape .*x\.reshape\(1, 1\)"),
    "two arguments": (partial(curve, lambda x, y: x * y, -1, 1), r"lambda x: f\(x, 2\.0\)"),
    "one argument": (partial(surface, failing, (0, 1), (0, 1), points=3), r"a surface with two"),
    "no return": (partial(curve, torch.Tensor.backward, -1, 1), "None, not a tensor. Return what"),
    "two results": (partial(jacobian, lambda x: (x, x), SQUARES), r"Choose one .*f\(x\)\[0\]"),
    "a distribution": (
        partial(jacobian, lambda x: torch.distributions.Normal(x, 2 * x), SQUARES),
        r"such as f\(x\)\.loc\. Choose one .*f\(x\)\.loc",
    ),
    "a vector's Hessian": (partial(hessian, lambda x: x * x, SQUARES), r"f\(x\)\.sum\(\)"),
    "shapes": (partial(jacobian, LAYER, torch.ones(4)), "as many rows on the right"),
    "too many": (partial(jacobian, lambda x: x, torch.ones(2_001)), "Let fewer inputs vary"),
    "a vector": (partial(jacobian, lambda x: x, SQUARES, gradient=torch.ones(2)), "result's shape"),
}


@pytest.mark.parametrize("name", FAILED)
def test_what_fails_is_raised_with_its_place_and_a_remedy(name):
    asked, words = FAILED[name]
    with pytest.raises(FunctionFailed, match=words) as told:
        asked()
    assert str(told.value).endswith(
        "What was computed is in `error.record`; partial=True returns it instead."
    )
    assert isinstance(told.value.__cause__, Exception)  # with the traceback of the function
    assert told.value.record == asked(partial=True)
    with pytest.raises(AttributeError, match="see `record`"):
        _ = told.value.trace


def test_the_remedies_work():
    model = torch.nn.Linear(1, 1)
    slope = curve(lambda x: model(x.reshape(1, 1)).sum(), -1, 1, points=3).derivatives[1]
    assert slope == pytest.approx([model.weight.item()] * 3)
    assert jacobian(lambda x: (lambda y: (y, y))(x)[0], SQUARES).blocks[0].shape == (3, 3)
    assert hessian(lambda x: (x * x).sum(), SQUARES).blocks[0].values[0] == (2.0, 0.0, 0.0)


def test_a_part_that_fails_is_a_gap_and_a_warning():
    with pytest.warns(
        RuntimeWarning, match=r"line 3: LookupError: no such row \(x from 0\.5 to 1\)"
    ):
        found = curve(failing_right, 0, 1, points=11)
    assert [math.isnan(f) for f in found.derivatives[0]] == [x > 0.5 for x in found.x]
    with pytest.warns(RuntimeWarning, match=r"shown is f\(x\)\['loss'\].*alone: f\(x\)\['by'\]"):
        assert curve(lambda x: {"loss": x * x, "by": x}, 0, 1, points=3).derivatives[0][-1] == 1
    with pytest.warns(RuntimeWarning, match=r"\(for some x and y\)"):
        surface(failing_right, (0, 1), (0, 1), points=3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert curve(failing_right, 0, 1, points=11, partial=True) == found
        curve(
            lambda x: torch.linalg.inv(torch.eye(2) * x).sum(), -1, 1, points=3
        )  # a pole, no fault


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (partial(curve, torch.sin, 0, 1, points=1), "of 1 samples has no extent. Take 2"),
        (partial(curve, torch.sin, 0, 1, order=5), "Choose an order from 1 to 4"),
        (partial(surface, torch.mul, 3, (0, 1)), "x_range is not a pair of numbers: 3"),
        (partial(surface, torch.mul, (0, 1), (0, 1, 2)), r"y_range is not .* \(0, 1, 2\)\. Write"),
    ],
)
def test_an_option_that_fits_nothing_is_told(asked, words):
    with pytest.raises(InputRejected, match=words):
        asked()
