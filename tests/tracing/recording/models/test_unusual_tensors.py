"""Tensors that are not plain rows of numbers, and code that torch itself writes down, against plain
torch: quantized, nested, without numbers, inside `jit.trace`, `export`, `jvp`'s own `vmap`.
"""

from __future__ import annotations

from threading import Thread
from types import MappingProxyType
from typing import Any

import pytest
import torch
from torch.autograd.functional import jacobian as torchs
from torch.fx.experimental.proxy_tensor import make_fx

from viz import curve, graph_of, jacobian, trace

X = torch.tensor([1.0, 2.0])


@pytest.mark.filterwarnings("ignore")  # torch warns of what it will once leave out
def test_a_quantized_tensor_around_a_function_stays_where_it_is() -> None:
    quantized = torch.quantize_per_tensor(X, 0.5, 0, torch.qint8)

    def function(x: torch.Tensor) -> torch.Tensor:
        return (x * quantized.dequantize()).sum()

    assert trace(function, X).gradients["x"].values == (1.0, 2.0)
    assert trace(lambda x, q: x * q.dequantize(), X, quantized).value.values == (1.0, 4.0)
    assert curve(function, -1, 1, points=3).failure is None
    assert jacobian(function, X).blocks[0].values == ((1.0, 2.0),)
    assert torch.equal(quantized.dequantize(), X)


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested")
def test_the_graph_of_a_nested_tensor_names_its_leaves() -> None:
    rows = torch.nested.nested_tensor([torch.ones(2, 3), torch.ones(1, 3)], requires_grad=True)
    layer = torch.nn.Linear(3, 2)
    held = graph_of(layer(rows), modules=layer)
    assert {node.name for node in held.nodes if node.kind == "leaf"} == {None, "weight", "bias"}


def test_no_numbers_are_told_where_there_are_none() -> None:
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh()).to("meta")
    run = trace(model, torch.ones(1, 3, device="meta"))
    assert not any(tensor.values for tensor in run.tensors())
    assert trace(model, torch.ones(1, 3, device="meta")) == run


@pytest.mark.filterwarnings("ignore:`torch.jit")
def test_what_torch_writes_down_holds_none_of_our_questions() -> None:
    layer = torch.nn.Linear(2, 1)
    seen: list[Any] = []

    def function(x: torch.Tensor) -> torch.Tensor:
        seen.append(torch.jit.trace(layer, X).graph)
        seen.append(make_fx(layer)(X).graph)
        return torch.jit.trace(layer, X)(x)

    function(X)
    run = trace(function, X)
    plain, fx, watched, watched_fx = seen
    assert [node.kind() for node in watched.nodes()] == [node.kind() for node in plain.nodes()]
    assert [node.target for node in watched_fx.nodes] == [node.target for node in fx.nodes]
    assert run.gradients["x"].shape == (2,)
    assert run.to_json()


@pytest.mark.filterwarnings("ignore:`torch.jit")
def test_a_copy_that_torch_does_not_make_is_not_made() -> None:
    def function(x: torch.Tensor) -> torch.Tensor:
        wise = torchs(torch.sin, x, vectorize=True, strategy="forward-mode")
        return wise.sum() * x.sum()

    assert trace(function, X).value.values == (function(X).item(),)


def test_a_gradient_that_the_run_gave_unseen_counts() -> None:
    weight = torch.nn.Parameter(torch.ones(2))

    def function(x: torch.Tensor, by_hand: bool) -> torch.Tensor:
        loss = (x * weight).sum()
        if by_hand:
            weight.grad = X
        else:
            thread = Thread(target=lambda: loss.backward(retain_graph=True))
            thread.start()
            thread.join()
        loss.backward(retain_graph=True)
        return loss * 2

    for by_hand in (True, False):
        run = trace(function, X, by_hand)
        assert run.gradients["weight"].values == (4.0, 8.0)
        assert weight.grad is None


def test_a_mapping_that_cannot_be_changed_is_a_container() -> None:
    run = trace(lambda x: MappingProxyType({"loss": x.sum(), "twice": 2 * x}), X)
    assert [node.name for node, _ in run.returned()] == ["loss", "twice"]
    assert trace(lambda d: d["x"].sum(), MappingProxyType({"x": X})).gradients["d['x']"] is not None


def test_a_node_is_called_as_torch_prints_it_with_a_tensor() -> None:
    def function(x: torch.Tensor) -> torch.Tensor:
        return torch._foreach_sin([x])[0]

    plain = function(X.clone().requires_grad_())
    assert "grad_fn=<ForeachSinBackward0>" in str(plain)
    for run in (trace(function, X), graph_of(plain)):
        assert [n.op for n in run.nodes if n.kind == "output"] == ["ForeachSinBackward0"]


def test_fresh_memory_inside_a_composite_is_no_value() -> None:
    start = torch.ones(1, 1, 2, 2)
    run, again = (
        trace(lambda x: torch.nn.functional.pad(x, (1, 1, 1, 1), mode="circular"), start)
        for _ in range(2)
    )
    assert run.value.values == (1.0,) * 16
    assert str(run) == str(again)
    assert run.to_json() == again.to_json()


def test_what_a_resized_tensor_has_beyond_its_memory_is_no_value() -> None:
    held = torch.zeros(2)

    def function(x: torch.Tensor) -> torch.Tensor:
        held.resize_(4)
        return x * held

    run = trace(function, torch.ones(4))
    assert str(run.value.values) == "(0.0, 0.0, nan, nan)"
    assert held.tolist() == [0.0, 0.0]
