"""What a function of one's own can reach: tensors, modules, optimizers, and what they are called.

`reached(function, …)` walks closures, globals that a function names, defaults, `self`, partials,
modules and plain containers. A name is how the function's own text would spell it: `w`, `self.w`,
`layers[0].weight`, `p['w']`; what is inside a module that is itself the function has the name that
`named_parameters` gives it. Nothing in here runs code of the user's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Final

import torch
from torch.nn.parameter import UninitializedTensorMixin  # type: ignore[attr-defined]

MAX_REACHED: Final = 100_000
"""Objects that are looked at: a list of a million numbers is not walked through."""
Named = tuple[Any, str]
_PLAIN: Final = (str, bytes, int, float, complex, type, ModuleType, type(None))
_WANTED: Final = (torch.Tensor, torch.nn.Module, torch.optim.Optimizer)
_NOTHING_INSIDE: Final = {str, bytes, int, float, complex, bool, type(None)}
_MODULE_PARTS: Final = ("_parameters", "_buffers", "_modules")


def reached(*roots: Any) -> list[Named]:
    """The tensors, modules and optimizers that can be reached, each with its name, once, in the
    order met; the name is empty where there is none.
    """
    found: list[Named] = []
    seen: dict[int, Any] = {}  # holds what it names: an id is only good while its object lives
    stack: list[Named] = [(root, "") for root in reversed(roots)]
    while stack and len(seen) < MAX_REACHED:
        each, name = stack.pop()
        if type(each) in _NOTHING_INSIDE or id(each) in seen or isinstance(each, _PLAIN):
            continue
        seen[id(each)] = each
        if isinstance(each, _WANTED) and not isinstance(each, UninitializedTensorMixin):
            found.append((each, name))
        stack.extend(reversed(list(_parts(each, name))))
    return found


def _parts(each: Any, name: str) -> Iterator[Named]:
    match each:
        case UninitializedTensorMixin():
            return  # of a lazy layer: it has nothing yet
        case torch.Tensor():
            if each.is_leaf or each.retains_grad:
                yield each.grad, f"{name}.grad" if name else ""
        case FunctionType():
            yield from _of_function(each)
        case MethodType():
            yield each.__self__, "" if isinstance(each.__self__, torch.nn.Module) else "self"
            yield each.__func__, ""
        case partial():
            yield each.func, ""
            yield from _of_partial(each)
        case dict():
            yield from ((value, f"{name}[{key!r}]" if name else "") for key, value in each.items())
        case list() | tuple():
            yield from ((value, f"{name}[{i}]" if name else "") for i, value in enumerate(each))
        case set() | frozenset():
            yield from ((value, "") for value in each)
        case torch.nn.Module():
            yield from _of_module(each, name)
        case _:
            yield from _attributes(vars(each) if hasattr(each, "__dict__") else {}, name)
            if not isinstance(each, torch.optim.Optimizer):
                yield vars(type(each)).get("__call__"), ""


def _attributes(found: dict[str, Any], name: str) -> Iterator[Named]:
    yield from ((value, f"{name}.{key}" if name else key) for key, value in found.items())


def _of_module(module: torch.nn.Module, name: str) -> Iterator[Named]:
    attributes = vars(module)
    for kind in _MODULE_PARTS:
        yield from _attributes(attributes.get(kind, {}), name)
    # of a layer's twenty attributes most are numbers, and tables of hooks with nothing in them
    for key, value in attributes.items():
        if type(value) in _NOTHING_INSIDE or key in _MODULE_PARTS:
            continue
        if not isinstance(value, dict | list | tuple) or value:
            yield value, f"{name}.{key}" if name else key
    if isinstance(module, torch.jit.ScriptModule):  # keeps them where Python does not look
        yield from _attributes(dict([*module.named_parameters(), *module.named_buffers()]), name)
    yield getattr(type(module), "forward", None), ""


def _of_partial(made: partial[Any]) -> Iterator[Named]:
    yield from ((value, key) for key, value in made.keywords.items())
    function = made.func
    code = getattr(function, "__code__", None)
    names = code.co_varnames if isinstance(code, CodeType) else ()
    for place, value in enumerate(made.args):
        yield value, names[place] if place < len(names) else ""


def _of_function(function: FunctionType) -> Iterator[Named]:
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
