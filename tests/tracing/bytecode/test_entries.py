"""What is reached through methods, classes, files and partials has a name and stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any, ClassVar

import pytest
import torch
from torch import nn

from viz import trace

WEIGHT = torch.ones(2, requires_grad=True)
SEEN = torch.zeros(2)
FILE = ModuleType("a_file_of_one_s_own")
vars(FILE).update(scale=torch.ones(2, requires_grad=True), seen=SEEN)


class Settings:
    scale: ClassVar = torch.ones(2, requires_grad=True)
    seen: ClassVar = SEEN


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(2, 2)
        self.some = nn.ParameterList([torch.ones(2)])

    def forward(self, features: torch.Tensor, scale: float = 1.0) -> torch.Tensor:
        return self.helper(self.inner(features) * self.some[0] * scale)

    def helper(self, x: torch.Tensor) -> torch.Tensor:
        SEEN.add_(1)
        return x * WEIGHT


class Plain:
    @property
    def weight(self) -> torch.Tensor:
        return WEIGHT

    def run(self, x: torch.Tensor) -> torch.Tensor:
        SEEN.add_(1)
        return x * self.weight


def of_a_class(x: torch.Tensor) -> torch.Tensor:
    Settings.seen.add_(1)
    return x * Settings.scale


def of_a_file(x: torch.Tensor) -> torch.Tensor:
    FILE.seen.add_(1)
    return x * FILE.scale


MODULE = ["inner.weight", "inner.bias", "some.0", "WEIGHT"]
PLAIN = Plain()
WAYS: dict[str, tuple[Callable[..., Any], list[str]]] = {
    "a method": (Layer(), ["features", *MODULE]),
    "a partial of a module": (partial(Layer(), scale=2.0), ["features", *MODULE]),
    "an object's method": (lambda x: PLAIN.run(x), ["x", "WEIGHT"]),
    "an object made inside": (lambda x: Plain().run(x), ["x", "WEIGHT"]),
    "a class": (of_a_class, ["x", "Settings.scale"]),
    "a file": (of_a_file, ["x", "FILE.scale"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_has_a_name_and_stays_as_it_was(way: str) -> None:
    function, names = WAYS[way]
    assert sorted(trace(function, torch.ones(2)).gradients) == sorted(names)
    assert SEEN.tolist() == [0.0, 0.0]


def test_a_partial_is_told_as_what_it_calls() -> None:
    run = trace(partial(of_a_class), torch.ones(2))
    assert run.program.function == "of_a_class"
    assert run.calls[-1].span is not None


NET = nn.Linear(2, 1)
HELD = NET(WEIGHT * 2)


def test_leaves_behind_a_held_graph_go_by_their_names_around_it() -> None:
    assert sorted(trace(lambda: HELD).gradients) == ["NET.bias", "NET.weight", "WEIGHT"]
