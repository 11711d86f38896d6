"""The order before folding: a permutation, inputs first, sources right before their first use."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viz.drawing.folding.order import ordered


@st.composite
def acyclic(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    count = draw(st.integers(1, 25))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    label = draw(st.permutations(range(count)))
    drawn = draw(st.lists(pairs, max_size=50))
    return count, [(label[min(pair)], label[max(pair)]) for pair in drawn if pair[0] != pair[1]]


@given(acyclic())
def test_inputs_come_first(graph):
    count, edges = graph
    order, sources = ordered(range(count), edges)
    assert sorted(order) == list(range(count))
    at = {place: position for position, place in enumerate(order)}
    assert all(at[source] < at[target] for source, target in edges)
    assert sources == set(range(count)) - {target for _, target in edges}


@given(acyclic())
def test_only_sources_stand_between_a_source_and_its_first_use(graph):
    count, edges = graph
    order, sources = ordered(range(count), edges)
    at = {place: position for position, place in enumerate(order)}
    for source in sources:
        uses = [at[target] for start, target in edges if start == source]
        if uses:
            assert set(order[at[source] : min(uses)]) <= sources


@given(st.integers(1, 10), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_cycles_are_survived(count, pairs):
    edges = [(a % count, b % count) for a, b in pairs]
    order, _ = ordered(range(count), edges)
    assert sorted(order) == list(range(count))
