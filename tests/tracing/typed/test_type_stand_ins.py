"""The stand-ins for matplotlib and what it is given, by what was drawn."""

from __future__ import annotations

import importlib
import math
import pkgutil
from typing import Any

import pytest
import torch

from viz.program.allowlist.allowed import is_free
from viz.program.allowlist.words import words
from viz.records import MAX_AXES, MAX_MARKS, MAX_SAMPLES, Mark
from viz.tracing import typed
from viz.tracing.runnable import Transcript
from viz.tracing.typed.decided.whose import stored_by
from viz.tracing.typed.plot.areas import MAX_POINTS
from viz.tracing.typed.plot.places import MAX_PLOTS, MORE
from viz.tracing.typed.plot.pyplot import Pyplot, end_figure
from viz.tracing.typed.plot.styles import color_of
from viz.tracing.typed.type_stand_ins import numpy_of


def test_an_array_shares_the_tensor_s_memory() -> None:
    tensor = torch.zeros(2)
    shared, copied = numpy_of(tensor), numpy_of(tensor).copy()
    tensor += 1
    assert (shared.tolist(), copied.tolist()) == ([1.0, 1.0], [0.0, 0.0])


def test_a_tensor_that_requires_grad_gives_torch_s_own_error() -> None:
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError) as expected:
        x.numpy()
    with pytest.raises(RuntimeError) as actual:
        numpy_of(x)
    assert str(actual.value) == str(expected.value)


def drawn(*words: tuple[str, tuple[Any, ...], dict[str, Any]]) -> Transcript:
    """The transcript after some words to `plt`."""
    transcript = Transcript()
    plt = Pyplot(transcript)
    for name, values, style in words:
        getattr(plt, name)(*values, **style)
    return transcript


STYLES: list[tuple[str, dict[str, Any], tuple[str, str | None, str | None]]] = [
    ("b-", {}, ("solid", "blue", None)),
    ("r--", {}, ("dash", "red", None)),
    ("go", {}, ("none", "green", "o")),
    ("k-.", {}, ("dashdot", "black", None)),
    (":C1", {}, ("dot", "#ff7f0e", None)),
    ("x-", {}, ("solid", None, "x")),
    ("", {}, ("solid", None, None)),
    ("", {"linestyle": "--", "color": "tab:red"}, ("dash", "#d62728", None)),
    ("", {"ls": ":", "c": "#AbCdEf", "marker": "s"}, ("dot", "#abcdef", "s")),
    ("b-", {"color": "orange"}, ("solid", "orange", None)),
    ("", {"linestyle": "none", "marker": "."}, ("none", None, ".")),
    ("red", {}, ("solid", "red", None)),
    ("r", {"marker": "o"}, ("solid", "red", "o")),
    ("C10", {}, ("solid", "#1f77b4", None)),
    ("tab:orange", {"marker": "x"}, ("solid", "#ff7f0e", "x")),
    ("#A0B0C0", {"ls": ":"}, ("dot", "#a0b0c0", None)),
    ("#A0B0C0D0", {}, ("solid", "#a0b0c0", None)),
    ("C2--o", {}, ("dash", "#2ca02c", "o")),
]


@pytest.mark.parametrize(("form", "words", "expected"), STYLES)
def test_styles_are_read_as_matplotlib_reads_them(
    form: str, words: dict[str, Any], expected: tuple[str, str | None, str | None]
) -> None:
    [mark] = drawn(("plot", ([1, 2], [3, 4], form), words)).plots[0].axes[0].marks
    assert (mark.dash, mark.color, mark.marker) == expected


@pytest.mark.parametrize("form", ["q-", "b-;", "<script>", "--b--q"])
def test_a_format_string_that_is_none_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="not a valid format string"):
        drawn(("plot", ([1], [1], form), {}))


@pytest.mark.parametrize("color", ["javascript:1", "url(x)", "#12", "C-1", "blue;", "tab:blau", 3])
def test_a_color_that_is_none_is_refused(color: Any) -> None:
    with pytest.raises(ValueError, match="not a color"):
        color_of(color)


def test_series_of_all_kinds_become_plain_numbers() -> None:
    x = torch.tensor([1.0, 2.0, 3.0])
    for series in (x, numpy_of(x), [1, 2, 3], (1.0, 2, x[2]), range(1, 4), map(float, [1, 2, 3])):
        [mark] = drawn(("plot", (series,), {"label": "f"})).plots[0].axes[0].marks
        assert mark == Mark("line", (0.0, 1.0, 2.0), (1.0, 2.0, 3.0), label="f")


def test_several_series_in_one_call_and_columns_of_a_matrix() -> None:
    marks = drawn(("plot", ([1, 2], [3, 4], "r-", [5, 6], "b--"), {})).plots[0].axes[0].marks
    assert [(mark.x, mark.y, mark.dash) for mark in marks] == [
        ((1.0, 2.0), (3.0, 4.0), "solid"),
        ((0.0, 1.0), (5.0, 6.0), "dash"),
    ]
    matrix = drawn(("plot", ([1, 2], [[3, 4], [5, 6]]), {})).plots[0].axes[0].marks
    assert [mark.y for mark in matrix] == [(3.0, 5.0), (4.0, 6.0)]


def test_a_series_that_requires_grad_gives_torch_s_error() -> None:
    with pytest.raises(RuntimeError, match=r"detach\(\)\.numpy\(\)"):
        drawn(("plot", (torch.ones(2, requires_grad=True),), {}))


def test_series_that_do_not_fit_are_told_as_matplotlib_tells_them() -> None:
    with pytest.raises(ValueError, match="x and y must have same first dimension"):
        drawn(("plot", ([1, 2], [1, 2, 3]), {}))
    with pytest.raises(ValueError, match="no greater than 2D"):
        drawn(("plot", ([[[1]]],), {}))
    with pytest.raises(ValueError, match="different lengths"):
        drawn(("plot", ([[1], [1, 2]],), {}))
    with pytest.raises(TypeError, match="holds numbers"):
        drawn(("plot", ([None],), {}))


def test_words_of_a_figure() -> None:
    transcript = drawn(
        ("scatter", ([1], [2]), {"s": 3, "c": "red"}),
        ("axhline", (0.5,), {"color": "k", "linestyle": "--"}),
        ("axvline", (), {"x": 2}),
        ("xlabel", ("x",), {"fontsize": 12}),
        ("ylabel", (r"$\sin x$",), {}),
        ("title", ("t" * 300,), {}),
        ("legend", (["points"],), {"loc": "best"}),
        ("grid", (), {}),
    )
    [axes] = transcript.plots[0].axes
    assert [mark.kind for mark in axes.marks] == ["scatter", "horizontal", "vertical"]
    assert (axes.marks[1].y, axes.marks[2].x) == ((0.5,), (2.0,))
    assert (axes.marks[0].label, axes.marks[0].color, axes.marks[0].marker) == (
        "points",
        "red",
        "o",
    )
    assert (axes.xlabel, axes.ylabel, axes.title) == ("x", r"$\sin x$", "t" * 200)
    assert axes.legend
    assert axes.grid


def test_show_and_the_end_of_a_cell_begin_a_new_figure() -> None:
    transcript = Transcript()
    plt = Pyplot(transcript)
    plt.plot([1])
    plt.show()
    plt.plot([2])
    end_figure(plt)
    plt.plot([3])
    assert [plot.axes[0].marks[0].y for plot in transcript.plots] == [(1.0,), (2.0,), (3.0,)]


def test_a_row_of_areas() -> None:
    transcript = Transcript()
    plt = Pyplot(transcript)
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
    left.plot([1])
    right.set_title("r")
    figure.suptitle("s")
    plt.show()
    figure, area = plt.subplots()
    area.plot([1])
    plt.subplot(1, 2, 2)
    plt.plot([5])
    plt.subplot(121)
    plt.plot([6])
    row, _, pair = transcript.plots
    assert (row.title, row.axes[0].title, row.axes[1].title) == ("s", "", "r")
    assert [area.marks[0].y for area in pair.axes] == [(6.0,), (5.0,)]
    _, rows = plt.subplots(2, 2)
    assert [len(each) for each in rows] == [2, 2]


def test_long_series_are_thinned_evenly() -> None:
    [mark] = drawn(("plot", (torch.arange(100_000.0),), {})).plots[0].axes[0].marks
    assert len(mark.y) == MAX_SAMPLES
    assert (mark.y[0], mark.y[-1]) == (0.0, 99_999.0)
    steps = {round(b - a) for a, b in zip(mark.y, mark.y[1:], strict=False)}
    assert steps <= {25, 26}


def test_numbers_that_are_none_stay_as_they_are() -> None:
    [mark] = drawn(("plot", ([math.nan, math.inf],), {})).plots[0].axes[0].marks
    assert math.isnan(mark.y[0])
    assert mark.y[1] == math.inf


def test_of_too_many_figures_the_first_ones_and_the_last_are_shown() -> None:
    made = [each for n in range(20) for each in (("plot", ([n],), {}), ("show", (), {}))]
    transcript = drawn(*made)
    shown = [plot.axes[0].marks[0].y[0] for plot in transcript.plots]
    assert shown == [*range(MAX_PLOTS - 1), 19]
    assert [*transcript.printed] == [MORE]


def test_marks_and_areas_are_bounded() -> None:
    many = drawn(*[("plot", ([place],), {}) for place in range(MAX_MARKS + 2)])
    assert [mark.y for mark in many.plots[0].axes[0].marks][-2:] == [
        (MAX_MARKS - 2.0,),
        (MAX_MARKS + 1.0,),
    ]
    with pytest.raises(ValueError, match=f"between 1 and {MAX_AXES}"):
        drawn(("subplots", (7, 6), {}))
    with pytest.raises(ValueError, match=f"at most {MAX_POINTS} points"):
        drawn(*[("plot", (list(range(4_000)),), {})] * 60)


INSIDE = frozenset(
    words(
        "blocks loops numpy.random.Global plot.areas.AreaDraft plot.areas.Sheet plot.pyplot.Desk"
        " plot.styles.Style decided.answered.Handles"
    )
)
"""Modules and classes whose objects no typed code can come to hold."""


def test_no_name_of_a_stand_in_is_free() -> None:
    """Else a program could write `fork_rng()._before`, which torch's generator then starts from."""
    found = set()
    for each in pkgutil.walk_packages(typed.__path__, f"{typed.__name__}."):
        module = importlib.import_module(each.name)
        short = each.name.removeprefix(f"{typed.__name__}.")
        own = [kind for kind in vars(module).values() if isinstance(kind, type)]
        for kind in (kind for kind in own if kind.__module__ == each.name):
            if not INSIDE.isdisjoint((short, f"{short}.{kind.__name__.lstrip('_')}")):
                continue
            names = {*dir(kind), *stored_by(kind)}
            found |= {f"{short}.{kind.__name__}.{name}" for name in names if is_free(name)}
    assert found == set()
