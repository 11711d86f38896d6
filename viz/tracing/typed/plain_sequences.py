"""Torch reads lists of plain values only, none with an object of the program's own classes in it.

While torch walks a list it holds no reference to the items. An object whose `__getitem__` empties
that list has torch read memory that was given back, and the process dies of it.

- `demand_plain(func, args)` raises `TypeError` for such an object in a list, a tuple or a deque,
  and for one that a function of `READERS` is given as its data. Its cost is that of the walk; call
  it only where `SEQUENCES` (`viz.tracing.typed.decided.attributes`) holds a class.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Final

import torch

from viz.tracing.typed.decided.own import SEQUENCES

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
        for each in held:
            if type(each) in SEQUENCES:
                raise TypeError(
                    f"torch reads numbers, tensors and lists here, not a {type(each).__name__}:"
                    " give it list(…) of the object"
                )
            if isinstance(each, list | tuple | deque):
                waiting.append(each)
