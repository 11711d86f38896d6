"""Names behind a dot that are decided when they run, by the object's own class.

A name that no real object has is read and written as it is, and so is a reviewed one read. The
others (`self.encode = …`, where texts have `encode`; `self.mean = …`, where tensors have `mean`)
are the program's own on an object of its own classes and nobody else's. Some that are harmless on
tensors are not on numpy's arrays (`numpy.attributes`), some only a stand-in answers (`answered`).
`decided(tree)` writes them as `Named(object, name).it` in a checked tree; positions stay.

- `Named(object, name).it`: the attribute; raises `AttributeError` where the name is not the
  program's own on that object.
- `attribute_of`, `has_attribute`, `set_attribute`: `getattr`, `hasattr` and `setattr` by the same
  table; `Attributes`: `vars` of an object, by the same again.
"""

from __future__ import annotations

import ast
import itertools
import types
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any, Final

import numpy
import torch

from viz.program.allowlist import allowed
from viz.program.definitions.classes import (
    OPERATORS,
    is_asked_for,
    is_called_operator,
    is_left_out,
    is_of_named_ancestor,
)
from viz.program.definitions.own_names import is_slots, slots_in
from viz.program.names.modules import Modules
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.tracing.typed.decided.answered import NONE, answered
from viz.tracing.typed.decided.calls import demand_shape, look_at
from viz.tracing.typed.decided.in_place import guard
from viz.tracing.typed.decided.own import OWN
from viz.tracing.typed.decided.whose import is_own
from viz.tracing.typed.guarded import guarded
from viz.tracing.typed.numpy.attributes import WATCHED, attribute, is_numpy_s, line_of
from viz.tracing.typed.own_graphs.drafts import DraftedGraph
from viz.tracing.typed.part import Part

NAMED: Final = "<named>"
DELETE: Final = "<delete>"
GET: Final = "<get>"
SET: Final = "<set>"
ANCESTOR: Final = "<ancestor>"
CLASS: Final = "<class>"
_BY_NAME: Final = {"__setattr__": SET, "__delattr__": DELETE}
"""What typed code's namespace calls `Named` and the functions below: no names that can be typed."""


NUMBER: Final = "__number__"
"""Where an object of typed code keeps the number that it is hashed by: it cannot be typed."""


class Named:
    """An attribute whose name some real object has as well; `it` reads, writes and deletes it."""

    __slots__ = ("_name", "_of")

    def __init__(self, of: Any, name: str) -> None:
        self._of = of
        self._name = name

    @property
    def it(self) -> Any:
        """The attribute's value."""
        if self._name == "__dict__":
            return attributes_held(self._of)
        if self._name in OPERATORS:
            return _operator(self._of, self._name)
        if self._name in WATCHED:
            return _watched(self._of, self._name)
        if (answer := answered(self._of, self._name)) is not NONE:
            return answer
        if self._name in allowed.OF_ARRAYS:  # of `a.shape += (1,)`
            return attribute_of(self._of, self._name)
        _demand_own(self._of, self._name)
        return getattr(self._of, self._name)

    @it.setter
    def it(self, value: object) -> None:
        set_attribute(self._of, self._name, value)

    @it.deleter
    def it(self) -> None:
        delete_attribute(self._of, self._name)


class ClassOf:
    """What `x.__class__` is written as: `it` is what `type(x)` gives in typed code."""

    __slots__ = ("it",)

    def __init__(self, it: Any) -> None:
        self.it = it


def _operator(of: Any, name: str) -> Any:
    """An operator by its name, on an object of a class of the program's that defines it."""
    line = line_of(type(of)) if type(of) in OWN else ()
    first = next((each for each in line if name in vars(each)), None)
    if first not in OWN:
        raise AttributeError(f"{name!r} may not be asked for here")
    return getattr(of, name)


def _watched(of: Any, name: str) -> Any:
    """An attribute that numpy's objects have under the same name and would say too much by."""
    return attribute(of, name) if is_numpy_s(of) else getattr(of, name)


def _demand_writable(of: Any, name: str) -> None:
    if name == "shape" and isinstance(of, torch.Tensor):
        return  # torch says itself that it cannot be set
    if is_numpy_s(of):
        if name in allowed.OF_ARRAYS and type(of) is numpy.ndarray:
            return
        raise AttributeError(f"{name} of an array cannot be set here: make another array")
    if not _writes(name) and not (isinstance(of, DraftedGraph) and name in allowed.OF_GRAPHS):
        _demand_own(of, name)


def _demand_own(of: Any, name: str) -> None:
    if not is_own(of, name):
        raise AttributeError(
            f"{type(of).__name__!r} object has no attribute {name!r} of the program's own"
        )


def _reads(name: str) -> bool:
    """Whether a name may be read of any object as it is."""
    return name in allowed.OBJECT_ATTRIBUTES or allowed.is_free(name)


def _writes(name: str) -> bool:
    return name in allowed.ASSIGNABLE or allowed.is_free(name)


def _text(name: Any) -> str:
    if type(name) is not str:
        raise TypeError("attribute name must be string")
    return name


def readable_name(value: Any, name: str) -> bool:
    """Whether `value.name` may be asked for."""
    if isinstance(value, Part):
        return name in vars(value) or (_reads(name) and not name.startswith("_"))
    return _reads(name) or is_own(value, name) or answered(value, name) is not NONE


def _demand_readable(value: Any, name: Any) -> None:
    if not readable_name(value, _text(name)):
        raise AttributeError(f"{name[:80]!r} may not be asked for here")


_ASKED_FOR: Final = frozenset({"__len__", "__iter__", "__call__", "__getitem__"})


def attribute_of(value: Any, name: Any, *default: Any) -> Any:
    """`getattr`: what `value.name` would be."""
    _demand_readable(value, name)
    if name in WATCHED and is_numpy_s(value):
        return attribute(value, name)
    answer = answered(value, name)
    return getattr(value, name, *default) if answer is NONE else answer


def has_attribute(value: Any, name: Any) -> bool:
    """`hasattr`: whether `value.name` is there; of a few names of Python's own it may be asked."""
    if type(name) is not str or name not in _ASKED_FOR:
        _demand_readable(value, name)
    if name in WATCHED and is_numpy_s(value):
        try:
            attribute(value, name)
        except AttributeError:
            return False
    return hasattr(value, name)


def of_ancestor(kind: Any, name: str) -> Callable[..., Any]:
    """`Base.__init__` of an object of the program's own that descends from Base, as `super()` would
    give it; raises `TypeError` for any other.
    """

    def called(of: Any, *given: Any, **ways: Any) -> Any:
        line = line_of(type(of))
        above = [*itertools.dropwhile(lambda each: each is not kind, line)]
        found = next((vars(each)[name] for each in above if name in vars(each)), None)
        if type(of) not in OWN or found is None:
            raise TypeError(f"{name} is called of a class that the object descends from here")
        return found.__get__(of, type(of))(*given, **ways)

    return called


def set_attribute(value: Any, name: Any, to: Any) -> None:
    """`setattr`: what `value.name = to` would do; a class of the program's may be given its
    `__init__` later.
    """
    if name == "__init__" and isinstance(value, type) and value in OWN:
        if type(to) is not types.FunctionType:
            raise TypeError("__init__ is a function of your own here")
        type.__setattr__(value, "__init__", to)
        return
    _demand_writable(value, _text(name))
    if name == "data":
        demand_shape(value, to)
    setattr(value, name, to)


def delete_attribute(value: Any, name: Any) -> None:
    """`delattr`: what `del value.name` would do, of the program's own names alone."""
    _demand_own(value, _text(name))
    delattr(value, name)


def attributes_held(obj: Any, /) -> Attributes:
    """`vars(x)`; raises `TypeError` for what is no object of a class of the program's own: what is
    in any other is not the program's.
    """
    if type(obj) not in OWN or not hasattr(obj, "__dict__"):
        raise TypeError("vars() takes an object of a class of your own here")
    return Attributes(obj)


@guarded
class Attributes(MutableMapping[str, Any]):
    """`vars(x)` and `x.__dict__`: what the program has stored on an object of a class of its own.

    Made by `attributes_held`.
    """

    __slots__ = ("_of",)

    def __init__(self, of: Any, /) -> None:
        self._of = of

    def _names(self) -> list[str]:
        return [name for name in self._of.__dict__ if is_own(self._of, name)]

    def __getitem__(self, name: str) -> Any:
        if type(name) is not str or name not in self._names():
            raise KeyError(name)
        return self._of.__dict__[name]

    def __setitem__(self, name: str, value: Any) -> None:
        set_attribute(self._of, name, value)

    def __delitem__(self, name: str) -> None:
        if name not in self._names():
            raise KeyError(name)
        delete_attribute(self._of, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __repr__(self) -> str:
        return repr(dict(self))

    def copy(self) -> dict[str, Any]:
        """A dictionary with the same."""
        return dict(self)


def decided(source: str) -> ast.Module:
    """The tree of a checked text, its own names that others have written as `Named`."""
    tree = SyntaxTree.of(source)
    guard(tree)
    modules = Modules(tree, Scopes(tree))
    found = [
        node
        for node in tree.nodes
        if isinstance(node, ast.Attribute)
        and (
            node.attr in ("__class__", "__dict__")
            or (
                (_is_decided(node) or is_called_operator(tree, node)) and not modules.of(node.value)
            )
        )
    ]
    for node in tree.nodes:
        if isinstance(node, ast.Call):
            if is_asked_for(tree, node.func):
                _as_function(node)
            elif is_of_named_ancestor(tree, node.func):
                _as_ancestor_s(node)
            look_at(node, modules)
    for node in found:
        whose = node.attr == "__class__"
        named = ast.Call(
            ast.copy_location(ast.Name(CLASS if whose else NAMED, ast.Load()), node.value),
            [node.value, ast.copy_location(ast.Constant(node.attr), node)],
            keywords=[],
        )
        node.value, node.attr = ast.copy_location(named, node), "it"
    for each in tree.nodes:
        if is_slots(tree, each):
            _with_number(tree.parents[each])
        if is_left_out(tree, each):
            _without(tree.parents[each], each)
    return tree.module


def _without(kind: ast.AST, method: ast.AST) -> None:
    """Takes a method out of its class."""
    assert isinstance(kind, ast.ClassDef)
    assert isinstance(method, ast.FunctionDef)
    place = kind.body.index(method)
    kind.body[place] = ast.copy_location(ast.Pass(), method)


def _as_function(call: ast.Call) -> None:
    """Writes `x.__setattr__(name, value)` as the `setattr` of typed code, and so the others."""
    assert isinstance(call.func, ast.Attribute)
    name = _BY_NAME.get(call.func.attr, GET)
    call.args.insert(0, call.func.value)
    call.func = ast.copy_location(ast.Name(name, ast.Load()), call.func)


def _as_ancestor_s(call: ast.Call) -> None:
    """Writes the function of `Base.__init__(self, …)` as the one that looks at the object first."""
    asked = call.func
    assert isinstance(asked, ast.Attribute)
    call.func = ast.Call(
        ast.copy_location(ast.Name(ANCESTOR, ast.Load()), asked.value),
        [asked.value, ast.copy_location(ast.Constant(asked.attr), asked)],
        keywords=[],
    )
    ast.copy_location(call.func, asked)


def _with_number(slots: ast.AST) -> None:
    """Gives the objects of a class with `__slots__` a place for their number."""
    assert isinstance(slots, ast.Assign)
    names = [ast.Constant(name) for name in [*slots_in(slots), NUMBER]]
    slots.value = ast.copy_location(ast.Tuple([*names], ast.Load()), slots.value)
    ast.fix_missing_locations(slots)


def _is_decided(node: ast.Attribute) -> bool:
    if node.attr in WATCHED or node.attr == "__dict__":
        return True
    plain = _reads if isinstance(node.ctx, ast.Load) else _writes
    template = node.attr == "format" and isinstance(node.value, ast.Constant)
    return not (node.attr.startswith("__") or template or plain(node.attr) or node.attr == "setter")
