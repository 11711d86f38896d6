"""What a function may be called with, and what its inputs are called."""

from __future__ import annotations

import math
from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import nn
from torch.testing._internal.two_tensor import TwoTensor

from viz import curve, graph_of, jacobian, trace
from viz.errors import FunctionFailed, InputRejected

Pair = namedtuple("Pair", "left right")
TWO, THREE = torch.tensor(2.0), torch.tensor(3.0)


@pytest.mark.parametrize(
    ("function", "inputs", "keywords", "gradients"),
    [
        (lambda x, y: x * y, (2.0, 3.0), {}, {"x": 3.0, "y": 2.0}),
        (lambda x, y=1: x * y, (2.0,), {"y": 3.0}, {"x": 3.0, "y": 2.0}),
        (
            lambda d: d["a"] * d["b"][0],
            ({"a": TWO, "b": [THREE]},),
            {},
            {"d['a']": 3.0, "d['b'][0]": 2.0},
        ),
        (lambda p: p.left * p.right, (Pair(TWO, THREE),), {}, {"p.left": 3.0, "p.right": 2.0}),
        (lambda x, mask=None: x if mask is None else mask, (2.0, None), {}, {"x": 1.0}),
        (lambda x, n: x**n, (2.0, 3), {}, {"x": 12.0}),
        (lambda x, mode: x.pow(2) if mode == "square" else x, (3.0, "square"), {}, {"x": 6.0}),
        (lambda *xs: xs[0] * xs[1], (2.0, 3.0), {}, {"x0": 3.0, "x1": 2.0}),
        (lambda x, a: x * torch.from_numpy(a[::-1].copy()), (2.0, np.arange(3)), {}, {"x": 3.0}),
    ],
)
def test_inputs_are_taken_as_they_come(function, inputs, keywords, gradients) -> None:
    run = trace(function, *inputs, **keywords)
    found = {name: each.values[0] for name, each in run.gradients.items() if each is not None}
    assert found == gradients


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        (np.arange(3.0), "float64"),
        (np.ones(2, np.float32), "float32"),
        (torch.ones(2, dtype=torch.float64), "float64"),
        (1.0, "float32"),
    ],
)
def test_inputs_keep_their_type(given, dtype) -> None:
    assert trace(lambda x: (x * 2).sum(), given).value.dtype == dtype


def test_a_float_is_of_the_default_dtype() -> None:
    torch.set_default_dtype(torch.float64)
    try:
        assert trace(lambda x: x * 2, 1.0).value.dtype == "float64"
    finally:
        torch.set_default_dtype(torch.float32)


def test_an_input_may_be_told_not_to_require_grad() -> None:
    run = trace(
        lambda x, w: (x * w).sum(), torch.ones(2), torch.ones(2), requires_grad={"x": False}
    )
    assert list(run.gradients) == ["w"]
    with pytest.raises(InputRejected, match="The inputs are: x, w"):
        trace(lambda x, w: x * w, 1.0, 2.0, requires_grad={"y": False})


@pytest.mark.parametrize(
    ("function", "inputs", "differentiable"),
    [
        (nn.SoftMarginLoss(), (torch.rand(3), torch.ones(3)), ["input"]),
        (torch.special.gammainc, (torch.rand(3), torch.rand(3)), ["x1"]),
    ],
)
def test_an_input_for_which_torch_has_no_derivative_stays_as_it_came(
    function, inputs, differentiable
) -> None:
    with pytest.warns(UserWarning, match="does not require grad"):
        assert list(trace(function, *inputs).gradients) == differentiable
    with pytest.raises(FunctionFailed, match="detach"):
        trace(function, *(each.requires_grad_() for each in inputs))


def test_a_module_s_inputs_are_named_by_its_forward() -> None:
    class Scaled(nn.Module):
        def forward(self, data, scale):
            return data * scale

    run = trace(Scaled(), 2.0, scale=3.0)
    assert [each.name for each in run.program.inputs] == ["data", "scale"]
    assert run.calls[0].span is not None


def test_outputs_are_what_was_returned_in_order() -> None:
    run = trace(lambda x: (torch.zeros(2), x * 2), 1.0)
    assert [run.node(each).value.values for each in run.outputs] == [(0.0, 0.0), (2.0,)]
    assert run.value.values == (0.0, 0.0)


def test_names_that_are_cut_stay_apart() -> None:
    long = "weight_of_the_layer_" * 6
    run = trace(lambda d: d[long + "a"] * d[long + "b"], {long + "a": TWO, long + "b": THREE})
    assert sorted(each.values[0] for each in run.gradients.values()) == [2.0, 3.0]


def test_what_a_function_finds_around_it_has_its_name() -> None:
    class Holder:
        def __init__(self) -> None:
            self.w = torch.tensor(3.0, requires_grad=True)

        def scaled(self, x):
            return self.w * x

    w = torch.tensor(5.0, requires_grad=True)
    layers = {"first": [torch.tensor(7.0, requires_grad=True)]}
    assert list(trace(lambda x: w * x, 2.0).gradients) == ["x", "w"]
    assert list(trace(lambda x: layers["first"][0] * x, 2.0).gradients) == [
        "x",
        "layers['first'][0]",
    ]
    assert list(trace(Holder().scaled, 2.0).gradients) == ["x", "self.w"]


def test_an_input_wins_over_a_parameter_of_its_name_and_unused_ones_are_there() -> None:
    class Odd(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.x = nn.Parameter(torch.tensor(3.0))
            self.unused = nn.Parameter(torch.ones(2))

        def forward(self, x):
            return self.x * x

    run = trace(Odd(), 2.0)
    assert {key: each and each.values for key, each in run.gradients.items()} == {
        "x": (3.0,),
        "self.x": (2.0,),
        "unused": None,
    }


@dataclass
class Out:
    loss: torch.Tensor
    aux: list[torch.Tensor]


class Raising(tuple):
    def __iter__(self):
        raise ValueError("on purpose")


@pytest.mark.parametrize(
    ("returned", "names"),
    [
        (lambda x: {"loss": x * 2, "aux": x * 3}, ["loss", "aux"]),
        (lambda x: Out(x * 2, [x * 3]), ["loss", "aux[0]"]),
        (lambda x: Pair(x * 2, x * 3), ["left", "right"]),
        (lambda x: (x * 2, [x * 3]), [None, "[1][0]"]),
    ],
)
def test_outputs_have_the_names_of_their_keys(returned, names) -> None:
    run = trace(returned, 1.0)
    assert [run.node(each).value.values for each in run.outputs] == [(2.0,), (3.0,)]
    assert [run.node(each).name for each in run.outputs] == names


def test_a_container_that_raises_is_told() -> None:
    run = trace(lambda x: Raising((x * 2,)), 1.0, partial=True)
    assert run.failure is not None


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (lambda x: x.add_(1).sum(), 1.0),
        (lambda x: nn.Sequential(nn.ReLU(inplace=True), nn.Flatten(0))(x).sum(), 1.0),
        (lambda x: x.mul_(2).sin_().sum(), 2 * math.cos(2)),
    ],
)
def test_an_input_may_be_written_into_where_plain_torch_allows_it(function, slope) -> None:
    given = torch.ones(2)
    run = trace(function, given)
    assert run.gradients["x"].values == pytest.approx((slope, slope))
    assert jacobian(function, given).blocks[0].values[0] == pytest.approx((slope, slope))
    assert given.tolist() == [1.0, 1.0]
    line = curve(lambda x: function(x[None]), 1, 2, points=3)
    assert line.derivatives[1][0] == pytest.approx(slope)


def test_a_flag_stays_a_flag_and_a_hook_hangs_on_its_input() -> None:
    def f(x, plain, *, turned):
        assert plain is True
        assert turned is False
        return x * 2

    given = torch.ones(1, requires_grad=True)
    given.register_hook(lambda gradient: gradient * 7)
    run = trace(f, given, True, turned=False)
    assert [each.name for each in run.program.inputs] == ["x"]
    assert run.gradients["x"].values == (14.0,)
    assert given.grad is None


@pytest.mark.parametrize(("made", "help"), [("generator", "list("), ("coroutine", "asyncio.run(")])
def test_what_has_not_run_yet_is_told_how_to(made, help) -> None:
    async def waiting(x):
        return x * 2

    def yielding(x):
        yield x * 2

    failure = trace(waiting if made == "coroutine" else yielding, 1.0, partial=True).failure
    assert made in failure.message
    assert help in str(failure.hint)


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")
def test_lazy_scripted_and_compiled_modules() -> None:
    torch.manual_seed(0)
    lazy = trace(nn.LazyLinear(2), torch.ones(3))
    assert {"weight", "bias"} <= lazy.gradients.keys()
    unshaped = nn.Sequential(nn.Sequential(nn.LazyLinear(2)), nn.LazyLinear(1))
    paths = [call.path for call in trace(unshaped, torch.ones(3)).modules]
    assert paths == ["", "0", "0.0", "1"]  # its parts have their places before their shapes
    script = torch.jit.script(nn.Linear(2, 1))
    scripted = trace(script, torch.ones(2))
    assert scripted.gradients["weight"].values == (1.0, 1.0)
    assert trace(script, torch.ones(2)) == scripted  # torch runs a second call optimized


@pytest.mark.parametrize("order", [2, 3])
def test_a_batch_norm_has_derivatives_of_derivatives(order) -> None:
    for layer, shape in (
        (nn.BatchNorm1d(3), (4, 3)),
        (nn.BatchNorm2d(2), (2, 2, 3, 3)),
        (nn.InstanceNorm1d(3, affine=True), (2, 3, 4)),
    ):
        start = torch.randn(shape, dtype=torch.float64)
        layer.double()
        x = start.clone().requires_grad_()
        found = layer(x).pow(3).sum()
        for _ in range(order):
            (found,) = torch.autograd.grad(found.sum(), x, create_graph=True)
        run = trace(lambda x, layer=layer: layer(x).pow(3).sum(), start, order=order)
        total = sum(run.gradients["x"].values)
        assert total == pytest.approx(found.sum().item(), abs=1e-6)


def test_what_cannot_be_called_is_told() -> None:
    with pytest.raises(InputRejected, match="3 is no function"):
        trace(3, torch.ones(2))


@pytest.mark.parametrize("size", [3, 100])
@pytest.mark.parametrize("of", [torch.exp, lambda x: x * x, lambda x: x.relu() * x.softmax(0)])
def test_a_class_that_wraps_tensors_is_not_read(size: int, of) -> None:
    x = TwoTensor(torch.ones(size), torch.ones(size)).requires_grad_()
    parameter = torch.nn.Parameter(TwoTensor(torch.ones(size), torch.ones(size)))
    run = trace(lambda x: (of(x) * parameter).sum(), x)
    assert set(run.gradients) == {"x", "parameter"}
    assert repr(run).endswith("gradients: x not shown, parameter not shown")
    assert [node.op for node in graph_of(of(x)).nodes if node.op == "AccumulateGrad"]
    assert x.grad is None
    assert x.a.sum() == size


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
@pytest.mark.parametrize("of", [torch.relu, lambda rows: torch.softmax(rows, -1)])
def test_what_nodes_keep_of_nested_tensors_is_read_as_that(layout, of) -> None:
    def function(a, b):
        rows = of(torch.nested.as_nested_tensor([a, b], layout=layout))
        return torch.nested.to_padded_tensor(rows, 0.0).square().sum()

    given = [torch.rand(rows, 16, requires_grad=True) for rows in (8, 9)]
    expected = torch.autograd.grad(function(*given), given)
    run = trace(function, *(each.detach() for each in given))
    for name, gradient in zip("ab", expected, strict=True):
        assert run.gradients[name].maximum == pytest.approx(gradient.max().item(), rel=1e-5)


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
@pytest.mark.parametrize(
    "last",
    [
        lambda rows: torch.nested.to_padded_tensor(rows * 2, 0.0).sin(),
        lambda rows: torch.stack([row.sum() for row in rows.unbind()]).prod(),
        lambda rows: (rows * rows).sin(),
    ],
)
def test_nested_tensors_are_rows_behind_each_other(layout, last) -> None:
    parts = [torch.rand(2, 3), torch.rand(4, 3)]
    leaves = [part.clone().requires_grad_() for part in parts]
    plain = last(torch.nested.as_nested_tensor(leaves, layout=layout))
    (torch.cat(list(plain.unbind())) if plain.is_nested else plain).sum().backward()

    inside = trace(lambda x, y: last(torch.nested.as_nested_tensor([x, y], layout=layout)), *parts)
    for name, leaf in zip("xy", leaves, strict=True):
        assert inside.gradients[name].values == pytest.approx(leaf.grad.flatten().tolist())

    given = torch.nested.nested_tensor(parts, layout=layout)
    run = trace(last, given)
    found = run.gradients["rows"]
    assert (found.shape, found.dtype) == ((6, 3), "nested float32")
    assert found.values == pytest.approx(torch.cat([leaf.grad for leaf in leaves]).flatten())
    assert not given.requires_grad
    assert trace(last, given) == run


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
def test_what_is_written_into_a_nested_tensor_is_put_back(layout) -> None:
    given = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)], layout=layout)
    trace(lambda rows: rows.mul_(2) * rows, given)
    assert [row.tolist() for row in given.unbind()] == [[1, 1], [1, 1, 1]]


class Head(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.last = torch.nn.Linear(2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(x)


def test_a_rewritten_module_is_traced() -> None:
    """`torch.fx` makes a class whose `forward` is of no module."""
    rewritten = torch.fx.symbolic_trace(Head())
    assert set(trace(rewritten, torch.ones(1, 2)).gradients) == {"x", "last.weight", "last.bias"}


def test_decorators_that_go_round_do_not_hide_the_parameters():
    def scaled(alpha):
        return alpha * 2

    scaled.__wrapped__ = scaled
    assert list(trace(scaled, 2.0).gradients) == ["alpha"]


def test_stacked_parameters_are_called_by_their_variable_or_as_the_modules_call_them():
    nets = [torch.nn.Linear(2, 1, bias=False) for _ in range(2)]

    def called(params, buffers, x):
        return torch.func.functional_call(nets[0], (params, buffers), (x,))

    def inline(x):
        every = torch.vmap(called, in_dims=(0, 0, None))
        return every(*torch.func.stack_module_state(nets), x).sum()

    def held(x):
        state = torch.func.stack_module_state(nets)
        return torch.vmap(called, in_dims=(0, 0, None))(*state, x).sum()

    for function, name in ((inline, "weight"), (held, "state[0]['weight']")):
        found = trace(function, torch.ones(2)).gradients[name]
        assert found is not None
        assert found.shape == (2, 1, 2)
