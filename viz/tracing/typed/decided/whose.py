"""Whose a name behind a dot is: the program's own, or that of a class of torch's or Python's.

- `is_own(of, name)`: whether the program may write it on this object, or class.
- `demand_free(kind, names)`: that a class of the program's takes no other class's names over.
- `and_below(kind)`: the class and those made from it.
- `stored_by(kind)`: the names that a class's own methods store on their objects. What stands under
  one of them in the body of a class below answers in its place: a recurrent layer asks itself for
  all names in `_flat_weights_names`, and torch asks a layer's `_modules` how it is to be called.
"""

from __future__ import annotations

import dis
import enum
import functools
from collections.abc import Iterable, Iterator
from types import CodeType
from typing import Any, Final

import torch
from torch.autograd.function import FunctionCtx

from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.tracing.typed.decided.own import OWN
from viz.tracing.typed.guarded import Method
from viz.tracing.typed.numpy.attributes import line_of


def is_own(of: Any, name: str) -> bool:
    """Whether a name on an object is the program's own: no class of anybody else's has it, and
    none stores it. What a class is given, all have that are made from it.
    """
    made_by_enum = name[:1] == name[-1:] == "_" and isinstance(of, enum.EnumType | enum.Enum)
    if name in allowed.NEVER or name.startswith("__") or made_by_enum:
        return False
    if of in OWN if isinstance(of, type) else False:
        return all(_is_own_in(each, name) for each in and_below(of))
    kind = type(of)
    if _is_part(of, name):
        return True
    line = line_of(kind)
    if kind not in OWN and FunctionCtx not in line and torch.nn.Module not in line:
        return False
    return _is_own_in(kind, name)


def _is_own_in(kind: type, name: str) -> bool:
    for each in line_of(kind):
        if each in OWN:
            if name in vars(each):
                return True
        elif name in vars(each) or name in stored_by(each):
            return name in allowed.ASSIGNABLE or _is_setting(each, name)
    return True


def and_below(kind: type) -> Iterator[type]:
    """A class and all that descend from it."""
    waiting = [kind]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += type.__subclasses__(each)


def demand_free(kind: type, names: Iterable[str]) -> None:
    """Raises `TypeError` where a name is one of a class of torch's or Python's that it descends
    from: that one's own, or one that it stores.
    """
    foreign = [each for each in line_of(kind) if each not in OWN and each is not object]
    for name in names:
        for each in foreign:
            free = name in allowed.ASSIGNABLE or _is_setting(each, name)
            if name in vars(each) or (name in stored_by(each) and not free):
                raise TypeError(
                    f"{kind.__name__}.{name} would take the place of {foreign[0].__name__}'s own"
                    " here: give it another name"
                )


_LAYERS: Final = frozenset(
    f"torch.nn.modules.{name}"
    for name in words(
        "conv linear batchnorm instancenorm normalization dropout pooling padding loss"
    )
)
"""Whose settings are numbers, texts and tensors that torch looks at whenever a layer is called."""


def _is_setting(layer: type, name: str) -> bool:
    """Whether a class is a layer of torch's that stores a setting under the name, as `stride`."""
    known = name in allowed.SETTINGS and layer.__module__ in _LAYERS
    return known and name in stored_by(layer) and name not in vars(layer)


def _is_part(of: Any, name: str) -> bool:
    """Whether the name is a layer that the program has put into one of torch's: `net.encode`."""
    return isinstance(of, torch.nn.Module) and name in of._modules


@functools.cache
def stored_by(kind: type) -> frozenset[str]:
    """The names that a class's own methods store on their objects."""
    codes = (code for value in vars(kind).values() for code in _codes_of(value))
    found = {name for code in codes for name in _stored_in(code)}
    if kind is torch.nn.Module:
        found |= vars(torch.nn.Module()).keys()
    return frozenset(found)


def _codes_of(value: Any) -> Iterator[CodeType]:
    """The code of what stands in a class, of what it wraps as well."""
    if isinstance(value, Method):
        value = value._function
    elif isinstance(value, staticmethod | classmethod):
        value = value.__func__
    elif isinstance(value, property):
        for each in (value.fget, value.fset):
            yield from _codes_of(each)
    if (code := getattr(value, "__code__", None)) is not None:
        yield code
        yield from _codes_of(getattr(value, "__wrapped__", None))


def _stored_in(code: CodeType) -> Iterator[str]:
    for each in dis.get_instructions(code):
        if each.opname == "STORE_ATTR":
            yield str(each.argval)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _stored_in(inner)
