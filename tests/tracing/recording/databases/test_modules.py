"""Every module of PyTorch's own database, against plain torch: gradients by name, and the module as
it was. One sample of each; `MODULES=full` takes all, in both modes.
"""

from __future__ import annotations

import copy
import os
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
import torch

from viz import graph_of, trace
from viz.records import Tensor

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the database's own imports warn
    from torch.testing._internal.common_modules import module_db

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations of the modules themselves
FULL = os.environ.get("MODULES") == "full"


def samples(info: Any) -> Iterator[tuple[torch.nn.Module, Any, Any]]:
    """(module, arguments, keyword arguments) of those that have a forward run on one device."""
    for training in (True, False) if FULL else (True,):
        torch.default_generator.manual_seed(0)
        found = info.module_inputs_func(
            info, device="cpu", dtype=torch.float64, requires_grad=True, training=training
        )
        given = (each for each in found if each.forward_input is not None)
        for sample in given if FULL else islice(given, 1):
            made = sample.constructor_input
            module = info.module_cls(*made.args, **made.kwargs).double().train(training)
            yield module, sample.forward_input.args, sample.forward_input.kwargs


def copied(value: Any, leaves: list[torch.Tensor]) -> Any:
    """The same arguments on leaves of their own."""
    if isinstance(value, torch.Tensor):
        leaves.append(value.detach().clone().requires_grad_(value.requires_grad))
        return leaves[-1]
    if isinstance(value, dict):
        return {key: copied(each, leaves) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(copied(each, leaves) for each in value)
    return value


def flat(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value] if value.requires_grad else []
    if isinstance(value, tuple | list):
        return [tensor for each in value for tensor in flat(each)]
    return []


def known(tensor: torch.Tensor) -> bool:
    """Whether it has a shape yet: a lazy module's has none before its first run."""
    return not torch.nn.parameter.is_lazy(tensor)


def holds(record: Tensor | None, tensor: torch.Tensor) -> bool:
    if record is None or record.shape != tuple(tensor.shape):
        return False
    if record.values is None:
        wanted = pytest.approx(tensor.max().item(), rel=1e-9, nan_ok=True)
        return record.maximum == wanted
    numbers = tensor.flatten().tolist()
    return list(record.values) == pytest.approx(numbers, rel=1e-9, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("info", module_db, ids=lambda info: info.name)
def test_a_module_of_torchs_is_recorded_as_torch_runs_it(info: Any) -> None:
    for module, args, kwargs in samples(info):
        plain, leaves = copy.deepcopy(module), list[torch.Tensor]()
        torch.default_generator.manual_seed(0)
        results = flat(plain(*copied(args, leaves), **copied(kwargs, leaves)))
        if not results:
            continue  # nothing of it has a gradient
        held = {node.name for node in graph_of(results, modules=plain).nodes}
        torch.autograd.backward(results, [torch.ones_like(each) for each in results])
        before = {name: each.clone() for name, each in module.state_dict().items() if known(each)}

        found = trace(module, *args, **kwargs).gradients

        for name, parameter in plain.named_parameters():
            if parameter.grad is not None:
                assert holds(found[name], parameter.grad), name
                assert name in held
        for leaf in leaves:
            if leaf.grad is not None:
                assert any(holds(each, leaf.grad) for each in found.values())
        after = {name: each for name, each in module.state_dict().items() if known(each)}
        assert after.keys() == before.keys()
        assert all(torch.equal(each, before[name]) for name, each in after.items())
        assert all(parameter.grad is None for parameter in module.parameters())
