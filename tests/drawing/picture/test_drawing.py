"""`draw`: each form of a picture, and the real records of real runs."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
import zlib
from base64 import b64decode
from pathlib import Path
from time import monotonic

import pytest
import torch
import torch.nn.functional as F

from tests.drawing.making import loop, product
from tests.drawing.play.test_steps import plain, shown
from viz.drawing import Display, Drawing, draw, fold, player, texts
from viz.drawing.picture.drawing import FORMS, PAD, png_scale
from viz.drawing.picture.svg import as_image
from viz.drawing.stills.chart_picture import CHART_FORMS, ChartPicture
from viz.drawing.texts import MINUS
from viz.errors import DrawingFailed
from viz.records import Tensor
from viz.tracing.recording.trace import trace


def test_svg_stands_by_itself():
    root = ET.fromstring(draw(product()).svg())
    assert root.tag.endswith("svg")
    assert any(child.tag.endswith("style") for child in root)


@pytest.mark.parametrize("scale", [1, 2])
def test_png_has_the_size_of_the_graph(scale):
    drawn = draw(product())
    data = drawn.png(scale)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    svg = ET.fromstring(drawn.svg())
    assert width == pytest.approx(float(svg.attrib["width"]) * scale, rel=0.1)
    assert height == pytest.approx(float(svg.attrib["height"]) * scale, rel=0.1)


def test_png_is_not_blank():
    data = draw(product()).png()
    chunks, at = b"", 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            chunks += data[at + 8 : at + 8 + length]
        at += length + 12
    assert len(set(zlib.decompress(chunks))) > 16


@pytest.mark.parametrize(
    ("width", "height", "scale", "expected"),
    [
        (500, 500, None, 2),
        (500, 500, 3, 3),
        (100, 20_000, None, pytest.approx(1.6, rel=0.01)),
        (9_000, 9_000, None, pytest.approx(1.1, rel=0.02)),
        (100, 40_000, 0.5, 0.5),
    ],
)
def test_a_png_takes_the_scale_that_it_has_room_for(width, height, scale, expected):
    assert png_scale(width, height, scale) == expected


@pytest.mark.parametrize(("height", "scale"), [(40_000, None), (20_000, 2), (40_000, 1)])
def test_a_png_that_could_not_be_read_is_refused(height, scale):
    with pytest.raises(DrawingFailed, match=f"100 × {height} points: too large for a PNG"):
        png_scale(100, height, scale)


def test_a_large_graph_is_a_png_as_soon_as_an_svg():
    def f(x):
        for _ in range(150):
            x = x.sin()
        return x

    drawn = draw(trace(f, 1.0), fold=False)
    began = monotonic()
    assert drawn.png().startswith(b"\x89PNG")
    assert monotonic() - began < 6


def test_a_long_chain_of_layers_runs_straight():
    layers = []
    for _ in range(30):
        layers += [torch.nn.Linear(2, 2), torch.nn.Tanh()]
    run = trace(torch.nn.Sequential(*layers), torch.ones(1, 2))
    assert draw(run, fold=False)._laid.width < 1_500


@pytest.mark.parametrize(
    ("given", "options", "error", "said"),
    [
        (3, {}, TypeError, "and so on gave, nothing of the type int"),
        (product(), {"depth": 0}, ValueError, "from 1 on, or None, not 0"),
        (product(), {"depth": -1}, ValueError, "not -1"),
        (product(), {"depth": 1.5}, ValueError, "not 1.5"),
        (product(), {"depth": "1"}, ValueError, "not '1'"),
        (product(), {"depth": True}, ValueError, "not True"),
        (product(), {"fold": 3}, ValueError, "fold is True or False, not 3"),
        (product(), {"wrap": "no"}, ValueError, "wrap is True or False, not 'no'"),
        (product(), {"display": 3}, ValueError, "a viz.drawing.Display, or None, not 3"),
        (product(), {"show": 3}, ValueError, "cannot show [3]: choose from"),
        (product(), {"show": [["value"]]}, ValueError, "cannot show [['value']]"),
    ],
)
def test_what_cannot_be_drawn_is_told(given, options, error, said):
    with pytest.raises(error, match=re.escape(said)):
        draw(given, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"digits": "3"}, "digits are 1 to 12, not '3'"),
        ({"digits": 2.5}, "not 2.5"),
        ({"show": "values"}, "cannot show ['values']"),
        ({"direction": ["LR"]}, "TB or LR, not ['LR']"),
        ({"constants": "no"}, "constants is True or False, not 'no'"),
    ],
)
def test_a_display_that_is_none_is_told(options, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        Display(**options)


def test_one_thing_on_each_card_needs_no_set():
    assert Display(show="value").show == {"value"}


@pytest.mark.parametrize("scale", [0, -1, "2", float("nan")])
def test_a_scale_is_a_number_above_zero(scale):
    with pytest.raises(ValueError, match=re.escape(f"above 0, not {scale!r}")):
        draw(product()).png(scale)


def test_pdf():
    drawn = draw(product())
    assert drawn.pdf().startswith(b"%PDF")
    assert b"/CreationDate" not in drawn.pdf(), "equal records give equal files"
    # a page of the picture's size: no white frame around its ground
    [(width, height)] = re.findall(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", drawn.pdf())
    assert float(width) - drawn._laid.width == pytest.approx(2 * PAD, abs=3)
    assert float(height) - drawn._laid.height == pytest.approx(2 * PAD, abs=3)


@pytest.mark.parametrize(("kind", "forms"), [(Drawing, FORMS), (ChartPicture, CHART_FORMS)])
def test_the_forms_that_are_told_are_those_that_there_are(kind, forms):
    assert set(re.findall(r"\.[a-z]+\b", kind.save.__doc__)) == set(forms)
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    assert [end for end in forms if not re.search(rf"\{end}\b", readme)] == []


def test_notebook_shows_the_svg():
    drawn = draw(product())
    bundle = drawn._repr_mimebundle_(include=None, exclude=None)
    plain = {"image/svg+xml": drawn.svg(), "text/plain": "Drawing(5 cards, 4 arrows)"}
    # LaTeX takes a PDF, and asks for a program of its own where there is none
    assert b64decode(bundle.pop("application/pdf")).startswith(b"%PDF")
    assert bundle == {"text/html": as_image(drawn.svg(), repr(drawn)), **plain}


def test_folded_or_whole():
    run = loop(30)
    assert len(draw(run).view.nodes) < 20
    assert len(draw(run, fold=False).view.nodes) == len(run.nodes)
    assert "rankdir=LR" in draw(run, display=Display(direction="LR")).dot.source
    assert isinstance(draw(run), Drawing)


def branches(a: torch.Tensor) -> torch.Tensor:
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    return b if b.sum() > 0 else 100 * b


def network(x, w1, b1, w2, b2):
    hidden = torch.relu(F.linear(x, w1, b1))
    out = F.linear(hidden, w2, b2)
    return (out**2).mean()


def split(x):
    first, second = x.split(2)
    return (first * second).sum() + x.max()


def detached(x):
    y = x * x
    return (y.detach() * x).sum()


def fork(x):
    a = x * x
    b = a * 3 + a.sin()
    return (2 - b / a) ** 3


def in_place(x):
    y = x.clone()
    y[0] = 0.0
    y.mul_(x)
    return y.sum()


torch.manual_seed(0)
RUNS = {
    "branches": (branches, (torch.tensor(0.1),)),
    "negative": (branches, (torch.tensor(-1.0),)),
    "network": (network, tuple(torch.randn(s) for s in ((2, 3), (4, 3), (4,), (1, 4), (1,)))),
    "split": (split, (torch.arange(4.0),)),
    "detached": (detached, (torch.arange(4.0),)),
    "fork": (fork, (torch.tensor(0.3),)),
    "in place": (in_place, (torch.arange(1.0, 4.0),)),
    "vector": (lambda x: x * x, (torch.arange(4.0),)),
    "matrix": (lambda a, b: (a @ b).softmax(1).log().sum(), (torch.randn(3, 2), torch.randn(2, 3))),
}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("limit", [60, 8])
def test_a_play_ends_with_torchs_own_gradients(name, limit):
    function, inputs = RUNS[name]
    run = trace(function, *inputs)
    assert run.failure is None
    view = fold(run, limit=limit)
    final = shown(player(run, view))[-1]
    given = [each.clone().requires_grad_() for each in inputs]
    result = function(*given)
    result.backward(torch.ones_like(result))
    leaves = [node for node in view.nodes if node.kind == "leaf"]
    assert leaves or limit == 8
    names = [each.name for each in run.program.inputs]
    for leaf in leaves:
        gradient = given[names.index(leaf.shown.name)].grad
        shape, values = tuple(gradient.shape), tuple(gradient.flatten().tolist())
        assert final[leaf.id, "gradient"] == texts.tensor(Tensor(shape, "float32", values))


@pytest.mark.parametrize("name", RUNS)
def test_every_number_of_a_scalar_chain_rule_is_right(name):
    """Reads the formulas back: what stands on both sides of `=` is equal."""
    function, inputs = RUNS[name]
    run = trace(function, *inputs)
    checked = 0
    for step in player(run, fold(run), Display(digits=9)).steps:
        for part in (plain(f"<m>{step.numeric}</m>").split("="),):
            numbers = [_value(each) for each in part if each]
            known = [number for number in numbers if number is not None]
            checked += len(known) > 1
            assert all(number == pytest.approx(known[0], rel=1e-4) for number in known), part
    if name in ("branches", "fork", "negative"):
        assert checked > 5


def _value(text: str) -> float | None:
    """The value of `2×3+1×0.5` or `3·(−4)`; `None` for what is no plain arithmetic."""
    line = text.replace("×", "*").replace("·", "*").replace(MINUS, "-").replace(" ", "")
    if not line or set(line) - set("0123456789.+-*()e"):
        return None
    return float(eval(line, {"__builtins__": {}}))  # noqa: S307 — digits and signs only
