"""`torch.nn.utils.prune` for layers' own parameters: torch's functions ask any object for any name.

Each function here takes a layer and the name of one of its parameters and leaves the rest to torch;
raises `TypeError` for what is neither. A pruning method is one of torch's, or a class of the
program's own that descends from `BasePruningMethod`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import torch
from torch.nn.utils import prune

from viz.program.allowlist.words import words
from viz.tracing.typed.decided.own import OWN

_APPLY: Final = prune.BasePruningMethod.__dict__["apply"].__func__


def _demand_parameter(module: Any, name: Any) -> None:
    held = isinstance(module, torch.nn.Module) and type(name) is str and name[:1] != "_"
    if not held or (name not in module._parameters and f"{name}_orig" not in module._parameters):
        raise TypeError("prune takes a layer and the name of one of its parameters")


def _apply(cls: Any, module: Any, name: Any, *given: Any, **ways: Any) -> Any:
    """Prunes a layer's parameter by this method, as the class method of this name does."""
    _demand_parameter(module, name)
    return _APPLY(cls, module, name, *given, **ways)


def _of_its_parameter(name: str) -> Callable[..., Any]:
    of_torch = prune.BasePruningMethod.__dict__[name]

    def method(self: Any, module: Any, *given: Any) -> Any:
        _demand_parameter(module, self._tensor_name)
        return of_torch(self, module, *given)

    method.__name__ = method.__qualname__ = name
    return method


def guard_pruning() -> None:
    """From now on every pruning method takes a layer's own parameters alone.

    For processes that run typed text and end: torch itself is changed.
    """
    for name in ("__call__", "apply_mask", "remove"):
        setattr(prune.BasePruningMethod, name, _of_its_parameter(name))
    prune.BasePruningMethod.apply = classmethod(_apply)  # type: ignore[assignment]


def _of_a_parameter(function: Callable[..., Any]) -> Callable[..., Any]:
    def pruned(module: Any, name: Any, *given: Any, **ways: Any) -> Any:
        _demand_parameter(module, name)
        return function(module, name, *given, **ways)

    pruned.__name__ = pruned.__qualname__ = function.__name__
    return pruned


def is_pruned(module: Any) -> bool:
    """Whether a layer, or one within it, has been pruned."""
    if not isinstance(module, torch.nn.Module):
        raise TypeError("prune takes a layer")
    return bool(prune.is_pruned(module))  # type: ignore[no-untyped-call]


def global_unstructured(
    parameters: Any, pruning_method: Any, importance_scores: Any = None, **ways: Any
) -> None:
    """Prunes several layers' parameters as if they were one tensor."""
    pairs = [tuple(each) for each in parameters]
    for module, name in pairs:
        _demand_parameter(module, name)
    own = isinstance(pruning_method, type) and pruning_method in OWN
    if not own and pruning_method not in METHODS:
        raise TypeError("pruning_method is one of prune's classes, or one of your own")
    prune.global_unstructured(pairs, pruning_method, importance_scores, **ways)  # type: ignore[no-untyped-call]


METHODS: Final = (prune.Identity, prune.RandomUnstructured, prune.L1Unstructured)
PRUNING: Final[Mapping[str, Any]] = {
    **{
        f"torch.nn.utils.prune.{name}": _of_a_parameter(getattr(prune, name))
        for name in words(
            "identity random_unstructured l1_unstructured random_structured ln_structured"
            " custom_from_mask remove"
        )
    },
    "torch.nn.utils.prune.global_unstructured": global_unstructured,
    "torch.nn.utils.prune.is_pruned": is_pruned,
}
"""What stands in for names of `torch.nn.utils.prune`, by full name."""
