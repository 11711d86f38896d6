"""What is in a container, as torch's own code reads it: a subclass's own methods are not asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

Container = tuple[Any, ...] | list[Any] | dict[Any, Any] | set[Any] | frozenset[Any] | deque[Any]


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
