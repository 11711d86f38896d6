"""`trace` against plain torch: the course's numbers, and what a record must hold."""

import warnings

import pytest
import torch

from viz.errors import FunctionFailed, InputRejected
from viz.tracing.recording.nodes.tensor_summary import MANY, summary
from viz.tracing.recording.trace import Run, trace
from viz.tracing.runnable import of_function

KINDS = (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int64)
ODD = (float("nan"), float("inf"), float("-inf"))


def doubling(a):
    """The course's control-flow function."""
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    if b.sum() > 0:  # noqa: SIM108 — as the course has it
        c = b
    else:
        c = 100 * b
    return c


def by_name(run, name):
    return [node for node in run.nodes if node.name == name]


def test_dot_gives_four_x():
    run = trace(lambda x: 2 * torch.dot(x, x), torch.arange(4.0))
    assert run.value.values == (28.0,)
    assert run.gradients["x"].values == (0.0, 4.0, 8.0, 12.0)


def test_values_and_gradients_of_a_product_of_a_sum():
    def f(x, y, z):
        q = x + y
        return q * z

    run = trace(f, -2.0, 5.0, -4.0)
    assert run.value.values == (-12.0,)
    assert [run.gradients[name].values for name in "xyz"] == [(-4.0,), (-4.0,), (3.0,)]
    (q,) = by_name(run, "q")
    assert (q.op, q.value.values, q.gradient.values) == ("AddBackward0", (3.0,), (-4.0,))
    assert run.node(run.outputs[0]).kind == "output"
    assert [node.kind for node in run.nodes[:3]] == ["leaf"] * 3


@pytest.mark.parametrize(
    ("a", "value", "gradient", "rounds"),
    [
        (2.0, 1024.0, 512.0, 8),
        (-1.0, -102400.0, 102400.0, 9),
        (999.0, 1998.0, 2.0, 0),
        (0.001, 1048.576, 1048576.0, 19),
    ],
)
def test_control_flow(a, value, gradient, rounds):
    run = trace(doubling, a)
    assert run.value.values[0] == pytest.approx(value, rel=1e-6)
    assert run.gradients["a"].values == (gradient,)
    tests = [each.outcome for each in run.decisions if each.statement == "while"]
    assert tests == [True] * rounds + [False]
    assert [each.outcome for each in run.decisions if each.statement == "if"] == [a > 0]
    assert [each.iteration for each in run.decisions if each.statement == "while"] == list(
        range(1, rounds + 2)
    )


def test_lines_tell_the_branch_not_taken():
    run = trace(doubling, 2.0)
    text = run.program.source.split("\n")
    counts = {text[line.number - 1].strip(): line.count for line in run.lines}
    assert counts["c = b"] == 1
    assert counts["c = 100 * b"] == 0
    assert counts["b = b * 2"] == 8


def test_a_square_has_two_edges_whose_contributions_add_up():
    run = trace(lambda a: a * a, 3.0)
    edges = [edge for edge in run.edges if edge.source == "n0"]
    assert [edge.contribution.values for edge in edges] == [(3.0,), (3.0,)]
    assert run.gradients["a"].values == (6.0,)


def test_detach_stops_the_gradient():
    def f(x):
        y = x * x
        u = y.detach()
        z = u * x
        return z.sum()

    run = trace(f, torch.arange(4.0))
    (u,) = by_name(run, "u")
    (y,) = by_name(run, "y")
    assert (u.kind, u.op, u.value.values) == ("detached", "detach", (0.0, 1.0, 4.0, 9.0))
    assert run.gradients["x"].values == u.value.values
    assert y.gradient is None
    around = [edge for edge in run.edges if u.id in (edge.source, edge.target)]
    assert [(edge.source, edge.target == u.id, edge.differentiable) for edge in around] == [
        (y.id, True, False),
        (u.id, False, False),
    ]


def test_spans_of_several_calls_on_one_line():
    def f(a, b):
        return a * b + torch.sin(a)

    run = trace(f, 2.0, 3.0)
    row = run.program.source.split("\n")[1]
    spelled = [row[call.span.column : call.span.end_column] for call in run.calls]
    assert spelled == ["a * b", "torch.sin(a)", "a * b + torch.sin(a)"]


def test_two_runs_give_equal_records():
    assert trace(doubling, 0.3) == trace(doubling, 0.3)


def test_random_numbers_are_drawn_from_the_seed():
    def f(x):
        return x * torch.randn(3)

    assert trace(f, 1.0, seed=5) == trace(f, 1.0, seed=5)
    assert trace(f, 1.0, seed=5) != trace(f, 1.0, seed=6)


@pytest.mark.parametrize(("order", "expected"), [(1, 32.0), (2, 48.0), (3, 48.0), (4, 24.0)])
def test_orders_of_a_fourth_power(order, expected):
    run = trace(lambda x: x**4, 2.0, order=order)
    assert run.gradients["x"].values == (expected,)
    assert len(run.counts) == order
    assert len(run.passes) == order


def test_an_order_beyond_four_is_refused():
    with pytest.raises(InputRejected, match="5 is not the order"):
        trace(lambda x: x, 1.0, order=5)


def test_a_failing_run_keeps_what_it_recorded_and_names_the_place():
    def f(x):
        y = x * x
        return torch.dot(y, y)

    with pytest.raises(FunctionFailed, match="1D tensors expected") as told:
        trace(f, 2.0)
    assert isinstance(told.value.__cause__, RuntimeError)
    run = told.value.trace
    assert trace(f, 2.0, partial=True) == run
    assert run.failure.type == "RuntimeError"
    assert "1D tensors expected" in run.failure.message
    assert run.failure.span.line == 3
    assert [node.name for node in run.nodes] == ["x", "y"]
    assert run.failure.hint is not None


@pytest.mark.parametrize(
    ("function", "kind"),
    [(lambda _: 3.0, "NoTensor"), (lambda x: x.detach() * 2, "NoGradient")],
)
def test_nothing_to_differentiate_is_said(function, kind):
    assert trace(function, 1.0, partial=True).failure.type == kind


def test_a_long_chain_needs_no_recursion():
    def f(x):
        for _ in range(20_000):
            x = x + 1
        return x

    run = trace(f, 0.0)
    assert not run.truncated
    assert run.gradients["x"].values == (1.0,)
    assert run.value.values == (20_000.0,)


def test_beyond_the_limit_the_record_says_so():
    def f(x):
        for _ in range(21_000):
            x = x.sin()
        return x

    run = trace(f, 1.0)
    assert run.truncated
    operations = [node for node in run.nodes if node.kind == "operation"]
    assert len(operations) == 20_000


def test_a_pass_after_the_last_call_that_has_room_is_no_call(monkeypatch) -> None:
    monkeypatch.setattr("viz.tracing.recording.forward.recorder.MAX_CALLS", 3)

    def f(x):
        for _ in range(4):
            torch.ones(1)
        torch.autograd.grad((x * 2).sum(), x)
        return x * x

    run = trace(f, 3.0)
    assert (len(run.calls), run.gradients["x"].values) == (3, (6.0,))


def test_nan_and_infinity_are_values():
    run = trace(lambda x: torch.sqrt(x) / 0, 0.0)
    assert run.value.values[0] != run.value.values[0]
    assert run.nodes[1].value.values == (0.0,)


LARGE = torch.linspace(-2.0, 5.0, 200)
HUGE = torch.linspace(-2.0, 5.0, 2 * MANY)


@pytest.mark.parametrize(
    "tensor",
    [
        *(many.to(kind) for many in (LARGE, HUGE) for kind in KINDS),
        *(torch.cat([many, torch.tensor([odd])]) for many in (LARGE, HUGE) for odd in ODD),
        *(torch.full((size,), 3e38) for size in (200, 2 * MANY)),  # their sum is beyond float32
        HUGE.reshape(2, -1).t(),
        HUGE.reshape(4, 2, -1).permute(1, 2, 0),
        HUGE.reshape(2, -1)[:, ::2],
        HUGE.reshape(-1, 1, 1).expand(-1, 3, 2),
        HUGE[:1].expand(3 * MANY),
        HUGE.reshape(8, 2, -1).transpose(0, 1)[:, 1:],
        torch.complex(LARGE, LARGE).conj().imag,  # its sign is still to be changed
        (HUGE > 0),
    ],
    ids=lambda tensor: f"{tuple(tensor.shape)} {tensor.dtype}",
)
def test_a_large_tensor_is_its_ends_and_its_mean(tensor):
    found = summary(tensor)
    numbers = tensor.double()
    told = (found.minimum, found.maximum, found.mean)
    wanted = [each.item() for each in (numbers.min(), numbers.max(), numbers.mean())]
    assert told[:2] == pytest.approx(wanted[:2], rel=0, abs=0, nan_ok=True)
    assert told[2] == pytest.approx(wanted[2], rel=1e-6, nan_ok=True)


def test_a_comparison_knows_both_sides():
    run = trace(doubling, 999.0)
    (comparison,) = [node for node in run.nodes if node.op == "lt"]
    into = [edge for edge in run.edges if edge.target == comparison.id]
    sides = {edge.input_index: run.node(edge.source).value.values for edge in into}
    assert sides == {0: (1998.0,), 1: (1000,)}


def test_a_record_that_is_begun_whole_and_then_cut_names_no_node_that_is_gone():
    def f(x):
        early = x * 2.0
        for _ in range(1_500):
            x = x * 1.0
            if x > 1e9:
                break
        late = [torch.tensor(5.0), torch.tensor(7.0)]
        torch.autograd.backward([x, early], late, retain_graph=True)
        return x

    run = Run(of_function(f, (1.0,)))
    run.function(1, None)
    whole = run.finished()
    run._cut()
    cut = run._told()
    run.released()
    assert len(whole.nodes) > 2_000
    assert 900 < len(cut.nodes) <= 1_000
    assert cut.truncated
    assert cut.outputs == ()
    assert {step.node for step in cut.passes[0].steps} <= {node.id for node in cut.nodes}
    assert [seed.values for seed in whole.passes[0].gradients] == [(5.0,), (7.0,)]
    assert [cut.node(root).name for root in cut.passes[0].roots] == ["early"]
    assert [seed.values for seed in cut.passes[0].gradients] == [(7.0,)]


def test_what_a_function_is_warned_of_is_told_once() -> None:
    def warned(x: torch.Tensor) -> torch.Tensor:
        for _ in range(3):
            warnings.warn("watch out", UserWarning, stacklevel=1)
        return x * 2

    with pytest.warns(UserWarning, match="watch out") as told:
        trace(warned, 1.0)
    assert len(told) == 1
    assert told[0].filename == __file__


def test_the_pass_from_the_result_is_no_call_of_whoever_asks_for_the_run() -> None:
    # fmt: off
    def both(x): return trace(lambda y: y.add_(1).sum(), x)
    # fmt: on
    (made,) = both(torch.ones(2)).passes
    assert made.call is None


@pytest.mark.parametrize(
    ("gradient", "expected", "told"),
    [
        (None, 2.0 + 3.0, "gradients of loss + logits: x 5"),
        ({"loss": 1.0}, 2.0, "gradients of loss: x 2"),
        ({"loss": None, "logits": 4}, 12.0, "gradients of logits: x 12"),
        (torch.tensor(10.0), 20.0 + 3.0, "gradients of loss + logits: x 23"),
    ],
)
def test_gradients_start_from_the_outputs_that_one_names(gradient, expected, told) -> None:
    run = trace(lambda x: {"loss": x * 2, "logits": x * 3}, 1.0, gradient=gradient)
    assert run.gradients["x"].values == (expected,)
    assert told in repr(run)


def test_an_output_goes_by_its_key_where_its_own_name_tells_less() -> None:
    def kept(x: torch.Tensor) -> dict[str, torch.Tensor]:
        found = {}
        x = found["low"] = x * 2
        found["high"] = x.exp()
        return found

    layer = torch.nn.Linear(2, 2)
    runs = [
        (trace(kept, 2.0), "gradients of low + high:"),
        (trace(lambda x: {"w": layer.weight, "y": layer(x)}, torch.ones(2)), "of weight + y:"),
        (trace(lambda x: [x * 1, x * 2, (x * 3, x * 4)], 2.0), "of 4 outputs, added up:"),
    ]
    for run, told in runs:
        assert told in repr(run)


def test_a_function_that_wants_an_input_without_grad_is_told_how() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        part = x[:]
        part.requires_grad = True
        return part * 2

    with pytest.raises(FunctionFailed, match=r"requires_grad=\{'x': False\}"):
        trace(f, torch.ones(2))
    assert trace(f, torch.ones(2), requires_grad={"x": False}).gradients["part"].values == (2, 2)


def test_a_gradient_in_the_structure_of_the_result() -> None:
    def both(x):
        return x * 2, [x * 3]

    assert trace(both, 1.0, gradient=(None, [1.0])).gradients["x"].values == (3.0,)
    assert trace(lambda x: x * x, torch.ones(2), gradient=[1, 2]).passes
    with pytest.raises(InputRejected, match=r"for \['lost'\].*outputs are: \['loss'\]"):
        trace(lambda x: {"loss": x}, 1.0, gradient={"lost": 1.0})


model = torch.nn.Linear(2, 1)


class Wrapped(torch.nn.Module):
    """Has an attribute of a global's name, and a parameter that it does not use."""

    def __init__(self) -> None:
        super().__init__()
        self.model, self.spare = torch.nn.Linear(2, 1), torch.nn.Parameter(torch.ones(2))

    def forward(self, x):
        return self.model(x)


def test_an_attribute_is_no_global_of_that_name():
    wrapped = Wrapped()
    assert list(trace(wrapped, torch.ones(1, 2)).gradients) == [
        *("x", "model.weight", "model.bias", "spare")
    ]
    used = trace(lambda x: wrapped(x) + model(x), torch.ones(1, 2)).gradients
    assert {"wrapped.model.weight", "model.weight"} <= set(used)


def test_an_old_gradient_is_none_of_this_run():
    wrapped = Wrapped()
    for each in wrapped.parameters():
        each.grad = torch.full_like(each, 7.0)
    found = trace(wrapped, torch.ones(1, 2)).gradients
    assert found["spare"] is None
    assert found["model.bias"].values == (1.0,)
    assert all(each.grad.flatten()[0] == 7.0 for each in wrapped.parameters())


def test_sparse_tensors_go_in_and_out_and_come_back():
    dense = torch.tensor([[0.0, 2.0], [3.0, 0.0]])
    run = trace(lambda x: x.to_sparse() * 2, dense)
    assert (run.value.values, run.gradients["x"].values) == ((0.0, 4.0, 6.0, 0.0), (2.0,) * 4)
    run = trace(lambda s: torch.sparse.mm(s, dense), dense.to_sparse())
    assert run.value.values == (6.0, 0.0, 0.0, 6.0)
    assert run.gradients["s"].values is not None
    rows = torch.nn.Embedding(3, 1, sparse=True)
    assert trace(rows, torch.tensor([2, 2])).gradients["weight"].values == (0.0, 0.0, 2.0)
