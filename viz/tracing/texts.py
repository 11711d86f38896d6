"""Texts that typed code makes, as a record holds them: bounded, the same in every run, plain."""

from __future__ import annotations

import re
from typing import Final

from viz.records import MAX_NAME, MAX_TEXT
from viz.tracing.stopping import TimeIsUp

_FOREIGN_FRAME: Final = re.compile(
    r'^ *File "(?!<program>)[^"\n]+", line \d+, in .*\n?(?:^    .*\n?)*', re.M
)
"""A frame of a traceback that is not typed, with the lines of code that are quoted below it."""
_PART_OF_ONE: Final = re.compile(r"(?<=[\w>]) at 0x[0-9A-Fa-f]*$")
_METHOD: Final = re.compile(r"<bound method \w{1,40}\.(\w{1,40}) of <viz\.[\w.]{1,80} object>>")
_STAND_IN: Final = re.compile(
    r"(?<=<)(class ')?viz\.(?:\w{1,40}\.){1,8}(?=\w{1,40}(?:'>| object>))"
)
"""What stands in for a library's, by where it lies in this project."""
_ADDRESS: Final = re.compile(r"(?<=[\w>]) at 0x[0-9A-Fa-f]{6,16}(?=>)")


def readable(text: str) -> str:
    """A text without half characters, without the addresses of objects, which differ by run, and
    without the places of this server's files: torch prints where an operation was called."""
    plain = _FOREIGN_FRAME.sub("", _ADDRESS.sub("", text))
    if "<viz." in plain or "'viz." in plain:
        plain = _STAND_IN.sub(r"\1", _METHOD.sub(r"<function \1>", plain))
    return plain.encode(errors="replace").decode()


def own_words(error: BaseException, most: int = MAX_TEXT) -> str:
    """An exception's own words, bounded; making them may fail, as `str(ValueError(10**5000))`, or
    never end, until the time is up.
    """
    try:
        text = str(error)
    except (Exception, TimeIsUp) as second:  # noqa: BLE001 - whatever making a message does, it is no message
        text = f"({type(second).__name__} while its message was made)"
    return readable(text if len(text) <= most else _PART_OF_ONE.sub("", text[:most]))


def kind_of(value: object) -> str:
    """What a value is, in a sentence: its type's name, and `None` by itself."""
    return "None" if value is None else type(value).__name__


def shortened(name: str) -> str:
    """A name of at most `MAX_NAME` characters, cut in the middle: what begins alike (the parameters
    of one layer) ends differently. Half characters, which no record holds, become question marks.
    """
    half = MAX_NAME // 2
    name = name if name.isascii() else name.encode(errors="replace").decode()
    return name if len(name) <= MAX_NAME else f"{name[: half - 4]}…{name[-half + 4 :]}"
