"""Random record graphs with hostile names."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.drawing.making import Made
from viz.drawing.formulas.table import FORMULAS
from viz.records import (
    MAX_NAME,
    Call,
    Decision,
    Edge,
    LeafGradient,
    Node,
    Pass,
    Program,
    Saved,
    Span,
    Step,
    Tensor,
    Trace,
)

HOSTILE = (
    'a"b',
    "<b>x</b>",
    "new\nline",
    "损失",
    "]]>",
    "&amp;",
    "\\N\\G",
    "n0",
    "{x|y}",
    "a" * MAX_NAME,
    "<script>alert(1)</script>",
    "'",
    "\x00\x1b\x7f",
    "é̈",
    "𝕏",
    "‮abc",
    "%s",
    "→",
)
names = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=("Cs",)), max_size=MAX_NAME)
)
ops = st.sampled_from(("MulBackward0", "AddBackward0", "SinBackward0", "NoSuchBackward7"))
functions = st.sampled_from(("torch.Tensor.mul", "torch.nn.functional.linear", None))


@st.composite
def traces(draw: st.DrawFn, most: int = 40, hostile: bool = True) -> Trace:
    """A graph of leaves, constants, operations and detached results, in the order of a run."""
    made = Made()
    named = names if hostile else st.just("x")
    ids = [made.leaf(draw(named)) for _ in range(draw(st.integers(1, 3)))]
    call = None
    for number in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(("operation",) * 6 + ("constant", "detached", "leaf")))
        if kind == "constant":
            ids.append(made.constant(draw(st.floats(allow_nan=True))))
        elif kind == "leaf":
            ids.append(made.leaf(draw(st.one_of(st.none(), named))))
        else:
            inputs = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3))
            same = call if draw(st.booleans()) else None
            ids.append(
                made.op(
                    draw(named) if hostile and draw(st.booleans()) else draw(ops),
                    *inputs,
                    name=draw(st.one_of(st.none(), named)),
                    function=None if same else draw(functions),
                    line=number + 1,
                    call=same,
                    kind=kind,
                )
            )
            call = made.nodes[-1].call
    computed = [node.id for node in made.nodes if node.kind == "operation"]
    return made.trace(*computed[-1:])


@st.composite
def looped(draw: st.DrawFn) -> Trace:
    """Rounds of one to four operations, some nested, so that there is something to fold."""
    made = Made()
    value = made.leaf("x")
    for number in range(draw(st.integers(1, 30))):
        for place in range(draw(st.integers(1, 3)) if draw(st.booleans()) else 2):
            value = made.op(
                "SinBackward0", value, function="torch.sin", line=place + 1, iteration=number + 1
            )
        value = made.op("MulBackward0", value, made.constant(), function="torch.mul", line=9)
    return made.trace(value)


tensors = st.one_of(
    st.none(),
    st.builds(lambda value: Tensor((), "float32", (value,)), st.floats()),
    st.lists(st.floats(), max_size=3).map(
        lambda values: Tensor((len(values),), "float32", tuple(values))
    ),
    st.just(Tensor((4, 4, 4, 4), "float32", None, 0.0, 1.0, 0.5)),
    st.just(Tensor((1,), "complex64", (1.0, 2.0))),
    st.just(Tensor((0,), "bool", ())),
)


@st.composite
def forged(draw: st.DrawFn) -> Trace:
    """A record that decodes and that no run could have made: cycles, wrong indices, odd steps."""
    count = draw(st.integers(1, 8))
    ids = st.integers(0, count - 1).map("n{}".format)
    calls = (Call("c0", draw(names), Span(5, 3, 1, 0), draw(names), 7), Call("c1", "", None))
    nodes = tuple(
        Node(
            f"n{number}",
            draw(st.sampled_from(("leaf", "operation", "constant", "detached", "output"))),
            draw(st.one_of(names, st.sampled_from(sorted(FORMULAS)))),
            draw(st.one_of(st.none(), names)),
            draw(st.sampled_from((None, "c0", "c1"))),
            draw(tensors),
            draw(tensors),
            tuple(draw(st.lists(st.builds(Saved, names, tensors), max_size=2))),
            order=draw(st.integers(0, 4)),
        )
        for number in range(count)
    )
    edges = st.builds(
        Edge, ids, ids, st.integers(0, 10**9), st.booleans(), tensors, tensors, st.integers(0, 3)
    )
    sides = st.lists(tensors, max_size=3).map(tuple)
    steps = st.lists(st.builds(Step, ids, sides, sides), max_size=6).map(tuple)
    leaves = st.lists(st.builds(LeafGradient, ids, names, tensors), max_size=2).map(tuple)
    passes = st.builds(
        Pass,
        st.lists(ids, max_size=2).map(tuple),
        sides,
        steps,
        leaves,
        leaves,
        call=st.sampled_from((None, "c1")),
        kind=st.sampled_from(("backward", "grad")),
        order=st.integers(1, 4),
    )
    return Trace(
        Program(draw(names), "expression", function=draw(st.one_of(st.none(), names))),
        nodes,
        tuple(draw(st.lists(edges, max_size=12))),
        calls,
        tuple(draw(st.lists(st.builds(Decision, st.none(), st.floats(), node=ids), max_size=2))),
        tuple(draw(st.lists(passes, max_size=3))),
        tuple(draw(st.lists(ids, max_size=2))),
    )
