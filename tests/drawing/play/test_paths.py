"""Paths: counted, listed, and their products against the gradient."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drawing.making import Made, loop, product
from tests.drawing.strategies import traces
from viz.drawing.play.pass_index import Backward, backward, inputs_of
from viz.drawing.play.paths import LISTED, Ways, counts, ways
from viz.records import Trace


def passed(trace: Trace) -> Backward:
    return backward(trace, trace.passes[0], inputs_of(trace))


def found(trace: Trace, node: str) -> Ways | None:
    run = passed(trace)
    return ways(run, node, counts(run))


def every_path(trace: Trace, node: str, root: str) -> list[tuple[tuple[str, ...], float]]:
    """All paths by plain recursion over the edges that carry a gradient."""
    if node == root:
        return [((root,), 1.0)]
    after = [edge for edge in trace.edges if edge.source == node and edge.differentiable]
    return [
        ((node, *nodes), product * float(edge.local.values[0]))
        for edge in after
        for nodes, product in every_path(trace, edge.target, root)
    ]


@st.composite
def diamonds(draw: st.DrawFn) -> Trace:
    made = Made()
    ids = [made.leaf("x", 1.0)]
    locals = st.integers(-3, 3).map(float)
    for _ in range(draw(st.integers(1, 8))):
        inputs = draw(st.lists(st.sampled_from(ids[-3:]), min_size=1, max_size=2))
        ids.append(made.op("MulBackward0", *((each, draw(locals)) for each in inputs)))
    return made.trace(ids[-1])


@given(diamonds())
def test_paths_are_counted_and_their_products_sum_to_the_gradient(trace):
    root = trace.outputs[0]
    expected = every_path(trace, "n0", root)
    listed = found(trace, "n0")
    if not expected:
        assert listed is None
        return
    assert listed is not None
    assert listed.count == len(expected)
    assert listed.total == pytest.approx(sum(product for _, product in expected))
    assert len(listed.listed) == min(LISTED, len(expected))
    known = [(nodes, pytest.approx(product)) for nodes, product in expected]
    for way in listed.listed:
        assert (way.nodes, way.product) in known


@given(traces())
def test_each_listed_path_ends_where_the_pass_started(trace):
    if not trace.passes:
        return
    run = passed(trace)
    counted = counts(run)
    joined = {(edge.source, edge.target) for edge in trace.edges}
    for node in trace.nodes:
        for way in (ways(run, node.id, counted) or Ways((), 0, None)).listed:
            assert way.nodes[0] == node.id
            assert way.nodes[-1] in run.seeds
            assert set(pairwise(way.nodes)) <= joined


@pytest.mark.parametrize(
    ("node", "nodes", "value"), [("n0", ("n0", "n2", "n4"), -4.0), ("n3", ("n3", "n4"), 3.0)]
)
def test_product(node, nodes, value):
    (way,) = found(product(), node).listed
    assert (way.nodes, way.product) == (nodes, value)


def test_more_paths_than_can_be_listed_are_counted():
    made = Made()
    x = made.leaf("x", 1.0)
    for _ in range(2000):
        x = made.op("AddBackward0", (x, 0.5), (x, 0.5))
    ways = found(made.trace(x), "n0")
    assert ways.count == 2**2000
    assert ways.count_text == "10^602"
    assert ways.total == 1.0


def test_a_node_without_a_gradient_has_no_paths():
    trace = loop(3)
    test = next(node for node in trace.nodes if node.kind == "detached")
    assert found(trace, test.id) is None
