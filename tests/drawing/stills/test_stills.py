"""Still pictures of curves, surfaces and Jacobians: their marks, and every form of them."""

from __future__ import annotations

import math
import struct
import sys
from types import ModuleType
from xml.etree import ElementTree

import pygraphviz
import pytest
from plotly import io

from viz.drawing import draw, plot
from viz.drawing.stills.chart_picture import CHART_FORMS, ChartPicture
from viz.drawing.stills.curve import curve_still
from viz.drawing.stills.marks import Disc, Label, Still, Stroke, ways, within
from viz.drawing.stills.matrix import matrix_still
from viz.drawing.stills.notebook_figure import AS_DATA
from viz.drawing.stills.painted import dashed, painted
from viz.records import Block, Curve, Gap, Jacobian, Surface, Tensor

SQUARE = (0.0, 0.0, 10.0, 10.0)
X = tuple(each / 10 for each in range(-20, 21))
CURVE = Curve(X, (tuple(x * x for x in X), tuple(2 * x for x in X), (2.0,) * len(X)))
SURFACE = Surface((0.0, 1.0), (0.0, 1.0), ((0.0, 1.0), (1.0, 2.0)), *(((1.0, 1.0),) * 2,) * 2)
JACOBIAN = Jacobian(
    (2,),
    (
        Block("a", (2, 3), (3,), ((1.0, -0.0, math.nan), (0.5, 0.0, -2.0))),
        Block("large", (2, 300), (300,), None, Tensor((2, 300), "float32", None, 0.0, 3.0, 0.25)),
    ),
)


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        ((1, 1), (9, 9), ((1, 1), (9, 9))),
        ((-5, 5), (15, 5), ((0, 5), (10, 5))),
        ((5, -10), (5, 20), ((5, 0), (5, 10))),
        ((-5, -5), (5, 5), ((0, 0), (5, 5))),
        ((-1, 3), (-1, 7), None),
        ((11, 0), (20, 9), None),
    ],
)
def test_what_lies_within_a_frame(start, stop, expected):
    assert within(start, stop, SQUARE) == expected


def test_a_line_is_lifted_where_it_leaves_or_is_not_known():
    points = [(1, 1), (3, 1), (math.nan, 1), (5, 5), (5, 15), (7, 15), (7, 5)]
    assert list(ways(points, SQUARE)) == [
        ((1, 1), (3, 1)),
        ((5, 5), (5, 10)),
        ((7, 10), (7, 5)),
    ]


def test_dashes_go_on_around_corners():
    found = list(dashed([(0, 0), (4, 0), (4, 6)], (3, 2)))
    assert found == [[(0, 0), (3, 0)], [(4, 1), (4, 4)]]


def test_a_pole_parts_the_line_and_does_not_set_the_scale():
    x = tuple(each / 100 for each in range(-100, 101) if each)
    gap = Gap("pole", 0.0, 0.0)
    still = curve_still(Curve(x, (tuple(1 / each for each in x),), gaps=(gap,)))
    lines = [mark for mark in still.marks if isinstance(mark, Stroke) and mark.width > 1]
    assert len(lines) == 2
    inside = [y for line in lines for _, y in line.points]
    assert max(inside) - min(inside) > 0.9 * (still.height - 64)
    assert len([y for y in inside if 100 < y < 260]) > 50  # not a flat line with a peak


def test_a_jump_has_open_dots_at_its_sides_and_a_filled_one_at_the_answer():
    gap = Gap("jump", 0.5, 0.5, 0, 0.0, 1.0, 1.0)
    wave = Curve((0.0, 0.4, 0.6, 1.0), ((0.0, 0.0, 1.0, 1.0),), gaps=(gap,))
    found = [mark for mark in curve_still(wave).marks if isinstance(mark, Disc)]
    assert len({mark.x for mark in found}) == 1
    assert [mark.radius > 3 for mark in found] == [True, False, True, False, True]
    assert found[2].y == found[4].y < found[0].y


def test_a_matrix_has_its_numbers_and_a_large_one_a_sentence():
    words = [mark.text for mark in matrix_still(JACOBIAN).marks if isinstance(mark, Label)]
    assert words[:6] == ["∂f / ∂a   2 × 3", "a[0]", "a[1]", "a[2]", "f[0]", "f[1]"]
    assert words[6:12] == ["1", "0", "nan", "0.5", "0", "−2"]
    assert words[12].startswith("∂f/∂large is 2 × 300: from 0 to 3, mean 0.25.")


def test_names_may_hold_anything():
    """Graphviz reads one graph with one node, whatever a name says."""
    for name in ('x" ] b [label="', "\\", '\\"', "<b>&", "损失\n\0"):
        still = Still(90, 20, "#ffffff", (Label(5, 15, name, "#000000"),))
        assert pygraphviz.AGraph(string=painted(still)).nodes() == ["a"]
        assert ElementTree.fromstring(still.svg()) is not None


@pytest.mark.parametrize("record", [CURVE, SURFACE, JACOBIAN], ids=["curve", "surface", "matrix"])
def test_each_form_is_written(record, tmp_path):
    picture = draw(record, theme="dark")
    made = {form: picture.save(tmp_path / f"a{form}").read_bytes() for form in CHART_FORMS}
    ElementTree.fromstring(made[".svg"])
    width, height = struct.unpack(">II", made[".png"][16:24])
    still = picture.still
    assert (width, height) == pytest.approx((2 * still.width, 2 * still.height), abs=2)
    assert made[".pdf"].startswith(b"%PDF")
    assert b"plotly" in made[".html"]
    assert b"http-equiv" not in made[".html"].partition(b"<body")[0]
    assert made[".csv"].count(b"\n") > 3
    assert picture._repr_mimebundle_()["image/svg+xml"].startswith("<svg")


def test_what_is_no_form_or_no_option_is_told(tmp_path):
    with pytest.raises(ValueError, match=r"'a\.gif': choose a name that ends in \.svg, \.png"):
        draw(CURVE).save(tmp_path / "a.gif")
    with pytest.raises(TypeError, match="a Curve has no option but its theme"):
        draw(CURVE, depth=1)
    with pytest.raises(ValueError, match="light or dark, not 'pink'"):
        ChartPicture(CURVE, "pink")
    with pytest.raises(TypeError, match="nothing of the type int"):
        draw(3)
    with pytest.raises(TypeError, match="nothing of the type int: `draw`"):
        plot(3)


def test_a_figure_in_a_notebook_keeps_a_still_picture(monkeypatch):
    """As nbconvert's page has it, which runs no script of plotly's; another renderer is its own."""
    shown = []
    notebook = ModuleType("IPython.display")
    notebook.display = lambda bundle, raw: shown.append(bundle if raw else {})
    monkeypatch.setitem(sys.modules, "IPython.display", notebook)
    before = io.renderers.default
    figure = plot(CURVE).update_layout(title="mine")
    try:
        io.renderers.default = "plotly_mimetype"
        figure._ipython_display_()
        io.renderers.default = "colab"
        other = figure._repr_mimebundle_()
    finally:
        io.renderers.default = before
    assert shown[0]["image/svg+xml"].startswith("<svg")
    assert shown[0][AS_DATA]["layout"]["title"] == {"text": "mine"}
    assert "image/svg+xml" not in other
