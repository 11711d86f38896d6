"""The player in one text: what is in it, and that nothing in it reaches outside."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from contextvars import Context
from typing import Any

import pytest
from msgspec.structs import replace

from viz.drawing import Drawing, draw, fold
from viz.drawing.display import Display
from viz.page.graph import files, offline
from viz.records import Call, Curve, Edge, ModuleCall, Node, Program, Tensor, Trace


def chain(length: int, name: str = "x") -> Trace:
    """`length` operations, one behind the other."""
    value = Tensor((), "float32", (float("inf"),))
    nodes = [Node("n0", "leaf", "AccumulateGrad", name, value=value)]
    nodes += [Node(f"n{i}", "operation", "SinBackward0", value=value) for i in range(1, length + 1)]
    edges = [Edge(f"n{i}", f"n{i + 1}", 0) for i in range(length)]
    return Trace(
        Program("</script><script>x", "expression"),
        nodes=tuple(nodes),
        edges=tuple(edges),
        outputs=(f"n{length}",),
    )


def data(html: str) -> Any:
    [text] = re.findall(r'<script type="application/json" id="run">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)


def test_every_picture_that_a_click_offers_is_there() -> None:
    pictures = data(draw(chain(40)).html())["pictures"]
    assert len(pictures) > 2
    for opened, picture in pictures.items():
        for opens in re.findall(r'data-opens="([^"]+)"', picture["svg"]):
            for name in opens.split():
                assert " ".join(sorted({*opened.split(), name})) in pictures


def test_what_is_typed_ends_no_script_and_becomes_no_markup() -> None:
    html = draw(chain(2, "<img src=x onerror=alert(1)>")).html()
    assert "<img" not in html
    assert html.count("<script") == html.count("</script") == 2
    assert data(html)["pictures"][""]["program"] == "</script><script>x"


def test_nothing_is_loaded_from_elsewhere() -> None:
    html = draw(chain(2)).html()
    assert "default-src 'none'" in html
    assert set(re.findall(r"""(?:src|href)=["'](?!data:)[^"']*""", html)) == set()
    assert {url for url in re.findall(r"https?://[^\s\"'<>]+", html) if "w3.org" not in url} <= {
        url for url in re.findall(r"https?://[^\s\"'<>]+", html) if "pytorch.org" in url
    }


def test_a_file_speaks_the_page_s_language_in_whatever_thread_it_is_made() -> None:
    html = Context().run(files._offline, chain(2), Display(), "zh", None)
    assert '<html lang="zh">' in html
    assert data(html)["texts"]["Next step"] == "下一步"


def test_a_notebook_shows_the_player_and_a_still_picture() -> None:
    bundle = chain(3)._repr_mimebundle_()
    style, still, frame = bundle["text/html"].partition("<img ")[0], *images(bundle), "<iframe "
    assert bundle["text/html"].count(frame) == 1
    assert "\n" not in bundle["text/html"]  # HTML in Markdown ends at an empty line
    # a viewer that takes styles and frames out shows the image that the style hides
    name = still.split('class="')[1].split('"')[0]
    assert style == f"<style>img.{name} {{ display: none !important; }}</style>"
    assert name not in images(chain(4)._repr_mimebundle_())[0]
    assert bundle["image/svg+xml"].startswith("<svg")
    assert bundle["text/plain"].startswith("Trace of expression")


def images(bundle: dict[str, str]) -> list[str]:
    return re.findall(r'<img [^>]* src="data:image/svg\+xml;base64,[\w+/=]+">', bundle["text/html"])


def test_pictures_are_images_for_notebooks_that_are_not_trusted() -> None:
    curve = Curve((0.0, 1.0), ((0.0, 1.0),))
    for picture in (draw(chain(2)), draw(chain(2), theme="dark"), draw(curve)):
        bundle = picture._repr_mimebundle_()
        [image] = images(bundle)
        assert bundle["text/html"] == image
        assert b64decode(image.split("base64,")[1][:-2]).decode() == bundle["image/svg+xml"]


def test_a_dark_drawing_is_printed_in_ink() -> None:
    style = draw(chain(2), theme="dark").html().split("<style>")[1].split("</style>")[0]
    before, dark = style.split("@media screen {")
    assert "color-scheme: light" in before
    assert "color-scheme: dark" in dark


def test_a_view_without_its_trace_cannot_be_played() -> None:
    with pytest.raises(ValueError, match="can be played"):
        Drawing(fold(chain(2))).html()


def test_the_pictures_are_few() -> None:
    html = offline.document(draw(chain(400)), 2)
    assert len(data(html)["pictures"]) <= 3


def test_what_opens_in_a_picture_of_boxes_leaves_the_other_boxes() -> None:
    boxes = ("first", "second")
    modules = tuple(ModuleCall(name, "Sequential") for name in boxes)
    calls = tuple(
        Call(f"c{i}", "torch.sin", None, scope=boxes[i // 2], module=i // 2) for i in range(4)
    )
    plain = chain(4)
    nodes = [plain.nodes[0]]
    nodes += [replace(node, call=f"c{i}") for i, node in enumerate(plain.nodes[1:])]
    run = replace(plain, nodes=tuple(nodes), calls=calls, modules=modules)
    states = offline._states(draw(run, depth=1), run, 5)
    opened = [view for names, view in states.items() if names == {"n1~2"}]
    assert [[node.title for node in view.nodes if node.title] for view in opened] == [["second"]]


def test_a_large_model_opens_at_its_parts_in_a_notebook() -> None:
    from torch import nn, ones

    from viz import trace

    small = trace(nn.Sequential(nn.Linear(2, 2), nn.Tanh()), ones(1, 2))
    assert "0.weight" in small._repr_mimebundle_()["image/svg+xml"]
    layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
    large = trace(nn.Sequential(nn.Linear(2, 4), nn.TransformerEncoder(layer, 3)), ones(1, 3, 2))
    still = large._repr_mimebundle_()["image/svg+xml"]
    assert "TransformerEncoder" in still
    assert "0.weight" not in still


def test_a_notebook_does_not_go_through_a_vast_graph_for_each_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []
    monkeypatch.setattr(offline, "document", lambda _, most: made.append(most) or "")
    monkeypatch.setattr(offline, "NODES_AT_ONCE", 100)
    for length in (9, 39, 100):
        offline.in_notebook(chain(length))
    assert made == [offline.IN_NOTEBOOK, 2, 0]
