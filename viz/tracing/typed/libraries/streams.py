"""`sys.stdout` and `sys.stderr` of typed code."""

from __future__ import annotations

from collections.abc import Callable

from viz.tracing.typed.type_stand_ins import Frozen


class Stream(Frozen):
    """`sys.stdout`: its texts stand among the printed lines, or nowhere."""

    __slots__ = ("_write",)
    _write: Callable[..., None] | None

    def __init__(self, write: Callable[..., None] | None) -> None:
        object.__setattr__(self, "_write", write)

    def write(self, text: str) -> int:
        """Writes a text as it is."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._write is not None:
            self._write(text, end="")
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        """It is no terminal."""
        return False
