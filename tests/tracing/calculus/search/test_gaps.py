"""Kinks, jumps, poles and undefined stretches: found where they are, and nowhere else."""

import itertools
import math

import msgspec
import pytest
import torch

from viz.records import CurveQuestion
from viz.tracing.calculus.curve import curve, sample_curve
from viz.tracing.runnable import of_function

approx = pytest.approx
INF = math.inf


def table(at, line=0.0):
    """A step at a place, beside a smooth curve."""
    return lambda x: torch.sin(x) + line * x + (x > at) * 1.0


# function, range, the places of singular points: (kind, order, x)
FOUND = {
    "abs": (torch.abs, (-1, 1), [("kink", 1, 0.0)]),
    "abs, 0 a sample": (torch.abs, (-2, 1.996), [("kink", 1, 0.0)]),
    "abs from far away": (torch.abs, (-1e10, 1e10), [("kink", 1, 0.0)]),
    "a pole from far away": (lambda x: 1 / x, (-1e10, 1e10), [("pole", 0, 0.0)]),
    "abs off centre": (lambda x: (x - 0.3).abs(), (-1, 1), [("kink", 1, 0.3)]),
    "abs off a decimal": (lambda x: (x - math.pi).abs(), (0, 10), [("kink", 1, math.pi)]),
    "relu": (torch.relu, (-2, 3), [("kink", 1, 0.0)]),
    "two relus": (
        lambda x: torch.relu(x) - 2 * torch.relu(x - 1),
        (-2, 3),
        [("kink", 1, 0.0), ("kink", 1, 1.0)],
    ),
    "maximum": (lambda x: torch.maximum(x, 1 - x), (-2, 2), [("kink", 1, 0.5)]),
    "python max": (lambda x: max(x, x**2), (-2, 3), [("kink", 1, 0.0), ("kink", 1, 1.0)]),
    "clamp": (lambda x: x.clamp(-1, 0.5), (-3, 2), [("kink", 1, -1.0), ("kink", 1, 0.5)]),
    "clamp's ends close": (
        lambda x: x.clamp(0, 0.02),
        (-3, 3),
        [("kink", 1, 0.0), ("kink", 1, 0.02)],
    ),
    "abs of sin": (
        lambda x: x.sin().abs(),
        (-4, 4),
        [("kink", 1, -math.pi), ("kink", 1, 0.0), ("kink", 1, math.pi)],
    ),
    "a kink on a steep curve": (lambda x: (5 * x).exp() + (x - 1).abs(), (-3, 3), [("kink", 1, 1)]),
    "a second derivative's jump": (lambda x: x * x.abs(), (-1, 2), [("kink", 2, 0.0)]),
    "huber": (
        lambda x: torch.where(x.abs() < 1, x * x / 2, x.abs() - 0.5),
        (-3, 3),
        [("kink", 2, -1.0), ("kink", 2, 1.0)],
    ),
    "a branch that joins smoothly": (
        lambda x: x * x if x > 1 else 2 * x - 1,
        (-3, 3),
        [("kink", 2, 1)],
    ),
    "floor": (torch.floor, (-2.5, 1.5), [("jump", 0, float(k)) for k in (-2, -1, 0, 1)]),
    "floor to a whole number": (
        torch.floor,
        (-5, 5),
        [("jump", 0, float(k)) for k in range(-4, 6)],
    ),
    "ceil from a whole number": (torch.ceil, (0, 1.5), [("jump", 0, 0.0), ("jump", 0, 1.0)]),
    "remainder": (lambda x: x % 1, (0.5, 2.5), [("jump", 0, 1.0), ("jump", 0, 2.0)]),
    "sign": (torch.sign, (-1, 2), [("jump", 0, 0.0)]),
    "step": (table(0.25), (-1, 1), [("jump", 0, 0.25)]),
    "step on a slope": (table(0.7, 30.0), (-1, 1), [("jump", 0, 0.7)]),
    "small steps on a slope": (
        lambda x: x + 0.01 * x.floor(),
        (0.5, 3.5),
        [("jump", 0, 1.0), ("jump", 0, 2.0), ("jump", 0, 3.0)],
    ),
    "branch": (lambda x: x if x < 1 / 3 else x + 1, (-1, 1), [("jump", 0, 1 / 3)]),
    "nonlinear branch": (
        lambda x: x if x.exp() < 2 else x + 1,
        (-1, 2),
        [("jump", 0, math.log(2))],
    ),
    "branch without a margin": (
        lambda x: x if bool((x > 0.2) & (x < 0.6)) else x + 1,
        (-1, 2),
        [("jump", 0, 0.2), ("jump", 0, 0.6)],
    ),
    "atan of 1/x": (lambda x: (1 / x).atan(), (-2, 2), [("jump", 0, 0.0)]),
    "atan of 1/(x - 1)": (lambda x: (1 / (x - 1)).atan(), (-5, 5), [("jump", 0, 1.0)]),
    "the root of a square": (lambda x: (x * x).sqrt(), (-5, 5), [("kink", 1, 0.0)]),
    "1/x": (lambda x: 1 / x, (-1, 1), [("pole", 0, 0.0)]),
    "1/x, 0 a sample": (lambda x: 1 / x, (-2, 1.996), [("pole", 0, 0.0)]),
    "1/x**2": (lambda x: 1 / x**2, (-1, 1.5), [("pole", 0, 0.0)]),
    "1/(x - 0.123)": (lambda x: 1 / (x - 0.123), (-1, 1.5), [("pole", 0, 0.123)]),
    "two poles": (lambda x: 1 / (x - 1) / (x + 2), (-3, 3), [("pole", 0, -2), ("pole", 0, 1)]),
    "tan": (torch.tan, (-3, 3), [("pole", 0, -math.pi / 2), ("pole", 0, math.pi / 2)]),
    "tan of x²": (lambda x: (x * x).tan(), (0, 2), [("pole", 0, math.sqrt(math.pi / 2))]),
    "log of abs": (lambda x: x.abs().log(), (-1, 2), [("pole", 0, 0.0)]),
    "gamma": (lambda x: x.lgamma(), (-0.5, 3), [("pole", 0, 0.0)]),
    "cusp": (lambda x: (x - 0.1).abs().sqrt(), (-1, 1), [("pole", 1, 0.1)]),
    "cube root": (lambda x: x.sign() * x.abs() ** (1 / 3), (-1, 1), [("pole", 1, 0.0)]),
    "sin(x)/x between samples": (lambda x: x.sin() / x, (-10, 10), [("undefined", 0, 0.0)]),
    "sin(x)/x on a sample": (lambda x: x.sin() / x, (-1, 2), [("undefined", 0, 0.0)]),
    "a hole": (lambda x: (x**2 - 1) / (x - 1), (-10, 10), [("undefined", 0, 1.0)]),
    "a hole from near": (lambda x: (x**2 - 1) / (x - 1), (0.999, 1.001), [("undefined", 0, 1.0)]),
    "a hole of second order": (
        lambda x: (1 - x.cos()) / x**2,
        (-3, 3),
        [("undefined", 0, 0.0)],
    ),
    "a hole in a vector": (
        lambda x: torch.stack([(x.exp() - 1) / x, x]).sum(),
        (-4, 4),
        [("undefined", 0, 0.0)],
    ),
    "two holes": (
        lambda x: (x - 1) * (x + 2) / ((x - 1) * (x + 2)) * x,
        (-4, 4),
        [("undefined", 0, -2.0), ("undefined", 0, 1.0)],
    ),
    "a hole after a branch": (
        lambda x: (x**2 - 4) / (x - 2) if x > 0.3 else x + 2,
        (-5, 5),
        [("undefined", 0, 2.0)],
    ),
    "x/x": (lambda x: x / x, (-4, 4), [("undefined", 0, 0.0)]),
    "x/|x|": (lambda x: x / x.abs(), (-10, 10), [("jump", 0, 0.0)]),
    "flat to all orders": (lambda x: (-1 / x**2).exp(), (-10, 10), [("undefined", 1, 0.0)]),
    "a norm at 0": (lambda x: torch.stack([x, x]).norm(), (-5, 5), [("kink", 1, 0.0)]),
    "abs over a huge range": (torch.abs, (-1e30, 1e30), [("kink", 1, 0.0)]),
    "1/x over a huge range": (lambda x: 1 / x, (-1e30, 1e30), [("pole", 0, 0.0)]),
    "sign over a tiny range": (torch.sign, (-1e-12, 1e-12), [("jump", 0, 0.0)]),
    "steps of 1/x": (
        lambda x: (1 / x).floor(),
        (0.01, 1),
        [("jump", 0, 1 / k) for k in range(100, 1, -1)],
    ),
    "the median": (
        lambda x: torch.stack([x, 1 - x, x * x]).median(),
        (-5, 5),
        [("kink", 1, at) for at in (-(5**0.5 + 1) / 2, 0, 0.5, (5**0.5 - 1) / 2, 1)],
    ),
    "huber's loss": (
        lambda x: torch.nn.functional.huber_loss(x, torch.tensor(0.0)),
        (-5, 5),
        [("kink", 2, -1.0), ("kink", 2, 1.0)],
    ),
    "an inverse": (
        lambda x: torch.linalg.inv(torch.eye(2) * x).sum(),
        (-5, 5),
        [("pole", 0, 0.0)],
    ),
    "pole, jump and kink": (
        lambda x: 1 / (x + 1) + x.abs() + (x > 1.5) * 1.0,
        (-3, 3),
        [("pole", 0, -1.0), ("kink", 1, 0.0), ("jump", 0, 1.5)],
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_singular_points_are_found_and_nothing_else(name):
    function, (start, stop), expected = FOUND[name]
    found = curve(function, start, stop, order=2)
    seen = [(gap.kind, gap.order, gap.start) for gap in found.gaps]
    assert [(kind, order) for kind, order, _ in seen] == [pair[:2] for pair in expected]
    for (_, _, x), (_, _, place) in zip(seen, expected, strict=True):
        assert x == approx(place, abs=1e-7 * (stop - start))


SMOOTH = {
    "sin": (torch.sin, (-10, 10)),
    "fast sin": (lambda x: (50 * x).sin(), (-10, 10)),
    "steep tanh": (lambda x: (100 * x).tanh(), (-5, 5)),
    "very steep tanh": (lambda x: (1000 * x).tanh(), (-5, 5)),
    "narrow bell": (lambda x: (-1000 * x * x).exp(), (-3, 3)),
    "runge": (lambda x: 1 / (1 + 25 * x * x), (-1, 1)),
    "near a pole": (lambda x: 1 / (1e-4 + x * x), (-1, 1)),
    "near a kink": (lambda x: (x * x + 1e-5).sqrt(), (-1, 1)),
    "exp": (torch.exp, (-30, 30)),
    "power": (lambda x: x**9 - x**4, (-3, 3)),
    "softplus": (lambda x: torch.nn.functional.softplus(40 * x, threshold=100), (-3, 3)),
    "gelu": (torch.nn.functional.gelu, (-6, 6)),
    "line": (lambda x: 3 * x + 1, (-1, 1)),
    "constant": (lambda x: x * 0 + 7, (-1, 1)),
    "tiny": (lambda x: 1e-12 * x.sin(), (-3, 3)),
    "huge": (lambda x: 1e12 * x.sin() + 1e13, (-3, 3)),
    "far away": (lambda x: (x - 1e6).sin(), (1e6, 1e6 + 3)),
    "smooth over a branch": (lambda x: x * x if x > 0 else x**2, (-1, 1)),
    "constant but for rounding": (lambda x: x.exp() * (-x).exp(), (-50, 50)),
    "constant by Pythagoras": (lambda x: x.sin() ** 2 + x.cos() ** 2, (-50, 50)),
    "a square of a square's root": (lambda x: (x**4).sqrt(), (-5, 5)),
    "a bell far away": (lambda x: (-x * x).exp(), (-1000, 1000)),
    "cancelling": (lambda x: (1 - x.cos()) / (x * x), (0.01, 3)),
    "from far away, a bell": (lambda x: 1 / (1 + x * x), (-1e10, 1e10)),
    "from far away, a bend": (lambda x: (x * x + 1).sqrt(), (-1e6, 1e6)),
    "from far away, a step": (torch.tanh, (-1e10, 1e10)),
    "from far away, no kink": (torch.nn.functional.gelu, (-1e8, 1e8)),
}


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("order", [1, 2, 4])
def test_smooth_curves_have_no_gap(name, order):
    function, (start, stop) = SMOOTH[name]
    assert curve(function, start, stop, order=order).gaps == ()


@pytest.mark.parametrize(
    ("function", "ends", "left", "right", "answer"),
    [
        (torch.abs, (-1, 1), -1.0, 1.0, 0.0),
        (torch.relu, (-1, 1), 0.0, 1.0, 0.0),
        (lambda x: torch.maximum(x, -x), (-1, 1), -1.0, 1.0, 0.0),
        (lambda x: torch.maximum(x, 3 * x), (-1, 1), 1.0, 3.0, 2.0),
        (torch.floor, (0.5, 1.5), 0.0, 1.0, 1.0),
        (torch.ceil, (0.5, 1.5), 1.0, 2.0, 1.0),
        (torch.sign, (-1, 1), -1.0, 1.0, 0.0),
        (lambda x: 1 / x, (-1, 1), -INF, INF, INF),
        (lambda x: -1 / x**2, (-1, 1), -INF, -INF, -INF),
        (lambda x: x.abs().sqrt(), (-1, 1), -INF, INF, math.nan),
    ],
)
def test_one_sided_values_and_pytorchs_own_answer(function, ends, left, right, answer):
    (gap,) = curve(function, *ends).gaps
    assert (gap.left, gap.right) == approx((left, right), abs=1e-9)
    assert gap.answer == approx(answer, nan_ok=True)


@pytest.mark.parametrize(
    ("function", "place", "limit"),
    [
        (lambda x: x.sin() / x, 0.0, 1.0),
        (lambda x: (x**2 - 1) / (x - 1), 1.0, 2.0),
        (lambda x: (1 - x.cos()) / x**2, 0.0, 0.5),
        (lambda x: (x.exp() - 1) / x, 0.0, 1.0),
        (lambda x: x.tan() / (3 * x), 0.0, 1 / 3),
        (lambda x: (x**3 + 8) / (x + 2), -2.0, 12.0),
    ],
)
def test_a_hole_has_the_limit_of_calculus(function, place, limit):
    """Also where rounding leaves nothing of the values right beside it."""
    found = curve(function, -3.1, 3)
    (hole,) = [gap for gap in found.gaps if gap.kind == "undefined"]
    assert (hole.start, hole.stop) == (place, place)
    assert (hole.left, hole.right) == approx((limit, limit), rel=1e-6)
    assert math.isnan(hole.answer)


def test_a_limit_of_zero_is_zero():
    """Not what rounding leaves of it, such as 8.7e-17."""
    limits = {
        limit for gap in curve(lambda x: x.fmod(2), -5, 5).gaps for limit in (gap.left, gap.right)
    }
    assert limits == {-2.0, 0.0, 2.0}


def test_the_root_begins_with_an_infinite_slope():
    found = curve(torch.sqrt, -1, 3)
    domain, slope = found.gaps
    assert (domain.kind, domain.order, domain.start, domain.stop) == ("undefined", 0, -1.0, 0.0)
    assert math.isnan(domain.answer)
    assert (slope.kind, slope.order, slope.start, slope.answer) == ("pole", 1, 0.0, INF)
    assert (slope.left, slope.right) == (None, INF)


def test_there_is_no_slope_where_there_is_no_value():
    """PyTorch answers 1/x for the logarithm's, on both sides of 0."""
    found = curve(torch.log, -1, 3, order=2)
    for values in zip(found.x, *found.derivatives, strict=True):
        assert values[0] >= 0 or all(map(math.isnan, values[1:]))


def test_the_logarithm_begins_with_a_pole():
    domain, pole = curve(torch.log, -1, 3).gaps
    assert (domain.kind, domain.start, domain.stop) == ("undefined", -1.0, 0.0)
    assert (pole.kind, pole.order, pole.start, pole.right) == ("pole", 0, 0.0, -INF)


def test_where_hides_a_nan_in_the_derivative():
    found = curve(lambda x: torch.where(x > 0, x.sqrt(), x), -1, 1)
    (hidden,) = [gap for gap in found.gaps if gap.kind == "undefined"]
    assert (hidden.order, hidden.start, hidden.stop) == (1, -1.0, 0.0)
    assert not any(map(math.isnan, found.derivatives[0]))


def test_an_overflow_is_a_stretch():
    (gap,) = curve(torch.exp, 0, 1000).gaps
    assert (gap.kind, gap.stop, gap.answer) == ("undefined", 1000.0, INF)
    assert gap.start == approx(math.log(1.7976931348623157e308), abs=1e-4)


def test_a_removable_point_that_is_a_sample():
    (gap,) = curve(lambda x: x.sin() / x, -2, 1.996).gaps
    assert (gap.kind, gap.start, gap.stop) == ("undefined", 0.0, 0.0)
    assert (gap.left, gap.right) == approx((1.0, 1.0))
    assert math.isnan(gap.answer)


@pytest.mark.parametrize(
    ("function", "ends", "inside", "outside"),
    [
        (lambda x: (1 / x).sin(), (-1, 1), [0.0, 0.001], [-0.1, 0.1, 0.02]),
        (lambda x: (1000 * x).sin(), (-10, 10), [-9.0, 0.0, 9.0], []),
        (lambda x: (1000 * x).floor() / 1000, (0, 1), [0.1, 0.5, 0.9], []),
        (lambda x: (1000 * x).floor() / 1000, (-1, 1), [-0.5, 0.5], []),
        (lambda x: sum((3**k * x).cos() / 2**k for k in range(20)), (-2, 2), [-1, 0, 1], []),
    ],
)
def test_too_fast_for_the_samples_is_unresolved(function, ends, inside, outside):
    found = curve(function, *ends)
    stretches = [(gap.start, gap.stop) for gap in found.gaps if gap.kind == "unresolved"]
    assert len(found.x) <= 4_000
    for x in inside:
        assert any(low <= x <= high for low, high in stretches)
    for x in outside:
        assert not any(low <= x <= high for low, high in stretches)


EVEN = 999 / 10
"""Intervals between even samples over (−5, 5), for each unit of x."""


@pytest.mark.parametrize("times", [1, 2, 7, 89, 987, 10**6])
@pytest.mark.parametrize(
    "function", [torch.cos, lambda x: x.sin().sign() * x.cos(), lambda x: x.cos().acos()]
)
def test_a_period_that_comes_back_to_every_sample_is_unresolved(function, times):
    """Even samples alone see a constant."""
    found = curve(lambda x: function(2 * math.pi * EVEN * times * (x + 5)), -5, 5)
    stretches = [(gap.start, gap.stop) for gap in found.gaps if gap.kind == "unresolved"]
    assert sum(stop - start for start, stop in stretches) > 9


@pytest.mark.parametrize(
    ("function", "ends", "inside"),
    [
        (lambda x: x + 0.001 * (3000 * x).sin(), (-5, 5), [-3, 0, 3]),
        (lambda x: x * x * (1 / x).sin(), (-0.1, 0.1), [-0.001, 0.001]),
    ],
)
def test_a_slope_too_fast_for_the_samples_is_unresolved_and_f_is_not(function, ends, inside):
    found = curve(function, *ends)
    blurs = [gap for gap in found.gaps if gap.kind == "unresolved"]
    assert {gap.order for gap in blurs} == {1}
    for x in inside:
        assert any(gap.start <= x <= gap.stop for gap in blurs)


def test_a_rare_peak_is_shown_as_high_as_it_is():
    found = curve(lambda x: (-x * x).exp(), -1000, 1000)
    assert max(found.derivatives[0]) == approx(1, abs=0.01)


def test_a_steep_climb_is_not_taken_for_steps():
    assert "unresolved" not in {gap.kind for gap in curve(lambda x: (1 / x).exp(), -5, 5).gaps}


def test_there_is_no_kink_where_f_ends():
    """PyTorch answers slopes of log(x − 2) also where it has no value."""
    found = curve(lambda x: -x if x < 1 else (x - 2).log(), -5, 5, order=2)
    assert [(gap.kind, gap.order) for gap in found.gaps] == [("undefined", 0), ("pole", 0)]


def test_the_kinks_of_asin_of_sin_are_found_through_their_rounding():
    """Beside them 1 − sin² has hardly a digit left."""
    found = curve(lambda x: x.sin().asin(), -5, 5)
    assert {gap.order for gap in found.gaps} == {1}
    kinks = [k * math.pi / 2 for k in (-3, -1, 1, 3)]
    near = [[gap.kind for gap in found.gaps if abs(gap.start - at) < 1e-6] for at in kinks]
    assert all(near)
    assert sum(map(len, near)) == len(found.gaps)
    assert "pole" not in set(itertools.chain(*near))


@pytest.mark.parametrize(
    ("function", "limit"),
    [
        (lambda x: x * x.abs().log(), 0.0),
        (lambda x: ((1 + x) ** 3 - 1) / x, 3.0),
    ],
)
def test_limits_that_rounding_or_a_slow_approach_hides(function, limit):
    (hole,) = [gap for gap in curve(function, -5, 5).gaps if gap.kind == "undefined"]
    assert (hole.left, hole.right) == (limit, limit)


def test_a_pole_between_two_floats_has_no_answer():
    """tan has no pole at any float: what it answers there tells how near the float is."""
    assert [gap.answer for gap in curve(torch.tan, -2, 2).gaps] == [None, None]
    assert [gap.answer for gap in curve(lambda x: 1 / x, -2, 2).gaps] == [INF]


def test_the_course_function_jumps_where_its_loop_changes_and_is_unresolved_at_zero():
    def course(a):
        b = a * 2
        while b.norm() < 1000:
            b = b * 2
        return b if b.sum() > 0 else 100 * b

    found = curve(course, -10, 10)
    assert found.failure is None
    jumps = [gap.start for gap in found.gaps if gap.kind == "jump"]
    (blur,) = [gap for gap in found.gaps if gap.kind == "unresolved"]
    assert blur.start < 0 < blur.stop
    assert jumps == approx(sorted(s * 1000 / 2**k for k in range(7, 17) for s in (1, -1)), rel=1e-9)


@pytest.mark.parametrize(
    ("function", "branch"),
    [
        (lambda x: x - x.floor(), math.floor),
        (lambda x: x.tan(), lambda x: math.floor(x / math.pi + 0.5)),
        (lambda x: x % 1.3, lambda x: math.floor(x / 1.3)),
        (lambda x: (3 * x).sin().sign(), lambda x: math.floor(3 * x / math.pi)),
    ],
)
@pytest.mark.parametrize("half", [100, 300, 1000])
def test_no_line_crosses_a_jump_in_a_crowd(function, branch, half):
    """More jumps than samples can show: each is found, or stands in an unresolved stretch."""
    found = curve(function, -half, half)
    closed = [(gap.start - 1e-6, gap.stop + 1e-6) for gap in found.gaps]
    inner = [x for x in found.x if abs(x) < half - 1e-6]
    for left, right in itertools.pairwise(inner):
        if branch(left) != branch(right):
            assert any(start <= right and left <= stop for start, stop in closed)


@pytest.mark.parametrize("half", [20, 100, 180])
def test_no_line_of_the_slope_crosses_a_kink_in_a_crowd(half):
    found = curve(lambda x: 1 - 2 * (x - x.round()).abs(), -half, half)
    closed = [(gap.start - 1e-6, gap.stop + 1e-6) for gap in found.gaps]
    for (left, below), (right, above) in itertools.pairwise(
        zip(found.x, found.derivatives[1], strict=True)
    ):
        if abs(below - above) > 1:
            assert any(start <= right and left <= stop for start, stop in closed)


@pytest.mark.parametrize("k", [3, 30, 60])
def test_samples_are_added_until_the_line_is_the_curve(k):
    """At most 4,000 samples, and between any two the line is near the curve."""
    found = curve(lambda x: (k * x).sin(), -4, 4, points=100)
    assert 100 <= len(found.x) <= 4_000
    assert found.gaps == ()
    middle = [(a + b) / 2 for a, b in zip(found.x, found.x[1:], strict=False)]
    line = [
        (a + b) / 2 for a, b in zip(found.derivatives[0], found.derivatives[0][1:], strict=False)
    ]
    worst = max(abs(y - math.sin(k * x)) for x, y in zip(middle, line, strict=True))
    assert worst < 0.005


def test_no_line_can_cross_a_gap():
    """The samples right beside a singular point are its one-sided values."""
    found = curve(torch.floor, 0.5, 3.5)
    for gap in found.gaps:
        place = found.x.index(gap.start)
        assert found.derivatives[0][place - 1] == gap.left
        assert found.derivatives[0][place + 1] == gap.right
        assert found.x[place + 1] - found.x[place - 1] < 1e-7
        assert math.isnan(found.derivatives[1][place])


@pytest.mark.parametrize(
    "function",
    [
        torch.sin,
        torch.floor,
        lambda x: (20 * x).floor(),
        lambda x: x if int(40 * x) % 2 else -x,
        lambda x: (1 / x).sin(),
        lambda x: (3000 * x).sin(),
    ],
)
def test_a_record_never_has_more_samples_than_it_may(function):
    """It would not be decoded; with samples asked for at the limit, too."""
    runnable = of_function(function, (0.0,))
    at = tuple(-9.9 + 0.0317 * k for k in range(200))
    question = CurveQuestion(runnable.program, {}, -10.0, 10.0, points=4_000, at=at)
    found = sample_curve(runnable, question)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=type(found)).x == found.x
    assert len(found.x) == 4_000
    assert set(at) <= set(found.x)
    assert list(found.x) == sorted(set(found.x))


# function, range, the one gap: kind, order, limits of its two sides; by analysis
SLOW_OR_ROUNDED = {
    "a cusp that comes slowly": (lambda x: x.abs() ** 0.1, (-3, 3), ("pole", 1, -INF, INF)),
    "a hole that rounding scatters": (
        lambda x: (1 - torch.cos(x)) / (x * x),
        (-2.3, 3.1),
        ("undefined", 0, 0.5, 0.5),
    ),
    "limits of zero": (
        lambda x: torch.where(x == 0, 1.0, torch.sin(x) / x),
        (-3, 3),
        ("undefined", 1, 0.0, 0.0),
    ),
    "a slope that swings has no limit": (
        lambda x: torch.where(x == 0, 0.0, x * x * torch.sin(1 / x)),
        (-3, 3),
        ("undefined", 1, None, None),
    ),
}


@pytest.mark.parametrize("name", SLOW_OR_ROUNDED)
def test_what_comes_slowly_or_scatters_is_told_right(name):
    function, (start, stop), expected = SLOW_OR_ROUNDED[name]
    (gap,) = curve(function, start, stop).gaps
    assert (gap.kind, gap.order, gap.left, gap.right) == expected
    assert gap.start == gap.stop == 0.0


@pytest.mark.parametrize("scale", [1.0, 1e15, 1e30])
def test_a_side_that_runs_to_the_answer_is_told_so_however_high_the_other_is(scale):
    """2x and x² part at a third of the range: the lower limit is no 0 beside the higher one."""
    at = scale / 3
    drawn = curve(lambda x: x * x if x > at else 2 * x, -scale, scale)
    gap = next(gap for gap in drawn.gaps if gap.order == 0)
    assert (gap.left, gap.right) == (approx(2 * at), approx(at * at))
    assert gap.answer == gap.left


def test_where_there_is_but_rounding_nothing_is_looked_for() -> None:
    """What was normalised sums up to nothing; each sample on its own, as batch norm asks."""
    torch.manual_seed(0)
    batch = torch.randn(8, 4)
    for layer in (torch.nn.BatchNorm1d(4), torch.nn.LayerNorm(4)):
        found = curve(lambda x, layer=layer: layer(batch * x).sum(), 0.5, 2, points=200)
        assert max(map(abs, found.derivatives[0])) < 1e-13
        assert found.gaps == ()
        assert found.runs < 400


@pytest.mark.parametrize(
    "function",
    [
        lambda x: 1e-12 * x.sin() + 1e-12 * (x > 0.3),
        lambda x: 1e-12 * (torch.floor(20 * x) + x),
        lambda x: 1e-12 * (x - 0.3).abs(),
    ],
)
def test_what_is_small_and_no_rounding_has_its_gaps(function) -> None:
    assert curve(function, -1.01, 1).gaps
