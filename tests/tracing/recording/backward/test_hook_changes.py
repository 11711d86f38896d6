"""Hooks that change gradients are named where they act: against the hooks' own words."""

import pytest
import torch
from torch import nn

from viz.drawing.folding.fold import fold
from viz.drawing.play.steps import player
from viz.records import Trace
from viz.tracing.recording.trace import trace


def doubled(*gradients):
    return tuple(None if each is None else each * 2 for each in gradients)


def on_a_tensor(x):
    y = x * x
    y.register_hook(lambda gradient: gradient * 2)
    return y * 3


def on_a_leaf(x):
    x.register_hook(lambda gradient: gradient * 2)
    return x * x * 3


def before_a_node(x):
    y = x * x
    y.grad_fn.register_prehook(lambda came: doubled(*came))
    return y * 3


def behind_a_node(x):
    y = x * x
    y.grad_fn.register_hook(lambda passed, _: (passed[0] * 2, passed[1]))
    return y * 3


def after_the_accumulation(x):
    def double(leaf):
        leaf.grad = leaf.grad * 2

    x.register_post_accumulate_grad_hook(double)
    return x * x * 3


def that_only_look(x):
    y = x * x
    y.register_hook(lambda gradient: gradient.clone())
    y.grad_fn.register_hook(lambda *_: None)
    x.register_hook(print)
    return y * 3


@pytest.mark.parametrize(
    ("function", "op", "at", "before", "after", "words"),
    [
        (on_a_tensor, "MulBackward0", "node", 3, 6, "changed the gradient of y: 3 → 6."),
        (on_a_leaf, "AccumulateGrad", "node", 12, 24, "changed the gradient of x: 12 → 24."),
        (before_a_node, "MulBackward0", "node", 3, 6, "changed the gradient of y: 3 → 6."),
        (behind_a_node, "MulBackward0", "edge", 6, 12, "what it passed on: 6 → 12."),
        (after_the_accumulation, "AccumulateGrad", "grad", 12, 24, "changed its .grad: 12 → 24."),
    ],
)
def test_it_is_told_where_it_acts(function, op, at, before, after, words):
    x = torch.tensor(2.0, requires_grad=True)
    function(x).backward()
    run = trace(function, 2.0)
    assert run.gradients["x"].values == (x.grad.item(),)
    (change,) = run.passes[0].hooked
    assert (run.node(change.node).op, change.at) == (op, at)
    assert (change.before.values, change.after.values) == ((before,), (after,))
    steps = player(run, fold(run)).steps
    assert any(words in str(step.sentence) for step in steps)
    assert any("(a hook)" in step.formula for step in steps)
    assert Trace.from_json(run.to_json()) == run


def test_hooks_that_only_look_are_not_told():
    assert trace(that_only_look, 2.0).passes[0].hooked == ()


def test_modules_hooks_and_those_that_were_there_before():
    first, second = nn.Linear(2, 2), nn.Linear(2, 1)
    first.register_full_backward_hook(lambda _, passed, __: doubled(*passed))
    second.register_full_backward_pre_hook(lambda _, came: doubled(*came))
    second.weight.register_hook(lambda gradient: gradient * 3)
    run = trace(nn.Sequential(first, second), torch.ones(1, 2, requires_grad=True))
    told = [(run.node(each.node).op, each.at) for each in run.passes[0].hooked]
    assert "detached" not in {node.kind for node in run.nodes}
    through = "BackwardHookFunctionBackward"
    assert told == [(through, "edge"), (through, "edge"), ("AccumulateGrad", "node")]
    for each in run.passes[0].hooked:
        factor = 3 if each.at == "node" else 2
        assert each.after.values == pytest.approx([factor * one for one in each.before.values])
