"""Modules as boxes: what lies in which, what they are called, and that nothing goes round."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from viz import draw, graph_of, trace
from viz.drawing import Display, GraphView, player
from viz.drawing.folding.module_calls import levels
from viz.drawing.folding.modules import common
from viz.drawing.picture.cards import faces
from viz.records import ModuleCall, Program, Trace


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
        ("blocks.1 … blocks.7", 7),
        ("blocks.8", 0),
        ("head", 0),
    ]


class Holding(nn.Module):
    """A part that it holds itself, and that another part of it calls."""

    def __init__(self) -> None:
        super().__init__()
        self.base = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
        self.net = nn.Sequential(self.base, nn.Linear(2, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


def test_a_part_that_two_modules_hold_lies_where_it_is_used() -> None:
    assert titles(trace(Holding(), torch.ones(1, 2)), 1) == ["leaf", "net"]


def test_a_stack_of_unlike_parts_tells_them_all() -> None:
    parts = [part for _ in range(6) for part in (nn.Linear(4, 4), nn.Tanh())]
    run = trace(nn.Sequential(*parts), torch.ones(1, 4))
    [stack] = [node for node in draw(run, depth=1).view.nodes if node.kind == "stack"]
    assert (stack.title, stack.rounds, stack.operations) == ("", 4, ("Linear", "Tanh"))
    held = graph_of(nn.Sequential(*parts)(torch.ones(1, 4)), modules=nn.Sequential(*parts))
    [stack] = [node for node in draw(held, depth=1).view.nodes if node.kind == "stack"]
    assert stack.operations == ("2 … 8", "TanhBackward0")

    def looped(x: torch.Tensor) -> torch.Tensor:
        for part in parts[::2]:
            x = part(x).sin()
        return x

    run = trace(looped, torch.ones(1, 4))
    [stack] = [node for node in draw(run, depth=1).view.nodes if node.kind == "stack"]
    assert (stack.operations, stack.shown.op) == (("Linear", "SinBackward0"), "SinBackward0")


def test_no_card_is_called_by_a_number_of_nodes() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        for choice in torch.randint(5, (300,)).tolist():
            x = (torch.sin, torch.cos, torch.tanh, torch.sigmoid, torch.sinh)[choice](x)
        return x

    drawing = draw(trace(f, 0.1))
    assert any(node.kind == "group" for node in drawing.view.nodes)
    assert "nodes</" not in drawing.svg()


class Shared(nn.Module):
    """One layer that is called twice, and one that has no parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.l, self.drop = nn.Linear(2, 2), nn.Dropout(0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.drop(self.l(self.l(x).relu()))


class Siamese(nn.Module):
    """One part for two inputs, with buffers and a layer that writes in place."""

    def __init__(self) -> None:
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.ReLU(inplace=True))

    def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return self.enc(a) - self.enc(b)


class Looped(nn.Module):
    """A cell that is called once a row."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.GRUCell(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = torch.zeros(1, 2)
        for row in x:
            h = self.cell(row, h)
        return h


class Tied(nn.Module):
    """An embedding whose weight is the last layer's too."""

    def __init__(self) -> None:
        super().__init__()
        self.emb, self.out = nn.Embedding(4, 3), nn.Linear(3, 4, bias=False)
        self.out.weight = self.emb.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.emb(x).tanh())


def told(view: GraphView) -> list[str]:
    """What each card's first line says."""
    texts = faces(view, Display()).values()
    return [" ".join(filter(None, (face.title, face.name))) for face in texts]


def arrows(view: GraphView) -> set[str]:
    names = dict(zip((node.id for node in view.nodes), told(view), strict=True))
    return {f"{names[edge.source]} -> {names[edge.target]}" for edge in view.edges}


def test_each_call_of_a_shared_module_has_its_box() -> None:
    view = draw(trace(Shared(), torch.ones(1, 2)), depth=1).view
    assert arrows(view) == {
        "x -> l (1/2) Linear",
        "l -> l (1/2) Linear",
        "l -> l (2/2) Linear",
        "l (1/2) Linear -> relu v₃",
        "relu v₃ -> l (2/2) Linear",
        "l (2/2) Linear -> drop Dropout",
    }
    assert [node.parameters for node in view.nodes if node.parameters] == [("weight", "bias")]


def test_a_part_for_two_inputs_is_two_boxes_and_its_parameters() -> None:
    run = trace(Siamese(), torch.ones(2, 2), torch.zeros(2, 2))
    view = draw(run, depth=1).view
    assert [text for text in told(view) if "enc" in text] == [
        "enc",
        "enc (1/2) Sequential",
        "enc (2/2) Sequential",
    ]
    parts = ("0.weight", "0.bias", "1.running_mean", "1.running_var", "1.weight", "1.bias")
    assert [sorted(each.parameters) for each in view.nodes if each.parameters] == [sorted(parts)]
    assert "enc (1/2) Sequential -> − out" in arrows(view)
    deeper = told(draw(run, depth=2).view)
    assert [text for text in deeper if "ReLU" in text] == [
        "enc.2 (1/2) ReLU",
        "enc.2 (2/2) ReLU",
    ]


def test_a_cell_in_a_loop_and_a_tied_weight() -> None:
    looped = draw(trace(Looped(), torch.ones(6, 1, 2)), depth=1).view
    assert told(looped)[-3:] == ["cell (1/6) GRUCell", "× 4 GRUCell", "cell (6/6) GRUCell"]
    inputs = [torch.ones(2) for _ in range(30)]  # in no box: each stays with its round
    unboxed = draw(trace(lambda xs: sum(x.sin() * 2 for x in xs), inputs), depth=1).view
    assert len(unboxed.nodes) < 20
    tied = arrows(draw(trace(Tied(), torch.tensor([1, 2])), depth=1).view)
    assert {"emb.weight -> emb Embedding", "emb.weight -> out Linear"} <= tied
    assert "emb Embedding -> out Linear" not in tied


def test_buffers_lie_in_their_box() -> None:
    norm = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    assert told(draw(trace(norm, torch.ones(3, 2)), depth=1).view) == [
        "input",
        "0 Linear",
        "1 BatchNorm1d",
    ]


def test_the_graph_of_a_tensor_has_boxes_by_the_names_of_its_parameters() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    x = torch.ones(1, 2, requires_grad=True)
    held = graph_of(net(x).mean(), names={"x": x}, modules=net)
    assert [each.split()[0] for each in told(draw(held, depth=1).view)] == [
        "x",
        "0",
        "relu",
        "2",
        "mean",
    ]
    blocks = Net(2)
    one = draw(graph_of(blocks(torch.ones(1, 4)), modules=blocks), depth=1).view
    assert [node.title for node in one.nodes] == ["blocks.0", "", "blocks.1", "", "head"]


@pytest.mark.parametrize("depth", [1, 2])
def test_boxes_can_be_played(depth: int) -> None:
    run = trace(Siamese(), torch.ones(2, 2), torch.zeros(2, 2))
    view = draw(run, depth=depth).view
    assert player(run, view, Display()).steps


def test_a_long_path_keeps_its_end_and_the_class_a_line() -> None:
    path = "encoder.layers.11.attention.projection"
    view = draw(trace(Net(2), torch.ones(1, 4)), depth=1).view
    one = next(node for node in view.nodes if node.title == "head")
    long = replace(one, title=path * 2, module="TransformerDecoderLayer")
    [face] = faces(replace(view, nodes=(long,)), Display()).values()
    assert face.title.startswith("…")
    assert face.title.endswith("attention.projection")
    assert (face.name, face.rows[0].text) == ("", "TransformerDecoderLayer")


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ((ModuleCall("", "A", 0),), "names a later one"),
        ((ModuleCall("", "A", None, 3),), "names a later one"),
    ],
)
def test_a_module_call_names_earlier_ones(calls: tuple[ModuleCall, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Trace(Program("", "function"), modules=calls)


class Coder(nn.Module):
    """Its two halves are methods of their own; nobody calls it."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(2, 2)
        self.back = nn.Parameter(torch.ones(2, 2))

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return self._bent(self.inner(x))

    def _bent(self, x: torch.Tensor) -> torch.Tensor:
        return x.tanh() * 2

    def decode(self, x: torch.Tensor) -> torch.Tensor:
        return (x @ self.back).sigmoid()


class Coding(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.coder = Coder()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.coder.decode(self.coder.encode(x)).sum()


def test_a_part_that_is_reached_by_a_method_is_a_box() -> None:
    run = trace(Coding(), torch.ones(1, 2))
    boxes = ["coder (1/2) Coder.encode", "coder (2/2) Coder.decode"]
    assert told(draw(run, depth=1).view)[1:3] == boxes
    assert [call.kind for call in run.modules] == [
        *("Coding", "Coder.encode", "Linear", "Coder.decode"),
    ]


def test_different_operations_on_what_is_given_are_no_rounds() -> None:
    def embedded(t: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        angle = t[:, None].float() * torch.exp(-torch.arange(4).div(4).mul(9))
        return w * torch.cat([angle.sin(), angle.cos()], -1)

    view = draw(trace(embedded, torch.tensor([5]), torch.ones(8)), depth=1).view
    assert not [node for node in view.nodes if node.kind == "stack"]
    assert [node.name for node in view.nodes if node.single].count("t") == 1
