"""The play of a run: what appears when, in which words and formulas."""

from __future__ import annotations

import dataclasses
import json
import re
import xml.etree.ElementTree as ET

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawing.making import Made, loop, product, scalar, vector
from tests.drawing.strategies import looped, traces
from viz.drawing import Display, GraphView, Player, PlayerStep, fold, player, unfolded
from viz.drawing.play.steps import LARGEST, STEPS
from viz.records import (
    Call,
    Edge,
    Input,
    LeafGradient,
    Node,
    Pass,
    Program,
    Step,
    Trace,
)


def plain(formula: str) -> str:
    """A formula's text: fractions as (above)/(below), the rest one after the other."""

    def text(element: ET.Element) -> str:
        parts = [text(child) for child in element]
        if element.tag == "mfrac":
            return f"{parts[0]}/{parts[1]}"
        if element.tag == "msub":
            return f"{parts[0]}_{parts[1]}"
        if element.tag == "msup":
            return f"{parts[0]}^{parts[1]}"
        return (element.text or "") + "".join(parts)

    return text(ET.fromstring(formula)) if formula else ""


def shown(play: Player) -> list[dict[tuple[str, str], str]]:
    """What is on show after each step."""
    state: dict[tuple[str, str], str] = {}
    states = []
    for step in play.steps:
        state |= {(change.target, change.part): change.text for change in step.changes}
        states.append(dict(state))
    return states


def numbers(step: PlayerStep) -> dict[str, str]:
    return {change.target: change.text for change in step.changes}


PRODUCT = [
    ("inputs", None, {"n0": "−2", "n1": "5", "n3": "−4"}, ""),
    ("forward", "n2", {"n2": "3"}, "v_1=add(x,y)=3"),
    ("forward", "n4", {"n4": "−12"}, "f=v_1·z=3·(−4)=−12"),
    ("start", "n4", {}, ""),
    (
        "backward",
        "n4",
        {"n4": "1", "e-n2-n4-0": "×−4", "e-n3-n4-0": "×3"},
        "∂f/∂f=1",
    ),
    ("backward", "n3", {"e-n3-n4-0": "3", "n3": "3"}, "∂f/∂z=∂f/∂f·∂f/∂z=1×3=3"),
    (
        "backward",
        "n2",
        {"e-n2-n4-0": "−4", "n2": "−4", "e-n0-n2-0": "×1", "e-n1-n2-0": "×1"},
        "∂f/∂v_1=∂f/∂f·∂f/∂v_1=1×(−4)=−4",
    ),
    ("backward", "n1", {"e-n1-n2-0": "−4", "n1": "−4"}, "∂f/∂y=∂f/∂v_1·∂v_1/∂y=−4×1=−4"),
    ("backward", "n0", {"e-n0-n2-0": "−4", "n0": "−4"}, "∂f/∂x=∂f/∂v_1·∂v_1/∂x=−4×1=−4"),
]


def test_a_negative_number_behind_a_plus_stands_in_brackets():
    made = Made()
    x = made.leaf("x", 3.0)
    minus, plus = (made.op("MulBackward0", (x, 2.0), value=6.0, name=name) for name in "ab")
    run = made.trace(made.op("SubBackward0", (minus, -1.0), (plus, 1.0), value=0.0))
    (step,) = (s for s in player(run, fold(run)).steps if s.phase == "backward" and s.node == x)
    assert plain(step.formula).endswith("=1×2+(−1)×2=0")


def test_product_is_played_operation_by_operation():
    trace = product()
    play = player(trace, fold(trace))
    found = [(step.phase, step.node, numbers(step), plain(step.formula)) for step in play.steps]
    assert found == PRODUCT
    assert not play.cut
    assert str(play.steps[6].sentence) == ("The gradient of v₁ is 1 times −4: −4. It comes from f.")
    assert play.steps[6].arrived == ("e-n2-n4-0",)
    assert play.steps[6].edges == ("e-n0-n2-0", "e-n1-n2-0")
    assert [step.direction for step in play.steps].count("backward") == 6


def forked() -> Trace:
    """y = c·(2) + d·(1) with c = 3b and d = 0.5b: the example of the design, 2 × 3 + 1 × 0.5."""
    made = Made()
    b = made.leaf("b", 1.0)
    c = made.op("MulBackward0", (b, 3.0), value=3.0, name="c")
    d = made.op("MulBackward0", (b, 0.5), value=0.5, name="d")
    return made.trace(made.op("AddBackward0", (c, 2.0), (d, 1.0), value=6.5, name="y"))


def test_gradients_add_up_at_a_fork():
    trace = forked()
    play = player(trace, fold(trace))
    at_b = [
        change.text
        for step in play.steps
        for change in step.changes
        if (change.target, change.part) == ("n0", "gradient")
    ]
    assert at_b == ["6.5"]
    assert play.steps[-1].changes[-1].text == "6.5"
    assert plain(play.steps[-1].formula) == ("∂y/∂b=∂y/∂d·∂d/∂b+∂y/∂c·∂c/∂b=1×0.5+2×3=6.5")
    assert str(play.steps[-1].sentence) == ("The gradient of b is 6.5: the sum of 2 contributions.")


def test_both_uses_of_a_square_are_told_apart():
    made = Made()
    x = made.leaf("x", 3.0)
    trace = made.trace(made.op("MulBackward0", (x, 3.0), (x, 3.0), value=9.0, name="y"))
    play = player(trace, fold(trace))
    assert (
        plain(play.steps[-1].formula) == "∂y/∂x=∂y/∂y·∂y/∂x_1st use+∂y/∂y·∂y/∂x_2nd use=1×3+1×3=6"
    )


def test_names_in_a_loop_are_numbered():
    trace = loop(2, start=1.0)
    play = player(trace, fold(trace))
    told = [plain(step.formula) for step in play.steps if step.phase == "backward"]
    assert told == [
        "∂b_3/∂b_3=1",
        "∂b_3/∂b_2=∂b_3/∂b_3·∂b_3/∂b_2=1×2=2",
        "∂b_3/∂b_1=∂b_3/∂b_2·∂b_2/∂b_1=2×2=4",
        "∂b_3/∂a=∂b_3/∂b_1·∂b_1/∂a=4×2=8",
    ]


def test_a_stack_plays_as_one_step():
    trace = loop(20)
    view = fold(trace)
    play = player(trace, view)
    (stack,) = (node for node in view.nodes if node.kind == "stack")
    steps = [step for step in play.steps if step.node == stack.id]
    assert [step.phase for step in steps] == ["forward", "backward"]
    assert str(steps[0].sentence).startswith("18 more rounds of norm, <, × make b₂ into b")
    assert steps[0].formula == ""
    assert numbers(steps[1])[stack.id] == "2"
    assert len(play.steps) < 30


def vectors(contribution: tuple[float, ...]) -> Trace:
    """y = Σ x², with what came through the square given."""
    nodes = (
        Node("n0", "leaf", "AccumulateGrad", "x", value=vector(1, 2)),
        Node("n1", "operation", "PowBackward0", "u", value=vector(1, 4)),
        Node("n2", "output", "SumBackward0", "y", value=scalar(5)),
    )
    edges = (
        Edge("n0", "n1", 0, local=vector(2, 4)),
        Edge("n1", "n2", 0, local=vector(1, 1)),
    )
    steps = (
        Step("n2", (scalar(1),), (vector(1, 1),)),
        Step("n1", (vector(1, 1),), (vector(*contribution),)),
        Step("n0", (vector(*contribution),), ()),
    )
    return Trace(
        Program("f", "expression"),
        nodes,
        edges,
        passes=(Pass(("n2",), (None,), steps),),
        outputs=("n2",),
    )


def test_elementwise_products_are_written_out():
    trace = vectors((2, 4))
    last = player(trace, fold(trace)).steps[-1]
    assert plain(last.formula) == "∂y/∂x=∂y/∂u⊙∂u/∂x=[1, 1]⊙[2, 4]=[2, 4]"


def test_what_is_no_elementwise_product_is_a_jacobian_product_with_shapes():
    trace = vectors((7, 9))
    last = player(trace, fold(trace)).steps[-1]
    assert plain(last.formula) == "∂y/∂x=(∂y/∂u)^T·∂u/∂x=(2) · (2 × 2)=[7, 9]"
    assert "vector–Jacobian" in str(last.sentence)


def test_a_gradient_that_a_hook_changed_is_not_explained_away():
    trace = product()
    run = trace.passes[0]
    steps = tuple(
        Step("n3", (scalar(100),), ()) if step.node == "n3" else step for step in run.steps
    )
    changed = Trace(
        trace.program,
        trace.nodes,
        trace.edges,
        trace.calls,
        passes=(Pass(run.roots, run.gradients, steps),),
        outputs=trace.outputs,
    )
    play = player(changed, fold(changed))
    (step,) = (step for step in play.steps if step.node == "n3")
    assert plain(step.formula).endswith("∂f/∂z=100")
    assert "it was changed" in str(step.sentence)


def test_a_hook_on_the_root_is_told():
    trace = product()
    run = trace.passes[0]
    steps = (Step("n4", (scalar(2),), (scalar(-8), scalar(6))), *run.steps[1:])
    changed = Trace(
        trace.program,
        trace.nodes,
        trace.edges,
        trace.calls,
        passes=(Pass(run.roots, run.gradients, steps),),
        outputs=trace.outputs,
    )
    step = player(changed, fold(changed)).steps[4]
    assert str(step.sentence) == "The gradient of f is 2: not the plain sum, it was changed."


def twice() -> Trace:
    """y = x², backward with retain_graph, and again: `.grad` adds up."""
    nodes = (
        Node("n0", "leaf", "AccumulateGrad", "x", value=scalar(3), gradient=scalar(12)),
        Node("n1", "operation", "PowBackward0", "y", "c0", scalar(9), scalar(1)),
    )
    edges = (Edge("n0", "n1", 0, local=scalar(6), contribution=scalar(6)),)
    calls = tuple(
        Call(f"c{at}", name, None)
        for at, name in enumerate(
            ("torch.Tensor.pow", "torch.Tensor.backward", "torch.Tensor.backward")
        )
    )
    steps = (Step("n1", (scalar(1),), (scalar(6),)), Step("n0", (scalar(6),), ()))
    passes = tuple(
        Pass(
            ("n1",),
            (None,),
            steps,
            (LeafGradient("n0", "x", before),),
            (LeafGradient("n0", "x", after),),
            call=call,
        )
        for before, after, call in ((None, scalar(6), "c1"), (scalar(6), scalar(12), "c2"))
    )
    return Trace(Program("…", "script"), nodes, edges, calls, passes=passes)


def test_a_pass_whose_result_was_not_recorded_says_so():
    trace = twice()
    unknown = msgspec.structs.replace(trace.passes[0], roots=(), gradients=())
    cut = msgspec.structs.replace(trace, passes=(unknown, trace.passes[1]))
    said = [
        step.sentence.filled() for step in player(cut, fold(cut)).steps if step.phase == "start"
    ]
    assert said == [
        "Backward pass 1 starts from a result that was not recorded.",
        "Backward pass 2 starts from y.",
    ]


def test_a_second_pass_starts_blank_and_adds_to_the_leaf():
    trace = twice()
    play = player(trace, fold(trace))
    starts = [at for at, step in enumerate(play.steps) if step.phase == "start"]
    after_start = shown(play)[starts[1]]
    assert after_start["e-n0-n1-0", "contribution"] == ""
    assert after_start["n1", "gradient"] == ""
    assert after_start["n0", "gradient"] == "6"
    assert shown(play)[-1]["n0", "gradient"] == "12"
    assert plain(play.steps[-1].formula).endswith("=6,  x.grad=6+6=12")
    assert [step.pass_number for step in play.steps][-1] == 1


@pytest.mark.parametrize("gradient", [vector(1, 1), vector(1, 3)])
def test_a_vector_root_is_told_as_such(gradient):
    nodes = (
        Node("n0", "leaf", "AccumulateGrad", "x", value=vector(1, 2)),
        Node("n1", "output", "MulBackward0", "y", value=vector(3, 6)),
    )
    edges = (Edge("n0", "n1", 0, local=vector(3, 3)),)
    passed = vector(*(3 * each for each in gradient.values))
    steps = (Step("n1", (gradient,), (passed,)), Step("n0", (passed,), ()))
    trace = Trace(
        Program("f", "expression"),
        nodes,
        edges,
        outputs=("n1",),
        passes=(Pass(("n1",), (gradient,), steps),),
    )
    told = [plain(step.formula) for step in player(trace, fold(trace)).steps[-2:]]
    seed = ", ".join(f"{each:.0f}" for each in gradient.values)
    result = ", ".join(f"{each:.0f}" for each in passed.values)
    assert told == [
        f"∂L/∂y=v=[{seed}]",
        f"∂L/∂x=∂L/∂y⊙∂y/∂x=[{seed}]⊙[3, 3]=[{result}]",
    ]


def check(view: GraphView, play: Player) -> None:
    """What holds of every play."""
    cards, edges = {node.id for node in view.nodes}, {edge.id for edge in view.edges}
    written: set[tuple[str, str]] = set()
    for step in play.steps:
        assert set(step.nodes) <= cards
        assert {*step.edges, *step.arrived} <= edges
        assert step.node is None or step.node in step.nodes
        for change in step.changes:
            assert change.target in (edges if change.part == "contribution" else cards)
            written.add((change.target, change.part))
        if step.formula:
            assert ET.fromstring(step.formula).tag == "math"
        assert (
            not re.search(r"\{\w+\}", str(step.sentence))
            or step.phase == "inputs"
            or any("{" in detail for detail in step.sentence.details.values())
        )
        if step.phase in ("inputs", "forward"):
            # nothing flows back before a pass
            assert step.pass_number is None
            assert all(change.part == "value" for change in step.changes)
    encoded = json.dumps(
        [dataclasses.asdict(step) | {"sentence": str(step.sentence)} for step in play.steps]
    )
    assert len(encoded) < 2 * LARGEST
    if not play.cut:
        final = shown(play)[-1]
        for node in view.nodes:
            row = final.get((node.id, "value"), "")
            assert bool(row) == (node.shown.value is not None)


@given(traces())
@settings(deadline=None)
def test_every_graph_plays(trace):
    view = fold(trace)
    check(view, player(trace, view))


@given(looped(), st.sampled_from((8, 60)))
@settings(deadline=None, max_examples=40)
def test_every_loop_plays(trace, limit):
    view = fold(trace, limit=limit)
    check(view, player(trace, view, Display(digits=2)))


def test_each_card_is_computed_once_and_has_one_turn():
    trace = loop(12)
    view = fold(trace)
    play = player(trace, view)
    forward = [step.node for step in play.steps if step.phase == "forward"]
    assert sorted(forward) == sorted(
        node.id for node in view.nodes if node.kind not in ("leaf", "constant")
    )
    backward = [step.node for step in play.steps if step.phase == "backward"]
    assert len(backward) == len(set(backward))


def test_a_long_play_is_cut_and_says_so():
    made = Made()
    x = made.leaf("x" * 60)
    for number in range(300):
        x = made.op(f"Mul{number}Backward0", x, x, name=f"{'y' * 60}{number}")
    trace = made.trace(x)
    run = trace.passes[0]
    many = Trace(
        trace.program,
        trace.nodes,
        trace.edges,
        trace.calls,
        passes=(run,) * 20,
        outputs=trace.outputs,
    )
    view = fold(many, limit=400)
    play = player(many, view)
    assert play.cut
    assert len(play.steps) <= STEPS
    assert not any(step.formula for step in play.steps[-10:]), "formulas go before steps do"
    assert sum(step.weight for step in play.steps) <= LARGEST
    check(view, play)


def test_of_many_inputs_those_that_were_handed_in_are_named():
    leaves = tuple(
        Node(f"n{at}", "leaf", "AccumulateGrad", name, value=scalar(1.0))
        for at, name in enumerate([*(f"layers.{at}.weight" for at in range(11)), "x"])
    )
    edges = tuple(Edge(each.id, "n12", at) for at, each in enumerate(leaves))
    nodes = (*leaves, Node("n12", "operation", "CatBackward0"))
    for inputs, said in (((Input("x", "1"),), "x and 11"), ((), "layers.0.weight")):
        trace = Trace(Program("f", "function", inputs), nodes, edges, outputs=("n12",))
        [first, *_] = player(trace, unfolded(trace)).steps
        assert first.sentence.filled().startswith(f"The inputs: {said}")
