"""Objects that say what they are without where they are: `<function f>`, not `<function f at 0x…>`.

An address differs from run to run, so a record that holds one, or a part of one, is never equal to
another; and it tells whoever typed the code where things lie. Cutting addresses out of finished
texts is too late: `str(f)[:12]` holds the first half of one.

`say_no_addresses()` changes this for every type of the process, those that are made later too. What
a type says is a slot of its, which no Python code may set for C's types (functions, generators,
iterators). So the slot is written: it then does what it does for every class with a `__repr__` in
Python, which is to look that up. Where types are not laid out as CPython lays them out, nothing
changes, and only `viz.tracing.texts` cuts addresses out. For processes that run typed text and
end.
"""

from __future__ import annotations

import ctypes
import gc
import types
from collections.abc import Callable
from typing import Any, Final

import numpy

_BEFORE: Final = 8
"""Fields of a type before its `tp_repr`, after the head that every object of a size has."""
_WORD: Final = ctypes.sizeof(ctypes.c_void_p)
_PLACE: Final = object.__basicsize__ + _WORD + _BEFORE * _WORD


class _Speaking:
    """A class with a `__repr__` in Python: its slot is the one that looks it up."""

    def __repr__(self) -> str:
        return "speaking"


class _Silent:
    """A class that inherits `object`'s."""


def _object(value: Any) -> str:
    kind = type(value)
    module = kind.__module__
    name = kind.__qualname__
    return f"<{name if module == 'builtins' else f'{module}.{name}'} object>"


def _function(value: Any) -> str:
    return f"<function {value.__qualname__}>"


def _running(value: Any) -> str:
    return f"<{type(value).__name__} object {value.__qualname__}>"


def _built_in(value: Any) -> str:
    owner = value.__self__
    if owner is None or isinstance(owner, types.ModuleType):
        return f"<built-in function {value.__name__}>"
    return f"<built-in method {value.__name__} of {type(owner).__name__} object>"


def _wrapper(value: Any) -> str:
    return f"<method-wrapper {value.__name__!r} of {type(value.__self__).__name__} object>"


_SAYING: Final[dict[type, Callable[[Any], str]]] = {
    object: _object,
    types.FunctionType: _function,
    types.GeneratorType: _running,
    types.CoroutineType: _running,
    types.AsyncGeneratorType: _running,
    types.BuiltinFunctionType: _built_in,
    type(numpy.sum): _function,
    types.MethodWrapperType: _wrapper,
    memoryview: lambda _value: "<memory>",
    types.CellType: _object,
    types.CodeType: _object,
    types.FrameType: _object,
}
"""Types whose own `tp_repr` tells an address, with what they say instead."""


def say_no_addresses() -> None:
    """From now on no object's default text tells where it is. Doing so twice changes nothing."""
    silent, speaking = _slot(object), _slot(_Speaking)
    known = _slot(_Silent) == silent and _slot(type("Other", (_Speaking,), {})) == speaking
    if silent == speaking or not known:
        return
    for kind, says in _SAYING.items():
        _dictionary(kind)["__repr__"] = says
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
        _set_slot(kind, speaking)
    for kind in _all_types():
        if _slot(kind) == silent:
            _set_slot(kind, speaking)


def _slot(kind: type) -> int | None:
    return ctypes.c_void_p.from_address(id(kind) + _PLACE).value


def _set_slot(kind: type, function: int | None) -> None:
    ctypes.c_void_p.from_address(id(kind) + _PLACE).value = function


def _dictionary(kind: type) -> dict[str, Any]:
    """The dictionary behind the view that `__dict__` of a type is."""
    behind: dict[str, Any] = gc.get_referents(kind.__dict__)[0]
    return behind


def _all_types() -> list[type]:
    """Every type that there is."""
    found: dict[type, None] = {object: None}
    waiting: list[type] = [object]
    while waiting:
        below: list[type] = type.__subclasses__(waiting.pop())
        new = [each for each in below if each not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return list(found)
