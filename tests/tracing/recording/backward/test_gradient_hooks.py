"""What nodes received and passed on, however they were watched: against hooks of the test's own."""

import functools
import gc
import sys
import weakref

import pytest
import torch

from viz.tracing.recording.backward.gradient_hooks import StepDrafts
from viz.tracing.recording.backward.passes import Passes
from viz.tracing.recording.forward.recorder import Recorder
from viz.tracing.recording.nodes.graph import Graph
from viz.tracing.recording.trace import trace


def chain(x):
    y = torch.tanh(x)
    z = torch.exp(y) * 3
    return torch.sin(z)


def diamond(x):
    y = torch.tanh(x)
    return torch.sin(y) * torch.exp(y)


def several_outputs(x):
    first, second = (torch.stack([x, x * 2])).unbind(0)
    return first * second


def broadcast(x):
    return (x.reshape(1) * torch.ones(3, requires_grad=True)).sum()


@pytest.mark.parametrize("function", [chain, diamond, several_outputs, broadcast])
@pytest.mark.parametrize("order", [1, 2])
def test_watching_in_front_tells_the_same_as_watching_behind(monkeypatch, function, order):
    quick = trace(function, 0.7, order=order)
    hooks = "viz.tracing.recording.backward.gradient_hooks"
    monkeypatch.setattr(f"{hooks}._used_alone", lambda *_: False)
    assert trace(function, 0.7, order=order) == quick


def test_a_chain_is_watched_in_front(monkeypatch):
    asked = []
    behind = StepDrafts.behind
    monkeypatch.setattr(
        StepDrafts, "behind", lambda self, draft: (asked.append(draft.op), behind(self, draft))[1]
    )
    run = trace(chain, 0.7)
    assert asked == []
    assert len(run.passes[0].steps) == 5
    trace(diamond, 0.7)
    # only whoever passes something to a node that others pass something to as well
    assert sorted(asked) == ["ExpBackward0", "SinBackward0"]


def leaves_as_before(function, *inputs):
    """Traces a function of leaves of the test's own; what hangs on them is what hung there."""
    leaf = torch.ones(3, requires_grad=True)
    hung = leaf._backward_hooks
    run = trace(lambda x: function(x, leaf), *inputs, partial=True)
    assert leaf._backward_hooks is hung
    again = (leaf * 2).sum()
    again.backward()
    assert leaf.grad.tolist() == [2.0] * 3
    return run


def test_nothing_stays_in_front_of_a_leaf():
    run = leaves_as_before(lambda x, leaf: (x * leaf).sum(), 2.0)
    assert run.gradients["leaf"].values == (2.0,) * 3

    def failing(x, leaf):
        y = x * leaf
        with torch.no_grad():
            leaf.add_(1)
        return y.sum()

    assert leaves_as_before(failing, 2.0).failure.type == "RuntimeError"


class HangsOne(torch.autograd.Function):
    """Hangs a hook on a leaf while the backward call runs."""

    leaf = None

    @staticmethod
    def forward(_, x):
        return x * 1

    @staticmethod
    def backward(_, gradient):
        HangsOne.leaf.register_hook(lambda came: came * 10)
        return gradient


def test_a_hook_that_is_hung_on_a_leaf_during_a_pass_acts_there_alone():
    def function(x):
        HangsOne.leaf = x
        return (HangsOne.apply(x * 2) * 3).sum()

    run = trace(function, torch.ones(2))
    x = torch.ones(2, requires_grad=True)
    function(x).backward()
    assert run.gradients["x"].values == tuple(x.grad.tolist())
    assert run.node("n0").op == "AccumulateGrad"
    received = [step.gradients[0].values for step in run.passes[0].steps]
    assert received[:-1] == [(1.0,), (1.0,) * 2, (3.0,) * 2, (3.0,) * 2]


def test_a_typed_hook_that_changes_a_gradient_does_not_change_what_was_passed_on():
    def hooked(x):
        y = torch.tanh(x) * 1
        y.register_hook(lambda gradient: gradient * 10)
        return y * 2

    run = trace(hooked, 0.5)
    products = [node for node in run.nodes if node.op == "MulBackward0"]
    steps = {step.node: step for step in run.passes[0].steps}
    assert steps[products[1].id].contributions[0].values == (2.0,)
    assert steps[products[0].id].gradients[0].values == (20.0,)
    assert sys.gettrace() is None


def test_a_hook_hung_on_a_node_itself_is_reckoned_with():
    def hooked(x):
        y = torch.tanh(x) * 1
        y.grad_fn.register_prehook(lambda gradients: (gradients[0] * 10,))
        return y * 2

    run = trace(hooked, 0.5)
    products = [node for node in run.nodes if node.op == "MulBackward0"]
    steps = {step.node: step for step in run.passes[0].steps}
    assert steps[products[1].id].contributions[0].values == (2.0,)
    assert steps[products[0].id].contributions[0].values == (20.0,)


def test_a_node_that_failed_has_no_turn():
    def twice(x):
        y = torch.sin(torch.exp(x) * 2)
        y.backward()
        y.backward()

    run = trace(twice, 0.5, partial=True)
    assert run.failure.type == "RuntimeError"
    # the second run received a gradient at the sine, whose buffers were gone
    assert len(run.passes) == 1
    assert len(run.passes[0].steps) == 4


def test_a_graph_that_was_recorded_runs_on_as_before():
    kept = []

    def keeping(x):
        y = (x + 1) + 1  # an addition keeps no buffers: its node can run again
        kept.extend((x, y))
        return y * 1

    run = trace(keeping, 0.5)
    x, y = kept
    y.backward()
    assert x.grad.item() == 2.0
    assert len(run.passes[0].steps) == 4


def test_nothing_is_left_to_the_garbage_collector():
    seen = []

    def watched(x):
        for _ in range(3):
            x = torch.sin(x) * 2
            seen.append(weakref.ref(x))
        return (x * x).sum()

    gc.collect()
    gc.disable()
    try:
        run = trace(watched, torch.ones(3), order=2)
        assert run.failure is None
        assert [ref() for ref in seen] == [None] * 3
        ours = (Passes, Recorder, Graph)
        assert not [each for each in gc.get_objects() if isinstance(each, ours)]
    finally:
        gc.enable()


def test_the_second_derivative_of_abs_is_zero_though_autograd_fills_nothing_in():
    run = trace(lambda x: torch.abs(x) * 2, 1.5, order=2)
    assert run.failure is None
    assert run.gradients["x"].values == (0.0,)


def test_a_decorated_function_is_found_where_it_stands():
    def doubled(function):
        @functools.wraps(function)
        def wrapper(x):
            return function(x)

        return wrapper

    @doubled
    def inner(x):
        y = torch.sin(x)
        return y * 1

    run = trace(inner, 0.5)
    assert [call.name for call in run.calls] == ["y", None]
    assert run.program.source.lstrip().startswith("@doubled")


@pytest.mark.parametrize("divisor", [1, 0])
def test_a_hook_goes_with_its_run(divisor):
    """What a run hung on autograd's nodes does not keep these alive."""
    seen = []

    def f(x):
        y = x * x

        def hook(gradient):
            return gradient / (1 / divisor)

        seen.append(weakref.ref(hook))
        y.register_hook(hook)
        return y * 2

    trace(f, 2.0, partial=True)
    gc.collect()
    assert seen[0]() is None


def test_a_function_that_says_it_wraps_itself_is_looked_at():
    def function(x):
        return x * 2

    function.__wrapped__ = function
    assert trace(function, 1.0).value.values == (2.0,)
