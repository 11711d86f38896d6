"""What a program drew, in plotly's words: kinds, axes, and texts that are no markup."""

import math
from typing import Any

import pytest
from msgspec import structs

from viz.drawing.figures.palette import palette
from viz.page import plots
from viz.records import Axes, Mark, MarkKind, Plot, Ticks


def figure(plot: Plot) -> Any:
    """As plotly's own classes hold it: what they do not know is an error."""
    return plots.figure(plot).checked()


KINDS: dict[MarkKind, str] = {
    "line": "scatter",
    "scatter": "scatter",
    "bar": "bar",
    "barh": "bar",
    "fill": "scatter",
    "image": "heatmap",
    "contour": "contour",
    "filled": "contour",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_mark_is_drawn(kind):
    mark = Mark(kind, (0.0, 1.0), (0.0, 1.0), z=(1.0, 2.0, 3.0, 4.0), label="<b>")
    [trace] = figure(Plot((Axes((mark,)),))).data
    assert trace.type == KINDS[kind]
    if trace.type in ("scatter", "bar"):
        assert trace.name == "&lt;b&gt;"
    else:
        assert [list(row) for row in trace.z] == [[1, 2], [3, 4]]


def test_areas_stand_row_by_row():
    made = figure(Plot(tuple(Axes((Mark("line", (0.0,), (1.0,)),)) for _ in range(3)), columns=2))
    assert [trace.xaxis for trace in made.data] == ["x", "x2", "x3"]
    assert made.layout.yaxis.domain[0] > made.layout.yaxis3.domain[0]


def test_what_is_said_of_axes():
    made = figure(
        Plot((Axes((), xlim=(1, 100), xlog=True, yticks=Ticks((1,), ("<i>",)), equal=True),))
    ).layout
    assert (made.xaxis.type, made.xaxis.range) == ("log", (0, 2))
    assert (made.yaxis.tickvals, made.yaxis.ticktext) == ((1,), ("&lt;i&gt;",))


def test_a_text_with_an_arrow():
    made = figure(Plot((Axes((Mark("text", (1.0, 0.0), (1.0, 0.0), label="<low>"),)),)))
    [arrow] = made.layout.annotations
    assert (arrow.text, arrow.x, arrow.ax, arrow.showarrow) == ("&lt;low&gt;", 0, 1, True)


@pytest.mark.parametrize(
    ("mark", "at"),
    [
        (Mark("text", (1.0,), (2.0,), "3"), ("left", "bottom", "x", "y")),
        (
            Mark("text", (0.5,), (1.0,), "3", anchor=("center", "top"), shares=True),
            ("center", "top", "x domain", "y domain"),
        ),
    ],
)
def test_a_text_stands_as_it_is_told(mark, at):
    [text] = figure(Plot((Axes((mark,)),))).layout.annotations
    assert (text.xanchor, text.yanchor, text.xref, text.yref) == at


@pytest.mark.parametrize("kind", ["bar", "barh", "scatter"])
def test_bars_and_points_have_colours_of_their_own(kind):
    mark = Mark(kind, (0.0, 1.0), (0.0, 1.0), shades=("red", None), alpha=0.5)
    [trace] = figure(Plot((Axes((mark,)),))).data
    assert (trace.marker.color, trace.opacity) == (("red", plots.FIRST), 0.5)
    assert figure(Plot((Axes((Mark(kind, (), (), alpha=math.nan),)),))).data[0].opacity == 1.0


def test_numbers_stand_for_colours_of_points():
    mark = Mark("scatter", (0.0, 1.0), (0.0, 1.0), z=(5.0, 7.0), colors="gray_r")
    [trace] = figure(Plot((Axes((mark,), colorbar=True),))).data
    assert (trace.marker.color, trace.marker.showscale) == ((5, 7), True)
    turned = figure(Plot((Axes((structs.replace(mark, colors="gray"),)),))).data[0].marker
    assert trace.marker.colorscale[0][1] == turned.colorscale[-1][1]


def test_names_at_an_axis_are_no_zero_and_leave_their_neighbours_room():
    area = Axes((Mark("barh", (0.0,), (1.0,)),), yticks=Ticks((0,), ("a layer's long name",)))
    made = figure(Plot((area, area), columns=2, title="<both>")).layout
    assert (made.yaxis.zeroline, made.yaxis.automargin) == (False, True)
    assert made.yaxis.ticktext == ("a layer&#x27;s long name",)
    assert made.yaxis2.ticktext == ("a layer&#x27;s…",)
    assert made.title.text == "&lt;both&gt;"
    assert figure(Plot((Axes((), ylog=True),))).layout.yaxis.exponentformat == "power"


def test_black_is_seen_in_the_dark():
    line = Mark("line", (0.0,), (1.0,), color="black")
    bars = Mark("bar", (0.0,), (1.0,), shades=("#000",))
    made = plots.figure(Plot((Axes((line, bars)),)), dark=True).checked()
    ink = palette(dark=True).ink
    assert (made.data[0].line.color, made.data[1].marker.color) == (ink, (ink,))


@pytest.mark.parametrize("limits", [(0.0, 1.0), (float("nan"), 1.0)])
def test_limits_that_an_axis_cannot_have_are_left_out(limits):
    assert figure(Plot((Axes((), xlim=limits, xlog=True),))).layout.xaxis.range is None
