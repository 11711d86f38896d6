"""Samples at once against samples alone: random programs, paths on tape, tricky shapes."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.checkpoint import checkpoint

from viz import curve, surface
from viz.tracing.runnable import of_function
from viz.tracing.sampling import tape
from viz.tracing.sampling.elementwise import ELEMENTWISE
from viz.tracing.sampling.sampler import Sampler
from viz.tracing.sampling.samples import DONE, FAILED
from viz.tracing.sampling.varying import varying

UNARY = ["sin({})", "cos({})", "tanh({})", "abs({})", "relu({})", "floor({})", "exp(-abs({}))"]
BINARY = ["{} + {}", "{} - {}", "{} * {}", "maximum({}, {})", "where({} > 0.1, {}, x)"]


def expressions():
    leaf = st.sampled_from(["x", "tensor(0.5)", "tensor(2.0)", "(x - 1)", "w[0]"])
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda form, a: form.format(a), st.sampled_from(UNARY), inner),
            st.builds(
                lambda form, a, b: f"({form.format(a, b)})", st.sampled_from(BINARY), inner, inner
            ),
            st.builds(lambda a, b, c: f"({a} if {b} > 0.2 + 0 * x else {c})", inner, inner, inner),
            st.builds(lambda a, b: f"stack([{a} + 0 * x, {b} + 0 * x]).max()", inner, inner),
        ),
        max_leaves=8,
    )


def in_float64(function, *numbers):
    torch.set_default_dtype(torch.float64)
    try:
        return function(*numbers)
    finally:
        torch.set_default_dtype(torch.float32)


def alone(function, number, held):
    leaf = torch.tensor(number, dtype=torch.float64, requires_grad=True)
    value = in_float64(function, leaf, held.double())
    if not (isinstance(value, torch.Tensor) and value.requires_grad):
        return float(value), 0.0
    (slope,) = torch.autograd.grad(value, leaf, allow_unused=True)
    return value.item(), 0.0 if slope is None else slope.item()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(expressions())
def test_random_programs_are_sampled_as_if_alone(text):
    names = {name: getattr(torch, name) for name in dir(torch) if not name.startswith("_")}
    del names["abs"]
    function = eval(f"lambda x, w: {text}", names)  # noqa: S307 - made here
    held = torch.tensor([0.7, -0.3])
    runnable = of_function(function, (torch.tensor(0.0), held))
    sampler = Sampler(runnable, (varying(runnable, "x"),))
    for xs in (np.linspace(-2.1, 2.3, 17), np.linspace(-1.7, 1.9, 13)):  # the second from tape
        samples = sampler(xs)
        assert (samples.state == DONE).all()
        for place, number in enumerate(xs.tolist()):
            value, slope = alone(function, number, held)
            assert samples.rows[0, place] == pytest.approx(value, rel=1e-13, abs=1e-13)
            if not samples.lacks[place]:
                assert samples.rows[1, place] == pytest.approx(slope, rel=1e-12, abs=1e-12)


def course(a):
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    return b if b.sum() > 0 else 100 * b


def sampler_of(function, *inputs, order=1):
    runnable = of_function(function, inputs or (0.5,))
    return Sampler(runnable, (varying(runnable, None),), order=order)


def test_paths_on_tape_need_no_run_and_give_the_same():
    first, second = np.linspace(1, 9, 50), np.linspace(1.01, 8.99, 77)
    taped = sampler_of(course)
    taped(first)
    runs = taped.runs
    again = taped(second)
    fresh = sampler_of(course)(second)
    assert taped.runs == runs
    assert np.array_equal(again.rows, fresh.rows)
    assert len(set(again.way)) == len(set(fresh.way))


def test_a_path_that_is_not_on_tape_is_run():
    taped = sampler_of(course)
    taped(np.linspace(1, 9, 50))
    samples = taped(np.array([-2.0, 3.0, 100.0]))
    assert samples.rows[0].tolist() == [-102400.0, 1536.0, 1600.0]
    assert samples.rows[1].tolist() == [51200.0, 512.0, 16.0]


@pytest.mark.parametrize(
    "function",
    [
        lambda x: torch.tensor([1.0, 2.0, 3.0]).sum() * x,
        lambda x: (torch.arange(5.0) * x).sum(),  # as many constants as samples
        lambda x: (torch.ones(5) * x)[2],
        lambda x: x.repeat(5).prod(),
        lambda x: x * x.shape.numel(),
        lambda x: x.expand(5).mean() * 2,
        lambda x: x.to(torch.float32).double() * 2,
        lambda x: torch.nn.functional.relu(x, inplace=False) + x.numel(),
        lambda x: sum(x for _ in range(3)) - x.dim(),
        lambda x: torch.cat([x.view(1), x.view(1)]).sum(),
    ],
)
def test_shapes_are_those_of_a_single_number(function):
    """Five samples must not be taken for a vector of five."""
    xs = np.linspace(0.5, 2.5, 5)
    samples = sampler_of(function)(xs)
    for place, number in enumerate(xs.tolist()):
        expected = in_float64(function, torch.tensor(number, dtype=torch.float64))
        assert samples.rows[0, place] == pytest.approx(float(expected), rel=1e-6)


def test_runs_do_not_see_each_others_writes():
    def writes(x, w):
        w = w * 1
        w[0] = w[0] + 1
        return x * w.sum()

    samples = sampler_of(writes, torch.tensor(1.0), torch.zeros(2))(np.linspace(1, 2, 3))
    assert samples.rows[1].tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    "make",
    [
        lambda _: torch.zeros(3),
        lambda _: torch.ones(3, dtype=torch.float64),
        lambda _: torch.tensor([1.0, 2.0, 3.0]),
        lambda w: w.clone(),
        lambda w: w * 2,
        lambda w: torch.zeros_like(w),
        lambda w: w.new_zeros(3),
    ],
)
def test_a_sample_is_written_into_a_tensor_of_its_own(make):
    """At once for all samples, and each sees its own writes only."""

    def writes(x, w):
        made = make(w)
        view = made[1:]
        made[0] = x
        view[1] = x * x
        made += 0.5
        return (made * torch.tensor([1.0, 10.0, 100.0])).sum()

    held = torch.tensor([0.25, 0.5, 0.75])
    xs = np.linspace(-1, 2, 40)
    sampler = sampler_of(writes, torch.tensor(1.0), held)
    samples = sampler(xs)
    assert sampler.alone == 0
    for place, number in enumerate(xs.tolist()):
        assert (samples.rows[0, place], samples.rows[1, place]) == pytest.approx(
            alone(writes, number, held)
        )


def test_one_sample_that_raises_does_not_send_all_to_run_alone():
    def inverse(x):
        return torch.linalg.inv(torch.eye(2) * x).sum()

    sampler = sampler_of(inverse)
    samples = sampler(np.linspace(-1, 1, 1001))
    assert samples.state[500] == FAILED
    assert (np.delete(samples.state, 500) == DONE).all()
    assert sampler.alone <= 64


@pytest.mark.parametrize(
    "function",
    [
        lambda x: torch.ones(2, 3) @ torch.ones(2, 3) * x,
        lambda x: x @ torch.ones(3),
        lambda x: (x * 2)[1],
        lambda x: (torch.sin(x) * 2).sine(),
        lambda x: missing * x,  # noqa: F821
    ],
)
def test_what_fails_whatever_x_is_runs_a_few_times(function):
    sampler = sampler_of(function)
    samples = sampler(np.linspace(-1, 1, 1001))
    assert (samples.state == FAILED).all()
    assert len(sampler.failures) == 1
    assert sampler.runs <= 6


def item_or_word(x):
    try:
        number = x.item()
    except Exception:  # noqa: BLE001 - as hostile code does
        raise ValueError("no") from None
    if number < 0.9:
        raise ValueError("no")
    return x * 2


@pytest.mark.parametrize(
    ("function", "place"),
    [
        (item_or_word, 990),  # without its value it raises the very words that others do
        (lambda x: x * 2 if -0.101 < x.item() < -0.099 else x.sine(), 450),
    ],
)
def test_what_fails_at_most_x_is_found_where_it_does_not(function, place):
    samples = sampler_of(function)(np.linspace(-1, 1, 1001))
    assert samples.state[place] == DONE
    assert (samples.state == FAILED).sum() > 900


def test_no_grad_stops_the_derivative():
    def stopped(x):
        with torch.no_grad():
            y = x * x
        return y * x

    sampler = sampler_of(stopped)
    for xs in (np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])):
        assert sampler(xs).rows[1].tolist() == (xs**2).tolist()


def test_a_slope_without_a_way_to_x_has_no_slope_of_its_own():
    """Its zeros would be wrong: f′ = x² of x²'s detached value, and f″ is not known."""
    samples = sampler_of(lambda x: (x * x).detach() * x, order=2)(np.linspace(0.1, 1, 10))
    assert samples.lacks.tolist() == [2] * 10
    assert np.isnan(samples.rows[2]).all()


def test_a_slope_that_is_constant_in_parts_has_the_slope_zero():
    for function in (torch.relu, lambda x: 3 * x + 1, lambda x: torch.maximum(x, 2 * x)):
        samples = sampler_of(function, order=3)(np.linspace(-1, 1, 20))
        assert (samples.rows[2:] == 0).all()
        assert not samples.lacks.any()


@pytest.mark.parametrize(
    "function",
    [
        lambda x, w: x * w if x > 1 else x.detach() * w,
        lambda x, w: x.detach() * w if x > 1 else x * w,
        lambda x, w: x * w if x > 1 else (x + 1).floor(),
        lambda x, w: 1 / (x - 1) if x > 1 else x * w,
        lambda x, w: x.sqrt() if x > 1 else x * w,
        lambda x, w: x.exp() if x > 1 else (w + 1000 * x * x).exp(),
        lambda x, w: x * x if x > 1 else w * 1.0,
        lambda x, w: w * x * x if x > 1 else 3.0,
    ],
)
def test_ways_derived_together_are_those_derived_alone(function):
    """A way without a derivative, or with an infinite one, does not touch the others."""
    xs = np.linspace(-1, 3, 9)
    held = torch.tensor(0.7)
    samples = sampler_of(function, torch.tensor(0.0), held)(xs)
    for place, number in enumerate(xs.tolist()):
        lone = sampler_of(function, torch.tensor(0.0), held)(np.array([number]))
        assert np.array_equal(samples.rows[:, place], lone.rows[:, 0], equal_nan=True)
        assert samples.lacks[place] == lone.lacks[0]


def elementwise_programs():
    """Each elementwise function on both sides of a branch, so that ways are derived together."""
    for function in sorted(ELEMENTWISE, key=repr):
        name = getattr(function, "__name__", "")
        yield pytest.param(lambda x, f=function: f(x) if x < 0.7 else f(x) * 2, id=f"{name}(x)")
        yield pytest.param(
            lambda x, f=function: f(x, 1.5) if x < 0.7 else f(x, x + 1), id=f"{name}(x, y)"
        )


@pytest.mark.parametrize("function", list(elementwise_programs()))
def test_every_elementwise_function_is_sampled_as_if_alone(function):
    """What raises alone fails, what has no derivative alone lacks it, the rest is equal."""
    xs = np.array([0.2, 0.5, 0.6, 0.8, 0.9])
    samples = sampler_of(function)(xs)
    for place, number in enumerate(xs.tolist()):
        leaf = torch.tensor(number, dtype=torch.float64, requires_grad=True)
        try:
            value = in_float64(function, leaf)
            value = value[0] if isinstance(value, tuple) else value
            known = float(value.detach() if isinstance(value, torch.Tensor) else value)
        except (RuntimeError, TypeError, ValueError):
            assert samples.state[place] == FAILED
            continue
        close = {"rel": 1e-13, "abs": 1e-13, "nan_ok": True}
        assert samples.state[place] == DONE
        assert samples.rows[0, place] == pytest.approx(known, **close)
        try:
            (slope,) = torch.autograd.grad(value, leaf)
        except RuntimeError:
            assert samples.lacks[place] == 1
        else:
            assert samples.lacks[place] == 0
            assert samples.rows[1, place] == pytest.approx(slope.item(), **close)


def test_code_that_does_other_things_at_each_run_is_not_taken_from_tape():
    """Its second run differs: what is on tape must not stand in for it."""
    turn = iter(range(1000))

    def changing(x):
        y = x.exp() if next(turn) % 2 else x.sin()
        return y if x > 0.5 else -y

    samples = sampler_of(changing)(np.array([0.1, 0.2, 0.8]))
    values = {round(float(f), 9) for f in samples.rows[0]}
    possible = {
        round(s * float(g(x)), 9)
        for x in (0.1, 0.2, 0.8)
        for g in (np.exp, np.sin)
        for s in (1, -1)
    }
    assert values <= possible


def test_a_tape_that_is_full_is_left(monkeypatch):
    monkeypatch.setattr(tape, "MAX_CALLS", 12)
    xs = np.linspace(-9, 9, 60)
    full = sampler_of(course)
    samples, again = full(xs), full(xs + 0.01)
    monkeypatch.undo()
    assert np.array_equal(samples.rows, sampler_of(course)(xs).rows)
    assert np.array_equal(again.rows, sampler_of(course)(xs + 0.01).rows)


def test_a_batch_too_wide_for_a_reel_is_cut(monkeypatch):
    xs = np.linspace(-9, 9, 200)
    whole = sampler_of(course)
    whole(xs)
    monkeypatch.setattr(tape, "MAX_NUMBERS", 5_000)
    again = whole(xs + 0.003)
    monkeypatch.undo()
    assert whole._tape.lanes > 200
    assert np.array_equal(again.rows, sampler_of(course)(xs + 0.003).rows)


def test_what_is_computed_anew_on_the_way_back_is_computed_at_each_sample():
    def function(x, y=1.0):
        return checkpoint(lambda z: z.sin() * z, x * y, use_reentrant=False)

    found, plain = (curve(f, -1, 1, points=5, order=2) for f in (function, lambda x: x.sin() * x))
    assert np.allclose(found.derivatives, plain.derivatives)
    hill, plain_hill = (
        surface(f, (-1, 1), (-1, 1), points=3)
        for f in (function, lambda x, y: (x * y).sin() * x * y)
    )
    assert np.allclose(hill.dx, plain_hill.dx)
