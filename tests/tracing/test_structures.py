"""Containers of every kind: what is in them is an input and an output, called by its place."""

from __future__ import annotations

from collections import OrderedDict, UserDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.distributions import Independent, Normal, Poisson

from viz import trace
from viz.tracing.structures import parts, together


class Entries(dict):
    """A dict of one's own."""


class Row(list):
    """A list of one's own."""


class Default(defaultdict):
    """A defaultdict of one's own."""


class Output(OrderedDict):
    """What stands under its key and as an attribute, as the outputs of large libraries do."""

    def __init__(self, x: Any) -> None:
        super().__init__(x=x)
        self.x = x


@dataclass(frozen=True)
class Frozen:
    x: Any


@dataclass(slots=True)
class Slotted:
    x: Any


class Plain:
    def __init__(self, x: Any) -> None:
        self.x, self.rate, self.itself = x, 3, self


def default(x: Any) -> Default:
    made = Default(list)
    made["x"] = x
    return made


Kind = tuple[Callable[[Any], Any], Callable[[Any], Any], str]
KINDS: dict[str, Kind] = {
    "dict": (lambda x: Entries(x=x), lambda b: b["x"], "b['x']"),
    "list": (lambda x: Row([x]), lambda b: b[0], "b[0]"),
    "UserDict": (lambda x: UserDict(x=x), lambda b: b["x"], "b['x']"),
    "defaultdict": (default, lambda b: [*b["none"], b["x"]][0], "b['x']"),
    "namespace": (lambda x: SimpleNamespace(x=x), lambda b: b.x, "b.x"),
    "frozen": (Frozen, lambda b: b.x, "b.x"),
    "slots": (Slotted, lambda b: b.x, "b.x"),
    "plain object": (Plain, lambda b: b.itself.x, "b.x"),
    "key and attribute": (Output, lambda b: (b.x + b["x"]) / 2, "b['x']"),
    "distribution": (lambda x: Poisson(x), lambda b: b.mean, "b.rate"),
    "nested": (lambda x: Plain([{"y": Frozen(x)}]), lambda b: b.x[0]["y"].x, "b.x[0]['y'].x"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_container_of_ones_own_goes_in_and_comes_out(kind: str) -> None:
    made, read, name = KINDS[kind]
    x, types = torch.tensor([1.0, 2.0]), []
    given = made(x)
    into = trace(lambda b: types.append(type(b)) or (read(b) ** 2).sum(), given)
    assert {key: each.values for key, each in into.gradients.items()} == {name: (2.0, 4.0)}
    assert types == [type(given)]
    out = trace(lambda v: made(v * v), x)
    assert out.gradients["v"].values == (2.0, 4.0)
    assert len(out.outputs) == 1
    assert sum(part.value is x for part in parts(given)) == 1 + (made is Output)


def test_a_distribution_is_its_parameters() -> None:
    """As those of a policy or of an encoder, whose loss is computed from them later."""

    def encoder(h: torch.Tensor) -> list[Any]:
        return [Independent(Normal(2 * h, h.exp()), 1), h.sum()]

    run = trace(encoder, torch.tensor([1.0, 2.0]))
    names = [node.name for node in run.nodes if node.id in run.outputs]
    assert names == ["[0].base_dist.loc", "[0].base_dist.scale", None]
    loss = trace(lambda d, t: -d.log_prob(t), Normal(torch.tensor(0.5), 2.0), torch.tensor(1.0))
    assert loss.gradients["d.loc"].values == (-0.125,)


def test_an_object_that_works_is_handed_on_as_it_is() -> None:
    working = SimpleNamespace(net=torch.nn.Linear(1, 1), x=torch.ones(1))
    seen: list[Any] = []
    trace(lambda b, y: seen.append(b) or b.net(b.x) * y, working, 2.0)
    assert seen == [working]
    empty = Plain(3)
    assert together(empty, iter([4, 5])) is empty
