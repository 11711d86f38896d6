"""What a function returns: in order, each output of a node by itself, under its own name."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
import torch

from viz import graph_of, trace
from viz.drawing import fold
from viz.records import Trace


def told(run: Trace) -> list[tuple[str | None, object]]:
    ports = [node.port(place) for node, place in run.returned()]
    return [(port.name, port.value and port.value.values) for port in ports]


def test_what_comes_back_is_told_as_it_was_returned() -> None:
    def halves(x: torch.Tensor) -> dict[str, torch.Tensor]:
        low, high = x.chunk(2)
        return {"high": high, "low": low, "twice": high * 2}

    start = torch.arange(4.0)
    run = trace(halves, start)
    assert told(run) == [
        ("high", (2.0, 3.0)),
        ("low", (0.0, 1.0)),
        ("twice", (4.0, 6.0)),
    ]
    assert "of high + low + twice: x [1, 1, 3, 3]" in repr(run)
    [card] = [card for card in fold(run).nodes if "SplitBackward0" in card.shown.op]
    assert [each.name for each in card.further] == ["high"]
    assert Trace.from_json(run.to_json()) == run
    assert trace(lambda x: x.chunk(2)[1], start).value.values == (2.0, 3.0)
    low, high = start.requires_grad_().chunk(2)
    held = graph_of({"high": high, "low": low})
    assert told(held) == [("high", (2.0, 3.0)), ("low", (0.0, 1.0))]


class Normal(NamedTuple):
    mu: torch.Tensor
    sigma: torch.Tensor


@pytest.mark.parametrize(
    ("returned", "names"),
    [
        ('{"loss": a, "logits": b}', ["loss", "logits"]),
        ('{"loss": a, "again": a}', ["loss", "loss"]),
        ("Normal(a, b)", ["mu", "sigma"]),
        ('(a, {"logits": b})', ["a", "logits"]),
        ('({"y": a}, {"y": b})', ["a", "b"]),
        ('{"heads": {"y": a}, "all": [b]}', ["heads.y", "all[0]"]),
        ('{"train/loss": a, 3: b, "x": x}', ["train/loss", "b", "x"]),
        ('{"start": x, "y": a}', ["x", "y"]),
    ],
)
def test_results_are_called_by_their_keys(returned: str, names: list[str]) -> None:
    found: dict[str, Any] = {"Normal": Normal}
    exec(f"def f(x):\n    a = x.sin()\n    b = a * 2\n    return {returned}", found)  # noqa: S102
    assert [name for name, _ in told(trace(found["f"], 1.0))] == names
