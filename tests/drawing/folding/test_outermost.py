"""Several models in one function, helpers of a module, and what a library does inside one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from msgspec.structs import replace
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from viz import draw, graph_of, trace
from viz.drawing import details, fold
from viz.records import ModuleCall, Trace
from viz.records.table import table_of

body, head = nn.Sequential(nn.Linear(3, 4), nn.ReLU()), nn.Linear(4, 2)
first, second = nn.Linear(3, 3), nn.Linear(3, 3)
loss = nn.MSELoss()
parts = {"enc": nn.Linear(3, 3), "dec": [nn.Linear(3, 3)]}
X = torch.ones(2, 3)


def titles(run: Trace, depth: int = 1) -> list[str]:
    """What the cards are called; a node's own by its variable or operation."""
    nodes = draw(run, depth=depth).view.nodes
    return [node.title or node.shown.name or node.shown.op for node in nodes]


@pytest.mark.parametrize(
    ("function", "depth", "expected"),
    [
        (lambda x: head(body(x)), 1, ["x", "body", "head"]),
        (lambda x: head(body(x)), 2, ["x", "body.0", "body.1", "head"]),
        (lambda x: second(first(x)), 1, ["x", "first", "second"]),
        (lambda x: first(first(x)), 1, ["first", "x", "first (1/2)", "first (2/2)"]),
        (lambda x: loss(body(x), torch.zeros(2, 4)), 1, ["x", "0", "1", "zeros", "loss"]),
        (
            lambda x: parts["dec"][0](parts["enc"](x)),
            1,
            ["x", "parts['enc']", "parts['dec'][0]"],
        ),
        (lambda x: body(x).sum(), 1, ["x", "0", "1", "SumBackward0"]),
        (lambda x: loss(first(x), x), 1, ["x", "first", "loss"]),
        (lambda x: first(x).sum(), 1, ["x", "first", "SumBackward0"]),
        (body, 1, ["input", "0", "1"]),
        (first, 1, ["input", "weight", "bias", "AddmmBackward0"]),
    ],
)
def test_each_of_several_models_is_a_box(
    function: Callable[..., Any], depth: int, expected: list[str]
) -> None:
    assert sorted(titles(trace(function, X), depth)) == sorted(expected)


def test_one_model_used_twice_keeps_its_parts() -> None:
    assert titles(trace(lambda x, y: body(x) - body(y), X, X)) == [
        *("x", "0", "0 (1/2)", "1 (1/2)", "y", "0 (2/2)", "1 (2/2)", "SubBackward0")
    ]


def test_what_a_helper_computes_lies_in_the_module_that_calls_it() -> None:
    """Also where it was called outside of modules before."""

    def model(x: torch.Tensor) -> torch.Tensor:
        def twice(x: torch.Tensor) -> torch.Tensor:
            return x * 2

        class Part(nn.Module):
            def scored(self, x: torch.Tensor) -> torch.Tensor:
                return twice(x.softmax(-1)) + 1

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return self.scored(x)

        return twice(Part()(twice(x)))

    run = trace(model, X)
    made = {call.id: call.module for call in run.calls}
    inside = [(node.op, made[node.call or ""]) for node in run.nodes if node.call]
    assert inside == [
        ("MulBackward0", None),
        *(("SoftmaxBackward0", 0), ("MulBackward0", 0), ("AddBackward0", 0)),
        ("MulBackward0", None),
    ]


class Packed(nn.Module):
    """A recurrent layer over sequences of different lengths."""

    def __init__(self, *, enforce_sorted: bool) -> None:
        super().__init__()
        self.cell, self.enforce_sorted = nn.GRU(3, 2, batch_first=True), enforce_sorted

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        packed = pack_padded_sequence(
            x, lengths, batch_first=True, enforce_sorted=self.enforce_sorted
        )
        padded, _ = pad_packed_sequence(self.cell(packed)[0], batch_first=True)
        return padded


@pytest.mark.parametrize("enforce_sorted", [True, False])
def test_packing_is_one_card(enforce_sorted: bool) -> None:
    lengths = torch.tensor([4, 2] if enforce_sorted else [2, 4])
    run = trace(Packed(enforce_sorted=enforce_sorted), torch.randn(2, 4, 3), lengths)
    named = [name.strip("_") for name in titles(run) if name not in ("x", "lengths")]
    assert named[0] == ("packed" if enforce_sorted else "pack_padded_sequence")
    assert named[1] == "cell"
    assert len(named) <= 4


def test_a_compiled_module_says_so() -> None:
    """As `torch.compile` makes them: a module around the one that it was made of."""
    run = trace(lambda x: body(x), X)
    around = ModuleCall("", "OptimizedModule", name="body")
    moved = tuple(
        replace(call, around=0 if call.around is None else call.around + 1, name="")
        for call in run.modules
    )
    calls = tuple(
        replace(call, module=None if call.module is None else call.module + 1) for call in run.calls
    )
    compiled = replace(run, modules=(around, *moved), calls=calls)
    assert ", body compiled, run as it is written → " in repr(compiled)
    assert "body compiled, run as it is written" in repr(table_of(compiled))
    function = ModuleCall("", "OptimizedFunction", name="f")
    beside = replace(run, modules=(*run.modules, function))
    assert ", f compiled, run as it is written → " in repr(beside)
    assert titles(beside) == titles(run)
    names = {"0": "b.0", "1": "b.1"}
    within = tuple(replace(call, path=names.get(call.path, "b")) for call in moved)
    whole = ModuleCall("", "Net")
    inner = (whole, replace(around, path="b", name="", around=0), *_later(within))
    calls = tuple(replace(call, module=(call.module or 0) + 1) for call in compiled.calls)
    nodes = draw(replace(compiled, modules=inner, calls=calls), depth=1).view.nodes
    assert [(node.title, node.module) for node in nodes if node.title] == [
        ("b", "compiled Sequential")
    ]


def _later(calls: tuple[ModuleCall, ...]) -> list[ModuleCall]:
    return [replace(call, around=(call.around or 0) + 1) for call in calls]


def test_what_is_frozen_says_so() -> None:
    """A parameter by itself, a box whose parameters all are, the graph of a tensor; not a box of
    which a part learns."""
    frozen, half, learns = nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 1)
    frozen.requires_grad_(False)
    half.weight.requires_grad_(False)
    model = nn.Sequential(frozen, half, learns)
    run = trace(model, X)
    boxes = draw(run, depth=1)
    assert [node.title for node in boxes.view.nodes if node.frozen] == ["0"]
    assert boxes.svg().count(">frozen</text>") == 1
    assert draw(run).svg().count(">frozen</text>") == len(run.frozen) == 3
    whole = fold(run)
    told = details(run, whole)
    assert [told[node.id].name for node in whole.nodes if told[node.id].frozen] == list(run.frozen)
    assert draw(run, show="value").svg().count(">frozen</text>") == 0
    held = graph_of(model(X), modules=model)
    assert held.frozen == ("0.weight", "0.bias", "1.weight")
    unused = trace(lambda x: learns(x) + 0 * x.sum(), X)
    assert unused.frozen == ()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_script_module_has_boxes_beside_what_is_called_in_python() -> None:
    inner = nn.Sequential(nn.Linear(3, 3), nn.Tanh())
    both = nn.Sequential()
    both.add_module("enc", inner)
    both.add_module("dec", nn.Linear(3, 4))
    scripted = torch.jit.script(both)
    run = trace(lambda x: head(scripted(x)).sum(), X)
    last = ["head", "SumBackward0"]
    assert titles(run) == ["x", "scripted", *last]
    assert titles(run, 2) == ["x", "scripted.enc.0", "TanhBackward0", "scripted.dec", *last]


def _solved(step: Callable[..., Any], rounds: int) -> Callable[..., Any]:
    """An ODE by Runge and Kutta's four calls a round."""

    def solve(y: Any, h: float = 0.1) -> Any:
        for _ in range(rounds):
            a = step(y)
            b = step(y + h / 2 * a)
            c = step(y + h / 2 * b)
            y = y + h / 6 * (a + 2 * b + 2 * c + step(y + h * c))
        return y

    return solve


@pytest.mark.parametrize("step", [torch.sin, first])
def test_rounds_are_found_whatever_repeats_within_them(step: Callable[..., Any]) -> None:
    run = trace(_solved(step, 5), X)
    for depth in (None, 1):
        rounds = [node.rounds for node in draw(run, depth=depth).view.nodes]
        assert [each for each in rounds if each] == [3]


def test_long_rounds_have_the_last_one_in_their_stack() -> None:
    run = trace(_solved(lambda y: head(body(y)).sum(-1, keepdim=True) + y, 5), X)
    nodes = draw(run, depth=2).view.nodes
    assert [node.rounds for node in nodes if node.rounds] == [4]
    assert not any(node.kind == "group" and not node.title for node in nodes)


def test_neighbours_put_together_are_called_by_their_boxes() -> None:
    def function(x: Any) -> Any:
        for round in range(30):
            odd = bin(round).count("1") % 2  # never the same thrice
            x = first(x).relu() if odd else second(x).tanh() * x.sigmoid()
        return x

    nodes = draw(trace(function, X), depth=1).view.nodes
    together = [node.operations for node in nodes if node.kind == "group" and not node.title]
    assert together
    assert any(name.startswith("second (") for each in together for name in each)
