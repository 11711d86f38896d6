"""What a program drew, in plotly's words: kinds, axes, and texts that are no markup."""

from typing import Any

import pytest

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


@pytest.mark.parametrize("limits", [(0.0, 1.0), (float("nan"), 1.0)])
def test_limits_that_an_axis_cannot_have_are_left_out(limits):
    assert figure(Plot((Axes((), xlim=limits, xlog=True),))).layout.xaxis.range is None
