"""Where a run has no graph, its place says so and why."""

import pytest

from viz.page.graph.playing import without_graph
from viz.records import Cell, Failure, Program, Span, Trace

WHOLE = Span(1, 0, 1, 1)


def ran(source: str, **of: object) -> Trace:
    return Trace(Program(source, "script"), cells=(Cell(WHOLE, ran=True),), **of)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import numpy as np\nprint(np.exp(1))", "numpy computes but records nothing"),
        ("from numpy import exp\nprint(exp(1))", "numpy computes but records nothing"),
        ("print(1)", "no tensor of this run requires grad"),
        ("# numpy\nx = torch.ones(2)", "no tensor of this run requires grad"),
    ],
)
def test_a_run_without_a_graph_says_why(source, told):
    assert told in without_graph(ran(source))


def test_a_run_that_failed_or_never_ran_says_nothing():
    assert without_graph(ran("1 / 0", failure=Failure("ZeroDivisionError", "zero"))) == ""
    assert without_graph(Trace(Program("x", "script"))) == ""
