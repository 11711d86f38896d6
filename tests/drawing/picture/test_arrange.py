"""A picture comes in any case: Graphviz's layout, or plain ranks where that takes too long."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings

from tests.drawing.making import Made, product
from tests.drawing.strategies import traces
from viz.drawing import fold
from viz.drawing.display import Display
from viz.drawing.picture.arrange import REST, Arrangements
from viz.drawing.picture.cards import faces
from viz.drawing.picture.fallback_ranks import ranked
from viz.drawing.picture.layout import LayoutTooLarge
from viz.drawing.picture.positions import Positions
from viz.drawing.view import GraphView
from viz.errors import DrawingFailed, problem


def tangled(count: int = 150) -> GraphView:
    """Each operation uses the one before, an early one and the input: minutes for Graphviz."""
    made = Made()
    ids = [made.leaf("x")]
    for number in range(count):
        ids.append(made.op(f"Op{number}Backward0", ids[-1], ids[number * 7 % len(ids)], ids[0]))
    return fold(made.trace(ids[-1], backward=False), limit=count + 50)


def boxes(view: GraphView, laid: Positions, display: Display) -> dict[str, tuple[float, ...]]:
    """Left, top, right and bottom of each card."""
    found = {}
    for id, face in faces(view, display).items():
        (x, y), (width, height) = laid.nodes[id], face.outer
        found[id] = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return found


def check(view: GraphView, laid: Positions, display: Display) -> None:
    """No two cards overlap, all is inside, each arrow leads forward from its card to its card."""
    at = boxes(view, laid, display)
    for one, other in combinations(at.values(), 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart
    for left, top, right, bottom in at.values():
        assert -0.01 <= left <= right <= laid.width + 0.01
        assert -0.01 <= top <= bottom <= laid.height + 0.01
    along = 0 if display.direction == "LR" else 1
    for edge in view.edges:
        route = laid.routes[edge.id]
        assert route.points[0][along] == pytest.approx(at[edge.source][along + 2])
        assert route.tip[along] == pytest.approx(at[edge.target][along])
        assert at[edge.source][along + 2] < at[edge.target][along]
        for id, point in ((edge.source, route.points[0]), (edge.target, route.tip)):
            assert at[id][1 - along] < point[1 - along] < at[id][3 - along]


@pytest.mark.parametrize("direction", ["LR", "TB"])
@given(trace=traces(most=14))
@settings(max_examples=60, deadline=None)
def test_ranks_hold_for_every_graph(direction, trace):
    display = Display(direction=direction)
    view = fold(trace)
    check(view, ranked(view, display, faces(view, display)), display)


def test_two_uses_of_one_value_are_two_arrows_apart():
    made = Made()
    x = made.leaf("x")
    view = fold(made.trace(made.op("MulBackward0", x, x)))
    laid = ranked(view, Display(direction="LR"), faces(view, Display()))
    tips = {laid.routes[edge.id].tip for edge in view.edges}
    assert len(tips) == len(view.edges) == 2


def test_a_tangled_graph_stands_in_ranks_and_is_not_tried_again(monkeypatch):
    asked = []

    def layout(source, *_, **__):
        asked.append(source)
        raise LayoutTooLarge(problem("", ""))

    monkeypatch.setattr("viz.drawing.picture.arrange.layout", layout)
    arrangements = Arrangements()
    view = tangled()
    assert len(view.nodes) == 151
    for digits in (4, 5, 9):  # cards of other sizes: another source, the same tangle
        display = Display(digits=digits, show=frozenset({"shape", "value"}))
        check(view, arrangements.arranged(view, display, faces(view, display)), display)
    assert len(asked) == 1


def test_a_busy_moment_does_not_leave_a_plain_picture_for_good(monkeypatch):
    answer = b'{"bb": "0,0,10,10", "objects": [{"id": "n0", "pos": "1,2"}], "edges": []}'
    moment, busy = [1_000.0], [True]

    def layout(*_, **__):
        if busy[0]:
            raise LayoutTooLarge(problem("", ""))
        return answer

    monkeypatch.setattr("viz.drawing.picture.arrange.layout", layout)
    monkeypatch.setattr("viz.drawing.picture.arrange.time.monotonic", lambda: moment[0])
    arrangements, view, display = Arrangements(), fold(product()), Display()

    def laid():
        return arrangements.arranged(view, display, faces(view, display))

    plain = laid()
    assert len(plain.nodes) > 1
    busy[0] = False
    assert laid() == plain, "somebody may be dragging"
    moment[0] += REST
    assert laid().nodes == {"n0": (1, 8)}


def test_graphviz_itself_gives_up_on_a_tangle_within_its_patience():
    arrangements = Arrangements(patience=0.05)
    view, display = tangled(), Display()
    check(view, arrangements.arranged(view, display, faces(view, display)), display)


def test_a_layout_is_asked_for_once(monkeypatch):
    answer = b'{"bb": "0,0,10,10", "objects": [{"id": "n0", "pos": "1,2"}], "edges": []}'
    asked = []
    monkeypatch.setattr(
        "viz.drawing.picture.arrange.layout", lambda *_, **__: asked.append(1) or answer
    )
    arrangements = Arrangements(kept=1)
    view = fold(product())
    for direction in ("LR", "LR", "TB", "TB", "LR"):
        display = Display(direction=direction)
        assert arrangements.arranged(view, display, faces(view, display)).nodes == {"n0": (1, 8)}
    assert len(asked) == 3, "one is kept: the third direction is a new question"


def test_a_machine_without_graphviz_is_told(monkeypatch):
    def layout(*_, **__):
        raise DrawingFailed(problem("Graphviz cannot be loaded.", "Install it."))

    monkeypatch.setattr("viz.drawing.picture.arrange.layout", layout)
    view, display = fold(product()), Display()
    with pytest.raises(DrawingFailed):
        Arrangements().arranged(view, display, faces(view, display))
