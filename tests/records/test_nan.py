"""Records with NaN in them: two of the same run are equal."""

from __future__ import annotations

import math

from viz.records import Curve, Decision, Tensor, Trace
from viz.records.program import Program


def tensor(number: float) -> Tensor:
    return Tensor((), "float32", (number,), number, number, number)


def test_nan_is_equal_to_nan_and_to_nothing_else() -> None:
    nan = float("nan")  # each another object
    assert tensor(nan) == tensor(math.nan * 2)
    assert tensor(nan) != tensor(1.0)
    assert None not in (tensor(nan), tensor(1.0))
    assert Decision(None, nan) == Decision(None, nan * 2)
    assert Curve((0.0,), ((nan,),)) == Curve((0.0,), ((nan * 2,),))
    assert Curve((0.0,), ((nan,),)) != Curve((0.0,), ((0.0,),))
    run = Trace(Program("", "function"), gradients={"x": tensor(nan)})
    assert Trace.from_json(run.to_json()) == run
    assert hash(tensor(1.0)) == hash(tensor(1.0))
