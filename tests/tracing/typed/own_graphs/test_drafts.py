"""Graphs made with graphviz's words: held against the library itself, and against Graphviz."""

from __future__ import annotations

import itertools
import json
from typing import Any

import graphviz
import pytest

from viz.drawing.picture.layout import layout
from viz.records import MAX_STATEMENTS, OwnGraph
from viz.tracing.runnable import Transcript
from viz.tracing.typed.own_graphs.drafts import MAX_KEPT, graph_makers, is_shown
from viz.tracing.typed.own_graphs.labels import is_record, plain_label
from viz.tracing.typed.plot.places import MAX_PLOTS


def scalars(module: Any) -> Any:
    """A product of two numbers as a little engine of scalars draws it."""
    dot = module["Digraph"](format="svg", graph_attr={"rankdir": "LR"})
    for name, value in (("a", 2.0), ("b", -3.0), ("c", -6.0)):
        dot.node(name=name, label=f"{{ {name} | data {value:.1f} }}", shape="record")
    dot.node("c*", label="*")
    dot.edge("c*", "c")
    dot.edges([("a", "c*"), ("b", "c*")])
    return dot


def grouped(module: Any) -> Any:
    """Groups in one another, defaults, ports, quotes and words that the language has itself."""
    dot = module["Graph"]("two words", comment="of mine", strict=True, node_attr={"shape": "box"})
    with dot.subgraph(name="cluster_0") as inner:
        inner.attr(label='say "hi"', style="filled")
        inner.attr("node", color="red")
        inner.edge("node", "b:x:ne", label="né", weight=None)
        with inner.subgraph() as further:
            further.node(r"a\b", r"\"q\"")
    other = module["Graph"]("other", edge_attr={"color": "blue"})
    other.edge("x", "-1.5", _attributes={"style": "dashed", "dir": "none"})
    dot.subgraph(other)
    dot.node("<b>", "<<b>x</b>>")
    return dot


def told(module: Any) -> Any:
    """What was told is taken back, and copied."""
    dot = module["Digraph"](engine="neato")
    dot.node("gone")
    dot.clear()
    dot.edge("a", "b")
    twin = dot.copy()
    twin.node("c", tooltip="none")
    return twin


@pytest.mark.parametrize("make", [scalars, grouped, told])
def test_the_source_is_the_library_s(make: Any) -> None:
    made = make(graph_makers(Transcript()))
    assert made.source == str(made) == make(vars(graphviz)).source


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda dot: dot.node(1), TypeError),
        (lambda dot: dot.edge("a", None), AttributeError),
        (lambda dot: dot.node("a", fontsize=12), TypeError),
        (lambda dot: dot.attr("nodes", shape="box"), ValueError),
        (lambda dot: dot.subgraph(dot, name="g"), ValueError),
    ],
)
def test_what_the_library_refuses_is_refused_in_its_words(call: Any, error: type) -> None:
    said = []
    for module in (graph_makers(Transcript()), vars(graphviz)):
        with pytest.raises(error) as raised:
            call(module["Digraph"]())
        said.append(str(raised.value))
    assert said[0] == said[1]


def shown(*dots: Any) -> list[OwnGraph]:
    """What is shown of graphs, each as a cell's last line."""
    assert all(map(is_shown, dots))
    return [plot.graph for plot in dots[0]._transcript.plots if plot.graph is not None]


def test_a_graph_is_shown_once_and_without_what_is_not_reviewed(tmp_path: Any) -> None:
    makers = graph_makers(Transcript())
    dot = makers["Digraph"](graph_attr={"imagepath": "/", "stylesheet": "x", "rankdir": "LR"})
    far = {"href": "//x", "URL": "//x", "image": "/etc/passwd", "shape": "file", "target": "_top"}
    dot.node("a", tooltip="t", fontname="/etc/x", peripheries="9" * 9, width="1e9", **far)
    dot.node("b", shapefile="/x", color="red", fillcolor="url(x)", label="<<img src='/x'/>b>")
    assert dot.render(str(tmp_path / "g")) == str(tmp_path / "g.pdf")
    assert list(tmp_path.iterdir()) == []
    dot.view()
    [graph] = shown(dot)
    assert [each.attributes for each in graph.statements] == [
        {"rankdir": "LR"},
        {},
        {"label": "b", "color": "red"},
    ]


def test_graphs_are_bounded() -> None:
    transcript = Transcript()
    makers = graph_makers(transcript)
    many = makers["Graph"]()
    for number in range(MAX_STATEMENTS + 1):
        many.node(str(number))
    long = makers["Graph"]()
    long.edges([(f"{number}" * 900, "b") for number in range(1_000)])
    assert not is_shown(many) or not transcript.plots
    assert not is_shown(long) or not transcript.plots
    assert len(list(transcript.printed)) == 2
    with pytest.raises(ValueError, match=str(MAX_KEPT)):
        all(many.subgraph(many.copy()) is None for _ in range(60))
    nested = [makers["Graph"]() for _ in range(60)]
    with pytest.raises(ValueError, match="groups"):
        all(outer.subgraph(inner) is None for inner, outer in itertools.pairwise(nested))
    for number in range(20):
        small = makers["Graph"]()
        small.node(str(number))
        assert is_shown(small)
    assert len(transcript.plots) == MAX_PLOTS


LABELS = [
    *("a", "", "{a|b}", "{ a | data 1.0 | <x> grad }", "<p> a | b", "{{a|b}|c}|d", r"\{a\| \<"),
    *("{a", "{a|", "a}", "a < b | c", "a > b", "{a} b", "a {b}", "{", "{}", "<p", "<p> <q> a"),
    *("a|{b|<p>c}|", "{ {a} }", "{a}{b}", "||", "{|}", "<p>{a}", "{a}<p>", r"a\ {b}"),
]


@pytest.mark.parametrize("label", LABELS)
def test_a_record_s_label_is_read_as_graphviz_reads_it(label: str) -> None:
    dot = graphviz.Digraph()
    dot.node("name_of_it", label, shape="record")
    [node] = json.loads(layout(dot.source, "json"))["objects"]
    words = "".join(each["text"] for each in node.get("_ldraw_", []) if each["op"] == "T")
    assert is_record(label) == ("name_of_it" not in words)


def test_a_label_that_is_none_is_one_field_and_told_of() -> None:
    dot = graph_makers(Transcript())["Digraph"](node_attr={"shape": "record"})
    dot.edge("b:p", "a")
    dot.node("a", "{ x < 0 | 1 }")
    [graph] = shown(dot)
    assert graph.statements[-1].attributes["label"] == r"\{ x \< 0 \| 1 \}"
    assert "bad label format '{ x < 0 | 1 }'" in "".join(dot._transcript.printed)


def test_of_markup_the_words_are_left() -> None:
    markup = "<<table><tr><td>a</td><td>b &lt; c</td></tr><tr><td>{d}</td></tr></table>>"
    assert plain_label(markup) == "a b \\< c\n\\{d\\}"
