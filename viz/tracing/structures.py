"""Containers of every kind, taken apart into their parts and put together again.

`parts(value)` are the tensors, numbers and whatever else is no container, each with its way there;
`together(value, others)` is the same container with others in their places. Containers are torch's
pytrees, subclasses of dict and list, dataclasses, distributions, and plain objects that hold data.
An object that holds modules, functions or an optimizer, or that can be called, works: it is a part
itself.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict, UserDict, defaultdict, deque
from collections.abc import Iterator
from functools import lru_cache
from types import (
    BuiltinFunctionType,
    FunctionType,
    MappingProxyType,
    MethodType,
    SimpleNamespace,
)
from typing import Any, Final, NamedTuple

import torch
from torch.utils._pytree import keystr, tree_flatten_with_path, tree_unflatten

from viz.tracing.containers import attributes, inside

MAX_DEPTH: Final = 20
"""Containers within one another that are opened."""
_BASES: Final = (defaultdict, OrderedDict, dict, list, SimpleNamespace)
_PYTREES: Final = (defaultdict, OrderedDict, dict, list, tuple, deque)
_WORKING: Final = (
    *(torch.nn.Module, torch.optim.Optimizer, torch.Generator),
    *(FunctionType, MethodType, BuiltinFunctionType),
)
_HEAP_TYPE: Final = 1 << 9
"""The flag of a class that Python code has made."""


class Placed(NamedTuple):
    """What stands at one place of a container."""

    keys: tuple[Any, ...]
    """The keys, places and attributes on the way there."""
    text: str
    """The same as code would spell it: `['x'][0].y`."""
    value: Any
    own: bool
    """Whether it stands in a container that torch does not know."""


class _Member(NamedTuple):
    key: Any
    text: str
    value: Any


def parts(value: Any) -> list[Placed]:
    """What is in a value, in order; of what is no container the value itself. A container of one's
    own that is met again, be it within itself, is not opened again.
    """
    return list(_parts(value, Placed((), "", value, False), {}, 0))


def tensors_of(value: Any) -> list[Placed]:
    """The tensors among the parts; one that a container of one's own holds twice comes once."""
    if isinstance(value, torch.Tensor):  # as most results are
        return [Placed((), "", value, False)]
    found = [part for part in parts(value) if isinstance(part.value, torch.Tensor)]
    first = {id(part.value): part for part in reversed(found)}
    return [part for part in found if not part.own or first[id(part.value)] is part]


def together(value: Any, others: Iterator[Any]) -> Any:
    """The same with others as its parts, in their order; what has no tensor in it stays itself."""
    return _together(value, others, {}, 0)


def _parts(value: Any, at: Placed, seen: dict[int, Any], depth: int) -> Iterator[Placed]:
    for path, leaf in tree_flatten_with_path(value, is_leaf=_is_own)[0]:
        here = Placed((*at.keys, *map(_key, path)), at.text + keystr(path), leaf, at.own)
        below = depth + len(path) + 1
        members = _members(leaf) if below < MAX_DEPTH else None
        if members is None:
            yield here
        elif seen.setdefault(id(leaf), here) is here:
            for key, text, inner in members:
                keys = (*here.keys, key) if text else here.keys
                yield from _parts(inner, Placed(keys, here.text + text, inner, True), seen, below)


def _key(key: Any) -> Any:
    return next(getattr(key, name) for name in ("key", "idx", "name") if hasattr(key, name))


def _together(value: Any, others: Iterator[Any], made: dict[int, Any], depth: int) -> Any:
    keyed, shape = tree_flatten_with_path(value, is_leaf=_is_own)
    filled = [_filled(leaf, others, made, depth + len(path) + 1) for path, leaf in keyed]
    return tree_unflatten(filled, shape)


def _filled(leaf: Any, others: Iterator[Any], made: dict[int, Any], depth: int) -> Any:
    members = _members(leaf) if depth < MAX_DEPTH else None
    if members is None:
        return next(others)
    if id(leaf) not in made:
        holds = any(isinstance(part.value, torch.Tensor) for part in parts(leaf))
        new, empty = _empty(leaf) if holds else (leaf, leaf)
        made[id(leaf)] = new
        inner = [_together(each.value, others, made, depth) for each in members]
        if holds:
            _fill(empty, leaf, members, inner)
    return made[id(leaf)]


# ── containers that torch does not know ──


def _is_own(value: Any) -> bool:
    return _base(type(value)) is not None  # type: ignore[arg-type]


@lru_cache(maxsize=1_000)
def _base(kind: type) -> type | None:
    """The class whose members an object of this class has, `object` for its attributes; `None` of
    what torch takes apart itself, and of what is no container.
    """
    if kind is MappingProxyType:
        return dict
    if kind in _PYTREES or issubclass(kind, (tuple, deque, type, *_WORKING, torch.Tensor)):
        return None
    base = next((each for each in _BASES if issubclass(kind, each)), None)
    if base is not None:
        return base
    plain = all(each.__flags__ & _HEAP_TYPE for each in kind.__mro__[:-1])
    called = any("__call__" in vars(each) for each in kind.__mro__[:-1])
    holds = dataclasses.is_dataclass(kind) or issubclass(kind, torch.distributions.Distribution)
    known = kind.__module__.startswith("torch.") and not holds
    return object if plain and kind is not object and not called and not known else None


def _members(value: Any) -> list[_Member] | None:
    """What a container of one's own holds; `None` of anything else."""
    base = _base(type(value))  # type: ignore[arg-type]
    if base is None:
        return None
    found: list[_Member] = []
    if issubclass(base, dict):
        items = value.items() if isinstance(value, MappingProxyType) else dict.items(value)
        found = [_Member(key, f"[{key!r}]", each) for key, each in items]
    elif base is list:
        found = [_Member(place, f"[{place}]", each) for place, each in enumerate(inside(value))]
    held = attributes(value)
    if any(isinstance(each, _WORKING) for each in held.values()):
        return None
    if isinstance(value, UserDict):
        return [_Member(name, "", each) for name, each in held.items()]
    return [*found, *(_Member(name, f".{name}", each) for name, each in held.items())]


def _empty(like: Any) -> tuple[Any, Any]:
    """A container like this one with nothing in it yet, and what is to be filled for it."""
    if isinstance(like, MappingProxyType):
        behind: dict[Any, Any] = {}
        return MappingProxyType(behind), behind
    new = _base(type(like)).__new__(type(like))  # type: ignore
    return new, new


def _fill(new: Any, like: Any, members: list[_Member], inner: list[Any]) -> None:
    """Gives a container that is still empty what stands for the members of one like it."""
    base: Any = _base(type(like))  # type: ignore[arg-type]
    count = len(members) - len(attributes(like))
    if isinstance(like, defaultdict):
        new.default_factory = like.default_factory
    if base is list:
        list.extend(new, inner[:count])
    elif issubclass(base, dict):
        entries = zip(members[:count], inner[:count], strict=True)
        base.update(new, {each.key: value for each, value in entries})
    for each, value in zip(members[count:], inner[count:], strict=True):
        object.__setattr__(new, each.key, value)
