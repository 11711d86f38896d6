"""`copy.copy` and `copy.deepcopy` of typed code: copies by kind, and no object is asked how.

Python's own ask any object for `__deepcopy__` and `__reduce_ex__` and call what they find. Here a
number, a text, a function and a type is itself; tensors, lists, tuples, dicts, sets, arrays, layers
and objects of the program's classes are copied; any other raises `TypeError`.
"""

from __future__ import annotations

import enum
import types
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy
import torch
from torch.nn.modules.module import _WrappedHook
from torch.nn.utils.weight_norm import WeightNorm

from viz.tracing.typed.decided.own import OWN
from viz.tracing.typed.ordered import OrderedDict

_ITSELF: Final = (
    types.NoneType,
    bool,
    int,
    float,
    complex,
    str,
    range,
    slice,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.EllipsisType,
    type,
    torch.dtype,
    torch.device,
    torch.Size,
    numpy.generic,
    numpy.dtype,
    enum.Enum,
)
Each = Callable[[Any], Any]


def copied(value: Any) -> Any:
    """`copy.copy`: the object anew, with the parts that it has; a tensor looks at its memory."""
    if isinstance(value, torch.Tensor) and value.is_leaf:
        with torch._C.DisableTorchFunction(), torch.no_grad():
            made = value.detach()
        return _like(made, value)
    return _made(value, lambda part: part)


def deepcopy(value: Any, _memo: Any = None) -> Any:
    """`copy.deepcopy`: the object and all its parts anew; what stands twice stands twice again."""
    done: dict[int, Any] = {}
    held: list[Any] = []

    def each(part: Any) -> Any:
        if id(part) not in done:
            held.append(part)  # while it is held no other has its number
            _made(part, each, lambda made: done.__setitem__(id(part), made))
        return done[id(part)]

    return each(value)


def _made(value: Any, each: Each, begun: Callable[[Any], None] = lambda _made: None) -> Any:
    """A copy whose parts are what `each` gives; `begun` gets it before its parts are there."""
    kind = type(value)
    made: Any
    if isinstance(value, _ITSELF):
        made = value
    elif isinstance(value, torch.Tensor):
        made = _tensor(value)
    elif type(value) is numpy.ndarray:
        made = value.copy()
    elif kind in _EMPTY:
        made = _EMPTY[kind](value)
        begun(made)
        _FILLED[kind](made, value, each)
        return made
    elif issubclass(kind, tuple):
        made = tuple.__new__(kind, map(each, value)) if kind in OWN else tuple(map(each, value))
    elif isinstance(value, frozenset):
        made = frozenset(map(each, value))
    else:
        return _object(value, each, begun)
    begun(made)
    return made


def _tensor(value: torch.Tensor) -> torch.Tensor:
    """A leaf with the same numbers and, but for a parameter, the same gradient; raises torch's own
    error for others.
    """
    if not value.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy"
            " protocol at the moment.  If you were attempting to deepcopy a module, this may be"
            " because of a torch.nn.utils.weight_norm usage, see"
            " https://github.com/pytorch/pytorch/pull/103001"
        )
    with torch._C.DisableTorchFunction(), torch.no_grad():
        made = torch.Tensor.clone(torch.Tensor.detach(value))
        made = _like(made, value)
        if value.grad is not None and not isinstance(value, torch.nn.Parameter):
            made.grad = torch.Tensor.clone(torch.Tensor.detach(value.grad))
    return made


def _like(made: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """The tensor as the kind of leaf that another one is."""
    if isinstance(value, torch.nn.Parameter):
        return torch.nn.Parameter(made, requires_grad=value.requires_grad)
    return made.requires_grad_(value.requires_grad)


def _of_pairs(made: Any, value: Mapping[Any, Any], each: Each) -> None:
    for key, part in value.items():
        made[each(key)] = each(part)


def _of_parts(made: Any, value: Any, each: Each) -> None:
    made.extend(map(each, value))


_EMPTY: Final[Mapping[type, Callable[[Any], Any]]] = {
    list: lambda _value: [],
    deque: lambda value: deque(maxlen=value.maxlen),
    set: lambda _value: set(),
    dict: lambda _value: {},
    OrderedDict: lambda _value: OrderedDict(),
    Counter: lambda _value: Counter(),
    defaultdict: lambda value: defaultdict(value.default_factory),
}
_FILLED: Final[Mapping[type, Callable[[Any, Any, Each], None]]] = {
    **dict.fromkeys((dict, OrderedDict, Counter, defaultdict), _of_pairs),
    **dict.fromkeys((list, deque), _of_parts),
    set: lambda made, value, each: made.update(map(each, value)),
}


def _optimizer(value: torch.optim.Optimizer, each: Each, begun: Callable[[Any], None]) -> Any:
    """An optimizer for copies of the parameters, with what it has noted of them."""
    made = object.__new__(type(value))
    begun(made)
    held = {name: each(vars(value)[name]) for name in ("defaults", "state", "param_groups")}
    torch.optim.Optimizer.__setstate__(made, held)
    for name, part in vars(value).items():
        if name not in vars(made):
            made.__dict__[name] = each(part)
    return made


def _hook(value: _WrappedHook, each: Each, begun: Callable[[Any], None]) -> Any:
    """A hook that is handed its layer, for the layer's copy; as torch copies it."""
    made = object.__new__(_WrappedHook)
    begun(made)
    made.__setstate__({name: each(part) for name, part in value.__getstate__().items()})
    return made


def _object(value: Any, each: Each, begun: Callable[[Any], None]) -> Any:
    """A layer, or an object of one of the program's classes."""
    kind = type(value)
    if isinstance(value, torch.optim.Optimizer):
        return _optimizer(value, each, begun)
    if kind is _WrappedHook:
        return _hook(value, each, begun)
    plain = (kind in OWN and getattr(kind, "__new__", None) is object.__new__) or kind is WeightNorm
    if not (isinstance(value, torch.nn.Module) or plain):
        raise TypeError(f"copy takes no {kind.__name__} here: make it anew")
    made = object.__new__(kind)
    begun(made)
    for name, part in vars(value).items() if hasattr(value, "__dict__") else ():
        made.__dict__[name] = each(part)
    for name in (name for base in kind.__mro__ for name in vars(base).get("__slots__", ())):
        if hasattr(value, name):
            object.__setattr__(made, name, each(getattr(value, name)))
    return made
