"""The plotly figures, from hand-made records: what is drawn, joined, marked and escaped."""

import csv
import io
import math
from itertools import pairwise

import msgspec
import pytest

import viz
from viz.drawing.figures import plot
from viz.drawing.figures.checks.differences import (
    STEPS,
    compared_at,
    difference_figure,
    differences,
)
from viz.drawing.figures.curve.figure import curve_figure, joined, window
from viz.drawing.figures.curve.overlays import (
    add_other,
    add_secant,
    add_taylor,
    add_walk,
    outcome,
    secant_slope,
    taylor,
)
from viz.drawing.figures.curve.readout import note, notes, path_words, value_at
from viz.drawing.figures.files import as_csv, as_html
from viz.drawing.figures.jacobian import jacobian_figure, summaries
from viz.drawing.figures.palette import luminance, mixed, palette
from viz.drawing.figures.surface import (
    descended,
    levels,
    map_figure,
    relief_figure,
    slices_figure,
    value_over,
)
from viz.records import (
    Block,
    Curve,
    Decision,
    Gap,
    Jacobian,
    Path,
    Span,
    Surface,
    Tensor,
)

approx = pytest.approx
NAN, INF = math.nan, math.inf


def sampled(*functions, start=-2.0, stop=2.0, count=41, **more):
    """A curve of Python functions, one for each order."""
    xs = tuple(start + (stop - start) * k / (count - 1) for k in range(count))
    return Curve(xs, tuple(tuple(f(x) for x in xs) for f in functions), **more)


CUBE = sampled(lambda x: x**3, lambda x: 3 * x**2, lambda x: 6 * x, lambda _: 6.0)
STEP = Curve(
    x=(-1.0, -0.001, 0.0, 0.001, 1.0),
    derivatives=((0.0, 0.0, 1.0, 1.0, 1.0), (0.0, 0.0, NAN, 0.0, 0.0)),
    gaps=(Gap("jump", 0.0, 0.0, 0, 0.0, 1.0, 1.0),),
)
POLE = Curve(
    x=(-1.0, -0.01, 0.0, 0.01, 1.0),
    derivatives=((-1.0, -100.0, NAN, 100.0, 1.0), (-1.0, -1e4, NAN, -1e4, -1.0)),
    gaps=(Gap("pole", 0.0, 0.0, 0, -INF, INF, INF),),
)


def traces(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_orders_are_lines_and_those_above_what_is_shown_wait_in_the_legend():
    figure = curve_figure(CUBE, shown=1).checked()
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [line.name for line in lines] == ["f", "f′", "f″", "f‴"]
    assert [line.visible for line in lines] == [None, None, "legendonly", "legendonly"]
    assert list(lines[1].y) == list(CUBE.derivatives[1])
    assert all(trace.visible is None for trace in plot(CUBE).data)
    assert figure.layout.hovermode == "x unified"
    named = curve_figure(CUBE, function="loss", stacked=True).checked()
    assert [trace.name for trace in named.data if trace.mode == "lines"][:2] == ["loss", "loss′"]
    assert named.layout.yaxis2.title.text == "loss′"
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.uirevision


def segments(points):
    """The stretches of a line, as plotly joins them."""
    parts, part = [], []
    for x, y in zip(*points, strict=True):
        if y is None:
            parts.append(part)
            part = []
        else:
            part.append(x)
    return [part for part in [*parts, part] if part]


@pytest.mark.parametrize(
    ("curve", "order", "expected"),
    [
        (STEP, 0, [[-1.0, -0.001], [0.0], [0.001, 1.0]]),
        (STEP, 1, [[-1.0, -0.001], [0.001, 1.0]]),
        (POLE, 0, [[-1.0, -0.01], [0.01, 1.0]]),
        (CUBE, 0, [list(CUBE.x)]),
        (
            Curve((0.0, 1.0, 2.0), ((1.0, NAN, 1.0),), gaps=(Gap("undefined", 1.0, 1.0),)),
            0,
            [[0.0], [2.0]],
        ),
        (
            Curve((0.0, 1.0, 2.0, 3.0), ((1.0,) * 4,), gaps=(Gap("unresolved", 1.0, 2.0),)),
            0,
            [[0.0, 1.0], [2.0, 3.0]],
        ),
        (
            Curve(
                (-1.0, 0.0, 1.0), ((1.0, 0.0, 1.0), (-1.0, NAN, 1.0)), gaps=(Gap("kink", 0, 0, 1),)
            ),
            0,
            [[-1.0, 0.0, 1.0]],
        ),
    ],
)
def test_no_line_crosses_a_gap(curve, order, expected):
    assert segments(joined(curve, order)) == expected


def test_a_jump_has_open_dots_and_pytorchs_answer_filled():
    figure = plot(STEP)
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    assert {dot.marker.symbol: list(dot.y) for dot in dots} == {
        "circle-open": [0.0, 1.0],
        "circle": [1.0],
    }
    assert "jumps from 0 to 1" in dots[0].text[0]


def test_a_pole_is_a_dotted_line_and_its_infinite_sides_are_not_drawn():
    figure = plot(POLE)
    assert [(shape.x0, shape.line.dash) for shape in figure.layout.shapes] == [(0.0, "dot")]
    assert not [trace for trace in figure.data if trace.mode == "markers"]


def test_undefined_and_unresolved_stretches_are_shaded():
    curve = sampled(lambda x: x, gaps=(Gap("undefined", -2.0, 0.0), Gap("unresolved", 1.0, 1.5)))
    assert [(shape.x0, shape.x1) for shape in plot(curve).layout.shapes] == [
        (-2.0, 0.0),
        (1.0, 1.5),
    ]


def test_the_heights_shown_are_the_bulk_beside_a_pole_and_all_without():
    low, high = window(sampled(lambda x: x, lambda _: 1.0))
    assert (low, high) == approx((-2.24, 2.24))
    pole = Gap("pole", 0.0, 0.0, 0, -INF, INF, INF)
    curve = sampled(lambda x: 1 / x, start=-1.0, stop=1.003, count=1_000, gaps=(pole,))
    low, high = window(curve)
    assert -120 < low < -10 < 10 < high < 120
    low, high = window(sampled(lambda x: math.exp(-x * x), start=-100, stop=100, count=2_001))
    assert low < 0 < 1 < high < 1.2  # a rare peak is no pole
    low, high = window(sampled(lambda x: 1 + 2e-16 * (x > 0)))
    assert low < 0.95 < 1.05 < high  # rounding is no height
    assert window(Curve((), ((), ())))[0] < 0
    assert window(Curve((0.0, 1.0), ((NAN, NAN), (NAN, NAN))))[0] < 0


def test_the_heights_serve_the_branch_that_one_looks_at():
    jump = Gap("jump", 0.0, 0.0, 0, -100_000.0, 1_000.0)
    curve = sampled(lambda x: 1_000 + x if x > 0 else -100_000 + x, gaps=(jump,))
    assert window(curve)[0] < -100_000
    assert window(curve, -1.0)[0] < -100_000 < window(curve, -1.0)[1] < -90_000
    low, high = window(curve, 1.0)
    assert 900 < low < 1_000 < high < 1_100
    assert window(curve, 0.5) == (low, high)  # the same all along the branch: nothing is redrawn
    small = sampled(lambda x: float(x > 0), gaps=(Gap("jump", 0.0, 0.0, 0, 0.0, 1.0),))
    assert window(small, 1.0) == window(small)  # a branch that nothing flattens
    smooth = sampled(math.exp, start=-20, stop=20)
    assert window(smooth, -19.0) == window(smooth)


def test_the_tangent_goes_through_the_point_with_its_slope():
    (tangent,) = traces(plot(CUBE, at=1.0), "tangent")
    assert (*tangent.x, *tangent.y) == approx((-2.0, 2.0, -8.0, 4.0))
    points = [trace for trace in plot(CUBE, at=1.0).data if trace.mode == "markers"]
    assert [(dot.x[0], dot.y[0]) for dot in points] == [(1.0, approx(1.0)), (1.0, approx(3.0))]


def test_a_point_where_f_is_not_defined_has_no_tangent():
    assert not traces(plot(POLE, at=0.0), "tangent")
    assert not traces(plot(CUBE, at=7.0), "tangent")


def test_stacked_orders_have_axes_of_their_own():
    chart = curve_figure(CUBE, stacked=True)
    figure = chart.checked()
    assert [trace.yaxis for trace in figure.data] == ["y", "y2", "y3", "y4"]
    domains = [figure.layout[name].domain for name in ("yaxis", "yaxis2", "yaxis3", "yaxis4")]
    assert all(upper[0] > lower[1] - 1e-9 for upper, lower in pairwise(domains))
    assert figure.layout.xaxis.anchor == "y4"  # below the lowest
    assert curve_figure(CUBE).layout["xaxis"]["anchor"] == "y"
    names = [trace["yaxis"] for trace in add_other(chart, CUBE, stacked=True).data[-2:]]
    assert names == ["y", "y2"]


def decision(line, outcome, statement="while"):
    return Decision(Span(line, 0, line, 5), outcome, statement=statement)


PATHS = (
    Path(
        (decision(2, True), decision(2, True), decision(2, False), decision(4, True, "if")),
        ((-2.0, 0.0),),
    ),
    Path((decision(2, False), decision(4, False, "if")), ((0.1, 2.0),)),
)


def test_paths_in_words_fold_repeats():
    assert path_words(PATHS[0]) == "L2 while: True ×2, False · L4 if: True"
    assert path_words(Path((Decision(None, 3, "int"),), ())) == "int: 3"


def test_the_rug_tells_paths_apart_and_one_path_needs_none():
    rug = traces(plot(sampled(lambda x: x, paths=PATHS)), "path")
    assert [trace.text[0] for trace in rug] == [path_words(path) for path in PATHS]
    assert not traces(plot(sampled(lambda x: x, paths=PATHS[:1])), "path")


def test_values_between_samples_follow_the_cubic_and_stop_at_gaps():
    coarse = sampled(math.sin, math.cos, start=0.0, stop=3.0, count=31)
    assert value_at(coarse, 1.234) == approx(math.sin(1.234), abs=1e-6)
    assert value_at(coarse, coarse.x[7], 1) == coarse.derivatives[1][7]
    assert value_at(STEP, 0.0) == 1.0
    assert value_at(STEP, 0.0, 1) is None
    assert value_at(POLE, 0.0) is None
    assert value_at(coarse, 9.0) is None


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (STEP.gaps[0], "At x = 0 f jumps from 0 to 1; PyTorch gives 1."),
        (POLE.gaps[0], "At x = 0 f grows without bound; PyTorch gives ∞."),
        (
            Gap("kink", 1, 1, 1, -1.0, 1.0, 0.0),
            "At x = 1 f′ jumps from −1 to 1; PyTorch gives 0.",
        ),
        (Gap("kink", 1, 1, 1, -1.0, 1.0), "At x = 1 f′ jumps from −1 to 1."),
        (Gap("undefined", -1, 0), "From −1 to 0 f is not defined."),
        (
            Gap("undefined", -1, 0, reason="ValueError: {x}"),
            "From −1 to 0 f is not defined: ValueError: {x}",
        ),
        (Gap("unresolved", -1, 0), "From −1 to 0 f changes faster than the samples can show."),
        (
            Gap("undefined", 2, 2, 0, 4.0, 4.0, NAN),
            "At x = 2 f is not defined, but its limit there is 4.",
        ),
        (Gap("undefined", 2, 2, 0, None, 4.0, NAN), "At x = 2 f is not defined."),
        (
            Gap("jump", 5, 5, 0, 4.0, None, 5.0),
            "At x = 5 f jumps: its one-sided limit is 4, and PyTorch gives 5.",
        ),
        (
            Gap("undefined", -1, 1, 1, reason="autograd keeps no connection from the input to …"),
            "From −1 to 1 autograd gives no f′: it keeps no connection from input to result.",
        ),
        (Gap("undefined", 2, 2, reason="E: no"), "At x = 2 f is not defined: E: no"),
        # numbers whose difference is the point are told in as many digits as show it
        (
            Gap("jump", 0, 0, 0, 1 - 1e-7, 1 + 1e-7, 1.0),
            "At x = 0 f jumps from 0.9999999 to 1.0000001; PyTorch gives 1.",
        ),
        (
            Gap("unresolved", 1e15 - 1, 1e15 + 1),
            "From 999999999999999 to 1000000000000001 f changes faster than the samples can show.",
        ),
        (
            Gap("jump", 0, 0, 0, 0.0, 0.0, 5.0),
            "At x = 0 f comes to 0 from both sides; PyTorch gives 5.",
        ),
    ],
)
def test_gaps_in_words(gap, words):
    assert str(note(gap)) == words


def test_the_notes_of_a_curve_are_bounded_and_tell_of_chance():
    many = tuple(Gap("jump", float(k), float(k)) for k in range(30))
    said = [str(message) for message in notes(sampled(math.sin, gaps=many, random=True))]
    assert len(said) == 22
    assert said[20] == "And so on: 30 places in all."
    assert str(next(notes(sampled(math.sin, gaps=many, along="a")))).startswith("At a = 0 ")
    assert "same seed" in said[21]


def test_samples_that_ran_alone_are_spoken_of():
    said = [str(message) for message in notes(sampled(math.sin, batched=False))]
    assert said == ["Some samples had to run one by one, which takes longer."]


def test_typed_text_is_escaped():
    hostile = "<b onclick=x>&"
    gap = Gap("jump", 0.0, 0.0, 0, 0.0, 1.0, 1.0, reason=hostile)
    curve = Curve(STEP.x, STEP.derivatives, along=hostile, gaps=(gap,))
    figures = [
        plot(curve, at=0.5),
        plot(Jacobian((), (Block(hostile, (1, 1), (), ((1.0,),)),))),
        plot(Surface((0.0, 1.0), (0.0, 1.0), *(((1.0, 2.0),) * 2,) * 3, along=(hostile, "y"))),
        map_figure(
            Surface((0.0, 1.0), (0.0, 1.0), *(((1.0, 2.0),) * 2,) * 3, along=(hostile, "y"))
        ).checked(),
    ]
    for figure in figures:
        shown = dict(figure.to_dict())
        shown["layout"].pop("uirevision")
        assert "<b onclick" not in str(shown)


def test_a_secant_becomes_the_tangent():
    assert secant_slope(CUBE, 1.0, 0.5) == approx((1.5**3 - 1) / 0.5)
    slopes = [secant_slope(CUBE, 1.0, reach) for reach in (0.5, 0.1, 0.01)]
    assert [abs(slope - 3) for slope in slopes] == sorted(
        (abs(slope - 3) for slope in slopes), reverse=True
    )
    figure = add_secant(curve_figure(CUBE), CUBE, 1.0, 0.5).checked()
    assert figure.data[-2].name == "secant 4.75 (Δx = 0.5)"
    slopes = [
        (line.y[1] - line.y[0]) / (line.x[1] - line.x[0])
        for line, _ in (frame.data for frame in figure.frames)
    ]
    assert slopes[0] == approx(4.75)
    assert slopes == sorted(slopes, reverse=True)
    assert slopes[-1] == approx(3.0, abs=0.01)
    assert [frame.traces for frame in figure.frames] == [
        (len(figure.data) - 2, len(figure.data) - 1)
    ] * len(figure.frames)
    assert secant_slope(CUBE, 1.9, 0.5) is None
    assert len(add_secant(curve_figure(CUBE), CUBE, 1.9, 0.5).data) == len(plot(CUBE).data)


def test_taylor_polynomials():
    assert taylor(CUBE, 1.0, 3) == approx((1.0, 3.0, 3.0, 1.0))
    assert taylor(CUBE, 1.0, 4) is None
    polynomial = add_taylor(curve_figure(CUBE), CUBE, 1.0, 3).checked().data[-1]
    assert list(polynomial.y) == approx([x**3 for x in polynomial.x], abs=1e-9)


def test_a_second_function_and_a_walk_are_added():
    other = sampled(math.sin, math.cos)
    names = [trace.name for trace in add_other(curve_figure(CUBE), other).checked().data[-2:]]
    assert names == ["g (second)", "g′ (second)"]
    named = add_other(curve_figure(CUBE), other, function="sine").checked().data[-1]
    assert (named.name, named.hovertemplate) == (
        "sine′ (second)",
        "%{y:.6g}<extra>sine′</extra>",
    )
    walked = sampled(lambda x: x**2, lambda x: 2 * x, walk=((1.0, 1.0, 2.0), (0.8, 0.64, 1.6)))
    assert list(add_walk(curve_figure(walked), walked).checked().data[-1].x) == [1.0, 0.8]
    assert len(add_walk(curve_figure(CUBE), CUBE).data) == len(plot(CUBE).data)
    newton = add_walk(curve_figure(walked), walked, "newton").checked().data[-1]
    assert list(zip(newton.x, newton.y, strict=True)) == [(1.0, 1.0), (0.8, 0.0), (0.8, 0.64)]
    assert str(outcome(walked.walk, "descent", "a")) == (
        "Gradient descent, step 1: a = 0.8, f = 0.64, f′ = 1.6."
    )
    assert str(outcome(walked.walk, "newton", "a", "cube")) == (
        "Newton's method, step 1: a = 0.8, cube = 0.64, cube′ = 1.6."
    )


def test_the_axis_grows_for_a_second_function():
    tall = sampled(lambda x: 50 * x, lambda _: 50.0)
    low, high = add_other(curve_figure(CUBE), tall).layout["yaxis"]["range"]
    assert low < -95
    assert high > 95


def differences_of(f, slope, x):
    at = sorted(set(compared_at(x)))
    curve = Curve(tuple(at), (tuple(map(f, at)), tuple(map(slope, at))))
    return differences(curve, x)


def test_the_error_of_differences_falls_with_the_square_and_rises_again():
    found = differences_of(math.sin, math.cos, 1.0)
    assert len(found) == len(STEPS)
    by_step = {round(math.log10(one.step) * 4): one.error for one in found}
    assert by_step[-8] / by_step[-12] == approx(100, rel=0.05)  # 10⁻² against 10⁻³
    assert min(by_step.values()) < 1e-10
    assert by_step[-48] > 1e-6
    line = difference_figure(found).checked().data[0]
    assert all(y > 0 for y in line.y)
    assert differences(CUBE, 17.0) == ()


HILL = Surface(
    x=(0.0, 1.0, 2.0),
    y=(0.0, 10.0),
    value=((0.0, 1.0, 4.0), (5.0, 6.0, NAN)),
    dx=((0.0, 2.0, 4.0), (0.0, 2.0, NAN)),
    dy=((0.5, 0.5, 0.5), (0.5, 0.5, NAN)),
    walk=((2.0, 0.0, 4.0, 4.0, 0.5), (1.0, 0.0, 1.0, 2.0, 0.5)),
)


def test_a_surface_is_drawn_as_relief_map_and_slices():
    relief = plot(HILL, at=(1.0, 0.0))
    assert (relief.data[0].type, relief.data[1].z[0]) == ("surface", 1.0)
    assert relief.layout.scene.dragmode == "turntable"  # to be turned, as its name says
    drawn = map_figure(HILL, at=(1.0, 0.0)).checked()
    assert [trace.name for trace in drawn.data] == [None, "gradient", "gradient descent", None]
    assert list(drawn.layout.xaxis.range) == [0.0, 2.0]
    assert value_over(HILL, 2.0, 10.0) is None
    assert value_over(HILL, 3.0, 0.0) is None


def test_slices_go_through_the_very_point():
    along_x = sampled(lambda x: x**3, lambda x: 3 * x**2, count=4_001)
    along_y = sampled(math.sin, math.cos, along="<y>", count=4_001)
    slices = slices_figure((along_x, along_y), (1.03, -0.47)).checked()
    tangents = [trace for trace in slices.data if trace.name == "partial derivative"]
    rises = [(line.y[1] - line.y[0]) / (line.x[1] - line.x[0]) for line in tangents]
    assert rises == approx([3 * 1.03**2, math.cos(0.47)], abs=1e-5)
    points = [trace for trace in slices.data if trace.mode == "markers"]
    assert [(dot.x[0], dot.y[0]) for dot in points] == [
        (1.03, approx(1.03**3, abs=1e-5)),
        (-0.47, approx(math.sin(-0.47), abs=1e-5)),
    ]
    assert [(dot.xaxis, dot.yaxis) for dot in points] == [("x", "y"), ("x2", "y2")]
    assert slices.layout.yaxis2.matches == "y", "both at one scale"
    titles = [title.text for title in slices.layout.annotations]
    assert titles == ["∂f/∂x = 3.1827", f"∂f/∂&lt;y&gt; = {math.cos(0.47):.6g}"]
    named = slices_figure((along_x, along_y), (1.03, -0.47), function="g").checked()
    assert named.layout.annotations[0].text == "∂g/∂x = 3.1827"


def test_figures_call_a_function_by_its_name():
    relief = relief_figure(HILL, function="hill").checked()
    assert relief.layout.scene.zaxis.title.text == "hill"
    assert relief.data[0].hovertemplate == "%{x:.4g}, %{y:.4g}<br>hill %{z:.6g}<extra></extra>"
    assert "<br>hill %{customdata" in map_figure(HILL, function="hill").data[0]["hovertemplate"]
    matrix = jacobian_figure(JACOBIAN, function="g").checked()
    assert matrix.layout.annotations[0].text.startswith("∂g / ∂x")
    assert matrix.layout.yaxis.ticktext[0].startswith("g[0]")
    assert str(descended(HILL, "g")) == "Gradient descent, step 1: x = 1, y = 0, g = 1."


def test_a_valley_is_seen_on_the_map_by_its_logarithm():
    side = tuple(k / 5 - 2 for k in range(21))
    valley = tuple(tuple((1 - x) ** 2 + 100 * (y - x**2) ** 2 for x in side) for y in side)
    shown = levels(Surface(side, side, valley, valley, valley))
    flat = sorted((z, level) for row, its in zip(valley, shown, strict=True)
                  for z, level in zip(row, its, strict=True))  # fmt: skip
    assert [level for _, level in flat] == sorted(level for _, level in flat)
    middle = flat[len(flat) // 2][1]
    assert (middle - flat[0][1]) / (flat[-1][1] - flat[0][1]) > 0.3
    assert levels(HILL) == HILL.value


def test_a_walk_that_goes_astray_is_said_and_leaves_the_map():
    assert str(descended(HILL)) == "Gradient descent, step 1: x = 1, y = 0, f = 1."
    astray = msgspec.structs.replace(
        HILL, walk=((1.0, 0.0, 1.0, 2.0, 0.5), (1e54, 0.0, 1e99, 4.0, 0.5))
    )
    assert "smaller learning rate" in str(descended(astray))
    assert list(map_figure(astray).layout["xaxis"]["range"]) == [0.0, 2.0]
    assert descended(msgspec.structs.replace(HILL, walk=())) is None


def test_arrows_point_along_the_gradient_and_leave_out_what_is_not_known():
    arrows = traces(map_figure(HILL).checked(), "gradient")[0]
    shafts = []
    for k in range(0, len(arrows.x), 7):  # tail, tip, barb, gap, tip, barb, gap
        shafts.append((arrows.x[k + 1] - arrows.x[k], arrows.y[k + 1] - arrows.y[k]))
    known = [(0.0, 0.5), (2.0, 0.5), (4.0, 0.5), (0.0, 0.5), (2.0, 0.5)]
    assert len(shafts) == len(known)
    for (right, up), (dx, dy) in zip(shafts, known, strict=True):
        assert right * dy == approx(up * dx, abs=1e-12)
        assert right * dx + up * dy > 0


def test_a_surface_that_failed_is_an_empty_figure():
    nothing = Surface((), (), (), (), ())
    empty = Curve((), ((), ()))
    slices = slices_figure((empty, empty), (0, 0)).checked()
    for figure in (plot(nothing), map_figure(nothing, at=(0, 0)).checked(), slices):
        assert not any(trace.x for trace in figure.data if trace.name)
    assert value_over(nothing, 0.0, 0.0) is None
    assert plot(Curve((), ((), ())), at=1.0).data[0].x == ()


TENSOR = Tensor((2,), "float32", (1.0, 0.5))
JACOBIAN = Jacobian(
    (2,),
    (
        Block(
            "x",
            (2, 3),
            (3,),
            ((1.0, 0.0, -2.0), (0.0, 3.0, 0.0)),
            None,
            Tensor((3,), "float32", (1.0, 1.5, -2.0)),
        ),
    ),
    vector=TENSOR,
)


def test_a_jacobian_is_a_heat_map_with_numbers_and_the_product_below():
    figure = plot(JACOBIAN)
    heat, numbers = figure.data
    assert [list(row) for row in heat.z][-2:] == [[1.0, 1.5, -2.0], [1.0, 1.5, -2.0]]
    assert (heat.zmin, heat.zmax) == (-3.0, 3.0)
    assert list(numbers.text[:3]) == ["1", "0", "−2"]
    assert list(figure.layout.xaxis.ticktext) == ["x[0]", "x[1]", "x[2]"]
    assert list(figure.layout.yaxis.ticktext) == [
        "f[0]   v = 1",
        "f[1]   v = 0.5",
        "",
        "vᵀJ",
        ".grad",
    ]


def test_what_has_no_end_leaves_the_others_their_colours():
    """√x at 0 and at 1: the slope of the second is seen beside the first, which is infinite."""
    rows = ((math.inf, 0.0), (0.0, 0.5), (math.nan, 0.0))
    heat = plot(Jacobian((3,), (Block("x", (3, 2), (2,), rows),))).data[0]
    assert (heat.zmin, heat.zmax) == (-0.5, 0.5)
    heat = plot(Jacobian((1,), (Block("x", (1, 1), (), ((math.nan,),)),))).data[0]
    assert (heat.zmin, heat.zmax) == (-1.0, 1.0)


def test_a_hessian_is_a_square_of_blocks():
    blocks = tuple(
        Block(f"{a}, {b}", (1, 1), (), ((1.0,),)) for a in ("x", "y") for b in ("x", "y")
    )
    figure = plot(Jacobian((), blocks, order=2))
    titles = [note.text for note in figure.layout.annotations]
    assert titles == [f"∂²f / ∂{a} ∂{b}   1 × 1" for a in "xy" for b in "xy"]
    assert [trace.xaxis for trace in figure.data[::2]] == ["x", "x2", "x3", "x4"]


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_are_read_on_every_colour_of_the_scale(dark):
    """WCAG asks for 4.5 : 1."""
    values = tuple(k / 10 - 1 for k in range(21))
    blocks = (Block("x", (21, 1), (), tuple((value,) for value in values)),)
    figure = plot(Jacobian((21,), blocks), dark=dark)
    assert len(figure.data) == 1  # too many rows for numbers
    for value in values:
        one = Block("x", (2, 1), (), ((value,), (1.0,)))
        _, numbers = plot(Jacobian((2,), (one,)), dark=dark).data
        low, high = palette(dark).diverging[:2] if value < 0 else palette(dark).diverging[1:]
        ground = mixed(low[1], high[1], value + 1 if value < 0 else value)
        bright, dim = sorted((luminance(numbers.textfont.color[0]), luminance(ground)))[::-1]
        assert (bright + 0.05) / (dim + 0.05) >= 4.5


def test_a_matrix_without_numbers_is_an_empty_figure():
    large = Jacobian((100,), (Block("x", (100, 100), (100,), None, TENSOR),))
    assert plot(large).data == ()


def test_a_matrix_without_numbers_is_summarised_in_words():
    summary = Tensor((100, 100), "float32", None, -1.5, 2.0, 0.25)
    large = Jacobian((100,), (Block("x", (100, 100), (100,), None, summary),))
    (words,) = map(str, summaries(large))
    assert words.startswith("∂f/∂x is 100 × 100: from −1.5 to 2, mean 0.25.")
    assert list(summaries(JACOBIAN)) == []


def test_a_hessian_names_the_elements_of_both_inputs():
    shapes = {"x": (2,), "y": ()}
    blocks = tuple(
        Block(f"{a}, {b}", (2 if a == "x" else 1, 2 if b == "x" else 1), shapes[b],
              ((1.0,) * (2 if b == "x" else 1),) * (2 if a == "x" else 1))
        for a in "xy" for b in "xy"
    )  # fmt: skip
    layout = plot(Jacobian((), blocks, order=2)).layout
    rows = [layout[name].ticktext for name in ("yaxis", "yaxis2", "yaxis3", "yaxis4")]
    assert rows == [("x[0]", "x[1]"), ("x[0]", "x[1]"), ("y",), ("y",)]


def test_csv_keeps_all_digits_and_leaves_undefined_cells_empty():
    rows = list(csv.reader(io.StringIO(as_csv(POLE))))
    assert rows[0] == ["x", "f", "f′"]
    assert rows[3] == ["0.0", "", ""]
    third = sampled(lambda x: x / 3, count=3)
    assert [float(row[1]) for row in list(csv.reader(io.StringIO(as_csv(third))))[1:]] == list(
        third.derivatives[0]
    )
    assert as_csv(HILL).splitlines()[:2] == ["x,y,f,∂f/∂x,∂f/∂y", "0.0,0.0,0.0,0.0,0.5"]
    assert as_csv(JACOBIAN).splitlines()[3] == "x,0,2,-2.0"
    assert as_csv(POLE, "tan").splitlines()[0] == "x,tan,tan′"
    assert as_csv(HILL, "g").splitlines()[0] == "x,y,g,∂g/∂x,∂g/∂y"


def test_csv_cells_are_no_formulas():
    assert as_csv(Curve((0.0,), ((1.0,),), along="=cmd()")).splitlines()[0] == "'=cmd(),f"


def test_a_standalone_page_holds_its_scripts_and_escapes_its_title():
    page = as_html(plot(CUBE), "</script><b>x")
    assert "body { margin: 0;" in page  # else its lower edge lies below the window
    assert page.startswith("<!doctype html>")
    assert "</script><b>" not in page
    assert "https://cdn" not in page.split("plotly.js")[0]
    assert len(page) > 1_000_000


@pytest.mark.parametrize("dark", [False, True])
def test_a_standalone_page_has_the_ground_of_its_colours(dark):
    page = as_html(plot(CUBE, dark=dark), "x")
    paper = palette(dark).paper
    assert f"background: {paper}" in page
    assert f'"paper_bgcolor":"{paper}"' in page


@pytest.mark.parametrize("dark", [False, True])
def test_the_palette_can_be_read_on_its_ground(dark):
    """Contrast of at least 3 : 1 for lines, as the web's accessibility guidelines ask."""
    colors = palette(dark)

    for color in (colors.ink, colors.muted, colors.selection, *colors.orders):
        bright, dim = sorted((luminance(color), luminance(colors.paper)), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 3


def test_luminance_is_wcags():
    """Values of the guidelines' own formula, worked out by hand."""
    assert luminance("#ffffff") == approx(1.0)
    assert luminance("#000000") == 0.0
    assert luminance("#808080") == approx(0.2159, abs=1e-4)
    assert luminance("#00ff00") == approx(0.7152)


def test_where_f_is_not_defined_the_heights_are_those_of_the_whole_curve():
    function = viz.curve(lambda x: x.log() + x**2, -5.0, 5.0)
    assert window(function, -2.0) == window(function)
