"""What tells objects apart, the same in every run: numbers in the order of asking.

An address differs from run to run, and with it the order of a set. `number_of(value)` is a number
for an object that is there; another that comes after its end gets another, if it can be watched.
`hash_by_number()` has tensors and layers hashed by it from now on, for processes that run typed
text and end. Functions and the nodes of a graph keep the hash that C gave them.
"""

from __future__ import annotations

import itertools
import weakref
from typing import Any, Final

import torch

_COUNT: Final = itertools.count(1)
_KNOWN: Final[dict[int, tuple[weakref.ref[Any] | None, int]]] = {}


def number_of(value: Any) -> int:
    """The object's number: no other has it while this one is there."""
    known = _KNOWN.get(id(value))
    if known is not None and (known[0] is None or known[0]() is value):
        return known[1]
    number = next(_COUNT)
    try:
        _KNOWN[id(value)] = weakref.ref(value), number
    except TypeError:  # a number, a list: who comes to its place has its number
        _KNOWN[id(value)] = None, number
    return number


def hash_by_number() -> None:
    """Sets of tensors and of layers have one order from now on."""
    for kind in (torch.Tensor, torch.nn.Module):
        kind.__hash__ = number_of  # type: ignore[method-assign]
