"""Matplotlib's words as records: what is drawn where, against what numpy and matplotlib say."""

from __future__ import annotations

import math
from typing import Any

import numpy
import pytest
import torch

from viz.records import MAX_GRID, Axes, Ticks
from viz.tracing.runnable import Transcript
from viz.tracing.typed.plot.drawn import MOST_FRAMES, animation
from viz.tracing.typed.plot.pyplot import Pyplot, is_drawn


def drawn(*words: Any) -> Axes:
    """The last area that words of `plt` have drawn into: names with their arguments."""
    transcript = Transcript()
    plt = Pyplot(transcript)
    for name, *given in words:
        options = given.pop() if given and isinstance(given[-1], dict) else {}
        getattr(plt, name)(*given, **options)
    return transcript.plots[-1].axes[-1]


def test_limits_scales_and_ticks() -> None:
    axes = drawn(
        ("semilogy", [1, 10]),
        ("xlim", 0, 4),
        ("ylim", [1, 100]),
        ("xticks", [1, 2], ["a", "b"]),
        ("yticks", [1, 10]),
    )
    assert (axes.xlim, axes.ylim, axes.xlog, axes.ylog) == ((0, 4), (1, 100), False, True)
    assert axes.xticks == Ticks((1, 2), ("a", "b"))
    assert axes.yticks == Ticks((1, 10))
    both = drawn(("loglog", [1, 2]), ("axis", "equal"), ("grid", {"which": "both"}))
    assert (both.xlog, both.ylog, both.equal, both.grid) == (True, True, True, True)
    assert drawn(("plot", [1]), ("axis", [0, 1, 2, 3])).ylim == (2, 3)
    assert drawn(("plot", [1]), ("axis", "off")).bare
    assert drawn(("plot", [1]), ("xlim", {"left": 0, "right": 2})).xlim == (0, 2)


def test_a_histogram_counts_as_numpy_does() -> None:
    values = torch.tensor([1.0, 2.0, 2.5, 4.0, 4.0])
    counts, edges = numpy.histogram(values.numpy(), 3)
    [mark] = drawn(("hist", values, {"bins": 3, "color": "C1"})).marks
    assert mark.y == tuple(counts)
    assert mark.x == pytest.approx((edges[:-1] + edges[1:]) / 2)
    assert mark.width == pytest.approx(1.0)
    [dense] = drawn(("hist", values, 3, {"density": True})).marks
    assert sum(dense.y) * dense.width == pytest.approx(1.0)


def test_bars_stand_at_names() -> None:
    axes = drawn(("bar", ["a", "b"], [3, 4], {"bottom": 1}))
    assert (axes.marks[0].x, axes.marks[0].y, axes.marks[0].z) == ((0, 1), (3, 4), (1, 1))
    assert axes.xticks == Ticks((0, 1), ("a", "b"))
    assert drawn(("barh", ["a"], [3])).yticks == Ticks((0,), ("a",))


def test_bars_are_given_one_by_one() -> None:
    transcript = Transcript()
    plt = Pyplot(transcript)
    bars = plt.bar(["a", "b"], [3, 5], width=0.5, bottom=1)
    assert [(bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()) for bar in bars] == [
        (-0.25, 1, 0.5, 3),
        (0.75, 1, 0.5, 5),
    ]
    assert f"{bars[-1].get_height()} {len(bars)}" == "5 2"  # whole numbers stay whole
    assert [bar.get_height() for bar in plt.bar([0, 1], [10**30, 2])] == [1e30, 2.0]
    _, _, counted = plt.hist([1.0, 2.0, 2.0], bins=2)
    assert [bar.get_height() for bar in counted[:]] == [1.0, 2.0]
    lying = plt.barh([0, 1], numpy.array([0.25, 2.5]), height=0.5, left=1.0)
    assert lying[1].get_xy() == (1.0, 0.75)
    assert repr(lying[0]) == "Rectangle(xy=(1, -0.25), width=0.25, height=0.5, angle=0)"
    for form in ("%.1f", "{:.1f}", lambda length: f"{length:.1f}"):
        plt.bar_label(lying, fmt=form)
    plt.bar_label(lying, ["x", "y"])
    plt.bar_label(bars, fmt="%d%%")
    texts = [(mark.x[0], mark.y[0], mark.label) for mark in transcript.plots[-1].axes[-1].marks]
    assert texts[-10:] == 3 * [(1.25, 0.0, "0.2"), (3.5, 1.0, "2.5")] + [
        (1.25, 0.0, "x"),
        (3.5, 1.0, "y"),
        (0.0, 4.0, "3%"),
        (1.0, 6.0, "5%"),
    ]
    with pytest.raises(ValueError, match=r"use fmt='%\.2f'"):
        plt.bar_label(bars, fmt="{0.real}")
    with pytest.raises(TypeError, match="what bar has given"):
        plt.bar_label([1, 2])


def test_a_label_stands_beyond_its_bar_and_a_text_where_it_is_told() -> None:
    transcript = Transcript()
    plt = Pyplot(transcript)
    _, area = plt.subplots()
    area.bar([0, 1], [3, -5])
    area.bar_label(area.containers[0])
    area.barh([0, 1], [3, -5])
    area.bar_label(area.containers[-1])
    area.bar_label(area.containers[0], label_type="center")
    area.text(0, 0, "a")
    area.text(0.5, 1, "b", ha="right", va="center", transform=area.transAxes)
    area.annotate("c", (1, 2), xytext=(0, 3), textcoords="offset points", ha="center")
    marks = [mark for mark in transcript.plots[-1].axes[-1].marks if mark.kind == "text"]
    assert [mark.anchor for mark in marks] == [
        ("center", "bottom"), ("center", "top"), ("left", "middle"), ("right", "middle"),
        ("center", "middle"), ("center", "middle"), ("left", "bottom"), ("right", "middle"),
        ("center", "bottom"),
    ]  # fmt: skip
    assert [mark.y[0] for mark in marks[4:6]] == [1.5, -2.5]
    assert [mark.shares for mark in marks] == 7 * [False] + [True, False]
    with pytest.raises(ValueError, match="'middle' is not a valid alignment"):
        area.text(0, 0, "a", va="middle")


def test_bars_and_points_may_differ_in_colour() -> None:
    [mark] = drawn(("bar", [0, 1, 2], 3, {"color": ["r", "C1"], "alpha": 0.5})).marks
    assert (mark.shades, mark.alpha) == (("red", "#ff7f0e", "red"), 0.5)
    places = torch.arange(3.0)
    [mark] = drawn(("scatter", places, places, {"c": places, "cmap": "plasma"})).marks
    assert (mark.z, mark.colors, mark.shades) == ((0, 1, 2), "plasma", ())
    [mark] = drawn(("scatter", places, places, {"c": [0, 1, 1], "cmap": "Set1"})).marks
    assert mark.shades == ("#e41a1c", "#999999", "#999999")
    [mark] = drawn(("scatter", places, places, {"c": [0, math.nan, 1], "cmap": "Set1"})).marks
    assert mark.shades == ("#e41a1c", None, "#999999")
    assert drawn(("scatter", places, places, {"c": ["r", "g", "b"]})).marks[0].shades[2] == "blue"
    for one in ("red", (0.5, 0.5, 0.5), None):
        assert drawn(("scatter", [0, 1], [0, 1], {"c": one})).marks[0].shades == ()
    transcript = Transcript()
    plt = Pyplot(transcript)
    _, area = plt.subplots()
    area.bar([0, 1], [3, -5])
    area.patches[1].set_color("r")
    assert transcript.plots[-1].axes[-1].marks[0].shades == (None, "red")


def test_an_area_tells_what_it_holds() -> None:
    transcript = Transcript()
    plt = Pyplot(transcript)
    figure, (area, other) = plt.subplots(1, 2)
    plt.sca(other)
    area.plot([1, 2], label="a")
    area.plot([1, 2], label="b")
    area.get_lines()[1].set_ydata([3, 4])
    assert area.get_legend_handles_labels()[1] == ["a", "b"]
    plt.colorbar(area.imshow([[1, 2]]))
    assert transcript.plots[-1].axes[0].colorbar
    assert len(area.lines) == len(figure.get_axes()) == 2
    figure.suptitle("both")
    area.set_title("the first")
    plot = transcript.plots[-1]
    assert (plot.title, plot.axes[0].title, plot.axes[0].marks[1].y) == (
        "both",
        "the first",
        (3, 4),
    )


def test_looks_that_the_page_has_by_itself() -> None:
    transcript = Transcript()
    plt = Pyplot(transcript)
    _, area = plt.subplots()
    plt.setp(area.plot([1, 2], [3, 4]), color="red")
    plt.setp(area.get_xticklabels() + area.get_yticklabels(), rotation=45)
    for axis in (area.xaxis, area.yaxis, area.zaxis):
        axis.set_minor_formatter(None)
    [mark] = transcript.plots[-1].axes[-1].marks
    assert (mark.y, mark.color) == ((3, 4), None)


def test_images_and_heights() -> None:
    axes = drawn(("imshow", torch.tensor([[1.0, 2.0], [3.0, 4.0]]), {"cmap": "gray"}))
    [mark] = axes.marks
    assert (mark.kind, mark.z, mark.colors) == ("image", (1, 2, 3, 4), "gray")
    assert (mark.y, axes.ylim, axes.equal) == ((0, 1), (1.5, -0.5), True)
    low = drawn(("imshow", [[1, 2]], {"origin": "lower", "extent": (0, 4, 0, 1)}))
    assert (low.marks[0].x, low.marks[0].y, low.ylim) == ((1, 3), (0.5,), (0, 1))
    x, y = torch.arange(3.0), torch.arange(2.0)
    for indexing in ("ij", "xy"):
        X, Y = torch.meshgrid(x, y, indexing=indexing)
        [mark] = drawn(("contourf", X, Y, X + 10 * Y)).marks
        assert (mark.x, mark.y, mark.z) == ((0, 1, 2), (0, 1), (0, 1, 2, 10, 11, 12))
    [mark] = drawn(("imshow", torch.zeros(300, 300))).marks
    assert len(mark.z) == len(mark.x) * len(mark.y) <= MAX_GRID


def test_arrows_pieces_and_steps() -> None:
    [mark] = drawn(("quiver", [0, 1], [0, 0], [0, 2], [2, 0])).marks
    assert mark.kind == "line"
    assert sum(map(math.isnan, mark.x)) == 2
    assert (mark.x[0], mark.y[0], mark.x[6]) == (0, 0, 1)
    assert drawn(("step", [0, 1, 2], [5, 6, 7])).marks[0].y[:2] == (5, 6)
    assert drawn(("vlines", [1], 0, 2)).marks[0].y[:2] == (0, 2)
    assert drawn(("errorbar", [1], [2], {"yerr": 0.5})).marks[0].y[:2] == (1.5, 2.5)


def test_texts() -> None:
    axes = drawn(
        ("text", 1, 2, "here"),
        ("annotate", "low", {"xy": (0, 0), "xytext": (1, 1), "arrowprops": {}}),
    )
    here, low = axes.marks
    assert (here.label, here.x) == ("here", (1,))
    assert (low.label, low.x, low.y) == ("low", (1, 0), (1, 0))


def test_areas_of_a_grid() -> None:
    transcript = Transcript()
    plt = Pyplot(transcript)
    figure, axes = plt.subplots(2, 2)
    assert (len(axes), axes.shape, len(axes.flat), len(figure.axes)) == (2, (2, 2), 4, 4)
    axes[1, 0].set(title="t", xlim=(0, 1))
    assert axes[1][0] is axes[1, 0] is list(axes.flatten())[2]
    plt.sca(axes[0, 1])
    plt.plot([1])
    plot = transcript.plots[0]
    assert (plot.columns, plot.axes[2].title, plot.axes[2].xlim) == (2, "t", (0, 1))
    assert plot.axes[1].marks
    with pytest.raises(AttributeError, match="unexpected keyword"):
        axes[0, 0].set(record=1)


def test_what_drawing_gives_is_no_value_to_be_shown() -> None:
    plt = Pyplot(Transcript())
    (line,) = plt.plot([1])
    assert is_drawn(line)
    assert is_drawn(plt.hist([1, 2]))
    assert is_drawn(plt.subplots(2, 2))
    assert not is_drawn((1, 2))


def test_settings_are_taken_and_nothing_is_written(tmp_path: Any) -> None:
    plt = Pyplot(Transcript())
    plt.rcParams["figure.figsize"] = (3, 4)
    plt.rcParams.update({"font.size": 9})
    plt.style.use("ggplot")
    with plt.ion(), plt.xkcd():
        plt.ioff()
    plt.plot([1])
    plt.savefig(str(tmp_path / "figure.png"))
    assert plt.rcParams["figure.figsize"] == (3, 4)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("value", "expected"),
    [((0.0, 0.5, 1.0), "#0080ff"), ("0.5", "#808080"), ("tab:blue", "#1f77b4"), ([1, 2], None)],
)
def test_colors(value: Any, expected: str | None) -> None:
    assert drawn(("plot", [1], {"color": value})).marks[0].color == expected


def test_an_animation_is_drawn_as_its_last_frame() -> None:
    transcript = Transcript()
    plt, called = Pyplot(transcript), []
    _, ax = plt.subplots()
    (line,) = ax.plot([], [], "r-")
    points, words = ax.scatter([0], [0]), ax.text(0, 0, "start")

    def update(frame: int, factor: int) -> None:
        called.append(frame)
        line.set_data([0, frame], [0, factor * frame])
        points.set_offsets([[frame, 1], [frame, 2]])
        words.set_text(f"step {frame}")

    animation(None, update, frames=4, init_func=lambda: called.append("first"), fargs=(10,))
    assert called == ["first", 0, 1, 2, 3]
    marks = transcript.plots[-1].axes[0].marks
    assert [(each.x, each.y) for each in marks[:2]] == [((0, 3), (0, 30)), ((3, 3), (1, 2))]
    assert (marks[0].color, marks[2].label) == ("red", "step 3")
    animation(None, update, frames=lambda: iter(range(10**9)), fargs=(1,))
    assert called[-1] == MOST_FRAMES - 1
    with pytest.raises(ValueError, match="same first dimension"):
        line.set_data([1, 2], [3])
    ax.cla()
    line.set_ydata([5, 6])
    assert transcript.plots[-1].axes[0].marks == ()
