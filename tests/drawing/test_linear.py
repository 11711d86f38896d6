"""What is made of a long run takes time by its length, or by what is shown, not by its square.

Counted, not measured: how often the part that once went through everything again is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.drawing.test_extreme import ONE, PROGRAM, leaf, operation, trace
from viz.drawing import Display, unfolded
from viz.drawing.folding import modules
from viz.drawing.folding.fold import fold
from viz.drawing.play import coaching, pass_index, steps
from viz.page.plots import MAX_LINES, figure
from viz.page.steps import _leaves
from viz.program.off_graph import off_graph
from viz.records import (
    Axes,
    Call,
    Decision,
    Edge,
    LeafGradient,
    Mark,
    ModuleCall,
    Pass,
    Plot,
    Program,
    Span,
    Step,
    Trace,
)

PARAMETERS = 600
PASSES = 60


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], list[int]]:
    """Counts the calls of a function from now on."""

    def counting(owner: Any, name: str) -> list[int]:
        asked = [0]
        function = getattr(owner, name)

        def called(*given: Any, **ways: Any) -> Any:
            asked[0] += 1
            return function(*given, **ways)

        monkeypatch.setattr(owner, name, called)
        return asked

    return counting


def test_parameters_that_several_modules_use(counted: Callable[[Any, str], list[int]]) -> None:
    asked = counted(modules._Boxes, "_is_source")
    leaves = [leaf(ONE, f"m.w{n}", n) for n in range(PARAMETERS)]
    users = [operation(PARAMETERS + n, call=f"c{n}") for n in range(4)]
    run = trace(
        [*leaves, *users],
        [(n, PARAMETERS + n % 4) for n in range(PARAMETERS)],
        calls=tuple(Call(f"c{n}", "torch.sin", None, module=n % 2) for n in range(4)),
        modules=(ModuleCall("m", "M"), ModuleCall("k", "K")),
    )
    assert fold(run, depth=1).nodes
    assert asked[0] < 20 * PARAMETERS


def test_the_calls_of_a_module_are_numbered_once() -> None:
    nodes = [leaf(ONE), *(operation(n, op="ReluBackward0", call=f"c{n - 1}") for n in (1, 2, 3))]
    calls = tuple(Call(f"c{n}", "torch.relu", None, module=n) for n in range(3))
    called = tuple(ModuleCall("act", "ReLU", None, 0 if n else None) for n in range(3))
    run = trace(nodes, [(0, 1), (1, 2), (2, 3)], calls=calls, modules=called)
    titles = [node.title for node in fold(run, depth=1).nodes if node.title]
    assert titles == ["act (1/3)", "act (2/3)", "act (3/3)"]


def _passes() -> Trace:
    nodes = [leaf(ONE), *(operation(n) for n in range(1, 60))]
    turns = tuple(Step(f"n{n}", (ONE,), (ONE,)) for n in reversed(range(60)))
    uses = (Edge(f"n{n - 1}", f"n{n}", 0, local=ONE, contribution=ONE) for n in range(1, 60))
    again = (Pass(("n59",), (ONE,), turns),) * PASSES
    return Trace(PROGRAM, tuple(nodes), tuple(uses), passes=again, outputs=("n59",))


def test_no_more_steps_are_made_than_are_played(counted: Callable[[Any, str], list[int]]) -> None:
    run = _passes()
    view = unfolded(run, Display())
    asked = counted(steps.Backpropagation, "rule")
    played = steps.player(run, view)
    assert played.cut
    assert asked[0] <= len(played.steps)
    indexed = counted(pass_index, "_terms")
    coaching.coached(run, view, Display())
    assert indexed[0] < 60 * PASSES, "passes beyond are not gone through"


def test_a_table_of_gradients_has_an_end() -> None:
    left = tuple(LeafGradient("n0", f"x{n}", ONE) for n in range(50))
    pass_ = Pass((), (), (), left, left)
    assert _leaves(1, pass_, Display(), 7).count("<tr>") == 7


def test_what_left_the_graph_is_told_once_for_each_place() -> None:
    source = "y = x * math.sin(1)\n" * 40
    spans = (Span(1 + n % 40, 8, 40, n // 40) for n in range(4_000))
    taken = tuple(Decision(span, 1.0, "float", node="n0") for span in spans)
    run = Trace(Program(source, "script", ()), (leaf(ONE),), decisions=taken)
    (found,) = off_graph(run)
    assert found.mended == source.replace("math", "torch")


def test_straight_lines_have_an_end() -> None:
    lines = Mark("vertical", tuple(map(float, range(4_000))), ())
    drawn = figure(Plot((Axes((lines, lines)),)))
    assert len(drawn.layout["shapes"]) == MAX_LINES
