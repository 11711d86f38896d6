"""What classes and modules hold, as far as a function can mean it.

A class or a file of the user's may hold a thousand things; a function that names none of them
reaches none of them. So these are homes: what is in one comes to light when a function that was
met says its name, `self.helper`, `Config.scale`, `layers.net`, or Python itself calls it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from types import CodeType, ModuleType
from typing import Any, Final

from viz.tracing.bytecode.read_names import all_names

LIBRARIES: Final = frozenset({"torch", "numpy", "viz"})
"""Whose modules hold nothing of the user's: what their functions name is not gone through."""
_OTHERS: Final = sys.stdlib_module_names | LIBRARIES
_UNNAMED: Final = """
forward __call__ __getitem__ __setitem__ __len__ __iter__ __next__ __contains__ __enter__ __exit__
__bool__ __float__ __add__ __radd__ __iadd__ __sub__ __rsub__ __isub__ __mul__ __rmul__ __imul__
__truediv__ __rtruediv__ __pow__ __matmul__ __rmatmul__ __neg__ __getattr__
"""
"""Methods that are called where no text names them."""
_MAKING: Final = ("__new__", "__init__", "__post_init__")
Called = tuple[Any, str]


class Entries:
    """The homes that were met, and the names that were said."""

    def __init__(self) -> None:
        self._said = set(_UNNAMED.split())
        self._homes: dict[int, tuple[Mapping[str, Any], str]] = {}

    def said(self, code: CodeType) -> list[Called]:
        """What the names in a function's code bring to light."""
        new = all_names(code) - self._said
        if not new:
            return []
        self._said |= new
        return [each for held, path in self._homes.values() for each in _entries(held, path, new)]

    def of_class(self, kind: type, path: str, *, made: bool = True) -> list[Called]:
        """What is in a class called `path`, or of which an object is, and is named by now; `made`:
        objects may be made of it.
        """
        found: list[Called] = []
        for base in own_classes(kind):
            found += self._of(base, path)
            if made:
                found += _entries(vars(base), path, _MAKING)
        return found

    def of_module(self, module: ModuleType, path: str) -> list[Called]:
        """The same of a file."""
        return [] if of_others(module.__name__) else self._of(module, path)

    def _of(self, home: Any, path: str) -> list[Called]:
        if id(home) in self._homes:
            return []
        held = vars(home)
        self._homes[id(home)] = held, path
        return _entries(held, path, self._said)


@lru_cache(maxsize=1_000)
def own_classes(kind: type) -> tuple[type, ...]:
    """A class and those that it is made of, as far as they are the user's."""
    return tuple(base for base in kind.__mro__ if not of_others(str(base.__module__)))


def of_others(name: str) -> bool:
    """Whether a module is Python's, torch's or our own."""
    return name.partition(".")[0] in _OTHERS


def attribute(path: str, key: str) -> str:
    """What `key` of something called `path` is called."""
    return f"{path}.{key}" if path else key


def _entries(held: Mapping[str, Any], path: str, names: Iterable[str]) -> list[Called]:
    found = sorted(name for name in names if name in held)
    return [(_plain(held[name]), attribute(path, name)) for name in found]


def _plain(each: Any) -> Any:
    """What a method or a property was made of."""
    if isinstance(each, staticmethod | classmethod):
        return each.__func__
    if isinstance(each, cached_property):
        return each.func
    return each.fget if isinstance(each, property) else each
