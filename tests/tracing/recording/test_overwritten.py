"""What was written into past autograd's back is shown as it counts, and what was there is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from viz import trace
from viz.records import Tensor
from viz.tracing.recording.nodes.overwritten import BEFORE

FIVE = torch.tensor(5.0)


def without_grad(h: torch.Tensor) -> None:
    with torch.no_grad():
        h.copy_(FIVE)


def through_a_view(h: torch.Tensor) -> None:
    with torch.no_grad():
        h.view(1)[0] = 5.0


def anew(h: torch.Tensor) -> None:
    h.data = FIVE.clone()


WRITES: dict[str, Callable[[torch.Tensor], object]] = {
    ".data.copy_": lambda h: h.data.copy_(FIVE),
    ".data.fill_": lambda h: h.data.fill_(5.0),
    ".data of .data": lambda h: h.data.view(1).data.fill_(5.0),
    ".detach().copy_": lambda h: h.detach().copy_(FIVE),
    "no_grad": without_grad,
    "no_grad, a view": through_a_view,
    ".data =": anew,
}


@pytest.mark.parametrize("how", WRITES)
def test_a_result_that_was_written_into(how: str) -> None:
    def function(x: torch.Tensor) -> torch.Tensor:
        h = x * 2
        WRITES[how](h)
        return h * x

    run = trace(function, 3.0)
    node = next(node for node in run.nodes if node.name == "h" and node.kind == "operation")
    before = {saved.name: saved.value for saved in node.saved}[BEFORE]
    found = [node.value, before, run.value, run.gradients["x"]]
    values = [each.values for each in found if isinstance(each, Tensor)]
    assert values == [(5.0,), (6.0,), (15.0,), (11.0,)]


@pytest.mark.parametrize("how", WRITES)
def test_an_input_that_was_written_into_is_a_new_leaf(how: str) -> None:
    def function(x: torch.Tensor) -> torch.Tensor:
        y = x * 1.0
        WRITES[how](x)
        return y.detach() * x

    run = trace(function, 3.0)
    values = [node.value and node.value.values for node in run.nodes if node.kind == "leaf"]
    assert values == [(3.0,), (5.0,)]


def test_a_write_that_changes_nothing_is_not_told() -> None:
    def function(x: torch.Tensor) -> torch.Tensor:
        h = x.log()
        with torch.no_grad():
            h.mul_(1.0)
        return h * 2

    names = {saved.name for node in trace(function, -1.0).nodes for saved in node.saved}
    assert BEFORE not in names
