"""`graph_of`: the graph that a tensor already has, against what a run records and plain torch."""

from __future__ import annotations

import pytest
import torch
from torch.utils.checkpoint import checkpoint

from viz import draw, graph_of, trace
from viz.errors import InputRejected
from viz.records import Trace


def values(run: Trace) -> list[tuple[str, object]]:
    return [(node.op, node.value and node.value.values) for node in run.nodes]


MODEL = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
FUNCTIONS = {
    "chain": (lambda x: (x.sin() * x).exp(), torch.tensor([1.0, 2.0])),
    "shared": (lambda x: (x * x + x).sigmoid(), torch.tensor([1.0, 2.0])),
    "outputs": (lambda x: x.split(1)[1].exp() * x.max(0)[0], torch.tensor([1.0, 2.0])),
    "model": (MODEL, torch.ones(1, 2)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_operations_and_arrows_are_those_of_a_run(name: str) -> None:
    function, start = FUNCTIONS[name]
    run = trace(function, start)
    x = start.clone().requires_grad_()
    held = graph_of(function(x), {"x": x}, MODEL if name == "model" else None)

    def shape(each: Trace) -> list[tuple[str, str, int, int]]:
        kinds = {node.id: node.name if node.kind == "leaf" else node.op for node in each.nodes}
        kinds = {id: "x" if kind == "input" else kind for id, kind in kinds.items()}
        return sorted(
            (kinds[edge.source], kinds[edge.target], edge.input_index, edge.output_index)
            for edge in each.edges
            if edge.differentiable
        )

    assert shape(held) == shape(run)
    assert held.value.values == run.value.values
    assert held.counts == run.counts


def test_values_are_those_that_were_saved() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    held = graph_of((x * 3.0).sin() + 1.0, {"x": x})
    known = {node.op: node.value for node in held.nodes}
    assert known["MulBackward0"].values == (6.0,)  # sin keeps its input
    assert known["SinBackward0"].values is None  # addition keeps nothing
    assert known["SinBackward0"].shape == ()
    [three] = [node for node in held.nodes if node.kind == "constant"]
    assert three.value.values == (3.0,)
    assert [(edge.source, edge.input_index) for edge in held.edges if not edge.differentiable] == [
        (three.id, 1)
    ]


def test_nothing_is_used_up() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    h = x.exp()
    h.retain_grad()
    loss = (h * h).sum()
    first = graph_of(loss, {"x": x, "h": h})
    assert x.grad is None
    assert first.gradients == {"x": None}
    loss.backward()
    after = graph_of(loss, {"x": x, "h": h})
    assert after.gradients["x"].values == tuple(x.grad.tolist())
    [named] = [node for node in after.nodes if node.name == "h"]
    assert (named.value.values, named.gradient.values) == (
        tuple(h.tolist()),
        tuple(h.grad.tolist()),
    )
    assert not any(node.saved for node in after.nodes if node.op == "MulBackward0")  # freed


def test_parameters_have_the_names_of_their_modules() -> None:
    loss = MODEL(torch.ones(1, 2)).sum()
    assert list(graph_of(loss, modules=MODEL).gradients) == [
        name for name, _ in MODEL.named_parameters()
    ]
    two = graph_of(loss, modules={"net": MODEL, "other": torch.nn.Linear(1, 1)})
    assert set(two.gradients) == {f"net.{name}" for name, _ in MODEL.named_parameters()} | {
        "other.weight",
        "other.bias",
    }


def test_several_tensors_at_once_share_their_graph() -> None:
    x = torch.tensor(1.0, requires_grad=True)
    h = x.exp()
    held = graph_of({"a": h.sin(), "b": h.cos()})
    assert [held.node(id).name for id in held.outputs] == ["a", "b"]
    assert sum(node.op == "ExpBackward0" for node in held.nodes) == 1


def test_what_a_hook_packed_away_stays_packed() -> None:
    runs = []

    def block(x: torch.Tensor) -> torch.Tensor:
        runs.append(1)
        return x.exp().sin()

    x = torch.tensor(1.0, requires_grad=True)
    held = graph_of(checkpoint(block, x, use_reentrant=False))
    assert runs == [1]
    assert [node.op for node in held.nodes[:2]] == ["ExpBackward0", "SinBackward0"]


class Doubled(torch.autograd.Function):
    """Keeps a tensor and a number."""

    @staticmethod
    def forward(ctx: object, x: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x)
        ctx.factor = 2
        return x * 2

    @staticmethod
    def backward(ctx: object, gradient: torch.Tensor) -> torch.Tensor:
        raise AssertionError(f"looking runs nothing of the user's: {ctx}, {gradient}")


def test_a_function_of_ones_own_shows_what_it_saved() -> None:
    x = torch.tensor(1.5, requires_grad=True)
    [node] = [node for node in graph_of(Doubled.apply(x.exp())).nodes if "Doubled" in node.op]
    saved = {each.name: each.value for each in node.saved}
    assert saved["factor"] == 2
    assert saved["saved_tensors[0]"].values == (torch.tensor(1.5).exp().item(),)


def test_a_hundred_thousand_nodes() -> None:
    x = y = torch.tensor(1.0, requires_grad=True)
    for _ in range(100_000):
        y = y * 1.0
    held = graph_of(y, {"x": x})
    assert sum(node.kind in ("operation", "output") for node in held.nodes) == 100_000
    assert not held.truncated
    assert held.node(held.outputs[0]).kind == "output"
    assert len(draw(held).view.nodes) < 60
    y.backward()  # and the graph can go: torch alone would not survive it
    assert x.grad == 1.0


def test_beyond_the_bound_the_nearest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.tracing.recording.held_graph.MAX_HELD", 10)
    x = y = torch.tensor(1.0, requires_grad=True)
    for _ in range(100):
        y = y * 1.0
    held = graph_of(y, {"x": x})
    assert held.truncated
    assert held.value.values == (1.0,)
    assert sum(node.op == "MulBackward0" for node in held.nodes) == 10


def test_a_tensor_without_a_graph_is_a_card_and_no_tensor_is_refused() -> None:
    alone = graph_of(torch.ones(2))
    assert alone.value.values == (1.0, 1.0)
    assert repr(alone).startswith("Graph of a tensor: 0 operations → [1, 1]")
    assert len(graph_of(torch.ones(2), torch.ones(2)).outputs) == 2
    with pytest.raises(InputRejected, match="no tensor"):
        graph_of([1, 2])
    for uncalled in (MODEL, MODEL(torch.ones(1, 2)).mean):
        with pytest.raises(InputRejected, match="Call it first"):
            graph_of(uncalled)


def test_a_state_dict_and_a_compiled_module_name_the_same_leaves() -> None:
    result = MODEL(torch.ones(1, 2))
    names = [node.name for node in graph_of(result, modules=MODEL).nodes]
    assert [node.name for node in graph_of(result, names=MODEL.state_dict()).nodes] == names
    compiled = torch.compile(MODEL, backend="eager")
    assert [node.name for node in graph_of(result, modules=compiled).nodes] == names


class Listing(torch.nn.Module):
    """Keeps what it uses where torch does not look for parameters, or under a method's name."""

    def __init__(self, under: str) -> None:
        super().__init__()
        self.first = torch.nn.Linear(2, 2, bias=False)
        self.scale = torch.ones(2, requires_grad=True)
        self.table = {"shift": [torch.zeros(2, requires_grad=True)]}
        object.__setattr__(self, under, [torch.nn.Linear(2, 1, bias=False)])
        self.under = under

    def forward(self, x):
        shifted = self.first(x) * self.scale + self.table["shift"][0]
        return getattr(self, self.under)[0](shifted)


@pytest.mark.parametrize("under", ["listed", "modules", "named_parameters", "named_modules"])
def test_what_a_module_keeps_in_lists_has_the_names_that_a_run_gives_it(under: str) -> None:
    module = Listing(under)
    wanted = {"first.weight", "scale", "table['shift'][0]", f"{under}[0].weight"}
    result = module(torch.ones(1, 2))
    held = [node.name for node in graph_of(result, modules=module).nodes if node.kind == "leaf"]
    assert sorted(held) == sorted(wanted)
    named = graph_of(result, modules={"net": torch.nn.Sequential(module)})
    assert {node.name for node in named.nodes if node.kind == "leaf"} == {
        f"net.0.{name}" for name in wanted
    }
    assert set(trace(module, torch.ones(1, 2)).gradients) == {"x", *wanted}
