"""What the gradients of a run's outputs start from."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch

from viz.errors import N_, InputRejected, problem
from viz.records import MAX_NAME
from viz.tracing.structures import Placed, parts, tensors_of

_ONE: Final = (torch.Tensor, np.ndarray, np.number, bool, int, float, complex)
"""What is a gradient of one output."""


def starts(result: Any, gradient: Any) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """The outputs to go backward from, and the gradient of each.

    One tensor or number is the gradient of the first, the others start from ones. A container like
    the result has one for each, by key, field or place: what is `None` or missing in there is
    none to go backward from. Raises `InputRejected` for a place in it where there is no output
    that requires grad.
    """
    outputs = [part for part in tensors_of(result) if part.value.requires_grad]
    seeds = [ones_like(part.value) for part in outputs]
    if not isinstance(gradient, _ONE) and not isinstance(result, torch.Tensor):
        return _by_place(outputs, gradient)
    seeds[0] = torch.as_tensor(gradient).to(outputs[0].value.dtype)
    return [part.value for part in outputs], seeds


def ones_like(root: torch.Tensor) -> torch.Tensor:
    """Ones of a tensor's shape and layout; torch makes none like a sparse tensor."""
    if root.layout == torch.strided or root.is_nested:
        return torch.ones_like(root)
    return torch.ones(root.shape, dtype=root.dtype).to_sparse(layout=root.layout)


def _by_place(
    outputs: list[Placed], gradient: Any
) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    wanted = {part.keys: part for part in parts(gradient) if part.value is not None}
    roots = [part.value for part in outputs if part.keys in wanted]
    if not wanted or len(roots) < len(wanted):
        known = {part.keys for part in outputs}
        unknown = [part.text for keys, part in wanted.items() if keys not in known]
        raise InputRejected(
            problem(
                N_("The gradient is for {name}, which is no output that requires grad."),
                N_("The outputs are: {names}."),
                name=", ".join(unknown)[:MAX_NAME] or "None",
                names=", ".join(part.text for part in outputs)[:1_000],
            )
        )
    seeds = [wanted[part.keys].value for part in outputs if part.keys in wanted]
    pairs = zip(roots, seeds, strict=True)
    return roots, [torch.as_tensor(seed).to(root.dtype) for root, seed in pairs]
