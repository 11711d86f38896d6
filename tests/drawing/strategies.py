"""Random record graphs with hostile names."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.drawing.making import Made
from viz.records import MAX_NAME, Trace

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
