"""Sums and products of recorded tensors, against torch's broadcasting."""

from __future__ import annotations

import math

import pytest
import torch

from viz.drawing.formulas.arithmetic import close, product, total
from viz.records import Tensor

SHAPES = ((), (1,), (1, 1), (3,), (2, 3), (0,), (2, 0))


def of(values: torch.Tensor) -> Tensor:
    return Tensor(tuple(values.shape), "float32", tuple(values.flatten().tolist()))


@pytest.mark.parametrize("left", SHAPES)
@pytest.mark.parametrize("right", SHAPES)
def test_product_and_sum_are_torchs_or_nothing(left, right):
    draw = torch.Generator().manual_seed(3)
    a, b = (torch.randn(shape, generator=draw) for shape in (left, right))
    found, added = product(of(a), of(b)), total((of(a), of(b)))
    if found is None:
        assert left != right
        assert added is None
        return
    assert close(found, of(a * b))
    assert added is not None
    assert close(added, of(a + b))


LARGE = Tensor((100,), "float32", None, 0.0, 1.0, 0.5)
ONE = Tensor((), "float32", (1.0,))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (ONE, ONE, True),
        (ONE, Tensor((), "float32", (1.000001,)), True),
        (ONE, Tensor((), "float32", (1.001,)), False),
        (ONE, Tensor((), "float64", (1.000001,)), False),
        (ONE, Tensor((), "bfloat16", (1.01,)), True),
        (ONE, Tensor((1,), "float32", (1.0,)), False),
        (Tensor((), "float32", (math.nan,)), Tensor((), "float32", (math.nan,)), True),
        (Tensor((), "float32", (math.inf,)), Tensor((), "float32", (math.inf,)), True),
        (Tensor((), "float32", (math.inf,)), ONE, False),
        (LARGE, LARGE, False),
        (None, ONE, False),
        (ONE, None, False),
    ],
)
def test_close(left, right, expected):
    assert close(left, right) == expected


@pytest.mark.parametrize("unknown", [None, LARGE, Tensor((), "complex64", (1.0, 2.0))])
def test_what_was_not_written_down_is_not_made_up(unknown):
    assert product(ONE, unknown) is None
    assert product(unknown, ONE) is None
    assert total((ONE, unknown)) is None
    assert total(()) is None
