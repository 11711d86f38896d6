"""DOT sources: golden files, and hostile names.

`REWRITE_GOLDEN=1 pytest tests/drawing/picture/test_dot.py` writes the golden files; look at the
difference before committing it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.drawing.making import Made, loop, product, scalar, vector
from tests.drawing.strategies import HOSTILE, traces
from viz.drawing import Display, GraphView, dot, fold, layout
from viz.drawing.texts import printable
from viz.records import Edge, Node, Program, Saved, Trace

GOLDEN = Path(__file__).with_name("golden")


def shaped() -> Trace:
    nodes = (
        Node(
            "n0",
            "leaf",
            "AccumulateGrad",
            "x",
            value=vector(0, 1, 2, 3),
            gradient=vector(0, 2, 4, 6),
        ),
        Node(
            "n1",
            "operation",
            "PowBackward0",
            "y",
            value=vector(0, 1, 4, 9),
            gradient=vector(1, 1, 1, 1),
            saved=(Saved("exponent", 2.0), Saved("self", None)),
        ),
        Node("n2", "output", "SumBackward0", value=scalar(14.0), gradient=scalar(1.0)),
        Node("n3", "detached", "detach", "u", value=vector(0, 1, 4, 9)),
    )
    edges = (Edge("n0", "n1", 0), Edge("n1", "n2", 0), Edge("n1", "n3", 0, differentiable=False))
    return Trace(Program("f", "function"), nodes, edges, outputs=("n2",))


EVERYTHING = Display(
    show=frozenset({"operation", "variable", "value", "gradient", "shape", "saved"}),
    direction="LR",
    digits=6,
    friendly=False,
)
CASES: dict[str, tuple[GraphView, Display]] = {
    "product": (fold(product()), Display()),
    "loop": (fold(loop(20)), Display()),
    "shaped": (fold(shaped()), Display()),
    "everything": (fold(shaped()), EVERYTHING),
    "plain": (fold(shaped()), Display(show=frozenset())),
}


@pytest.mark.parametrize("name", CASES)
def test_golden(name):
    view, display = CASES[name]
    source = dot(view, display).source
    path = GOLDEN / f"{name}.dot"
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(source, encoding="utf-8")
    assert source == path.read_text(encoding="utf-8")


def test_the_card_of_a_result_has_its_inner_line_and_no_other_has_one():
    """As in the SVG (`rect.inner`), so that PNG and PDF, which come of this, mark it, too."""
    nodes = (
        Node("n0", "leaf", "AccumulateGrad", "x", value=scalar(1.0)),
        Node("n1", "operation", "SinBackward0", value=scalar(0.8)),
        Node("n2", "operation", "MulBackward0", value=scalar(1.6)),
    )
    edges = (Edge("n0", "n1", 0), Edge("n1", "n2", 0))
    for outputs in (("n2",), ("n1", "n2")):  # the second: a result that is used further, too
        made = Trace(Program("f", "function"), nodes, edges, outputs=outputs)
        lines = dot(fold(made)).source.splitlines()
        framed = {line.split()[0] for line in lines if 'STYLE="ROUNDED"' in line}
        assert framed == set(outputs)


def test_words_are_translated():
    words = {"value": "值", "grad": "梯度"}
    source = dot(fold(product()), translate=lambda text: words.get(text, text)).source
    assert ">梯度<" in source
    assert ">grad<" not in source


def parsed(source: str) -> dict[str, list[dict[str, str]]]:
    """What Graphviz itself reads in a source."""
    return json.loads(layout(source, "json0"))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_reach_graphviz_as_text(name):
    made = Made()
    result = made.op(name, made.leaf(name), name=name, function=name)
    view = fold(made.trace(result))
    found = parsed(dot(view, EVERYTHING).source)
    assert [thing["id"] for thing in found["objects"]] == ["n0", "n1"]
    assert [thing["id"] for thing in found["edges"]] == ["e-n0-n1-0"]


@given(traces(most=12))
@settings(max_examples=60, deadline=None)
def test_every_graph_is_laid_out(trace):
    view = fold(trace)
    found = parsed(dot(view, Display(digits=3)).source)
    assert {thing["id"] for thing in found.get("objects", [])} == {node.id for node in view.nodes}
    assert {thing["id"] for thing in found.get("edges", [])} == {edge.id for edge in view.edges}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", "x"),
        ("a\x00b", "a�b"),
        ("\ud800", "�"),
        ("损失", "损失"),
        ("a\nb\tc", "a\nb\tc"),
        ("\x7f", "�"),
    ],
)
def test_printable(text, expected):
    assert printable(text) == expected
