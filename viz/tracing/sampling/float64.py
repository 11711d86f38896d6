"""What typed code made before it runs, and what it makes then, in float64 as its samples are.

Weights and constants at a program's top level are made once, in torch's usual float32; beside
float64 samples they would cost precision, or be refused ("expected … the same dtype").
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

import torch

DEEP: Final = 4
"""Lists within lists that are looked into."""


def double(namespace: dict[str, Any]) -> None:
    """Puts float64 copies in the place of a namespace's floating-point tensors.

    Modules change in place; one tensor under two names stays one.
    """
    known: dict[int, tuple[Any, Any]] = {}
    for name, value in list(namespace.items()):
        if not name.startswith("__"):
            namespace[name] = _doubled(value, known, DEEP)


def _doubled(value: Any, known: dict[int, tuple[Any, Any]], deep: int) -> Any:
    if id(value) in known:
        return known[id(value)][1]
    changed = value
    if isinstance(value, torch.nn.Module):
        torch.nn.Module.double(value)
    elif isinstance(value, torch.Tensor):
        changed = _tensor(value)
    elif type(value) in (list, tuple) and deep:
        changed = type(value)(_doubled(one, known, deep - 1) for one in value)
    elif type(value) is dict and deep:
        changed = {key: _doubled(one, known, deep - 1) for key, one in value.items()}
    known[id(value)] = (value, changed)
    return changed


def _tensor(value: torch.Tensor) -> torch.Tensor:
    if not value.is_floating_point() or value.dtype is torch.float64:
        return value
    if value.is_leaf:
        return value.detach().double().requires_grad_(value.requires_grad)
    return value.double()


@contextmanager
def computing_in_float64() -> Iterator[None]:
    """Numbers that the typed code makes are float64 too; torch's own defaults come back after."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    cast(Any, torch._C)._debug_only_display_vmap_fallback_warnings(False)
    try:
        yield
    finally:
        torch.set_default_dtype(before)
