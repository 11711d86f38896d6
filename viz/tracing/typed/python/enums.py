"""`enum` of typed code: Python's own classes, made by the program's `class` statements alone.

Called with names, `Enum("Colour", "red green")` would make a class from any type that it is told
and write down the module that it is called from: here it makes one of the program's own, of names
and values. `unique` and `auto` are Python's. An enumeration of texts or numbers says no
operators: C takes such a member for the plain text or number that it is.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import FunctionType
from typing import Any, Final

from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.definitions.classes import OPERATORS
from viz.tracing.typed.decided.own import OWN

_UNSAID: Final = OPERATORS - frozenset(words("__init__ __str__ __repr__ __format__ __call__"))
"""What an enumeration of texts or numbers may not say of its members."""
_OF_FLAGS: Final = frozenset(
    value
    for kind in (enum.Flag, enum.IntFlag)
    for value in vars(kind).values()
    if isinstance(value, FunctionType)
)
MOST_MEMBERS: Final = 1_000


class Meta(enum.EnumType):
    """What enumerations are made by: called, it finds a member or makes a class of names."""

    def __call__(  # type: ignore[override]
        cls, value: Any, names: Any = None, *, start: int = 1
    ) -> Any:
        if names is None and (cls._member_map_ or cls in OWN):
            return super().__call__(value)
        return _of_names(cls, str(value), names, start)

    def __getattr__(cls, name: str) -> Any:
        raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")


class Enum(enum.Enum, metaclass=Meta):
    """`enum.Enum`."""


class IntEnum(int, enum.ReprEnum, metaclass=Meta):
    """`enum.IntEnum`."""


class StrEnum(str, enum.ReprEnum, metaclass=Meta):
    """`enum.StrEnum`."""

    def _generate_next_value_(name: str, *_given: Any) -> str:  # type: ignore[override]
        return name.lower()


class Flag(enum.Flag, metaclass=Meta):
    """`enum.Flag`."""


class IntFlag(enum.IntFlag, metaclass=Meta):
    """`enum.IntFlag`."""


BASES: Final = (Enum, IntEnum, StrEnum, Flag, IntFlag)


def is_enumeration(kind: Any) -> bool:
    """Whether it is one of these classes, or made from one."""
    return type(kind) is Meta


def demand_plain(kind: Any) -> None:
    """Raises `TypeError` for an enumeration of texts or numbers that says what operators mean."""
    if not issubclass(kind, int | str | float):
        return
    said = {
        name
        for each in kind.__mro__
        if each in OWN
        for name in vars(each).keys() & _UNSAID
        if vars(each)[name] not in _OF_FLAGS  # Python's own enum writes them down in every flag
    }
    if said:
        raise TypeError(f"{kind.__name__} is made of plain values: leave {min(said)} out")


def _of_names(above: Any, name: str, names: Any, start: int) -> Any:
    """A class of the program's own whose members have these names."""
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    pairs = (
        list(names.items())
        if isinstance(names, Mapping)
        else [
            (each, start + place) if isinstance(each, str) else tuple(each)
            for place, each in enumerate(names or ())
        ]
    )
    body = Meta.__prepare__(name, (above,))
    for key, value in pairs[:MOST_MEMBERS]:
        if (
            type(key) is not str or not key.isidentifier()
        ):  # another could be one name, then another
            raise ValueError(f"{str(key)[:80]!r} cannot be the name of a member")
        if key.startswith("_") or key in allowed.NEVER:
            raise ValueError(f"{key[:80]!r} cannot be the name of a member")
        body[key] = value
    body["__module__"] = "__main__"
    made = Meta(name, (above,), body)
    OWN.add(made)
    return made


def unique(enumeration: Any) -> Any:
    """`@enum.unique`: no two names for one member."""
    if not is_enumeration(enumeration):
        raise TypeError("@unique stands before an enumeration")
    return enum.unique(enumeration)


ENUM: Final[Mapping[str, Any]] = {
    **{f"enum.{kind.__name__}": kind for kind in BASES},
    "enum.auto": enum.auto,
    "enum.unique": unique,
}
"""The stand-ins by full name."""
