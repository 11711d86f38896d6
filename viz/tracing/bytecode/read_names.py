"""The names that a function reads: of globals, and of anything."""

from __future__ import annotations

from dis import get_instructions
from functools import lru_cache
from types import CodeType
from typing import Final

_READING: Final = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}


@lru_cache(maxsize=1_000)
def read_names(code: CodeType) -> tuple[str, ...]:
    """The global names that a function and the functions inside it read; `co_names` has those of
    attributes as well, and `self.model` is not the notebook's `model`.
    """
    found = [each.argval for each in get_instructions(code) if each.opname in _READING]
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found += read_names(constant)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1_000)
def all_names(code: CodeType) -> frozenset[str]:
    """The names of globals and attributes in a function and the functions inside it."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= all_names(constant)
    return frozenset(found)
