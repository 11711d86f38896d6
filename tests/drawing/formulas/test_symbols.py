"""Names in formulas, names on cards."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.drawing.making import Made, loop, product
from viz.drawing import Display, fold
from viz.drawing.formulas.operations import friendly, of_function
from viz.drawing.formulas.symbols import symbols
from viz.drawing.picture.cards import WIDEST, face
from viz.drawing.picture.text_width import width
from viz.records import Call, Node, Program, Trace


def names(trace: Trace) -> list[str]:
    return [str(symbol) for symbol in symbols(trace).values()]


def test_variables_constants_and_results():
    assert names(product()) == ["x", "y", "v₁", "z", "f"]
    assert names(loop(1)) == ["a", "2", "b₁", "v₁", "v₂", "2", "b₂"]


@pytest.mark.parametrize(
    ("function", "leaf", "expected"),
    [
        (None, "x", "f"),
        (None, "f", "out"),
        ("loss", "x", "loss"),
        ("loss", "loss", "f"),
        ("<lambda>", "x", "f"),
        ("<lambda>", "f", "out"),
    ],
)
def test_the_result_has_a_name_of_its_own(function, leaf, expected):
    nodes = (
        Node("n0", "leaf", "AccumulateGrad", leaf),
        Node("n1", "output", "SinBackward0"),
    )
    assert names(Trace(Program("…", "function", function=function), nodes)) == [leaf, expected]


def test_derivatives_are_primed():
    nodes = (
        Node("n0", "leaf", "AccumulateGrad", "x"),
        Node("n1", "output", "SinBackward0"),
        Node("n2", "output", "CosBackward0", order=1),
        Node("n3", "output", "SinBackward0", order=2),
    )
    assert names(Trace(Program("…", "expression"), nodes)) == ["x", "f", "f′", "f′′"]


def test_names_of_the_program_are_not_taken():
    made = Made()
    v = made.leaf("v")
    made.op("SinBackward0", v)
    assert names(made.trace()) == ["v", "u₁"]


def test_inner_nodes_of_a_composite_do_not_bear_its_name():
    nodes = (
        Node("n0", "leaf", "AccumulateGrad", "w"),
        Node("n1", "operation", "TBackward0", call="c0"),
        Node("n2", "operation", "MmBackward0", call="c0"),
    )
    calls = (Call("c0", "torch.nn.functional.linear", None, "y"),)
    trace = Trace(Program("…", "function"), nodes, calls=calls)
    assert names(trace) == ["w", "v₁", "y"]


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("MulBackward0", "×"),
        ("AddBackward0", "+"),
        ("SinBackward0", "sin"),
        ("LogSoftmaxBackward0", "log_softmax"),
        ("NativeLayerNormBackward0", "native_layer_norm"),
        ("AccumulateGrad", "leaf"),
        ("lt", "<"),
        ("detach", "detach"),
        ("torch.Tensor.__rsub__", "−"),
        ("", ""),
    ],
)
def test_friendly(op, expected):
    assert friendly(op) == expected


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("torch.nn.functional.linear", "linear"),
        ("torch.Tensor.__mul__", "×"),
        ("torch.Tensor.mul_", "×"),
        ("torch.sin", "sin"),
        ("", ""),
        ("__", "__"),
    ],
)
def test_of_function(function, expected):
    assert of_function(function) == expected


@pytest.mark.parametrize("name", ["b", "b" * 30, "损" * 40, ""])
@pytest.mark.parametrize("op", ["MulBackward0", "AVeryLongNameOfAnOperationBackward0"])
@pytest.mark.parametrize("friendly_names", [True, False])
def test_headings_fit_their_card(name, op, friendly_names):
    made = Made()
    made.op(op, made.leaf("x"), name=name or None)
    card = fold(made.trace()).nodes[1]
    found = face(card, Display(friendly=friendly_names))
    assert found.width <= WIDEST
    used = width(found.title, 14, bold=True) + width(found.name, 14)
    assert used <= found.width
    assert found.title
    assert found.name


def test_they_are_made_once_for_a_trace_and_go_with_it():
    trace = product()
    made = symbols(trace)
    assert symbols(trace) is made
    assert symbols(trace, digits=2) is not made
    assert symbols(replace(trace)) == symbols(trace)


def test_leaves_are_called_by_name_whatever_cards_carry():
    display = Display(show=frozenset({"operation", "shape"}))
    titles = [face(node, display).title for node in fold(product()).nodes if node.kind == "leaf"]
    assert titles == ["x", "y", "z"]


def test_long_names_that_begin_alike_are_cut_in_the_middle():
    long = [
        f"layers.0.self_attn.{part}"
        for part in ("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias")
    ]
    nodes = tuple(Node(f"n{i}", "leaf", "AccumulateGrad", name) for i, name in enumerate(long))
    assert names(Trace(Program("…", "function"), nodes)) == [
        "layers.0.…in_proj_weight",
        "layers.0.se…in_proj_bias",
        "layers.0…out_proj.weight",
        "layers.0.s…out_proj.bias",
    ]
    alone = names(Trace(Program("…", "function"), nodes[:1]))
    assert alone == ["layers.0.self_attn.in_p…"]


def test_a_leaf_s_name_is_cut_in_the_middle_on_its_card():
    ends = ("甲.weight", "甲.bias", "乙.weight")
    nodes = tuple(
        Node(f"n{i}", "leaf", "AccumulateGrad", "投影" * 8 + e) for i, e in enumerate(ends)
    )
    view = fold(Trace(Program("…", "function"), nodes))
    for card, end in zip(view.nodes, ends, strict=True):
        title = face(card, Display()).title
        assert title.startswith("投影投影")
        assert title.endswith(end)
        assert width(title, 14, bold=True) <= WIDEST
