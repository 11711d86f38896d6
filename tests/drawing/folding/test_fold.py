"""Folding: what a reader sees first, what opens, and what holds of every graph."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.drawing.making import Made, loop, product
from tests.drawing.strategies import looped, traces
from viz.drawing import Display, GraphView, fold, unfolded
from viz.drawing.folding.fold import LIMIT, MOST
from viz.records import Trace

MOST_STARTS = 60


def kinds(view: GraphView) -> Counter[str]:
    return Counter(node.kind for node in view.nodes)


def test_leaves_that_have_names_are_no_rounds() -> None:
    made = Made()
    leaves = [made.leaf(name) for name in "abcdefgh"]
    total = made.op("StackBackward0", *leaves, name="y")
    view = fold(made.trace(total))
    assert [node.symbol for node in view.nodes] == [*"abcdefgh", "y"]
    made = Made()
    for place in range(12):  # rounds of a loop over a list fold, with the leaves in them
        leaf = made.leaf(f"ws[{place}]")
        total = made.op(
            "AddBackward0", total if place else leaf, leaf, function="torch.add", line=2
        )
    rounds = made.trace(total)
    assert not kinds(fold(rounds))["stack"]  # as they are inputs
    listed = replace(rounds, program=replace(rounds.program, inputs=()))
    assert kinds(fold(listed))["stack"] == 1


def test_numbers_are_no_rounds_and_no_card_shows_one_for_what_it_computes() -> None:
    made = Made()
    last = x = made.leaf("x")
    for number in range(300):  # steps of an optimizer, say: beside the graph, each with its number
        last = made.op(f"op{number}", last, made.constant(0.5), value=7.0, kind="detached")
    sums = [made.op("MulBackward0", x, made.constant(number)) for number in range(20)]
    total = made.op("StackBackward0", *sums)
    for limit in (20, LIMIT):
        view = fold(made.trace(total), limit=limit)
        check(made.trace(total), view)
        for node in view.nodes:
            inside = {made.nodes[int(id[1:])].kind for id in node.records}
            assert node.shown.kind != "constant" or inside == {"constant"}
    numbers = Made()
    given = [numbers.constant(number) for number in range(30)]
    y = numbers.op("StackBackward0", numbers.leaf("x"), *given)
    assert not kinds(fold(numbers.trace(y)))["stack"]


def reach(pairs: set[tuple[str, str]]) -> dict[str, set[str]]:
    """By node, of the first few: what can be reached from it, itself included."""
    after: dict[str, set[str]] = {}
    for source, target in pairs:
        after.setdefault(source, set()).add(target)
    found: dict[str, set[str]] = {}
    for start in sorted({pair[0] for pair in pairs})[:MOST_STARTS]:
        seen, stack = {start}, [start]
        while stack:
            for target in after.get(stack.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    stack.append(target)
        found[start] = seen
    return found


def check(trace: Trace, view: GraphView) -> None:
    """What folding must keep: each node once, no cycle, everything still reachable."""
    shown = [id for node in view.nodes for id in node.records]
    assert len(shown) == len(set(shown)) == len(view.card) == view.recorded - view.hidden
    assert {node.id for node in view.nodes} == set(view.card.values())
    assert all(node.shown.id in node.records and node.records[0] == node.id for node in view.nodes)
    assert len({edge.id for edge in view.edges}) == len(view.edges)
    pairs = {(edge.source, edge.target) for edge in view.edges}
    position = {node.id: place for place, node in enumerate(view.nodes)}
    assert all(position[source] < position[target] for source, target in pairs)
    reachable = reach(pairs | {(node.id, node.id) for node in view.nodes})
    drawn = {
        (edge.source, edge.target)
        for edge in trace.edges
        if edge.source in view.card and edge.target in view.card
    }
    for start, ends in reach(drawn).items():
        card = view.card[start]
        if card in reachable:
            assert {view.card[end] for end in ends} <= reachable[card]
    placed = [place for edge in view.edges for place in edge.records]
    assert len(placed) == len(set(placed))


def test_small_graph_stays_as_it_is():
    view = fold(product())
    assert [node.id for node in view.nodes] == ["n0", "n1", "n2", "n3", "n4"]
    assert [edge.id for edge in view.edges] == [
        "e-n0-n2-0",
        "e-n1-n2-0",
        "e-n2-n4-0",
        "e-n3-n4-0",
    ]
    assert view.node("n4").output
    with pytest.raises(KeyError):
        view.node("n5")


def test_twice_the_same_input_is_two_arrows():
    made = Made()
    x = made.leaf("x")
    view = fold(made.trace(made.op("MulBackward0", x, x)))
    assert [edge.id for edge in view.edges] == ["e-n0-n1-0", "e-n0-n1-1"]


def test_many_arrows_between_two_nodes_are_one():
    made = Made()
    x = made.leaf("x")
    view = fold(made.trace(made.op("StackBackward0", *[x] * 30)))
    assert [len(edge.records) for edge in view.edges] == [30]


@pytest.mark.parametrize(
    ("rounds", "stacked"), [(2, 0), (4, 0), (5, 3), (9, 7), (20, 18), (500, 498)]
)
def test_rounds_of_a_loop_show_first_and_last(rounds, stacked):
    trace = loop(rounds)
    view = fold(trace)
    check(trace, view)
    stacks = [node for node in view.nodes if node.kind == "stack"]
    assert sum(node.rounds for node in stacks) == stacked
    if stacked:
        (stack,) = stacks
        assert stack.operations == ("LinalgVectorNormBackward0", "lt", "MulBackward0")
        assert stack.shown.op == "MulBackward0"
        assert len(view.nodes) < 20


def test_a_stack_opens_one_round_and_closes_again():
    trace = loop(20)
    (stack,) = (node for node in fold(trace).nodes if node.kind == "stack")
    one, every = stack.opens
    view = fold(trace, opened=frozenset({one}))
    check(trace, view)
    assert [node.rounds for node in view.nodes if node.kind == "stack"] == [stack.rounds - 1]
    opened = [node for node in view.nodes if node.closes == one]
    assert len(opened) == 4
    assert fold(trace, opened=frozenset({one}) - {opened[0].closes}) == fold(trace)
    whole = fold(trace, opened=frozenset({every}))
    check(trace, whole)
    assert not kinds(whole)["stack"]
    assert len(whole.nodes) == len(trace.nodes)


def test_a_round_in_the_middle_splits_the_stack():
    trace = loop(20)
    (stack,) = (node for node in fold(trace).nodes if node.kind == "stack")
    middle = stack.records[4 * 7]
    view = fold(trace, opened=frozenset({f"{middle}+"}))
    check(trace, view)
    assert [node.rounds for node in view.nodes if node.kind == "stack"] == [7, 10]


def test_repeats_in_repeats():
    made = Made()
    x = made.leaf("x")
    for outer in range(12):
        for inner in range(6 + outer % 3):
            x = made.op("MulBackward0", x, function="torch.mul", line=3, iteration=inner)
        x = made.op("SinBackward0", x, function="torch.sin", line=4, iteration=outer)
    trace = made.trace(x)
    view = fold(trace)
    check(trace, view)
    assert sorted(node.rounds for node in view.nodes if node.kind == "stack") == [4, 6, 10]
    (outer_stack,) = (node for node in view.nodes if node.rounds == 10)
    inside = fold(trace, opened=frozenset({outer_stack.opens[0]}))
    check(trace, inside)
    assert sorted(node.rounds for node in inside.nodes if node.kind == "stack") == [4, 5, 6, 9]


def test_composites_fold_to_their_call_and_open_to_their_nodes():
    made = Made()
    x, w, b = (made.leaf(name) for name in "xwb")
    turned = made.op("TBackward0", w, function="torch.nn.functional.linear", line=1)
    call = made.nodes[-1].call
    result = made.op("AddmmBackward0", b, x, turned, call=call)
    trace = made.trace(result)
    view = fold(trace)
    check(trace, view)
    (card,) = (node for node in view.nodes if node.kind == "call")
    assert card.records == ("n3", "n4")
    assert card.output
    assert card.opens == ("n3",)
    opened = fold(trace, opened=frozenset(card.opens))
    check(trace, opened)
    assert {node.closes for node in opened.nodes if node.id in card.records} == {"n3"}
    assert [node.kind for node in opened.nodes if node.id in card.records] == [
        "operation",
        "output",
    ]


def test_layers_of_equal_structure_fold_only_when_there_are_many():
    def layers(count: int) -> Trace:
        made = Made()
        x = made.leaf("x")
        for number in range(count):
            w = made.leaf(f"w{number}")
            x = made.op("MmBackward0", x, w, function="torch.matmul", line=number + 1)
            x = made.op("ReluBackward0", x, function="torch.relu", line=number + 1)
        return made.trace(x)

    assert not kinds(fold(layers(10)))["stack"]
    view = fold(layers(100))
    assert kinds(view)["stack"] == 1
    assert len(view.nodes) < 15


def test_graphs_without_repeats_are_grouped_and_open():
    made = Made()
    ids = [made.leaf("x")]
    for number in range(3000):
        ids.append(made.op(f"Op{number}Backward0", ids[-1], ids[-min(len(ids), 7)]))
    trace = made.trace(ids[-1])
    view = fold(trace)
    check(trace, view)
    assert len(view.nodes) <= LIMIT
    group = next(node for node in view.nodes if node.kind == "group")
    assert f"{len(group.records)}" == group.opens[0].split("~")[1]
    opened = fold(trace, opened=frozenset(group.opens))
    check(trace, opened)
    assert len(view.nodes) < len(opened.nodes) <= MOST
    inner = next(node for node in opened.nodes if node.closes == group.opens[0])
    assert set(inner.records) < set(group.records)


def test_ten_thousand_nodes_are_few_cards():
    made = Made()
    x = made.leaf("x")
    for number in range(5000):
        x = made.op("SinBackward0", x, function="torch.sin", line=2, iteration=number)
        x = made.op("MulBackward0", x, made.constant(), function="torch.mul", line=2)
    view = fold(made.trace(x, backward=False))
    assert view.recorded == 15_001
    assert len(view.nodes) <= 12


def test_nothing_above_the_most_is_drawn():
    trace = loop(500)
    everything = fold(trace, opened=frozenset(f"{node.id}*" for node in trace.nodes))
    check(trace, everything)
    assert len(everything.nodes) <= MOST
    assert len(unfolded(trace).nodes) <= MOST


@pytest.mark.parametrize(
    ("display", "hidden"),
    [
        (Display(), set()),
        (Display(constants=False), {"constant"}),
        (Display(detached=False), {"detached"}),
        (Display(constants=False, detached=False), {"constant", "detached"}),
    ],
)
def test_what_autograd_does_not_record_can_be_hidden(display, hidden):
    trace = loop(4)
    view = fold(trace, display=display)
    check(trace, view)
    assert hidden.isdisjoint(kinds(view))
    assert view.hidden == sum(node.kind in hidden for node in trace.nodes)


def test_empty_record_is_an_empty_view():
    view = fold(Made().trace())
    assert (view.nodes, view.edges) == ((), ())


OPENED = st.frozensets(
    st.builds("n{}{}".format, st.integers(0, 60), st.sampled_from(("", "+", "*", "~5", "~20"))),
    max_size=8,
)


@given(traces(), OPENED, st.sampled_from((8, 20, 60)))
def test_every_graph_folds(trace, opened, limit):
    view = fold(trace, opened=opened, limit=limit)
    check(trace, view)
    assert fold(trace, opened=opened, limit=limit) == view


@given(looped(), OPENED, st.sampled_from((8, 60)))
@settings(deadline=None)
def test_every_loop_folds(trace, opened, limit):
    check(trace, fold(trace, opened=opened, limit=limit))


@given(traces())
def test_unfolded_shows_each_node(trace):
    view = unfolded(trace)
    check(trace, view)
    assert len(view.nodes) == min(len(trace.nodes), MOST)
