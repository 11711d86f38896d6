"""`Part`: a proxy for a module, which holds the allowed names and nothing of the module itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NoReturn

from viz.tracing.containers import ModuleLike
from viz.tracing.typed.type_stand_ins import Frozen

SETTABLE: Final = frozenset({"torch.pi"})
"""Numbers of modules that programs set themselves, from when torch had none."""


class Part(Frozen, ModuleLike):
    """A proxy for a module: the allowed names as attributes, fixed but for those in `SETTABLE`."""

    __slots__ = ("__dict__", "_shown")
    _shown: str

    def __init__(self, shown: str, values: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_shown", shown)
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        if f"{self._shown}.{name}" not in SETTABLE:
            super().__setattr__(name, value)
        CHANGED.setdefault((self, name), self.__dict__[name])
        self.__dict__[name] = value

    def __getattr__(self, name: str) -> NoReturn:
        if name == "_shown":  # of a copy that has nothing yet
            raise AttributeError(name)
        raise AttributeError(f"module '{self._shown}' has no attribute '{name}'")

    def __repr__(self) -> str:
        return f"<the allowed part of {self._shown}>"


CHANGED: Final[dict[tuple[Part, str], Any]] = {}
"""What was set in this run, with what stood there before."""


def begin() -> None:
    """A new run begins: nothing has been set."""
    for (part, name), before in CHANGED.items():
        part.__dict__[name] = before
    CHANGED.clear()
