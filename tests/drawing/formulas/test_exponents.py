"""Which powers are written with their exponent."""

import pytest

from viz import trace
from viz.drawing.formulas.operations import exponent


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x: x**2, "x²"),
        (lambda x: x**-3, "x⁻³"),
        (lambda x: x**0.5, None),
        (lambda x: 2**x, None),
        (lambda x: x**x, None),
    ],
)
def test_only_a_fixed_exponent_is_written(function, said):
    run = trace(function, -2.0, partial=True)
    powers = [node for node in run.nodes if node.op.startswith("Pow")]
    assert [exponent(node) for node in powers] == [said]
