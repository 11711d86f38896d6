"""`OrderedDict`, and how `Counter` counts, in Python.

Python's own are C that goes on with an item that a typed `__eq__` or `__add__` has just thrown out
of the dictionary. `use_ordered()` has torch make these as well, for processes that run typed text
and end.
"""

from __future__ import annotations

import collections
import functools
import importlib
import sys
from collections.abc import ItemsView, Iterable, KeysView, ValuesView
from operator import eq
from reprlib import recursive_repr
from typing import Any, Final

from torch.utils._pytree import MappingKey, register_pytree_node

_AS_PAIRS: Final = sys.version_info < (3, 12)
"""Whether this Python shows one as a list of pairs."""
_MAKING: Final = ("torch.nn.modules.module", "torch.nn.modules.container", "torch.nn.parameter")
"""The modules of torch's whose ordered dictionaries reach a program."""


class _Shown:
    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({[*self]!r})"  # type: ignore[misc]

    def __reversed__(self) -> Any:
        return reversed([*self])  # type: ignore[misc]


class odict_keys(_Shown, KeysView[Any]):
    """The keys of an ordered dictionary."""

    __slots__ = ()


class odict_values(_Shown, ValuesView[Any]):
    """The values of an ordered dictionary."""

    __slots__ = ()


class odict_items(_Shown, ItemsView[Any, Any]):
    """The pairs of an ordered dictionary."""

    __slots__ = ()


class OrderedDict(dict[Any, Any]):
    """`collections.OrderedDict`: a dict that can be reordered and is equal in the same order."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _ORDERED):
            return dict.__eq__(self, other)
        mine, others = [*self.items()], [*other.items()]
        return len(mine) == len(others) and all(map(eq, mine, others))

    def __ne__(self, other: object) -> bool:
        same = self.__eq__(other)
        return same if same is NotImplemented else not same

    @recursive_repr()
    def __repr__(self) -> str:
        shown = [*self.items()] if _AS_PAIRS else dict(self)
        return f"{type(self).__name__}({shown!r})" if self else f"{type(self).__name__}()"

    def __or__(self, other: Any) -> Any:
        return _joined(self, other) if isinstance(other, dict) else NotImplemented

    def __ror__(self, other: Any) -> Any:
        return _joined(other, self) if isinstance(other, dict) else NotImplemented

    def __ior__(self, other: Any) -> Any:
        self.update(other)
        return self

    def keys(self) -> Any:
        """The keys, shown as Python shows them."""
        return odict_keys(self)

    def values(self) -> Any:
        """The values."""
        return odict_values(self)

    def items(self) -> Any:
        """The pairs."""
        return odict_items(self)

    def copy(self) -> OrderedDict:
        """Another with the same items."""
        return OrderedDict(self)

    def popitem(self, last: bool = True) -> tuple[Any, Any]:
        """Takes the last item out, or the first; raises `KeyError` if there is none."""
        if not self:
            raise KeyError("dictionary is empty")
        if last:
            return super().popitem()
        first = next(iter(self))
        return first, self.pop(first)

    def move_to_end(self, key: Any, last: bool = True) -> None:
        """Makes the item the last, or the first; raises `KeyError` where there is none."""
        value = self.pop(key)
        others = [] if last else [*self.items()]
        if others:
            self.clear()
        self[key] = value
        self.update(others)


_ORDERED: Final = (OrderedDict, collections.OrderedDict)


def _joined(first: dict[Any, Any], second: dict[Any, Any]) -> OrderedDict:
    made = OrderedDict(first)
    made.update(second)
    return made


def count_elements(mapping: dict[Any, Any], iterable: Iterable[Any]) -> None:
    """Counts the items in the mapping."""
    for each in iterable:
        mapping[each] = mapping.get(each, 0) + 1


@functools.cache
def use_ordered() -> None:
    """From now on torch gives these, and takes them for what they stand for."""
    collections._count_elements = count_elements  # type: ignore[attr-defined]
    for name in _MAKING:
        importlib.import_module(name).OrderedDict = OrderedDict  # type: ignore[attr-defined]
    register_pytree_node(
        OrderedDict,
        lambda held: ([*held.values()], [*held]),
        lambda values, keys: OrderedDict(zip(keys, values, strict=True)),
        flatten_with_keys_fn=lambda held: (
            [(MappingKey(key), value) for key, value in held.items()],
            [*held],
        ),
    )
