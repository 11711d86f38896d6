"""What is in the containers of a module's own, and the way back to it.

`note_contents(values, later)` goes through what a module holds in its attributes: lists, dicts,
sets, deques, numpy's arrays, and the attributes of plain objects, at any depth. What it appends to
`later` gives each the members that it had. It stops at functions, whose own variables are theirs,
and at what is noted in other ways: tensors, modules, optimizers. No method of the user's own runs.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import is_
from types import (
    BuiltinFunctionType,
    FunctionType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any, Final

import numpy as np
import torch

from viz.tracing.containers import inside, slots_of

MAX_NOTED: Final = 100_000
"""Objects that are looked at."""
PLAIN: Final = frozenset({str, bytes, int, float, complex, bool, type(None), range, slice})
"""Types of values with nothing in them."""
_OTHERWISE: Final = (
    *(str, bytes, int, float, complex, type, ModuleType),
    *(FunctionType, BuiltinFunctionType, MethodType),
    *(torch.Tensor, torch.nn.Module, torch.optim.Optimizer, torch.UntypedStorage),
)
_DICTS: Final = (OrderedDict, dict)
_ROWS: Final = (list, set, deque)
_CONTAINERS: Final = (dict, *_ROWS)
_FIXED: Final = (tuple, frozenset)
_FILL: Final[dict[Any, Callable[[Any, Any], None]]] = {
    OrderedDict: OrderedDict.update,
    dict: dict.update,
    list: list.extend,
    set: set.update,
    deque: deque.extend,
}
_EMPTY: Final = object()
Later = list[Callable[[], object]]


def note_contents(values: Iterable[Any], later: Later) -> None:
    """Notes what is in these values and in what is in them; see the module."""
    seen: dict[int, Any] = {}
    waiting = [value for value in values if _kind(type(value)) is not None]  # type: ignore[arg-type]
    while waiting and len(seen) < MAX_NOTED:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen[id(each)] = each
        members = _members(each, later)
        waiting += [value for value in members if _kind(type(value)) is not None]  # type: ignore[arg-type]


@lru_cache(maxsize=1_000)
def _kind(kind: type) -> type | None:
    """How an object of a type is noted: as the container that it is, else as an `object` by its
    attributes; `None` where there is nothing to note.
    """
    if kind in PLAIN or issubclass(kind, _OTHERWISE):
        return None
    return next((base for base in (*_DICTS, *_ROWS, *_FIXED) if issubclass(kind, base)), object)


def _members(each: Any, later: Later) -> list[Any]:
    """What is in an object; notes it, where it can change."""
    kind = _kind(type(each))  # type: ignore[arg-type]
    if kind in _FIXED:
        return list(inside(each))
    members: list[Any] = []
    if isinstance(each, np.ndarray):
        later.append(_rewriting(each))
    elif kind is not object:
        before = dict(dict.items(each)) if kind in _DICTS else list(inside(each))
        members = list(before.values()) if isinstance(before, dict) else before
        later.append(lambda: refill(each, before))
    attributes = getattr(each, "__dict__", None)
    if type(attributes) is dict:
        held = dict(attributes)
        members = [*members, *held.values()]
        later.append(lambda: refill(attributes, held))
    return [*members, *note_slots(each, later)]


def note_slots(each: Any, later: Later) -> list[Any]:
    """Notes what an object has in `__slots__`; what that is."""
    slots = [slot for _, slot in slots_of(type(each))]  # type: ignore[arg-type]
    if not slots:
        return []
    before = [_in_slot(slot, each) for slot in slots]

    def put_back() -> None:
        for slot, value in zip(slots, before, strict=True):
            now = _in_slot(slot, each)
            if value is _EMPTY and now is not _EMPTY:
                slot.__delete__(each)
            elif value is not now:
                slot.__set__(each, value)

    later.append(put_back)
    return [value for value in before if value is not _EMPTY]


def _in_slot(slot: MemberDescriptorType, each: Any) -> Any:
    try:
        return slot.__get__(each)
    except AttributeError:
        return _EMPTY  # not assigned yet


def _rewriting(array: Any) -> Callable[[], object]:
    """What gives an array of numpy's the numbers that it has now."""
    plain = np.ndarray.view(array, np.ndarray)
    before = plain.copy()

    def put_back() -> None:
        if plain.flags.writeable and not np.array_equal(plain, before):
            plain[...] = before

    return put_back


def note_class(kind: type, later: Later) -> None:
    """Notes what a class of the user's own holds for all its objects: a counter, a cache."""
    own = vars(kind)
    before = dict(own)
    note_contents([each for each in before.values() if isinstance(each, _CONTAINERS)], later)

    def put_back() -> None:
        if len(own) == len(before) and all(map(is_, own.values(), before.values())):
            return
        for name in [name for name in own if name not in before]:
            type.__delattr__(kind, name)
        for name, each in before.items():
            if own.get(name, put_back) is not each:
                type.__setattr__(kind, name, each)

    later.append(put_back)


def refill(container: Any, before: Any) -> None:
    """Gives a container the members that it had, and does nothing where it still has them."""
    kind: Any = type(container)
    if kind is not dict:
        kind = _kind(kind)
    if kind.__len__(container) == len(before):
        if kind not in _DICTS:
            if all(map(is_, inside(container), before)):
                return
        elif all(map(is_, dict.values(container), before.values())) and all(
            map(is_, dict.__iter__(container), before)
        ):
            return
    kind.clear(container)
    _FILL[kind](container, before)
