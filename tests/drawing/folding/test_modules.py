"""Modules as boxes: what lies in which, what they are called, and that nothing goes round."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from viz import draw, trace
from viz.drawing.folding.modules import common, levels


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("", []),
        ("layers.0.self_attn", ["layers.0", "self_attn"]),
        ("0.1.conv2", ["0", "1", "conv2"]),
        ("encoder.layers.12", ["encoder", "layers.12"]),
    ],
)
def test_a_number_belongs_to_its_list(scope: str, expected: list[str]) -> None:
    assert levels(scope) == expected


def test_the_innermost_module_that_all_lie_in() -> None:
    assert common(["a.b.c", "a.b.d"]) == "a.b"
    assert common(["a", "b"]) == common([]) == ""


class Block(nn.Module):
    """Two layers and a way around them."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.second(self.first(x).relu())


class Net(nn.Module):
    """Several blocks, then a head."""

    def __init__(self, blocks: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Block() for _ in range(blocks))
        self.head = nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.blocks:
            x = block(x)
        return self.head(x)


def titles(run, depth: int) -> list[str]:
    return [node.title or node.kind for node in draw(run, depth=depth).view.nodes]


def test_boxes_by_depth() -> None:
    run = trace(Net(2), torch.ones(1, 4))
    assert titles(run, 1) == ["leaf", "blocks.0", "blocks.1", "head"]
    two = titles(run, 2)
    assert two[:4] == ["leaf", "blocks.0.first", "operation", "blocks.0.second"]
    assert "head" in two


def test_a_box_shows_what_flows_out_of_it_and_opens() -> None:
    run = trace(Net(2), torch.ones(1, 4))
    view = draw(run, depth=1).view
    [box] = [node for node in view.nodes if node.title == "blocks.0"]
    assert box.shown.op == "AddBackward0"
    assert box.opens
    assert {run.node(id).name for id in box.records if run.node(id).kind == "leaf"} == {
        f"blocks.0.{layer}.{part}" for layer in ("first", "second") for part in ("weight", "bias")
    }


def test_equal_blocks_are_one_stack_with_their_number() -> None:
    view = draw(trace(Net(9), torch.ones(1, 4)), depth=1).view
    assert [(node.title or node.kind, node.rounds) for node in view.nodes] == [
        ("leaf", 0),
        ("blocks.0", 0),
        ("stack", 7),
        ("blocks.8", 0),
        ("head", 0),
    ]


def test_no_card_is_called_by_a_number_of_nodes() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        for choice in torch.randint(5, (300,)).tolist():
            x = (torch.sin, torch.cos, torch.tanh, torch.sigmoid, torch.sinh)[choice](x)
        return x

    drawing = draw(trace(f, 0.1))
    assert any(node.kind == "group" for node in drawing.view.nodes)
    assert "nodes</" not in drawing.svg()
