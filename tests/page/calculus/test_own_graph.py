"""A program's own graph on the page: an image that holds it, or why there is none."""

from __future__ import annotations

import base64
from contextlib import nullcontext
from xml.etree import ElementTree

import pytest

from viz.page.calculus import own_graph
from viz.page.session.state import Session
from viz.page.session.view import View
from viz.records import GraphStatement, OwnGraph

GRAPH = OwnGraph((GraphStatement("node", ("a",), {"label": '"><script>x</script>'}),))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was written into the page."""
    found: list[str] = []
    monkeypatch.setattr(own_graph.st, "html", found.append)
    monkeypatch.setattr(own_graph.st, "container", lambda **_: nullcontext())
    monkeypatch.setattr(own_graph.theme, "dark", lambda: False)
    return found


def test_it_is_one_image(written: list[str]) -> None:
    assert len(GRAPH.statements) / 1e6 < own_graph.own_graph(Session(View()), GRAPH, "k", 5.0) < 5
    [group] = [ElementTree.fromstring(_closed(each)) for each in written]
    [image] = list(group)
    kind, data = image.attrib["src"].split(",", 1)
    assert kind == "data:image/svg+xml;base64"
    svg = ElementTree.fromstring(base64.b64decode(data))
    assert '"><script>x</script>' in "".join(svg.itertext())


def _closed(markup: str) -> str:
    return markup.replace("></div>", "/></div>")


def test_without_time_it_says_so(written: list[str]) -> None:
    own_graph.own_graph(Session(View()), GRAPH, "k", 0.0)
    assert "too large" in written[0]
    assert "<img" not in written[0]
