"""What a `class` statement of typed code makes.

`building()` stands in for `__build_class__`. Objects of plain classes are hashed by a number, not
by their address: a set of them has the same order in every run, and with it the record.
"""

from __future__ import annotations

import builtins
import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final

import torch

_NUMBER: Final = "__number__"
"""Where an object keeps its number: a name that typed code cannot write."""


def building() -> Callable[..., Any]:
    """A `__build_class__` for one run, whose objects are numbered from one."""
    numbers = itertools.count(1)

    def build(*given: Any, **options: Any) -> Any:
        kind = builtins.__build_class__(*given, **options)
        if type(kind) is type and not issubclass(kind, torch.nn.Module):
            _number(kind, numbers)
        return kind

    return build


def _number(kind: Any, numbers: Iterator[int]) -> None:
    """Hashes the class's objects by the order in which they are first asked for a hash."""
    if kind.__hash__ is object.__hash__:
        kind.__hash__ = lambda self: self.__dict__.setdefault(_NUMBER, next(numbers))
