"""The lessons' answers, which ship with the page: a lesson is there before torch is awake.

`answers.bin` beside this file holds what the sandbox answered to every question that opening a
lesson asks. `python -m viz.page.asking.ship` makes it anew, and a test asks each question again. A
question that is not in it to the letter (the lesson has changed, torch is another) goes to the
sandbox as any other.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import msgspec

from viz.records import Asks
from viz.records.questions import ANSWERS

FILE: Final = Path(__file__).with_name("answers.bin")


class Shipped(msgspec.Struct, frozen=True):
    """What the file holds: the torch that answered, and encoded answers by encoded question."""

    torch: str
    answers: dict[bytes, bytes]


def shipped(question: Asks[Any], key: bytes) -> Any:
    """The record that ships for a question (`key`: its encoding), `None` if there is none."""
    encoded = _answers().get(key)
    if encoded is None:
        return None
    kind: type[Any] = ANSWERS[type(question)]  # type: ignore[index]
    return msgspec.msgpack.decode(encoded, type=kind)


def version() -> str:
    """The torch that is installed; the page's process does not load it to know."""
    return metadata.version("torch").partition("+")[0]


def packed(answers: dict[bytes, bytes]) -> bytes:
    """The file's bytes; the same for the same answers."""
    content = Shipped(version(), dict(sorted(answers.items())))
    return gzip.compress(msgspec.msgpack.encode(content), 9, mtime=0)


def unpacked() -> dict[bytes, bytes]:
    """The file's answers; none of another torch's."""
    content = msgspec.msgpack.decode(gzip.decompress(FILE.read_bytes()), type=Shipped)
    return content.answers if content.torch == version() else {}


@cache
def _answers() -> dict[bytes, bytes]:
    return unpacked()
