"""Allowed methods demand a self of their own class; state dictionaries hold plain values.

`guard(classes)` changes classes of torch's in place, for processes that run typed text and end:

- A public method that is asked of the class itself (`StepLR.state_dict`) raises `TypeError` for a
  self that is not of that class. `StepLR.state_dict(x)` is `vars(x)` otherwise. Asked of an object
  it is what it was: no frame more, no check, since Python has found it through the object's class.
- What a class's `__dict__` holds under the name is a `Method`, which cannot be called: torch copies
  such dictionaries (`functools.wraps`), and with them would come the function without the check.
- `clone` of `torch.no_grad` and its siblings goes: it makes an object of whatever class self has.
- `load_state_dict` of optimizers, schedulers and layers, and `state_dict` of schedulers, take and
  give known keys with plain values: numbers, texts, tensors, and lists and dicts of them. Raises
  `TypeError` for another value and `KeyError` for another key.
- A layer stores no part under a name with two underscores in front (`KeyError`): torch and numpy
  ask any object for such names (`__torch_function__`, `__array__`) and call what they find.

Every class that typed code can name is guarded (`namespace.named_classes`), so a class that joins
the allow-list is guarded as well. A class of this project's own that stands in for a library's
takes `@guarded`.
"""

from __future__ import annotations

import functools
import types
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NoReturn, TypeVar

import torch
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.utils._contextlib import _DecoratorContextManager, context_decorator

from viz.program.allowlist import allowed
from viz.tracing.typed.ordered import OrderedDict
from viz.tracing.typed.type_stand_ins import Frozen

Kind = TypeVar("Kind", bound=type)


class Method(Frozen):
    """A method in a class's dictionary: bound as ever, checked when it is asked of the class."""

    __slots__ = ("_checked", "_function")
    _checked: Callable[..., Any]
    _function: Callable[..., Any]

    def __init__(self, function: Callable[..., Any], owner: type) -> None:
        object.__setattr__(self, "_function", function)
        object.__setattr__(self, "_checked", _checked(function, owner))

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if instance is None:
            return self._checked
        return types.MethodType(self._function, instance)

    def __repr__(self) -> str:
        return f"<method {self._function.__qualname__}>"


def _checked(function: Callable[..., Any], owner: type) -> Callable[..., Any]:
    """The function, for a self whose real type descends from `owner`: `isinstance` can be told."""

    @functools.wraps(function)
    def of_its_own(self: Any, /, *given: Any, **options: Any) -> Any:
        if owner not in type(self).__mro__:
            raise TypeError(
                f"{function.__qualname__} takes a {owner.__name__}, not a {type(self).__name__}"
            )
        return function(self, *given, **options)

    del of_its_own.__wrapped__
    return of_its_own


def guarded(kind: Kind) -> Kind:
    """The class, its public methods guarded. Doing so twice changes nothing."""
    for name, value in list(vars(kind).items()):
        public = not name.startswith("_") or name in allowed.OBJECT_ATTRIBUTES
        if public and isinstance(value, types.FunctionType):
            setattr(kind, name, Method(_examined(kind, name, value), kind))
    return kind


def guard(classes: Iterable[type]) -> None:
    """Guards the classes and all that they descend from."""
    kinds = dict.fromkeys(each for kind in classes for each in kind.__mro__)
    for kind in kinds:
        if issubclass(kind, Optimizer) and "step" in vars(kind):
            _watched(kind)
        if issubclass(kind, _DecoratorContextManager):
            _without_clone(kind)
        guarded(kind)


def _watched(kind: type[Optimizer]) -> None:
    """Replaces the class's `step` as its first object would, which would take the guard away."""
    if not getattr(kind.step, "hooked", False):
        step = Optimizer.profile_hook_step(kind.step)
        step.hooked = True  # type: ignore[attr-defined]
        kind.step = step  # type: ignore[method-assign]


_CLONES: Final[dict[type, Callable[[Any], Any]]] = {}


def _without_clone(kind: type) -> None:
    if "clone" in vars(kind):
        _CLONES[kind] = vars(kind)["clone"]
        del kind.clone  # type: ignore[attr-defined]
        _DecoratorContextManager.__call__ = _decorating  # type: ignore[method-assign, assignment]


def _again(context: Any) -> Any:
    """What `clone` of a context gave, or gives where typed code cannot name the class."""
    if hasattr(context, "clone"):
        return context.clone()
    return next(_CLONES[kind] for kind in type(context).__mro__ if kind in _CLONES)(context)


def _decorating(context: Any, function: Any) -> Any:
    """A function that runs within such a context each time, as torch's own does it."""
    if not callable(function):
        raise TypeError(f"{type(function).__name__} is no function that could run within it")
    called = (lambda *given: function(*given)) if isinstance(function, type) else function
    return context_decorator(functools.partial(_again, context), called)  # type: ignore[no-untyped-call]


# ── state dictionaries ──

_NUMBERS: Final = frozenset({type(None), bool, int, float, complex, str, torch.Size})
_TENSORS: Final = frozenset({torch.Tensor, torch.nn.Parameter, torch.nn.Buffer})
_DICTS: Final = frozenset({dict, OrderedDict, Counter, defaultdict})
_ABSENT: Final = object()


def _examined(kind: type, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, its arguments examined first if it is one that stores under names."""
    for (of, called), made in _STORING.items():
        if called == name and issubclass(kind, of):
            return functools.wraps(method)(made(method))
    return method


def _giving(state_dict: Callable[..., Any]) -> Callable[..., Any]:
    """A scheduler's state, without what is not plain: it is all that the object holds."""

    def of_scheduler(self: LRScheduler) -> dict[str, Any]:
        found = {key: _plain_part(each) for key, each in state_dict(self).items()}
        if found.get("_scale_fn_custom") is _ABSENT:
            found["_scale_fn_custom"] = None  # CyclicLR itself looks for it
        return {key: value for key, value in found.items() if value is not _ABSENT}

    return of_scheduler


def _loading_scheduler(load: Callable[..., Any]) -> Callable[..., Any]:
    def of_scheduler(self: LRScheduler, state_dict: Any) -> None:
        load(self, _fitting(_plain(state_dict), self.state_dict()))

    return of_scheduler


_SCHEDULED: Final = dict.fromkeys(
    ("initial_lr", "min_lr", "max_lr", "base_momentum", "max_momentum", "swa_lr")
)
"""What schedulers note in the groups of an optimizer."""


def _loading_optimizer(load: Callable[..., Any]) -> Callable[..., Any]:
    def of_optimizer(self: Optimizer, state_dict: Any) -> None:
        found = _plain(state_dict)
        known = dict.fromkeys(name for group in self.param_groups for name in group) | _SCHEDULED
        _fitting(found, {"state": None, "param_groups": None})
        for group in found.get("param_groups", ()):
            _fitting(group, known)
        load(self, found)

    return of_optimizer


def _loading_module(load: Callable[..., Any]) -> Callable[..., Any]:
    """Torch itself tells the keys that a layer does not have."""

    def of_module(self: Any, state_dict: Any, strict: bool = True, assign: bool = False) -> Any:
        if type(state_dict) not in _DICTS:
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        for key, value in state_dict.items():
            if type(key) is not str or type(value) not in _TENSORS:
                _refuse(value if type(key) is str else key)
        return load(self, state_dict, strict, assign)

    return of_module


def _naming(store: Callable[..., Any]) -> Callable[..., Any]:
    def of_module(self: Any, name: Any, *given: Any, **options: Any) -> None:
        if isinstance(name, str) and name.startswith("__"):
            raise KeyError("names with two underscores are Python's own")
        store(self, name, *given, **options)

    return of_module


_STORING: Final[Mapping[tuple[type, str], Callable[[Callable[..., Any]], Callable[..., Any]]]] = {
    (torch.nn.Module, "add_module"): _naming,
    (torch.nn.Module, "register_buffer"): _naming,
    (torch.nn.Module, "register_parameter"): _naming,
    (LRScheduler, "state_dict"): _giving,
    (LRScheduler, "load_state_dict"): _loading_scheduler,
    (Optimizer, "load_state_dict"): _loading_optimizer,
    (torch.nn.Module, "load_state_dict"): _loading_module,
}


def _plain(value: Any) -> Any:
    """A copy of a plain value; raises `TypeError` for any other."""
    kind = type(value)
    if kind in _NUMBERS:
        return value
    if kind in _TENSORS:
        return _bare(value)
    if kind in (list, tuple):
        return kind(map(_plain, value))
    if kind in _DICTS:
        copied = {_plain_key(key): _plain(each) for key, each in value.items()}
        return Counter(copied) if kind is Counter else copied
    return _refuse(value)


def _plain_part(value: Any) -> Any:
    """A copy of what is plain in a value, `_ABSENT` if it is not; in a list `None` stands there."""
    kind = type(value)
    if kind in (list, tuple):
        return kind(None if each is _ABSENT else each for each in map(_plain_part, value))
    if kind in _DICTS:
        parts = {key: _plain_part(each) for key, each in value.items() if _is_key(key)}
        kept = {key: each for key, each in parts.items() if each is not _ABSENT}
        return Counter(kept) if kind is Counter else kept
    return value if kind in _NUMBERS or kind in _TENSORS else _ABSENT


def _bare(tensor: torch.Tensor) -> torch.Tensor:
    """The tensor without attributes of its own, which torch would copy with it."""
    if not vars(tensor):
        return tensor
    with torch._C.DisableTorchFunction():
        return tensor.detach()


def _is_key(key: object) -> bool:
    return type(key) in (str, int)


def _plain_key(key: Any) -> Any:
    return key if _is_key(key) else _refuse(key)


def _refuse(value: object) -> NoReturn:
    raise TypeError(
        f"a state dictionary holds numbers, texts and tensors here, no {type(value).__name__}"
    )


def _fitting(found: Any, now: Any) -> Any:
    """What is to be loaded, if its names are those of the state that there is.

    Raises `KeyError` for another name, `TypeError` for no dictionary at all.
    """
    if isinstance(now, dict):
        if not isinstance(found, dict):
            raise TypeError(f"a state dictionary is a dict, not a {type(found).__name__}")
        for key, value in found.items():
            if isinstance(key, str) and key not in now:
                raise KeyError(f"{key} is no part of this state")
            _fitting(value, now.get(key))
    elif isinstance(now, list) and isinstance(found, list):
        for value, old in zip(found, now, strict=False):
            _fitting(value, old)
    return found
