"""The panel: what it says of a card."""

from __future__ import annotations

import dataclasses
import json
import xml.etree.ElementTree as ET

import pytest
import torch
from hypothesis import given, settings

from tests.drawing.making import Made, loop, product, scalar, vector
from tests.drawing.play.test_steps import plain
from tests.drawing.strategies import traces
from viz.drawing import Details, details, fold
from viz.drawing.play.details import LARGEST
from viz.drawing.play.references import _DOCUMENTED, SITE, link
from viz.records import Call, Edge, Node, Program, Saved, Trace


def of(trace: Trace, id: str) -> Details:
    return details(trace, fold(trace))[id]


def test_an_operation():
    found = of(product(), "n4")
    assert (found.title, found.op) == ("×", "MulBackward0")
    assert found.link == f"{SITE}generated/torch.Tensor.mul.html"
    assert (found.value.text, found.value.shape, found.value.dtype) == ("−12", "scalar", "float32")
    assert found.gradient.text == "1"
    assert plain(found.result) == "f=v_1·z=3·(−4)=−12"
    assert [plain(each) for each in found.derivatives] == ["∂f/∂v_1=z=−4", "∂f/∂z=v_1=3"]


def test_a_leaf_and_its_path():
    found = of(product(), "n0")
    assert (found.name, found.link, found.result, found.derivatives) == ("x", None, "", ())
    (way,) = found.paths.listed
    assert (way.names, way.cards, plain(way.math)) == (
        "x → v₁ → f",
        ("n0", "n2", "n4"),
        "1×(−4)=−4",
    )
    assert (found.paths.count, found.paths.more, found.paths.total) == ("1", False, "−4")


def test_saved_tensors_and_heat():
    nodes = (
        Node("n0", "leaf", "AccumulateGrad", "x", value=vector(1, -2)),
        Node(
            "n1",
            "output",
            "PowBackward0",
            "y",
            "c0",
            vector(1, 4),
            saved=(Saved("exponent", 2.0), Saved("self", vector(1, -2)), Saved("out", None)),
        ),
    )
    trace = Trace(
        Program("f", "expression"),
        nodes,
        (Edge("n0", "n1", 0, local=vector(2, -4)),),
        (Call("c0", "torch.Tensor.__pow__", None),),
        outputs=("n1",),
    )
    found = of(trace, "n1")
    assert found.saved == (("exponent", "2"), ("self", "[1, −2]"))
    assert found.value.heat.levels == (0.25, 1.0)
    assert found.link == f"{SITE}generated/torch.Tensor.pow.html"
    assert plain(found.derivatives[0]) == "∂y/∂x=2·x^2−1=[2, −4]"
    assert found.paths is None


def test_what_is_not_elementwise_is_a_vector_jacobian_product():
    nodes = (
        Node("n0", "leaf", "AccumulateGrad", "a", value=vector(1, 2)),
        Node("n1", "leaf", "AccumulateGrad", "b", value=vector(3, 4)),
        Node("n2", "output", "DotBackward0", "y", value=scalar(11)),
    )
    edges = (Edge("n0", "n2", 0, local=vector(3, 4)), Edge("n1", "n2", 1, local=vector(1, 2)))
    trace = Trace(Program("f", "expression"), nodes, edges, outputs=("n2",))
    assert [plain(each) for each in of(trace, "n2").derivatives] == [
        "vᵀ∂y/∂a=v·b",
        "vᵀ∂y/∂b=v·a",
    ]


def test_a_stack():
    trace = loop(20)
    view = fold(trace)
    (stack,) = (node for node in view.nodes if node.kind == "stack")
    found = details(trace, view)[stack.id]
    assert found.title == "× 18"
    assert found.derivatives == ()
    assert plain(found.paths.listed[0].math) == "2"


@given(traces())
@settings(deadline=None)
def test_every_card_has_details(trace):
    view = fold(trace)
    found = details(trace, view)
    assert set(found) == {node.id for node in view.nodes}
    for each in found.values():
        for markup in (each.result, *each.derivatives):
            assert not markup or ET.fromstring(markup).tag == "math"
    assert sum(map(size, found.values())) < 2 * LARGEST


def size(found: Details) -> int:
    return len(json.dumps(dataclasses.asdict(found) | {"spans": ()}, ensure_ascii=False))


def test_details_are_bounded_and_say_so():
    made = Made()
    x = made.leaf("x" * 60)
    for number in range(390):
        x = made.op(f"Op{number}Backward0", *[x] * 4, name=f"{'y' * 60}{number}")
    trace = made.trace(x)
    view = fold(trace, limit=400)
    found = details(trace, view).values()
    assert len(found) == 391
    assert any(each.cut for each in found)
    assert sum(map(size, found)) < 2 * LARGEST


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("torch.sin", "generated/torch.sin.html"),
        ("torch.Tensor.mul", "generated/torch.Tensor.mul.html"),
        ("torch.Tensor.mul_", "generated/torch.Tensor.mul_.html"),
        ("torch.Tensor.__add__", "generated/torch.Tensor.add.html"),
        ("torch.Tensor.__rsub__", "generated/torch.Tensor.sub.html"),
        ("torch.Tensor.__truediv__", "generated/torch.Tensor.div.html"),
        ("torch.Tensor.relu", "generated/torch.nn.functional.relu.html"),
        ("torch.nn.functional.linear", "generated/torch.nn.functional.linear.html"),
        ("torch.linalg.inv", "generated/torch.linalg.inv.html"),
        ("torch.special.erf", "special.html#torch.special.erf"),
        ("torch.Tensor.__getitem__", None),
        ("javascript:alert(1)", None),
        ("", None),
        ("<script>", None),
    ],
)
def test_link(function, expected):
    assert link(function) == (None if expected is None else SITE + expected)


def test_what_has_a_page_is_a_documented_function_of_torch():
    def words(name: str) -> str:
        found = torch
        for part in name.split(".")[1:]:
            found = getattr(found, part)
        return found.__doc__ or ""

    assert len(_DOCUMENTED) > 900
    assert [name for name in sorted(_DOCUMENTED) if len(words(name)) < 20] == []
