"""The SVG: well-formed, its contract of ids and classes, and that no text can break out of it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings

from tests.drawing.making import Made, loop, product, vector
from tests.drawing.strategies import HOSTILE, traces
from viz.drawing import CSS, Display, GraphView, fold, standalone, svg
from viz.drawing.picture.cards import face, faces
from viz.drawing.picture.positions import Route, positions
from viz.drawing.texts import printable
from viz.records import Node, Trace

NAMESPACE = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "g", "title", "rect", "path", "text"}
ATTRIBUTES = {
    "class",
    "role",
    "aria-label",
    "width",
    "height",
    "viewBox",
    "id",
    "x",
    "y",
    "rx",
    "d",
    "text-anchor",
    "data-source",
    "data-target",
    "data-opens",
    "data-closes",
    "data-further",
}


def read(view: GraphView, display: Display | None = None) -> ET.Element:
    return ET.fromstring(svg(view, display))


def groups(svg: ET.Element, kind: str) -> dict[str, ET.Element]:
    found = svg.iter(f"{NAMESPACE}g")
    return {each.attrib["id"]: each for each in found if kind in each.attrib["class"].split()}


def check(view: GraphView, svg: ET.Element) -> None:
    assert {each.tag.removeprefix(NAMESPACE) for each in svg.iter()} <= ALLOWED
    assert {name for each in svg.iter() for name in each.attrib} <= ATTRIBUTES
    ids = [each.attrib["id"] for each in svg.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids))
    assert set(groups(svg, "node")) == {node.id for node in view.nodes}
    edges = groups(svg, "edge")
    assert set(edges) == {edge.id for edge in view.edges}
    for edge in view.edges:
        assert edges[edge.id].attrib["data-source"] == edge.source
        assert edges[edge.id].attrib["data-target"] == edge.target
        assert ("cut" in edges[edge.id].attrib["class"].split()) == (not edge.differentiable)


def texts(group: ET.Element) -> dict[str, str]:
    return {each.attrib["class"]: each.text or "" for each in group.iter(f"{NAMESPACE}text")}


def test_each_node_says_operation_value_and_gradient():
    view = fold(product())
    svg = read(view)
    check(view, svg)
    nodes = groups(svg, "node")
    assert texts(nodes["n2"]) == {
        "title": "+",
        "name": "v₁",
        "label": "grad",
        "value": "3",
        "gradient": "−4",
    }
    assert texts(nodes["n0"]) == {"title": "x", "label": "grad", "value": "−2", "gradient": "−4"}
    assert nodes["n4"].attrib["class"] == "node output"
    ids = {
        each.attrib["id"] for each in nodes["n2"].iter(f"{NAMESPACE}text") if "id" in each.attrib
    }
    assert ids == {"n2-value", "n2-gradient"}


def test_what_was_computed_of_whole_numbers_says_how():
    nodes = (
        Node("n0", "constant", "", name="x", value=vector(1, 2)),
        Node("n1", "constant", "mul", value=vector(1, 4)),
        Node("n2", "constant", "", value=vector(3, 4)),
    )
    drawn = fold(Trace(product().program, nodes=nodes), display=Display(constants=True))
    headings = [(each.title, each.name) for each in faces(drawn, Display()).values()]
    assert headings == [("x", ""), ("×", "k₁"), ("k₂", "")]


def test_stack_has_sheets_and_says_what_it_opens():
    view = fold(loop(20))
    svg = read(view)
    check(view, svg)
    (stack,) = groups(svg, "stack").values()
    kinds = [each.attrib["class"] for each in stack.iter(f"{NAMESPACE}rect")]
    assert kinds == ["sheet", "sheet", "card"]
    assert stack.attrib["data-opens"].split() == [
        f"{stack.attrib['id']}+",
        f"{stack.attrib['id']}*",
    ]
    assert texts(stack)["title"] == "× 18"


@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_arrows_run_with_the_forward_run(direction):
    view = fold(product(), display=Display(direction=direction))
    nodes = groups(read(view, Display(direction=direction)), "node")
    axis = "y" if direction == "TB" else "x"
    place = {
        id: float(next(each for each in node.iter(f"{NAMESPACE}rect")).attrib[axis])
        for id, node in nodes.items()
    }
    assert all(place[edge.source] < place[edge.target] for edge in view.edges)


def test_cards_do_not_overlap_and_lie_inside():
    view = fold(loop(30))
    svg = read(view)
    left, top, width, height = map(float, svg.attrib["viewBox"].split())
    boxes = []
    for node in groups(svg, "node").values():
        card = next(
            each for each in node.iter(f"{NAMESPACE}rect") if each.attrib["class"] == "card"
        )
        x, y, w, h = (float(card.attrib[name]) for name in ("x", "y", "width", "height"))
        assert left <= x < x + w <= left + width
        assert top <= y < y + h <= top + height
        boxes.append((x, y, x + w, y + h))
    for place, (a, b, c, d) in enumerate(boxes):
        assert not any(a < g and e < c and b < h and f < d for e, f, g, h in boxes[place + 1 :])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(name):
    made = Made()
    result = made.op(name, made.leaf(name), name=name, function=name)
    view = fold(made.trace(result))
    svg = read(view)
    check(view, svg)
    title = groups(svg, "node")["n0"].find(f"{NAMESPACE}title")
    assert title is not None
    # XML reads a carriage return as a line's end
    assert (title.text or "").split("\n1\n")[0] == printable(f"leaf {name}").replace("\r", "\n")


@given(traces(most=10))
@settings(max_examples=60, deadline=None)
def test_every_graph_is_drawn(trace):
    view = fold(trace)
    check(view, read(view))


def test_picture_has_no_colours_and_the_file_has_its_own():
    drawn = svg(fold(product()))
    assert "#" not in drawn
    alone = standalone(drawn)
    root = ET.fromstring(alone)
    style = root.find(f"{NAMESPACE}style")
    assert style is not None
    assert style.text == CSS


def test_empty_view_is_a_picture_too():
    view = fold(Made().trace())
    check(view, read(view))


@pytest.mark.parametrize(
    ("points", "middle"),
    [
        (((0, 0), (0, 1), (0, 2), (0, 3)), (0, 1.5)),
        (((0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6)), (3, 3)),
    ],
)
def test_middle_of_a_route(points, middle):
    assert Route(points, points[-1]).middle == middle


def test_positions_of_an_answer():
    answer = (
        b'{"bb":"0,0,100,50","objects":[{"id":"n0","pos":"10,40"}],'
        b'"edges":[{"id":"e","pos":"e,1,2 5,50 6,40 7,30 8,20","lp":"3,4"}]}'
    )
    found = positions(answer)
    assert found.nodes == {"n0": (10, 10)}
    assert found.routes["e"] == Route(((5, 0), (6, 10), (7, 20), (8, 30)), (1, 48), (3, 46))


@pytest.mark.parametrize("value", [1.5, -3.0, 0.0, 0.001234, -0.02345, 123456.0, 1e-9])
def test_a_card_keeps_its_width_whatever_its_number_becomes(value: float) -> None:
    made = Made()
    made.leaf("x", value)
    (card,) = fold(made.trace()).nodes
    assert face(card, Display()).width == 132.0


def test_a_card_is_as_wide_as_it_was_at_least() -> None:
    view = fold(product())
    before = {id: card.width for id, card in faces(view, Display()).items()}
    kept = faces(view, Display(), least={"n2": before["n2"] + 40.0})
    assert kept["n2"].width == before["n2"] + 40.0
    assert all(kept[id].width == width for id, width in before.items() if id != "n2")
