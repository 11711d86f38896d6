"""What a function of one's own can reach: tensors, modules, optimizers, and what they are called.

`reached(function, …)` walks closures, globals that a function names, defaults, `self`, partials,
modules, objects and plain containers. Schedulers and random generators are found as well. A name
is how the function's own text would spell it: `w`, `self.w`, `layers[0].weight`, `p['w']`; what is
inside a module that is itself the function has the name that `named_parameters` gives it. Nothing
in here runs code of the user's.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Final

import numpy as np
import torch
from torch.nn.parameter import UninitializedTensorMixin  # type: ignore[attr-defined]

from viz.tracing.containers import attributes, inside

MAX_REACHED: Final = 100_000
"""Objects that are looked at: a list of a million numbers is not walked through."""
Named = tuple[Any, str]
_PLAIN: Final = (str, bytes, int, float, complex, type, ModuleType, type(None))
SCHEDULERS: Final = (torch.optim.lr_scheduler.LRScheduler, torch.amp.GradScaler)
"""What changes with the steps of an optimizer."""
GENERATORS: Final = (
    *(torch.Generator, random.Random),
    *(np.random.Generator, np.random.RandomState, np.random.BitGenerator),
)
_WANTED: Final = (
    *(torch.Tensor, torch.nn.Module, torch.optim.Optimizer),
    *SCHEDULERS,
    *GENERATORS,
)
_NOTHING_INSIDE: Final = {str, bytes, int, float, complex, bool, type(None)}
_WRAPPED: Final = ("_orig_mod", "_actual_script_module")
"""Where compiled and traced modules keep the one that they were made of."""
_CONTAINERS: Final = (dict, list, tuple)
_MODULE_PARTS: Final = ("_parameters", "_buffers", "_modules")


def reached(*roots: Any) -> list[Named]:
    """The tensors, modules, optimizers, `SCHEDULERS` and `GENERATORS` that can be reached, once
    each, in the order met, with its name, which is empty where there is none.
    """
    found: list[Named] = []
    seen: dict[int, Any] = {}  # holds what it names: an id is only good while its object lives
    stack: list[Named] = [(root, "") for root in reversed(roots)]
    optimizers: list[Named] = []  # last: what they hold has better names elsewhere
    while (stack or optimizers) and len(seen) < MAX_REACHED:
        each, name = stack.pop() if stack else optimizers.pop()
        if stack and isinstance(each, torch.optim.Optimizer):
            optimizers.append((each, name))
            continue
        parts, wanted = _way_into(type(each))  # type: ignore[arg-type]
        if parts is None or id(each) in seen:
            continue
        seen[id(each)] = each
        if wanted:
            found.append((each, name))
        further = list(parts(each, name))
        further.reverse()
        stack += further
    return found


@lru_cache(maxsize=1_000)
def _way_into(kind: type) -> tuple[Callable[[Any, str], Iterable[Named]] | None, bool]:
    """What lists the parts of an object of a type, `None` where there are none; whether it is one
    of those that are looked for itself. A lazy layer's parameter has nothing yet.
    """
    if issubclass(kind, _PLAIN) or issubclass(kind, UninitializedTensorMixin):
        return None, False
    way = next((way for base, way in _WAYS.items() if issubclass(kind, base)), _of_object)
    return way, issubclass(kind, _WANTED)


def _of_tensor(tensor: torch.Tensor, name: str) -> Iterable[Named]:
    if not (tensor.is_leaf or tensor.retains_grad) or (gradient := tensor.grad) is None:
        return ()
    return ((gradient, f"{name}.grad" if name else ""),)


def _of_method(method: MethodType, _: str) -> Iterator[Named]:
    yield method.__self__, "" if isinstance(method.__self__, torch.nn.Module) else "self"
    yield method.__func__, ""


def _of_dict(entries: dict[Any, Any], name: str) -> Iterator[Named]:
    found = dict.items(entries)  # not by methods of the user's own
    yield from ((value, f"{name}[{key!r}]" if name else "") for key, value in found)


def _of_row(row: tuple[Any, ...] | list[Any] | deque[Any], name: str) -> Iterator[Named]:
    yield from ((value, f"{name}[{i}]" if name else "") for i, value in enumerate(inside(row)))


def _of_set(members: set[Any] | frozenset[Any], _: str) -> Iterator[Named]:
    yield from ((value, "") for value in inside(members))


def _of_object(each: Any, name: str) -> Iterator[Named]:
    yield from _attributes(attributes(each), name)
    if not isinstance(each, torch.optim.Optimizer):
        yield vars(type(each)).get("__call__"), ""


def _attributes(found: dict[str, Any], name: str) -> Iterator[Named]:
    yield from ((value, _attribute(name, key)) for key, value in found.items())


def _attribute(name: str, key: str) -> str:
    if key in _WRAPPED:
        return name
    return f"{name}.{key}" if name else key


def unwrapped(path: str) -> str:
    """A module's or parameter's path without what compiling or tracing put around the module."""
    if not any(wrapper in path for wrapper in _WRAPPED):
        return path
    return ".".join(part for part in path.split(".") if part not in _WRAPPED)


def _of_module(module: torch.nn.Module, name: str) -> Iterator[Named]:
    own = vars(module)
    for kind in _MODULE_PARTS:
        if entries := own.get(kind):
            yield from _attributes(entries, name)
    # of a layer's twenty attributes most are numbers, and tables of hooks with nothing in them
    for key, value in own.items():
        if type(value) in _NOTHING_INSIDE or key in _MODULE_PARTS:
            continue
        if not isinstance(value, _CONTAINERS) or value:
            yield value, _attribute(name, key)
    if isinstance(module, torch.jit.ScriptModule):  # keeps them where Python does not look
        yield from _attributes(dict([*module.named_parameters(), *module.named_buffers()]), name)
    forward = getattr(type(module), "forward", None)
    if not getattr(forward, "__module__", "").startswith("torch.nn."):
        yield forward, ""


def _of_partial(made: partial[Any], _: str) -> Iterator[Named]:
    yield made.func, ""
    yield from ((value, key) for key, value in made.keywords.items())
    function = made.func
    code = getattr(function, "__code__", None)
    names = code.co_varnames if isinstance(code, CodeType) else ()
    for place, value in enumerate(made.args):
        yield value, names[place] if place < len(names) else ""


def _of_function(function: FunctionType, _: str) -> Iterator[Named]:
    code = function.__code__
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=False):
        try:
            yield cell.cell_contents, name
        except ValueError:
            continue  # not assigned yet
    for name in _names(code):
        if name in function.__globals__:
            yield function.__globals__[name], name
    defaults = function.__defaults__ or ()
    first = code.co_argcount - len(defaults)
    yield from ((value, code.co_varnames[first + i]) for i, value in enumerate(defaults))
    yield from ((value, key) for key, value in (function.__kwdefaults__ or {}).items())
    yield from ((value, "") for value in vars(function).values())


def _names(code: CodeType) -> Iterator[str]:
    """The global names of a function and of the functions inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


_WAYS: Final[dict[Any, Callable[[Any, str], Iterable[Named]]]] = {
    torch.Tensor: _of_tensor,
    FunctionType: _of_function,
    MethodType: _of_method,
    partial: _of_partial,
    dict: _of_dict,
    list: _of_row,
    tuple: _of_row,
    set: _of_set,
    frozenset: _of_set,
    deque: _of_row,
    torch.nn.Module: _of_module,
}
