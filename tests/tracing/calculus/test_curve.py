"""Curves against independent oracles: sympy's derivatives, and the plain loop over points."""

import math

import pytest
import sympy
import torch

from viz.errors import InputRejected
from viz.records import CurveQuestion
from viz.tracing.calculus.curve import curve, sample_curve, source_map
from viz.tracing.runnable import of_function
from viz.tracing.sampling.sampler import Sampler
from viz.tracing.sampling.samples import DONE
from viz.tracing.sampling.varying import varying
from viz.tracing.stopping import TimeIsUp

approx = pytest.approx

EXPRESSIONS = """
x**2 | -3 3
3*x + 1 | -3 3
x**3 - 2*x | -3 3
x**5 - x**4 + x | -2 2
(x + 1)*(x - 2)**2 | -3 3
1/x | 0.3 4
1/(1 + x**2) | -4 4
x/(1 + x**2) | -4 4
(x**2 - 1)/(x**2 + 1) | -3 3
1/(x - 3)**2 | -2 2
sqrt(x) | 0.2 5
sqrt(1 + x**2) | -3 3
x*sqrt(x) | 0.2 4
1/sqrt(x) | 0.3 4
x**(1/3) | 0.3 4
x**2.5 | 0.3 4
exp(x) | -3 3
exp(-x**2) | -3 3
exp(-x)*x**2 | -1 5
exp(sin(x)) | -4 4
x*exp(x) | -3 2
exp(-1/x) | 0.2 3
2**x | -3 3
x**x | 0.3 3
log(x) | 0.2 5
x*log(x) | 0.2 4
log(1 + x**2) | -3 3
log(x)/x | 0.4 5
log(1 + exp(x)) | -4 4
log(sqrt(x)) | 0.3 4
sin(x) | -6 6
cos(x) | -6 6
sin(x)*cos(x) | -4 4
sin(x)**2 | -4 4
x*sin(x) | -5 5
sin(x**2) | -2 2
sin(3*x) + cos(2*x) | -3 3
sin(x)/x | 0.5 8
tan(x) | -1.2 1.2
1/cos(x) | -1.2 1.2
sin(cos(x)) | -4 4
x**2*sin(x) | -4 4
cos(x)*exp(-x/2) | -2 6
asin(x) | -0.8 0.8
acos(x) | -0.8 0.8
atan(x) | -4 4
x*atan(x) | -3 3
atan(x**2) | -2 2
asin(x/2)*x | -1.5 1.5
sinh(x) | -3 3
cosh(x) | -3 3
tanh(x) | -3 3
x*tanh(x) | -3 3
log(cosh(x)) | -3 3
asinh(x) | -3 3
acosh(x) | 1.5 5
atanh(x) | -0.8 0.8
erf(x) | -2 2
1/(1 + exp(-x)) | -4 4
x/(1 + exp(-x)) | -4 4
x**2/2 - cos(x) | -4 4
(1 - x)**2 + 100*(x**2 - x)**2 | -1 1
sqrt(1 - x**2/9) | -2 2
exp(x)/(1 + x**2) | -2 2
"""
CASES = [tuple(line.split(" | ")) for line in EXPRESSIONS.strip().splitlines()]
x = sympy.Symbol("x")


@pytest.mark.parametrize(("text", "ends"), CASES, ids=[text for text, _ in CASES])
def test_orders_0_to_4_are_sympys(text, ends):
    start, stop = map(float, ends.split())
    expression = eval(text, vars(sympy) | {"x": x})  # noqa: S307 - the table above
    function = eval(f"lambda x: {text}", dict(vars(torch)))  # noqa: S307 - the table above
    found = curve(function, start, stop, points=25, order=4)
    assert found.failure is None
    assert found.gaps == ()
    for order, row in enumerate(found.derivatives):
        exact = sympy.lambdify(x, sympy.diff(expression, x, order), "mpmath")
        expected = [float(exact(sympy.Float(at, 30))) for at in found.x]
        scale = max(map(abs, expected))
        assert row == approx(expected, rel=1e-9, abs=1e-10 * scale + 1e-12), order


def course(a):
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    return b if b.sum() > 0 else 100 * b


def collatz_like(x):
    while abs(x) > 1:
        x = x / 2 if x > 2 else x + 0.75 if x < 0 else x - 1.5
    return x * x


def newton_root(x):
    guess = x
    for _ in range(20):
        if (guess * guess - 2).abs() < 1e-3:
            break
        guess = (guess + 2 / guess) / 2
    return guess


def staircase(x):
    total = torch.zeros(())
    for k in range(5):
        if x > k:
            total = total + (x - k) ** 2
    return total


def by_int(x):
    return x ** int(x.abs() + 1)


def indexed(x):
    table = torch.tensor([1.0, -2.0, 3.0, 0.5])
    return table[int(torch.clamp(x + 2, 0, 3))] * x


def sorted_ends(x):
    low, high = (x, 1 - x) if x < 1 - x else (1 - x, x)
    return high - low * low


def nested(x):
    if x < 0:
        return -x if x > -1 else x**2
    if x < 1:
        return x**3
    return torch.log(x) + 1


def recursive(x):
    return x if x < 1 else 0.5 * recursive(x - 1) + x


def in_place(x):
    y = x * 1.0
    y += 2
    y.mul_(3)
    return y if y > 5 else y * y


def vector_inside(x):
    v = torch.stack([x, x * x, torch.ones_like(x)])
    return v.sum() if v.max() > 2 else v.norm()


def matrix_inside(x):
    m = torch.eye(2) * x + torch.tensor([[0.0, 1.0], [-1.0, 0.0]])
    return torch.linalg.det(m) if x > 0.5 else (m @ m).trace()


def own_gradient(x):
    y = x**3
    (slope,) = torch.autograd.grad(y, x, create_graph=True)
    return slope


def functional_gradient(x):
    return torch.func.grad(lambda u: u**3 if u > 0 else u**2)(x)


def written(x):
    out = torch.zeros(2)
    out[0] = x
    out[1] = x**2
    return out.prod()


def detached(x):
    return (x * x).detach() * x


def fails_below(x):
    if x < -1:
        raise ValueError("too small")
    return x * 2


def swallows(x):
    try:
        return torch.stack([x, x]).sum() if x > 0 else 1 / x
    except Exception:  # noqa: BLE001 - typed code does this
        return x * 0


def by_item(x):
    return x * (2 if x.item() > 0.3 else 3)


def sums_while(x):
    total, k = x, 0
    while total.sum() < 6:
        total, k = total + x * x + 0.5, k + 1
    return total * (k + 1)


PROGRAMS = [
    course,
    collatz_like,
    newton_root,
    staircase,
    by_int,
    indexed,
    sorted_ends,
    nested,
    recursive,
    in_place,
    vector_inside,
    matrix_inside,
    own_gradient,
    functional_gradient,
    written,
    detached,
    fails_below,
    swallows,
    by_item,
    sums_while,
]
ONE_LINERS = """
x if x > 0 else -x
x*x if x > 1 else 2*x - 1
torch.where(x > 0, x, 0.1*x)
torch.relu(x) + torch.relu(1 - x)
abs(x - 0.3) * x
max(x, 1 - x)
min(x*x, 2)
torch.maximum(x, x**2)
torch.clamp(x, -1, 1) * x
sin(x) if x.sin() > 0 else 0.5*x.sin()
x.exp() if x < 0 else 1 + x
floor(x) * x
x % 1
(x > 0) * x**2
sum(x**k for k in range(5) if x > k - 2)
[x, x*x, x**3][int(x > 0) + int(x > 1)]
torch.stack([x, 1 - x]).max()
F.leaky_relu(x, 0.2) if x != 0 else x
x if not x < 0.5 else x + 1
x.abs().sqrt() * torch.sign(x)
"""
for line in ONE_LINERS.strip().splitlines():
    names = {"torch": torch, "F": torch.nn.functional, "sin": torch.sin, "floor": torch.floor}
    function = eval(f"lambda x: {line}", names)  # noqa: S307 - the table above
    function.__name__ = line
    PROGRAMS.append(function)


def plain(function, number):
    """f and f′ at one number, by torch alone; `None` where it raises."""
    leaf = torch.tensor(number, dtype=torch.float64, requires_grad=True)
    try:
        value = function(leaf)
    except ValueError:
        return None
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        return float(value), 0.0
    (slope,) = torch.autograd.grad(value, leaf, allow_unused=True)
    return value.item(), 0.0 if slope is None else slope.item()


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda function: function.__name__)
def test_each_sample_is_that_of_a_run_of_its_own(function):
    runnable = of_function(function, (0.5,))
    sampler = Sampler(runnable, (varying(runnable, None),), owns=source_map(runnable).owns)
    xs = torch.linspace(-3.1, 3.3, 101, dtype=torch.float64).numpy()
    samples = sampler(xs)
    torch.set_default_dtype(torch.float64)
    try:
        expected = [plain(function, number) for number in xs.tolist()]
    finally:
        torch.set_default_dtype(torch.float32)
    for place, pair in enumerate(expected):
        assert (pair is not None) == (samples.state[place] == DONE)
        if pair is not None:
            assert samples.rows[0, place] == approx(pair[0], rel=4e-15, abs=4e-15, nan_ok=True)
            if not samples.lacks[place]:
                assert samples.rows[1, place] == approx(pair[1], rel=4e-14, abs=4e-15, nan_ok=True)


def test_the_course_function_is_equal_to_the_last_bit_and_needs_few_runs():
    runnable = of_function(course, (1.0,))
    sampler = Sampler(runnable, (varying(runnable, None),))
    xs = torch.linspace(-10, 10, 200, dtype=torch.float64).numpy()
    samples = sampler(xs)
    expected = [plain(course, number) for number in xs.tolist()]
    assert samples.rows[0].tolist() == [value for value, _ in expected]
    assert samples.rows[1].tolist() == [slope for _, slope in expected]
    assert sampler.runs == len(sampler.ways) < 30
    assert sampler.alone == 0


def test_paths_say_what_was_decided_and_where():
    found = curve(course, 1.0, 3.0, points=50)
    assert [len(path.stretches) for path in found.paths] == [1, 1]
    first, second = found.paths
    assert first.stretches[0][1] == approx(1000 / 512, abs=1e-6)
    outcomes = [decision.outcome for decision in first.decisions]
    assert outcomes == [True] * 9 + [False, True]
    assert len(second.decisions) == len(first.decisions) - 1
    loop = [decision for decision in first.decisions if decision.statement == "while"]
    assert [decision.iteration for decision in loop] == list(range(1, 11))
    assert {decision.span.line for decision in loop} == {3}
    assert first.decisions[-1].statement == "ternary"


def test_a_detached_result_has_no_derivative_and_says_so():
    found = curve(lambda x: (x * x).detach(), -1, 1, points=50)
    assert found.derivatives[0][0] == 1.0
    assert all(map(math.isnan, found.derivatives[1]))
    (gap,) = found.gaps
    assert (gap.kind, gap.order, gap.start, gap.stop) == ("undefined", 1, -1.0, 1.0)
    assert "no connection" in gap.reason


def test_a_constant_has_the_derivative_zero():
    for constant in (lambda _: 3.0, lambda _: torch.tensor(3.0), lambda x: x * 0 + 3):
        found = curve(constant, -1, 1, points=20, order=2)
        assert set(found.derivatives[0]) == {3.0}
        assert set(found.derivatives[1]) == set(found.derivatives[2]) == {0.0}
        assert found.gaps == ()


def test_a_random_function_draws_the_same_at_every_sample_and_says_so():
    found = curve(lambda x: x * torch.rand(()) + torch.rand_like(x), -1, 1, points=20)
    assert found.random
    assert len({round(slope, 12) for slope in found.derivatives[1]}) == 1
    assert not curve(torch.sin, -1, 1, points=20).random


def test_the_callers_random_numbers_and_types_are_left_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    curve(lambda x: x * torch.rand(()), -1, 1, points=20)
    assert torch.equal(torch.rand(3), expected)
    assert torch.get_default_dtype() is torch.float32


def test_a_failure_on_a_part_shows_the_rest_and_says_where_and_why():
    found = curve(fails_below, -3, 3, points=60, partial=True)
    assert found.failure.type == "ValueError"
    assert found.failure.message == "too small"
    assert found.failure.span.line == 3
    (gap,) = [gap for gap in found.gaps if gap.kind == "undefined"]
    assert gap.start == -3.0
    assert gap.stop == approx(-1.0, abs=1e-6)
    assert gap.reason == "ValueError: too small"
    assert [math.isnan(f) for f in found.derivatives[0]] == [at < -1 for at in found.x]


def test_an_endless_loop_is_left_out():
    found = curve(course, -1, 1, points=101, partial=True)  # 0 is a sample: doubling it never ends
    assert "endless" in found.failure.message
    assert math.isnan(found.derivatives[0][found.x.index(0.0)])
    assert sum(map(math.isfinite, found.derivatives[0])) > 90


def test_time_is_up_keeps_what_was_done():
    calls = 0

    def slow(x):
        nonlocal calls
        calls += 1
        if calls > 40:
            raise TimeIsUp
        return x.item() * x

    found = curve(slow, -1, 1, points=200, partial=True)
    assert found.failure.type == "TimeIsUp"
    assert 30 <= len(found.x) <= 40
    assert max(after - before for before, after in zip(found.x, found.x[1:], strict=False)) < 0.2
    assert found.derivatives[1] == found.x


@pytest.mark.parametrize(
    ("along", "of", "value", "slope"),
    [
        ("w[1]", "sum", lambda t: 1 * 2 + t * 3 + 2.5, lambda _: 3),
        ("x[0]", "[1]", lambda _: 2 * 3 + 1.25, lambda _: 0),
        ("x[0]", "[0]", lambda t: 1 * t + 1.25, lambda _: 1),
        ("x[-1]", "gradient", lambda t: 10 * (2 + 1.25) + 20 * (2 * t + 1.25), lambda _: 40),
        ("b", "value", lambda t: 10 * (2 + t) + 20 * (6 + t), lambda _: 30),
    ],
)
def test_any_number_may_vary_and_any_be_looked_at(along, of, value, slope):
    def function(w, x, b):
        return w * x + b

    inputs = (torch.tensor([1.0, 2.0]), torch.tensor([2.0, 3.0]), torch.tensor(1.25))
    runnable = of_function(function, inputs)
    question = CurveQuestion(runnable.program, {}, -1.0, 2.0, points=30, along=along, of=of)
    found = sample_curve(runnable, question, torch.tensor([10.0, 20.0]))
    assert found.failure is None
    assert found.along == along.replace("-1", "1")
    assert found.derivatives[0] == approx([value(t) for t in found.x])
    assert found.derivatives[1] == approx([slope(t) for t in found.x])


def test_a_vector_is_summed_and_that_is_said():
    runnable = of_function(lambda x: x * x, (torch.arange(4.0),))
    found = sample_curve(runnable, CurveQuestion(runnable.program, {}, 0.0, 1.0, points=10))
    assert (found.along, found.of) == ("x[0]", "sum")
    assert found.derivatives[0] == approx([t * t + 14 for t in found.x])


def test_what_cannot_vary_is_told_by_its_kind():
    runnable = of_function(lambda n, z, x: x * n * z.real, (2, torch.tensor(1j), 1.0))
    for along, words in (("n", "whole numbers"), ("z", "is complex"), ("y", "not the name")):
        with pytest.raises(InputRejected, match=words):
            sample_curve(runnable, CurveQuestion(runnable.program, {}, 0.0, 1.0, along=along))


def test_exact_samples_are_added_where_asked():
    runnable = of_function(torch.exp, (torch.tensor(0.0),))
    question = CurveQuestion(runnable.program, {}, -1.0, 1.0, points=10, at=(0.123456789, 7.0))
    found = sample_curve(runnable, question)
    assert 0.123456789 in found.x
    assert found.x[-1] == 1.0


def test_two_runs_give_equal_records():
    for function in (course, nested, lambda x: torch.sin(5 * x)):
        assert curve(function, 0.1, 3, points=60, order=2) == curve(
            function, 0.1, 3, points=60, order=2
        )
