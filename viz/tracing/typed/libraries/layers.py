"""Layers of torch's that reach further than typed code may: changed for processes that run it.

- `nn.ParameterDict` asks itself for any key by `getattr`: here for keys that no object has.
- `nn.TransformerEncoder`, its sibling and `AveragedModel` copy a layer with Python's own
  `deepcopy`, which asks any object how; here as `copy.deepcopy` of typed code does.
- The memory of a layer's weights is of zeros until it fills it: a class that says what
  `reset_parameters` does, or that fails before, would show what others have left there.
- `torch.nn.utils.prune` asks any object for any name: here it takes a layer and the name of one of
  its parameters. Raises `TypeError` for what is neither. A pruning method is one of torch's, or a
  class of the program's own that descends from `BasePruningMethod`.
- `torch.nn.utils.parametrize` gives a layer another class and that one properties: here it takes a
  layer, the name of one of its parameters and another layer, and takes away only what it gave.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import torch
from torch.nn.modules import transformer
from torch.nn.utils import parametrizations, parametrize, prune
from torch.optim import swa_utils

from viz.program.allowlist.words import words
from viz.tracing.typed.decided.own import OWN
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


def _clones(module: Any, N: int) -> torch.nn.ModuleList:
    return torch.nn.ModuleList([deepcopy(module) for _ in range(N)])


# ── pruning ──

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
        stored = not any("_tensor_name" in vars(each) for each in type(self).__mro__)
        _demand_parameter(module, self._tensor_name if stored else None)  # no property: read again
        return of_torch(self, module, *given)

    method.__name__ = method.__qualname__ = name
    return method


def _guard_pruning() -> None:
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
    return bool(prune.is_pruned(module))


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
    prune.global_unstructured(pairs, pruning_method, importance_scores, **ways)


METHODS: Final = tuple(
    getattr(prune, name)
    for name in words(
        "Identity RandomUnstructured L1Unstructured LnStructured RandomStructured CustomFromMask"
    )
)
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


# ── parameters that are made of others ──


def _demand_held(module: Any, name: Any) -> None:
    held = isinstance(module, torch.nn.Module) and type(name) is str and name[:1] != "_"
    made = held and _is_made(module) and name in module._modules["parametrizations"]._modules
    if not held or not (made or name in module._parameters or name in module._buffers):
        raise TypeError(
            "parametrize takes a layer and the name of a parameter: use one that"
            " named_parameters() gives"
        )


def _is_made(module: torch.nn.Module) -> bool:
    """Whether `register_parametrization` has given the layer its class."""
    held = module._modules.get("parametrizations")
    return type(module) not in OWN and type(held) is torch.nn.ModuleDict


def register_parametrization(
    module: Any, tensor_name: Any, parametrization: Any, *, unsafe: bool = False
) -> Any:
    """A parameter becomes what another layer makes of it."""
    _demand_held(module, tensor_name)
    if not isinstance(parametrization, torch.nn.Module) or hasattr(
        type(module), "parametrizations"
    ):
        raise TypeError(
            "parametrize makes a parameter by a layer: use an object of a class Own(nn.Module)"
        )
    if type(module) in OWN and "parametrizations" in module._modules:
        raise KeyError("attribute 'parametrizations' already exists")
    return parametrize.register_parametrization(
        module, tensor_name, parametrization, unsafe=bool(unsafe)
    )


def remove_parametrizations(module: Any, tensor_name: Any, leave_parametrized: bool = True) -> Any:
    """The parameter is one again."""
    _demand_held(module, tensor_name)
    if not _is_made(module):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    return parametrize.remove_parametrizations(module, tensor_name, bool(leave_parametrized))


def is_parametrized(module: Any, tensor_name: Any = None) -> bool:
    """Whether a layer, or its parameter of this name, is made of others."""
    if not isinstance(module, torch.nn.Module) or not _is_made(module):
        return False
    held = module._modules["parametrizations"]
    return tensor_name is None or str(tensor_name) in held._modules  # type: ignore[union-attr]


def _of_one_held(function: Callable[..., Any]) -> Callable[..., Any]:
    def made(module: Any, name: Any = "weight", *given: Any, **ways: Any) -> Any:
        _demand_held(module, name)
        _demand_map(*(given if function is parametrizations.orthogonal else ()), **ways)
        return function(module, name, *given, **ways)

    made.__name__ = made.__qualname__ = function.__name__
    return made


def _demand_map(orthogonal_map: Any = None, *_given: Any, **_ways: Any) -> None:
    if type(orthogonal_map) not in (str, type(None)) or orthogonal_map not in _MAPS:
        raise ValueError("orthogonal_map is 'matrix_exp', 'cayley' or 'householder'")


_MAPS: Final = (None, "matrix_exp", "cayley", "householder")
PARAMETRIZED: Final[Mapping[str, Any]] = {
    **{
        f"torch.nn.utils.parametrize.{each.__name__}": each
        for each in (register_parametrization, remove_parametrizations, is_parametrized)
    },
    **{
        f"torch.nn.utils.parametrizations.{name}": _of_one_held(getattr(parametrizations, name))
        for name in ("orthogonal", "spectral_norm", "weight_norm")
    },
}
"""What stands in for names of `torch.nn.utils.parametrize` and `parametrizations`."""


# ── layers as functions of their parameters ──


def make_functional(model: Any, disable_autograd_tracking: bool = False) -> Any:
    """`functorch.make_functional`: `f(params, *inputs)` of a copy of the layer, and the params."""
    called, params, buffers = make_functional_with_buffers(model, disable_autograd_tracking)
    if buffers:
        raise RuntimeError(
            "make_functional(model): `model` has buffers. Please use"
            " make_functional_with_buffers(model) instead."
        )
    return (lambda params, *given, **ways: called(params, (), *given, **ways)), params


def make_functional_with_buffers(model: Any, disable_autograd_tracking: bool = False) -> Any:
    """The same with the layer's buffers: `f(params, buffers, *inputs)`."""
    if not isinstance(model, torch.nn.Module):
        raise TypeError("make_functional takes a layer: use an object of a class Own(nn.Module)")
    held = deepcopy(model)
    params, buffers = dict(held.named_parameters()), dict(held.named_buffers())
    if disable_autograd_tracking:
        for each in params.values():
            each.requires_grad_(False)

    def functional(these: Any, those: Any, *given: Any, **ways: Any) -> Any:
        named = dict(zip(params, these, strict=True)) | dict(zip(buffers, those, strict=True))
        return torch.func.functional_call(held, named, given, ways)

    return functional, tuple(params.values()), tuple(buffers.values())


FUNCTIONAL: Final[Mapping[str, Any]] = {
    f"functorch.{each.__name__}": each for each in (make_functional, make_functional_with_buffers)
}
"""What `functorch` had beside `torch.func`."""


_EMPTY: Final = torch.empty


@functools.wraps(torch.empty)
def _of_zeros(*size: Any, **ways: Any) -> torch.Tensor:
    """`torch.empty` as layers call it; torch itself makes what has no memory by it."""
    with torch._C.DisableTorchFunction():
        if "out" in ways or str(ways.get("device")) == "meta":
            return _EMPTY(*size, **ways)
        ways.pop("memory_format", None)
        return torch.zeros(*size, **ways)


del _of_zeros.__wrapped__


def begin_weights_at_zero() -> None:
    """From now on a layer's weights are zeros until it fills them; twice changes nothing.

    For processes that run typed text and end: `torch.empty` itself is changed.
    """
    torch.empty = _of_zeros


def guard_layers() -> None:
    """Changes the classes; doing so twice changes nothing.

    For processes that run typed text and end: torch itself is changed.
    """
    _guard_pruning()
    torch.nn.ParameterDict._key_to_attr = _key  # type: ignore[method-assign, assignment]
    transformer._get_clones = _clones
    swa_utils.deepcopy = deepcopy  # type: ignore[attr-defined, assignment]
