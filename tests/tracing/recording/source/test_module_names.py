"""What parameters are called, whatever stands around their module and however it is held."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import nn

from viz import trace
from viz.tracing.typed.plain_sequences import SEQUENCES

pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit")
PLAIN = ["0.bias", "0.weight"]


def layer() -> nn.Module:
    return nn.Sequential(nn.Linear(2, 1))


class Around(nn.Module):
    """Holds a module as `torch.compile` does; to import that takes seconds."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self._orig_mod = module

    def __call__(self, *inputs: Any) -> Any:
        return self._orig_mod(*inputs)


class Forwarding(nn.Module):
    """The same, called as torch calls modules."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self._orig_mod = module

    def forward(self, *inputs: Any) -> Any:
        return self._orig_mod(*inputs)


WRAPPED: dict[str, Callable[[], Any]] = {
    "as it is": layer,
    "compiled": lambda: Around(layer()),
    "compiled twice": lambda: Around(Around(layer())),
    "compiled, called by torch": lambda: Forwarding(layer()),
    "scripted": lambda: torch.jit.script(layer()),
    "traced": lambda: torch.jit.trace(layer(), torch.ones(1, 2)),
}


@pytest.mark.parametrize("how", WRAPPED)
def test_a_module_is_called_as_what_it_was_made_of(how: str) -> None:
    run = trace(WRAPPED[how](), torch.ones(1, 2))
    assert sorted(run.gradients) == [*PLAIN, "input"]


def test_a_module_within_a_transform_has_its_names() -> None:
    module = layer()
    run = trace(lambda x: torch.func.grad(lambda z: module(z).sin().sum())(x), torch.ones(1, 2))
    assert {"x", *(f"module.{name}" for name in PLAIN)} <= set(run.gradients)


class Making(nn.Module):
    """Calls a layer that it makes for that, and one that stands in a list."""

    def __init__(self) -> None:
        super().__init__()
        self.listed = [nn.Linear(2, 2)]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.Sequential(nn.Linear(2, 2, bias=False))(self.listed[0](x))


def test_a_layer_that_is_no_part_of_the_module_has_names() -> None:
    names = ["Sequential.0.weight", "listed[0].bias", "listed[0].weight", "x"]
    run = trace(Making(), torch.ones(1, 2))
    assert sorted(run.gradients) == names
    paths = [call.path for call in run.modules]
    assert paths == ["", "listed[0]", "Sequential", "Sequential.0"]


class Called(nn.Module):
    """Is called past `forward`, and makes a part of its own at its first call."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.ModuleList([layer()])

    def __call__(self, rows: torch.Tensor) -> torch.Tensor:
        if len(self.parts) == 1:
            data = nn.Linear(1, 1, bias=False).to("cpu")
            data.weight.data = data.weight.data.float()
            self.parts.append(data)
        return self.parts[1](self.parts[0](rows))


def test_a_part_that_comes_late_and_a_module_with_a_call_of_its_own() -> None:
    names = ["parts.0.0.bias", "parts.0.0.weight", "parts.1.weight", "rows"]
    run = trace(Called(), torch.ones(1, 2))
    assert sorted(run.gradients) == names
    assert run.program.source.startswith("def __call__")


class Aliased(nn.Module):
    """A variable holds a parameter first, and later what is computed of it."""

    def __init__(self) -> None:
        super().__init__()
        self.u = nn.Parameter(torch.ones(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.u
        h = h * x
        return h.sum()


def test_a_variable_takes_no_parameter_s_path_away() -> None:
    assert list(trace(Aliased(), torch.ones(2)).gradients) == ["x", "u"]


def test_several_instances_of_a_class_are_told_apart() -> None:
    first, second = layer(), layer()
    held = [layer(), layer()]
    run = trace(lambda x: first(x) + second(x), torch.ones(1, 2))
    expected = [f"{each}.{name}" for each in ("first", "second") for name in PLAIN]
    assert sorted(run.gradients) == [*expected, "x"]
    run = trace(lambda x: held[0](x) + held[1](x), torch.ones(1, 2))
    expected = [f"held[{place}].{name}" for place in range(2) for name in PLAIN]
    assert sorted(run.gradients) == [*expected, "x"]


ROW = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
LISTED = [*ROW]


class Trainer:
    def __init__(self) -> None:
        self.rows = [*ROW]

    def step(self, x: torch.Tensor) -> torch.Tensor:
        for each in self.rows:
            x = each(x)
        return x


def looped(x: torch.Tensor) -> torch.Tensor:
    for each in ROW:
        x = each(x)
    return x


def backwards(x: torch.Tensor) -> torch.Tensor:
    for _, each in reversed(list(enumerate(LISTED))):
        x = each(x)
    return x


def handed_on(x: torch.Tensor) -> torch.Tensor:
    return functools.reduce(lambda x, each: each(x), ROW, x)


def held_for_a_while(x: torch.Tensor) -> torch.Tensor:
    net = LISTED[0]
    x = net(x)
    net = LISTED[1]
    return net(x)


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (looped, ["ROW.0", "ROW.1"]),
        (backwards, ["LISTED[1]", "LISTED[0]"]),
        (handed_on, ["ROW.0", "ROW.1"]),
        (held_for_a_while, ["LISTED[0]", "LISTED[1]"]),
        (lambda x: sum(each(x) for each in LISTED), ["LISTED[0]", "LISTED[1]"]),
        (Trainer().step, ["self.rows[0]", "self.rows[1]"]),
    ],
)
def test_a_loop_over_modules_calls_each_by_its_place(
    function: Callable[..., Any], names: list[str]
) -> None:
    run = trace(function, torch.ones(1, 2))
    leaves = [node.name for node in run.nodes if node.kind == "leaf"]
    assert leaves == ["x", *(f"{name}.{part}" for name in names for part in ("weight", "bias"))]
    assert [call.name for call in run.modules] == names
    with torch.no_grad():
        wanted = [each.weight.sum().item() for each in LISTED]
    order = [0, 1] if names[0].endswith(("0", "0]")) else [1, 0]
    values = [node.value for node in run.nodes if str(node.name).endswith("weight")]
    assert [sum(each.values or ()) for each in values if each] == pytest.approx(
        [wanted[place] for place in order]
    )


def test_of_several_modules_each_stands_before_its_parameters() -> None:
    encoder, middle, head = layer(), nn.Sequential(layer()), nn.Linear(1, 1)
    middle[0][0] = nn.Linear(1, 1, bias=False)

    def once(x: torch.Tensor) -> torch.Tensor:
        nn.MSELoss()(encoder(x), torch.zeros(1, 1))
        return encoder(x)

    assert sorted(trace(once, torch.ones(1, 2)).gradients) == [*PLAIN, "x"]
    run = trace(lambda x: head(middle(encoder(x))), torch.ones(1, 2))
    assert sorted(run.gradients) == [
        *("encoder.0.bias", "encoder.0.weight"),
        *("head.bias", "head.weight", "middle.0.0.weight", "x"),
    ]


def test_modules_that_share_a_parameter_are_told_apart_by_the_others() -> None:
    one, other = nn.Linear(2, 2), nn.Linear(2, 2)
    other.weight = one.weight
    run = trace(lambda x: other(one(x)), torch.ones(1, 2))
    assert {"one.bias", "other.bias"} < set(run.gradients)
    leaves = [node.name for node in run.nodes if node.kind == "leaf"]
    assert len(leaves) == len(set(leaves)) == 4


def test_a_parameter_over_many_steps_is_one_row() -> None:
    weight = nn.Parameter(torch.ones(2))
    adam = torch.optim.SGD([weight], lr=0.1)  # it is met before the parameter itself

    def function(x: torch.Tensor) -> torch.Tensor:
        for _ in range(3):
            adam.zero_grad()
            ((weight * x) ** 2).sum().backward()
            adam.step()
        return (weight * x).sum()

    run = trace(function, torch.ones(2))
    assert sorted(run.gradients) == ["weight", "x"]
    assert {node.name for node in run.nodes if node.kind == "leaf"} == {"weight", "x"}


class Unwilling(tuple[Any, ...]):
    """A tuple that does not let itself be looked through."""

    def __iter__(self) -> Iterator[Any]:
        raise ValueError("on purpose")


@pytest.fixture
def typed_sequence() -> Iterator[None]:
    """A program of this process has typed a class whose objects torch might ask for items."""
    kind = type("Typed", (), {})
    SEQUENCES.add(kind)
    yield
    SEQUENCES.discard(kind)


@pytest.mark.usefixtures("typed_sequence")
def test_a_container_that_refuses_is_not_asked() -> None:
    around = Unwilling((torch.ones(2, requires_grad=True),))

    def function(x: torch.Tensor, given: Any) -> torch.Tensor:
        return torch.stack(Unwilling((x, x)), 0) * tuple.__getitem__(around, 0) * len(given)

    run = trace(function, 2.0, Unwilling((1.0,)))
    assert run.value is not None
    assert run.value.values == (2.0, 2.0)


def test_fresh_memory_has_no_value_until_it_is_filled() -> None:
    def function(x: torch.Tensor) -> torch.Tensor:
        fresh, alike = torch.empty(70), torch.empty_like(x)
        return x * fresh.fill_(2.0).sum() + alike.copy_(x)

    run = trace(function, torch.ones(2))
    made = {node.op: node.value for node in run.nodes if node.op.startswith("empty")}
    assert [value and (value.values, value.mean) for value in made.values()] == [(None, None)] * 2
    torch.full((70,), 3.0)
    assert run == trace(function, torch.ones(2))


def test_what_a_library_puts_around_a_module_is_not_part_of_its_names() -> None:
    solved, other = layer(), layer()

    def run(x: torch.Tensor) -> torch.Tensor:
        return wrapped(solved)(x).sum() + nn.Sequential(Around(other))(x).sum()

    outer = nn.Sequential(layer())
    run_of = trace(Forwarding(outer), torch.ones(1, 2))
    assert sorted(run_of.gradients) == ["0.0.bias", "0.0.weight", "input"]
    run_of = trace(lambda x: nn.DataParallel(outer)(x), torch.ones(1, 2))
    assert sorted(run_of.gradients) == ["0.0.bias", "0.0.weight", "x"]
    assert [call.path for call in run_of.modules] == ["", "", "0", "0.0"]
    names = ["other.0.bias", "other.0.weight", "solved.0.bias", "solved.0.weight", "x"]
    assert sorted(trace(run, torch.ones(2)).gradients) == names
    model = nn.Sequential(solved)
    assert sorted(trace(lambda x: model(x), torch.ones(2)).gradients) == [
        "0.0.bias",
        "0.0.weight",
        "x",
    ]


def wrapped(module: nn.Module) -> nn.Module:
    return nn.Sequential(Forwarding(module))


class Rounded(torch.autograd.Function):
    @staticmethod
    def forward(_: Any, x: torch.Tensor, step: float) -> torch.Tensor:
        return torch.round(x / step) * step

    @staticmethod
    def backward(_: Any, gradient: torch.Tensor) -> Any:
        return gradient, None


class Quantized(nn.Linear):
    def forward(self, input: torch.Tensor) -> torch.Tensor:
        return nn.functional.linear(input, Rounded.apply(self.weight, 0.1), self.bias)


def test_a_custom_function_stands_where_it_is_applied() -> None:
    def once(x):
        y = Rounded.apply(x, 0.5)
        return y * 2

    run = trace(once, torch.ones(2))
    [node] = [each for each in run.nodes if each.op == "RoundedBackward"]
    [call] = [each for each in run.calls if each.id == node.call]
    assert (node.name, call.name, call.function) == ("y", "y", "Rounded")
    assert call.span is not None
    assert all(each.name != "y" for each in run.nodes if each is not node)

    model = nn.Sequential(Quantized(2, 2), nn.ReLU())
    run = trace(model, torch.ones(1, 2))
    scopes = {call.id: call.scope for call in run.calls}
    within = [scopes[each.call] for each in run.nodes if each.call and each.op != "ReluBackward0"]
    assert set(within) == {"0"}
    assert [node.call for node in run.nodes if node.kind == "operation" and not node.call] == []
