"""Every model of the table is recorded as plain torch runs it, and stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn
from torch.utils._pytree import tree_leaves

from tests.tracing.recording.models import MODELS, further
from viz import trace
from viz.records import Tensor, Trace

Names = list[str]
INPUT = "the input "


def made(name: str) -> tuple[nn.Module, tuple[Any, ...]]:
    torch.manual_seed(7)
    return MODELS[name]()


def plainly(name: str) -> tuple[list[torch.Tensor], dict[str, torch.Tensor | None], Names]:
    """Results, gradients by name and the names of autograd's nodes of a plain run."""
    module, starts = made(name)
    inputs = [x.clone().requires_grad_(x.is_floating_point()) for x in starts]
    torch.manual_seed(0)
    # a function that writes into its inputs does so in copies, as autograd demands
    given = [x.clone() for x in inputs] if "in-place first" in name else inputs
    results = [each for each in tree_leaves(module(*given)) if isinstance(each, torch.Tensor)]
    roots = [each for each in results if each.requires_grad]
    names = below(roots)
    torch.autograd.backward(roots, [torch.ones_like(each) for each in roots])
    found = {key: each.grad for key, each in module.named_parameters() if each.requires_grad}
    found |= {f"{INPUT}{i}": each.grad for i, each in enumerate(inputs) if each.requires_grad}
    return results, found, names


def where(module: nn.Module) -> list[tuple[int, int]]:
    """Where its tensors lie, and how often each was written into."""
    own = [*module.parameters(), *module.buffers()]
    return [
        (0 if each.layout is not torch.strided else each.data_ptr(), each._version) for each in own
    ]


def below(roots: list[torch.Tensor]) -> Names:
    seen: dict[Any, None] = {}
    stack = [root.grad_fn for root in roots]
    while stack:
        fn = stack.pop()
        if fn is not None and fn not in seen:
            seen[fn] = None
            stack += [before for before, _ in fn.next_functions]
    return sorted(type(fn).__name__ for fn in seen if "Accumulate" not in type(fn).__name__)


def holds(record: Tensor | None, tensor: torch.Tensor | None) -> bool:
    if record is None or tensor is None:
        return record is None and tensor is None
    if record.shape != tuple(tensor.shape):
        return False
    if record.values is None:
        wide = torch.view_as_real(tensor) if tensor.is_complex() else tensor
        return record.mean is None or record.mean == pytest.approx(
            wide.double().mean().item(), rel=1e-4, abs=1e-6
        )
    parts = torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor
    numbers = [float(each) for each in parts.detach().flatten().tolist()]
    return [float(each) for each in record.values] == pytest.approx(
        numbers, rel=1e-4, abs=1e-6, nan_ok=True
    )


def operations(run: Trace) -> Names:
    """The operations from which the results come."""
    sources: dict[str, list[str]] = {}
    for edge in run.edges:
        if edge.differentiable:
            sources.setdefault(edge.target, []).append(edge.source)
    seen, stack = set(), list(run.outputs)
    while stack:
        id = stack.pop()
        if id not in seen:
            seen.add(id)
            stack += sources.get(id, [])
    nodes = [node for node in run.nodes if node.id in seen]
    return sorted(node.op for node in nodes if node.kind in ("operation", "output"))


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.filterwarnings("ignore")
def test_a_model_is_recorded_as_torch_runs_it(name: str) -> None:
    results, gradients, names = plainly(name)
    module, starts = made(name)
    before = {key: each.clone() for key, each in module.state_dict().items()}
    memory = where(module)
    random, training = torch.get_rng_state(), [each.training for each in module.modules()]

    run = trace(module, *starts)

    assert len(run.outputs) == len(results)
    for id, each in zip(run.outputs, results, strict=True):
        assert holds(run.node(id).value, each), id
    recorded = dict(run.gradients)
    inputs = [each for key, each in gradients.items() if key.startswith(INPUT)]
    for key, wanted in gradients.items():
        if not key.startswith(INPUT):
            assert holds(recorded.pop(key), wanted), key
    for key, wanted in zip([*recorded], inputs, strict=True):
        assert holds(recorded[key], wanted), key
    frozen = {key for key, each in module.named_parameters() if not each.requires_grad}
    assert set(run.frozen) == frozen
    assert {node.name for node in run.nodes if node.frozen} == frozen
    if "a gradient inside" not in name:  # what autograd records of that run is below no result
        assert operations(run) == names
    assert all(torch.equal(each, before[key]) for key, each in module.state_dict().items())
    assert where(module) == memory
    assert all(each.grad is None for each in module.parameters())
    assert [each.training for each in module.modules()] == training
    assert torch.equal(torch.get_rng_state(), random)


def test_long_names_stay_apart() -> None:
    path = ".".join(["a_rather_long_name_of_a_part"] * 7)
    module = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    for name in path.split("."):
        module = _inside(name, module)
    run = trace(module, torch.ones(1, 2))
    names = [node.name for node in run.nodes if node.kind == "leaf"]
    assert len(set(names)) == len(names) == len(run.gradients) == 5
    assert None not in run.gradients.values()


def test_names_of_large_models_are_whole() -> None:
    path = "model.encoder.layers.11.blocks.10.attention.relative_position_bias.bias_table_of_it"
    module: nn.Module = nn.Linear(2, 2)
    for name in reversed(path.split(".")):
        module = _inside(name, module)
    assert f"{path}.weight" in trace(module, torch.ones(1, 2)).gradients


def _inside(name: str, module: nn.Module) -> nn.Sequential:
    outer = nn.Sequential()
    outer.add_module(name, module)
    return outer


def test_there_are_sixty() -> None:
    assert further.__doc__
    assert len(MODELS) >= 90
