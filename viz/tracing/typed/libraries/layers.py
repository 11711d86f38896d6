"""Layers of torch's that reach further than typed code may: changed for processes that run it.

- `nn.ParameterDict` asks itself for any key by `getattr`: here for keys that no object has.
- `nn.TransformerEncoder` and its sibling copy a layer with Python's own `deepcopy`, which asks any
  object how; here as `copy.deepcopy` of typed code does.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.modules import transformer

from viz.tracing.typed.libraries.copies import deepcopy

_OF_THE_CLASS = frozenset(dir(torch.nn.ParameterDict)) | {"training"}


def _key(_self: Any, key: Any) -> str:
    """The name under which a parameter is held; raises `KeyError` for one of the class's own."""
    if type(key) is not str:
        raise TypeError(
            "Index given to ParameterDict cannot be used as a key as it is not a string"
            f" (type is {type(key).__name__!r})"
        )
    if key.startswith("_") or key in _OF_THE_CLASS:
        raise KeyError(f"{key[:80]!r} is a name that every ParameterDict has: use another")
    return key


def _clones(module: Any, N: int) -> torch.nn.ModuleList:  # noqa: N803
    return torch.nn.ModuleList([deepcopy(module) for _ in range(N)])


def guard_layers() -> None:
    """Changes the classes; doing so twice changes nothing."""
    torch.nn.ParameterDict._key_to_attr = _key  # type: ignore[method-assign, assignment]
    transformer._get_clones = _clones  # type: ignore[assignment]
