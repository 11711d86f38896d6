"""Random programs: the record against plain torch, by hypothesis.

A program is a Python function made of text that this test generates itself (expressions, loops,
branches, detach, in-place writes). The oracle runs the same function under plain torch, with
Python's own `bool` of tensors watched for the decisions.
"""

import linecache
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from viz.tracing.recording.trace import trace

UNARY = ("torch.sin({})", "torch.tanh({})", "{} * 0.5", "{} ** 2", "-{}", "torch.exp(-{} ** 2)")
BINARY = ("{} + {}", "{} * {}", "{} - {}", "torch.maximum({}, {})", "{} / (2.0 + {} ** 2)")


@st.composite
def programs(draw):
    """The text of a function of x and y, and the names of its variables."""
    names, rows = ["x", "y"], []
    for place in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(("unary", "binary", "loop", "branch", "detach", "write")))
        name, used = f"v{place}", st.sampled_from(names)
        if kind == "unary":
            rows.append(f"{name} = {draw(st.sampled_from(UNARY)).format(draw(used))}")
        elif kind == "binary":
            pattern = draw(st.sampled_from(BINARY))
            rows.append(f"{name} = {pattern.format(draw(used), draw(used))}")
        elif kind == "loop":
            rows += [f"{name} = {draw(used)}", f"for _ in range({draw(st.integers(0, 4))}):"]
            rows += [f"    {name} = torch.cos({name}) * {draw(used)}"]
        elif kind == "branch":
            rows += [
                f"if {draw(used)}.sum() > {draw(used)}.mean():",
                f"    {name} = {draw(used)} * 3",
            ]
            rows += ["else:", f"    {name} = torch.sin({draw(used)})"]
        elif kind == "detach":
            rows.append(f"{name} = {draw(used)}.detach() * {draw(used)}")
        else:
            rows += [f"{name} = {draw(used)} * 1.0", f"{name}.mul_({draw(used)}.detach())"]
        names.append(name)
    body = "\n".join(f"    {row}" for row in rows)
    return (
        f"def f(x, y):\n{body}\n    return ({names[-1]} + {draw(st.sampled_from(names))}).sum()\n"
    )


numbers = st.floats(-2, 2, width=32).filter(lambda value: abs(value) > 1e-3)
vectors = st.lists(numbers, min_size=3, max_size=3)


def compiled(text):
    """The function of a text that this test made; its source can be inspected."""
    filename = f"<generated {hash(text)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    names = {"torch": torch}
    exec(compile(text, filename, "exec"), names)  # noqa: S102 — the test's own text
    return names["f"]


class Watching(torch.overrides.TorchFunctionMode):
    """The outcomes of `bool(tensor)`, in order."""

    def __init__(self):
        self.outcomes = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if func == torch.Tensor.__bool__:
            self.outcomes.append(result)
        return result


def plainly(function, x, y):
    """What plain torch makes of it: result, gradients, decisions."""
    leaves = [torch.tensor(value, requires_grad=True) for value in (x, y)]
    watching = Watching()
    with watching:
        result = function(*leaves)
    if result.requires_grad:
        result.backward()
    return result, [leaf.grad for leaf in leaves], watching.outcomes


def agree(record, tensor):
    if tensor is None or record is None:
        return (tensor is None) == (record is None)
    pairs = zip(record.values, tensor.reshape(-1).tolist(), strict=True)
    return all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in pairs)


@given(text=programs(), x=vectors, y=vectors)
@settings(max_examples=120, deadline=None)
def test_values_gradients_and_decisions_are_plain_torchs(text, x, y):
    function = compiled(text)
    result, gradients, decisions = plainly(function, x, y)
    run = trace(function, torch.tensor(x), torch.tensor(y))
    assert agree(run.value, result.detach())
    assert [decision.outcome for decision in run.decisions] == decisions
    for name, gradient in zip("xy", gradients, strict=True):
        assert agree(run.gradients[name], gradient)
    assert run == trace(function, torch.tensor(x), torch.tensor(y))


@given(text=programs(), x=vectors, y=vectors)
@settings(max_examples=120, deadline=None)
def test_a_nodes_gradient_is_the_sum_of_its_contributions(text, x, y):
    run = trace(compiled(text), torch.tensor(x), torch.tensor(y))
    for node in run.nodes:
        parts = [
            edge.contribution
            for edge in run.edges
            if edge.source == node.id and edge.contribution is not None
        ]
        if node.gradient is None or node.id in run.outputs:
            continue
        total = [sum(column) for column in zip(*(part.values for part in parts), strict=True)]
        assert total == pytest.approx(node.gradient.values, rel=1e-4, abs=1e-5, nan_ok=True)


@given(text=programs(), x=vectors, y=vectors)
@settings(max_examples=60, deadline=None)
def test_every_call_has_its_place_in_the_source(text, x, y):
    run = trace(compiled(text), torch.tensor(x), torch.tensor(y))
    rows = run.program.source.split("\n")
    for call in run.calls:
        assert call.span is not None
        assert rows[call.span.line - 1][call.span.column : call.span.end_column].strip()
    made = {node.call for node in run.nodes if node.kind in ("operation", "output")}
    assert None not in made
