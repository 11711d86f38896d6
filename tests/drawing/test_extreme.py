"""Extreme records: what drawing and the page do with any answer ends within a second and 64 MB.

An answer comes from a process that hostile text runs in, so every record that decodes may arrive.
Processor time of this process; a text that is too large to be laid out may be refused.
"""

from __future__ import annotations

import math
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from viz.drawing import Display, details, dot, fold, player, svg, unfolded
from viz.drawing.figures import plot
from viz.drawing.figures.checks.differences import differences
from viz.drawing.figures.curve.readout import notes, value_at
from viz.drawing.figures.files import as_csv
from viz.drawing.figures.rounds import rounds_figure
from viz.errors import DrawingFailed
from viz.page.calculus.numbers import numbers_of
from viz.page.calculus.shared import MOST, _place
from viz.page.steps import counted
from viz.records import (
    MAX_MATRIX,
    MAX_NAME,
    MAX_PRINTED,
    MAX_SAMPLES,
    MAX_SIDE,
    MAX_TEXT,
    Block,
    Curve,
    Edge,
    Gap,
    Input,
    Jacobian,
    Node,
    Pass,
    Program,
    Rounds,
    Saved,
    Series,
    Step,
    Surface,
    Tensor,
    Trace,
)

SECONDS = 1.0
BYTES = 64_000_000
EVERYTHING = Display(
    show=frozenset({"operation", "variable", "value", "gradient", "shape", "saved"})
)
PROGRAM = Program("x*x", "expression", (Input("x", "1.0"),))
ONE = Tensor((), "float32", (1.0,))
HUGE = Tensor((2**62,) * 64, "float32", None, -1.0, 1.0, 0.0)
WILD = Tensor((3,), "float32", (math.nan, math.inf, -math.inf))
WIDE = '<&"\\' + "W" * (MAX_NAME - 4)


def leaf(value: Tensor, name: str = "x", number: int = 0) -> Node:
    return Node(f"n{number}", "leaf", "AccumulateGrad", name, value=value, gradient=value)


def operation(number: int, value: Tensor = ONE, op: str = "MulBackward0", **more: Any) -> Node:
    return Node(f"n{number}", "operation", op, value=value, gradient=value, **more)


def trace(nodes: list[Node], edges: list[tuple[int, int]], **more: Any) -> Trace:
    uses = tuple(Edge(f"n{a}", f"n{b}", place) for place, (a, b) in enumerate(edges))
    return Trace(PROGRAM, tuple(nodes), uses, outputs=(f"n{len(nodes) - 1}",), **more)


def chain(count: int, value: Tensor, **more: Any) -> Trace:
    nodes = [leaf(value), *(operation(n, value, **more) for n in range(1, count))]
    steps = tuple(Step(f"n{n}", (value,), (value,)) for n in reversed(range(count)))
    uses = tuple(
        Edge(f"n{n - 1}", f"n{n}", 0, local=value, contribution=value) for n in range(1, count)
    )
    run = Pass((f"n{count - 1}",), (value,), steps)
    return Trace(
        PROGRAM,
        tuple(nodes),
        uses,
        passes=(run,),
        outputs=(f"n{count - 1}",),
        gradients={"x": value},
    )


def stacks() -> Trace:
    nodes, edges = [leaf(ONE)], []
    for _ in range(70):
        first = len(nodes)
        nodes += [operation(first + n, op="SinBackward0") for n in range(100)]
        edges += [(0, first + n) for n in range(100)] + [
            (first + n, first + 100) for n in range(100)
        ]
        nodes.append(operation(first + 100, op="StackBackward0"))
    return trace(nodes, edges)


TRACES: dict[str, Callable[[], Trace]] = {
    "shapes": lambda: chain(60, HUGE, saved=(Saved("self", HUGE),)),
    "not finite": lambda: chain(60, WILD, saved=(Saved("self", WILD),)),
    "a long chain": lambda: chain(1_000, ONE),
    "parallel": lambda: trace([leaf(ONE), operation(1)], [(0, 1)] * 10_000),
    "dense": lambda: trace(
        [leaf(ONE), *(operation(n) for n in range(1, 390))],
        [(a, b) for b in range(1, 390) for a in range(max(0, b - 40), b)],
    ),
    "stacks": stacks,
    "many inputs": lambda: trace(
        [*(leaf(ONE, f"x{n}", n) for n in range(300)), operation(300)],
        [(n, 300) for n in range(300)],
    ),
    "long texts": lambda: trace(
        [
            leaf(ONE, WIDE),
            *(
                operation(n, op=WIDE, name=WIDE, saved=(Saved(WIDE, "W" * MAX_TEXT),))
                for n in range(1, 100)
            ),
        ],
        [(n - 1, n) for n in range(1, 100)],
        printed="W" * MAX_PRINTED,
    ),
}
USES: dict[str, Callable[[Trace], Any]] = {
    "fold": lambda run: fold(run, display=EVERYTHING),
    "unfolded": lambda run: unfolded(run, EVERYTHING),
    "numbers": numbers_of,
    "counted": counted,
}
OF_VIEW: dict[str, Callable[[Trace, Any], Any]] = {
    "dot": lambda _, view: dot(view, EVERYTHING).source,
    "svg": lambda _, view: svg(view, EVERYTHING),
    "details": lambda run, view: details(run, view, EVERYTHING),
    "player": lambda run, view: player(run, view, EVERYTHING),
}


def within(name: str, work: Callable[[], Any]) -> Any:
    """The result; fails where it took more than is allowed of processor time or memory."""
    tracemalloc.start()
    try:
        work()
        peak = tracemalloc.get_traced_memory()[1]
    except DrawingFailed:
        return None
    finally:
        tracemalloc.stop()
    assert peak < BYTES, f"{name}: {peak / 1e6:.0f} MB"
    taken = []
    for _ in range(2):  # without the tracer, which makes everything several times slower
        before = time.process_time()
        result = work()
        taken.append(time.process_time() - before)
        if taken[-1] < SECONDS:
            return result
    raise AssertionError(f"{name}: {min(taken):.2f} s")


@pytest.mark.parametrize("name", TRACES)
def test_traces(name: str) -> None:
    run = msgspec.msgpack.decode(msgspec.msgpack.encode(TRACES[name]()), type=Trace)
    for use, work in USES.items():
        found = within(use, lambda work=work: work(run))
        if use in ("fold", "unfolded"):
            for drawn, make in OF_VIEW.items():
                within(f"{use}, {drawn}", lambda make=make, found=found: make(run, found))


def test_a_pass_of_many_turns_is_no_answer() -> None:
    run = chain(2, ONE)
    turns = (Step("n1", (ONE,), (ONE,)),) * 59_000
    with pytest.raises(ValueError, match="more turns"):
        msgspec.structs.replace(run, passes=(Pass(("n1",), (None,), turns),))


@pytest.mark.parametrize(
    ("field", "value"), [("shape", (2**63,)), ("shape", (-1,)), ("shape", (1,) * 65)]
)
def test_numbers_beyond_their_bounds_are_no_answer(field: str, value: Any) -> None:
    plain = msgspec.to_builtins(ONE)
    plain[ONE.__struct_fields__.index(field)] = value
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plain, Tensor)


def test_a_place_in_a_shape_of_any_size() -> None:
    assert [_place((10**9,), index) for index in (0, 63)] == [[0], [63]]
    assert [_place((2, 3), index) for index in range(6)] == [
        [0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2],
    ]  # fmt: skip
    within("places", lambda: [_place((2**62,) * 64, index) for index in range(MOST)])


def rows(count: int, width: int, value: float) -> tuple[tuple[float, ...], ...]:
    return ((value,) * width,) * count


STRETCH = tuple(float(n) for n in range(MAX_SAMPLES))
RECORDS: dict[str, Callable[[], Any]] = {
    "a curve of nothing": lambda: Curve(STRETCH, rows(5, MAX_SAMPLES, math.nan)),
    "an infinite curve": lambda: Curve(STRETCH, rows(5, MAX_SAMPLES, math.inf)),
    "a curve of gaps": lambda: Curve(
        STRETCH,
        rows(2, MAX_SAMPLES, 1.0),
        gaps=tuple(Gap("jump", x, x, reason="W" * 1_000) for x in STRETCH),
    ),
    "a surface of nothing": lambda: Surface(
        STRETCH[:MAX_SIDE], STRETCH[:MAX_SIDE], *(rows(MAX_SIDE, MAX_SIDE, math.nan),) * 3
    ),
    "stretches of rounds": lambda: Rounds(
        1,
        10_000,
        ((0, 2),) * 100,
        tuple(range(MAX_SAMPLES)),
        tuple(Series(f"w{n}", tuple(x + n % 2 for x in STRETCH)) for n in range(12)),
    ),
    "a Jacobian of nothing": lambda: Jacobian(
        (2**62,) * 64,
        tuple(
            Block(WIDE, (64, 64), (2**62,), rows(MAX_MATRIX, MAX_MATRIX, math.nan))
            for _ in range(4)
        ),
    ),
}


@pytest.mark.parametrize("name", RECORDS)
def test_curves_surfaces_and_jacobians(name: str) -> None:
    record = RECORDS[name]()
    draw = rounds_figure if isinstance(record, Rounds) else plot
    draw(record)  # plotly itself is imported and warmed before anything is measured
    within("plot", lambda: draw(record))
    if isinstance(record, Curve):
        within("notes", lambda: notes(record))
        within("read-out", lambda: value_at(record, 17.5, 1))
        within("differences", lambda: differences(record, 17.5))
        within("csv", lambda: as_csv(record))
