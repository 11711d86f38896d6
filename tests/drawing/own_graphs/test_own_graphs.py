"""A program's own graph as a picture: what its texts could be taken for, how long it takes."""

from __future__ import annotations

import json
import re
import time
from xml.etree import ElementTree

import msgspec
import pytest

from viz.drawing.own_graphs import own_graph
from viz.drawing.own_graphs.own_graph import own_picture
from viz.drawing.own_graphs.source import source
from viz.drawing.picture.layout import layout
from viz.errors import DrawingFailed
from viz.records import GraphStatement, OwnGraph

HOSTILE = [
    '"]; evil [label=x]; "',
    '\\"]; evil; "',
    "\\",
    "a\\\\\\",
    "a\n} digraph { evil",
    "<b>x</b>",
    "<<script>alert(1)</script>>",
    "&lt;img onerror=x&gt;</text><script>",
    "// evil\n/* evil",
    "# evil\nevil",
    "a:b:c:d",
    ":",
    "\x00evil\x1b",
    "\ud800",
    "\\N\\G\\E",
    "{ a | <p> b",
    "",
]


def node(name: str, **attributes: str) -> GraphStatement:
    return GraphStatement("node", (name,), attributes)


def texts_and_tags(svg: str) -> tuple[str, set[str]]:
    found = list(ElementTree.fromstring(svg).iter())
    return "".join(each.text or "" for each in found), {each.tag.split("}")[1] for each in found}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("shape", ["box", "record"])
def test_a_hostile_text_stays_a_text(text: str, shape: str) -> None:
    edge = GraphStatement("edge", (text.replace(":", ""), "b"), {"label": text, "xlabel": text})
    group = (GraphStatement("group", (f"cluster{text}",)), GraphStatement("end"))
    told = GraphStatement("defaults", ("graph",), {"label": text})
    graph = OwnGraph((told, node(text, label=text, shape=shape), node("b"), edge, *group))
    found = json.loads(layout(source(graph), "json0"))
    names = [each["name"] for each in found["objects"] if not each["name"].startswith("cluster")]
    assert len(names) == len({text, text.replace(":", ""), "b"})
    assert len(found["edges"]) == 1
    svg = own_picture(graph).svg
    tags = texts_and_tags(svg)[1]
    assert tags <= {"svg", "text", "polygon", "polyline", "path", "ellipse", "rect"}
    assert not re.search(r"href|<script|<image|on\w+=", svg.replace(" onerror=x", ""))


def test_a_picture_has_what_the_graph_says() -> None:
    parts = (
        node(
            "a",
            label=r"{ x | data 2.0 | a\\b }",
            shape="record",
            style="filled",
            fillcolor="#ff0000",
        ),
        node("b", label="+", color="red"),
        GraphStatement("edge", ("a", "b"), {"style": "dashed", "label": "w"}),
    )
    light, dark = own_picture(OwnGraph(parts)), own_picture(OwnGraph(parts), dark=True)
    assert texts_and_tags(light.svg)[0] == r"xdata 2.0a\b+w"
    assert 'stroke-dasharray="5,2"' in light.svg
    assert 'stroke="#ff0000"' in light.svg
    # on red black stays black; on the page's own ground it is the page's ink
    inks = [re.findall(r'fill="(#\w+)"[^>]*>(x|w)<', each.svg) for each in (light, dark)]
    assert inks == [[("#000000", "x"), ("#22252a", "w")], [("#000000", "x"), ("#e9e7e2", "w")]]


@pytest.mark.parametrize(
    "attributes",
    [
        {"image": "x"},
        {"shape": "x"},
        {"peripheries": "99"},
        {"minlen": "1000"},
        {"fontname": "a/b"},
        {"color": "a;b"},
        {"label": "x" * 1_001},
        {"width": "9999"},
        {"style": "filled,x"},
    ],
)
def test_a_forged_answer_is_refused(attributes: dict[str, str]) -> None:
    graph = OwnGraph((node("a", shape="box"),))
    forged = msgspec.to_builtins(graph)
    forged[0][0][2] = attributes
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(forged, OwnGraph)


@pytest.mark.parametrize("kinds", [["end"], ["group"], ["group"] * 21 + ["end"] * 21])
def test_groups_that_do_not_fit_are_refused(kinds: list[str]) -> None:
    forged = [[[kind, ["g"] if kind == "group" else [], {}] for kind in kinds]]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(forged, OwnGraph)


def test_a_tangle_is_given_up_soon_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_graph, "PATIENCE", 0.5)
    edges = [
        GraphStatement("edge", (f"{one}", f"{one * one % 97 + other}"))
        for one in range(97)
        for other in range(1, 30)
    ]
    for longest in (3.0, 0.2):
        begun = time.monotonic()
        with pytest.raises(DrawingFailed, match="too large"):
            own_picture(OwnGraph(tuple(edges)))
        assert time.monotonic() - begun < longest
