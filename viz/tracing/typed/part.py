"""`Part`: a proxy for a module, which holds the allowed names and nothing of the module itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from viz.tracing.typed.type_stand_ins import Frozen


class Part(Frozen):
    """A proxy for a module: the allowed names as attributes, fixed once and for all."""

    __slots__ = ("__dict__", "_shown")
    _shown: str

    def __init__(self, shown: str, values: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_shown", shown)
        self.__dict__.update(values)

    def __repr__(self) -> str:
        return f"<the allowed part of {self._shown}>"
