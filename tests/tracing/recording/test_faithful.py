"""Where recording could tell another story than plain torch: views inside `no_grad`, leaves that
are written into or are the result themselves, inference mode, names, calls that reach nothing.
"""

import pytest
import torch

from viz import draw, graph_of
from viz.tracing.recording.nodes.overwritten import BEFORE
from viz.tracing.recording.trace import trace

X = "x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\n"


@pytest.mark.parametrize(
    "write",
    [
        "x[0] += 1",
        "x[0].add_(1)",
        "x.T.mul_(2)",
        "x.view(-1).clamp_(0, 2)",
        "y[0].add_(1)",
        "v = y[0]\n    v += 1\n    w = v * 2",
        "a, b = x.unbind(0)\n    a.add_(1)",
    ],
)
def test_writing_into_a_view_inside_no_grad_is_allowed(sandbox, write):
    run = sandbox.trace(
        X + f"y = x * 2\nwith torch.no_grad():\n    {write}\nz = (x * x).sum()\nz.backward()\n"
    )
    assert run.failure is None, run.failure.message


def test_writing_into_an_unbound_row_inside_no_grad(sandbox):
    run = sandbox.trace(X + "for r in x:\n    with torch.no_grad():\n        r.add_(1)\n")
    assert run.failure is None, run.failure.message


def test_a_leaf_written_into_before_backward_still_has_its_turn(sandbox):
    run = sandbox.trace(
        X + "u = x.sum()\nwith torch.no_grad():\n    x.add_(1)\nv = (x * 2).sum()\nu.backward()\n"
    )
    ops = [run.node(step.node).op for step in run.passes[0].steps]
    assert ops == ["SumBackward0", "AccumulateGrad"]
    assert run.passes[0].leaves_after[0].gradient.values == (1.0,) * 4


def test_backward_from_a_leaf_itself(sandbox):
    run = sandbox.trace("z = torch.tensor(1.5, requires_grad=True)\nz.backward()\nz.grad\n")
    assert run.cells[0].shown == "tensor(1.)"
    assert run.gradients["z"] is not None
    assert run.gradients["z"].values == (1.0,)
    assert len(run.passes) == 1


def test_the_identity_has_the_gradient_one():
    run = trace(lambda x: x, 2.0)
    assert run.gradients["x"] is not None
    assert run.gradients["x"].values == (1.0,)


def test_a_gradient_that_was_assigned_is_there(sandbox):
    run = sandbox.trace(
        "z = torch.tensor(1.5, requires_grad=True)\nw = z.detach()\n"
        "z.grad = torch.tensor(7.0)\ny = z * 2\nz.grad\n"
    )
    assert run.gradients["z"].values == (7.0,)


def test_inference_mode(sandbox):
    run = sandbox.trace(
        X
        + "with torch.inference_mode():\n    v = x * 2\n    u = (v + 1).sum()\n    n = u.item()\n"
        + "n\n"
    )
    assert run.failure is None, run.failure.message
    assert run.cells[0].shown == "24.0"


def test_only_the_result_of_a_module_has_the_variables_name(sandbox):
    run = sandbox.trace(
        "net = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1))\n"
        "x = torch.ones(3)\nout = net(x)\n"
    )
    assert [node.op for node in run.nodes if node.name == "out"] == ["ViewBackward0"]


def test_a_base_changed_through_a_view_of_it_has_its_value_when_it_is_used(sandbox):
    run = sandbox.trace(
        "x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\ny = x * 2\ny.view(-1)[0] = 9.0\n"
        "z = y * y\nz.sum().backward()\n"
    )
    (copied,) = [node for node in run.nodes if node.op == "CopySlices"]
    assert copied.value is not None
    assert copied.value.values == (9.0, 4.0, 6.0)


def test_a_base_that_was_written_into_again_does_not_show_an_earlier_value(sandbox):
    run = sandbox.trace(
        "x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\ny = x * 2\ny.view(-1)[0] = 9.0\n"
        "with torch.no_grad():\n    y[1] = 7.0\nz = (y * 2).sum()\n"
    )
    (copied,) = [node for node in run.nodes if node.op == "CopySlices"]
    assert copied.value.values == (9.0, 7.0, 6.0)
    [before] = [saved.value for saved in copied.saved if saved.name == BEFORE]
    assert before.values == (9.0, 4.0, 6.0)


def test_an_input_that_is_not_used_adds_nothing_to_a_derivative():
    run = trace(lambda x, y: x**3 + 0 * y.detach(), 2.0, 5.0, order=2)
    assert run.gradients["x"].values == (12.0,)
    assert set(run.gradients) == {"x", "y"}
    assert [run.node(root).op for root in run.passes[-1].roots] == ["MulBackward0"]


def test_a_call_of_grad_that_reaches_nothing_is_a_pass_too(sandbox):
    run = sandbox.trace(
        X + "z = torch.tensor(1.5, requires_grad=True)\ny = (z * 2).sum()\n"
        "g = torch.autograd.grad(y, x, allow_unused=True)\ng\n"
    )
    assert run.cells[0].shown == "(None,)"
    assert len(run.passes) == 1


def test_more_dimensions_than_a_record_holds_are_said_at_their_line(sandbox):
    run = sandbox.trace("x = torch.ones([1] * 65, requires_grad=True)\ny = x * 2\n")
    assert run.failure is not None
    assert "65 dimensions" in run.failure.message
    assert run.failure.span.line == 1
    fine = sandbox.trace("x = torch.ones([1] * 64, requires_grad=True)\n(x * 2).sum().backward()\n")
    assert fine.failure is None


class Holder:
    """Takes tensors' functions over, and gives back another of its kind."""

    def __init__(self, held):
        self.held = held

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        plain = [each.held if isinstance(each, cls) else each for each in args]
        return cls(func(*plain, **(kwargs or {})))


def test_a_class_that_takes_over_may_give_back_no_tensor():
    run = trace(lambda x: torch.mul(torch.add(Holder(x), 1), 2).held.sin(), 2.0)
    assert run.gradients["x"].values == (torch.cos(torch.tensor(6.0)).item() * 2,)


def test_what_was_returned_is_told_whichever_output_of_its_node_it_is(sandbox):
    rows = torch.arange(6.0).reshape(3, 2)
    run = trace(lambda x: x.unbind(0)[2], rows)
    assert run.value.values == (4.0, 5.0)
    assert (run.outputs, run.output_indices) == (("n1",), (2,))
    assert "value 3" in draw(run).dot.source
    assert type(run).from_json(run.to_json()) == run
    run = trace(lambda x: {"a": x.unbind(0)[1], "b": x[0], "c": x.sort(1)[1]}, rows)
    assert [node.output(place).values for node, place in run.returned()] == [
        (2.0, 3.0),
        (0.0, 1.0),
        (0, 1, 0, 1, 0, 1),
    ]
    x = rows.clone().requires_grad_()
    assert graph_of(x.unbind(0)[1]).value.values == (2.0, 3.0)
    source = "x = torch.arange(3., requires_grad=True)\nx.unbind(0)[2]"
    run = sandbox.trace(source)
    assert (run.outputs, run.output_indices) == (("n1",), (2,))


def test_fresh_memory_is_the_same_in_each_run():
    def f(x):
        rows = torch.empty(2, 3)
        rows[0] = x
        rows[1] = 2 * x
        flags = x.new_empty(3, dtype=torch.long)
        return rows.sum() + flags.view(3)[:1].float() * 0

    def after(number):
        used = [torch.full((size,), number) for size in (3, 6) for _ in range(50)]
        del used  # the memory that is given out next
        return trace(f, torch.ones(3))

    first, second = after(7.0).to_json(), after(8.0).to_json()
    assert first == second


def test_what_a_transform_made_for_its_own_use_has_no_row():
    run = trace(lambda x: torch.func.vjp(torch.sin, x)[1](torch.ones(3))[0], torch.ones(3))
    assert list(run.gradients) == ["x"]
    assert [node.name for node in run.nodes if node.kind == "leaf"] == ["x", "x"]


@pytest.mark.parametrize("size", [3, 100])
def test_what_is_kept_within_a_transform_has_no_memory_of_its_own(size):
    def f(x):
        _, pulled = torch.func.vjp(torch.func.grad(lambda u: u.sin().sum()), x)
        return pulled(torch.ones(size))[0].sum()

    x = torch.linspace(-1, 1, size)
    run = trace(f, x)
    assert run.value.values == pytest.approx([-x.sin().sum().item()], abs=1e-5)
    assert run.failure is None
