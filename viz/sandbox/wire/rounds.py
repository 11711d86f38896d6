"""What a child says of its run's rounds while it runs, among its notes.

`note(done, of)` is one line; `taken(notes)` takes all such lines out of the notes and gives the
newest. The notes are hostile text: a number has at most twelve digits.
"""

from __future__ import annotations

import re
from typing import Final

MOST: Final = 10**12 - 1
"""No larger number is told."""
_LINE: Final = re.compile(rb"\x01(\d{1,12})/(\d{1,12})\n")

RoundsDone = tuple[int, int]
"""The rounds done, and how many there are in all: 0 where that is not known."""


def note(done: int, of: int) -> bytes:
    """The line that tells of the rounds done, and of all."""
    return b"\x01%d/%d\n" % (min(done, MOST), min(of, MOST))


def taken(notes: bytearray) -> RoundsDone | None:
    """The newest rounds that the notes tell of, `None` if of none; the notes lose all of them."""
    newest = None
    for found in _LINE.finditer(bytes(notes)):
        newest = int(found[1]), int(found[2])
    if newest is not None:
        notes[:] = _LINE.sub(b"", bytes(notes))
    return newest
