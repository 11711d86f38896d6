"""Patches, legends of one's own, maps of one's own colours, grids and further charts."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from viz.records import Axes, Plot
from viz.tracing.runnable import Transcript
from viz.tracing.typed.libraries.notebook import notebook_parts
from viz.tracing.typed.plot.colored import Maps, SegmentedMaps, listed
from viz.tracing.typed.plot.pyplot import Pyplot


def figure(source: str) -> Plot:
    """The last figure that a few lines draw."""
    transcript = Transcript()
    plt = Pyplot(transcript)
    parts = notebook_parts(print, plt, transcript)
    names = {
        "torch": torch,
        "plt": plt,
        "lines": parts["matplotlib.lines"],
        "colors": parts["matplotlib.colors"],
    }
    names |= {"patches": parts["matplotlib.patches"], "gridspec": parts["matplotlib.gridspec"]}
    exec(source, names)  # noqa: S102 - this file's own texts
    return transcript.plots[-1]


def area(source: str) -> Axes:
    return figure(source).axes[-1]


PATCHES: list[tuple[str, tuple[float, float], tuple[float, float]]] = [
    ("Ellipse((1, 2), 4, 2)", (-1, 3), (1, 3)),
    ("Ellipse((1, 2), 4, 2, angle=90)", (0, 2), (0, 4)),
    ("Arc((0, 0), 2, 2, theta1=0, theta2=90)", (0, 1), (0, 1)),
    ("Wedge((0, 0), 3, 0, 90)", (0, 3), (0, 3)),
    ("RegularPolygon((0, 0), 4, radius=1, orientation=0)", (-1, 1), (-1, 1)),
    ("FancyBboxPatch((0, 1), 2, 3, boxstyle='round')", (0, 2), (1, 4)),
    ("FancyArrowPatch((0, 0), (1, 2), arrowstyle='->')", (0, 1), (0, 2)),
    ("Arrow(1, 1, 2, -1, width=0.3)", (1, 3), (0, 1)),
]


@pytest.mark.parametrize(("patch", "across", "up"), PATCHES)
def test_a_patch_reaches_as_far_as_it_says(
    patch: str, across: tuple[float, float], up: tuple[float, float]
) -> None:
    [mark] = area(f"plt.gca().add_patch(patches.{patch})").marks
    assert (min(mark.x), max(mark.x)) == pytest.approx(across, abs=1e-9)
    assert (min(mark.y), max(mark.y)) == pytest.approx(up, abs=1e-9)


def test_a_legend_names_what_nothing_has_drawn() -> None:
    drawn = area(
        "plt.plot([1, 2], label='loss')\n"
        "plt.legend(handles=[patches.Patch(color='red', label='no'),\n"
        "    lines.Line2D([0], [0], marker='o', color='w', markerfacecolor='b', label='yes')])"
    )
    assert drawn.legend
    assert [(each.label, each.color) for each in drawn.marks[1:]] == [
        ("no", "red"),
        ("yes", "blue"),
    ]
    assert all(math.isnan(each.x[0]) for each in drawn.marks[1:])


def test_handles_are_named_anew() -> None:
    drawn = area(
        "first, = plt.plot([1, 2], label='a')\n"
        "second, = plt.plot([2, 1], label='b')\n"
        "plt.legend([second, first], ['one', 'two'])"
    )
    assert [each.label for each in drawn.marks] == ["two", "one"]


def test_a_map_of_own_colors_colors_points_and_has_a_near_name() -> None:
    [mark] = area(
        "plt.scatter([1, 2, 3], [1, 2, 3], c=[0, 1, 0],"
        " cmap=colors.ListedColormap(['red', '#00f']))"
    ).marks
    assert mark.shades == ("#ff0000", "#0000ff", "#ff0000")
    [mark] = area(  # rows of an array are colours of red, green and blue
        "plt.scatter([1, 2, 3], [1, 2, 3], c=[0, 1, 0],"
        " cmap=colors.ListedColormap(torch.eye(3)[::2].numpy()))"
    ).marks
    assert mark.shades == ("#ff0000", "#0000ff", "#ff0000")
    assert str(SegmentedMaps().from_list("mine", ["white", "black"])) in (
        "Greys",
        "binary",
        "gray_r",
    )
    assert str(SegmentedMaps().from_list("mine", [(0.0, "k"), (1.0, "w")])) == "Greys_r"
    assert str(Maps()["plasma"]) == "plasma"
    with pytest.raises(IndexError):
        listed([])


def test_a_grid_s_places_are_its_first_ones() -> None:
    drawn = figure(
        "grid = gridspec.GridSpec(2, 2)\n"
        "fig = plt.figure()\n"
        "fig.add_subplot(grid[0, :]).set_title('a')\n"
        "fig.add_subplot(grid[1, -1]).set_title('b')\n"
        "plt.subplot(grid[2]).set_title('c')"
    )
    assert [each.title for each in drawn.axes] == ["a", "", "c", "b"]
    drawn = figure("_, axes = plt.subplot_mosaic('AB;CC')\nfor n in axes: axes[n].set_title(n)")
    assert [each.title for each in drawn.axes] == ["A", "B", "C", ""]
    for wrong in ("gridspec.GridSpec(1, 1)[1]", "gridspec.GridSpec(9, 9)"):
        with pytest.raises((IndexError, ValueError)):
            figure(wrong)


CHARTS: list[tuple[str, list[Any]]] = [
    ("plt.stackplot([0, 1], [1, 2], [3, 4])", [(0, 0, 2, 1), (1, 2, 6, 4)]),
    ("plt.stairs([1, 3], [0, 1, 2])", [(1, 1, 3, 3)]),
    ("plt.fill_betweenx([0, 1], [0, 1], 2)", [(0, 1, 1, 0)]),
]


@pytest.mark.parametrize(("source", "heights"), CHARTS)
def test_charts_are_made_of_lines_and_areas(source: str, heights: list[Any]) -> None:
    assert [each.y for each in area(source).marks] == heights


def test_a_pie_has_its_shares() -> None:
    drawn = area("plt.pie([1, 3], labels=['a', 'b'], autopct='%.0f%%')")
    assert [each.label for each in drawn.marks if each.kind == "fill"] == ["a", "b"]
    assert [each.label for each in drawn.marks if each.kind == "text"] == ["a", "25%", "b", "75%"]
    quarter = drawn.marks[0]
    assert (max(quarter.x), max(quarter.y)) == pytest.approx((1, 1))
    assert min(quarter.x) == pytest.approx(0)


def test_an_area_tells_its_looks() -> None:
    drawn = area(
        "ax = plt.gca()\nax.plot([1])\nax.set_title('t')\nax.set_xlabel('x')\n"
        "ax.set_yscale('log')\n"
        "ax.set_ylabel(f'{ax.get_title()} {ax.get_xlabel()} {ax.get_xscale()} {ax.get_yscale()}')"
    )
    assert drawn.ylabel == "t x linear log"


def test_each_line_of_one_word_is_given_back() -> None:
    drawn = area(
        "first, second = plt.plot([0, 1], [1, 2], 'r', [0, 1], [3, 4])\n"
        "first.set_ydata([5, 6])\n"
        "several = plt.plot([0, 1], [[1, 2], [3, 4]])\n"
        "plt.legend([first, *several], ['a', 'b', 'c'])"
    )
    assert [each.y for each in drawn.marks] == [(5, 6), (3, 4), (1, 3), (2, 4)]
    assert [each.label for each in drawn.marks] == ["a", None, "b", "c"]


def test_a_figure_is_there_where_its_first_word_fails() -> None:
    transcript = Transcript()
    plt = Pyplot(transcript)
    plt.clf()
    assert transcript.plots == []
    with pytest.raises(RuntimeError, match="requires grad"):
        plt.plot([torch.ones(1, requires_grad=True)])
    assert [each.marks for each in transcript.plots[0].axes] == [()]
    plt.plot([1, 2])
    assert len(transcript.plots) == 1
