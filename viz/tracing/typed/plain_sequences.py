"""Torch and numpy read lists of plain values only, none with a typed sequence in it.

While they walk a list they hold no reference to the items. An object whose `__getitem__` empties
that list has them read memory that was given back, and the process dies of it.

- `add_sequence(kind)` adds a class to `SEQUENCES` and makes numpy
  raise `TypeError` for its objects, wherever it meets one, before it asks them for anything. One
  that does not say how its objects are gone through is told it in Python.
- `demand_plain(func, args)` raises `TypeError` for such an object in a list, a tuple or a deque of
  torch's, and for one that a function of `READERS` is given as its data. Its cost is that of the
  walk; call it only where `SEQUENCES` holds a class.
- `apart(value)`: a list that typed code cannot reach, with the same items.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final, NoReturn

import torch

from viz.tracing.containers import inside

SEQUENCES: Final[set[type]] = set()
"""The classes that typed code has made in this process whose objects have items by number."""

READERS: Final = frozenset(
    (
        torch.tensor,
        torch.as_tensor,
        torch.asarray,
        torch.Tensor.new_tensor,
        torch.Tensor.__getitem__,
        torch.Tensor.__setitem__,
    )
)
"""The functions that read any sequence, item by item, as data or as an index."""


def add_sequence(kind: type) -> None:
    """The class's objects can be asked for items; numpy asks for `__array__` before it does."""
    SEQUENCES.add(kind)
    kind.__array__ = _no_array  # type: ignore[attr-defined]
    if not hasattr(kind, "__iter__"):
        kind.__iter__ = _items  # type: ignore[attr-defined]


def _items(self: Any) -> Iterator[Any]:
    """The items by number. Python's own iterator gives the object back once too often if an item
    that it asks for asks it for the next.
    """
    place = 0
    while True:
        try:
            item = self[place]
        except (IndexError, StopIteration):
            return
        yield item
        place += 1


def _no_array(self: Any, *_given: Any, **_ways: Any) -> NoReturn:
    raise _not_read("numpy", "arrays", self)


def _not_read(by: str, beside: str, held: Any) -> TypeError:
    return TypeError(
        f"{by} reads numbers, {beside} and lists here, not a {type(held).__name__}:"
        " give it list(…) of the object"
    )


def apart(value: Any) -> Any:
    """A copy of lists within lists, and the list of a typed sequence; all else as it is."""
    if type(value) in SEQUENCES or isinstance(value, list | tuple):
        return [apart(each) for each in value]
    return value


def demand_plain(func: Any, args: Iterable[Any]) -> None:
    """Raises `TypeError` if torch would ask an object of the program's for items."""
    seen: set[int] = set()
    waiting = [each for each in args if isinstance(each, list | tuple | deque)]
    if func in READERS:
        waiting.append(tuple(args))
    while waiting:
        held = waiting.pop()
        if id(held) in seen:  # a list may hold itself
            continue
        seen.add(id(held))
        for each in inside(held):
            if type(each) in SEQUENCES:
                raise _not_read("torch", "tensors", each)
            if isinstance(each, list | tuple | deque):
                waiting.append(each)
