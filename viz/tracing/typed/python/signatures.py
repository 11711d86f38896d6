"""`inspect`, `traceback` and `hash` of typed code: what a function of its own takes, and no frames.

- `signature(f)`, `getfullargspec(f)`, `isfunction(f)`, …: of functions, methods and classes of the
  program's own; Python's would follow any object's `__wrapped__` and `__signature__`. Raises
  `TypeError` for anybody else's.
- `traceback.format_exc()`: the error in one line; `print_exc` writes where nobody reads.
- `hash(x)`: of numbers, texts and tuples of them Python's; of anything else a number that tells
  nothing of where it lies.
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import torch

from viz.tracing.runnable import TYPED
from viz.tracing.typed.decided.own import OWN
from viz.tracing.typed.identity import number_of
from viz.tracing.typed.type_stand_ins import Frozen, TypeName, nothing

_SET: Final = object.__setattr__


def _function(value: Any) -> tuple[types.FunctionType, bool]:
    """A function of the program's own, and whether its first argument is given already."""
    bound = type(value) is types.MethodType
    if isinstance(value, type) and value in OWN:
        value, bound = getattr(value, "__init__", None), True
    inner = value.__func__ if type(value) is types.MethodType else value
    if type(inner) is not types.FunctionType or inner.__code__.co_filename != TYPED:
        raise TypeError("it takes a function or a class of your own here")
    return inner, bound


class Argument(Frozen):
    """One argument that a function takes: its name, what it is without being given, its kind."""

    __slots__ = ("_annotation", "default", "kind", "name")
    _annotation: inspect.Parameter
    default: Any
    kind: str
    name: str

    def __init__(self, of: inspect.Parameter) -> None:
        empty = of.default is inspect.Parameter.empty
        for name, value in (
            ("name", of.name),
            ("kind", of.kind.name),
            ("default", EMPTY if empty else of.default),
            ("_annotation", of),
        ):
            _SET(self, name, value)

    def __repr__(self) -> str:
        return f'<Parameter "{self}">'

    def __str__(self) -> str:
        return str(self._annotation)


EMPTY: Final = TypeName(inspect.Parameter.empty)


class Kinds(Frozen):
    """`inspect.Parameter`: what an argument is that has no default, and the kinds of arguments."""

    __slots__ = ()
    empty = EMPTY
    POSITIONAL_ONLY = "POSITIONAL_ONLY"
    POSITIONAL_OR_KEYWORD = "POSITIONAL_OR_KEYWORD"
    VAR_POSITIONAL = "VAR_POSITIONAL"
    KEYWORD_ONLY = "KEYWORD_ONLY"
    VAR_KEYWORD = "VAR_KEYWORD"


class Signature(Frozen):
    """What a function takes: `parameters` by name."""

    __slots__ = ("_of", "parameters")
    _of: inspect.Signature
    parameters: dict[str, Argument]

    def __init__(self, of: inspect.Signature) -> None:
        _SET(self, "_of", of)
        _SET(self, "parameters", {name: Argument(each) for name, each in of.parameters.items()})

    def __str__(self) -> str:
        return str(self._of)

    def __repr__(self) -> str:
        return f"<Signature {self._of}>"


def signature(obj: Any) -> Signature:
    """`inspect.signature` of a function, a method or a class of the program's own."""
    function, bound = _function(obj)
    held = types.FunctionType(function.__code__, {}, function.__name__, None, function.__closure__)
    held.__defaults__, held.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    held.__annotations__ = dict(function.__annotations__)
    found = inspect.signature(held)
    rest = list(found.parameters.values())[1 if bound else 0 :]
    return Signature(found.replace(parameters=rest))


class FullArgSpec(NamedTuple):
    """What `inspect.getfullargspec` tells."""

    args: list[str]
    varargs: str | None
    varkw: str | None
    defaults: tuple[Any, ...] | None
    kwonlyargs: list[str]
    kwonlydefaults: dict[str, Any] | None
    annotations: dict[str, Any]


def getfullargspec(func: Any) -> FullArgSpec:
    """The names of a function's arguments, its own first one included."""
    function, _ = _function(func)
    code = function.__code__
    names = list(code.co_varnames)
    plain, only = code.co_argcount, code.co_kwonlyargcount
    further = names[plain + only :]
    starred = further.pop(0) if code.co_flags & inspect.CO_VARARGS else None
    named = further.pop(0) if code.co_flags & inspect.CO_VARKEYWORDS else None
    return FullArgSpec(
        names[:plain],
        starred,
        named,
        function.__defaults__,
        names[plain : plain + only],
        function.__kwdefaults__,
        dict(function.__annotations__),
    )


def getdoc(_object: Any) -> str | None:
    """The text that describes an object, as it stands in the source without its indentation."""
    text = getattr(_object, "__doc__", None)
    return inspect.cleandoc(text) if type(text) is str else None


# ── errors ──


def format_exc(*_given: Any, **_ways: Any) -> str:
    """The error that is being dealt with, without the lines that led to it."""
    error = sys.exc_info()[1]
    if error is None:
        return "NoneType: None\n"
    return f"Traceback (most recent call last):\n{type(error).__name__}: {error}\n"


# ── hashes ──


def hash_of(obj: Any, /) -> int:
    """`hash`: equal for what is equal; raises `TypeError` for what can change."""
    kind = type(obj)
    if kind in (tuple, frozenset):
        return hash(kind(hash_of(each) for each in obj))
    if kind in OWN or kind in _PLAIN or isinstance(obj, torch.Tensor | torch.nn.Module):
        return hash(obj)
    if kind.__hash__ is None:
        raise TypeError(f"unhashable type: {kind.__name__!r}")
    return number_of(obj)


_PLAIN: Final = frozenset({bool, int, float, complex, str, type(None)})

_TOLD: Final[Mapping[str, Callable[[Any], bool]]] = {
    "isfunction": lambda value: type(value) is types.FunctionType,
    "ismethod": lambda value: type(value) is types.MethodType,
    "isclass": lambda value: isinstance(value, type | TypeName),
    "isbuiltin": lambda value: type(value) is types.BuiltinFunctionType,
    "isgenerator": lambda value: type(value) is types.GeneratorType,
    "isgeneratorfunction": inspect.isgeneratorfunction,
}
SIGNATURES: Final[Mapping[str, Any]] = {
    "inspect.signature": signature,
    "inspect.getfullargspec": getfullargspec,
    "inspect.getdoc": getdoc,
    "inspect.Parameter": Kinds(),
    **{f"inspect.{name}": told for name, told in _TOLD.items()},
    "traceback.format_exc": format_exc,
    **dict.fromkeys(("traceback.print_exc", "traceback.print_stack"), nothing),
}
"""The stand-ins by full name."""
