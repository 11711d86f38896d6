"""Texts that typed code makes, as a record holds them: bounded, the same in every run, plain."""

from __future__ import annotations

import re
from typing import Final

from viz.records import MAX_TEXT

_ADDRESS: Final = re.compile(r"(?<=\w) at 0x[0-9A-Fa-f]{6,16}(?=>)")


def readable(text: str) -> str:
    """A text without half characters and without the addresses of objects, which differ by run."""
    return _ADDRESS.sub("", text).encode(errors="replace").decode()


def words(error: BaseException, most: int = MAX_TEXT) -> str:
    """An exception's own words, bounded; making them may fail, as `str(ValueError(10**5000))`."""
    try:
        text = str(error)
    except Exception as second:  # noqa: BLE001 - whatever making a message does, it is no message
        text = f"({type(second).__name__} while its message was made)"
    return readable(text[:most])
