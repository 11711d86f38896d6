"""What is in a container, as torch's own code reads it: a subclass's own methods are not asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter
from types import MemberDescriptorType
from typing import Any, Final


class ModuleLike:
    """What stands for a module, in which nobody keeps a state of his own."""

    __slots__ = ()


Container = tuple[Any, ...] | list[Any] | dict[Any, Any] | set[Any] | frozenset[Any] | deque[Any]

hooks_of: Final = attrgetter("_backward_hooks", "_post_accumulate_grad_hooks")
"""The two tables of hooks that hang on a tensor; `None` where there is none."""


def inside(container: Container) -> Iterator[Any]:
    """The members; of a dictionary its values."""
    if isinstance(container, tuple):
        return tuple.__iter__(container)
    if isinstance(container, list):
        return list.__iter__(container)
    if isinstance(container, dict):
        return iter(dict.values(container))
    if isinstance(container, set):
        return set.__iter__(container)
    if isinstance(container, frozenset):
        return frozenset.__iter__(container)
    return deque.__iter__(container)


def attributes(each: Any) -> dict[str, Any]:
    """What an object of Python's holds under names: in its dictionary, and in its `__slots__`."""
    found = dict(vars(each)) if hasattr(each, "__dict__") else {}
    for key, slot in slots_of(type(each)):  # type: ignore[arg-type]
        try:
            found[key] = slot.__get__(each)
        except AttributeError:
            continue  # not assigned yet
    return found


@lru_cache(maxsize=1_000)
def slots_of(kind: type) -> list[tuple[str, MemberDescriptorType]]:
    """What a class keeps in `__slots__`, by name."""
    own = [vars(base) for base in reversed(kind.__mro__) if "__slots__" in vars(base)]
    found = [item for each in own for item in each.items()]
    return [(key, slot) for key, slot in found if isinstance(slot, MemberDescriptorType)]
