"""What a function of one's own can reach: tensors, modules, optimizers, and what they are called.

`reached(function, …)` walks closures, globals that a function names, defaults, `self`, partials,
modules, objects and plain containers, and what functions name of classes and of files
(`viz.tracing.bytecode.entries`). Schedulers and random generators are found as well. A name
is how the function's own text would spell it: `w`, `self.w`, `layers[0].weight`, `p['w']`; what is
inside a module that is itself the function has the name that `named_parameters` gives it. Nothing
in here runs code of the user's.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice
from operator import itemgetter
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Final

import numpy as np
import torch
from torch.nn.parameter import UninitializedTensorMixin  # type: ignore[attr-defined]

from viz.errors import N_, InputRejected, problem
from viz.tracing.bytecode.entries import LIBRARIES, Called, Entries, attribute, own_classes
from viz.tracing.bytecode.read_names import read_names
from viz.tracing.containers import ModuleLike, attributes, hooks_of, inside

MAX_REACHED: Final = 100_000
"""Objects that are looked at: a list of a million numbers is not walked through."""
_PLAIN: Final = (str, bytes, int, float, complex, ModuleLike, type(None))
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
_level: Final = torch._C._functorch.maybe_get_level
_NOTHING_INSIDE: Final = {str, bytes, int, float, complex, bool, type(None)}
_WRAPPED: Final = ("_orig_mod", "_actual_script_module")
"""Where compiled and traced modules keep the one that they were made of."""
_CONTAINERS: Final = (dict, list, tuple)
_MODULE_PARTS: Final = ("_parameters", "_buffers", "_modules")
_BARE: Final = vars(torch.nn.Module())
TORCHS_OWN: Final = tuple(_BARE)
"""The names under which every module has its parameters, buffers, modules and hooks, in order."""
_TABLES: Final = tuple(name for name, each in _BARE.items() if isinstance(each, dict | set))
_tables: Final = itemgetter(*_TABLES)
_hooks: Final = itemgetter(*(name for name in _TABLES if name not in _MODULE_PARTS))
_KINDS: Final = tuple(map(type, _tables(_BARE)))
Tables = tuple[dict[Any, Any] | set[Any], ...]


def reached(*roots: Any) -> list[Called]:
    """The tensors, modules, optimizers, `SCHEDULERS` and `GENERATORS` that can be reached, once
    each, in the order met, with its name, which is empty where there is none.
    """
    found: list[Called] = []
    seen: dict[int, Any] = {}  # holds what it names: an id is only good while its object lives
    stack: list[Called] = [(root, "") for root in reversed(roots)]
    optimizers: list[Called] = []  # last: what they hold has better names elsewhere
    entries = Entries()
    while (stack or optimizers) and len(seen) < MAX_REACHED:
        each, name = stack.pop() if stack else optimizers.pop()
        parts, wanted, waits, home = _way_into(type(each))  # type: ignore[arg-type]
        if parts is None or id(each) in seen:
            continue
        if waits and stack:
            optimizers.append((each, name))
            continue
        seen[id(each)] = each
        if wanted:
            found.append((each, name))
        further = parts(each, name)
        if home:
            further = [*further, *_brought(entries, each, name)]
        if further:
            stack += reversed(further)
    return found


def own_numbers(value: torch.Tensor) -> torch.Tensor:
    """The tensor; raises `InputRejected` for one that a transform of `torch.func` put there for
    many."""
    if _level(value) > 0:  # below that the transform is over
        raise InputRejected(
            problem(
                N_("Inside vmap, grad and other transforms a tensor has no numbers of its own."),
                N_("Look from outside: trace a function that calls the transform."),
            )
        )
    return value


def names_in(namespace: Mapping[str, Any], wanted: set[int]) -> dict[int, str]:
    """What tensors (by their ids) are called in a file or notebook: variables, parts of modules."""
    found: dict[int, str] = {}
    for key, each in list(namespace.items()):
        if key.startswith("_"):  # a notebook keeps its last results so
            continue
        if id(each) in wanted:
            found.setdefault(id(each), key)
        elif issubclass(type(each), torch.nn.Module):
            for part, name in reached(each):
                if id(part) in wanted and name:
                    found.setdefault(id(part), f"{key}.{name}")
    return found


def _brought(entries: Entries, each: Any, name: str) -> list[Called]:
    """What a function names of classes and files, or what is named by now of one of these."""
    if isinstance(each, FunctionType):
        return entries.said(each.__code__)
    if isinstance(each, ModuleType):
        return entries.of_module(each, name)
    if isinstance(each, type):
        return entries.of_class(each, name)
    return entries.of_class(type(each), name, made=False)


@lru_cache(maxsize=1_000)
def _way_into(kind: type) -> tuple[Callable[[Any, str], Sequence[Called]] | None, bool, bool, bool]:
    """What lists the parts of an object of a type, `None` where there are none; whether it is one
    of those that are looked for itself, whether its turn comes last, and whether it is a home of
    entries, or names them. A lazy layer's parameter has nothing yet.
    """
    if issubclass(kind, _PLAIN) or issubclass(kind, UninitializedTensorMixin):
        return None, False, False, False
    way = next((way for base, way in _WAYS.items() if issubclass(kind, base)), _of_object)
    home = issubclass(kind, _HOMES) or bool(own_classes(kind))  # type: ignore[arg-type]
    return way, issubclass(kind, _WANTED), issubclass(kind, torch.optim.Optimizer), home


def _nothing(_: Any, __: str) -> Sequence[Called]:
    return ()


def _of_tensor(tensor: torch.Tensor, name: str) -> Sequence[Called]:
    found: Sequence[Called] = ()
    if (tensor.is_leaf or tensor.retains_grad) and (gradient := tensor.grad) is not None:
        found = ((gradient, f"{name}.grad" if name else ""),)
    for hooks in hooks_of(tensor):
        if hooks:  # an optimizer may make its step in one
            found = [*found, *((hook, "") for hook in hooks.values())]
    return found


def _of_method(method: MethodType, _: str) -> Sequence[Called]:
    name = "" if isinstance(method.__self__, torch.nn.Module) else "self"
    return (method.__self__, name), (method.__func__, "")


def _of_dict(entries: dict[Any, Any], name: str) -> Sequence[Called]:
    found = dict.items(entries)  # not by methods of the user's own
    return [
        (value, f"{name}[{key!r}]" if name else "")
        for key, value in found
        if type(value) not in _NOTHING_INSIDE
    ]


def _of_row(row: tuple[Any, ...] | list[Any] | deque[Any], name: str) -> Sequence[Called]:
    return [
        (value, f"{name}[{i}]" if name else "")
        for i, value in enumerate(inside(row))
        if type(value) not in _NOTHING_INSIDE
    ]


def _of_set(members: set[Any] | frozenset[Any], _: str) -> Sequence[Called]:
    return [(value, "") for value in inside(members)]


def _of_object(each: Any, name: str) -> Sequence[Called]:
    found = _attributes(attributes(each).items(), name)
    if not isinstance(each, torch.optim.Optimizer):
        found.append((vars(type(each)).get("__call__"), ""))
    return found


def _attributes(found: Iterable[tuple[str, Any]], name: str) -> list[Called]:
    return [(value, _attribute(name, key)) for key, value in found]


def _attribute(name: str, key: str) -> str:
    if key in _WRAPPED:
        return name
    return attribute(name, key)


def unwrapped(path: str) -> str:
    """A module's or parameter's path without what compiling or tracing put around the module."""
    if _WRAPPED[0] not in path and _WRAPPED[1] not in path:
        return path
    return ".".join(part for part in path.split(".") if part not in _WRAPPED)


def _of_module(module: torch.nn.Module, name: str) -> Sequence[Called]:
    own = vars(module)
    found: list[Called] = []
    for kind in _MODULE_PARTS:
        if entries := own.get(kind):
            found += _attributes(entries.items(), name)
    # of a layer's twenty attributes most are numbers, and tables of hooks with nothing in them
    parted = laid_out(own)
    rest = own.items() if parted is None or any(_hooks(own)) else parted[1]
    for key, value in rest:
        if type(value) in _NOTHING_INSIDE or key in _MODULE_PARTS:
            continue
        if not isinstance(value, _CONTAINERS) or value:
            found.append((value, _attribute(name, key)))
    if isinstance(module, torch.jit.ScriptModule):  # keeps them where Python does not look
        inner = dict([*module.named_parameters(), *module.named_buffers()])
        found += _attributes(inner.items(), name)
    forward = getattr(type(module), "forward", None)
    if not str(getattr(forward, "__module__", None)).startswith("torch.nn."):
        found.append((forward, ""))
    return found


def laid_out(own: dict[str, Any]) -> tuple[Tables, list[tuple[str, Any]]] | None:
    """A module's attributes in two parts: torch's own dictionaries and sets, and what was added to
    `TORCHS_OWN`. `None` of a module that does not begin with those, as a scripted one does not.
    """
    count = len(TORCHS_OWN)
    if tuple(islice(own, count)) != TORCHS_OWN:
        return None
    tables = _tables(own)
    if tuple(map(type, tables)) != _KINDS:
        return None
    return tables, list(islice(own.items(), count, None))


def _of_partial(made: partial[Any], _: str) -> Sequence[Called]:
    function = made.func
    found = [(function, ""), *((value, key) for key, value in made.keywords.items())]
    code = getattr(function, "__code__", None)
    names = code.co_varnames if isinstance(code, CodeType) else ()
    for place, value in enumerate(made.args):
        found.append((value, names[place] if place < len(names) else ""))
    return found


def _of_function(function: FunctionType, _: str) -> Sequence[Called]:
    code = function.__code__
    found: list[Called] = []
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=False):
        try:
            found.append((cell.cell_contents, name))
        except ValueError:
            continue  # not assigned yet
    there = function.__globals__
    if str(there.get("__name__")).partition(".")[0] not in LIBRARIES:
        found += [(there[name], name) for name in read_names(code) if name in there]
    defaults = function.__defaults__ or ()
    first = code.co_argcount - len(defaults)
    found += [(value, code.co_varnames[first + i]) for i, value in enumerate(defaults)]
    found += [(value, key) for key, value in (function.__kwdefaults__ or {}).items()]
    found += [(value, "") for value in vars(function).values()]
    return found


_HOMES: Final = (FunctionType, ModuleType, type)
_WAYS: Final[dict[Any, Callable[[Any, str], Sequence[Called]]]] = {
    type: _nothing,
    ModuleType: _nothing,
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
