"""Backward calls inside a custom Function are passes; the mode that sees them goes down again."""

import pytest
import torch
from torch.overrides import _get_current_function_mode_stack
from torch.utils.checkpoint import checkpoint

from viz.drawing.folding.fold import fold
from viz.drawing.play.steps import player
from viz.errors import FunctionFailed
from viz.tracing.recording.trace import trace


class Squared(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            y = x * x
        y.backward(gradient)
        return x.grad


class Asked(Squared):
    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            return torch.autograd.grad(x * x, x, gradient)[0]


class Failing(Squared):
    @staticmethod
    def backward(*_):
        raise ValueError("no gradient today")


@pytest.mark.parametrize(("function", "kind"), [(Squared, "backward"), (Asked, "grad")])
def test_they_are_passes(function, kind):
    run = trace(lambda x: function.apply(x) * 3, 2.0)
    inner, outer = run.passes
    assert (inner.kind, outer.kind) == (kind, "backward")
    assert {name: each.values for name, each in run.gradients.items()} == {"x": (12.0,)}
    assert inner.gradients[0].values == (3.0,)
    ops = [[run.node(step.node).op for step in each.steps] for each in run.passes]
    assert ops == [
        ["MulBackward0", "AccumulateGrad"],
        ["MulBackward0", f"{function.__name__}Backward", "AccumulateGrad"],
    ]
    assert player(run, fold(run)).steps


def test_nothing_stays_up_after_a_failure():
    with pytest.raises(FunctionFailed, match="no gradient today"):
        trace(lambda x: Failing.apply(x) * 3, 2.0)
    assert _get_current_function_mode_stack() == []


def only_named(x):
    y = x * 2
    y.backward  # noqa: B018 — it is the point


def test_a_function_that_only_names_backward_hears_why():
    with pytest.raises(FunctionFailed, match="is not called") as failed:
        trace(only_named, 2.0)
    assert failed.value.trace.failure.replacement.rstrip().endswith("    return y")


def test_a_checkpoint_s_own_backward_call_adds_to_no_gradient_of_the_user_s():
    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Tanh())

    def f(x):
        return checkpoint(model, x, use_reentrant=True).sum()

    f(torch.ones(2).requires_grad_()).backward()
    kept = [each.grad for each in model.parameters()]
    numbers = [tuple(each.flatten().tolist()) for each in kept]
    run = trace(f, torch.ones(2))
    assert [run.gradients[f"0.{name}"].values for name in ("weight", "bias")] == numbers
    told = [node.gradient for node in run.nodes if node.name in ("0.weight", "0.bias")]
    assert [each.values for each in told] == numbers
    assert all(p.grad is one for p, one in zip(model.parameters(), kept, strict=True))
    assert [tuple(each.flatten().tolist()) for each in kept] == numbers


class Padded(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape, ctx.padding, ctx.kind, ctx.rows = x.shape, (1, 2), x.dtype, [x, object()]
        return x * 2

    @staticmethod
    def backward(ctx, gradient):
        return gradient.reshape(ctx.shape) * 2


def test_sizes_and_kinds_that_a_function_keeps_are_told():
    run = trace(lambda x: Padded.apply(x), torch.ones(2))
    [node] = [node for node in run.nodes if node.op == "PaddedBackward"]
    assert {each.name: each.value for each in node.saved} == {
        "shape": "torch.Size([2])",
        "padding": "(1, 2)",
        "kind": "torch.float32",
    }
