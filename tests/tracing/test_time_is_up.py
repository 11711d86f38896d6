"""The time of a run may be over at any moment: what was recorded until then is told, whole."""

import sys

import pytest
import torch

from viz.program import check
from viz.records import CurveQuestion, SurfaceQuestion, TraceQuestion
from viz.sandbox.child.compiled import runnable
from viz.sandbox.child.timers import DELICATE
from viz.sandbox.wire.answers import encoded
from viz.tracing.calculus.curve import curve
from viz.tracing.calculus.surface import surface
from viz.tracing.questions import answer
from viz.tracing.runnable import TYPED
from viz.tracing.stopping import STOPPABLE, TimeIsUp
from viz.tracing.typed.namespace import namespace


class Stops:
    """A function of which only the first runs come to their end."""

    def __init__(self, function, runs):
        self.function, self.left = function, runs

    def __call__(self, *values):
        self.left -= 1
        if self.left < 0:
            raise TimeIsUp
        return self.function(*values)


def grows(x):
    while x < 1e3:
        x = x * 2 + 2.5
    return x


def alone(x):
    return x * x if x.item() > 0.3 else torch.tensor(x.item())


def fails(x):
    if x > 0.5:
        raise ValueError("no")
    return x.sqrt()


CURVES = [
    lambda x: x.sin(),
    lambda x: 1 / x,
    lambda x: (1 / x).sin(),
    lambda x: (20 * x).floor() / x,
    lambda x: torch.where(x > 0.1, x.abs(), torch.log(x)),
    lambda x: (1000 * x).sin(),
    grows,
    alone,
    fails,
]


@pytest.mark.parametrize("points", [8, 40])
@pytest.mark.parametrize("function", CURVES)
def test_a_curve_may_be_stopped_after_any_run(function, points):
    whole = curve(Stops(function, 10**9), -1.0, 1.0, points=points, order=2, partial=True)
    assert whole.runs > 0
    stopped = [
        curve(Stops(function, runs), -1.0, 1.0, points=points, order=2, partial=True)
        for runs in range(min(whole.runs, 20))
    ]
    assert all(one.failure is not None for one in stopped)
    assert all(one.failure.type == "TimeIsUp" for one in stopped)
    assert all(list(one.x) == sorted(set(one.x)) for one in stopped)
    assert all(len(row) == len(one.x) for one in stopped for row in one.derivatives)


@pytest.mark.parametrize("runs", range(3))
def test_a_surface_may_be_stopped_after_any_run(runs):
    def function(x, y):
        return x * y if x > y else x + y.exp()

    stopped = surface(Stops(function, runs), (-1.0, 1.0), (-1.0, 1.0), points=6, partial=True)
    assert (stopped.failure is None) == (runs > 1)
    assert len(stopped.value) == 6


def interrupted(question, at):
    """The answer if time is up at the `at`-th call within typed code; how many calls there were.

    The moments are those at which the sandbox's timer may raise: when any function is entered
    with typed code, or what is stoppable, below it.
    """
    ready = runnable(question, namespace)
    calls = 0

    def watch(frame, event, _):
        nonlocal calls
        if event == "call" and _is_typed(frame):
            calls += 1
            if calls == at:
                raise TimeIsUp

    sys.setprofile(watch)
    try:
        return answer(question, ready, None), calls
    finally:
        sys.setprofile(None)


def _is_typed(frame):
    while frame is not None and not (
        frame.f_code.co_filename == TYPED or frame.f_code in STOPPABLE
    ):
        if frame.f_code.co_name in DELICATE:
            return False
        frame = frame.f_back
    return frame is not None


STEP = 3
MOMENTS = 25
"""Moments that are tried at most, evenly spread: not every one, to be quick."""

PROGRAMS = {
    "expression": ("sin(x)*y + exp(x*y).log()", {"x": "1.5", "y": "0.5"}),
    "writes": (
        "x = torch.ones(3, requires_grad=True)\ny = x * 2\ny[0] = 5\ny.mul_(2)\n"
        "with torch.no_grad():\n    x += 1\ny.sum().backward()\n",
        {},
    ),
    "hook": (
        "x = torch.tensor([1.0, 2.0], requires_grad=True)\n"
        "def doubled(g):\n    g = g * 2\n    return g\n"
        "y = x * 3\ny.register_hook(doubled)\ny.sum().backward(retain_graph=True)\n"
        "g, = torch.autograd.grad((y * x).sum(), x, create_graph=True)\n",
        {},
    ),
    "loop": (
        "def f(a):\n    b = a * 2\n    while b.norm() < 20:\n        b = b * 2\n    return b\n",
        {"a": "torch.tensor([1.0, 2.0])"},
    ),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_trace_may_be_stopped_at_any_call(name):
    source, inputs = PROGRAMS[name]
    question = TraceQuestion(check(source), inputs)
    whole, calls = interrupted(question, 0)
    assert calls > 50
    for at in range(1, calls + 1, max(STEP, calls // MOMENTS)):
        stopped, _ = interrupted(question, at)
        assert encoded(stopped)
        assert stopped.failure is None or stopped.failure.type == "TimeIsUp", at
        assert len(stopped.nodes) <= len(whole.nodes)
    again, _ = interrupted(question, 0)
    assert again == whole


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", ["curve", "surface"])
def test_pictures_may_be_stopped_at_any_call(kind):
    source, inputs = PROGRAMS["expression"]
    program = check(source)
    question = (
        CurveQuestion(program, inputs, -1.0, 1.0, points=30)
        if kind == "curve"
        else SurfaceQuestion(program, inputs, (-1.0, 1.0), (-1.0, 1.0), points=6)
    )
    _, calls = interrupted(question, 0)
    assert calls > 5
    for at in range(1, calls + 1, max(1, calls // MOMENTS)):
        assert encoded(interrupted(question, at)[0])
