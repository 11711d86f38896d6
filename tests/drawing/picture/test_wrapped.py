"""Long pictures in rows: nothing is lost, nothing overlaps, and arrows end where they ended."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.drawing.making import product, scalar
from viz.drawing import Display, fold, unfolded
from viz.drawing.picture.arrange import arranged
from viz.drawing.picture.cards import faces
from viz.drawing.picture.wrapped import SHAPE, legible, wrapped
from viz.records import Edge, Node, Program, Trace


def residual(count):
    """A chain with a way around every three of its operations."""
    nodes = [Node("n0", "leaf", "AccumulateGrad", "x", value=scalar(1.0))]
    nodes += [Node(f"n{at}", "operation", "SinBackward0") for at in range(1, count)]
    ends = [(at, at + 1) for at in range(count - 1)]
    ends += [(at, at + 4) for at in range(0, count - 4, 4)]
    edges = tuple(Edge(f"n{start}", f"n{end}", 0) for start, end in sorted(ends))
    return Trace(Program("f", "function"), tuple(nodes), edges, outputs=(nodes[-1].id,))


def in_rows(view, direction):
    display = Display(direction=direction)
    cards = faces(view, display)
    laid = arranged(view, display, cards)
    return laid, wrapped(laid, {id: card.outer for id, card in cards.items()}, direction), cards


@pytest.fixture(scope="module", params=["LR", "TB"])
def long(request):
    return in_rows(unfolded(residual(40)), request.param)


def test_it_has_about_a_slides_shape(long):
    laid, rows, _ = long
    assert max(laid.width / laid.height, laid.height / laid.width) > 3 * SHAPE
    assert legible(rows)
    assert not legible(laid)
    assert SHAPE / 1.6 < rows.width / rows.height < SHAPE * 1.6


def test_no_card_is_lost_or_lies_on_another(long):
    laid, rows, cards = long
    assert rows.nodes.keys() == laid.nodes.keys()
    boxes = [
        (x - width / 2, x + width / 2, y - height / 2, y + height / 2)
        for id, (x, y) in rows.nodes.items()
        for width, height in (cards[id].outer,)
    ]
    assert all(left >= 0 and right <= rows.width and top >= 0 for left, right, top, _ in boxes)
    for one, other in combinations(boxes, 2):
        apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
        assert apart


def test_arrows_leave_and_reach_their_cards_as_before(long):
    laid, rows, _ = long
    assert any(
        len(way.points) >= len(laid.routes[id].points) + 9 for id, way in rows.routes.items()
    )
    for id, before in laid.routes.items():
        after, (source, target) = rows.routes[id], id.split("-")[1:3]
        for end, was, card in (
            (after.points[0], before.points[0], source),
            (after.tip, before.tip, target),
        ):
            moved = [now - old for now, old in zip(rows.nodes[card], laid.nodes[card], strict=True)]
            assert end == pytest.approx([old + by for old, by in zip(was, moved, strict=True)])
        assert len(after.points) % 3 == 1
        assert all(0 <= x <= rows.width and 0 <= y <= rows.height for x, y in after.points)


def test_a_short_picture_stays():
    laid, rows, _ = in_rows(fold(product()), "TB")
    assert rows == laid
    assert legible(laid)


def test_many_inputs_and_results_stand_in_several_ranks():
    many = range(30)
    leaves = [Node(f"n{at}", "leaf", "AccumulateGrad", f"x{at}", value=scalar(1.0)) for at in many]
    results = [Node(f"n{31 + at}", "operation", f"{at}Backward0") for at in many]
    nodes = (*leaves, Node("n30", "operation", "CatBackward0"), *results)
    edges = [*(Edge(f"n{at}", "n30", at) for at in many)]
    edges += [Edge("n30", each.id, 0) for each in results]
    trace = Trace(Program("f", "function"), nodes, tuple(edges), outputs=(results[-1].id,))
    laid, _, cards = in_rows(unfolded(trace), "TB")
    assert laid.width < 0.7 * sum(cards[each.id].outer[0] for each in leaves)
    assert max(laid.width / laid.height, laid.height / laid.width) < SHAPE
